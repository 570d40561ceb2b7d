//! All units: ranks, headings, unmarked entries, scores above their points, markers.

use super::{Cell, EVERYWHERE, List, Look, PAPER, SCREEN, SHEET, Value, text};
use crate::{
    report::scores::{
        comparison::{Comparison, Heading, Item, Ranked, shade},
        feedback::{Awaited, arithmetic},
        self_assessment::{Difference, SelfComparison, SelfLine},
        view::{FactLine, ProblemLine, View, share},
    },
    tables::scored::{ItemScore, State},
};

/// Maximum number of units for which points and share are shown side by side; with more, only shading shows the share.
const WITH_SHARES: usize = 20;

/// Units by rank: total, components of the result, grade.
pub fn standings<'v>(view: &'v View<'v>, all: &'v Comparison) -> List {
    let any = |is: fn(&Ranked) -> bool| all.units.iter().any(is);
    let rows = all.units.iter().filter_map(|unit| Some((unit, view.standing(unit.at)?)));
    let mut list = List::of(view, rows)
        .numbers("rank", EVERYWHERE.when(all.ranks.given), 7.0, |(_, own)| Value::Count(own.rank))
        .texts("unit", EVERYWHERE, 20.0, |(unit, own)| {
            Value::Text(unit.name.clone()).look(Look::strong(own.rank == Some(1)))
        })
        .texts("code", SHEET, 10.0, |(unit, _)| text(unit.code.clone().unwrap_or_default()))
        .numbers("points", EVERYWHERE, 9.0, |(_, own)| Value::Points(own.points))
        .numbers("score", EVERYWHERE, 10.0, |(_, own)| Value::Points(Some(own.score)))
        .numbers("bonus", EVERYWHERE.when(all.has_bonus), 8.0, |(_, own)| Value::Points(Some(own.bonus)))
        // Without components, the total is the result and is shown once.
        .numbers("total", SHEET.when(!all.components.is_empty()), 10.0, |(_, own)| Value::Points(own.total));
    for (at, title) in all.components.iter().enumerate() {
        list = list.titled("component", title.clone(), EVERYWHERE, 12.0, move |(_, own)| {
            Value::Points(own.components.get(at).copied().flatten())
        });
    }
    let graded = all.has_grades;
    let conditions = graded && any(|unit| unit.standing.condition.is_some());
    let condition = |unit: &Ranked| unit.standing.condition.clone().unwrap_or_default();
    list.numbers("result", EVERYWHERE, 10.0, |(unit, own)| Cell {
        below: unit.standing.arithmetic.clone(),
        ..Value::Points(own.result).look(Look { strong: true, ..Look::awaited(own.unmarked > 0) })
    })
    .numbers("last_rank", EVERYWHERE.when(all.has_last), 9.0, |(_, own)| Value::Count(own.last_rank))
    .numbers("risen", (SCREEN | SHEET).when(all.has_last), 9.0, |(unit, _)| match unit.standing.risen {
        Some(up @ 1..) => text(format!("↑ {up}")),
        Some(0) => text("→"),
        Some(down) => text(format!("↓ {}", -down)),
        None => text("—"),
    })
    .numbers("last_result", SHEET.when(all.has_last), 10.0, |(_, own)| Value::Points(own.last_result))
    .texts("grade", EVERYWHERE.when(graded), 18.0, move |(unit, _)| Cell {
        below: condition(unit),
        ..text(&unit.standing.grade)
    })
    .texts("condition", SHEET.when(conditions), 30.0, move |(unit, _)| text(condition(unit)))
    .texts("vetoed", EVERYWHERE.when(all.has_veto), 24.0, |(unit, _)| {
        Value::Lines(unit.standing.vetoed.clone())
    })
    .numbers("unmarked", EVERYWHERE, 8.0, |(_, own)| {
        Value::Count(Some(own.unmarked)).look(Look::awaited(own.unmarked > 0))
    })
    // If the result has components.
    .texts("arithmetic", SHEET.when(any(|unit| !unit.standing.arithmetic.is_empty())), 30.0, |(unit, _)| {
        text(&unit.standing.arithmetic)
    })
    .list()
}

