//! `equity.xlsx`: the tables of `equity`, one readable sheet per table.

use polars::prelude::{DataFrame, DataType};
use unicode_width::UnicodeWidthStr;

use super::workbook::{Cell, Paper, Print, Style, Table, Workbook, style, undated};
use crate::{
    problem::Result,
    standard::Standard,
    tables::{Row, ledger::clean},
    words::Words,
};

/// Maximum number of rows per sheet. Influence and Lorenz curves of a whole country have more; csv and Parquet contain
/// all of them.
const MAX_ROWS: usize = 50_000;
/// Number of rows that determine the width of a column.
const MEASURED_ROWS: usize = 197;
/// Columns that are left out: ids that only programs need.
const LEFT_OUT: [&str; 1] = ["district_code"];

/// The workbook, with one sheet per table in their order.
///
/// # Errors
/// As [`Workbook::bytes`].
pub fn workbook(tables: &[(&str, &DataFrame)], standard: &Standard, words: &Words) -> Result<Vec<u8>> {
    let mut book = Workbook::new(undated());
    for (name, frame) in tables {
        let mut sheet = book.sheet(&words.say(&format!("equity.sheet.{name}")));
        let list = table(name, frame, standard, words).fill(&mut sheet, Row::all(frame).take(MAX_ROWS));
        sheet.print(Print::new(Paper::A4).repeat(list.head, list.head));
        book.add(sheet);
    }
    book.bytes("equity.xlsx")
}

fn table<'a>(
    name: &str,
    frame: &'a DataFrame,
    standard: &'a Standard,
    words: &'a Words,
) -> Table<'a, Row<'a>> {
    let mut explained = words.say(&format!("equity.note.{name}"));
    if frame.height() > MAX_ROWS {
        let args = [("shown", MAX_ROWS.to_string()), ("all", frame.height().to_string())];
        explained.push_str(&words.fill("equity.cut", &args));
    }
    let cell = Style::new().lines();
    let head = cell.clone().bold().wrap().centre().fill(style::GREY);
    let mut table = Table::new(head)
        .above(words.say(&format!("equity.title.{name}")), Style::title(14))
        .above(explained, Style::note());
    for column in frame.columns() {
        let id = column.name().as_str();
        if LEFT_OUT.contains(&id) {
            continue;
        }
        let own = format!("equity.column.{name}_{id}");
        let title = words.say(&if words.has(&own) { own } else { format!("equity.column.{id}") });
        if column.dtype() == &DataType::String {
            let text = cell.clone().typed();
            let shown = move |row: &Row| row.text(id).map(|found| cell_text(id, found, standard, words));
            let widest =
                Row::all(frame).take(MEASURED_ROWS).filter_map(|row| Some(shown(&row)?.width())).max();
            table.column(&title, width(&title, widest), move |row| Cell::new(shown(row), &text));
        } else {
            let number = cell.clone().number_format(format_of(id, column.dtype()));
            let nothing = cell.clone().right();
            table.column(&title, width(&title, None), move |row| match row.number(id) {
                Some(found) => Cell::new(found, &number),
                None => Cell::new("—", &nothing),
            });
        }
    }
    table
}

/// Wide enough for the title, which may wrap, and for the widest text.
fn width(title: &str, widest: Option<usize>) -> f64 {
    (title.width().min(16).max(widest.unwrap_or(0)) + 2).clamp(8, 44) as f64
}

/// Number formats: shares as percentages, counts and years as whole numbers, means with two decimals, everything else
/// with four.
fn format_of(column: &str, dtype: &DataType) -> &'static str {
    match (dtype, column) {
        (DataType::Int32 | DataType::Int64, _) => "0",
        (_, "share" | "cv_squared_share") => "0.0%",
        (_, "p") => "0.000",
        (_, "first_mean" | "second_mean" | "gap") => "#,##0.000",
        (_, "students") => "#,##0.####",
        _ => "0.0000",
    }
}

/// A text in the run's language: ids in words, indicators by their titles.
fn cell_text(column: &str, found: &str, standard: &Standard, words: &Words) -> String {
    match column {
        "section" => return words.section(found),
        "indicator" => {
            let title = standard.title_of(found, words.language);
            return if title.is_empty() { found.to_string() } else { title.to_string() };
        }
        _ => {}
    }
    let key = match column {
        "level" => format!("panel.level.{found}"),
        "school_name" | "school_code" | "district_name" => return clean(found).to_string(),
        "location" | "first" | "second" | "group" => format!("equity.group.{found}"),
        _ => format!("equity.value.{found}"),
    };
    if words.has(&key) { words.say(&key) } else { clean(found).to_string() }
}
