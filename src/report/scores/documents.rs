//! Feedback and comparison as documents: the templates `score-feedback` and `score-comparison` filled, and the tables
//! they may ask for by name.

use std::path::Path;

use serde::Serialize;

use super::{
    comparison::{Comparison, Item, WithoutItems},
    feedback::{Component, Feedback, Lost, PartLine},
    lists,
    opinion::{Merit, Opinion},
    view::{FactLine, ProblemLine, View},
};
use crate::{
    chart::Picture,
    problem::Result,
    report::document::{
        Draft, Report, Tables,
        table::{self, Cell, Table, text},
    },
};

/// Maximum number of units side by side in one table; with more, the units are its rows.
const SIDE_BY_SIDE: usize = 10;
/// Maximum number of items listed as common losses.
const COMMON: usize = 15;
/// Number of losses described in full in a feedback; the others get one line.
const WORST: usize = 10;
/// Maximum number of rows of a list on paper; the workbook has all.
const ROWS: usize = 300;

/// Context of a feedback's template besides the feedback.
#[derive(Serialize)]
struct FeedbackContext<'a> {
    #[serde(flatten)]
    own: &'a Feedback,
    /// Whether cells are shown: on the screen, where they can be looked up, but not on paper.
    with_cells: bool,
}

/// A document of a scoring before its template is filled: the template, what it may print, and the subject.
pub struct Subject<'s, 'p, C> {
    pub template: &'static str,
    pub content: &'s C,
    pub title: &'s str,
    pub pictures: &'p [Picture],
    /// Whether the page is in landscape.
    pub wide: bool,
}

impl<'p, C: Serialize> Subject<'_, 'p, C> {
    /// The document; tables without rows are left out.
    ///
    /// # Errors
    /// The template cannot be read, filled or parsed; the problem names its file and line.
    pub fn compose(
        self,
        view: &View<'_>,
        tables: Tables<'_>,
        templates: Option<&'p Path>,
    ) -> Result<Report<'p>> {
        let draft = Draft {
            template: self.template,
            content: self.content,
            tables: &|name, of| Ok(tables(name, of)?.filter(|table| !table.rows.is_empty())),
            pictures: self.pictures,
            author: self.title,
            title: self.title,
            date: view.scoring.made.date,
            made: &view.scoring.made_line(),
            wide: self.wide,
            sources: Vec::new(),
        };
        draft.compose(view.words(), templates)
    }
}

/// The feedback of a unit. `pictures`: the charts of the whole scoring; `with_cells`: for the screen.
///
/// # Errors
/// As [`Subject::compose`].
pub fn feedback<'a>(
    view: &View<'_>,
    feedback: &Feedback,
    (pictures, with_cells): (&'a [Picture], bool),
    templates: Option<&'a Path>,
) -> Result<Report<'a>> {
    let content = &FeedbackContext { own: feedback, with_cells };
    let subject =
        Subject { template: "score-feedback", content, title: &feedback.unit, pictures, wide: false };
    subject.compose(view, &|name, of| of_feedback(view, feedback, name, of), templates)
}

/// The written feedback to a unit.
///
/// # Errors
/// As [`Subject::compose`].
pub fn opinion<'a>(view: &View<'_>, opinion: &Opinion, templates: Option<&'a Path>) -> Result<Report<'a>> {
    let title = &opinion.unit;
    let subject = Subject { template: "score-opinion", content: opinion, title, pictures: &[], wide: false };
    let tables = |name: &str, of: &[String]| match of {
        [] => of_opinion(view, opinion, name, usize::MAX),
        _ => Err(()),
    };
    subject.compose(view, &tables, templates)
}

/// The comparison of all units.
///
/// # Errors
/// As [`Subject::compose`].
pub fn comparison<'a>(
    view: &View<'_>,
    content: &Comparison,
    pictures: &'a [Picture],
    templates: Option<&'a Path>,
) -> Result<Report<'a>> {
    let title = &content.standard.title;
    let subject = Subject { template: "score-comparison", content, title, pictures, wide: true };
    subject.compose(view, &|name, of| of_comparison(view, content, name, of), templates)
}

fn heads(view: &View<'_>, keys: &[&str]) -> Vec<(String, bool)> {
    table::heads(view.words(), "scores", keys)
}

pub(super) fn table(view: &View<'_>, keys: &[&str], rows: impl Iterator<Item = Vec<Cell>>) -> Table {
    let more = |more: usize| view.say("more_rows", &[("count", more.to_string())]);
    table::bounded(heads(view, keys), rows.collect(), ROWS, more)
}

