//! Reads workbooks: xlsx and xlsm with calamine's streaming reader; ods, xls and what web systems export under these
//! names with readers of our own.
//!
//! calamine builds whole ranges of an ods or xls file: rows repeated a million times, or a size that the file merely
//! claims, would take all memory before anything can be counted. These two formats are therefore read cell by cell
//! here.

mod compound;
mod excel97;
mod opendocument;
pub(crate) mod package;
pub(super) mod spreadsheet_xml;
pub(super) mod web_page;

use std::io::BufReader;

use calamine::{DataRef, ExcelDateTime, Reader, Xlsx, XlsxError};
use quick_xml::{
    Reader as Xml,
    escape::{escape, unescape},
    events::Event,
};

use self::package::{Part, Parts, Stored};
use super::{
    Limits,
    sheet::{Builder, COLUMNS, Cell, ROWS, Sheet, Tally, damaged},
};
use crate::{
    catch_panic,
    problem::{Error, Place, Problem, Result},
};

/// The maximum size of the part of a sheet behind its cells (merges and more).
const FOOT: u64 = 64 << 20;
/// The maximum size of the number formats, fonts, fills and borders; Excel allows at most 65,490 cell formats.
const STYLES: u64 = 32 << 20;

/// A zip: xlsx, xlsm or ods.
pub(super) fn package(bytes: &[u8], shown: &str, limits: &Limits) -> Result<Vec<Sheet>> {
    let parts = Parts::open(bytes, shown, limits)?;
    let has = |end: &str| parts.names().any(|n| n.to_ascii_lowercase().ends_with(end));
    if parts.find("content.xml").is_some() {
        return quietly(shown, || opendocument::read(&parts, shown, limits));
    }
    if has("workbook.bin") {
        return Err(Problem::error("file_is_other", Place::file(shown)).with("found", "xlsb").into());
    }
    // The relationships of the package name its workbook; other documents name another part.
    for (part, kind) in [("word/document.xml", "docx"), ("ppt/presentation.xml", "pptx")] {
        if parts.find(part).is_some() {
            return Err(Problem::error("file_is_other", Place::file(shown)).with("found", kind).into());
        }
    }
    if !has("workbook.xml") && parts.find("_rels/.rels").is_none() {
        return Err(Problem::error("file_is_other", Place::file(shown)).with("found", "zip").into());
    }
    quietly(shown, || open_xml(&parts, shown, limits))
}

/// OLE: xls, or a workbook with a password.
pub(super) fn compound(bytes: &[u8], shown: &str, limits: &Limits) -> Result<Vec<Sheet>> {
    quietly(shown, || {
        let stream = compound::workbook(bytes, shown)?;
        excel97::read(&stream, shown, limits)
    })
}

fn quietly<T>(shown: &str, read: impl FnOnce() -> Result<T>) -> Result<T> {
    catch_panic::run(read)
        .unwrap_or_else(|| Err(Problem::error("workbook_unreadable", Place::file(shown)).into()))
}

fn open_xml(parts: &Parts, shown: &str, limits: &Limits) -> Result<Vec<Sheet>> {
    let mut tally = Tally::new(shown, limits);
    for part in parts.names().filter(|n| n.to_ascii_lowercase().ends_with("sharedstrings.xml")) {
        if let Some(part) = parts.find(part) {
            check_shared_strings(parts, part, &mut tally)?;
        }
    }
    let styles = styles(parts, shown)?;
    let stored = parts.stored(&styles).map_err(|e| damaged(shown, e))?;
    let failed = |e: XlsxError| failure(e, &stored, shown);
    stored.allow(package::SMALL_PART.max(tally.held() as u64));
    let mut workbook = Xlsx::new(stored.clone()).map_err(failed)?;
    let names: Vec<String> = workbook.sheet_names();
    if names.len() > limits.entries {
        let problem = Problem::error("limit_entries", Place::file(shown));
        return Err(problem.with("found", names.len()).with("allowed", limits.entries).into());
    }
    stored.allow(package::BETWEEN_CELLS);
    let mut sheets = Vec::new();
    for name in &names {
        match worksheet(&mut workbook, name, &stored, &mut tally) {
            Ok(sheet) => sheets.push(sheet),
            // Charts and dialogs are listed as sheets, too.
            Err(Failure::Workbook(XlsxError::NotAWorksheet(kind))) if kind != "worksheet" => {}
            Err(Failure::Workbook(e)) => return Err(in_sheet(failed(e), name)),
            Err(Failure::Ours(e)) => return Err(e),
        }
    }
    Ok(sheets)
}

