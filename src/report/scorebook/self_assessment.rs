//! The workbook in which a unit assesses itself: its own mark, facts and evidence for every part of its items, and the
//! texts of its report.

use std::path::Path;

use super::{Scorebook, Styles, Written, height, memory::hidden, office, print};
use crate::{
    number,
    problem::Result,
    report::workbook::{Allowed, Paper, Sheet, Value as Content, Workbook, undated},
    standard::{
        Item, Rule,
        entry::{Entry, Value},
        rule_text,
    },
    tables::{
        marks::Unit,
        scorebook::{Anchor, DATE, HEADER, Kind, Lead, MARKER, MEMORY, SelfColumn, UNIT},
    },
};

const LEADS: [Lead; 6] = [Lead::Number, Lead::Heading, Lead::Title, Lead::Points, Lead::Rule, Lead::Evidence];
const LEAD_WIDTHS: [f64; 6] = [9.0, 20.0, 30.0, 8.0, 30.0, 50.0];
const OWN_WIDTHS: [f64; 4] = [10.0, 44.0, 34.0, 30.0];
/// The column of the first cell to fill in, after the hidden column and the leads.
const OWN: u16 = 7;
const TITLE_ROW: u32 = 1;
/// Rows of the unit's name, the person and the date.
const SIGNED: [(u32, &str, &str); 3] = [(2, UNIT, "unit"), (3, MARKER, "signed"), (4, DATE, "date")];
const HEADER_ROW: u32 = 5;
/// Number, headings and title stay in view.
const FROZEN: u16 = 4;
/// Widths of the title and of the text of a section.
const SECTION_WIDTHS: [f64; 2] = [24.0, 110.0];
/// Height of the row of a section's text, in points.
const SECTION_HEIGHT: f64 = 150.0;

impl Scorebook<'_> {
    /// Writes the workbook for the self-assessment of one of the units.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn write_self_assessment(&self, unit: &Unit, path: &Path) -> Result<Written> {
        let entries = self.standard.self_entries(|name| unit.is_called(name));
        let mut book = Workbook::new(undated())
            .title(self.title())
            .subject(format!("{} {}", self.standard.id, self.standard.version));
        book.reserve(MEMORY);
        let [guide, marks, report] =
            ["guide_sheet", "marks_sheet", "report_sheet"].map(|key| book.reserve(&self.say(key, &[])));
        let styles = Styles::new();
        let args = [("unit", unit.name.clone()), ("standard", self.title()), ("year", self.year_text())];
        let title = self.say(if self.year.is_some() { "title_year" } else { "title" }, &args);
        let of = SelfSheets { of: self, unit, styles: &styles, title: &title };
        book.add(of.guide(&guide));
        book.add(of.marks(&marks, &entries));
        book.add(of.report(&report));
        let mut memory = Sheet::named(MEMORY);
        memory.write(0, 0, of.anchor(Kind::SelfMemory).text());
        for (row, (name, kind)) in (1..).zip([(marks, Kind::SelfMarks), (report, Kind::SelfReport)]) {
            memory.write_row((row, 0), ["sheet", &name, kind.id()]);
        }
        memory.hide();
        book.add(memory);
        book.save(path)?;
        Ok(Written { sheets: 2, entries: entries.len() })
    }

    fn say(&self, key: &str, args: &[(&str, String)]) -> String {
        self.words.fill(&format!("self_assessment.{key}"), args)
    }
}

struct SelfSheets<'a> {
    of: &'a Scorebook<'a>,
    unit: &'a Unit,
    styles: &'a Styles,
    title: &'a str,
}

