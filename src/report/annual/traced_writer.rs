//! Sentences whose numbers record where they come from.
//!
//! Each number comes from one cell of a table and is marked `⟦0.490|37⟧`. A sentence with such numbers gets a note
//! number, under which the annex lists table, row and column.

use std::cell::{Cell, RefCell};

use crate::{
    number,
    report::document::{Source, grammar::inert},
    tables::{
        Row,
        column_kind::{Kind, Quantity},
        definition::{Defined, Frame, Handle},
        derived::counts,
    },
    words::Words,
};

/// A table to which sentences refer: the name of its file, and the columns that identify a row.
pub struct Known<'a, T> {
    pub name: &'static str,
    pub keys: &'static [&'static str],
    pub frame: &'a Frame<T>,
}

impl<T> Clone for Known<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Known<'_, T> {}

impl<'a, T: Defined> Known<'a, T> {
    /// Every row, in order.
    pub fn rows(self) -> impl DoubleEndedIterator<Item = T::Row<'a>> + Clone {
        self.frame.rows()
    }
}

/// How a cell is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Print {
    /// With this number of decimals.
    Fixed(u32),
    /// Without its sign: 下降 0.012.
    Size(u32),
    /// A share in percent.
    Percent(u32),
    /// A difference of shares in percentage points, without its sign.
    Points(u32),
    /// A p-value with its sign: `= 0.012`, `< 0.001`.
    Chance,
}

impl Print {
    pub fn text(self, value: f64) -> String {
        match self {
            Print::Fixed(decimals) => number::fixed(Some(value), decimals),
            Print::Size(decimals) => number::fixed(Some(value.abs()), decimals),
            Print::Percent(decimals) => number::fixed(Some(100.0 * value), decimals),
            Print::Points(decimals) => number::fixed(Some(100.0 * value.abs()), decimals),
            Print::Chance if value < 0.001 => "< 0.001".into(),
            Print::Chance => format!("= {}", number::fixed(Some(value), 3)),
        }
    }

    /// The name in the attribute of the web page.
    pub fn id(self) -> String {
        match self {
            Print::Fixed(decimals) => format!("fixed {decimals}"),
            Print::Size(decimals) => format!("size {decimals}"),
            Print::Percent(decimals) => format!("percent {decimals}"),
            Print::Points(decimals) => format!("points {decimals}"),
            Print::Chance => "chance".into(),
        }
    }

    /// Whether a change of this size prints as zero.
    pub fn is_nothing(self, value: f64) -> bool {
        self.text(value).chars().all(|c| matches!(c, '0' | '.' | '-'))
    }
}

/// Maximum number of columns of a row in a tooltip.
const MAX_SHOWN: usize = 18;

/// Writes sentences and records the sources of their numbers.
pub struct TracedWriter<'a> {
    pub words: &'a Words,
    sources: RefCell<Vec<Source>>,
    notes: Cell<usize>,
    counts: RefCell<Vec<Counted>>,
}

/// A count of table rows in a sentence: a row of the table `counts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// `newly_passes`, `location.primary`; each is unique.
    pub what: String,
    pub count: usize,
    /// The table, and the condition on its rows.
    pub rows: String,
}

