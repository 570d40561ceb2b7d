//! `score` as a whole: the scorebook is written, filled in by two offices, read together with data, scored, and the
//! results written.

use std::{
    path::{Path, PathBuf},
    process::Output,
};

use crate::{
    support::{junheng, rows},
    testing::book::{Book, Cell, t},
};

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
total = 30
bonus = 5
[[scoring.grade]]
name.zh = "合格"
name.en = "Pass"
from = 15
below = 27
[[scoring.grade]]
name.zh = "优秀"
name.en = "Good"
from = 27
to = 30
[[group]]
id = "A"
title.zh = "工作"
title.en = "Work"
points = 30
[[group]]
id = "Z"
title.zh = "加分"
title.en = "Bonus"
points = 5
bonus = true
[[item]]
id = "1"
group = "A"
kind = "scored"
points = 20
title.zh = "招生"
title.en = "Admission"
requirements = ["每例扣1分，扣完为止。"]
offices = ["基教科"]
[[item.part]]
id = "1"
points = 20
title = "①"
method = "deduct"
each = 1
counted.zh = "违规"
counted.en = "violations"
[[item.adjust]]
id = "late"
kind = "deduct"
each = 2
title.zh = "迟报"
title.en = "Late"
[[item]]
id = "2"
group = "A"
kind = "scored"
points = 10
title.zh = "满意度"
title.en = "Satisfaction"
requirements = ["比较给分。"]
offices = ["督导室"]
[[item.part]]
id = "1"
points = 10
title = "①"
method = "tiers"
tiers = [10, 8, 6]
entered.zh = "满意度（%）"
entered.en = "Satisfaction (%)"
[[item]]
id = "3"
group = "Z"
kind = "scored"
points = 5
title.zh = "获奖"
title.en = "Honours"
requirements = ["最多5分。"]
offices = ["督导室"]
[[item.part]]
id = "1"
points = 5
title = "①"
"#;

const UNITS: [&str; 3] = ["甲旗", "乙旗", "丙县"];

/// A folder with the standard and the empty workbook.
fn prepared() -> (tempfile::TempDir, Book) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("small.toml"), STANDARD).unwrap();
    let units: String =
        UNITS.iter().enumerate().map(|(n, unit)| format!("{unit},15082{n},{n}号\n")).collect();
    std::fs::write(folder.path().join("units.csv"), format!("名称,代码,别名\n{units}")).unwrap();
    let call = [
        "template",
        "--standard",
        "small.toml",
        "--units",
        "units.csv",
        "--year",
        "2025",
        "--out",
        "空.xlsx",
    ];
    done(&junheng(folder.path(), &call));
    let book = Book::open(&folder.path().join("空.xlsx"));
    (folder, book)
}

fn done(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}\n{err}");
    out.into_owned()
}

/// Fills in what is given: entry → a cell a unit, `None` left blank.
fn fill(book: &Book, given: &[(&str, [Option<f64>; 3])], folder: &Path, name: &str) -> PathBuf {
    let mut book = book.clone();
    for (entry, values) in given {
        for (unit, value) in UNITS.iter().zip(values) {
            let Some(value) = value else { continue };
            // Yes and no are words.
            let cell = match (entry.ends_with("late"), *value) {
                (true, 0.0) => t("否"),
                (true, _) => t("是"),
                (false, value) => Cell::Number(value),
            };
            book.enter(entry, unit, &cell);
        }
    }
    let path = folder.join(name);
    std::fs::write(&path, book.bytes()).unwrap();
    path
}

const SCHOOLS_OFFICE: [(&str, [Option<f64>; 3]); 2] =
    [("1.1.count", [Some(3.0), Some(0.0), Some(25.0)]), ("1.late", [Some(1.0), Some(0.0), Some(0.0)])];
const INSPECTORS: [(&str, [Option<f64>; 3]); 2] =
    [("2.1.value", [Some(90.0), Some(95.5), Some(90.0)]), ("3.1", [Some(2.5), Some(0.0), Some(0.0)])];

