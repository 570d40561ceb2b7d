use std::io::{Cursor, Read};

use calamine::{Data, Range, Reader, Xlsx};
use polars::prelude::*;

use super::{known::Known, sentence::sentence, write};
use crate::{
    report::sample::Whole,
    tables::{Status, answers, district::District, district_facts, items, measures},
    words::Language,
};

fn opened(district: &District) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(write(district).unwrap())).unwrap()
}

fn sheet(book: &mut Xlsx<Cursor<Vec<u8>>>, name: &str) -> Range<Data> {
    assert_eq!(book.worksheet_formula(name).unwrap().used_cells().count(), 0, "{name}: no formulas");
    book.worksheet_range(name).unwrap()
}

fn at(sheet: &Range<Data>, row: u32, column: u32) -> String {
    sheet.get_value((row, column)).map(Data::to_string).unwrap_or_default()
}

fn demo() -> Whole {
    Whole::demo("quality-balance-2017", Language::Chinese)
}

/// Puts `values` into a column of text, from the first row on.
fn renamed(frame: &DataFrame, column: &str, values: &[&str]) -> DataFrame {
    let mut names: Vec<Option<String>> =
        frame.column(column).unwrap().str().unwrap().iter().map(|name| name.map(str::to_string)).collect();
    for (name, value) in names.iter_mut().zip(values) {
        *name = Some(value.to_string());
    }
    frame.clone().with_column(Column::new(column.into(), names)).unwrap().clone()
}

/// Takes the number out of the first `rows` rows of a column.
fn without(frame: &DataFrame, columns: &[&str], rows: usize) -> DataFrame {
    let mut frame = frame.clone();
    for column in columns {
        let changed = frame.column(column).unwrap().clone();
        let (first, rest) = (
            Column::full_null((*column).into(), rows, changed.dtype()),
            changed.slice(rows as i64, usize::MAX),
        );
        let mut all = first;
        all.append(&rest).unwrap();
        frame.with_column(all).unwrap();
    }
    frame
}

#[test]
fn names_are_text_whatever_they_say() {
    let whole = demo();
    let mut district = whole.district();
    let long = "长".repeat(60);
    let hostile = [
        "<script>alert(1)</script>",
        "=cmd|' /C calc'!A0",
        "𠮷𫖯小学",
        &long,
        "a\u{1}b\u{0}c&<>\"'",
        "&P&\"x\"\n",
    ];
    *district.schools.frame_mut() = renamed(district.schools.frame(), "school_name", &hostile);
    district.name = "=1+1&P\u{7}".into();
    let mut book = opened(&district);
    let schools = sheet(&mut book, "表2-2");
    for (row, name) in (3..).zip(hostile) {
        let kept: String = name.chars().filter(|c| !c.is_control() || *c == '\n').collect();
        assert_eq!(at(&schools, row, 1), kept);
    }
    assert_eq!(at(&sheet(&mut book, "表1"), 1, 0), "县（市、区）：=1+1&P（430503）");
}

#[test]
fn no_school_is_a_form_with_its_heads() {
    let whole = demo();
    let mut district = whole.district();
    district.facts = Default::default();
    district.district_facts = Default::default();
    district.answers = Default::default();
    district.measures = Default::default();
    district.schools = Default::default();
    district.districts = Default::default();
    district.dispersion = Default::default();
    district.items = Default::default();
    let mut book = opened(&district);
    assert_eq!(book.sheet_names(), ["表1", "表2-1", "表2-2", "表3", "表4", "表5", "表6"]);
    let basics = sheet(&mut book, "表1");
    assert!((0..24).all(|column| at(&basics, 8, column).is_empty()), "nothing is not 0");
    let note = at(&sheet(&mut book, "表2-2"), 3, 0);
    assert!(note.contains("小学学校总数0所"), "{note}");
    let balance = sheet(&mut book, "表3");
    assert_eq!(
        (at(&balance, 3, 2), at(&balance, 4, 2), at(&balance, 4, 9)),
        ("—".into(), "—".into(), "—".into())
    );
    let government = sheet(&mut book, "表4");
    assert_eq!(at(&government, 6, 1), "超过45人的小学班级＿＿个，超过50人的初中班级＿＿个");
    assert!((2..19).all(|row| !["是", "否"].contains(&at(&government, row, 2).as_str())));
}

