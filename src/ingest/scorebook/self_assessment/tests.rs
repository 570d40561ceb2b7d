//! Self-assessments: written, filled in as units do, and read; and everything that is refused.

use std::path::PathBuf;

use crate::{
    ingest::{
        Options,
        scorebook::{is_scoring_workbook, lost_its_keys, read},
    },
    problem::{Error, Level, Problem},
    report::scorebook::Scorebook,
    standard::Standard,
    tables::marks::{Marks, Unit},
    testing::book::{Book, Cell, HEADER, t},
    words::{Language, Words},
};

const MARKS: &str = "自评表";
const REPORT: &str = "自评报告";
/// Columns of the own mark, the fact, the evidence and the reason; of a section's text.
const MARK: u32 = 7;
const FACT: u32 = 8;
const EVIDENCE: u32 = 9;
const REASON: u32 = 10;
const TEXT: u32 = 2;

fn unit(name: &str, code: &str) -> Unit {
    Unit { name: name.into(), code: Some(code.into()), ..Unit::default() }
}

fn units() -> Vec<Unit> {
    vec![unit("一校", "1"), unit("二校", "2"), unit("三校", "3")]
}

fn standard() -> Standard {
    Standard::load("taobei-2023").unwrap()
}

fn words() -> Words {
    Words::load(Language::Chinese).unwrap()
}

fn written(standard: &Standard, unit: &Unit) -> Book {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("自评.xlsx");
    let book =
        Scorebook { standard, units: &[], year: Some(2026), stage: "", filling: None, words: &words() };
    book.write_self_assessment(unit, &path).unwrap();
    Book::open(&path)
}

/// The offices' workbook, with nothing in it.
fn blank(standard: &Standard, units: &[Unit]) -> Book {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("评分.xlsx");
    let book = Scorebook { standard, units, year: Some(2026), stage: "", filling: None, words: &words() };
    book.write(&path).unwrap();
    Book::open(&path)
}

fn put(book: &mut Book, row: &str, column: u32, cell: Cell) {
    let at = (book.row(MARKS, row), column);
    book.sheet(MARKS).insert(at, cell);
}

fn saved(books: &[&Book]) -> (tempfile::TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = (1..=books.len()).map(|i| folder.path().join(format!("{i}.xlsx"))).collect();
    for (path, book) in paths.iter().zip(books) {
        std::fs::write(path, book.bytes()).unwrap();
    }
    (folder, paths)
}

fn read_all(standard: &Standard, books: &[&Book]) -> Result<Marks, Vec<Problem>> {
    let (_folder, paths) = saved(books);
    let said = |problem: &Problem| {
        for language in [Language::Chinese, Language::English] {
            let said = Words::load(language).unwrap().problem(problem);
            assert!(!said.contains('{') && !said.starts_with("problem."), "{said}");
        }
    };
    match read(&paths, standard, &Options::default()) {
        Ok(marks) => {
            marks.findings.iter().for_each(said);
            Ok(marks)
        }
        Err(Error::Input(problems)) => {
            problems.iter().for_each(said);
            assert!(problems.iter().all(|problem| problem.level == Level::Error));
            Err(problems)
        }
        Err(other) => panic!("{other}"),
    }
}

/// C1 has one part of 3 points; three rows are filled in.
fn filled(standard: &Standard, unit: &Unit) -> (Book, Vec<String>) {
    let entries = standard.self_entries(|name| unit.is_called(name));
    let rows: Vec<String> = entries.iter().take(3).map(|entry| entry.id.clone()).collect();
    let mut book = written(standard, unit);
    put(&mut book, &rows[0], MARK, Cell::Number(1.0));
    put(&mut book, &rows[0], FACT, t("开了三次会\n学了文件"));
    put(&mut book, &rows[0], EVIDENCE, t("会议记录（2026-03-02）"));
    put(&mut book, &rows[0], REASON, t("少开一次"));
    put(&mut book, &rows[1], MARK, t("0.5分"));
    put(&mut book, &rows[2], FACT, Cell::Number(2026.0));
    let row = book.row(REPORT, "basics");
    book.sheet(REPORT).insert((row, TEXT), t("学校有六个班。"));
    book.sheet(MARKS).insert((3, 2), t("张三"));
    book.sheet(MARKS).insert((4, 2), t("2026年2月20日"));
    (book, rows)
}

