//! The sheet 事由, filled in as offices do.

use super::*;
use crate::tables::marks::Reason;

const SHEET: &str = "事由";
/// The row below the header, and the columns of number, unit, fact and the others.
const FIRST: u32 = 4;
const NUMBER: u32 = 1;

/// Writes a row of the sheet: number, unit, fact, evidence, document, date, required.
fn put(book: &mut Book, row: u32, cells: [Cell; 7]) {
    for (column, cell) in (NUMBER..).zip(cells) {
        if cell != t("") {
            book.sheet(SHEET).insert((row, column), cell);
        }
    }
}

fn row(number: &str, unit: &str, fact: &str) -> [Cell; 7] {
    [t(number), t(unit), t(fact), t(""), t(""), t(""), t("")]
}

fn blank() -> (Standard, Book) {
    let standard = standard("every-method");
    let book = written(&standard, &of_list(), Some(2026));
    (standard, book)
}

/// Item, part, unit and fact of every reason.
fn facts(marks: &Marks) -> Vec<(usize, Option<usize>, &str, &str)> {
    let of = |reason: &'_ Reason| (reason.item, reason.part, reason.unit);
    marks
        .reasons
        .iter()
        .map(|reason| {
            let (item, part, unit) = of(reason);
            (item, part, marks.units[unit].name.as_str(), reason.fact.as_str())
        })
        .collect()
}

fn findings(marks: &Marks) -> Vec<(&'static str, Option<&str>)> {
    marks.findings.iter().map(|finding| (finding.code, finding.place.cell.as_deref())).collect()
}

#[test]
fn the_sheet_as_it_is_written_says_nothing() {
    let standard = standard("every-method");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("评分.xlsx");
    let words = &words(Language::Chinese);
    let units = of_list();
    scorebook::Scorebook { standard: &standard, units: &units, year: None, stage: "", filling: None, words }
        .write(&path)
        .unwrap();
    // With its merged cells, which a workbook copied cell by cell has lost.
    let marks = read(&[path], &standard, &Options::default()).unwrap();
    assert_eq!((findings(&marks), marks.reasons.len()), (vec![], 0));
}

#[test]
fn what_is_written_comes_back() {
    let (standard, mut book) = blank();
    let all =
        ["1.2", "乌前旗", "两所学校未开展演练", "检查记录", "教督〔2026〕3号", "2026-03-12", "4月底前补做"];
    put(&mut book, FIRST, all.map(t));
    // A number cell, a blank row between, the code of a unit, an id of an entry, and a serial day.
    put(
        &mut book,
        FIRST + 2,
        [Cell::Number(1.1), t("150821"), t("甲"), t(""), t(""), Cell::Number(46_093.0), t("")],
    );
    put(&mut book, FIRST + 3, row("1.2.count", " 磴口县 ", "乙"));
    // The same item and unit twice, and an item as a whole.
    put(&mut book, FIRST + 4, row("第1项", "五原", "丙"));
    put(&mut book, FIRST + 5, row("1", "五原县", "丁"));
    let marks = read_all(&standard, &[&book]).unwrap();
    assert_eq!(findings(&marks), []);
    assert_eq!(
        marks.reasons[0],
        Reason {
            unit: 0,
            item: 0,
            part: Some(1),
            adjustment: None,
            fact: all[2].into(),
            evidence: all[3].into(),
            number: all[4].into(),
            date: all[5].into(),
            required: all[6].into(),
            place: marks.reasons[0].place.clone(),
            office: "信访科".into(),
        }
    );
    assert_eq!(marks.reasons[0].place.cell.as_deref(), Some("B5"));
    assert_eq!(
        facts(&marks)[1..],
        [
            (0, Some(0), "五原县", "甲"),
            (0, Some(1), "磴口县", "乙"),
            (0, None, "五原县", "丙"),
            (0, None, "五原县", "丁"),
        ]
    );
    // Day 46,093 of Excel: 1 January 2026 is day 46,023, and 70 days later it is 12 March.
    assert_eq!(marks.reasons[1].date, "2026-03-12");
}

#[test]
fn rows_that_nobody_can_assign_are_told_with_their_cell() {
    let (standard, mut book) = blank();
    put(&mut book, FIRST, row("1.9", "磴口县", "甲"));
    put(&mut book, FIRST + 1, row("1.1", "磴口", "乙"));
    put(&mut book, FIRST + 2, row("1.1", "", "丙"));
    put(&mut book, FIRST + 3, row("1.1", "磴口县", ""));
    let marks = read_all(&standard, &[&book]).unwrap();
    assert!(marks.reasons.is_empty());
    assert_eq!(
        findings(&marks),
        [
            ("marks_reason_number", Some("B5")),
            ("marks_reason_unit", Some("C6")),
            ("marks_reason_incomplete", Some("B7")),
            ("marks_reason_empty", Some("B8")),
        ]
    );
    let said: Vec<String> =
        marks.findings.iter().map(|finding| words(Language::Chinese).problem(finding)).collect();
    assert!(said[0].contains("1.9") && said[0].contains("1.1"), "{}", said[0]);
    assert!(said[1].contains("磴口县"), "{}", said[1]);
    assert!(said[2].contains("单位"), "{}", said[2]);
}

#[test]
fn columns_may_be_moved_and_rows_sorted() {
    let (standard, mut book) = blank();
    put(&mut book, FIRST, row("1.1", "磴口县", "甲"));
    put(&mut book, FIRST + 1, row("1.2", "五原县", "乙"));
    let first = facts(&read_all(&standard, &[&book]).unwrap()).len();
    // The visible part moves, the hidden keys stay.
    book.moved(SHEET, |row, column| {
        let swapped = match column {
            1 if row > 0 => 3,
            3 if row > 0 => 1,
            other => other,
        };
        Some((row, swapped))
    });
    // A data row changes places with the header.
    book.moved(SHEET, |row, column| {
        let swapped = match row {
            3 if column > 0 => FIRST,
            FIRST if column > 0 => 3,
            other => other,
        };
        Some((swapped, column))
    });
    let marks = read_all(&standard, &[&book]).unwrap();
    assert_eq!(facts(&marks).len(), first);
    assert_eq!(facts(&marks)[0], (0, Some(0), "磴口县", "甲"));
    assert_eq!(facts(&marks)[1], (0, Some(1), "五原县", "乙"));
    // Two copies of the sheet are one.
    let copy = book.sheet(SHEET).clone();
    book.sheets.push(("事由 2".into(), copy));
    assert_eq!(read_all(&standard, &[&book]).unwrap().reasons.len(), 2);
}

#[test]
fn without_its_columns_the_sheet_is_refused() {
    let (standard, mut book) = blank();
    // Nothing is lost with the header of an empty sheet.
    let mut empty = book.clone();
    empty.moved(SHEET, |row, column| (row != 3).then_some((row, column)));
    assert!(read_all(&standard, &[&empty]).is_ok());
    put(&mut book, FIRST, row("1.1", "磴口县", "甲"));
    let mut headless = book.clone();
    headless.moved(SHEET, |row, column| (row != 3).then_some((row, column)));
    assert_eq!(codes(read_all(&standard, &[&headless])), ["marks_reasons_header"]);
    let mut unitless = book.clone();
    unitless.moved(SHEET, |row, column| (column != 2).then_some((row, column)));
    assert_eq!(codes(read_all(&standard, &[&unitless])), ["marks_reasons_columns"]);
    book.sheets.retain(|(name, _)| name != SHEET);
    let marks = read_all(&standard, &[&book]).unwrap();
    assert_eq!(findings(&marks), [("marks_reasons_removed", None)]);
}