#[test]
fn a_hundred_and_twenty_schools_have_a_row_each() {
    let whole = Whole::synthetic(120, "quality-balance-2017", Language::Chinese);
    let district = whole.district();
    let schools = sheet(&mut opened(&district), "表2-2");
    let rows = district.schools.height() as u32;
    assert!(rows > 100);
    assert!(at(&schools, 2 + rows, 1).len() > 3, "the last school");
    assert!(at(&schools, 3 + rows, 0).starts_with("注：1."), "the note behind it");
}

#[test]
fn a_value_that_is_missing_is_a_dash_and_is_said() {
    let whole = demo();
    let mut district = whole.district();
    let measures = ["value", "met", "floor_met"];
    *district.measures.frame_mut() = without(district.measures.frame(), &measures, 1);
    *district.dispersion.frame_mut() = without(district.dispersion.frame(), &["mean", "cv", "met"], 1);
    *district.schools.frame_mut() = without(district.schools.frame(), &["met"], 1);
    let mut book = opened(&district);
    let schools = sheet(&mut book, "表2-2");
    assert_eq!((at(&schools, 3, 6), at(&schools, 3, 13)), ("—".into(), String::new()));
    assert!(at(&schools, 3, 14).ends_with("；缺数据：L7"), "{}", at(&schools, 3, 14));
    let balance = sheet(&mut book, "表3");
    assert_eq!((at(&balance, 4, 2), at(&balance, 4, 9)), ("—".into(), "—".into()), "六项的平均不是综合");
}

#[test]
fn a_cv_without_some_schools_is_marked_as_incomplete() {
    let whole = demo();
    let incomplete = |district: &District| {
        let balance = sheet(&mut opened(district), "表3");
        (0..balance.height() as u32).any(|row| at(&balance, row, 0).contains("带“*”的数不完整"))
    };
    let mut district = whole.district();
    let complete = district.measures.values(measures::column::value).null_count() == 0;
    assert_eq!(incomplete(&district), !complete);
    *district.measures.frame_mut() = without(district.measures.frame(), &["value", "met", "floor_met"], 1);
    assert!(incomplete(&district));
    let mut archive = ::zip::ZipArchive::new(Cursor::new(write(&district).unwrap())).unwrap();
    let mut styles = String::new();
    archive.by_name("xl/styles.xml").unwrap().read_to_string(&mut styles).unwrap();
    // Still numbers, with the mark behind them in print.
    assert!(styles.contains("0.000&quot;*&quot;"), "{styles}");
}

#[test]
fn a_standard_without_items_has_no_tables_of_them_and_says_so() {
    let whole = Whole::demo("taiwan-primary", Language::Chinese);
    let mut book = opened(&whole.district());
    assert_eq!(book.sheet_names(), ["表1", "表2-1", "表2-2", "表3"]);
    let basics = sheet(&mut book, "表1");
    assert!(at(&basics, 11, 0).contains("表Ⅳ、表Ⅴ、表Ⅵ从略"), "{}", at(&basics, 11, 0));
    let reached = sheet(&mut book, "表2-1");
    assert!(at(&reached, 3, 0).contains("本表从略"), "no threshold, no count: {}", at(&reached, 3, 0));
    let schools = sheet(&mut book, "表2-2");
    assert_eq!(at(&schools, 3, 11), "缺数据：L8、L10", "no indicator is judged: nothing but what is missing");
    let rows: Vec<String> = (0..schools.height() as u32).map(|row| at(&schools, row, 0)).collect();
    assert!(rows.iter().any(|row| row.contains("初中学校总数＿＿所")), "初中不在范围内");
}