#[test]
fn what_a_unit_says_of_itself_is_read_and_is_no_mark() {
    let (standard, units) = (standard(), units());
    let (own, _) = filled(&standard, &units[1]);
    let marks = read_all(&standard, &[&blank(&standard, &units), &own]).unwrap();
    assert_eq!(
        marks.units.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>(),
        ["一校", "二校", "三校"]
    );
    // An own mark never is a mark.
    assert_eq!(marks.marks, []);
    let rows: Vec<_> = marks
        .self_marks
        .iter()
        .map(|own| {
            let place = own.place.cell.as_deref().unwrap();
            (own.unit, own.mark, own.fact.as_str(), own.evidence.as_str(), own.reason.as_str(), place)
        })
        .collect();
    assert_eq!(
        rows,
        [
            (1, Some(1.0), "开了三次会\n学了文件", "会议记录（2026-03-02）", "少开一次", "H7"),
            (1, Some(0.5), "", "", "", "H8"),
            (1, None, "2026", "", "", "H9"),
        ]
    );
    let [report] = &marks.self_reports[..] else { panic!("{:?}", marks.self_reports) };
    assert_eq!((report.unit, report.signed.as_str(), report.date.as_str()), (1, "张三", "2026年2月20日"));
    assert_eq!(
        report.sections.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect::<Vec<_>>(),
        [("basics", "学校有六个班。")]
    );
    // Each said once for all units.
    let parts = standard.self_entries(|_| true).len();
    let count = |code: &str| {
        let found: Vec<&Problem> = marks.findings.iter().filter(|one| one.code == code).collect();
        assert_eq!(found.len(), 1, "{code}: {:?}", marks.findings);
        found[0].args.iter().find(|(key, _)| *key == "count").map(|(_, value)| value.clone()).unwrap()
    };
    assert_eq!(count("self_unmarked"), (parts - 2).to_string());
    assert_eq!(count("self_unfounded"), "1");
    assert_eq!(count("self_unwritten"), "4");
    assert_eq!(count("self_not_handed_in"), "2");
}

#[test]
fn without_workbooks_of_offices_the_units_are_those_that_handed_in() {
    let (standard, units) = (standard(), units());
    let (first, _) = filled(&standard, &units[2]);
    let (second, _) = filled(&standard, &units[0]);
    let marks = read_all(&standard, &[&first, &second]).unwrap();
    assert_eq!(marks.units, [units[2].clone(), units[0].clone()]);
    assert_eq!((marks.self_reports.len(), marks.self_marks.len(), marks.year), (2, 6, Some(2026)));
    assert!(marks.findings.iter().all(|finding| finding.code != "self_not_handed_in"));
}

