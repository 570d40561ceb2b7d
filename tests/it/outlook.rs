//! Early warning by the program: trends and shocks, each recalculated with Python from the years' files; the enrolment
//! file as users write it.

use std::{
    path::Path,
    process::{Command, Output},
};

use crate::support::{copy, junheng, once, project, python_with, rows};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn run(folder: &Path, args: &[&str]) -> String {
    let output = junheng(folder, args);
    assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

const MADE: [&str; 9] =
    ["synth", "--years", "2019..2025", "--districts", "8", "--schools", "12", "--out", "made"];

/// A store of made districts; `alter`: with what they lack (tests/panel.py), where there is a Python.
pub fn store(alter: Option<&str>) -> tempfile::TempDir {
    let name = if alter.is_some() { "years-altered" } else { "years" };
    copy(&once(name, |folder| {
        run(folder, &MADE);
        if let Some(python) = alter {
            let told = script(python, folder, &["panel.py", "alter", "made"]);
            assert!(told.status.success(), "{}", text(&told.stderr));
        }
        run(folder, &["store", "add", "made/years"]);
    }))
}

fn script(python: &str, folder: &Path, args: &[&str]) -> Output {
    Command::new(python)
        .arg(project("tests").join(args[0]))
        .args(&args[1..])
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(folder)
        .output()
        .unwrap()
}

const PLACES: [&str; 4] = ["--crosswalk", "made/crosswalk.csv", "--regions", "made/regions.csv"];

#[test]
fn python_says_the_same_of_trends_and_of_a_rate() {
    let Some(python) = python_with("fractions") else { return };
    let folder = store(Some(&python));
    for (rate, to, out) in [("-0.03", "2028", "fewer"), ("0.055", "2027", "more")] {
        run(folder.path(), &[&["outlook", "--to", to, "--rate", rate, "--out", out], &PLACES[..]].concat());
        let told = script(&python, folder.path(), &["outlook.py", "made", out, to, "--rate", rate]);
        assert!(told.status.success(), "{}{}", text(&told.stdout), text(&told.stderr));
    }
    // With other pupils no CV stays as it is where a school has several sections or leaves the scope.
    let shocks = rows(&folder.path().join("fewer/shocks.csv"));
    assert!(shocks.iter().any(|row| row["schools"] != "0" && row["cv_before"] != row["cv_after"]));
}

/// District, section, school, year, pupils or factor, for a made decade with what it lacked.
const LINES: [[&str; 6]; 9] = [
    // A whole district; within it a section, a school, a school's section.
    ["430502", "", "", "2028", "11000", ""],
    ["430502", "小学", "", "2028", "4500", ""],
    ["430502", "", "9000000002", "2027", "", "1.25"],
    ["430502", "高中", "9000000001", "2028", "1200", ""],
    // Of two years the later counts.
    ["430518", "小学", "", "2026", "1", ""],
    ["430518", "小学", "", "2028", "", "0.8"],
    ["430604", "初中", "", "2026", "", "1.4"],
    // A section that nobody goes to any more.
    ["430681", "初中", "", "2027", "0", ""],
    ["430624", "", "", "2026", "", "0.5"],
];

const HEADERS: [&str; 6] = ["区县代码", "学段", "学校代码", "年度", "在校生数", "系数"];

#[test]
fn python_says_the_same_of_an_enrolment_file() {
    let Some(python) = python_with("fractions") else { return };
    let folder = store(Some(&python));
    let here = folder.path();
    let written = |headers: [&str; 6]| {
        let lines: Vec<String> = [headers].iter().chain(&LINES).map(|line| line.join(",")).collect();
        lines.join("\r\n") + "\r\n"
    };
    std::fs::write(here.join("gbk.csv"), &encoding_rs::GBK.encode(&written(HEADERS)).0).unwrap();
    let english = ["district_code", "section", "school_code", "year", "students", "factor"];
    std::fs::write(here.join("lines.csv"), written(english)).unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "预计在校生").unwrap();
    for (at, line) in [HEADERS].iter().chain(&LINES).enumerate() {
        for (column, cell) in line.iter().enumerate() {
            // Numbers as numbers, codes too: that is how a workbook comes.
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(2 + at as u32, column as u16, number).unwrap(),
                Err(_) => sheet.write(2 + at as u32, column as u16, *cell).unwrap(),
            };
        }
    }
    book.save(here.join("book.xlsx")).unwrap();

    for (file, out) in [("gbk.csv", "gbk"), ("book.xlsx", "book"), ("lines.csv", "lines")] {
        run(here, &[&["outlook", "--to", "2028", "--enrolment", file, "--out", out], &PLACES[..]].concat());
    }
    let shocks = |out: &str| std::fs::read(here.join(out).join("shocks.csv")).unwrap();
    assert!(shocks("gbk") == shocks("book") && shocks("gbk") == shocks("lines"));
    let told = script(&python, here, &["outlook.py", "made", "gbk", "2028", "--lines", "lines.csv"]);
    assert!(told.status.success(), "{}{}", text(&told.stdout), text(&told.stderr));
    let gone: Vec<_> = rows(&here.join("gbk/shocks.csv"))
        .into_iter()
        .filter(|row| row["district_code"] == "430681" && row["section"] == "junior")
        .collect();
    assert!(!gone.is_empty());
    assert!(gone.iter().all(|row| row["students_after"] == "0" && row["cv_after"].is_empty()), "{gone:?}");
    // What it was made of.
    let run: serde_json::Value =
        serde_json::from_slice(&std::fs::read(here.join("gbk/run.json")).unwrap()).unwrap();
    let input = run["inputs"].as_array().unwrap().iter().find(|input| input["file"] == "gbk.csv").unwrap();
    assert_eq!(input["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn what_it_says_in_both_languages() {
    let folder = store(None);
    let outlook = |more: &[&str]| {
        run(folder.path(), &[&["outlook", "--to", "2028", "--rate", "-0.03"], &PLACES[..], more].concat())
    };
    insta::assert_snapshot!("outlook_screen", outlook(&[]));
    insta::assert_snapshot!("outlook_screen_english", outlook(&["--lang", "en"]));
    let out = folder.path().join("junheng-outlook");
    for name in ["outlook.csv", "outlook.parquet", "outlook.xlsx", "shocks.csv", "shocks.parquet", "run.json"]
    {
        assert!(out.join(name).is_file(), "{name}");
    }
    // The year that nobody reported is said and no place that is gone is carried on.
    let found = rows(&out.join("outlook.csv"));
    assert!(found.iter().any(|row| row["why_not"] == "gap" && !row["projected"].is_empty()));
    assert!(found.iter().all(|row| row["to_year"] == "2028"));
    // Asked for no change of pupils, there is none, and what an earlier run wrote of it is gone.
    outlook_alone(folder.path());
    assert!(out.join("outlook.csv").is_file() && !out.join("shocks.csv").exists());
}

fn outlook_alone(folder: &Path) {
    let told = run(folder, &[&["outlook"], &PLACES[..]].concat());
    assert!(told.contains("2028") && !told.contains("资源不变"), "{told}");
}

#[test]
fn lines_that_cannot_be_are_told_with_file_and_line() {
    let folder = store(None);
    let refused = |name: &str, content: &str| {
        std::fs::write(folder.path().join(name), content).unwrap();
        let output = junheng(folder.path(), &["outlook", "--enrolment", name, "--out", "nothing"]);
        assert!(matches!(output.status.code(), Some(1 | 2)), "{name}: {}", text(&output.stdout));
        assert!(!folder.path().join("nothing").exists(), "{name}");
        let told = text(&output.stderr);
        assert!(told.contains(name) && !told.contains("panicked"), "{told}");
        // Progress is shown where a step takes long.
        told.lines().filter(|line| !line.starts_with("正在")).collect::<Vec<_>>().join("\n")
    };
    let header = "区县代码,学段,学校代码,年度,在校生数,系数\n";
    // Cells that cannot be read.
    insta::assert_snapshot!(
        "enrolment_cells",
        refused(
            "格子.csv",
            &format!(
                "{header}430502,小学,,2027,五千,\n430502,中学,,2027,1,\n,小学,,2027,1,\n430502,小学,,明年,1,\n\
                 430502,小学,,2027,-3,\n430502,小学,,2027,10,1.1\n430502,初中,,2027,,\n430502,初中,,2026.5,1,\n\
                 430502,小学,,2027,1e999,\n"
            )
        )
    );
    // Lines that speak of what is not there.
    insta::assert_snapshot!(
        "enrolment_lines",
        refused(
            "行.csv",
            &format!(
                "{header}430599,小学,,2027,1,\n430502,小学,2143100099,2027,1,\n430502,高中,,2027,1,\n\
                 430502,初中,,2025,1,\n430518,小学,,2027,100,\n430518,小学,,2027,200,\n"
            )
        )
    );
    insta::assert_snapshot!(
        "enrolment_too_few",
        refused("少.csv", &format!("{header}430502,小学,,2027,4000,\n430502,,,2027,3000,\n"))
    );
    insta::assert_snapshot!(
        "enrolment_columns",
        refused("列.csv", "区县代码,学段,在校生数\n430502,小学,1\n")
    );
    insta::assert_snapshot!("enrolment_empty", refused("空.csv", header));
    // Rates and years.
    for wrong in [["--rate", "-1.5"], ["--rate", "三"], ["--to", "2025"], ["--to", "9999"]] {
        let output = junheng(folder.path(), &[&["outlook", "--out", "nothing"], &wrong[..]].concat());
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(text(&output.stderr).contains(wrong[1]), "{wrong:?}: {}", text(&output.stderr));
    }
    let both = ["outlook", "--rate", "0.1", "--enrolment", "空.csv"];
    assert_eq!(junheng(folder.path(), &both).status.code(), Some(2));
    assert!(!folder.path().join("nothing").exists());
}
