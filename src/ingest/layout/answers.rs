//! The sheet 佐证与评分: one row per item, with the conclusion or score, the supporting document, the date and the person.

use super::{Answer, AnswerSheet, Asked, Content, Layout, Outcome, name_year, place};
use crate::{
    ingest::{
        cell::{self, fold, is_blank},
        header,
        sheet::{Cell, Row, Sheet, address},
    },
    problem::Problem,
};

const ITEM: [&str; 4] = ["编号", "项目编号", "指标编号", "项目"];
const ANSWER: [&str; 5] = ["结论或得分", "得分或结论", "结论", "得分", "结论/得分"];
const DOCUMENT: [&str; 3] = ["佐证材料", "佐证", "材料"];
const DATE: [&str; 2] = ["日期", "填写日期"];
const WHO: [&str; 3] = ["填写人", "负责人", "填报人"];

/// The layout of the sheet 佐证与评分.
pub struct Answers;

impl Layout for Answers {
    fn read(&self, asked: &Asked<'_>, problems: &mut Vec<Problem>) -> Outcome {
        match read(asked.sheet, asked.source, problems) {
            Some(answers) => Outcome::Read(Content::Answers(answers)),
            None => Outcome::NotThisLayout,
        }
    }
}

/// Reads a sheet with the columns 编号 and 结论或得分; `None` if it lacks them.
fn read(sheet: &Sheet, source: usize, problems: &mut Vec<Problem>) -> Option<AnswerSheet> {
    let column = |row: &Row, words: &[&str]| {
        row.cells.iter().take(60).find_map(|(c, cell)| match cell {
            Cell::Text(text) if text.len() < 60 && words.contains(&header::key(text).as_str()) => Some(*c),
            _ => None,
        })
    };
    let (at, item, answer) = sheet
        .rows
        .iter()
        .take(15)
        .enumerate()
        .find_map(|(i, row)| Some((i, column(row, &ITEM)?, column(row, &ANSWER)?)))?;
    let head = &sheet.rows[at];
    let (document, date, who) = (column(head, &DOCUMENT), column(head, &DATE), column(head, &WHO));
    let mut answers: Vec<Answer> = Vec::new();
    for row in &sheet.rows[at + 1..] {
        let Some(id) = item_id(row.get(item)) else { continue };
        let text = |column: Option<u32>| column.and_then(|c| words(row.get(c)));
        let (mut met, mut score) = (None, None);
        let cell = row.get(answer);
        match conclusion(cell, id.starts_with(['V', 'v'])) {
            Conclusion::None => {}
            Conclusion::Met(yes) => met = Some(yes),
            Conclusion::Score(n) => score = Some(n),
            Conclusion::Unreadable => problems.push(
                Problem::warning("answer_unreadable", place(sheet, row.index, answer))
                    .with("item", &id)
                    .with("found", cell::shown(cell)),
            ),
        }
        let found = Answer {
            met,
            score,
            document: text(document),
            date: text(date),
            who: text(who),
            cell: address(row.index, answer),
            item: id,
        };
        if found.met.is_none() && found.score.is_none() && found.document.is_none() {
            continue;
        }
        match answers.iter().find(|a| a.item == found.item) {
            Some(before) if (before.met, before.score) != (found.met, found.score) => problems.push(
                Problem::error("answer_twice", place(sheet, row.index, answer))
                    .with("item", &found.item)
                    .with("first", &before.cell)
                    .with("second", &found.cell),
            ),
            Some(_) => {}
            None => answers.push(found),
        }
    }
    Some(AnswerSheet { source, name_year: name_year(sheet), answers })
}

/// `8`, `8.1`, `G3`, `V2`. A number cell is printed without trailing zeros.
fn item_id(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Number(n) => Some(n.to_string()),
        Cell::Text(text) => {
            let id: String = text.split_whitespace().collect::<String>();
            let id = fold(&id).to_ascii_uppercase();
            (!id.is_empty() && id.len() < 40 && id.chars().any(|c| c.is_ascii_alphanumeric())).then_some(id)
        }
        _ => None,
    }
}

fn words(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Empty | Cell::Error(_) | Cell::Uncalculated => None,
        Cell::Text(text) => {
            let text = text.trim();
            (!is_blank(&fold(text))).then(|| text.to_string())
        }
        cell => Some(cell::shown(cell)),
    }
}

enum Conclusion {
    None,
    Met(bool),
    Score(f64),
    Unreadable,
}

/// The conclusion in a cell. For a veto, 无 says that it does not exist, so the item is met.
fn conclusion(cell: &Cell, veto: bool) -> Conclusion {
    match cell {
        Cell::Empty => Conclusion::None,
        Cell::YesNo(yes) => Conclusion::Met(*yes != veto),
        Cell::Number(n) if n.is_finite() => Conclusion::Score(*n),
        Cell::Text(text) => match (fold(text).as_str(), veto) {
            ("无" | "不存在" | "没有" | "未发现" | "否", true) => Conclusion::Met(true),
            ("有" | "存在" | "发现" | "是", true) => Conclusion::Met(false),
            (
                "达标" | "是" | "√" | "✓" | "✔" | "合格" | "符合" | "有" | "已达标" | "通过" | "y" | "yes",
                _,
            ) => Conclusion::Met(true),
            (
                "未达标" | "不达标" | "否" | "×" | "✗" | "✘" | "x" | "不合格" | "不符合" | "无" | "没有"
                | "未通过" | "n" | "no",
                _,
            ) => Conclusion::Met(false),
            (folded, _) if is_blank(folded) => Conclusion::None,
            (folded, _) => match folded.strip_suffix('分').unwrap_or(folded).parse::<f64>() {
                Ok(n) if n.is_finite() => Conclusion::Score(n),
                _ => Conclusion::Unreadable,
            },
        },
        _ => Conclusion::Unreadable,
    }
}