impl<'a> TracedWriter<'a> {
    pub fn new(words: &'a Words) -> TracedWriter<'a> {
        TracedWriter { words, sources: RefCell::default(), notes: Cell::new(0), counts: RefCell::default() }
    }

    /// The number of rows of a kind, marked; the count is recorded in the table `counts`.
    pub fn count(&self, what: &str, count: usize, rows: &str) -> String {
        let mut counts = self.counts.borrow_mut();
        if !counts.iter().any(|one| one.what == what) {
            counts.push(Counted { what: what.into(), count, rows: rows.into() });
        }
        let text = number::count(count as i64);
        let mut sources = self.sources.borrow_mut();
        sources.push(Source {
            note: 0,
            table: "counts".into(),
            keys: format!("what={what}"),
            column: "count".into(),
            text: text.clone(),
            print: Print::Fixed(0).id(),
            row: format!("counts.csv (what={what})\ncount = {count}\nrows = {rows}"),
        });
        format!("⟦{text}|{}⟧", sources.len() - 1)
    }

    /// The table `counts`, in the order of writing.
    pub fn counts(&self) -> counts::Frame {
        let counts = self.counts.borrow();
        let rows = counts.iter();
        rows.map(|one| counts::Values { what: &one.what, count: one.count as i64, rows: &one.rows }).collect()
    }

    /// The sources of all numbers written, in order; those that no sentence used have the note 0.
    pub fn sources(&self) -> Vec<Source> {
        self.sources.borrow().clone()
    }

    /// A text of the catalogue, under `annual.`.
    pub fn say(&self, key: &str, args: &[(&str, String)]) -> String {
        self.words.fill(&format!("annual.{key}"), args)
    }

    /// The number of a cell, marked; `None` if the cell is empty.
    pub fn number<T: Defined, K: Kind<Holding: Quantity>>(
        &self,
        of: Known<'_, T>,
        row: T::Row<'_>,
        column: Handle<T, K>,
        print: Print,
    ) -> Option<String> {
        let text = print.text(column.number(row)?);
        let (row, column) = (row.into(), column.name());
        let mut sources = self.sources.borrow_mut();
        sources.push(Source {
            note: 0,
            table: of.name.into(),
            keys: keys(of.keys, row),
            column: column.into(),
            text: text.clone(),
            print: print.id(),
            row: shown(of, row, column),
        });
        Some(format!("⟦{text}|{}⟧", sources.len() - 1))
    }

    /// The same, `—` where there is none.
    pub fn known<T: Defined, K: Kind<Holding: Quantity>>(
        &self,
        of: Known<'_, T>,
        row: T::Row<'_>,
        column: Handle<T, K>,
        print: Print,
    ) -> String {
        self.number(of, row, column, print).unwrap_or_else(|| "—".into())
    }

    /// A sentence of the catalogue with its note number.
    pub fn sentence(&self, key: &str, args: &[(&str, String)]) -> String {
        self.noted(self.say(key, args))
    }

    /// Adds the note of a composed text.
    pub fn noted(&self, text: String) -> String {
        let text = begun(text);
        let used = numbers_in(&text);
        if used.is_empty() {
            return text;
        }
        let note = self.notes.get() + 1;
        self.notes.set(note);
        let mut sources = self.sources.borrow_mut();
        for at in used {
            if let Some(source) = sources.get_mut(at) {
                source.note = note;
            }
        }
        format!("{text}⟦^{note}⟧")
    }

    /// The key for none, one or many.
    pub fn counted(key: &str, count: i64) -> String {
        let form = match count {
            0 => "none",
            1 => "one",
            _ => "many",
        };
        format!("{key}.{form}")
    }

    /// `，较上年下降 0.012`; empty if the year before is missing. `key` has the forms rise, fall and equal.
    pub fn change<T: Defined, K: Kind<Holding: Quantity>>(
        &self,
        key: &str,
        of: Known<'_, T>,
        row: T::Row<'_>,
        column: Handle<T, K>,
        print: Print,
    ) -> String {
        let Some(value) = column.number(row) else { return String::new() };
        let mut form = match value {
            same if print.is_nothing(same) => "equal".to_string(),
            more if more > 0.0 => "rise".into(),
            _ => "fall".into(),
        };
        // 1 school, 2 schools.
        if value.abs() == 1.0 && self.words.has(&format!("annual.{key}.{form}_one")) {
            form.push_str("_one");
        }
        let size = if form == "equal" { String::new() } else { self.known(of, row, column, print) };
        self.say(&format!("{key}.{form}"), &[("size", size)])
    }

    /// A list in the run's language, cut after `most` entries.
    pub fn list(&self, names: &[String], most: usize) -> String {
        let and = self.say("list.and", &[]);
        let shown = names.iter().take(most).cloned().collect::<Vec<_>>().join(&and);
        if names.len() <= most {
            return shown;
        }
        self.say("list.more", &[("list", shown)])
    }
}

/// A sentence begins with a capital letter.
fn begun(text: String) -> String {
    match text.chars().next() {
        Some(first) if first.is_ascii_lowercase() => first.to_ascii_uppercase().to_string() + &text[1..],
        _ => text,
    }
}

/// The sources named by the marks of a text.
fn numbers_in(text: &str) -> Vec<usize> {
    text.split('⟦')
        .skip(1)
        .filter_map(|part| part.split_once('⟧')?.0.rsplit_once('|')?.1.parse().ok())
        .collect()
}

fn cell(row: Row, column: &str) -> Option<String> {
    if let Some(text) = row.text(column) {
        return Some(text.to_string());
    }
    if let Some(yes) = row.boolean(column) {
        return Some(yes.to_string());
    }
    let value = row.number(column)?;
    let digits = number::calculated(Some(value)).replace(',', "");
    Some(digits)
}

/// `year=2024;section=primary`; keys without a value are left out.
fn keys(keys: &[&str], row: Row) -> String {
    let one = |key: &&str| Some(format!("{key}={}", cell(row, key)?));
    keys.iter().filter_map(one).collect::<Vec<_>>().join(";")
}

fn shown<T: Defined>(of: Known<'_, T>, row: Row, column: &str) -> String {
    let own = std::iter::once(column.to_string()).filter(|column| !of.keys.contains(&column.as_str()));
    let others = of.frame.frame().get_column_names().into_iter().map(|name| name.to_string());
    let others = others.filter(|name| name != column && !of.keys.contains(&name.as_str()));
    let cells: Vec<String> = own
        .chain(others)
        .filter_map(|name| Some(format!("{name} = {}", cell(row, &name)?)))
        .take(MAX_SHOWN)
        .collect();
    format!("{}.csv ({})\n{}", of.name, keys(of.keys, row).replace(';', ", "), cells.join("\n"))
}

/// A name from the user's files, escaped for a sentence.
pub fn named(name: &str) -> String {
    inert(name)
}

#[cfg(test)]
mod tests {
    use polars::prelude::df;

