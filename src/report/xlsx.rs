//! `gaps.xlsx`: the list that is handed out. One sheet with all, one for each department with its own.

use std::{collections::BTreeSet, io::Write};

use polars::prelude::DataFrame;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use crate::{
    number,
    problem::{Error, Result},
    standard::Standard,
    tables::Row,
    words::Words,
};

/// A sheet for people ends here; `gaps.csv` has all.
const MOST_ROWS: usize = 50_000;
/// Excel's own bound on the text of a cell.
const MOST_TEXT: usize = 32_767;

/// Writes the workbook. Every text is written as text: nothing in it is a formula.
pub fn gaps(
    gaps: &DataFrame,
    standard: &Standard,
    words: &Words,
    out: &mut (impl Write + Send),
) -> Result<()> {
    let mut book = Workbook::new();
    let mut names = BTreeSet::new();
    let all = words.say("report.gaps.all");
    let rows: Vec<Row> = Row::all(gaps).collect();
    let mut sheets = vec![(all, rows.clone())];
    let mut departments: Vec<&str> = Vec::new();
    for row in &rows {
        for department in departments_of(row) {
            if !departments.contains(&department) {
                departments.push(department);
            }
        }
    }
    for department in departments {
        let own = rows.iter().filter(|row| departments_of(row).contains(&department)).copied().collect();
        sheets.push((department.to_string(), own));
    }
    let nobody: Vec<Row> = rows.iter().filter(|row| departments_of(row).is_empty()).copied().collect();
    if !nobody.is_empty() && nobody.len() < rows.len() {
        sheets.push((words.say("report.gaps.nobody"), nobody));
    }
    for (name, rows) in sheets {
        let mut sheet = Worksheet::new();
        sheet
            .set_name(sheet_name(&name, &mut names))
            .and_then(|sheet| fill(sheet, &rows, standard, words))
            .map_err(failed)?;
        book.push_worksheet(sheet);
    }
    book.save_to_writer(out).map_err(failed)
}

fn failed(why: XlsxError) -> Error {
    match why {
        XlsxError::IoError(why) => Error::disk("xlsx", why),
        other => Error::disk("xlsx", std::io::Error::other(other.to_string())),
    }
}

/// 区委编办、区教育局（政工股、计财股）: the departments; the offices in brackets at the end are none of their own.
fn departments_of<'a>(row: &Row<'a>) -> Vec<&'a str> {
    let all = row.said("departments").trim();
    let without = all.strip_suffix('）').and_then(|text| Some(&text[..text.rfind('（')?]));
    without.unwrap_or(all).split('、').map(str::trim).filter(|d| !d.is_empty()).collect()
}

/// Allowed in Excel (31 characters, none of `[]:*?/\`, no apostrophe at the ends) and not there yet.
fn sheet_name(name: &str, taken: &mut BTreeSet<String>) -> String {
    let clean: String =
        name.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c }).collect();
    let clean = clean.trim();
    let mut number = 1;
    loop {
        let end = if number == 1 { String::new() } else { format!(" {number}") };
        let mut short = clean.to_string();
        // Excel counts UTF-16 units.
        while short.encode_utf16().count() + end.len() > 31 {
            short.pop();
        }
        let name = if short.is_empty() { format!("_{end}") } else { short + &end };
        if taken.insert(name.to_lowercase()) {
            return name;
        }
        number += 1;
    }
}

enum Value {
    Text(String),
    Number(Option<f64>),
    Year(Option<i64>),
}

const COLUMNS: [&str; 14] = [
    "district_code",
    "year",
    "item",
    "title",
    "school_code",
    "school_name",
    "section",
    "current",
    "required",
    "shortfall",
    "unit",
    "departments",
    "measures",
    "due",
];

fn fill<'s>(
    sheet: &'s mut Worksheet,
    rows: &[Row],
    standard: &Standard,
    words: &Words,
) -> std::result::Result<&'s mut Worksheet, XlsxError> {
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_num_format("@");
    let year = Format::new().set_align(FormatAlign::Top).set_num_format("0");
    let whole = Format::new().set_align(FormatAlign::Top).set_num_format("#,##0");
    let amount = Format::new().set_align(FormatAlign::Top).set_num_format("#,##0.0##");
    let mut widths = [0; COLUMNS.len()];
    for (column, name) in (0u16..).zip(COLUMNS) {
        let name = words.say(&format!("report.gaps.{name}"));
        widths[usize::from(column)] = name.width();
        sheet.write_string_with_format(0, column, name, &head)?;
    }
    for (line, row) in (1u32..).zip(rows.iter().take(MOST_ROWS)) {
        for (column, name) in (0u16..).zip(COLUMNS) {
            let value = value(row, name, standard, words);
            let width = match value {
                Value::Text(value) if value.is_empty() => 0,
                Value::Text(value) => {
                    let width = value.lines().map(UnicodeWidthStr::width).max().unwrap_or(0);
                    sheet.write_string_with_format(line, column, cut(value), &text)?;
                    width
                }
                Value::Number(None) | Value::Year(None) => 0,
                Value::Number(Some(value)) => {
                    let format = if value.fract() == 0.0 { &whole } else { &amount };
                    sheet.write_number_with_format(line, column, value, format)?;
                    number::fixed(Some(value), 3).len()
                }
                Value::Year(Some(value)) => {
                    sheet.write_number_with_format(line, column, value as f64, &year)?;
                    4
                }
            };
            let widest = &mut widths[usize::from(column)];
            *widest = (*widest).max(width);
        }
    }
    let shown = rows.len().min(MOST_ROWS);
    if shown < rows.len() {
        let more = [("shown", number::count(shown as i64)), ("all", number::count(rows.len() as i64))];
        let line = u32::try_from(shown).unwrap_or(u32::MAX) + 1;
        sheet.write_string(line, 0, words.text("report.gaps.more", &more))?;
    }
    for (column, width) in (0u16..).zip(widths) {
        sheet.set_column_width(column, width.clamp(6, 48) as f64 + 2.0)?;
    }
    let last = u32::try_from(shown).unwrap_or(u32::MAX);
    sheet.autofilter(0, 0, last, COLUMNS.len() as u16 - 1)?;
    sheet.set_freeze_panes(1, 0)
}