fn score(folder: &Path, more: &[&str]) -> Output {
    let mut call =
        vec!["score", "基教科.xlsx", "督导室.xlsx", "--standard", "small.toml", "--no-charts", "--no-docx"];
    call.extend(["--date", "2025-12-01"]);
    call.extend(more);
    junheng(folder, &call)
}

#[test]
fn from_the_workbook_to_the_ranks() {
    let (folder, book) = prepared();
    let folder = folder.path();
    fill(&book, &SCHOOLS_OFFICE, folder, "基教科.xlsx");
    fill(&book, &INSPECTORS, folder, "督导室.xlsx");
    let shown = done(&score(folder, &["--out", "2025"]));
    // 甲旗: 20 − 3 − 2 = 15; second, shared, of three: 8; bonus 2.5. 乙旗: 20 + 10. 丙县: 0 + 8.
    let found = rows(&folder.join("2025/standings.csv"));
    let of = |unit: &str, column: &str| {
        found.iter().find(|row| row["unit"] == unit).map(|row| row[column].clone()).unwrap_or_default()
    };
    for (unit, total, rank, grade) in
        [("甲旗", 25.5, "2", "合格"), ("乙旗", 30.0, "1", "优秀"), ("丙县", 8.0, "3", "")]
    {
        assert_eq!(of(unit, "total").parse::<f64>().unwrap(), total, "{unit}");
        assert_eq!((of(unit, "rank").as_str(), of(unit, "grade").as_str()), (rank, grade), "{unit}");
    }
    let scores = rows(&folder.join("2025/scores.csv"));
    let arithmetic: Vec<&str> =
        scores.iter().filter(|row| row["unit"] == "甲旗").map(|row| row["arithmetic"].as_str()).collect();
    assert_eq!(arithmetic, ["17 − 2 = 15", "并列第2名／共3个（90），第2档：8", "2.5"]);
    for word in ["样例评估", "甲旗", "25.5", "优秀", "standings"] {
        assert!(shown.contains(word), "{word} in\n{shown}");
    }
    // The ranks in words, best first.
    assert!(shown.find("乙旗") < shown.find("甲旗") && shown.find("甲旗") < shown.find("丙县"), "{shown}");
    let run = std::fs::read_to_string(folder.join("2025/run.json")).unwrap();
    assert!(run.contains("\"small.toml\"") && run.contains("基教科.xlsx"), "{run}");

    // And back to the cells.
    let explained = done(&junheng(folder, &["explain", "2025", "甲旗", "1"]));
    for word in
        ["得 15 分，满分 20 分：17 − 2 = 15", "20 − 3 × 1 = 17", "基教科.xlsx / 基教科 / ", "迟报：−2"]
    {
        assert!(explained.contains(word), "{word} in\n{explained}");
    }
    let unknown = junheng(folder, &["explain", "2025", "丁旗", "1"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("甲旗、乙旗、丙县"));
    // A heading, the total, a part; the unit by name, code and alias.
    let told = |unit: &str, asked: &str| done(&junheng(folder, &["explain", "2025", unit, asked]));
    let heading = told("150820", "a");
    for words in ["甲旗 · A 工作", "得 23 分，满分 30 分", "1 招生：15 / 20 分　17 − 2 = 15"]
    {
        assert!(heading.contains(words), "{words} in\n{heading}");
    }
    let total = told("0号", "总分");
    for words in ["总分 25.5 分 = 得分 23 + 加分 2.5", "第 2 名", "等级：合格", "A 工作：23 / 30 分"]
    {
        assert!(total.contains(words), "{words} in\n{total}");
    }
    assert_eq!(total, told("甲旗", "total"));
    let part = told("甲旗", "1.1");
    assert!(part.contains("1 ①：20 − 3 × 1 = 17") && !part.contains("迟报"), "{part}");
    // What was answered, not the nothing that it took off.
    assert!(told("乙旗", "1").contains("迟报：否"));
    for (unit, asked, nearest) in [("甲", "1", "最接近的：甲旗；"), ("甲旗", "1.9", "最接近的：1；")]
    {
        let output = junheng(folder, &["explain", "2025", unit, asked]);
        let said = String::from_utf8_lossy(&output.stderr).replace(['\n', ' '], "");
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains(nearest), "{nearest} in\n{said}");
    }

    // A year later, with the ranks of this one.
    let json = done(&score(folder, &["--out", "2026", "--last-year", "2025", "--json"]));
    let said: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(said["units"][0]["unit"], "乙旗");
    assert_eq!((&said["units"][1]["rank"], &said["units"][1]["last_rank"]), (&2.into(), &2.into()));
    let english = done(&score(folder, &["--out", "2026", "--lang", "en"]));
    assert!(english.contains("Rank") && english.contains("Good"), "{english}");
}