/// Headings, with the units across.
pub fn headings<'v>(view: &'v View<'v>, all: &'v Comparison) -> List {
    let look = |heading: &Heading| Look { indent: 0, ..Look::of_level(heading.level) };
    let mut list = List::of(view, &all.headings)
        .texts("heading", PAPER | SHEET, 30.0, |heading| {
            Value::Text(heading.title.clone()).look(Look::of_level(heading.level))
        })
        .numbers("points", PAPER | SHEET, 8.0, move |heading| {
            let points = view.basis(heading.at).map(|points| Value::Points(Some(points)));
            points.unwrap_or_else(|| Value::Text(heading.points.clone())).look(look(heading))
        })
        .numbers("mean", SHEET, 9.0, move |heading| {
            Value::Share(view.across(heading.at).map(|all| all.mean)).look(look(heading))
        });
    for (at, unit) in all.units.iter().enumerate() {
        let look = move |heading: &Heading| {
            let cell = &heading.cells[at];
            let awaited = cell.state == State::Unmarked.id();
            Look { awaited, shade: cell.shade, unmet: cell.shade >= Some(3), ..look(heading) }
        };
        list = list.titled("unit", unit.name.clone(), PAPER | SHEET, 10.0, move |heading| {
            let look = look(heading);
            let value = match heading.cells[at].points {
                Some(points) if look.awaited => Value::SoFar(points),
                Some(points) => Value::Points(Some(points)),
                None => Value::Nothing(view.say("state.not_concerned", &[])),
            };
            value.look(look)
        });
        if all.units.len() <= WITH_SHARES {
            let title = view.say("book.share_of", &[("unit", unit.name.clone())]);
            list = list.titled("share", title, SHEET, 9.0, move |heading| {
                Value::Share(heading.cells[at].share).look(look(heading))
            });
        }
    }
    list.list()
}

/// Items, with the units across; each score with its arithmetic in a comment.
pub fn items<'v>(view: &'v View<'v>, all: &'v Comparison) -> List {
    let mut list = List::of(view, &all.items)
        .texts("heading", SHEET, 20.0, |item| text(&item.heading))
        .texts("item", SHEET, 30.0, |item| text(&item.title))
        .numbers("points", SHEET, 8.0, |item| {
            Value::Points(all.units.iter().find_map(|unit| view.item(unit.at, item.at)?.points))
        })
        .numbers("mean_share", SHEET, 9.0, |item| Value::Share(item.mean));
    for unit in &all.units {
        list = list.titled("unit", unit.name.clone(), SHEET, 11.0, |item| {
            view.item(unit.at, item.at).map_or_else(|| text("—"), |score| score_of(view, item, score))
        });
    }
    list.list()
}

/// The score of a unit for an item, with its arithmetic.
fn score_of(view: &View<'_>, item: &Item, score: &ItemScore) -> Cell {
    let value = match score.score {
        Some(_) => Value::Points(score.score),
        None => Value::Text(view.say(&format!("state.{}", score.state.id()), &[])),
    };
    let mut comment = arithmetic(score);
    if score.parts.len() > 1 {
        for part in &score.parts {
            let own = view.parts(item.at).get(part.part);
            let title = own.map_or(String::new(), |own| own.title.clone());
            comment += "\n";
            comment += &view.say("book.note", &[("part", title), ("arithmetic", part.arithmetic.clone())]);
        }
    }
    let who = view.who(view.marks_of(score));
    if !who.is_empty() {
        comment += &format!("\n{}", who.join(&view.words().say("scores.and")));
    }
    let shade = if item.bonus { None } else { shade(share(score.score, score.points)) };
    let look = Look { shade, strong: score.above, ..Look::awaited(score.state == State::Unmarked) };
    Cell { comment, ..value.look(look) }
}

/// Entries not yet made, in the order of these units. The feedback of one unit has no column `unit`.
pub fn unmarked<'v>(view: &'v View<'v>, awaited: &'v [Awaited]) -> List {
    let and = view.words().say("scores.and");
    List::of(view, awaited)
        .texts("unit", EVERYWHERE, 20.0, |one| text(&one.unit))
        .texts("item", EVERYWHERE, 34.0, |one| text(&one.item))
        .texts("what", EVERYWHERE, 40.0, |one| text(&one.what))
        .texts("offices", EVERYWHERE, 26.0, move |one| text(one.offices.join(&and)))
        .list()
}

