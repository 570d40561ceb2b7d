//! Scoring with careless input: cases that used to be misread, or reported misleadingly or without a place.

use std::{path::Path, process::Output};

use crate::support::{junheng, project, python_with, rows};

const STANDARD: &str = r#"
id = "small"
version = "1"
source = "样例"
title.zh = "样例评估"
title.en = "Sample"
[units]
kind = "district"
title.zh = "旗县区"
title.en = "District"
[scoring]
total = 10
[[setting]]
id = "who"
title.zh = "谁评"
title.en = "Who"
value = "office"
clause = "样例"
[setting.values]
office.zh = "科室"
office.en = "Office"
share.zh = "比例"
share.en = "Share"
[[group]]
id = "A"
title.zh = "工作"
title.en = "Work"
points = 10
[[item]]
id = "1"
group = "A"
kind = "scored"
points = 10
title.zh = "招生"
title.en = "Admission"
requirements = ["每项给分。"]
offices = ["基教科"]
[[item.part]]
id = "1"
points = 10
title = "①"
only = { setting = "who", value = "office" }
[[item.part]]
id = "2"
points = 10
title = "②"
method = "share"
entered.zh = "比例"
entered.en = "Share"
only = { setting = "who", value = "share" }
"#;

fn prepared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("small.toml"), STANDARD).unwrap();
    std::fs::write(folder.path().join("units.csv"), "名称,代码\n甲旗,1\n乙县,2\n").unwrap();
    let call = ["template", "--standard", "small.toml", "--units", "units.csv", "--year", "2025"];
    let written = junheng(folder.path(), &[&call[..], &["--out", "空.xlsx"]].concat());
    assert!(written.status.success(), "{}", told(&written));
    folder
}

fn told(output: &Output) -> String {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    // Lines are broken to the width of the screen.
    String::from_utf8_lossy(&text).split_whitespace().collect()
}

fn score(folder: &Path, file: &str, more: &[&str]) -> Output {
    let call = ["score", file, "--standard", "small.toml", "--no-documents"];
    junheng(folder, &[&call[..], more].concat())
}

#[test]
fn another_year_than_asked_for_is_no_silent_choice() {
    let folder = prepared();
    let wrong = score(folder.path(), "空.xlsx", &["--year", "2026"]);
    assert_eq!(wrong.status.code(), Some(1));
    let said = told(&wrong);
    assert!(said.contains("空.xlsx/基教科:评分表是2025年度的，--year给的是2026"), "{said}");
    let right = score(folder.path(), "空.xlsx", &["--year", "2025"]);
    assert!(right.status.success(), "{}", told(&right));
}

#[test]
fn a_workbook_of_other_settings_is_one_mistake() {
    let folder = prepared();
    let wrong = score(folder.path(), "空.xlsx", &["--set", "who=share"]);
    assert_eq!(wrong.status.code(), Some(1));
    let said = told(&wrong);
    assert!(said.contains("--setwho=office"), "{said}");
    assert!(!said.contains("没有编号") && !said.contains("缺少一行"), "{said}");
}

#[test]
fn what_is_no_scoring_workbook_is_named() {
    let folder = prepared();
    std::fs::write(folder.path().join("别的.csv"), "学校,得分\n甲旗,3\n").unwrap();
    let wrong = score(folder.path(), "别的.csv", &[]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(told(&wrong).contains("别的.csv:这不是评分工作簿"), "{}", told(&wrong));
}

#[test]
fn a_sheet_saved_as_csv_is_read() {
    let folder = prepared();
    let Some(python) = python_with("openpyxl") else { return };
    let script = "\
import csv, openpyxl
sheet = openpyxl.load_workbook('空.xlsx')['基教科']
rows = [list(row) for row in sheet.iter_rows(values_only=True)]
unit = [str(key) for key in rows[0]].index('unit|甲旗|1||')
next(row for row in rows if row[0] == '1.1')[unit] = 7.5
with open('基教科.csv', 'w', encoding='utf-8-sig', newline='') as file:
    csv.writer(file).writerows(rows)
";
    let run = std::process::Command::new(python)
        .args(["-c", script])
        .current_dir(folder.path())
        .env("PYTHONUTF8", "1")
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", told(&run));
    let read = score(folder.path(), "基教科.csv", &["--out", "out"]);
    assert!(read.status.success(), "{}", told(&read));
    let scores = rows(&folder.path().join("out/scores.csv"));
    let given: Vec<(&str, &str)> = scores.iter().map(|row| (&*row["unit"], &*row["score"])).collect();
    assert_eq!(given, [("甲旗", "7.5"), ("乙县", "")]);
}

#[test]
fn last_year_is_of_the_same_standard_and_is_kept() {
    let folder = prepared();
    assert!(score(folder.path(), "空.xlsx", &["--out", "2024"]).status.success());
    let same = score(folder.path(), "空.xlsx", &["--out", "./2024", "--last-year", "2024"]);
    assert_eq!(same.status.code(), Some(2));
    assert!(told(&same).contains("同一个文件夹"), "{}", told(&same));
    let other = STANDARD.replace("id = \"small\"", "id = \"other\"");
    std::fs::write(folder.path().join("other.toml"), other).unwrap();
    let blank = ["template", "--standard", "other.toml", "--units", "units.csv", "--out", "other.xlsx"];
    assert!(junheng(folder.path(), &blank).status.success());
    let call = ["score", "other.xlsx", "--standard", "other.toml", "--last-year", "2024"];
    let wrong = junheng(folder.path(), &call);
    assert_eq!(wrong.status.code(), Some(1));
    let said = told(&wrong);
    assert!(said.contains("small") && said.contains("other"), "{said}");
    assert!(score(folder.path(), "空.xlsx", &["--out", "2025", "--last-year", "2024"]).status.success());
}

#[test]
fn a_workbook_without_a_cell_is_empty_whatever_its_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let Some(python) = python_with("openpyxl") else { return };
    let script = "import openpyxl; openpyxl.Workbook().save('blank.xlsx')";
    let run =
        std::process::Command::new(python).args(["-c", script]).current_dir(folder.path()).output().unwrap();
    assert!(run.status.success(), "{}", told(&run));
    let wrong = junheng(folder.path(), &["check", "blank.xlsx"]);
    let said = told(&wrong);
    assert!(said.contains("文件是空的") && !said.contains("0字节"), "{said}");
}

/// The four standards that ship, on workbooks filled at random, by an arithmetic of its own.
#[test]
fn another_arithmetic_finds_the_same_scores() {
    let Some(python) = python_with("openpyxl, tomllib") else { return };
    let folder = tempfile::tempdir().unwrap();
    let run = std::process::Command::new(python)
        .arg(project("tests/scoring.py"))
        .args([env!("CARGO_BIN_EXE_junheng"), &folder.path().display().to_string(), "3"])
        .env("PYTHONUTF8", "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}\n{}", String::from_utf8_lossy(&run.stderr));
    assert_eq!(said.matches("3 fillings").count(), 4, "{said}");
}
