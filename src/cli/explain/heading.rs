//! A heading or the total of one unit: everything under it, with its points.

use super::{
    screen::{self, WIDTH, cut},
    unit::{UnitExplainer, print},
};
use crate::{
    problem::Result,
    tables::scoring_tables::{heading_totals, item_scores, unit_standings},
};

/// Maximum width of a title. In some documents a title is a whole sentence, and the points must still fit after it.
const TITLE: usize = 60;

/// One heading: its sum, the headings under it, its items.
///
/// # Errors
/// The folder lacks a table.
pub fn one(explainer: &UnitExplainer, id: &str) -> Result<Vec<String>> {
    let totals: heading_totals::Frame = explainer.table()?;
    let scores: item_scores::Frame = explainer.table()?;
    let of_unit = || totals.rows().filter(|row| row.unit() == explainer.unit);
    let Some(own) = of_unit().find(|row| row.group() == id) else {
        return Ok(Vec::new());
    };
    let head = [
        ("unit", explainer.unit.clone()),
        ("item", own.label().to_string()),
        ("title", own.title().to_string()),
    ];
    let mut lines = vec![screen::heading(&explainer.words.fill("score.explain.head", &head))];
    lines.extend(sum(explainer, own));
    if own.headed_points().is_some() && own.headed_points() != own.points() {
        let args = [("headed", print(own.headed_points())), ("points", print(own.points()))];
        lines.extend(explainer.say("headed", &args, "  "));
    }
    for row in of_unit().filter(|row| row.within() == Some(id)) {
        lines.extend(Entry::heading(row).lines(explainer));
    }
    for row in scores.rows().filter(|row| row.unit() == explainer.unit && row.group() == Some(id)) {
        lines.extend(Entry::item(row).lines(explainer));
    }
    Ok(lines)
}

/// The whole unit: total, bonus, components of the result, rank and grade, and the top-level headings.
///
/// # Errors
/// The folder lacks a table.
pub fn total(explainer: &UnitExplainer, standings: &unit_standings::Frame) -> Result<Vec<String>> {
    let head = [
        ("unit", explainer.unit.clone()),
        ("item", explainer.words.say("score.explain.total")),
        ("title", String::new()),
    ];
    let mut lines = vec![screen::heading(explainer.words.fill("score.explain.head", &head).trim_end())];
    let Some(own) = standings.rows().find(|row| row.unit() == explainer.unit) else { return Ok(lines) };
    let filled = |text: Option<&str>| text.unwrap_or_default().to_string();
    let args = [
        ("score", print(Some(own.score()))),
        ("points", print(own.points())),
        ("bonus", print(Some(own.bonus()))),
        ("total", print(own.total())),
        ("unmarked", print(Some(own.unmarked().into()))),
        ("arithmetic", filled(own.arithmetic())),
        ("rank", print(own.rank().map(f64::from))),
        ("grade", filled(own.grade())),
        ("vetoed", filled(own.vetoed())),
    ];
    let key = match own.total() {
        None => "total_open",
        Some(_) if own.bonus() > 0.0 => "total_bonus",
        Some(_) => "total_all",
    };
    lines.extend(explainer.say(key, &args, "  "));
    let further = [
        ("result", own.arithmetic().is_some()),
        ("vetoed", own.vetoed().is_some()),
        ("rank", own.rank().is_some()),
        ("grade", own.grade().is_some()),
    ];
    for (key, _) in further.into_iter().filter(|(_, there)| *there) {
        lines.extend(explainer.say(key, &args, "  "));
    }
    if let Some(condition) = own.condition() {
        let answer = match own.condition_confirmed() {
            Some(true) => "score.yes",
            Some(false) => "score.no",
            None => "score.unmarked",
        };
        let args = [("condition", condition.to_string()), ("answer", explainer.words.say(answer))];
        lines.extend(explainer.say("condition", &args, "  "));
    }
    let totals: heading_totals::Frame = explainer.table()?;
    for row in totals.rows().filter(|row| row.unit() == explainer.unit && row.within().is_none()) {
        lines.extend(Entry::heading(row).lines(explainer));
    }
    Ok(lines)
}

fn sum(explainer: &UnitExplainer, own: heading_totals::Row) -> Vec<String> {
    let args = [("score", print(Some(own.score()))), ("points", print(own.points()))];
    explainer.say(if own.complete() { "group" } else { "group_open" }, &args, "  ")
}

/// An entry under a heading: a heading of the next level, or an item.
struct Entry<'a> {
    id: &'a str,
    title: &'a str,
    points: Option<f64>,
    score: Option<f64>,
    /// A heading has the sum of what is marked so far; an item has no score until it is marked.
    open: bool,
    arithmetic: &'a str,
}

impl<'a> Entry<'a> {
    fn heading(row: heading_totals::Row<'a>) -> Entry<'a> {
        Entry {
            id: row.label(),
            title: row.title(),
            points: row.points(),
            score: Some(row.score()),
            open: !row.complete(),
            arithmetic: "",
        }
    }

    fn item(row: item_scores::Row<'a>) -> Entry<'a> {
        Entry {
            id: row.item(),
            title: row.title(),
            points: row.points(),
            score: row.score(),
            open: row.score().is_none(),
            arithmetic: row.arithmetic().unwrap_or_default(),
        }
    }

    /// `B8 办学条件：80 / 80`.
    fn lines(&self, explainer: &UnitExplainer) -> Vec<String> {
        let args = [
            ("id", self.id.to_string()),
            ("title", cut(self.title, TITLE)),
            ("score", print(self.score)),
            ("points", print(self.points)),
            ("arithmetic", self.arithmetic.to_string()),
        ];
        let key = if self.open { "under_open" } else { "under" };
        let text = explainer.words.fill(&format!("score.explain.{key}"), &args);
        screen::wrap(text.trim_end(), "  · ", WIDTH)
    }
}
