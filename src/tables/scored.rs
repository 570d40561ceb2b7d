//! The scores of the units of a scoring standard with their arithmetic, from the scoring room to the reports. Indices
//! refer to the standard's items, groups and grades, to [`Marks`](super::marks::Marks) and its units.

use chrono::NaiveDate;

use super::{
    ledger,
    marks::{Reason, Unit},
};
use crate::{
    problem::{Place, Problem},
    standard::{Member, Rule, Standard},
};

/// Points that differ by less are equal: the difference is an error of binary fractions.
const DUST: f64 = 1e-9;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// It has a score.
    Scored,
    /// An entry is missing.
    Unmarked,
    /// It does not concern the unit (another department's item).
    NotConcerned,
    /// 未申报不评估, 不予评分: not scored, and not counted.
    NotAssessed,
}

impl State {
    /// As in the column `state`.
    pub fn id(self) -> &'static str {
        match self {
            State::Scored => "scored",
            State::Unmarked => "unmarked",
            State::NotConcerned => "not_concerned",
            State::NotAssessed => "not_assessed",
        }
    }
}

/// A number from the data (or entered instead), beside a mark or as the basis of a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Index into the item's checks.
    pub check: usize,
    pub value: Option<f64>,
    pub required: Option<f64>,
    /// `None` if unknown.
    pub met: Option<bool>,
    /// Labels of the facts that were looked for and not found, in the run's language.
    pub missing: Vec<String>,
    /// The cells of its facts or, if it was entered, of the scorebook.
    pub places: Vec<Place>,
    /// From data files; `false`: entered in a scorebook.
    pub computed: bool,
}

/// The score of one part for one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct PartScore {
    pub part: usize,
    pub points: Option<f64>,
    /// Rounded only to remove the errors of binary fractions (1e-9).
    pub score: Option<f64>,
    /// The rule's arithmetic, in the run's language: `20 − 3 × 1 = 17`.
    pub arithmetic: String,
    /// Indices of the marks that it is based on.
    pub marks: Vec<usize>,
    /// Ids of the missing entries.
    pub unmarked: Vec<String>,
    /// Whether the score exceeds the part's points, where the document allows it.
    pub above: bool,
}

/// An adjustment that was applied, or whose entry is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjusted {
    /// Index into the item's adjustments.
    pub adjustment: usize,
    /// The amount deducted from the item's sum (never negative); `None` if the entry is missing.
    pub taken: Option<f64>,
    pub marks: Vec<usize>,
}

/// The score of one item for one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemScore {
    pub unit: usize,
    pub item: usize,
    pub state: State,
    pub points: Option<f64>,
    /// `None` while an entry is missing, and if the item does not concern the unit.
    pub score: Option<f64>,
    /// The sum of parts and adjustments: `4 + 5 − 2 = 7`.
    pub arithmetic: String,
    pub parts: Vec<PartScore>,
    pub adjusted: Vec<Adjusted>,
    pub evidence: Vec<Evidence>,
    /// Ids of the missing entries.
    pub unmarked: Vec<String>,
    pub above: bool,
    /// The scores of the rounds that were combined; empty if it is marked once a year.
    pub rounds: Vec<RoundScore>,
    /// The score before rectification, if it was marked again afterwards.
    pub first: Option<f64>,
}

/// The score of an item in one round.
#[derive(Debug, Clone, PartialEq)]
pub struct RoundScore {
    /// The id of the round.
    pub round: String,
    pub score: Option<f64>,
}

/// Points that a part or an adjustment took off, or (with neither) the whole item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Loss {
    pub unit: usize,
    pub item: usize,
    pub part: Option<usize>,
    pub adjustment: Option<usize>,
    pub points: f64,
    /// The first mark that it is based on; `None` if data decided it.
    pub mark: Option<usize>,
}