#[test]
fn what_is_wrong_is_refused_with_its_cell() {
    type Change = fn(&mut Book, &[String]);
    type Expected = &'static [(&'static str, Option<&'static str>)];
    let changes: [(&str, Change, Expected); 15] = [
        ("over the points", |b, r| put(b, &r[0], MARK, Cell::Number(99.0)), &[("marks_above", Some("H7"))]),
        ("below zero", |b, r| put(b, &r[0], MARK, Cell::Number(-1.0)), &[("marks_below", Some("H7"))]),
        ("no number", |b, r| put(b, &r[1], MARK, t("满分")), &[("marks_not_number", Some("H8"))]),
        (
            "another unit's name above",
            |b, _| drop(b.sheet(MARKS).insert((2, 2), t("三校"))),
            &[("self_unit_renamed", Some("C3"))],
        ),
        (
            "a row of another standard",
            |b, r| {
                let row = b.row(MARKS, &r[2]);
                b.sheet(MARKS).insert((row, 0), t("C99.1"));
            },
            &[("self_row_unknown", Some("I9")), ("marks_row_missing", None)],
        ),
        (
            "the hidden number is gone",
            |b, r| {
                let row = b.row(MARKS, &r[1]);
                b.sheet(MARKS).remove(&(row, 0));
            },
            &[("self_row_without_id", Some("H8")), ("marks_row_missing", None)],
        ),
        (
            "sorted without the hidden column",
            |b, r| {
                let rows = [&r[0], &r[1]].map(|id| b.row(MARKS, id));
                let keys = rows.map(|row| b.sheet(MARKS).remove(&(row, 0)).unwrap());
                let [first, second] = keys;
                b.sheet(MARKS).insert((rows[0], 0), second);
                b.sheet(MARKS).insert((rows[1], 0), first);
            },
            &[("marks_number_changed", Some("B7")), ("marks_number_changed", Some("B8"))],
        ),
        (
            "columns exchanged without their keys",
            |b, _| {
                b.sheet(MARKS).insert((HEADER, FACT), t("佐证材料（名称和文号）"));
                b.sheet(MARKS).insert((HEADER, EVIDENCE), t("事实（做了什么）"));
            },
            &[("self_column_renamed", Some("I6")), ("self_column_renamed", Some("J6"))],
        ),
        (
            "a column removed",
            |b, _| b.moved(MARKS, |r, c| (c != REASON).then_some((r, c))),
            &[("self_column_removed", None)],
        ),
        (
            "a row twice",
            |b, r| {
                let row = b.row(MARKS, &r[0]);
                let cells: Vec<_> = b
                    .sheet(MARKS)
                    .iter()
                    .filter(|((at, _), _)| *at == row)
                    .map(|(at, c)| (at.1, c.clone()))
                    .collect();
                for (column, cell) in cells {
                    b.sheet(MARKS).insert((900, column), cell);
                }
            },
            &[("self_row_twice", Some("A901"))],
        ),
        (
            "a text without its section",
            |b, _| drop(b.sheet(REPORT).insert((40, TEXT), t("补充说明"))),
            &[("self_section_unknown", Some("C41"))],
        ),
        (
            "a section renamed",
            |b, _| {
                let row = b.row(REPORT, "basics");
                b.sheet(REPORT).insert((row, 1), t("工作成效"));
            },
            &[("self_section_renamed", Some("C7"))],
        ),
        (
            "a section removed",
            |b, _| {
                let row = b.row(REPORT, "measures");
                b.moved(REPORT, |r, c| (r != row).then_some((r, c)));
            },
            &[("self_section_missing", None)],
        ),
        (
            "the header removed",
            |b, _| b.moved(MARKS, |r, c| (r != HEADER).then_some((r, c))),
            &[("marks_header_removed", None)],
        ),
        (
            "the keys of a sheet removed",
            |b, _| b.moved(REPORT, |r, c| (r != 0).then_some((r, c))),
            &[("marks_keys_lost", None)],
        ),
    ];
    let (standard, units) = (standard(), units());
    let offices = blank(&standard, &units);
    let (own, rows) = filled(&standard, &units[1]);
    for (name, change, expected) in changes {
        let mut book = own.clone();
        change(&mut book, &rows);
        let problems =
            read_all(&standard, &[&offices, &book]).err().unwrap_or_else(|| panic!("{name}: read"));
        let found: Vec<_> = problems.iter().map(|p| (p.code, p.place.cell.as_deref())).collect();
        // A header that is gone takes all rows with it.
        let found = if name == "the header removed" { &found[..1] } else { &found[..] };
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn of_one_unit_there_is_one_and_it_is_a_unit_of_the_offices() {
    let (standard, units) = (standard(), units());
    let offices = blank(&standard, &units);
    let (own, rows) = filled(&standard, &units[1]);
    let mut again = own.clone();
    put(&mut again, &rows[0], MARK, Cell::Number(0.0));
    let problems = read_all(&standard, &[&offices, &own, &again]).unwrap_err();
    assert_eq!(problems.iter().map(|p| p.code).collect::<Vec<_>>(), ["self_two", "self_two"]);
    let (stranger, _) = filled(&standard, &unit("四校", "4"));
    let problems = read_all(&standard, &[&offices, &stranger]).unwrap_err();
    assert_eq!(
        problems.iter().map(|p| p.code).collect::<Vec<_>>(),
        ["self_unit_unknown", "self_unit_unknown"]
    );
    // A sheet of the unit in the offices' workbook stays what it is.
    let mut mixed = offices.clone();
    mixed.sheets.extend(own.sheets.iter().filter(|(name, _)| name == MARKS).cloned());
    let marks = read_all(&standard, &[&mixed]).unwrap();
    assert_eq!((marks.marks.len(), marks.self_marks.len()), (0, 3));
    // A sheet that was removed is said to be lost.
    let mut without = own.clone();
    without.sheets.retain(|(name, _)| name != MARKS);
    let marks = read_all(&standard, &[&offices, &without]).unwrap();
    assert!(marks.findings.iter().any(|finding| finding.code == "self_sheet_removed"));
}

#[test]
fn a_department_is_asked_for_its_own_items() {
    let standard = Standard::load("akqi-2021").unwrap();
    let police = Unit { name: "县公安局".into(), ..Unit::default() };
    let own = standard.self_entries(|name| police.is_called(name));
    let expected: Vec<usize> = (0..standard.items.len())
        .filter(|at| standard.items[*at].departments.iter().any(|name| name == "县公安局"))
        .collect();
    assert_eq!(own.iter().filter_map(|entry| entry.item).collect::<Vec<_>>(), expected);
    assert!(!expected.is_empty() && expected.len() < standard.items.len());
    let mut book = written(&standard, &police);
    // The points come with the year: 150 is over any, and so is 9 of 8 where the year says 8.
    put(&mut book, &own[0].id, MARK, Cell::Number(9.0));
    let units = [police.clone(), Unit { name: "县财政局".into(), ..Unit::default() }];
    let mut offices = blank(&standard, &units);
    let item = standard.items[own[0].item.unwrap()].id.clone();
    let row = offices.row("年度分值", &item);
    offices.sheet("年度分值").insert((row, 3), Cell::Number(8.0));
    let problems = read_all(&standard, &[&offices, &book]).unwrap_err();
    assert_eq!(
        problems.iter().map(|p| (p.code, p.place.cell.as_deref())).collect::<Vec<_>>(),
        [("marks_above", Some("H7"))]
    );
    offices.sheet("年度分值").insert((row, 3), Cell::Number(9.0));
    assert_eq!(read_all(&standard, &[&offices, &book]).unwrap().self_marks[0].mark, Some(9.0));
}

#[test]
fn cells_copied_without_their_keys_are_not_data() {
    let (standard, units) = (standard(), units());
    let (mut own, _) = filled(&standard, &units[0]);
    own.sheets.retain(|(name, _)| name == MARKS);
    own.moved(MARKS, |r, c| (r > 0 && c > 0).then_some((r, c)));
    let (_folder, paths) = saved(&[&own]);
    assert!(!is_scoring_workbook(&paths[0], &Options::default()));
    assert!(lost_its_keys(&paths[0], &Options::default()).unwrap());
}