fn of_feedback(view: &View<'_>, own: &Feedback, name: &str, of: &[String]) -> Result<Option<Table>, ()> {
    let item = || match of {
        [at] => at.parse::<usize>().ok().and_then(|at| own.items.get(at)).ok_or(()),
        _ => Err(()),
    };
    let lost = |items: &[Lost], whole: bool, without: &str| {
        let items: Vec<&Lost> = items.iter().collect();
        lists::feedback::lost(view, own, &items, whole).without(&[without]).table(view, ROWS)
    };
    let table = match (name, of.len()) {
        ("headings", 0) => lists::feedback::headings(view, own).table(view, ROWS),
        ("lost", 0) => lost(&own.items, true, "why"),
        ("worst", 0) => lost(own.items.get(..WORST).unwrap_or(&own.items), true, "arithmetic"),
        ("others", 0) => lost(own.items.get(WORST..).unwrap_or_default(), false, "arithmetic"),
        ("doubtful", 0) => lost(&own.doubtful, true, "arithmetic"),
        ("clauses", 0) => clauses(view, own),
        ("sources", 0) => sources(view, own),
        ("parts", _) => {
            let row = |part: &PartLine| {
                let who = [text(&part.arithmetic), text(&part.who), text(&part.cells)];
                let score = text(&part.score).unmet(part.lost);
                [text(&part.title), text(&part.points), score].into_iter().chain(who).collect()
            };
            table(
                view,
                &["part", "#points", "#score", "arithmetic", "who", "cells"],
                item()?.parts.iter().map(row),
            )
        }
        ("evidence", _) => evidence(view, item()?),
        ("unmarked", 0) => {
            lists::comparison::unmarked(view, &own.unmarked).without(&["unit"]).table(view, ROWS)
        }
        ("strengths", 0) => lists::feedback::strengths(view, own).table(view, ROWS),
        ("components", 0) => {
            let row = |one: &Component| {
                vec![text(&one.title), text(&one.share), text(one.value.as_deref().unwrap_or("—"))]
            };
            table(view, &["component", "#weight", "#value"], own.standing.components.iter().map(row))
        }
        _ => return Err(()),
    };
    Ok(Some(table.smaller()))
}

/// A table of the written feedback, with at most so many problems.
pub(super) fn of_opinion(
    view: &View<'_>,
    own: &Opinion,
    name: &str,
    most: usize,
) -> Result<Option<Table>, ()> {
    let and = view.words().say("scores.and");
    Ok(Some(match name {
        "merits" => {
            let row = |merit: &Merit| vec![text(&merit.title), text(&merit.printed)];
            table(view, &["item", "#points"], own.merits.iter().map(row))
        }
        "problems" => {
            let then = view.say("then", &[]);
            let row = |(at, problem): (usize, &ProblemLine)| {
                let facts: Vec<String> = match problem.unexplained {
                    true => vec![view.say("reason.none", &[])],
                    false => problem.facts.iter().map(|line| line.fact.clone()).collect(),
                };
                let joined = |of: fn(&FactLine) -> &String| {
                    let all = problem.facts.iter().map(of).filter(|text| !text.is_empty());
                    all.cloned().collect::<Vec<_>>().join(&then)
                };
                let item = match problem.part.is_empty() {
                    true => problem.item.clone(),
                    false => {
                        let args = [("part", problem.item.clone()), ("arithmetic", problem.part.clone())];
                        view.say("book.note", &args)
                    }
                };
                vec![
                    text((at + 1).to_string()),
                    text(item),
                    text(facts.into_iter().filter(|fact| !fact.is_empty()).collect::<Vec<_>>().join(&then)),
                    text(joined(|line| &line.evidence)),
                    text(&problem.lost).unmet(true),
                    text(&problem.rule),
                    text(&problem.arithmetic),
                    text(joined(|line| &line.required)),
                    text(problem.offices.join(&and)),
                ]
            };
            let keys =
                ["order", "item", "fact", "proof", "#lost", "rule", "arithmetic", "demanded", "office"];
            table(view, &keys, own.problems.iter().take(most).enumerate().map(row)).smaller()
        }
        _ => return Err(()),
    }))
}

/// The requirements of the items with the largest losses.
fn clauses(view: &View<'_>, own: &Feedback) -> Table {
    let row = |item: &Lost| {
        let mut texts = item.requirements.clone();
        let who = item.who.join(&view.words().say("scores.and"));
        if !who.is_empty() {
            texts.push(view.say("marked_by", &[("who", who)]));
        }
        vec![text(&item.title), text(texts.join(" "))]
    };
    table(view, &["item", "requirements"], own.items.iter().take(WORST).map(row))
}