/// A workbook an office is what the offices get, and all together are read.
#[test]
fn a_workbook_an_office() {
    let (folder, _) = prepared();
    let folder = folder.path();
    let call = ["template", "--standard", "small.toml", "--units", "units.csv", "--each", "--out", "各科室"];
    let said = done(&junheng(folder, &call));
    assert!(said.contains("2 个科室") && said.contains("--year"), "{said}");
    let path = |office: &str| folder.join(format!("各科室/评分-small-{office}.xlsx"));
    fill(&Book::open(&path("基教科")), &SCHOOLS_OFFICE, folder, "基教科.xlsx");
    fill(&Book::open(&path("督导室")), &INSPECTORS, folder, "督导室.xlsx");
    std::fs::create_dir(folder.join("收到")).unwrap();
    for name in ["基教科.xlsx", "督导室.xlsx"] {
        std::fs::copy(folder.join(name), folder.join("收到").join(name)).unwrap();
    }
    // What Excel leaves of an open file is no workbook.
    std::fs::write(folder.join("收到/~$基教科.xlsx"), "open").unwrap();
    let call =
        ["score", "收到", "收到/~$基教科.xlsx", "--standard", "small.toml", "--no-charts", "--no-docx"];
    let shown = done(&junheng(folder, &[&call[..], &["--out", "out"]].concat()));
    for word in ["乙旗", "低于“合格”", "没有年度"] {
        assert!(shown.contains(word), "{word} in\n{shown}");
    }
    // Results are no input.
    let again = junheng(folder, &["score", "out", "--standard", "small.toml", "--out", "out2"]);
    let said = String::from_utf8_lossy(&again.stderr);
    assert!(!again.status.success() && said.contains("结果文件夹"), "{said}");
}

