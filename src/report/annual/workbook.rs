//! The workbook: the report's sentences, where their numbers come from, and every table they speak of. Texts are texts:
//! nothing in it is a formula.

use polars::prelude::*;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::{Further, frames};
use crate::{
    problem::{Error, Result},
    report::document::{Block, Report, grammar::Piece},
    tables::{
        annual::{Annual, Derived},
        ledger::clean,
    },
};

/// More rows are not what a person reads in Excel; all of them stand in the csv.
const MOST_ROWS: usize = 50_000;
/// Excel's own bound on the text of a cell.
const MOST_TEXT: usize = 32_767;
const A4: u8 = 9;

/// The workbook, with the same bytes for the same report: no clock.
///
/// # Errors
/// Only Excel's own bounds, which these tables keep.
pub fn write(
    annual: &Annual,
    further: &Further,
    derived: &Derived,
    counts: &DataFrame,
    report: &Report,
) -> Result<Vec<u8>> {
    made(annual, further, derived, counts, report)
        .map_err(|why| Error::disk("xlsx", std::io::Error::other(why.to_string())))
}

fn made(
    annual: &Annual,
    further: &Further,
    derived: &Derived,
    counts: &DataFrame,
    report: &Report,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let day = ExcelDateTime::parse_from_str(&annual.made.date.to_string())?;
    let properties = DocProperties::new().set_title(cut(&report.title)).set_author(&annual.made.program);
    book.set_properties(&properties.set_creation_datetime(&day));
    let sheet_name = |id: &str| annual.words.say(&format!("annual.sheet.{id}"));
    sentences(book.add_worksheet().set_name(sheet_name("sentences"))?, report)?;
    sources(book.add_worksheet().set_name(sheet_name("sources"))?, annual, report)?;
    let of_sentences = [
        ("overview", &derived.overview),
        ("limits", &derived.limits),
        ("ranking", &derived.ranking),
        ("changes", &derived.changes),
        ("facts_missing", &derived.facts),
        ("location_gap", &derived.location_gap),
        ("classes", &derived.classes),
        ("counts", counts),
    ];
    for (name, frame) in of_sentences {
        table(book.add_worksheet().set_name(sheet_name(name))?, annual, name, frame)?;
    }
    for (name, frame) in frames(annual, further) {
        // Years of every district are for programs; people look at the report's.
        let own;
        let frame = match name {
            "panel" | "coverage" => {
                own = of_year(frame, annual.year);
                &own
            }
            _ => frame,
        };
        table(book.add_worksheet().set_name(sheet_name(name))?, annual, name, frame)?;
    }
    book.save_to_buffer()
}

fn of_year(frame: &DataFrame, year: i32) -> DataFrame {
    let rows: Option<Vec<IdxSize>> = frame.column("year").ok().and_then(|column| {
        let years = column.i32().ok()?;
        Some((0..frame.height()).filter(|at| years.get(*at) == Some(year)).map(|at| at as IdxSize).collect())
    });
    let rows = rows.and_then(|rows| frame.take(&IdxCa::from_vec("".into(), rows)).ok());
    rows.unwrap_or_else(|| frame.clone())
}

fn head() -> Format {
    Format::new()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_border(FormatBorder::Thin)
        .set_background_color(Color::RGB(0xD9D9D9))
}

fn wrapped() -> Format {
    Format::new().set_text_wrap().set_align(FormatAlign::Top)
}

fn small() -> Format {
    Format::new()
        .set_font_size(9)
        .set_font_color(Color::RGB(0x595959))
        .set_text_wrap()
        .set_align(FormatAlign::Top)
}

fn cut(text: &str) -> String {
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= MOST_TEXT
    };
    clean(text).chars().take_while(fits).collect()
}

/// A line with the numbers of its notes in brackets.
fn line(pieces: &[Piece]) -> String {
    let one = |piece: &Piece| match piece {
        Piece::Note(note) => format!("[{note}]"),
        other => other.text().to_string(),
    };
    pieces.iter().map(one).collect()
}