#[test]
fn a_row_without_an_item_keeps_its_numbers_and_no_verdict() {
    let mut whole = demo();
    whole.standard.items.retain(|item| item.form.as_deref() != Some("4.9"));
    let mut book = opened(&whole.district());
    let government = sheet(&mut book, "表4");
    assert_eq!(at(&government, 12, 0), "9. 教师5年360学时培训完成率达到100%");
    assert_eq!(at(&government, 12, 1), "完成360学时培训的教师2566人，全县教师2566人，教师培训完成率100.0%");
    assert_eq!(at(&government, 12, 2), "");
    let last: Vec<String> = (19..23).map(|row| at(&government, row, 0)).collect();
    assert!(last.iter().any(|note| note.contains("没有与第 9 行对应的指标项")), "{last:?}");
}

#[test]
fn thresholds_are_those_of_the_standard_and_its_settings() {
    let name = |standard: &str, setting: Option<(&str, &str)>, row: u32| {
        let mut whole = Whole::demo(standard, Language::Chinese);
        if let Some((setting, value)) = setting {
            whole.standard.choose(setting, value).unwrap();
        }
        at(&sheet(&mut opened(&whole.district()), if row > 20 { "表5" } else { "表4" }), row % 20, 0)
    };
    assert_eq!(name("quality-balance-2017", None, 8), "7. 特殊教育学校生均公用经费不低于6000元");
    let chosen = Some(("special_funding", "8000"));
    assert_eq!(name("quality-balance-2017", chosen, 8), "7. 特殊教育学校生均公用经费不低于8000元");
    assert!(
        name("quality-balance-2017", None, 26).contains("的5%安排"),
        "{}",
        name("quality-balance-2017", None, 26)
    );
    assert!(name("daxiang", None, 26).contains("的8%安排"));
}

#[test]
fn every_item_of_an_edition_finds_its_row() {
    for standard in ["quality-balance-2017", "daxiang"] {
        let whole = Whole::demo(standard, Language::Chinese);
        let district = whole.district();
        let known = Known::of(&district);
        let rows =
            (1..=15).map(|n| format!("4.{n}")).chain((1..=9).map(|n| format!("5.{n}"))).chain(["6".into()]);
        for row in rows {
            assert!(known.status(&row).is_some(), "{standard} {row}");
        }
    }
}

#[test]
fn what_is_not_given_is_underlined() {
    let whole = demo();
    let mut district = whole.district();
    district.district_facts = district.district_facts.head(0);
    let known = Known::of(&district);
    let said = |row: &str| sentence(row, &known, &whole.words).unwrap();
    assert_eq!(
        said("4.7"),
        "特殊教育学校公用经费为＿＿万元，特殊教育学生数为＿＿人，特殊教育学校生均公用经费为＿＿元"
    );
    assert!(said("5.9").starts_with("语文＿＿级、校际差异率＿＿；数学＿＿级"), "{}", said("5.9"));
    assert!(sentence("4.1", &known, &whole.words).is_none());
}

#[test]
fn funds_keep_their_decimals_so_that_the_sentence_adds_up() {
    let whole = demo();
    let mut district = whole.district();
    let changed: Vec<Option<f64>> = district
        .district_facts
        .rows()
        .map(|row| match row.fact() {
            "special_school_funding" => Some(624_000.0),
            "special_school_students" => Some(96.0),
            _ => row.value(),
        })
        .collect();
    district
        .district_facts
        .frame_mut()
        .with_column(Column::new(district_facts::column::value.name().into(), changed))
        .unwrap();
    assert_eq!(
        sentence("4.7", &Known::of(&district), &whole.words).unwrap(),
        "特殊教育学校公用经费为62.4万元，特殊教育学生数为96人，特殊教育学校生均公用经费为6500元"
    );
}

#[test]
fn a_sum_with_an_unknown_part_is_unknown() {
    let whole = demo();
    let mut district = whole.district();
    *district.facts.frame_mut() =
        without(district.facts.frame(), &["trained_teachers", "classes_46_50", "max_class_size"], 1);
    let known = Known::of(&district);
    let said = |row: &str| sentence(row, &known, &whole.words).unwrap();
    assert_eq!(said("4.9"), "完成360学时培训的教师＿＿人，全县教师2566人，教师培训完成率＿＿%");
    assert_eq!(said("4.5"), "超过45人的小学班级＿＿个，超过50人的初中班级6个");
}

