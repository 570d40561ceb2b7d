//! The scorebook, in which every office enters marks for every unit. [`crate::ingest::scorebook`] reads it back by the
//! hidden rows and columns of its sheets (see [`crate::tables::scorebook`]).

mod memory;
mod office;
mod points;
mod reasons;
mod self_assessment;
mod styles;

use std::path::Path;

use self::{office::Layout, points::Points, styles::Styles};
use super::workbook::{Paper, Print, Sheet, Workbook, lines, undated};
use crate::{
    problem::{Error, Place, Problem, Result},
    standard::{
        Standard,
        entry::{Entry, OfficeEntries, REGISTER, by_office},
    },
    tables::{
        marks::Unit,
        scorebook::{Anchor, Filling, Kind, Lead, MEMORY},
    },
    words::Words,
};

/// Maximum number of units per sheet; Excel has 16,384 columns.
pub const MAX_UNITS: usize = 16_000;

/// The extent of the workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Sheets of offices.
    pub sheets: usize,
    /// Entries per unit; an entry shared by several offices counts once.
    pub entries: usize,
}

/// The content of a scoring workbook: a standard, the units it scores, and marks already in its cells.
#[derive(Clone, Copy)]
pub struct Scorebook<'a> {
    pub standard: &'a Standard,
    pub units: &'a [Unit],
    pub year: Option<i32>,
    /// The round, or the check after rectification, that it is filled in for; empty for the marks of the year.
    pub stage: &'a str,
    pub filling: Option<&'a Filling>,
    pub words: &'a Words,
}

/// The offices that enter something in a stage, in the order of the document; an empty name stands for entries without
/// an office.
pub fn offices(standard: &Standard, stage: &str) -> Vec<String> {
    by_office(&entries(standard, stage)).into_iter().map(|one| one.office).collect()
}

/// What is entered in a stage.
fn entries(standard: &Standard, stage: &str) -> Vec<Entry> {
    standard.entries().into_iter().filter(|entry| standard.is_in_stage(entry, stage)).collect()
}

/// The name of an office as people read it: that of entries without an office, and of the register of papers.
pub fn office_name(office: &str, words: &Words) -> String {
    match office {
        "" => words.say("marking.nobody"),
        REGISTER => words.say("marking.register"),
        _ => office.to_string(),
    }
}

