//! Reasons, written feedback and the ledger of a scored system over two runs, with workbooks filled in by hand.

use std::path::Path;

use crate::{
    support::{junheng, rows},
    testing::book::{Book, Cell, t},
};

const STANDARD: &str = r#"
id = "small"
version = "1"
source = "样例〔2025〕1号"
title.zh = "样例评估"
[units]
kind = "district"
title.zh = "旗县区"
[scoring]
total = 20
[[group]]
id = "A"
title.zh = "工作"
points = 20
[[item]]
id = "1"
group = "A"
kind = "scored"
points = 10
title.zh = "招生"
requirements = ["酌情给分。"]
offices = ["基教科"]
[[item.part]]
id = "1"
points = 10
title = "①"
[[item]]
id = "2"
group = "A"
kind = "scored"
points = 10
title.zh = "安全"
requirements = ["酌情给分。"]
offices = ["督导室"]
[[item.part]]
id = "1"
points = 10
title = "①"
[[step]]
id = "feedback"
kind = "feedback"
title.zh = "反馈"
actor.zh = "督导组"
due.zh = "书面反馈意见"
said = "评估结束后"
clause = "五"
[[step]]
id = "plan"
kind = "plan"
title.zh = "整改方案"
actor.zh = "各单位"
due.zh = "整改方案"
said = "收到反馈意见7天内"
after = "feedback"
days = 7
clause = "五"
"#;

const UNITS: [&str; 2] = ["甲旗", "乙旗"];

fn done(folder: &Path, args: &[&str]) -> String {
    let run = junheng(folder, args);
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(run.status.success(), "{out}\n{err}");
    out.into_owned()
}

/// The marks of both items for both units, and rows of the sheet 事由: number, unit, fact, evidence, document number,
/// date, required.
fn filled(folder: &Path, blank: &Book, marks: [[f64; 2]; 2], reasons: &[[&str; 7]]) {
    let mut book = blank.clone();
    for (item, of_units) in ["1.1", "2.1"].iter().zip(marks) {
        for (unit, mark) in UNITS.iter().zip(of_units) {
            book.enter(item, unit, &Cell::Number(mark));
        }
    }
    for (row, reason) in (4..).zip(reasons) {
        for (column, text) in (1..).zip(reason) {
            if !text.is_empty() {
                book.sheet("事由").insert((row, column), t(text));
            }
        }
    }
    std::fs::write(folder.join("评分.xlsx"), book.bytes()).unwrap();
}

fn scored(folder: &Path, date: &str) -> String {
    let args = ["score", "评分.xlsx", "--standard", "small.toml", "--out", "out", "--no-charts", "--no-html"];
    done(folder, &[&args[..], &["--date", date]].concat())
}

/// Number, unit, item, first score, score, state and evidence of every entry of the ledger.
fn ledger(folder: &Path) -> Vec<String> {
    let columns = ["number", "unit", "item", "first", "score", "state", "evidence"];
    let of =
        |row: &std::collections::HashMap<String, String>| columns.map(|column| row[column].clone()).join(" ");
    rows(&folder.join("out/rectification.csv")).iter().map(of).collect()
}

/// What people type in the sheet of all entries: the row of a number, a header, a text.
fn typed(book: &mut Book, number: f64, header: &str, text: &str) {
    let cells = book.sheet("全部");
    let find = |wanted: &Cell| cells.iter().find(|(_, cell)| *cell == wanted).map(|(at, _)| *at);
    let column = find(&t(header)).unwrap_or_else(|| panic!("{header}")).1;
    let first = find(&t("序号")).unwrap();
    let is_own = |((row, column), cell): &(&(u32, u32), &Cell)| {
        *row > first.0 && *column == first.1 && **cell == Cell::Number(number)
    };
    let row = cells.iter().find(is_own).unwrap().0.0;
    cells.insert((row, column), t(text));
}

