//! Checks a pipeline file as it is written: every key is known, every value has the right kind, every name exists, and
//! each problem has its line and column.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    dictionary::{Dictionary, Section},
    nearest::nearest,
    problem::{Place, Problem},
    report::documents::Documents,
};

/// The kind of value of a key.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    YesNo,
    Whole,
    Texts,
    /// First and last row.
    Rows,
    /// A word from a list.
    Language,
    Section,
    Encoding,
    Tables,
    Documents,
    /// Tables.
    Settings,
    District,
    Common,
    Sources,
    /// Fact id → header or headers.
    Columns,
    /// Fact id → text.
    Constants,
}

type Keys = &'static [(&'static str, Kind)];

const FILE: Keys = &[
    ("standard", Kind::Text),
    ("reliefs", Kind::YesNo),
    ("settings", Kind::Settings),
    ("year", Kind::Whole),
    ("district", Kind::District),
    ("out", Kind::Text),
    ("tables", Kind::Tables),
    ("documents", Kind::Documents),
    ("templates", Kind::Text),
    ("ledger", Kind::Text),
    ("last_year", Kind::Text),
    ("store", Kind::Text),
    ("language", Kind::Language),
    ("strict", Kind::YesNo),
    ("encoding", Kind::Encoding),
    ("inputs", Kind::Texts),
    ("common", Kind::Common),
    ("sources", Kind::Sources),
];
const DISTRICT: Keys = &[("code", Kind::Text), ("name", Kind::Text)];
const COMMON: Keys = &[
    ("sheet", Kind::Text),
    ("encoding", Kind::Encoding),
    ("header_rows", Kind::Rows),
    ("section", Kind::Section),
    ("year", Kind::Whole),
    ("year_offset", Kind::Whole),
    ("columns", Kind::Columns),
    ("constants", Kind::Constants),
    ("ignore", Kind::Texts),
];
const SOURCE: Keys = &[
    ("file", Kind::Text),
    ("sheet", Kind::Text),
    ("encoding", Kind::Encoding),
    ("header_rows", Kind::Rows),
    ("section", Kind::Section),
    ("year", Kind::Whole),
    ("year_offset", Kind::Whole),
    ("columns", Kind::Columns),
    ("constants", Kind::Constants),
    ("ignore", Kind::Texts),
];

/// The tables that a run can write, as named in `--tables`.
pub const TABLES: [&str; 14] = [
    "facts",
    "district_facts",
    "sources",
    "columns",
    "record_sources",
    "answers",
    "measures",
    "schools",
    "districts",
    "dispersion",
    "items",
    "gaps",
    "findings",
    "shares",
];

/// A file without errors, and the positions of its inputs.
pub struct Checked<'a> {
    text: &'a str,
    shown: &'a str,
    inputs: Vec<usize>,
    sources: Vec<usize>,
}

