//! The written feedback to a unit (书面反馈意见): its result, its merits, the list of problems, and by when the plan of
//! rectification and its result are due.

use std::collections::BTreeMap;

use chrono::Datelike;
use serde::Serialize;

use super::{
    feedback::Place,
    view::{ProblemLine, View, points_text},
};
use crate::{
    calendar::{self, Date},
    report::rules::{Day, Rules},
    standard::{Step, StepKind},
    tables::scored::{ItemScore, State},
};

/// Maximum number of merits that are named.
const MERITS: usize = 10;

#[derive(Debug, Serialize)]
pub struct Opinion {
    pub unit: String,
    pub kind: String,
    pub measure: String,
    pub year: Option<i32>,
    pub date: Day,
    pub standard: Rules,
    /// The name that the document gives the written feedback; empty if it gives none.
    pub name: String,
    pub standing: Place,
    /// Items with full points, those with most points first.
    pub merits: Vec<Merit>,
    /// The number of all items with full points.
    pub full: usize,
    /// What took points off, the largest loss first.
    pub problems: Vec<ProblemLine>,
    /// How many of them have no fact though a mark decided them.
    pub unexplained: usize,
    pub plan: Deadline,
    pub rectification: Deadline,
}

#[derive(Debug, Serialize)]
pub struct Merit {
    #[serde(skip)]
    pub points: f64,
    pub title: String,
    pub printed: String,
}

/// By when something is to be handed in.
#[derive(Debug, Serialize)]
pub struct Deadline {
    /// The day, if it follows from the date of this feedback or from the document alone.
    pub day: Option<Day>,
    /// The days after another step that the document allows.
    pub days: Option<u32>,
    /// The document's own words for the date; empty if it has none.
    pub said: String,
    pub clause: String,
}

impl Opinion {
    pub fn of(view: &View<'_>, unit: usize) -> Opinion {
        let feedback = view.scoring.standard.step_of(StepKind::Feedback);
        let feedback = feedback.and_then(|step| step.document.as_ref());
        let mut problems: Vec<ProblemLine> =
            view.scores(unit).flat_map(|score| view.problems(score)).collect();
        problems.sort_by(|a, b| b.loss.points.total_cmp(&a.loss.points));
        let mut merits: Vec<Merit> = view.scores(unit).filter_map(|score| merit(view, score)).collect();
        merits.sort_by(|a, b| b.points.total_cmp(&a.points));
        let full = merits.len();
        merits.truncate(MERITS);
        Opinion {
            unit: view.unit_name(unit).to_string(),
            kind: view.kind().to_string(),
            measure: view.measure(),
            year: view.scoring.scored.year,
            date: view.scoring.made.date.into(),
            standard: Rules::of(view.scoring.standard, view.words().language),
            name: feedback.map_or("", |name| view.said(name)).to_string(),
            standing: Place::of_unit(view, unit),
            merits,
            full,
            unexplained: problems.iter().filter(|problem| problem.unexplained).count(),
            problems,
            plan: Deadline::of(view, StepKind::Plan),
            rectification: Deadline::of(view, StepKind::Rectification),
        }
    }
}

/// An item with full points.
fn merit(view: &View<'_>, score: &ItemScore) -> Option<Merit> {
    let points = score.points.filter(|points| *points > 0.0)?;
    let is_full = score.state == State::Scored && score.score.is_some_and(|own| own >= points - 1e-9);
    let unmet = score.evidence.iter().any(|evidence| evidence.met == Some(false));
    (is_full && !unmet && !view.is_bonus_item(score.item)).then(|| Merit {
        points,
        title: view.item_title(score.item),
        printed: points_text(points),
    })
}

impl Deadline {
    /// The deadline of the step of a kind; the feedback is given on the day of the document.
    pub fn of(view: &View<'_>, kind: StepKind) -> Deadline {
        let standard = view.scoring.standard;
        let made = view.scoring.made.date;
        let Some(step) = standard.step_of(kind) else {
            return Deadline { day: None, days: None, said: String::new(), clause: String::new() };
        };
        let feedback = standard.step_of(StepKind::Feedback).map(|step| (step.id.clone(), made));
        let known: BTreeMap<_, _> = feedback.into_iter().collect();
        let year = view.scoring.scored.year.unwrap_or(made.year());
        let dated = calendar::steps(standard, year, &known);
        let is_own = |at: usize| standard.steps.get(at).is_some_and(|own: &Step| own.id == step.id);
        let date = dated.iter().find(|dated| is_own(dated.step)).map(|dated| &dated.date);
        let (day, days) = match date {
            Some(Date::On(day) | Date::Between(_, day)) => (Some(*day), None),
            Some(Date::Open { days, latest, .. }) => (*latest, Some(*days)),
            Some(Date::NotDue { .. } | Date::Unknown) | None => (None, None),
        };
        Deadline {
            // A day before the feedback is that of another round.
            day: day.filter(|day| *day >= made).map(Day::from),
            days,
            said: step.said.clone(),
            clause: step.clause.clone(),
        }
    }
}