#[test]
fn largest_classes_within_the_limit_stand_for_the_bands() {
    let whole = demo();
    let mut district = whole.district();
    let rows = district.facts.height();
    let bands = ["classes_46_50", "classes_51_55", "classes_56_60", "classes_61_65", "classes_ge66"];
    *district.facts.frame_mut() = without(district.facts.frame(), &bands, rows);
    let sizes = Column::new("max_class_size".into(), vec![45.0; rows]);
    district.facts.frame_mut().with_column(sizes).unwrap();
    let known = Known::of(&district);
    let said = sentence("4.5", &known, &whole.words).unwrap();
    assert_eq!(said, "超过45人的小学班级0个，超过50人的初中班级0个");
    let sizes = Column::new("max_class_size".into(), vec![46.0; rows]);
    district.facts.frame_mut().with_column(sizes).unwrap();
    let said = sentence("4.5", &Known::of(&district), &whole.words).unwrap();
    assert_eq!(said, "超过45人的小学班级＿＿个，超过50人的初中班级0个");
}

#[test]
fn conclusions_and_their_evidence_stand_in_their_rows() {
    let whole = demo();
    let mut district = whole.district();
    let answer = |cell| answers::Values {
        district_code: "430503",
        year: 2025,
        item: "G1",
        met: Some(true),
        document: Some("布局规划（2024）"),
        source_id: Some(0),
        cell: Some(cell),
        ..Default::default()
    };
    district.answers = ["E2", "E3"].map(answer).into_iter().collect();
    let items = district.items.clone();
    let is_answered = |row: &items::Row| row.item() == "G1";
    let statuses: Vec<&str> =
        items.rows().map(|row| if is_answered(&row) { Status::Met } else { row.status() }.id()).collect();
    let details: Vec<&str> =
        items.rows().map(|row| if is_answered(&row) { "佐证结论：达标" } else { row.detail() }).collect();
    for (column, texts) in [(items::column::status.name(), statuses), (items::column::detail.name(), details)]
    {
        district.items.frame_mut().with_column(Column::new(column.into(), texts)).unwrap();
    }
    let government = sheet(&mut opened(&district), "表4");
    assert_eq!(at(&government, 2, 1), "佐证结论：达标。佐证材料：布局规划（2024）");
    assert_eq!(at(&government, 2, 2), "是");
    assert_eq!(
        (at(&government, 3, 1), at(&government, 3, 2)),
        (String::new(), String::new()),
        "nobody answered"
    );
}

/// One part of the package, as text.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = ::zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// What stands between `start` and the next `end`.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).map_or("", |(inside, _)| inside)
}

/// Fill colour and number format of a cell.
fn look(bytes: &[u8], sheet: usize, cell: &str) -> (String, String) {
    let (sheet, styles) =
        (part(bytes, &format!("xl/worksheets/sheet{sheet}.xml")), part(bytes, "xl/styles.xml"));
    let style: usize =
        between(&sheet, &format!("<c r=\"{cell}\" s=\""), "\"").parse().unwrap_or_else(|_| panic!("{cell}"));
    let format = between(&styles, "<cellXfs", "</cellXfs>").split("<xf ").nth(style + 1).unwrap();
    let fill: usize = between(format, "fillId=\"", "\"").parse().unwrap();
    let fill = between(&styles, "<fills", "</fills>").split("<fill>").nth(fill + 1).unwrap();
    let number = between(format, "numFmtId=\"", "\"");
    let code = between(&styles, &format!("<numFmt numFmtId=\"{number}\" formatCode=\""), "\"");
    // 1 is `0` and 2 is `0.00`, built in.
    let code = match number {
        "1" => "0",
        "2" => "0.00",
        _ => code,
    };
    (between(fill, "<fgColor rgb=\"", "\"").to_string(), code.to_string())
}

