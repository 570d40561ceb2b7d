//! Notice, yearly report and evaluation as documents: their templates filled, and the tables that these ask for.

use std::path::Path;

use super::{Again, Evaluation, Publication};
use crate::{
    chart::Picture,
    problem::Result,
    report::{
        document::{
            Report,
            table::{Table, text},
        },
        scores::{
            documents::{self, Subject},
            lists,
            view::View,
        },
    },
};

/// Maximum number of problems of a unit in the yearly report; its written feedback has all.
const PROBLEMS: usize = 10;

/// The notice to all units, or the yearly report: `template` is `score-notice` or `score-report`.
///
/// # Errors
/// As [`Subject::compose`].
pub fn of_all<'a>(
    view: &View<'_>,
    template: &'static str,
    content: &Publication<'_>,
    pictures: &'a [Picture],
    templates: Option<&'a Path>,
) -> Result<Report<'a>> {
    let title = &content.all.standard.title;
    let subject = Subject { template, content, title, pictures, wide: false };
    subject.compose(view, &|name, of| table(view, content, name, of), templates)
}

/// The evaluation of a unit.
///
/// # Errors
/// As [`of_all`].
pub fn of_unit<'a>(view: &View<'_>, own: &Evaluation, templates: Option<&'a Path>) -> Result<Report<'a>> {
    let title = &own.opinion.unit;
    let subject = Subject { template: "score-evaluation", content: own, title, pictures: &[], wide: false };
    let tables = |name: &str, of: &[String]| match of {
        [] => own_table(view, own, name, usize::MAX),
        _ => Err(()),
    };
    subject.compose(view, &tables, templates)
}

/// A table of the notice or the report. Those of a unit have its place in the list: `problems 3`.
fn table(view: &View<'_>, all: &Publication<'_>, name: &str, of: &[String]) -> Result<Option<Table>, ()> {
    match (name, of) {
        ("again", []) => {
            let row = |own: &Again| {
                let cells = [&own.unit, &own.first, &own.result, &own.first_grade, &own.grade];
                cells.into_iter().map(text).collect()
            };
            let keys = ["unit", "#first_result", "#result", "first_grade", "grade"];
            Ok(Some(documents::table(view, &keys, all.again.iter().map(row))))
        }
        ("progress", []) => {
            let row = |own: &&Evaluation| {
                let count = |count: usize| text(count.to_string());
                let progress = &own.progress;
                let late = count(progress.overdue).unmet(progress.overdue > 0);
                vec![
                    text(&own.opinion.unit),
                    count(progress.lines),
                    count(progress.closed),
                    count(progress.open),
                    late,
                ]
            };
            let rows = all.own.iter().filter(|own| own.progress.lines > 0).map(row);
            let keys = ["unit", "#problems", "#closed", "#open", "#overdue"];
            Ok(Some(documents::table(view, &keys, rows)))
        }
        (name, [at]) => {
            let own = at.parse::<usize>().ok().and_then(|at| all.own.get(at)).ok_or(())?;
            own_table(view, own, name, PROBLEMS)
        }
        (name, of) => documents::of_comparison(view, all.all, name, of),
    }
}

/// A table about one unit.
fn own_table(view: &View<'_>, own: &Evaluation, name: &str, most: usize) -> Result<Option<Table>, ()> {
    match name {
        "own_headings" => {
            let row = |heading: &crate::report::scores::feedback::Heading| {
                let texts = [&heading.title, &heading.points, &heading.score, &heading.share, &heading.mean];
                let mut cells: Vec<_> = texts.into_iter().map(text).collect();
                if let Some(share) = cells.get_mut(3) {
                    *share = text(&heading.share).unmet(heading.below_mean);
                }
                cells
            };
            let keys = ["heading", "#points", "#score", "#share", "#mean"];
            Ok(Some(documents::table(view, &keys, own.headings.iter().map(row))))
        }
        "ledger" => Ok(Some(lists::comparison::rectification(view, own.at).table(view, most).smaller())),
        _ => documents::of_opinion(view, &own.opinion, name, most),
    }
}
