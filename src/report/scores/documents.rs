//! Feedback and comparison as documents: the templates `score-feedback` and `score-comparison` filled, and the tables
//! they may ask for by name.

use std::path::Path;

use serde::Serialize;

use super::{
    comparison::{Cell as Compared, Comparison},
    feedback::{EvidenceLine, Feedback, Lost, PartLine},
    view::View,
};
use crate::{
    chart::Picture,
    problem::Result,
    report::document::{
        Draft, Report,
        table::{self, Cell, Table, text},
    },
};

/// Units side by side in one table of a page; with more of them the units are its rows.
const SIDE_BY_SIDE: usize = 10;
/// Items that all units lose most at.
const COMMON: usize = 15;
/// Losses of a feedback that are told whole; the others in a line.
const WORST: usize = 10;
/// Letters of a part's title beside its arithmetic.
const PART: usize = 18;
/// Rows of a list on paper; the workbook has all.
const ROWS: usize = 300;

/// What the template of a feedback may ask for besides the feedback.
#[derive(Serialize)]
struct FeedbackContext<'a> {
    #[serde(flatten)]
    own: &'a Feedback,
    /// Cells are shown: on a screen, where they are looked up; not on paper.
    with_cells: bool,
}

/// The feedback of a unit. `pictures`: those of the whole scoring; `with_cells`: for a screen.
///
/// # Errors
/// The template cannot be read, filled or understood; the problem names its file and line.
pub fn feedback<'a>(
    view: &View<'_>,
    feedback: &Feedback,
    (pictures, with_cells): (&'a [Picture], bool),
    templates: Option<&'a Path>,
) -> Result<Report<'a>> {
    let draft = Draft {
        template: "score-feedback",
        content: &FeedbackContext { own: feedback, with_cells },
        tables: &|name, of| Ok(of_feedback(view, feedback, name, of)?.filter(has_rows)),
        pictures,
        author: &feedback.unit,
        title: &feedback.unit,
        date: view.scoring.made.date,
        made: &view.scoring.made_line(),
        wide: false,
        sources: Vec::new(),
    };
    draft.compose(view.words(), templates)
}

/// All units.
///
/// # Errors
/// As [`feedback`].
pub fn comparison<'a>(
    view: &View<'_>,
    comparison: &Comparison,
    pictures: &'a [Picture],
    templates: Option<&'a Path>,
) -> Result<Report<'a>> {
    let draft = Draft {
        template: "score-comparison",
        content: comparison,
        tables: &|name, of| Ok(of_comparison(view, comparison, name, of)?.filter(has_rows)),
        pictures,
        author: &comparison.standard.title,
        title: &comparison.standard.title,
        date: view.scoring.made.date,
        made: &view.scoring.made_line(),
        wide: true,
        sources: Vec::new(),
    };
    draft.compose(view.words(), templates)
}

fn has_rows(table: &Table) -> bool {
    !table.rows.is_empty()
}

fn heads(view: &View<'_>, keys: &[&str]) -> Vec<(String, bool)> {
    table::heads(view.words(), "scores", keys)
}

/// As many rows as paper bears, and how many more there are.
fn bounded(view: &View<'_>, heads: Vec<(String, bool)>, rows: Vec<Vec<Cell>>) -> Table {
    table::bounded(heads, rows, ROWS, |more| view.say("more_rows", &[("count", more.to_string())]))
}

fn indented(title: &str, level: usize) -> Cell {
    // Ideographic spaces: `clean` takes only those at the ends of a whole text.
    text(format!("{}{title}", "· ".repeat(level.saturating_sub(1))))
}

fn number_of(of: &[String]) -> Result<usize, ()> {
    match of {
        [only] => only.parse::<usize>().map_err(|_| ()),
        _ => Err(()),
    }
}