fn sentences(sheet: &mut Worksheet, report: &Report) -> Result<(), XlsxError> {
    sheet.set_column_width(0, 110)?;
    let title = Format::new().set_bold().set_font_size(16);
    let heading = Format::new().set_bold().set_font_size(13);
    let below = Format::new().set_bold();
    let mut row = 0;
    for block in &report.blocks {
        let (text, format) = match block {
            Block::Title(pieces) => (line(pieces), title.clone()),
            Block::Heading(1, pieces) => (line(pieces), heading.clone()),
            Block::Heading(_, pieces) => (line(pieces), below.clone()),
            Block::Paragraph(pieces) => (line(pieces), wrapped()),
            Block::Entry(pieces) => (format!("· {}", line(pieces)), wrapped()),
            Block::Line(pieces) | Block::Note(pieces) => (line(pieces), small()),
            _ => continue,
        };
        sheet.write_string_with_format(row, 0, cut(&text), &format)?;
        row += 1;
    }
    page(sheet, &report.made)
}

fn page(sheet: &mut Worksheet, made: &str) -> Result<(), XlsxError> {
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    // Excel allows 255 characters, and takes & as the start of a code.
    let made: String = clean(made).chars().take(90).collect::<String>().replace('&', "&&");
    sheet.set_footer(format!("&L&7{made}&R&8&P / &N"));
    Ok(())
}

fn sources(sheet: &mut Worksheet, annual: &Annual, report: &Report) -> Result<(), XlsxError> {
    let say = |key: &str| annual.words.say(&format!("annual.column.{key}"));
    let heads = [("note", 8.0), ("numbers", 14.0), ("table", 26.0), ("keys", 80.0)];
    for (at, (key, width)) in (0u16..).zip(heads.iter()) {
        sheet.set_column_width(at, *width)?;
        sheet.write_string_with_format(0, at, say(key), &head())?;
    }
    let mut used: Vec<_> = report.sources.iter().filter(|source| source.note > 0).collect();
    used.sort_by_key(|source| source.note);
    for (row, source) in (1u32..).zip(used) {
        sheet.write_number(row, 0, source.note as f64)?;
        sheet.write_string(row, 1, cut(&source.text))?;
        sheet.write_string(row, 2, cut(&format!("{}.{}", source.table, source.column)))?;
        sheet.write_string(row, 3, cut(&source.keys.replace(';', "  ")))?;
    }
    sheet.set_freeze_panes(1, 0)?;
    page(sheet, &report.made)
}

/// A table as it is, heads by their ids: those that the list of sources names.
fn table(sheet: &mut Worksheet, annual: &Annual, name: &str, frame: &DataFrame) -> Result<(), XlsxError> {
    let rows = frame.height().min(MOST_ROWS);
    let integer = Format::new().set_num_format("0");
    for (at, column) in (0u16..).zip(frame.columns()) {
        let heading = column.name().as_str();
        let wide = if column.dtype().is_primitive_numeric() { heading.len().clamp(8, 16) } else { 16 };
        sheet.set_column_width(at, wide as f64)?;
        sheet.write_string_with_format(0, at, heading, &head())?;
        for row in 0..rows {
            let line = row as u32 + 1;
            match column.get(row) {
                Ok(AnyValue::Null) | Err(_) => {}
                Ok(AnyValue::Boolean(yes)) => {
                    sheet.write_boolean(line, at, yes)?;
                }
                Ok(value) => match (value.get_str(), value.extract::<f64>()) {
                    (Some(text), _) => {
                        sheet.write_string(line, at, cut(text))?;
                    }
                    (None, Some(number)) if number.is_finite() => {
                        if column.dtype().is_integer() {
                            sheet.write_number_with_format(line, at, number, &integer)?;
                        } else {
                            sheet.write_number(line, at, number)?;
                        }
                    }
                    _ => {}
                },
            }
        }
    }
    let last = u16::try_from(frame.width().saturating_sub(1)).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, (rows as u32).max(1), last)?;
    if rows < frame.height() {
        let args = [
            ("count", rows.to_string()),
            ("all", frame.height().to_string()),
            ("file", format!("{name}.csv")),
        ];
        sheet.write_string_with_format(
            rows as u32 + 2,
            0,
            annual.words.text("annual.sheet.cut", &args),
            &small(),
        )?;
    }
    sheet.set_freeze_panes(1, 0)?;
    page(sheet, &annual.made.program)
}