    use super::*;
    use crate::{
        tables::panel::{self, column},
        words::Language,
    };

    const KEYS: &[&str] = &[column::year.name(), column::section.name()];

    #[test]
    fn a_sentence_gets_a_note_and_its_numbers_their_row() {
        let words = Words::load(Language::Chinese).unwrap();
        let writer = TracedWriter::new(&words);
        let frame =
            panel::Frame::partial(df!("year" => [2024i32], "section" => ["primary"], "cv" => [0.4904]));
        let of = Known { name: "whole", keys: KEYS, frame: &frame };
        let row = frame.row(0).unwrap();
        let unused = writer.number(of, row, column::cv, Print::Fixed(1));
        assert_eq!(unused.as_deref(), Some("⟦0.5|0⟧"));
        let cv = writer.known(of, row, column::cv, Print::Fixed(3));
        assert_eq!(writer.noted(format!("为{cv}。")), "为⟦0.490|1⟧。⟦^1⟧");
        assert_eq!(writer.noted("没有数。".into()), "没有数。");
        let sources = writer.sources();
        assert_eq!((sources[0].note, sources[1].note), (0, 1));
        assert_eq!(sources[1].keys, "year=2024;section=primary");
        assert_eq!((sources[1].column.as_str(), sources[1].print.as_str()), ("cv", "fixed 3"));
        assert!(sources[1].row.contains("cv = 0.4904"), "{}", sources[1].row);
    }

    #[test]
    fn a_change_is_said_only_where_there_was_a_year_before() {
        for (language, said) in [
            (Language::Chinese, ["，较上年上升 ⟦0.012|0⟧", "，较上年下降 ⟦0.012|1⟧", "，与上年持平", ""]),
            (
                Language::English,
                [
                    ", up ⟦0.012|0⟧ on the year before",
                    ", down ⟦0.012|1⟧ on the year before",
                    ", the same as the year before",
                    "",
                ],
            ),
        ] {
            let words = Words::load(language).unwrap();
            let writer = TracedWriter::new(&words);
            let frame =
                panel::Frame::partial(df!("cv_change" => [Some(0.012), Some(-0.012), Some(-0.0004), None]));
            let of = Known { name: "whole", keys: &[], frame: &frame };
            let found: Vec<String> = of
                .rows()
                .map(|row| writer.change("change", of, row, column::cv_change, Print::Size(3)))
                .collect();
            assert_eq!(found, said);
        }
    }

    #[test]
    fn long_lists_are_cut() {
        let words = Words::load(Language::Chinese).unwrap();
        let writer = TracedWriter::new(&words);
        let names: Vec<String> = ["甲", "乙", "丙"].map(String::from).to_vec();
        assert_eq!(writer.list(&names, 3), "甲、乙、丙");
        assert_eq!(writer.list(&names, 2), "甲、乙等");
    }
}