impl SelfSheets<'_> {
    fn anchor(&self, kind: Kind) -> Anchor {
        self.of.anchor(kind, &hidden(self.unit))
    }

    fn guide(&self, name: &str) -> Sheet {
        const WIDTHS: [f64; 2] = [24.0, 90.0];
        let standard = self.of.standard;
        let mut sheet = Sheet::named(name);
        sheet.widths(&WIDTHS).put(0, 0, self.title, &self.styles.title).write(1, 0, &standard.source);
        let args = [("standard", standard.id.clone())];
        let mut texts: Vec<String> = self.of.say("guide", &args).lines().map(str::to_string).collect();
        if let Some(report) = &standard.self_report {
            texts.push(self.of.say("clause", &[("clause", report.clause.clone())]));
        }
        let members = standard.units.iter().flat_map(|units| &units.members);
        let duties: Vec<&String> = members
            .filter(|member| self.unit.is_called(&member.name))
            .flat_map(|member| &member.duties)
            .collect();
        let mut row = 3;
        let mut line = |sheet: &mut Sheet, text: &str| {
            sheet.merge((row, 0), (row, 1), text, &self.styles.plain);
            sheet.height(row, height([(text, WIDTHS.iter().sum())]));
            row += 1;
        };
        texts.iter().for_each(|text| line(&mut sheet, text));
        if !duties.is_empty() {
            line(&mut sheet, "");
            line(&mut sheet, &self.of.say("duties", &[]));
            duties.into_iter().for_each(|duty| line(&mut sheet, duty));
        }
        sheet.print(print(Paper::A4, self.title, self.of.words)).protect();
        sheet
    }

    /// Title, unit, person and date.
    fn top(&self, sheet: &mut Sheet, kind: Kind) {
        sheet.write(0, 0, self.anchor(kind).text());
        sheet.put(TITLE_ROW, 1, self.title, &self.styles.title);
        for (row, key, label) in SIGNED {
            sheet.write(row, 0, key);
            sheet.put(row, 1, self.of.say(label, &[]), &self.styles.label);
            match key {
                UNIT => sheet.put(row, 2, &self.unit.name, &self.styles.text),
                _ => sheet.put(row, 2, Content::Blank, &self.styles.typed),
            };
        }
        sheet.write(HEADER_ROW, 0, HEADER);
        sheet.hide_row(0).hide_column(0);
    }

    fn marks(&self, name: &str, entries: &[Entry]) -> Sheet {
        let mut sheet = Sheet::named(name);
        self.top(&mut sheet, Kind::SelfMarks);
        for ((column, key), width) in (1..).zip(LEADS).zip(LEAD_WIDTHS) {
            let label = self.of.words.say(&format!("marking.column.{}", key.id()));
            sheet.write(0, column, key.key());
            sheet.put(HEADER_ROW, column, label, &self.styles.head).width(column, width);
        }
        for ((column, key), width) in (OWN..).zip(SelfColumn::OF_MARKS).zip(OWN_WIDTHS) {
            sheet.write(0, column, key.key());
            let label = self.of.say(&format!("column.{}", key.id()), &[]);
            sheet.put(HEADER_ROW, column, label, &self.styles.head).width(column, width);
        }
        sheet.height(HEADER_ROW, 32.0);
        let mut before = None;
        for (row, entry) in (HEADER_ROW + 1..).zip(entries) {
            // The document's long texts appear once per item.
            self.row(&mut sheet, row, entry, before == entry.item);
            before = entry.item;
        }
        sheet.freeze(HEADER_ROW + 1, FROZEN).protect_all_but_entries();
        sheet.print(print(Paper::A3, self.title, self.of.words).repeat(HEADER_ROW, HEADER_ROW));
        sheet
    }

    fn row(&self, sheet: &mut Sheet, row: u32, entry: &Entry, again: bool) {
        let Scorebook { standard, words, .. } = *self.of;
        let Some(item) = entry.item.and_then(|index| standard.items.get(index)) else { return };
        let most = match entry.value {
            Value::Score { most } => most,
            _ => None,
        };
        let asked = office::evidence(item);
        let texts = [
            entry.number(standard),
            office::headings(standard, item, words),
            entry.title(standard, words.language),
            most.map_or_else(|| words.say("rule.yearly"), |most| number::calculated(Some(most))),
            self.rule(item, entry, again),
            if again && !asked.is_empty() { words.say("marking.same") } else { asked },
        ];
        sheet.write(row, 0, &entry.id);
        for (column, text) in (1..).zip(&texts) {
            match (LEADS.get(usize::from(column) - 1), most) {
                (Some(Lead::Points), Some(most)) => sheet.put(row, column, most, &self.styles.number),
                _ => sheet.put(row, column, text, &self.styles.text),
            };
        }
        let cells = texts.iter().map(String::as_str).zip(LEAD_WIDTHS);
        sheet.height(row, height(cells).max(48.0));
        sheet.put(row, OWN, Content::Blank, &self.styles.entry);
        for column in OWN + 1..OWN + SelfColumn::OF_MARKS.len() as u16 {
            sheet.put(row, column, Content::Blank, &self.styles.typed);
        }
        let (allowed, wrong) = match most {
            Some(most) => {
                let args = [("most", number::calculated(Some(most)))];
                (Allowed::NumberBetween(0.0, most), words.fill("marking.wrong.score", &args))
            }
            None => (Allowed::NumberFrom(0.0), words.say("marking.wrong.points")),
        };
        sheet.allow((row, OWN), (row, OWN), &allowed, &wrong);
    }

    /// The rule of the part; with the first part of an item, what is added to or taken off its sum.
    fn rule(&self, item: &Item, entry: &Entry, again: bool) -> String {
        let Scorebook { standard, words, .. } = *self.of;
        let mut lines = vec![rule_text::of_entry(standard, entry, words)];
        if let (false, Rule::Scored { adjustments, .. }) = (again, &item.rule) {
            lines.extend(adjustments.iter().filter(|one| standard.in_force(&one.only)).map(|one| {
                format!("{}：{}", one.title.get(words.language), rule_text::of_adjustment(one, words))
            }));
        }
        lines.retain(|line| !line.is_empty());
        lines.join("\n")
    }

    fn report(&self, name: &str) -> Sheet {
        let words = self.of.words;
        let mut sheet = Sheet::named(name);
        self.top(&mut sheet, Kind::SelfReport);
        sheet.write(0, 1, Lead::Title.key()).write(0, 2, SelfColumn::Text.key());
        let heads = ["section", "self_text"].map(|key| self.of.say(&format!("column.{key}"), &[]));
        for ((column, head), width) in (1..).zip(heads).zip(SECTION_WIDTHS) {
            sheet.put(HEADER_ROW, column, head, &self.styles.head).width(column, width);
        }
        for (row, section) in (HEADER_ROW + 1..).zip(self.of.standard.report_sections(words)) {
            sheet.write(row, 0, &section.id);
            sheet.put(row, 1, section.title.get(words.language), &self.styles.text);
            sheet.put(row, 2, Content::Blank, &self.styles.typed).height(row, SECTION_HEIGHT);
        }
        sheet.freeze(HEADER_ROW + 1, 0).protect_all_but_entries();
        sheet.print(print(Paper::A4, self.title, words).repeat(HEADER_ROW, HEADER_ROW));
        sheet
    }
}
