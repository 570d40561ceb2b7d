//! The papers that close a year's evaluation: the notice to all units (通报), the yearly report (年度评价报告), and the
//! evaluation of every unit (评价意见). They are drafts for those who decide: what a document does not say, and what
//! people have to add, is marked as a place to fill in.

pub mod document;

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    comparison::{Comparison, Item, Ranked},
    opinion::{Deadline, Opinion},
    view::{ProblemLine, View, once, percent, points_text},
};
use crate::{
    standard::{Step, StepKind},
    tables::{
        ledger,
        scored::{FallsUnder, Standing, State},
    },
};

/// Maximum number of common problems, and of facts and demands quoted for one of them.
const COMMON: usize = 10;
const QUOTED: usize = 5;
/// Maximum number of merits that the notice and the report name.
const MERITS: usize = 10;
/// Signs at the end of what offices wrote, which is quoted within a sentence.
const END: [char; 4] = ['。', '；', ';', '.'];

/// What the notice and the yearly report say.
#[derive(Debug, Serialize)]
pub struct Publication<'a> {
    #[serde(flatten)]
    pub all: &'a Comparison,
    /// What the document says of the report and of its publication; `None` where it has no such step.
    pub report: Option<Prescribed>,
    pub publication: Option<Prescribed>,
    /// The sources of the result with their shares: `实地检查（70.0%）`.
    pub sources: Vec<String>,
    /// How many units have a result.
    pub done: usize,
    /// Mean result: points where all units have the same points, otherwise a share.
    pub mean: Option<String>,
    pub grades: Vec<Graded>,
    /// Results that changed after rectification.
    pub again: Vec<Again>,
    /// Items in which every unit that they concern has full points.
    pub merits: Vec<String>,
    pub full: usize,
    pub common: Vec<Common>,
    pub progress: Progress,
    pub outcomes: Vec<Outcome>,
    pub plan: Deadline,
    pub rectification: Deadline,
    /// In the order of the standings.
    pub own: Vec<&'a Evaluation>,
}

/// A step of the document.
#[derive(Debug, Serialize)]
pub struct Prescribed {
    /// The name that the document gives the paper; empty if it gives none.
    pub name: String,
    pub due: String,
    pub clause: String,
}