impl Scorebook<'_> {
    /// Writes the workbook of all offices.
    ///
    /// # Errors
    /// There are more units than a sheet has columns; the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<Written> {
        let entries = entries(self.standard, self.stage);
        let offices = by_office(&entries);
        self.workbook(&offices)?.save(path)?;
        Ok(Written { sheets: offices.len(), entries: entries.len() })
    }

    /// Writes the workbook of one office alone; [`crate::ingest::scorebook`] takes those of all offices together.
    ///
    /// # Errors
    /// As [`Scorebook::write`].
    pub fn write_office(&self, office: &str, path: &Path) -> Result<Written> {
        let mut offices = by_office(&entries(self.standard, self.stage));
        offices.retain(|one| one.office == office);
        let entries = offices.iter().map(|one| one.entries.len()).sum();
        self.workbook(&offices)?.save(path)?;
        Ok(Written { sheets: offices.len(), entries })
    }

    fn workbook(&self, offices: &[OfficeEntries]) -> Result<Workbook> {
        let Scorebook { standard, units, words, .. } = *self;
        if units.len() > MAX_UNITS {
            let problem = Problem::error("marking_too_many_units", Place::default());
            return Err(Error::usage(problem.with("found", units.len()).with("allowed", MAX_UNITS)));
        }
        let mut book = Workbook::new(undated())
            .title(standard.title.get(words.language))
            .subject(format!("{} {}", standard.id, standard.version));
        // Sheets link to one another, so their names are reserved first.
        book.reserve(MEMORY);
        let guide_name = book.reserve(&words.say("marking.guide_sheet"));
        let points =
            (standard.has_yearly_points() || standard.yearly_sources().next().is_some()).then(|| {
                let name = book.reserve(&words.say("marking.points_sheet"));
                Points::of(standard, name)
            });
        let reasons = book.reserve(&words.say("marking.reasons.sheet"));
        let mut sheets: Vec<(String, &OfficeEntries)> = Vec::new();
        for one in offices {
            let name = office_name(&one.office, words);
            sheets.push((book.reserve(&name), one));
        }

        let styles = Styles::new();
        let mut guide = Sheet::named(&guide_name);
        self.guide(&mut guide, &sheets, points.as_ref(), &styles);
        book.add(guide);
        if let Some(points) = &points {
            book.add(points.sheet(self, &styles));
        }
        let args = [("standard", self.title()), ("year", self.year_text())];
        let title =
            words.fill(if self.year.is_some() { "marking.title_year" } else { "marking.title" }, &args);
        let layout = Layout { of: self, styles: &styles, points: points.as_ref(), title: &title };
        for (name, one) in &sheets {
            let mut sheet = Sheet::named(name);
            layout.fill(&mut sheet, one);
            book.add(sheet);
        }
        // Reasons in the workbook of one office are that office's.
        let office = match offices {
            [one] => one.office.as_str(),
            _ => "",
        };
        book.add(reasons::sheet(self, &reasons, office, &styles));
        book.add(memory::sheet(self, &sheets, (&reasons, office)));
        Ok(book)
    }

    /// The title of the standard, and the stage.
    fn title(&self) -> String {
        let title = self.standard.title.get(self.words.language).to_string();
        match self.standard.stage_title(self.stage) {
            Some(stage) => {
                let stage = stage.get(self.words.language).to_string();
                self.words.fill("marking.title_stage", &[("standard", title), ("stage", stage)])
            }
            None => title,
        }
    }

    fn year_text(&self) -> String {
        self.year.map(|year| year.to_string()).unwrap_or_default()
    }

    fn anchor(&self, kind: Kind, office: &str) -> Anchor {
        Anchor {
            kind,
            standard: self.standard.id.clone(),
            version: self.standard.version.clone(),
            settings: self.standard.settings.iter().map(|s| (s.id.clone(), s.value.clone())).collect(),
            year: self.year,
            office: office.to_string(),
            stage: self.stage.to_string(),
        }
    }

    fn guide(
        &self,
        sheet: &mut Sheet,
        sheets: &[(String, &OfficeEntries)],
        points: Option<&Points>,
        styles: &Styles,
    ) {
        const WIDTHS: [f64; 3] = [36.0, 36.0, 40.0];
        let Scorebook { standard, words, .. } = *self;
        sheet.widths(&WIDTHS).put(0, 0, self.title(), &styles.title).write(1, 0, &standard.source);
        let mut texts: Vec<String> = Vec::new();
        texts.extend(
            points.map(|points| words.fill("marking.guide.yearly", &[("sheet", points.name.clone())])),
        );
        let text = words.fill("marking.guide.text", &[("standard", standard.id.clone())]);
        texts.extend(text.lines().map(str::to_string));
        if standard.units.as_ref().is_some_and(|units| units.by_department) {
            texts.push(words.say("marking.guide.by_department"));
        }
        let mut row = 3;
        for text in &texts {
            sheet.merge((row, 0), (row, 2), text, &styles.plain);
            sheet.height(row, height([(text.as_str(), WIDTHS.iter().sum())]));
            row += 1;
        }
        row += 1;
        let settings: Vec<String> = standard
            .settings
            .iter()
            .map(|setting| {
                let value = setting.values.get(&setting.value).map_or("", |text| text.get(words.language));
                format!(
                    "{}　{value}（{} = {}）",
                    setting.title.get(words.language),
                    setting.id,
                    setting.value
                )
            })
            .collect();
        let facts = [("year", self.year_text()), ("settings", settings.join("\n"))];
        for (key, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
            sheet.put(row, 0, words.say(&format!("marking.{key}")), &styles.label);
            sheet.merge((row, 1), (row, 2), value, &styles.text);
            sheet.height(row, height([(value.as_str(), WIDTHS[1] + WIDTHS[2])]));
            row += 1;
        }
        row += 1;
        let heads = ["sheet", "office", "entries"].map(|key| words.say(&format!("marking.{key}")));
        sheet.put_row((row, 0), heads, &styles.head);
        for (name, one) in sheets {
            row += 1;
            sheet.link(row, 0, &format!("'{name}'!A1"), name, &styles.link);
            sheet.put(row, 1, shown_office(&one.office, words), &styles.text).put(
                row,
                2,
                one.entries.len(),
                &styles.text,
            );
        }
        sheet.print(print(Paper::A4, &self.title(), words)).protect();
    }
}

/// The office in the guide and on its sheet; entries without one name none.
fn shown_office(office: &str, words: &Words) -> String {
    if office.is_empty() { String::new() } else { office_name(office, words) }
}

/// Landscape, with the title on every page.
fn print(paper: Paper, title: &str, words: &Words) -> Print {
    Print::new(paper).narrow().header(11, title, 80).page(&words.say("marking.page"))
}

/// Height of a row whose texts are wrapped in columns of these widths; Excel's maximum is 409.
fn height<'a>(cells: impl IntoIterator<Item = (&'a str, f64)>) -> f64 {
    let most = cells.into_iter().map(|(text, width)| lines(text, width - 1.0)).max();
    (most.unwrap_or(1) as f64 * 15.0 + 3.0).min(405.0)
}

/// The hidden first row of a sheet, up to the units.
fn lead(sheet: &mut Sheet, anchor: &Anchor, keys: &[Lead]) {
    lead_keys(sheet, anchor, keys.iter().map(|key| key.key()));
}

fn lead_keys(sheet: &mut Sheet, anchor: &Anchor, keys: impl IntoIterator<Item = String>) {
    sheet.write(0, 0, anchor.text()).write_row((0, 1), keys);
    sheet.hide_row(0).hide_column(0);
}

#[cfg(test)]
mod tests;
