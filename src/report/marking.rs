//! The scoring workbook: what every office enters for every unit. It is read back by [`crate::ingest::marks`], by what
//! stands hidden in its sheets (see [`crate::tables::marking`]).

mod formats;
mod memory;
mod office;
mod points;

use std::{collections::BTreeSet, path::Path};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, ProtectionOptions, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use self::{formats::Formats, office::Layout, points::Points};
use super::ledger::{cut, sheet_name};
use crate::{
    problem::{Error, Place, Problem, Result},
    standard::{
        Standard,
        entry::{OfficeEntries, by_office},
    },
    tables::{
        marking::{Anchor, Filling, Kind, Lead},
        marks::Unit,
    },
    words::Words,
};

/// Columns of units that a sheet has room for; Excel has 16,384 columns.
pub const MOST_UNITS: usize = 16_000;

/// How much was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Sheets of offices.
    pub sheets: usize,
    /// Entries a unit; what several offices mark once.
    pub entries: usize,
}

/// Writes the workbook of a scoring standard for these units.
///
/// # Errors
/// More units than a sheet has columns; the file cannot be written.
pub fn write(
    standard: &Standard,
    units: &[Unit],
    year: Option<i32>,
    words: &Words,
    path: &Path,
) -> Result<Written> {
    write_filled(standard, units, (year, &Filling::default()), words, path)
}

/// Likewise, with what stands in its cells already.
///
/// # Errors
/// As [`write`].
pub fn write_filled(
    standard: &Standard,
    units: &[Unit],
    (year, filling): (Option<i32>, &Filling),
    words: &Words,
    path: &Path,
) -> Result<Written> {
    check_units(units)?;
    let entries = standard.entries();
    let offices = by_office(&entries);
    save(workbook(standard, &offices, units, (year, filling), words), path)?;
    Ok(Written { sheets: offices.len(), entries: entries.len() })
}

/// The offices of a standard, in the order in which the document names them; empty: what nobody is named for.
pub fn offices(standard: &Standard) -> Vec<String> {
    by_office(&standard.entries()).into_iter().map(|one| one.office).collect()
}

/// The workbook of one office alone; [`crate::ingest::marks`] takes those of all offices together.
///
/// # Errors
/// As [`write`].
pub fn write_office(
    standard: &Standard,
    (office, units): (&str, &[Unit]),
    year: Option<i32>,
    words: &Words,
    path: &Path,
) -> Result<Written> {
    check_units(units)?;
    let mut offices = by_office(&standard.entries());
    offices.retain(|one| one.office == office);
    let entries = offices.iter().map(|one| one.entries.len()).sum();
    save(workbook(standard, &offices, units, (year, &Filling::default()), words), path)?;
    Ok(Written { sheets: offices.len(), entries })
}

fn check_units(units: &[Unit]) -> Result<()> {
    if units.len() > MOST_UNITS {
        let problem = Problem::error("marking_too_many_units", Place::default());
        return Err(Error::usage(problem.with("found", units.len()).with("allowed", MOST_UNITS)));
    }
    Ok(())
}

fn save(book: Result<Workbook, XlsxError>, path: &Path) -> Result<()> {
    let bytes = book.and_then(|mut book| book.save_to_buffer()).map_err(|why| failed(path, why))?;
    std::fs::write(path, bytes).map_err(|e| Error::disk(path, e))
}

fn failed(path: &Path, why: XlsxError) -> Error {
    Error::disk(path, std::io::Error::other(why))
}

fn workbook(
    standard: &Standard,
    offices: &[OfficeEntries],
    units: &[Unit],
    (year, filling): (Option<i32>, &Filling),
    words: &Words,
) -> Result<Workbook, XlsxError> {
    let mut book = Workbook::new();
    // The same bytes for the same standard and units: no clock.
    let day = ExcelDateTime::from_ymd(2025, 9, 1)?;
    let properties = DocProperties::new()
        .set_title(standard.title.get(words.language))
        .set_subject(format!("{} {}", standard.id, standard.version));
    book.set_properties(&properties.set_creation_datetime(&day));

    let mut names = BTreeSet::from([crate::tables::marking::MEMORY.to_string()]);
    let guide_name = sheet_name(&words.say("marking.guide_sheet"), &mut names);
    let points = standard.has_yearly_points().then(|| {
        let name = sheet_name(&words.say("marking.points_sheet"), &mut names);
        Points::of(standard, name)
    });
    let sheets: Vec<(String, &OfficeEntries)> = offices
        .iter()
        .map(|one| {
            let name = if one.office.is_empty() { words.say("marking.nobody") } else { one.office.clone() };
            (sheet_name(&name, &mut names), one)
        })
        .collect();

    let formats = Formats::new();
    let anchor = |kind: Kind, office: &str| Anchor {
        kind,
        standard: standard.id.clone(),
        version: standard.version.clone(),
        settings: standard.settings.iter().map(|s| (s.id.clone(), s.value.clone())).collect(),
        year,
        office: office.to_string(),
    };
    let mut guide = Worksheet::new();
    guide.set_name(&guide_name)?;
    guide_of(&mut guide, standard, &sheets, (points.as_ref(), year), (words, &formats))?;
    book.push_worksheet(guide);
    if let Some(points) = &points {
        let mut sheet = Worksheet::new();
        points.fill(&mut sheet, standard, &anchor(Kind::Points, ""), filling, (words, &formats))?;
        book.push_worksheet(sheet);
    }
    let title = match year {
        Some(year) => {
            let args = [("standard", said(standard, words)), ("year", year.to_string())];
            words.text("marking.title_year", &args)
        }
        None => words.text("marking.title", &[("standard", said(standard, words))]),
    };
    let layout =
        Layout { standard, units, words, formats: &formats, points: points.as_ref(), title: &title, filling };
    for (name, one) in &sheets {
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        layout.fill(&mut sheet, one, &anchor(Kind::Office, &one.office))?;
        book.push_worksheet(sheet);
    }
    book.push_worksheet(memory::sheet(&anchor(Kind::Memory, ""), units, &sheets)?);
    Ok(book)
}

