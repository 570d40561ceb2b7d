//! The scorebook: written, filled in as offices do, and read; and everything that is refused.

mod reasons;

use std::{collections::BTreeMap, process::Command};

use crate::{
    ingest::{
        Options,
        scorebook::{is_scoring_workbook, read, units},
    },
    problem::{Error, Level, Problem},
    report::scorebook,
    standard::{
        Standard,
        entry::{Entry, Value},
        rule_text,
    },
    tables::marks::{Entered, Marks, Unit},
    words::{Language, Words},
};
use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use crate::testing::{
    book::{Book, Cell, HEADER, t},
    program, project, python_with,
};

/// The column of titles in the written sheets (see `tables::scorebook`).
const TITLE: u32 = 3;
const UNITS: [&str; 3] = ["乌拉特前旗", "磴口县", "五原县"];

fn standard(name: &str) -> Standard {
    Standard::load(&project(&format!("tests/it/marking/{name}.toml")).display().to_string()).unwrap()
}

fn of_list() -> Vec<Unit> {
    let unit = |name: &str, code: &str, alias: &[&str]| Unit {
        name: name.into(),
        code: Some(code.into()),
        aliases: alias.iter().map(|a| a.to_string()).collect(),
        class: None,
    };
    vec![
        unit(UNITS[0], "150823", &["乌前旗"]),
        unit(UNITS[1], "150822", &[]),
        unit(UNITS[2], "150821", &["五原", "=五县"]),
    ]
}

fn words(language: Language) -> Words {
    Words::load(language).unwrap()
}

fn read_all(standard: &Standard, books: &[&Book]) -> Result<Marks, Vec<Problem>> {
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<_> = (0..books.len()).map(|i| folder.path().join(format!("{}.xlsx", i + 1))).collect();
    for (path, book) in paths.iter().zip(books) {
        std::fs::write(path, book.bytes()).unwrap();
        assert!(is_scoring_workbook(path, &Options::default()));
    }
    match read(&paths, standard, &Options::default()) {
        Ok(marks) => Ok(marks),
        Err(Error::Input(problems)) => {
            for problem in &problems {
                for language in [Language::Chinese, Language::English] {
                    let said = words(language).problem(problem);
                    assert!(!said.contains('{') && !said.starts_with("problem."), "{said}");
                }
                assert_eq!(problem.level, Level::Error);
                assert!(problem.place.file.as_ref().is_some_and(|f| f.ends_with(".xlsx")), "{problem:?}");
            }
            Err(problems)
        }
        Err(other) => panic!("{other}"),
    }
}

fn codes(read: Result<Marks, Vec<Problem>>) -> Vec<&'static str> {
    match read {
        Ok(marks) => panic!("read: {} marks", marks.marks.len()),
        Err(problems) => problems.iter().map(|problem| problem.code).collect(),
    }
}

type Values = BTreeMap<(String, String), Entered>;

fn values(marks: &Marks) -> Values {
    let one = |mark: &crate::tables::marks::Mark| {
        ((marks.units[mark.unit].name.clone(), mark.entry.clone()), mark.entered)
    };
    marks.marks.iter().map(one).collect()
}

/// The workbook of a standard, as it is written for offices to fill in.
fn written(standard: &Standard, units: &[Unit], year: Option<i32>) -> Book {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("评分.xlsx");
    let words = &words(Language::Chinese);
    scorebook::Scorebook { standard, units, year, stage: "", filling: None, words }.write(&path).unwrap();
    Book::open(&path)
}