/// Every part and every check with its cells.
fn sources(view: &View<'_>, own: &Feedback) -> Table {
    let rows = own.items.iter().chain(&own.doubtful).flat_map(|item| {
        let parts = item.parts.iter().map(|part| {
            vec![
                text(&item.title),
                text(&part.title),
                text(&part.score).unmet(part.lost),
                text(&part.arithmetic),
                text(&part.who),
                text(&part.cells),
            ]
        });
        let evidence = item.evidence.iter().map(|line| {
            vec![
                text(&item.title),
                text(&line.title),
                text(&line.value).unmet(line.met == Some(false)),
                text(lists::feedback::required(view, &line.required)),
                text(""),
                text(lists::feedback::sources(view, line)),
            ]
        });
        parts.chain(evidence).collect::<Vec<_>>()
    });
    table(view, &["item", "part", "#score", "arithmetic", "who", "cells"], rows)
}

/// The results of an item's checks.
fn evidence(view: &View<'_>, item: &Lost) -> Table {
    let status = |met: Option<bool>| match met {
        Some(true) => "status.met",
        Some(false) => "status.unmet",
        None => "status.missing",
    };
    let rows = item.evidence.iter().map(|line| {
        vec![
            text(&line.title),
            text(&line.value).unmet(line.met == Some(false)),
            text(&line.required),
            text(view.words().say(status(line.met))),
            text(lists::feedback::sources(view, line)),
        ]
    });
    table(view, &["check", "#value", "#required", "met", "cells"], rows)
}

pub(super) fn of_comparison(
    view: &View<'_>,
    all: &Comparison,
    name: &str,
    of: &[String],
) -> Result<Option<Table>, ()> {
    if !of.is_empty() {
        return Err(());
    }
    Ok(Some(match name {
        "standings" => lists::comparison::standings(view, all).table(view, ROWS),
        // Units across if there is room, otherwise down.
        "headings" if all.units.len() <= SIDE_BY_SIDE => {
            lists::comparison::headings(view, all).table(view, ROWS)
        }
        "headings" => units_down(view, all),
        "common" => common(view, all),
        "unmarked" => lists::comparison::unmarked(view, &all.unmarked).table(view, ROWS),
        "above" => lists::comparison::above(view, all).table(view, ROWS),
        "reasons" => lists::comparison::reasons(view, all).table(view, ROWS).smaller(),
        "papers" => lists::comparison::papers(view).table(view, ROWS),
        "duties" => {
            let none = view.say("no_duties", &[]);
            let row = |own: &WithoutItems| {
                let duties = if own.duties.is_empty() { none.clone() } else { own.duties.join(" ") };
                vec![text(&own.unit), text(duties)]
            };
            table(view, &["unit", "duties"], all.without_items.iter().map(row)).smaller()
        }
        "consequences" => lists::comparison::consequences(view).table(view, ROWS),
        "markers" => lists::comparison::markers(view, all).table(view, ROWS),
        "differences" => {
            lists::comparison::differences(view, all.self_assessments.as_ref()).table(view, ROWS)
        }
        "doubts" => {
            let rows = all.document_findings.iter().map(|(about, said)| vec![text(about), text(said)]);
            table(view, &["about", "text"], rows).smaller()
        }
        _ => return Err(()),
    }))
}

/// One row per unit and one column per top-level heading.
fn units_down(view: &View<'_>, all: &Comparison) -> Table {
    let across = lists::comparison::headings(view, all).table(view, usize::MAX);
    let tops: Vec<usize> = (0..all.headings.len()).filter(|at| all.headings[*at].level == 1).collect();
    let mut columns = vec![(all.kind.clone(), false)];
    columns.extend(tops.iter().map(|at| (all.headings[*at].title.clone(), true)));
    // Heading and points come before the units.
    let rows = all.units.iter().enumerate().map(|(unit, own)| {
        let scores = tops.iter().filter_map(|at| across.rows.get(*at)?.get(unit + 2)).cloned();
        std::iter::once(text(&own.name)).chain(scores).collect()
    });
    let more = |more: usize| view.say("more_rows", &[("count", more.to_string())]);
    table::bounded(columns, rows.collect(), ROWS, more)
}

/// The items with the largest average losses.
fn common(view: &View<'_>, all: &Comparison) -> Table {
    let lossy = |item: &&Item| !item.bonus && item.mean.is_some_and(|mean| mean < 1.0);
    let mut items: Vec<&Item> = all.items.iter().filter(lossy).collect();
    items.sort_by(|a, b| a.mean.unwrap_or(1.0).total_cmp(&b.mean.unwrap_or(1.0)));
    let rows = items.into_iter().take(COMMON).map(|item| {
        let full = item.cells.iter().filter(|cell| cell.shade == Some(0)).count();
        let scored = item.cells.iter().filter(|cell| cell.share.is_some()).count();
        vec![
            text(&item.title),
            text(&item.heading),
            text(&item.points),
            text(&item.mean_lost),
            text(super::view::percent(item.mean)),
            text(format!("{full} / {scored}")),
        ]
    });
    table(view, &["item", "heading", "#points", "#mean_lost", "#mean_share", "#full"], rows)
}