enum Failure {
    Workbook(XlsxError),
    Ours(Error),
}
impl From<XlsxError> for Failure {
    fn from(e: XlsxError) -> Self {
        Failure::Workbook(e)
    }
}
impl From<Error> for Failure {
    fn from(e: Error) -> Self {
        Failure::Ours(e)
    }
}

fn in_sheet(error: Error, sheet: &str) -> Error {
    match error {
        Error::Input(mut problems) => {
            for problem in &mut problems {
                problem.place.sheet.get_or_insert_with(|| sheet.to_string());
            }
            Error::Input(problems)
        }
        other => other,
    }
}

fn worksheet(
    workbook: &mut Xlsx<Stored>,
    name: &str,
    stored: &Stored,
    tally: &mut Tally,
) -> Result<Sheet, Failure> {
    let before = *tally;
    if let Some(sheet) = cells(workbook, name, stored, tally, false)? {
        return Ok(sheet);
    }
    *tally = before;
    Ok(cells(workbook, name, stored, tally, true)?.unwrap_or_default())
}

/// The cells of a sheet. calamine's reader that knows formulas is slower, so it is only used from shortly before the
/// first formula. `None` if a formula may already have been passed when that became known.
fn cells(
    workbook: &mut Xlsx<Stored>,
    name: &str,
    stored: &Stored,
    tally: &mut Tally,
    formulas: bool,
) -> Result<Option<Sheet>, Failure> {
    stored.close();
    let mut cells = workbook.worksheet_cells_reader(name)?;
    let mut sheet = Builder::new(tally, name);
    loop {
        stored.cell();
        // Both readers continue where the other stopped.
        let ((row, column), cell) = if formulas || stored.formulas() {
            let Some(cell) = cells.next_cell_with_formula_metadata()? else { break };
            (cell.pos, value(&cell.value, cell.formula.is_some()))
        } else {
            let Some(cell) = cells.next_cell()? else { break };
            if stored.formulas() && *cell.get_value() == DataRef::Empty {
                return Ok(None);
            }
            (cell.get_position(), value(cell.get_value(), false))
        };
        sheet.put(row, column, cell)?;
    }
    drop(cells);
    let foot = stored.rest(FOOT).map_err(XlsxError::Io)?;
    for (first, last) in merges(&foot) {
        sheet.merge(first, last)?;
    }
    Ok(Some(sheet.finish()?))
}

fn value(value: &DataRef, formula: bool) -> Cell {
    match value {
        DataRef::Empty if formula => Cell::Uncalculated,
        DataRef::Empty => Cell::Empty,
        DataRef::Int(n) => Cell::Number(*n as f64),
        DataRef::Float(n) => number(*n),
        DataRef::SharedString(s) => text(s),
        DataRef::String(s) | DataRef::DurationIso(s) => text(s),
        DataRef::Bool(b) => Cell::YesNo(*b),
        DataRef::DateTime(moment) => date(*moment),
        DataRef::DateTimeIso(s) => iso_date(s),
        DataRef::Error(kind) => Cell::Error(kind.to_string().into_boxed_str()),
    }
}

fn text(s: &str) -> Cell {
    match s {
        "" => Cell::Empty,
        _ => Cell::Text(s.into()),
    }
}

fn number(n: f64) -> Cell {
    // The parser accepts `<v>inf</v>` as a number.
    if n.is_finite() { Cell::Number(n) } else { Cell::Error(n.to_string().into_boxed_str()) }
}

/// Times of day and durations are not dates: the number is kept.
fn date(moment: ExcelDateTime) -> Cell {
    let value = moment.as_f64();
    if !moment.is_datetime() || !(1.0..2_958_466.0).contains(&value) {
        return number(value);
    }
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    Cell::Date(year.into(), month.into(), day.into())
}