/// The register of papers (材料登记表): what was received when, and what is late.
pub fn papers<'v>(view: &'v View<'v>) -> List {
    let scoring = view.scoring;
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(|| "—".to_string(), |day| day.to_string());
    let paper = |own: &crate::tables::scored::PaperState| scoring.standard.papers.get(own.paper);
    let state = |own: &crate::tables::scored::PaperState| match own.days_late() {
        Some(days) if days > 0 => view.say("paper.late", &[("days", days.to_string())]),
        _ => view.say(&format!("paper.{}", own.state()), &[]),
    };
    let complete = |own: &crate::tables::scored::PaperState| match own.complete {
        Some(complete) => view.say(if complete { "yes" } else { "no" }, &[]),
        None => "—".to_string(),
    };
    let and = view.words().say("scores.and");
    List::of(view, &scoring.scored.papers)
        .texts("unit", EVERYWHERE, 20.0, |own| text(view.unit_name(own.unit)))
        .texts("paper", EVERYWHERE, 34.0, move |own| text(paper(own).map_or("", |one| view.said(&one.title))))
        .texts("due", EVERYWHERE, 12.0, move |own| text(day(own.due)))
        .texts("received", EVERYWHERE, 12.0, move |own| text(day(own.received)))
        .texts("state", EVERYWHERE, 14.0, move |own| text(state(own)))
        .texts("complete", EVERYWHERE, 9.0, move |own| text(complete(own)))
        .texts("offices", EVERYWHERE, 20.0, move |own| {
            text(paper(own).map_or_else(String::new, |one| one.offices.join(&and)))
        })
        .texts("clause", EVERYWHERE, 22.0, move |own| text(paper(own).map_or("", |one| one.clause.as_str())))
        .list()
}

/// Who falls under which consequence (结果运用登记表); people decide, so the last columns are empty.
pub fn consequences<'v>(view: &'v View<'v>) -> List {
    let scoring = view.scoring;
    let of = |own: &crate::tables::scored::FallsUnder| scoring.standard.consequences.get(own.consequence);
    List::of(view, &scoring.scored.consequences)
        .texts("unit", EVERYWHERE, 20.0, |own| text(view.unit_name(own.unit)))
        .texts("consequence", EVERYWHERE, 30.0, move |own| {
            text(of(own).map_or("", |one| view.said(&one.title)))
        })
        .texts("because", EVERYWHERE, 44.0, |own| text(&own.because))
        .texts("clause", EVERYWHERE, 22.0, move |own| text(of(own).map_or("", |one| one.clause.as_str())))
        .texts("decision", EVERYWHERE, 26.0, |_| text(""))
        .texts("decided_on", EVERYWHERE, 12.0, |_| text(""))
        .list()
}

/// The lines of the ledger of rectification of a unit.
pub fn rectification<'v>(view: &'v View<'v>, unit: usize) -> List {
    let lines = view.scoring.scored.rectification.iter().filter(move |line| line.unit == unit);
    List::of(view, lines)
        .texts("item", EVERYWHERE, 30.0, |line| text(&line.item))
        .texts("problem", EVERYWHERE, 44.0, |line| text(&line.problem))
        .texts("due", EVERYWHERE, 12.0, |line| text(&line.due))
        .texts("state", EVERYWHERE, 10.0, |line| {
            text(view.words().say(&format!("ledger.state.{}", line.state.id())))
        })
        .texts("closed_on", EVERYWHERE, 12.0, |line| text(&line.closed))
        .texts("evidence", EVERYWHERE, 30.0, |line| text(&line.evidence))
        .list()
}

/// Scores above their points.
pub fn above<'v>(view: &'v View<'v>, all: &Comparison) -> List {
    let rows = all.units.iter().flat_map(|unit| view.scores(unit.at).filter(|score| score.above));
    List::of(view, rows)
        .texts("unit", EVERYWHERE, 20.0, |score| text(view.unit_name(score.unit)))
        .texts("item", EVERYWHERE, 34.0, |score| text(view.item_title(score.item)))
        .numbers("points", EVERYWHERE, 9.0, |score| Value::Points(score.points))
        .numbers("score", EVERYWHERE, 9.0, |score| Value::Points(score.score))
        .texts("arithmetic", EVERYWHERE, 40.0, |score| text(arithmetic(score)))
        .list()
}

/// The parts in which own marks and scores differ, largest difference first.
pub fn differences<'v>(view: &'v View<'v>, own: Option<&'v SelfComparison>) -> List {
    List::of(view, own.iter().flat_map(|own| &own.differences))
        .texts("unit", EVERYWHERE, 20.0, |one| text(&one.unit))
        .texts("item", EVERYWHERE, 34.0, |one| text(&one.item))
        .texts("part", SHEET, 26.0, |one| text(&one.part))
        .numbers("points", EVERYWHERE, 9.0, |one| Value::Points(one.line.points))
        .numbers("self_mark", EVERYWHERE, 9.0, |one| Value::Points(one.line.mark))
        .numbers("score", EVERYWHERE, 9.0, |one| Value::Points(one.line.score))
        .numbers("difference", EVERYWHERE, 9.0, |one| Value::Points(one.line.difference))
        .texts("fact", EVERYWHERE, 40.0, |one| text(&one.fact))
        .texts("evidence", EVERYWHERE, 34.0, |one| text(&one.evidence))
        .list()
}