fn of_feedback(view: &View<'_>, own: &Feedback, name: &str, of: &[String]) -> Result<Option<Table>, ()> {
    let item = || number_of(of).and_then(|at| own.items.get(at).ok_or(()));
    let (columns, rows): (Vec<(String, bool)>, Vec<Vec<Cell>>) = match name {
        "headings" if of.is_empty() => (
            heads(view, &["heading", "#points", "#score", "#share", "#lost", "#mean", "#best"]),
            own.headings
                .iter()
                .map(|heading| {
                    let score = match heading.complete {
                        true => heading.score.clone(),
                        false => view.say("so_far", &[("score", heading.score.clone())]),
                    };
                    vec![
                        indented(&heading.title, heading.level),
                        text(&heading.points),
                        text(score).unmet(heading.below_mean),
                        text(&heading.share),
                        text(&heading.lost),
                        text(&heading.mean),
                        text(&heading.best),
                    ]
                })
                .collect(),
        ),
        "lost" if of.is_empty() => (
            heads(view, &["item", "#points", "#score", "#lost", "arithmetic"]),
            own.items
                .iter()
                .map(|item| {
                    vec![
                        text(&item.title),
                        text(&item.points),
                        text(&item.score),
                        text(&item.lost),
                        text(&item.arithmetic),
                    ]
                })
                .collect(),
        ),
        "worst" | "others" | "doubtful" if of.is_empty() => {
            let items = match name {
                "worst" => own.items.get(..WORST).unwrap_or(&own.items),
                "others" => own.items.get(WORST..).unwrap_or_default(),
                _ => &own.doubtful,
            };
            let row = |item: &Lost| {
                vec![
                    text(&item.title),
                    text(&item.points),
                    text(&item.score),
                    text(&item.lost),
                    text(why(view, item, name != "others")),
                ]
            };
            let keys = ["item", "#points", "#score", "#lost", "why"];
            (heads(view, &keys), items.iter().map(row).collect())
        }
        "clauses" if of.is_empty() => {
            let row = |item: &Lost| {
                let mut told = item.requirements.clone();
                told.extend(item.note.as_ref().map(|note| view.say("note", &[("note", note.clone())])));
                let who = item.who.join(&view.words().say("scores.and"));
                if !who.is_empty() {
                    told.push(view.say("marked_by", &[("who", who)]));
                }
                vec![text(&item.title), text(told.join(" "))]
            };
            (heads(view, &["item", "requirements"]), own.items.iter().take(WORST).map(row).collect())
        }
        "sources" if of.is_empty() => {
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
                        text(required(view, &line.required)),
                        text(""),
                        text(sources(view, line)),
                    ]
                });
                parts.chain(evidence).collect::<Vec<_>>()
            });
            (heads(view, &["item", "part", "#score", "arithmetic", "who", "cells"]), rows.collect())
        }
        "parts" => (
            heads(view, &["part", "#points", "#score", "arithmetic", "who", "cells"]),
            item()?.parts.iter().map(part_row).collect(),
        ),
        "evidence" => {
            let met = |met: Option<bool>| match met {
                Some(true) => view.words().say("status.met"),
                Some(false) => view.words().say("status.unmet"),
                None => view.words().say("status.missing"),
            };
            let rows = item()?.evidence.iter().map(|line| {
                let cells = sources(view, line);
                vec![
                    text(&line.title),
                    text(&line.value).unmet(line.met == Some(false)),
                    text(&line.required),
                    text(met(line.met)),
                    text(cells),
                ]
            });
            (heads(view, &["check", "#value", "#required", "met", "cells"]), rows.collect())
        }
        "unmarked" if of.is_empty() => (
            heads(view, &["item", "what", "offices"]),
            own.unmarked
                .iter()
                .map(|one| {
                    vec![
                        text(&one.item),
                        text(&one.what),
                        text(one.offices.join(&view.words().say("scores.and"))),
                    ]
                })
                .collect(),
        ),
        "strengths" if of.is_empty() => (
            heads(view, &["item", "#points", "#score", "#mean"]),
            own.strengths
                .iter()
                .map(|one| {
                    let said = |number: f64| text(super::view::points_text(number));
                    vec![text(&one.title), said(one.points), said(one.score), said(one.mean)]
                })
                .collect(),
        ),
        "components" if of.is_empty() => (
            heads(view, &["component", "#weight", "#value"]),
            own.standing
                .components
                .iter()
                .map(|one| {
                    vec![text(&one.title), text(&one.share), text(one.value.as_deref().unwrap_or("—"))]
                })
                .collect(),
        ),
        _ => return Err(()),
    };
    Ok(Some(bounded(view, columns, rows).smaller()))
}