impl Loss {
    /// Whether a reason is about it: about the same part, or about the item as a whole.
    pub fn is_of(&self, reason: &Reason) -> bool {
        let whole = reason.part.is_none() && reason.adjustment.is_none();
        (reason.unit, reason.item) == (self.unit, self.item)
            && (whole || (reason.part, reason.adjustment) == (self.part, self.adjustment))
    }

    /// `27.2`, as on the sheets of the scorebook.
    pub fn number(&self, standard: &Standard) -> String {
        let Some(item) = standard.items.get(self.item) else { return String::new() };
        let Rule::Scored { parts, adjustments, .. } = &item.rule else { return item.id.clone() };
        let part = self.part.and_then(|part| parts.get(part)).map(|part| &part.id);
        let own = part.or_else(|| Some(&adjustments.get(self.adjustment?)?.id));
        match own.filter(|id| !id.is_empty()) {
            Some(id) => format!("{}.{id}", item.id),
            None => item.id.clone(),
        }
    }
}

impl ItemScore {
    /// What was lost, part by part, then by adjustments. Bonus points that were not won are no loss.
    pub fn losses(&self, standard: &Standard) -> Vec<Loss> {
        if is_bonus(standard, self.item) {
            return Vec::new();
        }
        let of = |part, adjustment, points: f64, mark: Option<&usize>| Loss {
            unit: self.unit,
            item: self.item,
            part,
            adjustment,
            // Without the error of binary fractions, like the scores.
            points: (points * 1e9).round() / 1e9,
            mark: mark.copied(),
        };
        let parts = self.parts.iter().filter_map(|part| {
            let lost = part.points? - part.score?;
            (lost > DUST).then(|| of(Some(part.part), None, lost, part.marks.first()))
        });
        let adjusted = self.adjusted.iter().filter_map(|own| {
            let taken = own.taken.filter(|taken| *taken > DUST)?;
            Some(of(None, Some(own.adjustment), taken, own.marks.first()))
        });
        match self.state {
            State::NotConcerned => Vec::new(),
            State::NotAssessed => {
                let whole = of(None, None, self.points.unwrap_or(0.0), None);
                vec![whole].into_iter().filter(|loss| loss.points > 0.0).collect()
            }
            State::Scored | State::Unmarked => parts.chain(adjusted).collect(),
        }
    }
}

/// Whether the item stands under a heading of bonus points.
fn is_bonus(standard: &Standard, item: usize) -> bool {
    let group = |id: &str| standard.groups.iter().find(|group| group.id == id);
    let mut next = standard.items.get(item).and_then(|item| group(&item.heading));
    // A chain of headings is never longer than their number.
    for _ in 0..=standard.groups.len() {
        match next {
            Some(own) if own.bonus => return true,
            Some(own) => next = own.within.as_deref().and_then(group),
            None => return false,
        }
    }
    false
}

/// The score of a unit under one heading.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupScore {
    pub unit: usize,
    /// Index into the standard's groups.
    pub group: usize,
    /// The points of the items that concern the unit, whether marked or not; `None` while a yearly index is not
    /// entered.
    pub points: Option<f64>,
    /// The sum of the scores so far.
    pub score: f64,
    /// Whether no entry under it is missing.
    pub complete: bool,
}

/// The overall result of one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub unit: usize,
    /// Without bonus: the points of the items that concern it, and the score so far.
    pub points: Option<f64>,
    pub score: f64,
    pub bonus: f64,
    /// score + bonus, once no entry is missing.
    pub total: Option<f64>,
    /// The total in percent of `points`, if the standard has components.
    pub percent: Option<f64>,
    /// The value of each component, in the order of the standard: 0–100; `None` if not entered.
    pub components: Vec<Option<f64>>,
    /// The result that is ranked and graded: the total, or the weighted components.
    pub result: Option<f64>,
    /// The arithmetic of the result, if it has components: `86.5 × 0.7 + 90 × 0.3 = 87.55`.
    pub arithmetic: String,
    /// From 1; units with the same result share a rank. `None` without a result, or if vetoed.
    pub rank: Option<usize>,
    pub last_rank: Option<usize>,
    pub last_result: Option<f64>,
    /// Index into the grades of the standard.
    pub grade: Option<usize>,
    /// The condition of the grade: confirmed, denied, or (`None`) not entered. If denied, the document names no grade.
    pub condition: Option<bool>,
    /// Whether the total is between two grades and the document leaves the grade open.
    pub between_grades: bool,
    /// The items whose veto applies.
    pub vetoed: Vec<usize>,
    pub unmarked: usize,
    /// Result and grade before rectification, if something was marked again afterwards.
    pub first_result: Option<f64>,
    pub first_grade: Option<usize>,
}

