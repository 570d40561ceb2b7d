//! `equity.xlsx`: the tables of `equity`, a readable sheet each.

use polars::prelude::{DataFrame, DataType};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use crate::{
    problem::{Error, Result},
    standard::Standard,
    tables::{Row, ledger::clean},
    words::Words,
};

/// Rows of a sheet; a nation's influence and curves have more and stand whole in csv and Parquet.
const MOST: usize = 50_000;
/// Ids that people know by no other name, or that only programs want.
const LEFT_OUT: [&str; 1] = ["district_code"];

/// The workbook: a sheet a table, in their order.
///
/// # Errors
/// It cannot be put together (a defect of ours).
pub fn workbook(tables: &[(&str, &DataFrame)], standard: &Standard, words: &Words) -> Result<Vec<u8>> {
    let made = || -> std::result::Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        for (name, frame) in tables {
            book.push_worksheet(sheet(name, frame, standard, words)?);
        }
        book.save_to_buffer()
    };
    made().map_err(|why| match why {
        XlsxError::IoError(why) => Error::disk("equity.xlsx", why),
        other => Error::disk("equity.xlsx", std::io::Error::other(other.to_string())),
    })
}

fn sheet(
    name: &str,
    frame: &DataFrame,
    standard: &Standard,
    words: &Words,
) -> std::result::Result<Worksheet, XlsxError> {
    let cell = Format::new().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0xA6A6A6));
    let head = cell
        .clone()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_background_color(Color::RGB(0xD9D9D9));
    let note = Format::new().set_font_size(9).set_font_color(Color::RGB(0x595959));
    let text = cell.clone().set_num_format("@");
    let mut sheet = Worksheet::new();
    sheet.set_name(words.say(&format!("equity.sheet.{name}")))?;
    sheet.write_string_with_format(
        0,
        0,
        words.say(&format!("equity.title.{name}")),
        &Format::new().set_bold().set_font_size(14),
    )?;
    let mut explained = words.say(&format!("equity.note.{name}"));
    if frame.height() > MOST {
        let args = [("shown", MOST.to_string()), ("all", frame.height().to_string())];
        explained.push_str(&words.text("equity.cut", &args));
    }
    sheet.write_string_with_format(1, 0, explained, &note)?;
    let columns: Vec<_> =
        frame.columns().iter().filter(|column| !LEFT_OUT.contains(&column.name().as_str())).collect();
    for (at, column) in (0u16..).zip(&columns) {
        let id = column.name().as_str();
        let own = format!("equity.column.{name}_{id}");
        let title = words.say(if words.has(&own) { own } else { format!("equity.column.{id}") }.as_str());
        sheet.write_string_with_format(2, at, &title, &head)?;
        let numbers = cell.clone().set_num_format(format_of(id, column.dtype()));
        let nothing = cell.clone().set_align(FormatAlign::Right);
        let mut widest = title.width().min(16);
        for (line, row) in (3u32..).zip(Row::all(frame).take(MOST)) {
            match column.dtype() {
                DataType::String => {
                    let said =
                        row.text(id).map_or_else(String::new, |found| said(id, found, standard, words));
                    if line < 200 {
                        widest = widest.max(said.width());
                    }
                    sheet.write_string_with_format(line, at, said, &text)?;
                }
                _ => {
                    match row.number(id) {
                        Some(number) => sheet.write_number_with_format(line, at, number, &numbers)?,
                        None => sheet.write_string_with_format(line, at, "—", &nothing)?,
                    };
                }
            }
        }
        sheet.set_column_width(at, (widest + 2).clamp(8, 44) as f64)?;
    }
    let last = (2 + frame.height().min(MOST)) as u32;
    sheet.set_freeze_panes(3, 0)?;
    sheet.autofilter(2, 0, last, columns.len().saturating_sub(1) as u16)?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(2, 2)?;
    Ok(sheet)
}

/// Shares in percent, counts and years whole, means with two decimals, everything else with four.
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

/// A text as people say it: ids in words, indicators by their titles.
fn said(column: &str, found: &str, standard: &Standard, words: &Words) -> String {
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
