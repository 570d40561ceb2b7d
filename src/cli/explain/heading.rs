//! A heading or the total of one unit: what is under it, each with its points.

use polars::prelude::DataFrame;

use super::{
    screen::{self, WIDTH, cut},
    unit::{UnitExplainer, print},
};
use crate::{problem::Result, tables::Row};

/// Titles are whole sentences in some documents; the points stand behind them.
const TITLE: usize = 60;

/// One heading: its sum, the headings under it, its items.
///
/// # Errors
/// The folder lacks a table.
pub fn one(explainer: &UnitExplainer, id: &str) -> Result<Vec<String>> {
    let (totals, scores) = (explainer.table("totals")?, explainer.table("scores")?);
    let of = |row: &Row| row.said("unit") == explainer.unit;
    let Some(own) = Row::all(&totals).find(|row| of(row) && row.said("group") == id) else {
        return Ok(Vec::new());
    };
    let head = [
        ("unit", explainer.unit.clone()),
        ("item", own.said("label").to_string()),
        ("title", own.said("title").to_string()),
    ];
    let mut lines = vec![screen::heading(&explainer.words.text("score.explain.head", &head))];
    lines.extend(sum(explainer, &own));
    let (headed, points) = (own.number("headed_points"), own.number("points"));
    if headed.is_some() && headed != points {
        let args = [("headed", print(headed)), ("points", print(points))];
        lines.extend(explainer.say("headed", &args, "  "));
    }
    for row in Row::all(&totals).filter(|row| of(row) && row.text("within") == Some(id)) {
        lines.extend(line(explainer, row.said("label"), &row, ""));
    }
    for row in Row::all(&scores).filter(|row| of(row) && row.text("group") == Some(id)) {
        lines.extend(line(explainer, row.said("item"), &row, row.said("arithmetic")));
    }
    Ok(lines)
}

/// The whole unit: total, bonus, what the result is made of, rank and grade; the headings at the top.
///
/// # Errors
/// The folder lacks a table.
pub fn total(explainer: &UnitExplainer, standings: &DataFrame) -> Result<Vec<String>> {
    let of = |row: &Row| row.said("unit") == explainer.unit;
    let head = [
        ("unit", explainer.unit.clone()),
        ("item", explainer.words.say("score.explain.total")),
        ("title", String::new()),
    ];
    let mut lines = vec![screen::heading(explainer.words.text("score.explain.head", &head).trim_end())];
    let Some(own) = Row::all(standings).find(|row| of(row)) else { return Ok(lines) };
    let args = [
        ("score", print(own.number("score"))),
        ("points", print(own.number("points"))),
        ("bonus", print(own.number("bonus"))),
        ("total", print(own.number("total"))),
        ("unmarked", print(own.number("unmarked"))),
        ("arithmetic", own.said("arithmetic").to_string()),
        ("rank", print(own.number("rank"))),
        ("grade", own.said("grade").to_string()),
        ("vetoed", own.said("vetoed").to_string()),
    ];
    let key = match (own.number("total"), own.number("bonus")) {
        (None, _) => "total_open",
        (Some(_), Some(bonus)) if bonus > 0.0 => "total_bonus",
        _ => "total_all",
    };
    lines.extend(explainer.say(key, &args, "  "));
    if !own.said("arithmetic").is_empty() {
        lines.extend(explainer.say("result", &args, "  "));
    }
    if !own.said("vetoed").is_empty() {
        lines.extend(explainer.say("vetoed", &args, "  "));
    }
    if own.number("rank").is_some() {
        lines.extend(explainer.say("rank", &args, "  "));
    }
    if !own.said("grade").is_empty() {
        lines.extend(explainer.say("grade", &args, "  "));
    }
    if !own.said("condition").is_empty() {
        let answer = match own.yes("condition_confirmed") {
            Some(true) => "score.yes",
            Some(false) => "score.no",
            None => "score.unmarked",
        };
        let args =
            [("condition", own.said("condition").to_string()), ("answer", explainer.words.say(answer))];
        lines.extend(explainer.say("condition", &args, "  "));
    }
    let totals = explainer.table("totals")?;
    for row in Row::all(&totals).filter(|row| of(row) && row.said("within").is_empty()) {
        lines.extend(line(explainer, row.said("label"), &row, ""));
    }
    Ok(lines)
}

fn sum(explainer: &UnitExplainer, own: &Row) -> Vec<String> {
    let args = [("score", print(own.number("score"))), ("points", print(own.number("points")))];
    let key = if own.yes("complete") == Some(false) { "group_open" } else { "group" };
    explainer.say(key, &args, "  ")
}

/// `B8 办学条件：80 / 80`.
fn line(explainer: &UnitExplainer, id: &str, row: &Row, arithmetic: &str) -> Vec<String> {
    // A heading has a sum of what is marked so far, an item none until it is marked.
    let open = row.yes("complete") == Some(false) || row.number("score").is_none();
    let args = [
        ("id", id.to_string()),
        ("title", cut(row.said("title"), TITLE)),
        ("score", print(row.number("score"))),
        ("points", print(row.number("points"))),
        ("arithmetic", arithmetic.to_string()),
    ];
    let key = if open { "under_open" } else { "under" };
    let text = explainer.words.text(&format!("score.explain.{key}"), &args);
    screen::wrap(text.trim_end(), "  · ", WIDTH)
}