/// What is known of a paper of a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct PaperState {
    pub unit: usize,
    /// Index into the standard's papers.
    pub paper: usize,
    /// The last day on which it is in time; `None` where neither the document nor the workbook gives one.
    pub due: Option<NaiveDate>,
    pub received: Option<NaiveDate>,
    pub complete: Option<bool>,
    /// The mark of the day of receipt.
    pub mark: Option<usize>,
}

impl PaperState {
    /// Days after the due date on which it was received, 0 if in time; `None` while one of the two is not known.
    pub fn days_late(&self) -> Option<i64> {
        Some((self.received? - self.due?).num_days().max(0))
    }

    /// `in_time`, `late`, `received` (no due date is known) or `not_received`.
    pub fn state(&self) -> &'static str {
        match (self.received, self.days_late()) {
            (None, _) => "not_received",
            (Some(_), None) => "received",
            (Some(_), Some(0)) => "in_time",
            (Some(_), Some(_)) => "late",
        }
    }
}

/// A unit that falls under a consequence.
#[derive(Debug, Clone, PartialEq)]
pub struct FallsUnder {
    pub unit: usize,
    /// Index into the standard's consequences.
    pub consequence: usize,
    /// The fact that brings it there, in words.
    pub because: String,
}

/// A problem of a unit, as the ledger of rectification has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Rectification {
    pub unit: usize,
    /// The item, with the part that lost the points if it has several.
    pub item: String,
    pub problem: String,
    /// By when it is to be rectified, as written; empty if nobody gave a day.
    pub due: String,
    pub state: ledger::State,
    /// The day on which it was closed; empty while it is open.
    pub closed: String,
    pub evidence: String,
}

/// The result of scoring.
#[derive(Debug, Clone, Default)]
pub struct Scored {
    /// Paper by paper, each for every unit; only papers of units.
    pub papers: Vec<PaperState>,
    /// Who falls under which consequence; people decide.
    pub consequences: Vec<FallsUnder>,
    /// The lines of the ledger of rectification, in its order; empty until the ledger is carried on.
    pub rectification: Vec<Rectification>,
    pub year: Option<i32>,
    pub units: Vec<Unit>,
    /// Unit by unit, in the order of the items.
    pub items: Vec<ItemScore>,
    /// Unit by unit, in the order of the groups.
    pub groups: Vec<GroupScore>,
    /// In the order of the units.
    pub standings: Vec<Standing>,
    /// Warnings and notes: data and workbook that differ, a unit without data, scores above the points …
    pub findings: Vec<Problem>,
}

impl Scored {
    /// The units that the document names without giving them an item.
    pub fn without_items<'s>(&self, standard: &'s Standard) -> Vec<(usize, &'s Member)> {
        let at = |member: &Member| self.units.iter().position(|unit| unit.is_called(&member.name));
        standard
            .members_without_items()
            .into_iter()
            .filter_map(|member| Some((at(member)?, member)))
            .collect()
    }

    pub fn item(&self, unit: usize, item: usize) -> Option<&ItemScore> {
        let at = self.items.binary_search_by_key(&(unit, item), |score| (score.unit, score.item)).ok()?;
        self.items.get(at)
    }

    pub fn group(&self, unit: usize, group: usize) -> Option<&GroupScore> {
        let at = self.groups.binary_search_by_key(&(unit, group), |score| (score.unit, score.group)).ok()?;
        self.groups.get(at)
    }
}