#[test]
fn what_is_not_reached_is_shaded_and_numbers_have_their_decimals() {
    let whole = demo();
    let district = whole.district();
    let bytes = write(&district).unwrap();
    let shaded = |code: &str| ("FFD9D9D9".to_string(), code.to_string());
    let plain = |code: &str| (String::new(), code.to_string());
    // 翠园小学: L9 0.82 is below 0.9, L7 5.69 above 4.2; it is not up to standard.
    assert_eq!(look(&bytes, 3, "I4"), shaded("0.00"));
    assert_eq!(look(&bytes, 3, "G4"), plain("0.00"));
    assert_eq!(look(&bytes, 3, "N4").0, "FFD9D9D9");
    assert_eq!(look(&bytes, 3, "N5").0, "");
    assert_eq!(look(&bytes, 3, "D4"), plain("0"));
    // 生均体育运动场馆面积 of 小学 is over its limit, of 初中 it is not.
    assert_eq!(look(&bytes, 4, "G5"), shaded("0.000"));
    assert_eq!(look(&bytes, 4, "G7"), plain("0.000"));
    assert_eq!(look(&bytes, 4, "G4"), plain("0.00"));
    assert_eq!(look(&bytes, 2, "C5"), plain("0.0"));
    assert_eq!((look(&bytes, 1, "A9"), look(&bytes, 1, "E9")), (plain("0.00"), plain("0")));
    assert_eq!(look(&bytes, 7, "H6"), plain("0.0"));
}

#[test]
fn every_sheet_prints_on_a4_across_with_its_head() {
    let whole = demo();
    let district = whole.district();
    let bytes = write(&district).unwrap();
    let names = part(&bytes, "xl/workbook.xml");
    for number in 1..=7 {
        let sheet = part(&bytes, &format!("xl/worksheets/sheet{number}.xml"));
        let setup = between(&sheet, "<pageSetup ", "/>");
        for wanted in ["paperSize=\"9\"", "orientation=\"landscape\"", "fitToHeight=\"0\""] {
            assert!(setup.contains(wanted), "sheet {number}: {setup}");
        }
        assert!(sheet.contains("state=\"frozen\""), "sheet {number}: the head stays");
    }
    assert_eq!(names.matches("_xlnm.Print_Area").count(), 7);
    assert_eq!(names.matches("_xlnm.Print_Titles").count(), 7);
    let again = write(&district).unwrap();
    assert!(bytes == again, "the same run gives the same bytes");
}

#[test]
fn heads_are_merged_as_in_the_form() {
    let whole = demo();
    let bytes = write(&whole.district()).unwrap();
    let expected: [&[&str]; 7] = [
        &["A5:D5", "E5:H5", "I5:M5", "O5:P5", "Q5:R5", "S5:T5", "U5:X5", "U6:V6", "W6:X6", "A11:X11"],
        &[],
        &["A1:O1"],
        &["A2:B3", "A4:A5", "A6:A7"],
        &[],
        &["A2:A3", "B2:B3", "C2:C3"],
        &["B2:D2", "C3:D3", "F2:G2"],
    ];
    for (number, expected) in (1..).zip(expected) {
        let sheet = part(&bytes, &format!("xl/worksheets/sheet{number}.xml"));
        for range in expected {
            assert!(sheet.contains(&format!("<mergeCell ref=\"{range}\"/>")), "sheet {number}: {range}");
        }
        let all = sheet.matches("<mergeCell ").count();
        // Beside the form's own, only notes under the table.
        let notes = sheet.split("<mergeCell ref=\"").skip(1).filter(|range| {
            let range = range.split('"').next().unwrap_or_default();
            range.starts_with('A') && !expected.contains(&range)
        });
        assert_eq!(all, expected.len() + notes.count(), "sheet {number}");
    }
}

#[test]
fn reliefs_are_said() {
    let mut whole = demo();
    let said = |whole: &Whole, name: &str| {
        let sheet = sheet(&mut opened(&whole.district()), name);
        (0..sheet.height() as u32).any(|row| at(&sheet, row, 0).contains("过渡性放宽"))
    };
    assert!(!said(&whole, "表2-2") && !said(&whole, "表4"));
    whole.assessment.verdicts[0].reliefs.push("rooms_built_by_2016".into());
    assert!(said(&whole, "表2-2") && said(&whole, "表4"));
}