/// Parses `2010-09-01` and `2010-09-01T00:00:00`; other text stays text.
fn iso_date(s: &str) -> Cell {
    let day = s.split(['T', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split('-').collect();
    if let [year, month, day] = parts.as_slice()
        && let (Ok(year), Ok(month), Ok(day)) = (year.parse(), month.parse(), day.parse())
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
    {
        return Cell::Date(year, month, day);
    }
    text(s)
}

/// Parses the `<mergeCell ref="A1:C2"/>` after the rows; text cannot contain a `<`.
fn merges(foot: &[u8]) -> Vec<((u32, u32), (u32, u32))> {
    let text = String::from_utf8_lossy(foot);
    let mut found = Vec::new();
    for tag in text.split("mergeCell").skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        if let Some((_, value)) = tag.split_once("ref=")
            && let Some(range) = value.get(1..).and_then(|v| v.split(['"', '\'']).next())
            && let Some((first, last)) = range.split_once(':')
            && let (Some(first), Some(last)) = (position(first), position(last))
        {
            found.push((first, last));
        }
    }
    found
}

/// The 0-based row and column of `B12`.
pub fn position(address: &str) -> Option<(u32, u32)> {
    let digits = address.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = address.split_at(digits);
    let mut column = 0u32;
    for letter in letters.bytes().filter(|b| *b != b'$') {
        let value = letter.to_ascii_uppercase().checked_sub(b'A').filter(|v| *v < 26)?;
        column = column.checked_mul(26)?.checked_add(u32::from(value) + 1)?;
    }
    let (row, column) = (row.parse::<u32>().ok()?.checked_sub(1)?, column.checked_sub(1)?);
    (row < ROWS && column < COLUMNS).then_some((row, column))
}

/// Checks the shared strings before calamine, which loads all of them before the first cell and reserves as much memory
/// as the part claims to need.
fn check_shared_strings(parts: &Parts, part: &Part, tally: &mut Tally) -> Result<()> {
    // `<si><t/></si>` takes 13 bytes in the file and 24 bytes in memory; a short text takes 16 and 56.
    tally.hold(usize::try_from(part.size.saturating_mul(3)).unwrap_or(usize::MAX))?;
    let mut xml = Xml::from_reader(BufReader::new(parts.read(part)));
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|e| damaged(tally.shown, e))? {
            Event::Start(e) | Event::Empty(e) if e.local_name().as_ref() == "sst" => {
                let claimed = e.try_get_attribute("uniqueCount").ok().flatten();
                let claimed = claimed.map_or(0, |a| a.value.trim().parse::<u64>().unwrap_or(u64::MAX));
                // Some programs claim too many strings, but none a million too many.
                if claimed > part.size / 5 + 1_000_000 {
                    return Err(damaged(tally.shown, format!("{} uniqueCount", part.name)).into());
                }
                return Ok(());
            }
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

/// A `styles.xml` with the number formats of all cells and nothing else.
fn styles(parts: &Parts, shown: &str) -> Result<Vec<u8>> {
    let Some(name) = parts.names().find(|n| n.to_ascii_lowercase().ends_with("styles.xml")) else {
        return Ok(Vec::new());
    };
    let Some(part) = parts.find(name) else { return Ok(Vec::new()) };
    let bytes = parts.read_all(part, STYLES, shown)?;
    let mut xml = Xml::from_reader(bytes.as_slice());
    let (mut formats, mut cells) = (String::new(), String::new());
    let mut in_cells = false;
    loop {
        let event = xml.read_event().map_err(|e| damaged(shown, e))?;
        match event {
            Event::Start(e) | Event::Empty(e) => {
                let value = |name: &str| {
                    let attribute = e.try_get_attribute(name).ok().flatten()?;
                    // Whether a format is a date is decided at its start.
                    Some(unescape(&attribute.value).ok()?.chars().take(255).collect::<String>())
                };
                match e.local_name().as_ref() {
                    "cellXfs" => in_cells = true,
                    "numFmt" => {
                        if let (Some(id), Some(code)) = (value("numFmtId"), value("formatCode")) {
                            let (id, code) = (escape(id.as_str()), escape(code.as_str()));
                            formats += &format!(r#"<numFmt numFmtId="{id}" formatCode="{code}"/>"#);
                        }
                    }
                    "xf" if in_cells => {
                        let id = value("numFmtId").unwrap_or_else(|| "0".to_string());
                        cells += &format!(r#"<xf numFmtId="{}"/>"#, escape(id.as_str()));
                    }
                    _ => {}
                }
            }
            Event::End(e) if e.local_name().as_ref() == "cellXfs" => in_cells = false,
            Event::Eof => break,
            _ => {}
        }
    }
    let text = format!("<styleSheet><numFmts>{formats}</numFmts><cellXfs>{cells}</cellXfs></styleSheet>");
    Ok(text.into_bytes())
}

fn failure(e: XlsxError, stored: &Stored, shown: &str) -> Error {
    let problem = match e {
        _ if stored.overrun() => Problem::error("workbook_swollen", Place::file(shown))
            .with("allowed", package::BETWEEN_CELLS >> 20),
        XlsxError::Password => Problem::error("workbook_protected", Place::file(shown)),
        XlsxError::CellError(found) => {
            Problem::error("cell_error_unknown", Place::file(shown)).with("found", found)
        }
        other => damaged(shown, other),
    };
    problem.into()
}