/// A valid entry, as it is typed and as it is read.
fn allowed(entry: &Entry, random: &mut ChaCha8Rng) -> (Cell, Entered) {
    let hundredths =
        |most: f64, random: &mut ChaCha8Rng| (random.random_range(0.0..=most) * 100.0).floor() / 100.0;
    let typed = |number: f64, random: &mut ChaCha8Rng| {
        let cell = match random.random_range(0..4) {
            0 => t(&format!(" {number}分")),
            1 => t(&number.to_string()),
            _ => Cell::Number(number),
        };
        (cell, Entered::Number(number))
    };
    match &entry.value {
        Value::Date => {
            let day = random.random_range(1..29u32);
            let cell = match random.random_range(0..3) {
                0 => t(&format!("2020年11月{day}日")),
                1 => t(&format!("2020-11-{day:02}")),
                _ => t(&format!("2020.11.{day}")),
            };
            (cell, Entered::Date(chrono::NaiveDate::from_ymd_opt(2020, 11, day).unwrap()))
        }
        Value::Score { most } => {
            let number = hundredths(most.unwrap_or(30.0), random);
            typed(number, random)
        }
        Value::Count => {
            let number = f64::from(random.random_range(0..200u16));
            typed(number, random)
        }
        Value::Amount { .. } | Value::Percent => {
            let number = hundredths(100.0, random);
            (Cell::Number(number), Entered::Number(number))
        }
        Value::YesNo => {
            let yes = random.random::<bool>();
            let shown = [["否", "no", "×", "0"], ["是", "yes", "√", "1"]][usize::from(yes)];
            (t(shown[random.random_range(0..4)]), Entered::Truth(yes))
        }
        Value::OneOf { points, .. } => {
            let at = random.random_range(0..points.len());
            let label = entry.value.tiers()[at].clone();
            (t(&label), Entered::Number(points[at]))
        }
        Value::Direction => {
            let way = random.random_range(-1..=1i8);
            (t(["下降", "持平", "上升"][(way + 1) as usize]), Entered::Direction(way))
        }
        Value::Deduction { least } => {
            let number = if random.random::<bool>() { 0.0 } else { least + hundredths(4.0, random) };
            (Cell::Number(number), Entered::Number(number))
        }
        Value::Range { least, most } => match random.random::<bool>() {
            true => (Cell::Number(0.0), Entered::Number(0.0)),
            false => {
                let number = least + hundredths(most - least, random);
                (Cell::Number(number), Entered::Number(number))
            }
        },
    }
}

/// Fills in all or part of a workbook, equally on the sheets of all offices.
fn filled(standard: &Standard, units: &[Unit], seed: u64, share: f64) -> (Book, Values) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut book = written(standard, units, Some(2026));
    let mut expected = Values::new();
    let entries = standard.entries();
    for unit in units {
        for entry in &entries {
            if !random.random_bool(share) || !standard.concerns(entry, |name| unit.is_called(name)) {
                continue;
            }
            let (cell, entered) = allowed(entry, &mut random);
            if standard.is_shared(entry) {
                // Entered once, for all.
                if !expected.contains_key(&(units[0].name.clone(), entry.id.clone())) {
                    book.enter(&entry.id, &unit.name, &cell);
                    expected.extend(units.iter().map(|of| ((of.name.clone(), entry.id.clone()), entered)));
                }
                continue;
            }
            book.enter(&entry.id, &unit.name, &cell);
            expected.insert((unit.name.clone(), entry.id.clone()), entered);
        }
    }
    (book, expected)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_entered_within_the_limits_comes_back(seed: u64, share in 0.0..=1.0f64) {
        let standard = standard("every-method");
        let (book, expected) = filled(&standard, &of_list(), seed, share);
        let marks = read_all(&standard, &[&book]).unwrap();
        prop_assert_eq!(values(&marks), expected);
        prop_assert_eq!(marks.year, Some(2026));
    }
}

