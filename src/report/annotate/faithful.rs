//! A copy where the format cannot be kept (csv, xls, ods): an xlsx of the cells as they were read.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, ExcelDateTime, Format, FormatAlign, FormatUnderline, Note, Url, Workbook, Worksheet, XlsxError,
};
use unicode_width::UnicodeWidthStr;

use super::{
    list::{COLUMNS, List},
    marks::{Cells, Line, target},
    styles::colour,
};
use crate::{
    ingest::sheet::{Cell, Sheet},
    problem::Level,
    words::Words,
};

/// Excel's own bound on the text of a cell and of a comment.
const MOST_TEXT: usize = 32_767;
/// Beyond it a number has digits that a cell does not keep.
const MOST_DIGITS: usize = 15;
/// Columns wider than this wrap nothing and hide the rest.
const WIDEST: usize = 40;

/// The sheet names of the copy, in order: those of the original where Excel allows them; `stem` for a csv.
pub fn names(sheets: &[Sheet], stem: &str, list: &str) -> Vec<String> {
    let mut taken: Vec<String> = vec![list.to_lowercase()];
    let named = |name: &str, taken: &mut Vec<String>| {
        let clean: String =
            name.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { ' ' } else { c }).collect();
        let clean = if clean.trim().is_empty() { "_" } else { clean.trim() };
        let numbered = |n: u32| {
            let end = if n == 1 { String::new() } else { format!(" {n}") };
            let mut short = clean.to_string();
            // Excel counts UTF-16 units.
            while short.encode_utf16().count() + end.len() > 31 {
                short.pop();
            }
            short + &end
        };
        let name =
            (1u32..).map(numbered).find(|name| !taken.contains(&name.to_lowercase())).unwrap_or_default();
        taken.push(name.to_lowercase());
        name
    };
    sheets
        .iter()
        .map(|sheet| named(if sheet.name.is_empty() { stem } else { &sheet.name }, &mut taken))
        .collect()
}

/// The copy. `names` are those of [`names`]; a line of `list` whose sheet was renamed leads to the new name.
pub fn write(
    sheets: &[Sheet],
    names: &[String],
    marks: &BTreeMap<String, Cells>,
    list: &List,
    words: &Words,
) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let renamed: BTreeMap<&str, &str> =
        sheets.iter().map(|sheet| sheet.name.as_str()).zip(names.iter().map(String::as_str)).collect();
    let mut first = Worksheet::new();
    first.set_name(&list.title)?;
    findings(&mut first, list, &renamed, words)?;
    book.push_worksheet(first);
    let none = Cells::new();
    let author = words.say("annotate.author");
    for (at, (sheet, name)) in sheets.iter().zip(names).enumerate() {
        let mut out = Worksheet::new();
        out.set_name(name)?;
        // The user's own first sheet is the one that opens.
        out.set_active(at == 0);
        cells(&mut out, sheet, marks.get(&sheet.name).unwrap_or(&none), &author)?;
        book.push_worksheet(out);
    }
    book.save_to_buffer()
}

fn findings(
    sheet: &mut Worksheet,
    list: &List,
    renamed: &BTreeMap<&str, &str>,
    words: &Words,
) -> Result<(), XlsxError> {
    let wrapped = || Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let head = wrapped().set_bold().set_background_color(0xE7_E6_E6);
    let link = wrapped().set_font_color(0x05_63_C1).set_underline(FormatUnderline::Single);
    sheet.write_string_with_format(0, 0, &list.title, &Format::new().set_bold().set_font_size(16))?;
    for (row, said) in (1..).zip(&list.above) {
        sheet.write_string(row, 0, cut(said))?;
    }
    for ((column, said), (_, width)) in (0..).zip(&list.head).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(list.head_row(), column, said, &head)?;
    }
    let mut row = list.head_row();
    for line in list.lines {
        row += 1;
        for (column, said) in (0..).zip(List::cells(line, words)) {
            let format = if column == 0 { filled(wrapped(), line.level) } else { wrapped() };
            sheet.write_string_with_format(row, column, cut(&said), &format)?;
        }
        sheet.set_row_height(row, List::height(line, words))?;
        if let Some((to, said)) = leads(line, renamed, words) {
            sheet.write_url_with_options(
                row,
                2,
                Url::new(format!("internal:{to}")),
                said,
                "",
                Some(&link),
            )?;
        }
    }
    if let Some(more) = &list.more {
        sheet.write_string(row + 1, 0, more)?;
    }
    sheet.autofilter(list.head_row(), 0, row, COLUMNS.len() as u16 - 1)?;
    sheet.set_freeze_panes(list.head_row() + 1, 0)?;
    sheet.set_tab_color(0xF2_9B_8E).set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

/// Where the link of a line leads, and what it says.
fn leads(line: &Line, renamed: &BTreeMap<&str, &str>, words: &Words) -> Option<(String, String)> {
    let name = renamed.get(line.sheet.as_str())?;
    let [_, _, said, ..] = List::cells(line, words);
    Some((target(name, line.cell?), cut(&said)))
}

fn filled(format: Format, level: Level) -> Format {
    format.set_background_color(Color::from(colour(level)))
}