impl<'a> Checked<'a> {
    pub fn new(text: &'a str, shown: &'a str) -> Result<Checked<'a>, Vec<Problem>> {
        let mut file = Checked { text, shown, inputs: Vec::new(), sources: Vec::new() };
        let root = DeTable::parse(text).map_err(|why| {
            let at = why.span().map_or(0, |span| span.start);
            vec![Problem::error("pipeline_syntax", file.place(at)).with("why", why.message())]
        })?;
        let mut problems = Vec::new();
        file.table(root.get_ref(), FILE, &mut problems);
        if !problems.is_empty() {
            return Err(problems);
        }
        let starts = |list: &str| -> Vec<usize> {
            let found = root.get_ref().iter().find(|(key, _)| key.get_ref() == list);
            let list = found.and_then(|(_, value)| value.get_ref().as_array());
            list.into_iter().flatten().map(|entry| entry.span().start).collect()
        };
        file.inputs = starts("inputs");
        file.sources = starts("sources");
        Ok(file)
    }

    /// Line and column (from 1, in characters) of a byte of the text, as `12:3`.
    pub fn place(&self, at: usize) -> Place {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Place { file: Some(self.shown.to_string()), sheet: None, cell: Some(format!("{line}:{column}")) }
    }

    /// The position of the n-th input.
    pub fn input(&self, number: usize) -> Place {
        self.place(self.inputs.get(number).copied().unwrap_or_default())
    }

    /// The position of the n-th source.
    pub fn source(&self, number: usize) -> Place {
        self.place(self.sources.get(number).copied().unwrap_or_default())
    }

    fn table(&self, table: &DeTable, keys: Keys, problems: &mut Vec<Problem>) {
        for (key, value) in table {
            match keys.iter().find(|(known, _)| known == key.get_ref()) {
                Some(&(_, kind)) => self.value(value, kind, problems),
                None => {
                    let allowed: Vec<&str> = keys.iter().map(|(known, _)| *known).collect();
                    let near = nearest(key.get_ref(), allowed.iter().copied()).join("、");
                    let code = if near.is_empty() { "pipeline_unknown_key" } else { "pipeline_misspelt_key" };
                    problems.push(
                        Problem::error(code, self.place(key.span().start))
                            .with("found", key.get_ref())
                            .with("nearest", near)
                            .list("allowed", allowed),
                    );
                }
            }
        }
    }

    fn value(&self, value: &Spanned<DeValue>, kind: Kind, problems: &mut Vec<Problem>) {
        let at = value.span().start;
        let wants = |code| Problem::error(code, self.place(at)).with("found", self.shown(value));
        let text = value.get_ref().as_str();
        match kind {
            Kind::Text if text.is_none() => problems.push(wants("pipeline_wants_text")),
            Kind::Text => {}
            Kind::YesNo if !value.get_ref().is_bool() => problems.push(wants("pipeline_wants_yes_no")),
            Kind::YesNo => {}
            Kind::Whole if integer(value).is_none() => problems.push(wants("pipeline_wants_whole")),
            Kind::Whole => {}
            Kind::Texts if texts(value).is_none() => problems.push(wants("pipeline_wants_texts")),
            Kind::Texts => {}
            Kind::Rows => {
                let rows: Option<Vec<i32>> =
                    value.get_ref().as_array().map(|rows| rows.iter().filter_map(integer).collect());
                if !rows.is_some_and(|rows| matches!(rows[..], [first, last] if 1 <= first && first <= last))
                {
                    problems.push(wants("pipeline_wants_rows"));
                }
            }
            Kind::Language => self.word(value, &["zh", "en"], problems),
            Kind::Section => self.word(value, &Section::ALL.map(Section::id), problems),
            Kind::Encoding => {
                let known = text.and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()));
                if known.is_none() {
                    let known = ["utf-8", "gbk", "gb18030", "big5"];
                    problems.push(wants("pipeline_not_allowed").list("allowed", known));
                }
            }
            Kind::Tables | Kind::Documents => {
                let known = if matches!(kind, Kind::Tables) { TABLES.to_vec() } else { Documents::names() };
                match value.get_ref().as_array() {
                    Some(names) => names.iter().for_each(|name| self.word(name, &known, problems)),
                    None => problems.push(wants("pipeline_wants_texts")),
                }
            }
            Kind::Settings => self
                .entries(value, problems, |file, _, value, problems| file.value(value, Kind::Text, problems)),
            Kind::District | Kind::Common => match value.get_ref().as_table() {
                Some(table) => {
                    let keys = if matches!(kind, Kind::District) { DISTRICT } else { COMMON };
                    self.table(table, keys, problems);
                    if matches!(kind, Kind::District) {
                        self.missing(table, &["code", "name"], at, problems);
                    }
                }
                None => problems.push(wants("pipeline_wants_table")),
            },
            Kind::Sources => {
                let sources = value.get_ref().as_array().into_iter().flatten();
                let tables: Vec<_> =
                    sources.map(|source| (source.span(), source.get_ref().as_table())).collect();
                if !value.get_ref().is_array() || tables.iter().any(|(_, table)| table.is_none()) {
                    problems.push(wants("pipeline_wants_tables"));
                }
                for (span, table) in tables {
                    if let Some(table) = table {
                        self.table(table, SOURCE, problems);
                        self.missing(table, &["file"], span.start, problems);
                    }
                }
            }
            Kind::Columns => self.entries(value, problems, |file, key, value, problems| {
                let id = key.get_ref().as_ref();
                let bare = id.split_once('.').filter(|(section, _)| Section::from_id(section).is_some());
                file.fact(key, bare.map_or(id, |(_, fact)| fact), problems);
                if value.get_ref().as_str().is_none() && texts(value).is_none() {
                    problems.push(
                        Problem::error("pipeline_wants_headers", file.place(value.span().start))
                            .with("found", file.shown(value)),
                    );
                }
            }),
            Kind::Constants => self.entries(value, problems, |file, key, value, problems| {
                file.fact(key, key.get_ref(), problems);
                file.value(value, Kind::Text, problems);
            }),
        }
    }

    fn entries<'v>(
        &self,
        value: &'v Spanned<DeValue<'v>>,
        problems: &mut Vec<Problem>,
        see: impl Fn(&Self, &Spanned<std::borrow::Cow<'v, str>>, &Spanned<DeValue<'v>>, &mut Vec<Problem>),
    ) {
        match value.get_ref().as_table() {
            Some(table) => table.iter().for_each(|(key, value)| see(self, key, value, problems)),
            None => problems.push(
                Problem::error("pipeline_wants_table", self.place(value.span().start))
                    .with("found", self.shown(value)),
            ),
        }
    }

    fn word(&self, value: &Spanned<DeValue>, allowed: &[&str], problems: &mut Vec<Problem>) {
        if !value.get_ref().as_str().is_some_and(|word| allowed.contains(&word)) {
            problems.push(
                Problem::error("pipeline_not_allowed", self.place(value.span().start))
                    .with("found", self.shown(value))
                    .list("allowed", allowed),
            );
        }
    }

    fn fact(&self, key: &Spanned<std::borrow::Cow<str>>, id: &str, problems: &mut Vec<Problem>) {
        let dictionary = Dictionary::get();
        if dictionary.fact(id).is_none() {
            let known = dictionary.facts().iter().map(|fact| fact.id.as_str());
            let near = nearest(id, known).join("、");
            problems.push(
                Problem::error("pipeline_unknown_fact", self.place(key.span().start))
                    .with("found", key.get_ref())
                    .with("nearest", if near.is_empty() { "—".to_string() } else { near }),
            );
        }
    }

    fn missing(&self, table: &DeTable, wanted: &[&str], at: usize, problems: &mut Vec<Problem>) {
        for name in wanted {
            if !table.iter().any(|(key, _)| key.get_ref() == name) {
                problems.push(Problem::error("pipeline_missing_key", self.place(at)).with("key", name));
            }
        }
    }

    /// The value as it is written, on one line, shortened if it is long.
    fn shown(&self, value: &Spanned<DeValue>) -> String {
        let written = self.text.get(value.span()).unwrap_or_default();
        let line: String = written.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= 60 { line } else { line.chars().take(60).chain(['…']).collect() }
    }
}

fn integer(value: &Spanned<DeValue>) -> Option<i32> {
    let number = value.get_ref().as_integer()?;
    i32::from_str_radix(number.as_str(), number.radix()).ok()
}

fn texts<'a>(value: &'a Spanned<DeValue>) -> Option<Vec<&'a str>> {
    value.get_ref().as_array()?.iter().map(|text| text.get_ref().as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_those_of_a_run() {
        use crate::tables;
        let tables = [
            tables::facts::table(),
            tables::district_facts::table(),
            tables::sources::table(),
            tables::columns::table(),
            tables::record_sources::table(),
            tables::answers::table(),
            tables::measures::table(),
            tables::schools::table(),
            tables::districts::table(),
            tables::dispersion::table(),
            tables::items::table(),
            tables::gaps::table(),
            tables::findings::table(),
            tables::shares::table(),
        ];
        assert_eq!(TABLES, tables.map(|table| table.name));
    }
}