/// Cells, and what was not found.
fn sources(view: &View<'_>, line: &EvidenceLine) -> String {
    let lacking = view.say("lacking", &[("facts", line.missing.join(&view.words().say("scores.and")))]);
    match (line.cells.is_empty(), line.missing.is_empty()) {
        (_, true) => line.cells.clone(),
        (true, false) => lacking,
        (false, false) => format!("{}; {lacking}", line.cells),
    }
}

fn required(view: &View<'_>, required: &str) -> String {
    if required == "—" { String::new() } else { view.say("required", &[("required", required.into())]) }
}

/// Why an item lost points: its arithmetic; `whole`: also that of the parts that lost, data that do not meet what is
/// asked for, and what is doubtful about the document there.
fn why(view: &View<'_>, item: &Lost, whole: bool) -> String {
    let mut told = Vec::new();
    if item.state == "not_assessed" {
        told.push(view.say("state.not_assessed", &[]));
    }
    if !item.arithmetic.is_empty() {
        told.push(item.arithmetic.clone());
    }
    if whole && item.parts.len() > 1 {
        for part in item.parts.iter().filter(|part| part.lost) {
            let cut = part.title.chars().count() > PART;
            let title: String = part.title.chars().take(PART).chain(cut.then_some('…')).collect();
            // The only part that was scored has the item's own.
            if !part.arithmetic.is_empty() && part.arithmetic == item.arithmetic {
                continue;
            }
            let arithmetic =
                if part.arithmetic.is_empty() { part.score.clone() } else { part.arithmetic.clone() };
            told.push(view.say("book.note", &[("part", title), ("arithmetic", arithmetic)]));
        }
    }
    // What is met took nothing away.
    for line in item.evidence.iter().filter(|line| line.met == Some(false) || (whole && line.met.is_none())) {
        let required = required(view, &line.required);
        let value = match line.value.as_str() {
            "—" => sources(view, line),
            value => value.to_string(),
        };
        let unmet = line.met.map_or(String::new(), |_| view.words().say("status.unmet"));
        let said: Vec<String> =
            [value, required, unmet].into_iter().filter(|text| !text.is_empty()).collect();
        let args = [("part", line.title.clone()), ("arithmetic", said.join(&view.say("comma", &[])))];
        told.push(view.say("book.note", &args));
    }
    told.extend(
        item.doubts
            .iter()
            .map(|doubt| view.say("doubt", &[("text", doubt.trim_end_matches(['。', '.']).into())])),
    );
    told.join(&view.say("then", &[]))
}

fn part_row(part: &PartLine) -> Vec<Cell> {
    vec![
        text(&part.title),
        text(&part.points),
        text(&part.score).unmet(part.lost),
        text(&part.arithmetic),
        text(&part.who),
        text(&part.cells),
    ]
}