fn cells(out: &mut Worksheet, sheet: &Sheet, marks: &Cells, author: &str) -> Result<(), XlsxError> {
    let plain = Format::new();
    for m in &sheet.merges {
        let (Ok(left), Ok(right)) = (u16::try_from(m.1), u16::try_from(m.3)) else { continue };
        // Ranges that overlap, which Excel does not have, stay unmerged.
        let _ = out.merge_range(m.0, left, m.2, right, "", &plain);
    }
    let mut widths: BTreeMap<u16, usize> = BTreeMap::new();
    for row in &sheet.rows {
        for (column, cell) in &row.cells {
            let Ok(at) = u16::try_from(*column) else { continue };
            let mark = marks.get(&(row.index, *column));
            let format = mark.map_or_else(Format::new, |mark| filled(Format::new(), mark.level));
            let width = write_cell(out, (row.index, at), cell, format, sheet.name.is_empty())?;
            let merged = sheet.merges.iter().any(|m| m.3 > m.1 && (m.0, m.1) == (row.index, *column));
            if !merged {
                let widest = widths.entry(at).or_default();
                *widest = (*widest).max(width);
            }
        }
    }
    for (column, width) in widths {
        out.set_column_width(column, (width.clamp(6, WIDEST) + 2) as f64)?;
    }
    for ((row, column), mark) in marks {
        let Ok(column) = u16::try_from(*column) else { continue };
        let there = sheet.rows.binary_search_by_key(row, |r| r.index).ok();
        let there = there.and_then(|i| sheet.rows.get(i)).map(|r| r.get(column.into()));
        if matches!(there, None | Some(Cell::Empty | Cell::Uncalculated)) {
            out.write_blank(*row, column, &filled(Format::new(), mark.level))?;
        }
        let lines: usize = mark.text.lines().map(|line| line.chars().count() / 22 + 1).sum();
        let note = Note::new(cut(&mark.text))
            .set_author(author)
            .add_author_prefix(false)
            .set_width(340)
            .set_height(20 * lines.clamp(3, 30) as u32);
        out.insert_note(*row, column, &note)?;
    }
    Ok(())
}

/// Writes a cell as it was read; gives the width it wants.
fn write_cell(
    out: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    format: Format,
    delimited: bool,
) -> Result<usize, XlsxError> {
    match cell {
        Cell::Empty | Cell::Uncalculated => Ok(0),
        Cell::Number(number) => {
            out.write_number_with_format(row, column, *number, &format)?;
            Ok(number.to_string().len())
        }
        Cell::YesNo(value) => {
            out.write_boolean_with_format(row, column, *value, &format)?;
            Ok(5)
        }
        Cell::Date(year, month, day) => {
            let date = u16::try_from(*year).ok().zip(u8::try_from(*month).ok()).zip(u8::try_from(*day).ok());
            let date = date.and_then(|((year, month), day)| ExcelDateTime::from_ymd(year, month, day).ok());
            match date {
                Some(date) => {
                    out.write_datetime_with_format(row, column, &date, &format.set_num_format("yyyy-mm-dd"))?
                }
                None => {
                    out.write_string_with_format(row, column, format!("{year}-{month:02}-{day:02}"), &format)?
                }
            };
            Ok(10)
        }
        Cell::Text(text) | Cell::Error(text) => {
            match delimited.then(|| typed_number(text)).flatten() {
                Some((number, "")) => out.write_number_with_format(row, column, number, &format)?,
                Some((number, decimals)) => {
                    let as_typed = format.set_num_format(format!("0.{}", "0".repeat(decimals.len())));
                    out.write_number_with_format(row, column, number, &as_typed)?
                }
                None => out.write_string_with_format(row, column, cut(text), &format)?,
            };
            Ok(text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0))
        }
    }
}

/// A number that a cell keeps as it was typed, with its decimals: no leading zero (a code), nothing around it, not
/// more digits than Excel has. All of a csv is text, and sums are wanted of its numbers.
fn typed_number(text: &str) -> Option<(f64, &str)> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = match digits.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (digits, ""),
    };
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let padded = whole.is_empty() || whole.len() > 1 && whole.starts_with('0') || text == "-0";
    let kept = whole.len() + decimals.len() <= MOST_DIGITS;
    (all_digits(whole) && all_digits(decimals) && !padded && kept).then_some(())?;
    Some((text.parse().ok()?, decimals))
}

fn cut(text: &str) -> String {
    let mut units = 0;
    let kept = text.chars().take_while(|c| {
        units += c.len_utf16();
        units <= MOST_TEXT
    });
    kept.collect()
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
    fn sheet_names_are_those_excel_allows() {
        let sheet = |name: &str| Sheet { name: name.into(), ..Sheet::default() };
        let sheets = [sheet(""), sheet("a/b"), sheet("数据问题"), sheet("a b"), sheet(&"长".repeat(40))];
        let names = names(&sheets, "小学[1]", "数据问题");
        assert_eq!(names[..4], ["小学 1", "a b", "数据问题 2", "a b 2"]);
        assert_eq!(names[4].chars().count(), 31);
    }
}
