//! A copy of a file whose format cannot be kept (csv, xls, ods): an xlsx of the cells as they were read.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use unicode_width::UnicodeWidthStr;

use super::{
    list::{COLUMNS, List},
    marks::{Cells, Line, target},
    styles::colour,
};
use crate::{
    ingest::sheet::{self, Cell},
    problem::{Level, Result},
    report::workbook::{Paper, Print, Sheet, SheetNames, Style, Value, Workbook, undated},
    words::Words,
};

/// A number beyond this has digits that a cell does not keep.
const MAX_DIGITS: usize = 15;
/// Maximum width of a column.
const MAX_COLUMN_WIDTH: usize = 40;
const HEAD: u32 = 0xE7E6E6;
const TAB: u32 = 0xF29B8E;

/// The sheet names of the copy, in order: those of the original where Excel allows them; `stem` for a csv.
pub fn names(sheets: &[sheet::Sheet], stem: &str, list: &str) -> Vec<String> {
    let mut names = SheetNames::default();
    names.distinct(list);
    let wanted = sheets.iter().map(|sheet| if sheet.name.is_empty() { stem } else { &sheet.name });
    wanted.map(|name| names.distinct(name)).collect()
}

/// The copy of `file`. `names` are those of [`names`]; a line of `list` whose sheet was renamed links to the new name.
pub fn write(
    file: &str,
    sheets: &[sheet::Sheet],
    names: &[String],
    marks: &BTreeMap<String, Cells>,
    list: &List,
    words: &Words,
) -> Result<Vec<u8>> {
    let mut book = Workbook::new(undated());
    let renamed: BTreeMap<&str, &str> =
        sheets.iter().map(|sheet| sheet.name.as_str()).zip(names.iter().map(String::as_str)).collect();
    let mut first = Sheet::named(&list.title);
    findings(&mut first, list, &renamed, words);
    book.add(first);
    let none = Cells::new();
    let author = words.say("annotate.author");
    for (at, (sheet, name)) in sheets.iter().zip(names).enumerate() {
        let mut out = Sheet::named(name);
        if at == 0 {
            // The user's own first sheet is the one that opens.
            out.open_first();
        }
        cells(&mut out, sheet, marks.get(&sheet.name).unwrap_or(&none), &author);
        book.add(out);
    }
    book.bytes(file)
}

fn findings(sheet: &mut Sheet, list: &List, renamed: &BTreeMap<&str, &str>, words: &Words) {
    let wrapped = Style::wrapped();
    let (head, link) = (wrapped.clone().bold().fill(HEAD), wrapped.clone().link());
    sheet.put(0, 0, &list.title, &Style::title(16));
    for (row, said) in (1..).zip(&list.above) {
        sheet.write(row, 0, said);
    }
    for ((column, said), (_, width)) in (0..).zip(&list.head).zip(COLUMNS) {
        sheet.width(column, width.into()).put(list.head_row(), column, said, &head);
    }
    let mut row = list.head_row();
    for line in list.lines {
        row += 1;
        let said = List::cells(line, words);
        let place = place(line, renamed);
        for (column, said) in (0..).zip(&said) {
            match (column, &place) {
                (0, _) => sheet.put(row, 0, said, &filled(wrapped.clone(), line.level)),
                (2, Some(place)) => sheet.link(row, 2, place, said, &link),
                _ => sheet.put(row, column, said, &wrapped),
            };
        }
        sheet.height(row, List::height(line, words).into());
    }
    if let Some(more) = &list.more {
        sheet.write(row + 1, 0, more);
    }
    sheet.filter(list.head_row(), row, COLUMNS.len() as u16 - 1).freeze(list.head_row() + 1, 0);
    sheet.tab_colour(TAB).print(Print::new(Paper::A4));
}

/// The target of a line's link.
fn place(line: &Line, renamed: &BTreeMap<&str, &str>) -> Option<String> {
    Some(target(renamed.get(line.sheet.as_str())?, line.cell?))
}

fn filled(style: Style, level: Level) -> Style {
    style.fill(u32::from_str_radix(colour(level), 16).unwrap_or_default())
}

