//! The 整改台账 over three runs, filled in between them as users do.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use calamine::{Data, Reader, Xlsx, open_workbook};

use crate::support::{copy, junheng, once, program, project, python_with};

/// One line of the sheet 全部, by header.
type Line = BTreeMap<String, String>;

fn shown(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::DateTime(day) => {
            day.as_datetime().map(|day| day.date().to_string()).unwrap_or_else(|| cell.to_string())
        }
        other => other.to_string(),
    }
}

fn sheet(path: &Path, name: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let range = book.worksheet_range(name).unwrap();
    range.rows().map(|row| row.iter().map(shown).collect()).collect()
}

fn ledger(path: &Path, number_header: &str, name: &str) -> BTreeMap<u64, Line> {
    let rows = sheet(path, name);
    let header = rows.iter().position(|row| row.iter().any(|cell| cell == number_header)).unwrap();
    let line =
        |row: &Vec<String>| -> Line { rows[header].iter().cloned().zip(row.iter().cloned()).collect() };
    let lines = rows[header + 1..].iter().map(line);
    let lines: Vec<(u64, Line)> = lines.map(|line| (line[number_header].parse().unwrap(), line)).collect();
    let count = lines.len();
    let by_number: BTreeMap<u64, Line> = lines.into_iter().collect();
    assert_eq!(by_number.len(), count, "a number stands once");
    by_number
}

fn all(path: &Path) -> BTreeMap<u64, Line> {
    ledger(path, "序号", "全部")
}

