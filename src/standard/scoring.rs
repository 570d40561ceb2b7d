//! The elements of a scored system: units, parts with their methods, adjustments, grades, and defects of
//! the document. Resolved; no arithmetic.

use serde::Serialize;

pub use super::raw::{FindingKind, Member, UnitKind};
pub use super::sources::Component;
use super::{Check, Choice, Method, Over, Standard, Text};
use crate::problem::Place;

impl Standard {
    /// Whether the office chooses the tier of every comparison (setting `tier_split`).
    pub fn tiers_are_marked(&self) -> bool {
        self.setting("tier_split") == "marked"
    }

    /// Whether a tier that the document sets above the points of its part counts as written (setting `above_points`).
    /// Otherwise no part and no item goes above its points, and a unit that fails never has more than one that reaches.
    pub fn scores_may_exceed_points(&self) -> bool {
        self.setting("above_points") == "as_written"
    }

    /// Whether the check applies to each school or section of a unit, so that its value is the number of those that
    /// fail. A school that is itself the unit has a value of its own.
    pub fn counts_rows(&self, check: &Check) -> bool {
        let school = self.units.as_ref().is_some_and(|units| units.kind == UnitKind::School);
        !school && matches!(check.over, Over::Section | Over::School)
    }
}

/// The units that are scored.
#[derive(Debug, Clone, Serialize)]
pub struct Units {
    pub kind: UnitKind,
    pub title: Text,
    /// Whether an item is only scored for the units that its departments name.
    pub by_department: bool,
    pub members: Vec<Member>,
}

/// A heading: 一级指标, or one below it.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    pub id: String,
    /// As printed in the document.
    pub label: String,
    /// The id of the parent heading.
    pub within: Option<String>,
    pub title: Text,
    /// As stated in the document.
    pub points: Option<f64>,
    /// 加分 (bonus), in addition to the total.
    pub bonus: bool,
    /// While this is chosen, its items together count its own points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scaled: Option<Choice>,
}

/// A scored part of an item; the id of its answer is `<item>.<id>`.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    pub id: String,
    /// `None` if they depend on the yearly index.
    pub points: Option<f64>,
    pub title: String,
    /// The offices that mark it; not empty if the item names offices.
    pub offices: Vec<String>,
    pub method: Method,
    pub only: Option<Choice>,
}

/// A change of an item's sum, applied in the order written; the sum never falls below 0.
#[derive(Debug, Clone, Serialize)]
pub struct Adjustment {
    /// Different from the ids of the item's parts; the id of its answer is `<item>.<id>`.
    pub id: String,
    pub title: Text,
    pub rule: AdjustmentRule,
    pub offices: Vec<String>,
    pub only: Option<Choice>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AdjustmentRule {
    /// Deducted once, if it applies.
    Once {
        each: f64,
    },
    Counted {
        each: f64,
        counted: Text,
    },
    /// 0, or what the office enters between `least` and `most`.
    Range {
        least: f64,
        most: f64,
    },
    /// Nothing is scored, if it applies.
    Zero,
    /// Nothing is assessed, unless it applies.
    Precondition,
    Cap {
        points: Option<f64>,
        share: Option<f64>,
    },
    /// If it applies, the item counts as nothing and the unit has neither grade nor rank.
    Veto,
}

/// Totals and grades of the scored items.
#[derive(Debug, Clone, Serialize)]
pub struct Scoring {
    /// As stated in the document; `None` if it depends on the yearly index.
    pub total: Option<f64>,
    /// 加分 (bonus), in addition to the total.
    pub bonus: f64,
    /// The minimum share of its points for each scored item: 0.8.
    pub item_floor: f64,
    /// What the result is made of; if empty, the total is the result.
    pub components: Vec<Component>,
    /// Ascending. The setting `grade_gap` decides on totals between two grades (`lower_bound`, `round`, `undefined`).
    pub grades: Vec<Grade>,
    pub clause: String,
}

impl Scoring {
    /// Whether a yearly index gives the points and the grades are stated for a hundred of them.
    pub fn is_yearly_of_a_hundred(&self) -> bool {
        self.total.is_none() && !self.grades.is_empty()
    }

    /// Whether a result is below the lowest grade, so that the document has no grade for it.
    pub fn is_below(&self, result: f64) -> bool {
        self.grades.first().is_some_and(|lowest| result < lowest.from)
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Grade {
    pub name: Text,
    pub from: f64,
    pub to: f64,
    /// Whether `to` itself is excluded.
    pub open: bool,
    /// A condition in the document that must be confirmed for a unit.
    pub condition: Option<Text>,
}

impl Grade {
    pub fn holds(&self, total: f64) -> bool {
        self.from <= total && if self.open { total < self.to } else { total <= self.to }
    }
}

/// A defect of the document, which is followed as it is written.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentFinding {
    pub about: String,
    pub kind: FindingKind,
    pub text: Text,
    /// Its place in the standard file.
    #[serde(skip)]
    pub place: Place,
}
