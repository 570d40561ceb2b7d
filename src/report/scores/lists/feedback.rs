//! One unit: its losses, headings and strengths. Its unmarked entries are a list of [`super::comparison`].

use super::{List, Look, PAPER, SHEET, Value, text};
use crate::report::scores::{
    comparison::shade,
    feedback::{EvidenceLine, Feedback, Heading, Lost, PartLine},
    view::{FactLine, ProblemLine, View, once, share},
};

/// Maximum length of a part's title beside its arithmetic.
const PART: usize = 18;

/// These items of a unit. `whole`: the reasons include parts and data.
pub fn lost<'v>(view: &'v View<'v>, own: &Feedback, items: &'v [&'v Lost], whole: bool) -> List {
    let rows = items.iter().filter_map(|item| Some((*item, view.item(own.at, item.at)?)));
    // No empty columns.
    let checked = items.iter().any(|item| !item.evidence.is_empty());
    let told = items.iter().flat_map(|item| &item.problems).any(|problem| !problem.facts.is_empty());
    List::of(view, rows)
        .texts("heading", SHEET, 14.0, |(item, _)| text(&item.heading))
        .texts("item", PAPER | SHEET, 18.0, |(item, _)| text(&item.title))
        .numbers("points", PAPER | SHEET, 7.0, |(_, score)| Value::Points(score.points))
        .numbers("score", PAPER | SHEET, 7.0, |(_, score)| {
            let shade = shade(share(score.score, score.points));
            Value::Points(score.score).look(Look { shade, ..Look::default() })
        })
        .numbers("lost", PAPER | SHEET, 7.0, |(_, score)| {
            Value::Points(Some(view.lost(score))).look(Look::strong(true))
        })
        .texts("arithmetic", PAPER | SHEET, 24.0, |(item, _)| text(&item.arithmetic))
        .texts("why", PAPER, 24.0, move |(item, _)| text(why(view, item, whole)))
        .texts("rule", SHEET, 30.0, |(item, _)| Value::Lines(rules(view, item)))
        .texts("fact", SHEET, 30.0, |(item, _)| Value::Lines(facts(view, item)))
        .texts("proof", SHEET.when(told), 22.0, |(item, _)| Value::Lines(each(item, |line| &line.evidence)))
        .texts("demanded", SHEET.when(told), 22.0, |(item, _)| {
            Value::Lines(each(item, |line| &line.required))
        })
        .texts("requirements", SHEET, 44.0, |(item, _)| Value::Lines(item.requirements.clone()))
        .texts("part", SHEET, 30.0, |(item, _)| Value::Lines(parts(view, item)))
        .texts("who", SHEET, 14.0, |(item, _)| Value::Lines(item.who.clone()))
        .texts("cells", SHEET, 22.0, |(item, _)| text(&item.cells))
        .texts("check", SHEET.when(checked), 26.0, |(item, _)| Value::Lines(evidence(view, item)))
        .list()
}

/// The unit's headings compared with the mean and the best of all units: shares on a sheet, points on paper.
pub fn headings<'v>(view: &'v View<'v>, own: &'v Feedback) -> List {
    let unit = own.at;
    let group = move |heading: &Heading| view.group(unit, heading.at);
    let look = |heading: &Heading| Look { awaited: !heading.complete, ..Look::strong(heading.level == 1) };
    let weak = move |heading: &Heading| Look { shade: heading.below_mean.then_some(3), ..look(heading) };
    let across = |heading: &Heading| view.across(heading.at);
    List::of(view, &own.headings)
        .texts("heading", PAPER | SHEET, 36.0, move |heading| {
            Value::Text(heading.title.clone())
                .look(Look { awaited: !heading.complete, ..Look::of_level(heading.level) })
        })
        .numbers("points", PAPER | SHEET, 9.0, move |heading| {
            Value::Points(group(heading).and_then(|own| own.points)).look(look(heading))
        })
        .numbers("score", PAPER | SHEET, 9.0, move |heading| {
            let score = match group(heading).map(|own| own.score) {
                Some(score) if !heading.complete => Value::SoFar(score),
                score => Value::Points(score),
            };
            score.look(Look { unmet: heading.below_mean, ..weak(heading) })
        })
        .numbers("share", PAPER | SHEET, 9.0, move |heading| {
            let rate = group(heading).and_then(|own| share(Some(own.score), own.points));
            Value::Share(rate).look(weak(heading))
        })
        .numbers("lost", PAPER, 9.0, |heading| text(&heading.lost))
        .numbers("mean", PAPER, 12.0, |heading| text(&heading.mean))
        .numbers("best", PAPER, 12.0, |heading| text(&heading.best))
        .numbers("mean", SHEET, 12.0, move |heading| {
            Value::Share(across(heading).map(|all| all.mean)).look(look(heading))
        })
        .numbers("best", SHEET, 12.0, move |heading| {
            Value::Share(across(heading).map(|all| all.best)).look(look(heading))
        })
        .list()
}

