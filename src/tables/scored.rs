//! Scores of the units of a scoring standard, with the arithmetic that made them: from the scoring room to the reports.
//! Indices point into the standard's items, groups and grades, into [`Marks`](super::marks::Marks) and its units.

use super::marks::Unit;
use crate::problem::{Place, Problem};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// It has a score.
    Scored,
    /// Something that must be entered is not there yet.
    Unmarked,
    /// The unit has nothing to do with it (another department's item).
    NotConcerned,
    /// 未申报不评估, 不予评分: nothing, and it counts as nothing.
    NotAssessed,
}

impl State {
    /// As the column `state` says it.
    pub fn id(self) -> &'static str {
        match self {
            State::Scored => "scored",
            State::Unmarked => "unmarked",
            State::NotConcerned => "not_concerned",
            State::NotAssessed => "not_assessed",
        }
    }
}

/// A number that data gave (or somebody entered for want of data), beside a mark or under a score.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// Index into the item's checks.
    pub check: usize,
    pub value: Option<f64>,
    pub required: Option<f64>,
    /// `None`: it cannot be told.
    pub met: Option<bool>,
    /// Labels of the facts that were looked for and not found, in the run's language.
    pub missing: Vec<String>,
    /// The cells it comes from: of the workbook where it was entered, else of the data's facts.
    pub places: Vec<Place>,
    /// From data files; `false`: entered in a scoring workbook.
    pub computed: bool,
}

/// The score of one part for one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct PartScore {
    pub part: usize,
    pub points: Option<f64>,
    /// Unrounded but for the dust of binary fractions (1e-9).
    pub score: Option<f64>,
    /// The rule's own arithmetic: `20 − 3 × 1 = 17`; in the run's language.
    pub arithmetic: String,
    /// Indices of the marks it rests on.
    pub marks: Vec<usize>,
    /// Ids of the entries that are still to be made.
    pub unmarked: Vec<String>,
    /// The score is above the part's points, as the document has it.
    pub above: bool,
}

/// An adjustment that was made, or whose entry is still to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct Adjusted {
    /// Index into the item's adjustments.
    pub adjustment: usize,
    /// What it took off the item's sum (never negative); `None`: not entered yet.
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
    /// `None` while anything is unmarked or not concerned.
    pub score: Option<f64>,
    /// Parts and adjustments put together: `4 + 5 − 2 = 7`.
    pub arithmetic: String,
    pub parts: Vec<PartScore>,
    pub adjusted: Vec<Adjusted>,
    pub evidence: Vec<Evidence>,
    /// Ids of the entries that are still to be made.
    pub unmarked: Vec<String>,
    pub above: bool,
}

/// What a unit has under one heading.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupScore {
    pub unit: usize,
    /// Index into the standard's groups.
    pub group: usize,
    /// Points of the items that concern the unit, whether marked or not; `None` while a yearly index is not entered.
    pub points: Option<f64>,
    /// Sum of what is scored so far.
    pub score: f64,
    /// Nothing under it is unmarked.
    pub complete: bool,
}

/// The whole of one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    pub unit: usize,
    /// Without bonus: points of the items that concern it, and what it has of them so far.
    pub points: Option<f64>,
    pub score: f64,
    pub bonus: f64,
    /// score + bonus, once nothing is unmarked.
    pub total: Option<f64>,
    /// Total in percent of `points`, where components are put together of it.
    pub percent: Option<f64>,
    /// Of each component, in the order of the standard: value 0–100; `None`: not entered.
    pub components: Vec<Option<f64>>,
    /// What is ranked and graded: the total, or the components weighed together.
    pub result: Option<f64>,
    /// The result's arithmetic, where components make it: `86.5 × 0.7 + 90 × 0.3 = 87.55`.
    pub arithmetic: String,
    /// From 1; units of the same result share it. `None`: no result, or vetoed.
    pub rank: Option<usize>,
    pub last_rank: Option<usize>,
    pub last_result: Option<f64>,
    /// Index into the grades of the standard.
    pub grade: Option<usize>,
    /// The words of the grade: confirmed, denied, or (`None`) not said. Denied: the document names no grade.
    pub condition: Option<bool>,
    /// The document leaves the total between two grades.
    pub between_grades: bool,
    /// Items whose veto fell.
    pub vetoed: Vec<usize>,
    pub unmarked: usize,
}

/// Everything that one `score` found.
#[derive(Debug, Clone, Default)]
pub struct Scored {
    pub year: Option<i32>,
    pub units: Vec<Unit>,
    /// Unit by unit, in the order of the items.
    pub items: Vec<ItemScore>,
    /// Unit by unit, in the order of the groups.
    pub groups: Vec<GroupScore>,
    /// In the order of the units.
    pub standings: Vec<Standing>,
    /// Warnings and notes: data and workbook that differ, a unit without data, points above …
    pub findings: Vec<Problem>,
}

impl Scored {
    pub fn item(&self, unit: usize, item: usize) -> Option<&ItemScore> {
        let at = self.items.binary_search_by_key(&(unit, item), |score| (score.unit, score.item)).ok()?;
        self.items.get(at)
    }

    pub fn group(&self, unit: usize, group: usize) -> Option<&GroupScore> {
        let at = self.groups.binary_search_by_key(&(unit, group), |score| (score.unit, score.group)).ok()?;
        self.groups.get(at)
    }
}