#[test]
fn units_offices_and_who_marked_come_back() {
    let standard = standard("every-method");
    let (mut book, _) = filled(&standard, &of_list(), 1, 1.0);
    book.sheet("基教科").insert((3, 2), t("王 五"));
    let marks = read_all(&standard, &[&book]).unwrap();
    assert_eq!(marks.units, of_list());
    assert_eq!((marks.standard.as_str(), marks.files.len()), ("every-method", 1));
    assert!(marks.findings.iter().all(|f| f.code == "marks_small_percentage"), "{:?}", marks.findings);
    let of = |entry: &str| marks.marks.iter().find(|mark| mark.entry == entry).unwrap();
    assert_eq!((of("1.1").office.as_str(), of("1.1").marker.as_str()), ("基教科", "王 五"));
    assert_eq!((of("1.2.count").office.as_str(), of("1.2.count").marker.as_str()), ("信访科", ""));
    assert_eq!(of("component.other").office, "");
    assert_eq!(of("1.1").place.sheet.as_deref(), Some("基教科"));
    assert_eq!(of("1.1").place.cell.as_deref(), Some("I7"));
    assert_eq!(marks.asked["1.1"], ["基教科", "督导室"]);
    assert_eq!(marks.asked.len(), standard.entries().len());
}

#[test]
fn offices_send_a_sheet_each_in_any_form() {
    let standard = standard("every-method");
    let (book, expected) = filled(&standard, &of_list(), 2, 0.8);
    // Each office's sheet copied into a workbook of its own.
    let alone: Vec<Book> =
        ["信访科", "督导室", "基教科", "组织单位（未定科室）"].iter().map(|name| book.only(name)).collect();
    let marks = read_all(&standard, &alone.iter().collect::<Vec<_>>()).unwrap();
    assert_eq!(values(&marks), expected);
    // The whole workbook, and a copy that only one office has filled in.
    let blank = written(&standard, &of_list(), Some(2026));
    assert_eq!(values(&read_all(&standard, &[&blank, &book]).unwrap()), expected);
    assert!(values(&read_all(&standard, &[&blank]).unwrap()).is_empty());

    // Rows and columns reversed with their keys, a row and a column inserted, the sheet renamed.
    let mut other = book.clone();
    let last = other.sheet("基教科").keys().map(|(row, _)| *row).max().unwrap();
    other.moved("基教科", |row, column| {
        Some((if row > HEADER { last + HEADER + 1 - row } else { row }, column))
    });
    other.moved("基教科", |row, column| Some((row, if column >= 8 { 18 - column } else { column })));
    other.moved("基教科", |row, column| {
        Some((if row > 8 { row + 1 } else { row }, column + u32::from(column > 5)))
    });
    other.sheet("基教科").insert((9, 3), t("以下为备查"));
    other.sheet("基教科").insert((HEADER, 6), t("我的备注"));
    other.sheet("基教科").insert((11, 6), t("已看过"));
    other.sheets.iter_mut().find(|(name, _)| name == "基教科").unwrap().0 = "基教（王）".into();
    let marks = read_all(&standard, &[&other]).unwrap();
    assert_eq!(values(&marks), expected);
    assert!(marks.findings.iter().any(|f| f.code == "marks_column_passed"));
}

/// One change to a filled-in workbook, the code of the resulting problem, and its place.
type Change = (&'static str, fn(&mut Book), &'static [(&'static str, Option<&'static str>)]);

const SHEET: &str = "基教科";