/// Items with full points where other units lost some.
pub fn strengths<'v>(view: &'v View<'v>, own: &'v Feedback) -> List {
    List::of(view, &own.strengths)
        .texts("item", PAPER | SHEET, 44.0, |one| text(&one.title))
        .numbers("points", PAPER | SHEET, 10.0, |one| Value::Points(Some(one.points)))
        .numbers("score", PAPER | SHEET, 10.0, |one| Value::Points(Some(one.score)))
        .numbers("mean", PAPER | SHEET, 14.0, |one| Value::Points(Some(one.mean)))
        .list()
}

/// The parts of an item, one line each.
fn parts(view: &View<'_>, item: &Lost) -> Vec<String> {
    let line = |part: &PartLine| {
        let args = [
            ("part", part.title.clone()),
            ("points", part.points.clone()),
            ("score", part.score.clone()),
            ("arithmetic", part.arithmetic.clone()),
        ];
        view.say(if part.arithmetic.is_empty() { "book.part" } else { "book.part_arithmetic" }, &args)
    };
    item.parts.iter().map(line).collect()
}

/// The results of the item's checks, one line each.
fn evidence(view: &View<'_>, item: &Lost) -> Vec<String> {
    let line = |line: &EvidenceLine| {
        let args = [
            ("check", line.title.clone()),
            ("value", line.value.clone()),
            ("required", line.required.clone()),
            ("cells", line.cells.clone()),
        ];
        view.say("book.evidence", &args)
    };
    item.evidence.iter().map(line).collect()
}

/// The facts behind the losses of an item, one line each; 事由未填 where there is none.
pub fn facts(view: &View<'_>, item: &Lost) -> Vec<String> {
    let of = |problem: &ProblemLine| {
        let none = problem.unexplained.then(|| view.say("reason.none", &[]));
        let facts = problem.facts.iter().map(|line| line.fact.clone()).filter(|fact| !fact.is_empty());
        none.into_iter().chain(facts).map(|fact| about(view, problem, fact)).collect::<Vec<_>>()
    };
    item.problems.iter().flat_map(of).collect()
}

/// How the standard scores what lost points, one line each.
fn rules(view: &View<'_>, item: &Lost) -> Vec<String> {
    let ruled = item.problems.iter().filter(|problem| !problem.rule.is_empty());
    ruled.map(|problem| about(view, problem, problem.rule.clone())).collect()
}

/// A text about a loss, after the title of its part if the item has several.
fn about(view: &View<'_>, problem: &ProblemLine, text: String) -> String {
    if problem.part.is_empty() {
        return text;
    }
    view.say("book.note", &[("part", cut(&problem.part)), ("arithmetic", text)])
}

fn cut(title: &str) -> String {
    let cut = title.chars().count() > PART;
    title.chars().take(PART).chain(cut.then_some('…')).collect()
}

/// One text of every fact, each once.
pub fn each(item: &Lost, text: fn(&FactLine) -> &String) -> Vec<String> {
    once(item.problems.iter().flat_map(|problem| &problem.facts).map(text).cloned())
}

/// Cells, and missing data.
pub fn sources(view: &View<'_>, line: &EvidenceLine) -> String {
    let lacking = view.say("lacking", &[("facts", line.missing.join(&view.words().say("scores.and")))]);
    match (line.cells.is_empty(), line.missing.is_empty()) {
        (_, true) => line.cells.clone(),
        (true, false) => lacking,
        (false, false) => format!("{}; {lacking}", line.cells),
    }
}

pub fn required(view: &View<'_>, required: &str) -> String {
    if required == "—" { String::new() } else { view.say("required", &[("required", required.into())]) }
}

/// Why an item lost points: its arithmetic; with `whole`, also that of the parts that lost points, data that do not
/// meet the requirements; then the facts that offices wrote.
fn why(view: &View<'_>, item: &Lost, whole: bool) -> String {
    let mut reasons = Vec::new();
    if item.state == "not_assessed" {
        reasons.push(view.say("state.not_assessed", &[]));
    }
    if !item.arithmetic.is_empty() {
        reasons.push(item.arithmetic.clone());
    }
    if whole && item.parts.len() > 1 {
        for part in item.parts.iter().filter(|part| part.lost) {
            let title = cut(&part.title);
            // If only one part was scored, its arithmetic is that of the item.
            if !part.arithmetic.is_empty() && part.arithmetic == item.arithmetic {
                continue;
            }
            let arithmetic =
                if part.arithmetic.is_empty() { part.score.clone() } else { part.arithmetic.clone() };
            reasons.push(view.say("book.note", &[("part", title), ("arithmetic", arithmetic)]));
        }
    }
    // A check that is met did not cost any points.
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
        reasons.push(view.say("book.note", &args));
    }
    // Where nobody wrote anything, it is said once.
    let silent = item.problems.iter().all(|problem| problem.facts.is_empty());
    if silent && item.problems.iter().any(|problem| problem.unexplained) {
        reasons.push(view.say("reason.none", &[]));
    }
    for problem in item.problems.iter().filter(|_| !silent) {
        reasons.extend(view.told(problem).into_iter().map(|text| about(view, problem, text)));
    }
    reasons.join(&view.say("then", &[]))
}