#[derive(Debug, Serialize)]
pub struct Graded {
    pub name: String,
    pub units: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Again {
    pub unit: String,
    pub first: String,
    pub result: String,
    pub first_grade: String,
    pub grade: String,
}

/// An item in which units lost points.
#[derive(Debug, Serialize)]
pub struct Common {
    #[serde(skip)]
    pub lost: f64,
    pub title: String,
    /// How many units lost points, and how many were scored in it.
    pub units: usize,
    pub of: usize,
    /// Points lost by all of them together.
    pub sum: String,
    /// What was seen: `甲旗、乙旗：台账不全`.
    pub facts: Vec<String>,
    pub required: Vec<String>,
    pub offices: Vec<String>,
}

/// The state of rectification.
#[derive(Debug, Default, Serialize)]
pub struct Progress {
    pub lines: usize,
    pub closed: usize,
    pub open: usize,
    pub overdue: usize,
}

/// A consequence, and who falls under it.
#[derive(Debug, Serialize)]
pub struct Outcome {
    pub title: String,
    pub clause: String,
    /// `甲旗（等级为优秀）`
    pub units: Vec<String>,
}

/// The evaluation of one unit.
#[derive(Debug, Serialize)]
pub struct Evaluation {
    #[serde(skip)]
    pub at: usize,
    #[serde(flatten)]
    pub opinion: Opinion,
    /// The result before rectification, if points changed after it.
    pub first_result: Option<String>,
    /// The duties of a unit to which the document gives no item.
    pub duties: Vec<String>,
    /// Headings of the first level.
    pub headings: Vec<super::feedback::Heading>,
    /// What the offices demand, each once.
    pub required: Vec<String>,
    pub progress: Progress,
    pub outcomes: Vec<Outcome>,
}

impl<'a> Publication<'a> {
    /// `evaluations`: those of all units, in the order of the units.
    pub fn of(view: &View<'_>, all: &'a Comparison, evaluations: &'a [Evaluation]) -> Publication<'a> {
        let standings: Vec<&Standing> = all.units.iter().filter_map(|unit| view.standing(unit.at)).collect();
        let (full, merits) = merits(view, all);
        let sources = view.sources();
        let sources = sources.iter().map(|(source, share)| {
            let args = [("title", view.said(&source.title).to_string()), ("share", percent(Some(*share)))];
            view.say("publication.source", &args)
        });
        Publication {
            report: prescribed(view, StepKind::Report),
            publication: prescribed(view, StepKind::Publication),
            sources: sources.collect(),
            done: standings.iter().filter(|own| own.result.is_some()).count(),
            mean: mean(&standings),
            grades: graded(view, &standings),
            again: standings.iter().filter_map(|own| again(view, own)).collect(),
            merits,
            full,
            common: common(view, all),
            progress: progress(view, None),
            outcomes: outcomes(view, |_| true),
            plan: Deadline::of(view, StepKind::Plan),
            rectification: Deadline::of(view, StepKind::Rectification),
            own: all.units.iter().filter_map(|unit| evaluations.get(unit.at)).collect(),
            all,
        }
    }
}

impl Evaluation {
    pub fn of(view: &View<'_>, unit: usize) -> Evaluation {
        let opinion = Opinion::of(view, unit);
        let standing = view.standing(unit);
        let without_items = view.scoring.scored.without_items(view.scoring.standard);
        let duties = without_items.into_iter().find(|(at, _)| *at == unit);
        let mut headings = super::feedback::headings(view, unit);
        headings.retain(|heading| heading.level == 1);
        Evaluation {
            at: unit,
            first_result: standing.and_then(|own| again(view, own)).map(|again| again.first),
            duties: duties.map_or(Vec::new(), |(_, member)| member.duties.clone()),
            headings,
            required: demanded(&opinion.problems),
            progress: progress(view, Some(unit)),
            outcomes: outcomes(view, |own| own.unit == unit),
            opinion,
        }
    }
}

fn prescribed(view: &View<'_>, kind: StepKind) -> Option<Prescribed> {
    let step: &Step = view.scoring.standard.step_of(kind)?;
    Some(Prescribed {
        name: step.document.as_ref().map_or("", |name| view.said(name)).to_string(),
        due: view.said(&step.due).to_string(),
        clause: step.clause.clone(),
    })
}

/// The mean of the results, in points if all units have the same points, otherwise as a share of them.
fn mean(standings: &[&Standing]) -> Option<String> {
    let done: Vec<&&Standing> = standings.iter().filter(|own| own.result.is_some()).collect();
    let first = done.first()?.points;
    let of = |value: fn(&Standing) -> Option<f64>| {
        let all: Vec<f64> = done.iter().filter_map(|own| value(own)).collect();
        (!all.is_empty()).then(|| all.iter().sum::<f64>() / all.len() as f64)
    };
    match done.iter().all(|own| own.points == first) {
        true => of(|own| own.result).map(points_text),
        false => of(|own| own.percent).map(|mean| points_text(mean) + "%"),
    }
}

/// The units of every grade, from the best down; a grade whose condition is not confirmed stands under its own text.
fn graded(view: &View<'_>, standings: &[&Standing]) -> Vec<Graded> {
    let count = view.scoring.standard.scoring.as_ref().map_or(0, |scoring| scoring.grades.len());
    let mut found: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
    for own in standings.iter().filter(|own| own.result.is_some() && count > 0) {
        let rank = own.grade.map_or(count, |at| count - at);
        let unit = view.unit_name(own.unit).to_string();
        found.entry((rank, view.grade(own))).or_default().push(unit);
    }
    found.into_iter().map(|((_, name), units)| Graded { name, units }).collect()
}

/// A result that differs from that before rectification.
fn again(view: &View<'_>, own: &Standing) -> Option<Again> {
    let (first, result) = own.first_result.zip(own.result)?;
    let before = Standing { result: Some(first), grade: own.first_grade, ..own.clone() };
    Some(Again {
        unit: view.unit_name(own.unit).to_string(),
        first: points_text(first),
        result: points_text(result),
        first_grade: view.grade(&before),
        grade: view.grade(own),
    })
}

/// How many items have full points everywhere, and the names of the first of them, those with most points first.
fn merits(view: &View<'_>, all: &Comparison) -> (usize, Vec<String>) {
    let is_full = |item: &&Item| {
        let mut scored = item.cells.iter().filter(|cell| cell.state != State::NotConcerned.id()).peekable();
        !item.bonus && scored.peek().is_some() && scored.all(|cell| cell.shade == Some(0))
    };
    let mut full: Vec<&Item> = all.items.iter().filter(is_full).collect();
    let points = |unit: &Ranked, item: &Item| view.item(unit.at, item.at)?.points;
    let most = |item: &Item| all.units.iter().find_map(|unit| points(unit, item)).unwrap_or_default();
    full.sort_by(|a, b| most(b).total_cmp(&most(a)));
    (full.len(), full.iter().take(MERITS).map(|item| item.title.clone()).collect())
}

/// The items in which most points were lost by all units together.
fn common(view: &View<'_>, all: &Comparison) -> Vec<Common> {
    let of = |item: &Item| {
        let scores = || all.units.iter().filter_map(|unit| view.item(unit.at, item.at));
        let losing: Vec<_> = scores().filter(|score| view.lost(score) > 0.0).collect();
        let lost: f64 = losing.iter().map(|score| view.lost(score)).sum();
        let problems: Vec<ProblemLine> = losing.iter().flat_map(|score| view.problems(score)).collect();
        let mut required = demanded(&problems);
        required.truncate(QUOTED);
        (lost > 0.0).then(|| Common {
            lost,
            title: item.title.clone(),
            units: losing.len(),
            of: scores().filter(|score| score.score.is_some()).count(),
            sum: points_text(lost),
            facts: facts(view, &problems),
            required,
            offices: once(problems.iter().flat_map(|problem| problem.offices.clone())),
        })
    };
    let mut found: Vec<Common> = all.items.iter().filter(|item| !item.bonus).filter_map(of).collect();
    found.sort_by(|a, b| b.lost.total_cmp(&a.lost));
    found.truncate(COMMON);
    found
}

/// What was seen, each fact once with the units where it was seen.
fn facts(view: &View<'_>, problems: &[ProblemLine]) -> Vec<String> {
    let mut found: Vec<(&str, Vec<&str>)> = Vec::new();
    for problem in problems {
        let unit = view.unit_name(problem.loss.unit);
        for fact in problem.facts.iter().map(|line| line.fact.trim()).filter(|fact| !fact.is_empty()) {
            let fact = fact.trim_end_matches(END);
            match found.iter_mut().find(|(known, _)| *known == fact) {
                Some((_, units)) if units.contains(&unit) => {}
                Some((_, units)) => units.push(unit),
                None => found.push((fact, vec![unit])),
            }
        }
    }
    let and = view.words().say("scores.and");
    let said = |(fact, units): (&str, Vec<&str>)| {
        view.say("publication.fact", &[("unit", units.join(&and)), ("fact", fact.to_string())])
    };
    found.into_iter().take(QUOTED).map(said).collect()
}

/// What is required next, each demand once.
fn demanded(problems: &[ProblemLine]) -> Vec<String> {
    let demands = problems.iter().flat_map(|problem| &problem.facts).map(|line| line.required.trim());
    once(demands.map(|demand| demand.trim_end_matches(END).to_string()))
}

/// The state of rectification of a unit, or of all.
fn progress(view: &View<'_>, unit: Option<usize>) -> Progress {
    let mut progress = Progress::default();
    let lines = &view.scoring.scored.rectification;
    for line in lines.iter().filter(|line| unit.is_none_or(|unit| line.unit == unit)) {
        progress.lines += 1;
        match line.state {
            ledger::State::Closed => progress.closed += 1,
            _ => progress.open += 1,
        }
        progress.overdue += usize::from(line.state.is_overdue());
    }
    progress
}

/// The consequences under which units fall, in the order of the document; equal ones of several facts are one.
fn outcomes(view: &View<'_>, wanted: impl Fn(&FallsUnder) -> bool) -> Vec<Outcome> {
    let mut found: Vec<Outcome> = Vec::new();
    for own in view.scoring.scored.consequences.iter().filter(|own| wanted(own)) {
        let Some(consequence) = view.scoring.standard.consequences.get(own.consequence) else { continue };
        let title = view.said(&consequence.title).to_string();
        let args = [("unit", view.unit_name(own.unit).to_string()), ("because", own.because.clone())];
        let unit = view.say("publication.because", &args);
        match found.iter_mut().find(|one| one.title == title && one.clause == consequence.clause) {
            Some(one) => one.units.push(unit),
            None => found.push(Outcome { title, clause: consequence.clause.clone(), units: vec![unit] }),
        }
    }
    found
}

#[cfg(test)]
mod tests;