#[test]
fn everything_that_cannot_be_is_told() {
    let changes: &[Change] = &[
        (
            "above",
            |b| b.set(SHEET, "2.2.bonus", UNITS[0], Cell::Number(1.01)),
            &[("marks_above", Some("I17"))],
        ),
        (
            "below",
            |b| b.set(SHEET, "2.2.bonus", UNITS[1], Cell::Number(-0.5)),
            &[("marks_below", Some("J17"))],
        ),
        ("letters", |b| b.set(SHEET, "2.2.bonus", UNITS[0], t("良好")), &[("marks_not_number", Some("I17"))]),
        (
            "fraction",
            |b| b.set("信访科", "1.2.count", UNITS[0], Cell::Number(1.5)),
            &[("marks_fraction", Some("I7"))],
        ),
        ("yes or no", |b| b.set(SHEET, "2.1.1", UNITS[0], t("大概")), &[("marks_not_yes_no", Some("I15"))]),
        ("tier", |b| b.set(SHEET, "2.4.tier", UNITS[0], t("良")), &[("marks_not_tier", Some("I20"))]),
        (
            "direction",
            |b| b.set(SHEET, "2.6.trend", UNITS[0], t("还行")),
            &[("marks_not_direction", Some("I22"))],
        ),
        (
            "percent",
            |b| b.set(SHEET, "2.8.value", UNITS[0], Cell::Number(101.0)),
            &[("marks_percent", Some("I25"))],
        ),
        (
            "range",
            |b| b.set(SHEET, "2.2.fault", UNITS[0], Cell::Number(0.5)),
            &[("marks_range", Some("I18"))],
        ),
        (
            "two at once",
            |b| {
                b.set(SHEET, "2.2.fault", UNITS[0], Cell::Number(9.0));
                b.set(SHEET, "2.1.1", UNITS[2], t("嗯"));
            },
            &[("marks_not_yes_no", Some("K15")), ("marks_range", Some("I18"))],
        ),
        (
            "two offices",
            |b| {
                b.set(SHEET, "1.1", UNITS[0], Cell::Number(3.0));
                b.set("督导室", "1.1", UNITS[0], Cell::Number(4.0));
            },
            &[("marks_two_offices", Some("I7"))],
        ),
        (
            "a row deleted",
            |b| {
                let gone = b.row(SHEET, "2.3.tier");
                b.moved(SHEET, |row, c| (row != gone).then_some((row - u32::from(row > gone), c)));
            },
            &[("marks_row_missing", None)],
        ),
        (
            "an item renamed",
            |b| {
                let row = b.row(SHEET, "2.3.tier");
                b.sheet(SHEET).insert((row, TITLE), t("其他"));
            },
            &[("marks_title_changed", Some("D19"))],
        ),
        (
            "sorted without the keys",
            |b| {
                let (first, second) = (b.row(SHEET, "2.1.1"), b.row(SHEET, "2.3.tier"));
                b.moved(SHEET, |row, c| {
                    let other = if row == first { second } else { first };
                    Some((if c > 0 && (row == first || row == second) { other } else { row }, c))
                });
            },
            &[("marks_number_changed", Some("B15")), ("marks_number_changed", Some("B19"))],
        ),
        (
            "an unknown id",
            |b| {
                let row = b.row(SHEET, "2.3.tier");
                b.sheet(SHEET).insert((row, 0), t("2.33.tier"));
            },
            &[("marks_entry_unknown", Some("A19")), ("marks_row_missing", None)],
        ),
        (
            "a row of one's own with scores",
            |b| {
                b.sheet(SHEET).insert((60, TITLE), t("另加一项"));
                b.sheet(SHEET).insert((60, 8), Cell::Number(5.0));
            },
            &[("marks_row_without_id", Some("I61"))],
        ),
        (
            "a unit renamed",
            |b| {
                b.sheet("信访科").insert((HEADER, 8), t("乌拉特后旗"));
            },
            &[("marks_unit_renamed", Some("I6"))],
        ),
        (
            "headers of two units exchanged",
            |b| {
                b.sheet("信访科").insert((HEADER, 8), t(UNITS[1]));
                b.sheet("信访科").insert((HEADER, 9), t(UNITS[0]));
            },
            &[("marks_unit_moved", Some("I6")), ("marks_unit_moved", Some("J6"))],
        ),
        (
            "name and other name",
            |b| {
                b.sheet("信访科").insert((HEADER, 11), t("乌前旗"));
            },
            &[("marks_unit_twice", Some("L6"))],
        ),
        (
            "an unknown unit",
            |b| {
                b.sheet("信访科").insert((HEADER, 11), t("乌拉特中旗"));
                b.sheet("信访科").insert((6, 11), Cell::Number(2.0));
            },
            &[("marks_unit_unknown", Some("L6"))],
        ),
        (
            "the hidden row gone",
            |b| b.moved("信访科", |row, c| (row > 0).then(|| (row - 1, c))),
            &[("marks_keys_lost", None)],
        ),
        (
            "another standard",
            |b| {
                for (_, cells) in &mut b.sheets {
                    if let Some(Cell::Text(anchor)) = cells.get(&(0, 0)).cloned() {
                        cells.insert((0, 0), t(&anchor.replace("every-method", "daxiang")));
                    }
                }
            },
            &[("marks_other_standard", None)],
        ),
        (
            "another version",
            |b| {
                for (_, cells) in &mut b.sheets {
                    if let Some(Cell::Text(anchor)) = cells.get(&(0, 0)).cloned() {
                        cells.insert((0, 0), t(&anchor.replace("every-method|1|", "every-method|0|")));
                    }
                }
            },
            &[("marks_other_version", None)],
        ),
        (
            "another office",
            |b| {
                if let Some(Cell::Text(anchor)) = b.sheet("信访科").get(&(0, 0)).cloned() {
                    b.sheet("信访科").insert((0, 0), t(&anchor.replace("信访科", "信访室")));
                }
            },
            &[("marks_office_unknown", None)],
        ),
    ];
    let standard = standard("every-method");
    let (book, _) = filled(&standard, &of_list(), 3, 1.0);
    for (name, change, expected) in changes {
        let mut book = book.clone();
        change(&mut book);
        let problems = read_all(&standard, &[&book]).err().unwrap_or_else(|| panic!("{name}: read"));
        let found: Vec<(&str, Option<&str>)> =
            problems.iter().map(|p| (p.code, p.place.cell.as_deref())).collect();
        assert_eq!(found, *expected, "{name}");
        assert!(problems.iter().all(|p| p.place.sheet.is_some()), "{name}");
    }
}