fn python(python: &str, folder: &Path, script: &str, args: &[&str]) {
    let script = project("tests/it/ledger").join(script);
    let run = Command::new(python).arg(script).args(args).current_dir(folder).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

fn assess(folder: &Path, input: &str, date: &str, more: &[&str]) -> (Option<i32>, String) {
    let mut args = vec!["assess", input, "--standard", "daxiang", "--out", "out", "--date", date];
    args.extend(["--no-form", "--no-annotated", "--no-charts", "--no-html", "--no-docx", "--no-pdf"]);
    args.extend(more);
    let run = junheng(folder, &args);
    let said = [run.stdout, run.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    (run.status.code(), said.concat())
}

/// The demonstration county assessed on 2026-01-10.
fn first_run() -> (tempfile::TempDir, PathBuf) {
    let folder = copy(&once("ledger", |folder| {
        std::fs::copy(project("data/demo/大祥区.xlsx"), folder.join("县.xlsx")).unwrap();
        let (code, said) = assess(folder, "县.xlsx", "2026-01-10", &[]);
        assert_eq!(code, Some(0), "{said}");
        assert!(said.contains("本次新增 67"), "{said}");
    }));
    let out = folder.path().join("out/gaps.xlsx");
    (folder, out)
}

/// What people typed in `edit.py` is where it was, whatever else changed.
fn nothing_typed_is_lost(path: &Path) {
    let lines = all(path);
    for (number, column, text) in [
        (1, "责任人", "张三"),
        (1, "进展", "<script>alert(1)</script>"),
        (1, "联系电话", "0739-12345"),
        (2, "联系电话", "=cmd|' /C calc'!A0"),
        (2, "责任人", "李四𠮷"),
        (2, "完成期限", "2026年1月底前"),
        (3, "完成期限", "2026-01-05"),
        (4, "问题描述", "人改的描述"),
        (5, "备注", "（“现状”曾填：99）"),
        (6, "备注", "（“状态”曾填：待验收）"),
        (8, "前次销号", "2026-01-20"),
        (9, "责任人", "甲〔全部〕\n乙〔区教育局〕"),
        (10, "进展", "只填在教育局的表"),
        (68, "来源", "市级"),
        (68, "学校", "某某小学"),
        (68, "问题描述", "市里发现的问题"),
        (68, "责任人", "王五"),
    ] {
        assert_eq!(lines[&number][column], text, "{number} {column}");
    }
    assert_eq!(sheet(path, "会议记录"), [["1月12日会议"]]);
    assert_eq!(sheet(path, "全部")[0][0], "大祥区2026年整改台账");
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    for name in book.sheet_names() {
        assert_eq!(book.worksheet_formula(&name).unwrap().used_cells().count(), 0, "{name}");
    }
}

#[test]
fn three_runs_with_people_between() {
    let Some(with) = python_with("openpyxl") else { return };
    let (folder, out) = first_run();
    let here = folder.path();
    python(&with, here, "edit.py", &["out/gaps.xlsx", "filled.xlsx"]);
    python(&with, here, "data.py", &["县.xlsx", "solved.xlsx", "田江小学", "90平方米及以上美术教室数", "1"]);

    // One is solved; one that people closed is not.
    let (code, said) = assess(here, "solved.xlsx", "2026-02-10", &["--ledger", "filled.xlsx"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("在办 67，其中逾期 3、反复 1；本次新增 0，销号 1，反复 1；现已销号 1"), "{said}");
    assert!(said.contains("两处都已保留") || said.contains("见 findings 表"), "{said}");
    nothing_typed_is_lost(&out);
    let lines = all(&out);
    assert_eq!((lines[&1]["状态"].as_str(), lines[&1]["销号日期"].as_str()), ("已销号", "2026-02-10"));
    assert_eq!(lines[&2]["状态"], "逾期");
    assert_eq!(lines[&8]["状态"], "反复");
    assert_eq!(lines[&68]["状态"], "逾期");
    assert_eq!(lines[&5]["现状"], "32", "the data's own value");
    let findings = std::fs::read_to_string(here.join("out/findings.csv")).unwrap();
    assert!(findings.contains("ledger_two_texts") && findings.contains("区教育局"), "{findings}");

    // It comes back; the flag is forgotten.
    let (code, said) = assess(here, "县.xlsx", "2026-03-10", &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("已在上一次的台账上更新：out/gaps.xlsx"), "{said}");
    nothing_typed_is_lost(&out);
    let lines = all(&out);
    assert_eq!((lines[&1]["状态"].as_str(), lines[&1]["前次销号"].as_str()), ("反复", "2026-02-10"));
    assert_eq!(lines[&1]["销号日期"], "");
    assert_eq!(lines.len(), 68);
    let summary: Vec<String> =
        sheet(&out, "汇总").iter().map(|row| row.join(" ").trim_end().to_string()).collect();
    insta::assert_snapshot!(summary.join("\n"));

    // The same again changes nothing.
    let before = all(&out);
    assess(here, "县.xlsx", "2026-03-10", &[]);
    assert_eq!(all(&out), before);
}

#[test]
fn what_people_filled_in_is_carried_on_or_kept_though_the_flag_is_forgotten() {
    let Some(with) = python_with("openpyxl") else { return };
    let (folder, out) = first_run();
    let here = folder.path();
    // Nobody typed: a run begins anew.
    let (_, said) = assess(here, "县.xlsx", "2026-01-11", &[]);
    assert!(!said.contains("上更新"), "{said}");
    python(&with, here, "edit.py", &["out/gaps.xlsx", "out/gaps.xlsx"]);
    let filled = std::fs::read(&out).unwrap();
    // A run that writes none leaves it.
    assess(here, "县.xlsx", "2026-01-12", &["--no-gaps"]);
    assess(here, "县.xlsx", "2026-01-12", &["--tables", "gaps"]);
    assert_eq!(std::fs::read(&out).unwrap(), filled);
    let (_, said) = assess(here, "县.xlsx", "2026-02-10", &[]);
    assert!(
        said.contains("虽未指定 --ledger，仍在其基础上更新") && said.contains("另存为 gaps-旧.xlsx"),
        "{said}"
    );
    nothing_typed_is_lost(&out);
    assert_eq!(std::fs::read(here.join("out/gaps-旧.xlsx")).unwrap(), filled);
    // What is no ledger any more is kept, and stays kept.
    python(&with, here, "rename.py", &["out/gaps.xlsx", "out/gaps.xlsx", "序号", "顺序"]);
    std::fs::write(&out, b"PK\x03\x04 broken").unwrap();
    let (code, said) = assess(here, "县.xlsx", "2026-03-10", &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("另存为 gaps-旧-2.xlsx"), "{said}");
    assess(here, "县.xlsx", "2026-03-11", &[]);
    assert_eq!(std::fs::read(here.join("out/gaps-旧-2.xlsx")).unwrap(), b"PK\x03\x04 broken");
    assert_eq!(std::fs::read(here.join("out/gaps-旧.xlsx")).unwrap(), filled);
}

#[test]
fn columns_are_found_by_their_headers_or_named() {
    let Some(with) = python_with("openpyxl") else { return };
    let (folder, _) = first_run();
    let here = folder.path();
    python(&with, here, "rename.py", &["out/gaps.xlsx", "english.xlsx", "序号", "No."]);
    let (code, said) = assess(here, "县.xlsx", "2026-02-10", &["--ledger", "english.xlsx"]);
    assert_eq!(code, Some(0), "{said}");
    python(&with, here, "rename.py", &["english.xlsx", "renamed.xlsx", "No.", "第几个"]);
    let (code, said) = assess(here, "县.xlsx", "2026-02-10", &["--ledger", "renamed.xlsx"]);
    assert_eq!(code, Some(1), "{said}");
    for part in ["renamed.xlsx", "缺少：序号", "第几个", "责任人"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let (code, said) = assess(here, "县.xlsx", "2026-02-10", &["--ledger", "县.xlsx"]);
    assert_eq!(code, Some(1), "{said}");
    let other = ["--ledger", "out/gaps.xlsx", "--standard", "quality-balance-2017"];
    let run = junheng(here, &[&["assess", "县.xlsx", "--out", "other"], &other[..]].concat());
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert_eq!(run.status.code(), Some(1));
    assert!(said.contains("daxiang") && said.contains("quality-balance-2017"), "{said}");
    let (code, _) = assess(here, "县.xlsx", "2026-02-10", &["--ledger", "english.xlsx", "--no-gaps"]);
    assert_eq!(code, Some(2));
}

/// An office suite that saves the workbook again changes what it is made of, not what it says.
#[test]
fn a_ledger_saved_again_by_libreoffice() {
    let Some(with) = python_with("openpyxl") else { return };
    if !program("soffice") {
        return;
    }
    let (folder, out) = first_run();
    let here = folder.path();
    python(&with, here, "edit.py", &["out/gaps.xlsx", "filled.xlsx"]);
    let own = format!("-env:UserInstallation=file://{}", here.join("office").display());
    let args = [&own, "--headless", "--convert-to", "xlsx", "--outdir", "saved", "filled.xlsx"];
    let run = Command::new("soffice").args(args).current_dir(here).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let (code, said) = assess(here, "县.xlsx", "2026-02-10", &["--ledger", "saved/filled.xlsx"]);
    assert_eq!(code, Some(0), "{said}");
    nothing_typed_is_lost(&out);
    assert_eq!(all(&out).len(), 68);
}

/// A note at a cell, a word on the summary, a colour: none of it is read, so none of it may be replaced. It was.
#[test]
fn what_is_not_read_is_kept_whole() {
    let Some(with) = python_with("openpyxl") else { return };
    for what in ["note", "summary", "colour"] {
        for asked in [&[][..], &["--ledger", "out/gaps.xlsx"]] {
            let (folder, out) = first_run();
            let here = folder.path();
            python(&with, here, "touch.py", &["out/gaps.xlsx", what]);
            let touched = std::fs::read(&out).unwrap();
            // A run that writes no ledger does not make it forget what was written.
            assess(here, "县.xlsx", "2026-01-12", &["--no-gaps"]);
            let (code, said) = assess(here, "县.xlsx", "2026-02-10", asked);
            assert_eq!(code, Some(0), "{said}");
            assert!(said.contains("另存为 gaps-旧.xlsx") && said.contains("本次新增 0"), "{what}: {said}");
            assert_eq!(std::fs::read(here.join("out/gaps-旧.xlsx")).unwrap(), touched, "{what}");
            // Not touched since: no further copy.
            let (_, said) = assess(here, "县.xlsx", "2026-03-10", asked);
            assert!(!said.contains("另存为"), "{said}");
        }
    }
}

/// Each standard has a ledger of its own; `--ledger` is the one of the standard that it is of, and what was
/// typed in the other is kept and carried on too.
#[test]
fn two_standards_and_one_ledger_given() {
    let Some(with) = python_with("openpyxl") else { return };
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::copy(project("data/demo/大祥区.xlsx"), here.join("县.xlsx")).unwrap();
    let both = ["--standard", "quality-balance-2017"];
    let (code, said) = assess(here, "县.xlsx", "2026-01-10", &both);
    assert_eq!(code, Some(0), "{said}");
    let (one, two) = ("out/daxiang/gaps.xlsx", "out/quality-balance-2017/gaps.xlsx");
    python(&with, here, "edit.py", &[one, one]);
    python(&with, here, "touch.py", &[two, "note"]);
    let before = [one, two].map(|name| std::fs::read(here.join(name)).unwrap());
    let (code, said) = assess(here, "县.xlsx", "2026-02-10", &[&both[..], &["--ledger", one]].concat());
    assert_eq!(code, Some(0), "{said}");
    nothing_typed_is_lost(&here.join(one));
    let kept = [one, two].map(|name| std::fs::read(here.join(name.replace("gaps", "gaps-旧"))).unwrap());
    assert!(kept == before, "both are kept");
    assert_eq!(all(&here.join(two)).len(), 55);
    assert_eq!(said.matches("本次新增 0").count(), 2, "{said}");
}

/// The hidden sheet deleted: what is lacking still is not closed, and begins no second line. Two items were.
#[test]
fn without_its_hidden_sheet_nothing_is_closed_wrongly() {
    let Some(with) = python_with("openpyxl") else { return };
    let (folder, _) = first_run();
    let here = folder.path();
    python(&with, here, "touch.py", &["out/gaps.xlsx", "memory"]);
    let (code, said) = assess(here, "县.xlsx", "2026-02-10", &["--ledger", "out/gaps.xlsx"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("在办 67，其中逾期 0、反复 0；本次新增 0，销号 0"), "{said}");
}

/// A heading between the rows stands in the column of the number alone; it was taken for a number and dropped.
/// A report of 32,000 characters in a cell is what Excel takes; the ledger was refused.
#[test]
fn a_heading_between_rows_and_a_long_text_stay() {
    let Some(with) = python_with("openpyxl") else { return };
    let (folder, out) = first_run();
    let here = folder.path();
    python(&with, here, "touch.py", &["out/gaps.xlsx", "heading"]);
    python(&with, here, "touch.py", &["out/gaps.xlsx", "long"]);
    let (code, said) = assess(here, "县.xlsx", "2026-02-10", &["--ledger", "out/gaps.xlsx"]);
    assert_eq!(code, Some(0), "{said}");
    let lines = all(&out);
    assert_eq!(lines[&68]["备注"], "（“序号”曾填：一、学校问题）");
    assert!(lines[&2].values().any(|text| text.chars().count() == 32_000));
    assert_eq!(lines.len(), 68);
}