#[test]
fn problems_go_from_the_sheet_of_reasons_to_the_ledger_and_are_closed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("small.toml"), STANDARD).unwrap();
    std::fs::write(folder.join("units.csv"), "名称,代码\n甲旗,01\n乙旗,02\n").unwrap();
    let template = ["template", "--standard", "small.toml", "--units", "units.csv", "--year", "2025"];
    done(folder, &[&template[..], &["--out", "空.xlsx"]].concat());
    let blank = Book::open(&folder.join("空.xlsx"));

    // 甲旗 loses 3 and 4 with facts, 乙旗 1 without.
    let reasons = [
        ["1.1", "甲旗", "三所学校超计划招生", "检查记录", "督〔2025〕3号", "2025-11-02", "退回超招学生"],
        ["2", "甲旗", "演练少一次", "台账", "", "", "补做演练"],
    ];
    filled(folder, &blank, [[7.0, 10.0], [6.0, 9.0]], &reasons);
    let said = scored(folder, "2026-01-10");
    assert!(said.contains("督导室扣了分而没有写明事实的有 1 处：2.1 (乙旗)"), "{said}");
    assert!(said.contains("在办 3") && said.contains("本次新增 3"), "{said}");
    assert_eq!(ledger(folder), ["1 甲旗 1 7 7 open ", "2 甲旗 2 6 6 open ", "3 乙旗 2 9 9 open "]);
    let facts = rows(&folder.join("out/reasons.csv"));
    let of = |row: usize| {
        ["unit", "number", "lost", "unexplained", "fact", "document"].map(|c| facts[row][c].clone())
    };
    assert_eq!(of(0), ["甲旗", "1.1", "3", "false", "三所学校超计划招生", "督〔2025〕3号"]);
    assert_eq!(of(1), ["甲旗", "2.1", "4", "false", "演练少一次", ""]);
    assert_eq!(of(2), ["乙旗", "2.1", "1", "true", "", ""]);
    assert_eq!(facts.len(), 3);

    // The written feedback: the plan is due 7 days after it, 10 + 7 = 17 January.
    let mut zip =
        zip::ZipArchive::new(std::fs::File::open(folder.join("out/反馈意见/甲旗.docx")).unwrap()).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("word/document.xml").unwrap(), &mut xml).unwrap();
    for text in
        ["三所学校超计划招生", "检查记录（督〔2025〕3号，2025-11-02）", "退回超招学生", "2026 年 1 月 17 日"]
    {
        assert!(xml.contains(text), "{text}");
    }
    // The document gives no date for the result of rectification.
    assert!(xml.contains("由督导机构另定"));

    // People close 2 with evidence and 3 without, and write who is responsible for 1.
    let path = folder.join("out/rectification.xlsx");
    let mut book = Book::open(&path);
    typed(&mut book, 1.0, "责任人", "张三");
    typed(&mut book, 2.0, "状态", "已销号");
    typed(&mut book, 2.0, "佐证材料", "演练记录");
    typed(&mut book, 3.0, "状态", "已销号");
    std::fs::write(&path, book.bytes()).unwrap();

    // The recheck gives 甲旗 full points for item 1; item 1 of 乙旗 is new.
    filled(folder, &blank, [[10.0, 8.0], [6.0, 9.0]], &reasons[1..]);
    let said = scored(folder, "2026-03-01");
    assert!(said.contains("在办 2") && said.contains("本次新增 1"), "{said}");
    assert!(said.contains("台账第 3 条填了销号，但没有佐证材料"), "{said}");
    assert_eq!(
        ledger(folder),
        ["1 甲旗 1 7 10 closed ", "2 甲旗 2 6 6 closed 演练记录", "3 乙旗 2 9 9 back ", "4 乙旗 1 8 8 open ",]
    );
    let mut book = Book::open(&path);
    assert!(book.sheet("全部").values().any(|cell| *cell == t("张三")), "what people wrote is kept");
}