/// All parts of the units that handed in a self-assessment: own mark beside score.
pub fn self_assessment<'v>(view: &'v View<'v>) -> List {
    let lines = SelfLine::all(view).into_iter().map(|line| Difference::of(view, line));
    List::of(view, lines)
        .texts("unit", EVERYWHERE, 20.0, |one| text(&one.unit))
        .texts("item", EVERYWHERE, 34.0, |one| text(&one.item))
        .texts("part", SHEET, 26.0, |one| text(&one.part))
        .numbers("points", EVERYWHERE, 9.0, |one| Value::Points(one.line.points))
        .numbers("self_mark", EVERYWHERE, 9.0, |one| Value::Points(one.line.mark))
        .numbers("score", EVERYWHERE, 9.0, |one| Value::Points(one.line.score))
        .numbers("difference", EVERYWHERE, 9.0, |one| {
            let differs = one.line.difference.is_some_and(|by| by != 0.0);
            Value::Points(one.line.difference).look(Look::strong(differs))
        })
        .texts("fact", EVERYWHERE, 40.0, |one| text(&one.fact))
        .texts("evidence", EVERYWHERE, 34.0, |one| text(&one.evidence))
        .texts("why", EVERYWHERE, 30.0, |one| text(&one.line.reason))
        .list()
}

/// What took points off, with the facts that offices wrote: by unit in the order of the ranks.
pub fn reasons<'v>(view: &'v View<'v>, all: &Comparison) -> List {
    let rows = all.units.iter().flat_map(|unit| view.scores(unit.at)).flat_map(|score| view.problems(score));
    let and = view.words().say("scores.and");
    let facts = |problem: &ProblemLine, of: fn(&FactLine) -> &String| {
        Value::Lines(problem.facts.iter().map(of).filter(|text| !text.is_empty()).cloned().collect())
    };
    List::of(view, rows)
        .texts("unit", EVERYWHERE, 16.0, |problem| text(view.unit_name(problem.loss.unit)))
        .texts("number", EVERYWHERE, 9.0, |problem| text(&problem.number))
        .texts("item", EVERYWHERE, 26.0, |problem| text(view.item_title(problem.loss.item)))
        .texts("part", SHEET, 26.0, |problem| text(&problem.part))
        .numbers("lost", EVERYWHERE, 8.0, |problem| Value::Points(Some(problem.loss.points)))
        .texts("rule", SHEET, 30.0, |problem| text(&problem.rule))
        .texts("arithmetic", EVERYWHERE, 24.0, |problem| text(&problem.arithmetic))
        .texts("fact", EVERYWHERE, 36.0, move |problem| match problem.unexplained {
            true => {
                Value::Text(view.say("reason.none", &[])).look(Look { unmet: false, ..Look::awaited(true) })
            }
            false => facts(problem, |line| &line.fact).into(),
        })
        .texts("proof", EVERYWHERE, 26.0, move |problem| facts(problem, |line| &line.evidence))
        .texts("demanded", EVERYWHERE, 26.0, move |problem| facts(problem, |line| &line.required))
        .texts("offices", SHEET | SCREEN, 16.0, move |problem| text(problem.offices.join(&and)))
        .list()
}

/// Offices and their signatures, with numbers of entries made and awaited.
pub fn markers<'v>(view: &'v View<'v>, all: &'v Comparison) -> List {
    List::of(view, &all.markers)
        .texts("office", EVERYWHERE, 26.0, |one| text(&one.office))
        .texts("marker", EVERYWHERE, 16.0, |one| text(&one.marker))
        .numbers("marks", EVERYWHERE, 9.0, |one| Value::Count(Some(one.marks)))
        .numbers("items", EVERYWHERE, 9.0, |one| Value::Count(Some(one.items)))
        .numbers("awaited", EVERYWHERE, 9.0, |one| {
            Value::Count(Some(one.awaited)).look(Look { unmet: false, ..Look::awaited(one.awaited > 0) })
        })
        .texts("files", EVERYWHERE, 50.0, |one| text(&one.files))
        .list()
}