fn of_comparison(view: &View<'_>, all: &Comparison, name: &str, of: &[String]) -> Result<Option<Table>, ()> {
    if !of.is_empty() {
        return Err(());
    }
    let and = view.words().say("scores.and");
    let cell = |cell: &Compared| {
        let score = match cell.state {
            "unmarked" if cell.score == "—" => view.say("state.unmarked", &[]),
            "unmarked" => view.say("so_far", &[("score", cell.score.clone())]),
            "not_assessed" | "not_concerned" if cell.score == "—" => {
                view.say(&format!("state.{}", cell.state), &[])
            }
            _ => cell.score.clone(),
        };
        text(score).unmet(cell.shade.is_some_and(|shade| shade >= 3))
    };
    let (columns, rows): (Vec<(String, bool)>, Vec<Vec<Cell>>) = match name {
        "standings" => standings(view, all),
        // Units across while they have room, else down.
        "headings" if all.units.len() <= SIDE_BY_SIDE => {
            let mut columns = heads(view, &["heading", "#points"]);
            columns.extend(all.units.iter().map(|unit| (unit.name.clone(), true)));
            let rows = all.headings.iter().map(|heading| {
                let mut row = vec![indented(&heading.title, heading.level), text(&heading.points)];
                row.extend(heading.cells.iter().map(cell));
                row
            });
            (columns, rows.collect())
        }
        "headings" => {
            let tops: Vec<_> = all.headings.iter().filter(|heading| heading.level == 1).collect();
            let mut columns = vec![(all.kind.clone(), false)];
            columns.extend(tops.iter().map(|heading| (heading.title.clone(), true)));
            let rows = all.units.iter().enumerate().map(|(at, unit)| {
                let mut row = vec![text(&unit.name)];
                row.extend(tops.iter().filter_map(|heading| heading.cells.get(at)).map(cell));
                row
            });
            (columns, rows.collect())
        }
        "common" => {
            let mut items: Vec<_> = all
                .items
                .iter()
                .filter(|item| !item.bonus && item.mean.is_some_and(|mean| mean < 1.0))
                .collect();
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
            (
                heads(view, &["item", "heading", "#points", "#mean_lost", "#mean_share", "#full"]),
                rows.collect(),
            )
        }
        "unmarked" => (
            heads(view, &["unit", "item", "what", "offices"]),
            all.unmarked
                .iter()
                .map(|one| {
                    vec![text(&one.unit), text(&one.item), text(&one.what), text(one.offices.join(&and))]
                })
                .collect(),
        ),
        "above" => (
            heads(view, &["unit", "item", "#points", "#score", "arithmetic"]),
            all.above
                .iter()
                .map(|one| {
                    vec![
                        text(&one.unit),
                        text(&one.item),
                        text(&one.points),
                        text(&one.score),
                        text(&one.arithmetic),
                    ]
                })
                .collect(),
        ),
        "markers" => (
            heads(view, &["office", "marker", "#marks", "#items", "#awaited", "files"]),
            all.markers
                .iter()
                .map(|one| {
                    vec![
                        text(&one.office),
                        text(&one.marker),
                        text(one.marks.to_string()),
                        text(one.items.to_string()),
                        text(one.awaited.to_string()),
                        text(&one.files),
                    ]
                })
                .collect(),
        ),
        "doubts" => (
            heads(view, &["about", "text"]),
            all.document_findings.iter().map(|(about, said)| vec![text(about), text(said)]).collect(),
        ),
        _ => return Err(()),
    };
    let table = bounded(view, columns, rows);
    Ok(Some(if name == "doubts" { table.smaller() } else { table }))
}

fn standings(view: &View<'_>, all: &Comparison) -> (Vec<(String, bool)>, Vec<Vec<Cell>>) {
    let mut keys = vec!["#rank", "unit", "#points", "#score"];
    keys.extend(all.has_bonus.then_some("#bonus"));
    let mut columns = heads(view, &keys);
    columns.extend(all.components.iter().map(|title| (title.clone(), true)));
    let mut keys = vec!["#result"];
    keys.extend(all.has_last.then_some("#last_rank"));
    keys.extend(all.has_grades.then_some("grade"));
    keys.extend(all.has_veto.then_some("vetoed"));
    keys.push("#unmarked");
    columns.extend(heads(view, &keys));
    let or = |text: Option<&str>| text.unwrap_or("—").to_string();
    let and = view.words().say("scores.and");
    let rows = all.units.iter().map(|unit| {
        let own = &unit.standing;
        let mut row = vec![
            text(own.rank.map_or_else(|| "—".into(), |rank| rank.to_string())),
            text(&unit.name),
            text(&own.points),
            text(&own.score),
        ];
        row.extend(all.has_bonus.then(|| text(or(own.bonus.as_deref()))));
        row.extend(own.components.iter().map(|component| text(or(component.value.as_deref()))));
        row.push(text(or(own.result.as_deref())).unmet(own.unmarked > 0));
        row.extend(
            all.has_last.then(|| text(own.last_rank.map_or_else(|| "—".into(), |rank| rank.to_string()))),
        );
        row.extend(all.has_grades.then(|| text(&own.grade)));
        row.extend(all.has_veto.then(|| text(own.vetoed.join(&and))));
        row.push(text(own.unmarked.to_string()).unmet(own.unmarked > 0));
        row
    });
    (columns, rows.collect())
}