#[test]
fn what_two_workbooks_say_must_agree() {
    let standard = standard("every-method");
    let (book, _) = filled(&standard, &of_list(), 4, 1.0);
    let mut other = book.clone();
    other.set(SHEET, "2.3.tier", UNITS[0], t("6"));
    let mut first = book.clone();
    first.set(SHEET, "2.3.tier", UNITS[0], t("10"));
    let problems = read_all(&standard, &[&first, &other]).unwrap_err();
    assert_eq!(problems.len(), 1);
    let said = words(Language::Chinese).placed(&problems[0]);
    for wanted in ["2.xlsx", "1.xlsx", "I19", "基教科", "10", "6", "乌拉特前旗", "2.3"] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    let year = |from: &Book| {
        let mut book = from.clone();
        for (_, cells) in &mut book.sheets {
            if let Some(Cell::Text(anchor)) = cells.get(&(0, 0)).cloned() {
                cells.insert((0, 0), t(&anchor.replace("|2026|", "|2025|")));
            }
        }
        book
    };
    assert_eq!(codes(read_all(&standard, &[&book, &year(&book)])), ["marks_years"]);
    // One workbook lists 乌拉特前旗 with the alias 乌前旗; the other lists 乌前旗.
    let mut list = of_list();
    list[0] = Unit { name: "乌前旗".into(), ..Unit::default() };
    let (renamed, _) = filled(&standard, &list, 4, 0.0);
    let found = codes(read_all(&standard, &[&book, &renamed]));
    assert!(!found.is_empty() && found.iter().all(|code| *code == "marks_unit_two_names"), "{found:?}");
    let nothing = Book { sheets: vec![("学校".into(), BTreeMap::from([((0, 0), t("学校名称"))]))] };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("学校.xlsx");
    std::fs::write(&path, nothing.bytes()).unwrap();
    assert!(!is_scoring_workbook(&path, &Options::default()));
    match read(&[path], &standard, &Options::default()) {
        Err(Error::Input(problems)) => assert_eq!(problems[0].code, "marks_none"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn points_of_the_year_departments_and_settings() {
    let standard = standard("yearly");
    let members = standard.units.as_ref().unwrap().members.iter().map(|m| Unit {
        name: m.name.clone(),
        code: m.code.clone(),
        aliases: m.aliases.clone(),
        class: m.class.clone(),
    });
    let members: Vec<Unit> = members.collect();
    let blank = written(&standard, &members, None);
    let office = "组织单位（未定科室）";
    let points = |one: f64, two: f64| {
        let mut book = blank.clone();
        book.sheet("年度分值").insert((3, 3), Cell::Number(one));
        book.sheet("年度分值").insert((4, 3), t(&format!("{two}分")));
        book
    };
    let mut book = points(60.0, 40.0);
    book.set(office, "1.1", "教育局", Cell::Number(60.0));
    book.set(office, "2.1", "财政局", Cell::Number(39.5));
    let marks = read_all(&standard, &[&book]).unwrap();
    assert_eq!(marks.marks.len(), 2);
    assert_eq!((marks.yearly_points["1"].0, marks.yearly_points["2"].0), (60.0, 40.0));
    assert!(marks.findings.is_empty());
    // The points are entered in one workbook and limit the scores of all.
    let mut scores = blank.clone();
    scores.set(office, "2.1", "财政局", Cell::Number(40.5));
    assert_eq!(codes(read_all(&standard, &[&scores, &book.only("年度分值")])), ["marks_above"]);
    let found = read_all(&standard, &[&scores]).unwrap().findings;
    assert_eq!(found.iter().map(|f| f.code).collect::<Vec<_>>(), ["marks_points_missing"]);
    let found = read_all(&standard, &[&points(60.0, 39.0)]).unwrap().findings;
    assert_eq!(found.iter().map(|f| f.code).collect::<Vec<_>>(), ["marks_points_sum"]);
    assert_eq!(
        codes(read_all(&standard, &[&points(60.0, 40.0), &points(50.0, 40.0)])),
        ["marks_points_differ"]
    );
    // Sorted without their hidden keys, the points would be those of the other item.
    let mut sorted = points(60.0, 40.0);
    let sheet = sorted.sheet("年度分值");
    for column in 1..4 {
        let (one, two) = (sheet.remove(&(3, column)).unwrap(), sheet.remove(&(4, column)).unwrap());
        sheet.insert((3, column), two);
        sheet.insert((4, column), one);
    }
    assert_eq!(codes(read_all(&standard, &[&sorted])), ["marks_number_changed"; 2]);
    // Item 1 does not belong to the finance bureau.
    let mut barred = points(60.0, 40.0);
    barred.set(office, "1.1", "财政局", Cell::Number(1.0));
    assert_eq!(codes(read_all(&standard, &[&barred])), ["marks_not_concerned"]);
    // A setting that changes what is entered is an error, one that does not is a note.
    let mut chosen = standard.clone();
    chosen.choose("late", "counted").unwrap();
    let found = codes(read_all(&chosen, &[&book]));
    assert!(found.contains(&"marks_other_settings"), "{found:?}");
    let mut ties = standard.clone();
    ties.choose("ties", "average").unwrap();
    let found = read_all(&ties, &[&book]).unwrap().findings;
    assert!(found.iter().all(|f| f.code == "marks_settings_told") && !found.is_empty(), "{found:?}");
}

#[test]
fn lists_of_units_in_any_table() {
    let folder = tempfile::tempdir().unwrap();
    let list = |text: &str| {
        let path = folder.path().join("units.csv");
        std::fs::write(&path, text).unwrap();
        units(&path, &Options::default())
    };
    let code = |text: &str| match list(text) {
        Err(Error::Input(problems)) => problems.iter().map(|p| p.code).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let expected = of_list();
    let read = list(
        "旗县区名单\n单位名称,代码,别名,分组\n乌拉特前旗,150823,乌前旗,\n磴口县,150822,,\n五原县,150821,五原；=五县,\n",
    );
    assert_eq!(read.unwrap(), expected);
    let read = list("Name,Code,Aliases,Class\n乌拉特前旗,150823,乌前旗,30\n").unwrap();
    assert_eq!(read[0].class.as_deref(), Some("30"));
    assert_eq!(code("代码\n150823\n"), ["units_no_names"]);
    assert_eq!(code("名称,代码\n,150823\n"), ["units_no_name", "units_none"]);
    assert_eq!(code("名称,别名\n甲县,乙县\n乙县,\n"), ["units_twice"]);
    assert_eq!(code("名称\n甲县\n甲 县\n"), ["units_twice"]);
}

#[test]
fn rules_in_words() {
    let standard = standard("every-method");
    let mut lines = String::new();
    for language in [Language::Chinese, Language::English] {
        let words = words(language);
        for entry in standard.entries() {
            let title = entry.title(&standard, language).replace('\n', " / ");
            let rule = rule_text::of_entry(&standard, &entry, &words);
            lines += &format!("{} [{title}] {rule}\n", entry.id);
        }
    }
    insta::assert_snapshot!(lines);
}

/// The value of a check on every school is a number of schools, without the unit of the check's own value.
#[test]
fn rows_that_do_not_reach_it_are_asked_for_plainly() {
    let standard = Standard::load("bayannur-2020").unwrap();
    let entries = standard.entries();
    let mut book = written(&standard, &of_list(), Some(2026));
    for (id, wanted) in [
        ("51.check.teachers", "学校数，整数，全部达到填 0"),
        ("51.check.teachers", "没有达到“"),
        ("60.check.books", "没有达到“"),
        ("60.check.books", "的学校数，整数，全部达到填 0"),
    ] {
        let Some(entry) = entries.iter().find(|entry| entry.id == id) else { panic!("{id}") };
        assert_eq!(entry.value, Value::Count);
        let office = book.offices(id).remove(0);
        let row = book.row(&office, id);
        let text = book.sheet(&office)[&(row, 7)].clone();
        assert!(format!("{text:?}").contains(wanted), "{id}: {text:?}");
        assert!(!format!("{text:?}").contains("次数"), "{id}: {text:?}");
    }
    // Whatever the standard requires of every row.
    for name in crate::standard::names().unwrap() {
        let standard = Standard::load(&name).unwrap();
        for check in standard.items.iter().flat_map(|item| item.checks()) {
            if standard.units.is_some() && standard.counts_rows(check) {
                let text = rule_text::rows_wanted(check, &words(Language::Chinese));
                assert!(!text.contains("≥ 1 是/否") && !text.contains("“”"), "{name} {}: {text}", check.id);
            }
        }
    }
    let check = |item: &str, id: &str| {
        let item = standard.items.iter().find(|one| one.id == item).unwrap();
        item.checks().iter().find(|check| check.id == id).unwrap().clone()
    };
    let teachers = check("51", "teachers");
    let said = |count: f64, language| rule_text::rows_unmet(&teachers, count, &words(language));
    assert_eq!(said(2.0, Language::Chinese), "未达到的有 2 所");
    assert_eq!(said(0.0, Language::Chinese), "各校（学段）都达到");
    assert_eq!(said(2.0, Language::English), "2 schools do not reach it");
    assert_eq!(said(1.0, Language::English), "1 school does not reach it");
    assert_eq!(rule_text::rows_required(&teachers, &words(Language::Chinese)), "≥ 0.9 人/百人");
}

/// A percentage above 100 is refused unless it is possible.
#[test]
fn percentages_are_known_by_their_unit() {
    let standard = Standard::load("bayannur-2020").unwrap();
    let entry = |id: &str| standard.entries().into_iter().find(|entry| entry.id == id).unwrap();
    assert_eq!(entry("27.7.value").value, Value::Percent);
    let mut book = written(&standard, &of_list(), Some(2026));
    book.enter("27.7.value", UNITS[0], &Cell::Number(120.0));
    assert_eq!(codes(read_all(&standard, &[&book])), ["marks_percent"]);
    book.enter("27.7.value", UNITS[0], &Cell::Number(0.85));
    let percent = |entry: &&Entry| matches!(&entry.value, Value::Amount { unit } if unit == "%");
    let amount = standard.entries().iter().find(percent).unwrap().id.clone();
    book.enter(&amount, UNITS[1], &Cell::Number(6500.0));
    let marks = read_all(&standard, &[&book]).unwrap();
    let mut told: Vec<&str> = marks.findings.iter().map(|finding| finding.code).collect();
    told.sort_unstable();
    told.dedup();
    assert_eq!(told, ["marks_large_percentage", "marks_small_percentage"]);
    assert!(marks.findings.iter().all(|finding| finding.place.cell.is_some()));
}

/// As an office does: another program opens the file, fills it in and saves it.
#[test]
fn filled_in_by_another_program() {
    let Some(python) = python_with("openpyxl") else { return };
    let standard = standard("every-method");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("评分.xlsx");
    let (units, chinese) = (&of_list(), &words(Language::Chinese));
    scorebook::Scorebook {
        standard: &standard,
        units,
        year: Some(2026),
        stage: "",
        filling: None,
        words: chinese,
    }
    .write(&path)
    .unwrap();
    let script = r#"
import openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1])
sheet = book["基教科"]
assert sheet.protection.sheet and sheet.row_dimensions[1].hidden and sheet.column_dimensions["A"].hidden
assert sheet.freeze_panes == "E7", sheet.freeze_panes
rules = {str(v.sqref): v for v in sheet.data_validations.dataValidation}
assert rules["I7:K7"].formula2 == "5", rules["I7:K7"].formula2
assert rules["I15:K15"].formula1 == '"是,否"'
assert len(rules) == 23
for row in sheet.iter_rows(min_row=7):
    for cell in row[8:11]:
        assert not cell.protection.locked
sheet["I7"] = 4.5
sheet["J15"] = "是"
sheet["I19"] = 8
sheet["D4"] = None
sheet["C4"] = "李四"
book.save(sys.argv[1])
"#;
    let run = Command::new(python).args(["-c", script]).arg(&path).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let expected: Values = [
        ((UNITS[0].to_string(), "1.1".to_string()), Entered::Number(4.5)),
        ((UNITS[1].to_string(), "2.1.1".to_string()), Entered::Truth(true)),
        ((UNITS[0].to_string(), "2.3.tier".to_string()), Entered::Number(8.0)),
    ]
    .into();
    let marks = read(std::slice::from_ref(&path), &standard, &Options::default()).unwrap();
    assert_eq!(values(&marks), expected);
    assert!(marks.marks.iter().all(|mark| mark.marker == "李四"));

    // LibreOffice can read it, and what LibreOffice saves is read.
    if !program("soffice") {
        return;
    }
    for kind in ["ods", "xls"] {
        let mut office = Command::new("soffice");
        office.arg(format!("-env:UserInstallation=file://{}/profile", folder.path().display()));
        office.args(["--headless", "--convert-to", kind, "--outdir"]).arg(folder.path()).arg(&path);
        assert!(office.output().unwrap().status.success());
        let converted = path.with_extension(kind);
        assert!(is_scoring_workbook(&converted, &Options::default()), "{kind}");
        let marks = read(&[converted], &standard, &Options::default());
        let marks = marks.unwrap_or_else(|e| panic!("{kind}: {}", words(Language::Chinese).error(&e)));
        assert_eq!(values(&marks), expected, "{kind}");
    }
}

/// Every scoring standard of the program, with its members or with forty schools.
#[test]
fn standards_that_come_with_the_program() {
    for name in crate::standard::names().unwrap() {
        let standard = Standard::load(&name).unwrap();
        let Some(scored) = &standard.units else { continue };
        let members = scored.members.iter().map(|m| Unit {
            name: m.name.clone(),
            code: m.code.clone(),
            aliases: m.aliases.clone(),
            class: m.class.clone(),
        });
        let mut units: Vec<Unit> = members.collect();
        if units.is_empty() {
            units = (1..=40).map(|n| Unit { name: format!("第{n}学校"), ..Unit::default() }).collect();
        }
        let (book, expected) = filled(&standard, &units, 5, 0.3);
        let marks = read_all(&standard, &[&book])
            .unwrap_or_else(|problems| panic!("{name}: {:#?}", &problems[..problems.len().min(3)]));
        assert_eq!(values(&marks), expected, "{name}");
        assert_eq!(marks.asked.len(), standard.entries().len(), "{name}");
    }
}