fn value(row: &Row, name: &str, standard: &Standard, words: &Words) -> Value {
    match name {
        "year" => Value::Year(row.whole("year")),
        "current" | "required" | "shortfall" => Value::Number(row.number(name)),
        "title" => Value::Text(standard.title_of(row.said("item"), words.language).to_string()),
        "section" => Value::Text(words.section(row.said("section"))),
        "unit" => Value::Text(words.unit(row.said("unit"))),
        other => Value::Text(row.said(other).to_string()),
    }
}

fn cut(text: String) -> String {
    if text.encode_utf16().count() <= MOST_TEXT {
        return text;
    }
    let mut units = 0;
    text.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= MOST_TEXT
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{tables, words::Language};
    use calamine::{Data, Reader, Xlsx};
    use polars::prelude::*;

    fn frame() -> DataFrame {
        let frame = df!(
            "district_code" => ["430503"; 3],
            "year" => [2024i32; 3],
            "item" => ["L1", "L4", "=8"],
            "school_code" => [Some("0012"), Some("0013"), None],
            "school_name" => [Some("=HYPERLINK(\"x\")"), Some("二小"), None],
            "section" => [Some("primary"), Some("junior"), None],
            "current" => [Some(18.0), Some(1545.07), None],
            "required" => [Some(21.0), Some(1665.0), None],
            "shortfall" => [Some(3.0), Some(119.93), None],
            "unit" => ["人", "㎡", ""],
            "departments" => [Some("区委编办、区教育局（政工股、计财股）"), Some("区教育局（政工股）"), None],
            "measures" => [Some("一\n二"), None, None],
            "due" => [None::<&str>; 3],
        )
        .unwrap();
        tables::gaps().check(&frame).unwrap();
        frame
    }

    fn opened(frame: &DataFrame) -> Xlsx<std::io::Cursor<Vec<u8>>> {
        let mut out = Vec::new();
        gaps(frame, &crate::report::sample::standard(), &Words::load(Language::Chinese).unwrap(), &mut out)
            .unwrap();
        Xlsx::new(std::io::Cursor::new(out)).unwrap()
    }

    #[test]
    fn a_sheet_for_each_department_and_one_for_all() {
        let mut book = opened(&frame());
        assert_eq!(book.sheet_names(), ["全部", "区委编办", "区教育局", "未列部门"]);
        let rows = |book: &mut Xlsx<_>, name: &str| book.worksheet_range(name).unwrap().height() - 1;
        assert_eq!(rows(&mut book, "全部"), 3);
        assert_eq!(rows(&mut book, "区教育局"), 2);
        assert_eq!(rows(&mut book, "区委编办"), 1);
    }

    #[test]
    fn texts_are_texts_and_numbers_numbers() {
        let mut book = opened(&frame());
        let sheet = book.worksheet_range("全部").unwrap();
        assert_eq!(sheet.get_value((1, 4)), Some(&Data::String("0012".into())));
        assert_eq!(sheet.get_value((1, 5)), Some(&Data::String("=HYPERLINK(\"x\")".into())));
        assert_eq!(sheet.get_value((2, 9)), Some(&Data::Float(119.93)));
        assert_eq!(book.worksheet_formula("全部").unwrap().used_cells().count(), 0);
    }

    #[test]
    fn without_gaps_there_is_a_header() {
        let mut book = opened(&tables::gaps().empty());
        assert_eq!(book.sheet_names(), ["全部"]);
        assert_eq!(book.worksheet_range("全部").unwrap().height(), 1);
    }

    #[test]
    fn sheet_names_are_those_excel_allows() {
        let mut taken = BTreeSet::new();
        let mut name = |text: &str| sheet_name(text, &mut taken);
        assert_eq!(name("区教育局"), "区教育局");
        assert_eq!(name("区教育局"), "区教育局 2");
        assert_eq!(name("a/b:c*d?[e]'"), "a b c d  e");
        assert_eq!(name("''"), "_");
        assert_eq!(name(&"长".repeat(40)).chars().count(), 31);
        assert_eq!(name(&"长".repeat(40)).chars().count(), 31);
    }

    #[test]
    fn a_text_longer_than_excel_allows_is_cut() {
        assert_eq!(cut("长".repeat(MOST_TEXT + 1)).chars().count(), MOST_TEXT);
    }
}
