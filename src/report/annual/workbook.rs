//! The workbook: the report's sentences, the sources of their numbers, and every table that they refer to. Texts are
//! written as texts: nothing in it is a formula.

use polars::prelude::*;

use super::{Further, frames};
use crate::{
    problem::Result,
    report::{
        document::{Block, Report, Source, grammar::Piece},
        workbook::{Cell, Paper, Print, Sheet, Style, Table, Value, Workbook, style},
    },
    tables::annual::{Annual, Derived},
};

/// Maximum number of rows per sheet; the csv has all.
const MAX_ROWS: usize = 50_000;

/// The workbook. It contains no time, so the same report gives the same bytes.
///
/// # Errors
/// As [`Workbook::bytes`].
pub fn write(
    annual: &Annual,
    further: &Further,
    derived: &Derived,
    counts: &DataFrame,
    report: &Report,
) -> Result<Vec<u8>> {
    let mut book = Workbook::new(annual.made.date).title(&report.title).author(&annual.made.program);
    let mut add = |id: &str, made: &str, fill: &dyn Fn(&mut Sheet)| {
        let mut sheet = book.sheet(&annual.words.say(&format!("annual.sheet.{id}")));
        fill(&mut sheet);
        sheet.print(Print::new(Paper::A4).made(made).page("&P / &N"));
        book.add(sheet);
    };
    add("sentences", &report.made, &|sheet| sentences(sheet, report));
    add("sources", &report.made, &|sheet| sources(sheet, annual, report));
    let mut add_table =
        |id: &str, frame: &DataFrame| add(id, &annual.made.program, &|sheet| table(sheet, annual, id, frame));
    for (id, frame) in [
        ("overview", derived.overview.frame()),
        ("limits", derived.limits.frame()),
        ("ranking", derived.ranking.frame()),
        ("changes", derived.changes.frame()),
        ("facts_missing", derived.facts.frame()),
        ("location_gap", derived.location_gap.frame()),
        ("classes", derived.classes.frame()),
        ("counts", counts),
    ] {
        add_table(id, frame);
    }
    // Only the report's year: earlier years of every district are for programs.
    let panel = annual.panel.filter(|row| row.year() == annual.year);
    let coverage = annual.coverage.filter(|row| row.year() == annual.year);
    for (id, frame) in frames(annual, further) {
        match id {
            "panel" => add_table(id, panel.frame()),
            "coverage" => add_table(id, coverage.frame()),
            _ => add_table(id, frame),
        }
    }
    book.bytes("xlsx")
}

fn head() -> Style {
    Style::new().bold().centre().boxed().fill(style::GREY)
}

fn small() -> Style {
    Style::note().wrap().top()
}

/// A sentence with its note numbers in brackets.
fn line(pieces: &[Piece]) -> String {
    let one = |piece: &Piece| match piece {
        Piece::Note(note) => format!("[{note}]"),
        other => other.text().to_string(),
    };
    pieces.iter().map(one).collect()
}

fn sentences(sheet: &mut Sheet, report: &Report) {
    sheet.width(0, 110.0);
    let mut row = 0;
    for block in &report.blocks {
        let (text, style) = match block {
            Block::Title(pieces) => (line(pieces), Style::title(16)),
            Block::Heading(1, pieces) => (line(pieces), Style::title(13)),
            Block::Heading(_, pieces) => (line(pieces), Style::new().bold()),
            Block::Paragraph(pieces) => (line(pieces), Style::wrapped()),
            Block::Entry(pieces) => (format!("· {}", line(pieces)), Style::wrapped()),
            Block::Line(pieces) | Block::Note(pieces) => (line(pieces), small()),
            _ => continue,
        };
        sheet.put(row, 0, text, &style);
        row += 1;
    }
}

fn sources(sheet: &mut Sheet, annual: &Annual, report: &Report) {
    let say = |key: &str| annual.words.say(&format!("annual.column.{key}"));
    let mut used: Vec<&Source> = report.sources.iter().filter(|source| source.note > 0).collect();
    used.sort_by_key(|source| source.note);
    let mut table = Table::new(head()).unfiltered();
    table.column(say("note"), 8.0, |source: &&Source| Cell::plain(source.note as f64));
    table.column(say("numbers"), 14.0, |source| Cell::plain(&source.text));
    table.column(say("table"), 26.0, |source| Cell::plain(format!("{}.{}", source.table, source.column)));
    table.column(say("keys"), 80.0, |source| Cell::plain(source.keys.replace(';', "  ")));
    table.fill(sheet, used);
}

/// A table unchanged, with the column ids as headings, because the list of sources names them.
fn table(sheet: &mut Sheet, annual: &Annual, name: &str, frame: &DataFrame) {
    let integer = Style::new().decimals(0);
    let mut table = Table::new(head());
    for column in frame.columns() {
        let id = column.name().as_str();
        let width = if column.dtype().is_primitive_numeric() { id.len().clamp(8, 16) } else { 16 };
        let integer = column.dtype().is_integer().then_some(&integer);
        table.column(id, width as f64, move |row: &usize| cell(column, *row, integer));
    }
    let rows = frame.height().min(MAX_ROWS);
    let list = table.fill(sheet, 0..rows);
    if rows < frame.height() {
        let args = [
            ("count", rows.to_string()),
            ("all", frame.height().to_string()),
            ("file", format!("{name}.csv")),
        ];
        sheet.put(list.next + 1, 0, annual.words.fill("annual.sheet.cut", &args), &small());
    }
}

fn cell(column: &Column, row: usize, integer: Option<&Style>) -> Cell {
    match column.get(row) {
        Ok(AnyValue::Boolean(yes)) => Cell::plain(yes),
        Ok(value) => match (value.get_str(), value.extract::<f64>(), integer) {
            (Some(text), ..) => Cell::plain(text),
            (None, Some(number), Some(integer)) => Cell::new(number, integer),
            (None, number, _) => Cell::plain(number),
        },
        Err(_) => Cell::plain(Value::Blank),
    }
}