/// Cells copied out of a sheet lose what is hidden; it is said what is missing.
#[test]
fn visible_cells_alone() {
    let (folder, book) = prepared();
    let mut seen = book.only("基教科");
    seen.moved("基教科", |row, column| (row > 0 && column > 0).then(|| (row - 1, column - 1)));
    std::fs::write(folder.path().join("抄.xlsx"), seen.bytes()).unwrap();
    let output = junheng(folder.path(), &["score", "抄.xlsx", "--standard", "small.toml", "--out", "out"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains("隐藏的第一行和第一列"), "{said}");
}

#[test]
fn what_is_not_marked_is_said() {
    let (folder, book) = prepared();
    let folder = folder.path();
    fill(&book, &SCHOOLS_OFFICE, folder, "基教科.xlsx");
    let some = [("2.1.value", [Some(90.0), Some(80.0), None]), ("3.1", [Some(2.5), None, Some(0.0)])];
    fill(&book, &some, folder, "督导室.xlsx");
    let shown = done(&score(folder, &["--out", "out"]));
    assert!(shown.contains("未评"), "{shown}");
    let found = rows(&folder.join("out/standings.csv"));
    assert!(found.iter().all(|row| row["total"].is_empty() && row["rank"].is_empty()));
    let unmarked = rows(&folder.join("out/unmarked.csv"));
    let entries: Vec<String> =
        unmarked.iter().map(|row| format!("{} {}", row["unit"], row["entry"])).collect();
    assert!(entries.contains(&"丙县 2.1.value".to_string()), "{entries:?}");
    assert!(entries.contains(&"乙旗 3.1".to_string()), "{entries:?}");
}

#[test]
fn the_other_command_is_named() {
    let (folder, book) = prepared();
    let folder = folder.path();
    fill(&book, &SCHOOLS_OFFICE, folder, "基教科.xlsx");
    let wrong = junheng(folder, &["assess", "基教科.xlsx", "--standard", "small.toml"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("junheng score"));
    let wrong = junheng(folder, &["score", "基教科.xlsx", "--standard", "daxiang"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&wrong.stderr).contains("junheng assess"));
    // Neither leaves a folder.
    assert!(!folder.join("junheng-out").exists() && !folder.join("junheng-score").exists());
}

#[test]
fn bad_input_is_an_error_and_nothing_is_written() {
    let (folder, book) = prepared();
    let folder = folder.path();
    fill(&book, &SCHOOLS_OFFICE, folder, "基教科.xlsx");
    for (call, said) in [
        (vec!["score", "没有.xlsx", "--standard", "small.toml"], "没有.xlsx"),
        (vec!["score", "units.csv", "--standard", "small.toml"], "template"),
        (vec!["score", "基教科.xlsx", "--standard", "small.toml", "--last-year", "."], "standings.csv"),
    ] {
        let wrong = junheng(folder, &call);
        let told = String::from_utf8_lossy(&wrong.stderr).into_owned();
        assert_eq!(wrong.status.code(), Some(1), "{told}");
        assert!(told.contains(said), "{told}");
        assert!(!folder.join("junheng-score").exists());
    }
    // Above its points.
    fill(&book, &[("3.1", [Some(5.1), None, None])], folder, "督导室.xlsx");
    let wrong = score(folder, &[]);
    let told = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert_eq!(wrong.status.code(), Some(1), "{told}");
    assert!(told.contains("督导室.xlsx") && told.contains("5.1"), "{told}");
}

/// A workbook of each unit, handed in beside those of the offices: its marks change no score.
#[test]
fn units_assess_themselves() {
    let (folder, book) = prepared();
    let folder = folder.path();
    fill(&book, &SCHOOLS_OFFICE, folder, "基教科.xlsx");
    fill(&book, &INSPECTORS, folder, "督导室.xlsx");
    done(&score(folder, &["--out", "无自评"]));
    let call = ["template", "--standard", "small.toml", "--units", "units.csv", "--year", "2025"];
    let said = done(&junheng(folder, &[&call[..], &["--self-assessment", "--out", "自评"]].concat()));
    assert!(said.contains("3 个单位"), "{said}");
    let path = folder.join("自评/自评-small-甲旗.xlsx");
    let mut own = Book::open(&path);
    // The first column to fill in is H; item 1 has 20 points, item 3 has 5.
    for (row, mark) in [("1.1", 19.0), ("3.1", 5.0)] {
        let at = (own.row("自评表", row), 7);
        own.sheet("自评表").insert(at, Cell::Number(mark));
    }
    for (row, column, said) in [
        ("1.1", 8, "排查两次\n::table lost"),
        ("1.1", 9, "台账"),
        ("1.1", 10, "一起轻微违规"),
        ("3.1", 8, "=SUM(1)"),
    ] {
        let at = (own.row("自评表", row), column);
        own.sheet("自评表").insert(at, t(said));
    }
    let at = (own.row("自评报告", "basics"), 2);
    own.sheet("自评报告").insert(at, t("全旗有十所学校。\n# 不是标题"));
    std::fs::write(folder.join("甲旗自评.xlsx"), own.bytes()).unwrap();
    let said = done(&score(folder, &["甲旗自评.xlsx", "--out", "有自评"]));
    assert!(said.contains("没有交自评的单位有 2 个"), "{said}");
    let standings = |of: &str| std::fs::read_to_string(folder.join(of).join("standings.csv")).unwrap();
    assert_eq!(standings("无自评"), standings("有自评"));
    // 1.1: 20 − 1 × 3 = 17 beside 19; 3.1: 2.5 beside 5; 2.1 has no own mark.
    let table: Vec<String> = crate::support::rows(&folder.join("有自评/self_assessment.csv"))
        .iter()
        .map(|row| {
            ["unit", "item", "part", "points", "self_mark", "score", "difference"]
                .map(|column| row[column].clone())
                .join(" ")
        })
        .collect();
    assert_eq!(table, ["甲旗 1 1 20 19 17 2", "甲旗 2 1 10  8 ", "甲旗 3 1 5 5 2.5 2.5"]);
    assert!(!folder.join("无自评/self_assessment.csv").exists());
    let page = std::fs::read_to_string(folder.join("有自评/自评报告/甲旗.html")).unwrap();
    for wanted in [
        "一、基本情况",
        "全旗有十所学校。",
        "# 不是标题",
        "二、经验做法",
        "【待填：经验做法】",
        "六、逐条逐项自查自评情况",
        "自评得 24 分，所评各计分点的分值共 25 分；另有 1 个计分点没有自评分",
        "做法和结果：排查两次",
        "佐证材料：台账。",
        "自评分：19 分（分值 20 分），失 1 分，原因：一起轻微违规。",
        "自评分：5 分（分值 5 分）。",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    assert!(!folder.join("有自评/自评报告/乙旗.html").exists());
    let listed = Book::open(&folder.join("有自评/对比表.xlsx"));
    assert!(listed.sheets.iter().any(|(name, _)| name == "自评与评定对照"));
    // The report follows the user's own template.
    std::fs::create_dir_all(folder.join("模板")).unwrap();
    std::fs::write(folder.join("模板/self-report.zh.md.jinja"), "::title 我的{{ unit }}报告\n").unwrap();
    done(&score(folder, &["甲旗自评.xlsx", "--out", "另", "--templates", "模板"]));
    let page = std::fs::read_to_string(folder.join("另/自评报告/甲旗.html")).unwrap();
    assert!(page.contains("我的甲旗报告"));
    // Without units there is nobody to assess itself.
    let wrong = junheng(folder, &["template", "--self-assessment"]);
    assert_eq!(wrong.status.code(), Some(2));
    // The same folder again: what somebody filled in is not overwritten.
    let again = junheng(folder, &[&call[..], &["--self-assessment", "--out", "自评"]].concat());
    assert_ne!(again.status.code(), Some(0));
}

/// A pipeline pins a scoring as it pins an assessment; last year's ranks come from its folder.
#[test]
fn a_pipeline_scores() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let run = crate::support::junheng(folder.path(), args);
        assert_eq!(run.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&run.stderr));
    };
    run(&["synth", "--standard", "bayannur-2020", "--seed", "7", "--out", "去年交来"]);
    run(&["synth", "--standard", "bayannur-2020", "--seed", "8", "--out", "交来"]);
    run(&["score", "去年交来", "--standard", "bayannur-2020", "--out", "去年", "--no-documents"]);
    let pipeline = "standard = \"bayannur-2020\"\ninputs = [\"交来\"]\nout = \"评分\"\nlast_year = \"去年\"\n\
                    documents = [\"charts\"]\nsettings = { above_points = \"capped\" }\n";
    std::fs::write(folder.path().join("评分.toml"), pipeline).unwrap();
    run(&["run", "评分.toml"]);
    let last = |folder_of: &str, column: &str| -> Vec<String> {
        let rows = crate::support::rows(&folder.path().join(folder_of).join("standings.csv"));
        rows.into_iter().map(|row| row[column].clone()).collect()
    };
    assert_eq!(last("评分", "last_rank"), last("去年", "rank"));
    assert!(folder.path().join("评分/charts/ranks.svg").exists());
    assert!(!folder.path().join("评分/对比表.html").exists());
    // Capped: nothing is above its points.
    assert_eq!(crate::support::rows(&folder.path().join("评分/above.csv")).len(), 0);
}