fn said(standard: &Standard, words: &Words) -> String {
    standard.title.get(words.language).to_string()
}

/// Everybody may look, widen and filter; only what is to be entered can be changed.
fn protect(sheet: &mut Worksheet) {
    let allowed = ProtectionOptions {
        format_columns: true,
        format_rows: true,
        use_autofilter: true,
        ..ProtectionOptions::default()
    };
    sheet.protect_with_options(&allowed);
}

/// On A4 across, the header on every page.
fn print(sheet: &mut Worksheet, header: u32, title: &str, words: &Words) -> Result<(), XlsxError> {
    const A4: u8 = 9;
    const A3: u8 = 8;
    sheet.set_landscape();
    sheet.set_paper_size(if header > 0 { A3 } else { A4 });
    sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    sheet.set_print_fit_to_pages(1, 0);
    if header > 0 {
        sheet.set_repeat_rows(header, header)?;
    }
    // Excel allows 255 characters, and takes & as the start of a code.
    let title: String = title.chars().take(80).collect::<String>().replace('&', "&&");
    sheet.set_header(format!("&C&11{title}"));
    sheet.set_footer(format!("&R&8{}", words.say("marking.page")));
    Ok(())
}

/// Height of a row whose texts stand wrapped in columns of these widths; Excel's own bound is 409.
fn height<'a>(cells: impl IntoIterator<Item = (&'a str, f64)>) -> f64 {
    let lines = cells.into_iter().map(|(text, width)| {
        let wide = (width - 1.0).max(1.0);
        text.lines().map(|line| (line.width() as f64 / wide).ceil().max(1.0)).sum::<f64>()
    });
    (lines.fold(1.0, f64::max) * 15.0 + 3.0).min(405.0)
}

fn guide_of(
    sheet: &mut Worksheet,
    standard: &Standard,
    sheets: &[(String, &OfficeEntries)],
    (points, year): (Option<&Points>, Option<i32>),
    (words, formats): (&Words, &Formats),
) -> Result<(), XlsxError> {
    const WIDTHS: [f64; 3] = [36.0, 36.0, 40.0];
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string_with_format(0, 0, cut(&said(standard, words)), &formats.title)?;
    sheet.write_string(1, 0, cut(&standard.source))?;
    let mut lines: Vec<String> = Vec::new();
    lines.extend(points.map(|points| words.text("marking.guide.yearly", &[("sheet", points.name.clone())])));
    let text = words.text("marking.guide.text", &[("standard", standard.id.clone())]);
    lines.extend(text.lines().map(str::to_string));
    if standard.units.as_ref().is_some_and(|units| units.by_department) {
        lines.push(words.say("marking.guide.by_department"));
    }
    let mut row = 3;
    for line in &lines {
        sheet.merge_range(row, 0, row, 2, line, &formats.plain)?;
        sheet.set_row_height(row, height([(line.as_str(), WIDTHS.iter().sum())]))?;
        row += 1;
    }
    row += 1;
    let settings: Vec<String> = standard
        .settings
        .iter()
        .map(|setting| {
            let value = setting.values.get(&setting.value).map_or("", |text| text.get(words.language));
            format!("{}　{value}（{} = {}）", setting.title.get(words.language), setting.id, setting.value)
        })
        .collect();
    let facts =
        [("year", year.map(|year| year.to_string()).unwrap_or_default()), ("settings", settings.join("\n"))];
    for (key, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        sheet.write_string_with_format(row, 0, words.say(&format!("marking.{key}")), &formats.label)?;
        sheet.merge_range(row, 1, row, 2, &cut(value), &formats.text)?;
        sheet.set_row_height(row, height([(value.as_str(), WIDTHS[1] + WIDTHS[2])]))?;
        row += 1;
    }
    row += 1;
    for (column, key) in (0..).zip(["sheet", "office", "entries"]) {
        sheet.write_string_with_format(row, column, words.say(&format!("marking.{key}")), &formats.head)?;
    }
    for (name, one) in sheets {
        row += 1;
        let place = format!("internal:'{name}'!A1");
        sheet.write_url_with_options(row, 0, place.as_str(), name, "", Some(&formats.link))?;
        sheet.write_string_with_format(row, 1, cut(&one.office), &formats.text)?;
        sheet.write_number_with_format(row, 2, one.entries.len() as f64, &formats.text)?;
    }
    sheet.protect();
    print(sheet, 0, &said(standard, words), words)
}

/// The hidden first row of a sheet, up to the units.
fn lead(sheet: &mut Worksheet, anchor: &Anchor, keys: &[Lead]) -> Result<(), XlsxError> {
    sheet.write_string(0, 0, cut(&anchor.text()))?;
    for (column, key) in (1..).zip(keys) {
        sheet.write_string(0, column, key.key())?;
    }
    sheet.set_row_hidden(0)?;
    sheet.set_column_hidden(0)?;
    Ok(())
}

/// A rule or a message of a dropdown takes 255 characters.
fn short(message: String) -> String {
    message.chars().take(200).collect()
}

#[cfg(test)]
mod tests;