fn cells(out: &mut Sheet, sheet: &sheet::Sheet, marks: &Cells, author: &str) {
    for m in &sheet.merges {
        let (Ok(left), Ok(right)) = (u16::try_from(m.1), u16::try_from(m.3)) else { continue };
        // Overlapping ranges, which Excel does not allow, stay unmerged.
        out.merge_if_free((m.0, left), (m.2, right));
    }
    let mut widths: BTreeMap<u16, usize> = BTreeMap::new();
    for row in &sheet.rows {
        for (column, cell) in &row.cells {
            let Ok(at) = u16::try_from(*column) else { continue };
            let mark = marks.get(&(row.index, *column));
            let style = mark.map_or_else(Style::new, |mark| filled(Style::new(), mark.level));
            let width = write_cell(out, (row.index, at), cell, style, sheet.name.is_empty());
            let merged = sheet.merges.iter().any(|m| m.3 > m.1 && (m.0, m.1) == (row.index, *column));
            if !merged {
                let widest = widths.entry(at).or_default();
                *widest = (*widest).max(width);
            }
        }
    }
    for (column, width) in widths {
        out.width(column, (width.clamp(6, MAX_COLUMN_WIDTH) + 2) as f64);
    }
    for ((row, column), mark) in marks {
        let Ok(column) = u16::try_from(*column) else { continue };
        let there = sheet.rows.binary_search_by_key(row, |r| r.index).ok();
        let there = there.and_then(|i| sheet.rows.get(i)).map(|r| r.get(column.into()));
        if matches!(there, None | Some(Cell::Empty | Cell::Uncalculated)) {
            out.put(*row, column, Value::Blank, &filled(Style::new(), mark.level));
        }
        let lines: usize = mark.text.lines().map(|line| line.chars().count() / 22 + 1).sum();
        let size = (340, 20 * lines.clamp(3, 30) as u32);
        out.comment(*row, column, &mark.text, author, size);
    }
}

/// Writes a cell as it was read; returns the width it needs.
fn write_cell(
    out: &mut Sheet,
    (row, column): (u32, u16),
    cell: &Cell,
    style: Style,
    delimited: bool,
) -> usize {
    match cell {
        Cell::Empty | Cell::Uncalculated => 0,
        Cell::Number(number) => {
            out.put(row, column, *number, &style);
            number.to_string().len()
        }
        Cell::YesNo(value) => {
            out.put(row, column, *value, &style);
            5
        }
        Cell::Date(year, month, day) => {
            let value = match NaiveDate::from_ymd_opt(*year, *month, *day) {
                Some(date) => Value::Date(date),
                None => Value::Text(format!("{year}-{month:02}-{day:02}")),
            };
            out.put(row, column, value, &style);
            10
        }
        Cell::Text(text) | Cell::Error(text) => {
            match delimited.then(|| typed_number(text)).flatten() {
                Some((number, "")) => out.put(row, column, number, &style),
                Some((number, decimals)) => {
                    out.put(row, column, number, &style.decimals(decimals.len() as u32))
                }
                None => out.put(row, column, Value::AsRead(text.to_string()), &style),
            };
            text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0)
        }
    }
}

/// A number that a cell keeps as it was typed, with its decimals: no leading zero (a code), no surrounding text, no
/// more digits than Excel keeps. Everything in a csv is text, but people want to sum its numbers.
fn typed_number(text: &str) -> Option<(f64, &str)> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let padded = whole.is_empty() || whole.len() > 1 && whole.starts_with('0') || text == "-0";
    let kept = whole.len() + decimals.len() <= MAX_DIGITS;
    (all_digits(whole) && all_digits(decimals) && !padded && kept).then_some(())?;
    Some((text.parse().ok()?, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_csv_are_those_that_come_back_as_typed() {
        for (text, number) in [
            ("512", Some((512.0, ""))),
            ("-3.50", Some((-3.5, "50"))),
            ("0", Some((0.0, ""))),
            ("0.5", Some((0.5, "5"))),
            ("0012", None),
            ("1,024", None),
            ("１２", None),
            ("1e5", None),
            ("+1", None),
            (" 1", None),
            ("", None),
            ("-", None),
            ("1.", None),
            (".5", None),
            ("430503199001011234", None),
            ("=1", None),
        ] {
            assert_eq!(typed_number(text), number, "{text}");
        }
    }

    #[test]
    fn sheets_keep_their_names_where_excel_allows_them() {
        let sheet = |name: &str| sheet::Sheet { name: name.into(), ..sheet::Sheet::default() };
        let sheets = [sheet(""), sheet("a/b"), sheet("数据问题"), sheet("a b")];
        assert_eq!(names(&sheets, "小学[1]", "数据问题"), ["小学 1", "a b", "数据问题 2", "a b 2"]);
    }
}
