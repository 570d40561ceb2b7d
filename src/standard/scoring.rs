//! What a scored system is made of: units, parts with their methods, adjustments, grades, the calendar, and what is
//! wrong with the document itself. Resolved; no arithmetic.

use serde::Serialize;

pub use super::raw::{Component, FindingKind, Level, Member, UnitKind};
use super::{Check, Choice, Method, Over, Standard, Text};
use crate::problem::Place;

impl Standard {
    /// Whether the office chooses the tier of every comparison (setting `tier_split`).
    pub fn tiers_are_marked(&self) -> bool {
        self.setting("tier_split") == "marked"
    }

    /// Whether the check asks something of each school or section of a unit, so that its value is how many do not
    /// reach it. A school that is itself the unit has a value of its own.
    pub fn counts_rows(&self, check: &Check) -> bool {
        let school = self.units.as_ref().is_some_and(|units| units.kind == UnitKind::School);
        !school && matches!(check.over, Over::Section | Over::School)
    }
}

/// Who is scored.
#[derive(Debug, Clone, Serialize)]
pub struct Units {
    pub kind: UnitKind,
    pub title: Text,
    /// An item is scored only for the units that its departments name.
    pub by_department: bool,
    pub members: Vec<Member>,
}

/// A heading: 一级指标, or one under it.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    pub id: String,
    /// As the document prints it.
    pub label: String,
    /// Id of the heading above.
    pub within: Option<String>,
    pub title: Text,
    /// As the document heads it.
    pub points: Option<f64>,
    /// 加分: on top of the total.
    pub bonus: bool,
}

/// A scored point of an item; its answer's id is `<item>.<id>`.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    pub id: String,
    /// `None`: with the yearly index.
    pub points: Option<f64>,
    pub title: String,
    /// Who marks it; never empty where the item names offices.
    pub offices: Vec<String>,
    pub method: Method,
    pub only: Option<Choice>,
}

/// What happens to an item's sum, in the order written; never below 0.
#[derive(Debug, Clone, Serialize)]
pub struct Adjustment {
    /// Unlike any part's id of its item; its answer's id is `<item>.<id>`.
    pub id: String,
    pub title: Text,
    pub rule: AdjustmentRule,
    pub offices: Vec<String>,
    pub only: Option<Choice>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AdjustmentRule {
    /// Taken off once, where it is so.
    Once {
        each: f64,
    },
    Counted {
        each: f64,
        counted: Text,
    },
    /// 0, or what the office says from `least` to `most`.
    Range {
        least: f64,
        most: f64,
    },
    /// Nothing is scored, where it is so.
    Zero,
    /// Nothing is assessed, where it is not so.
    Precondition,
    Cap {
        points: Option<f64>,
        share: Option<f64>,
    },
    /// The item counts nothing and the unit has neither grade nor rank, where it is so.
    Veto,
}

/// Totals and grades of the scored items.
#[derive(Debug, Clone, Serialize)]
pub struct Scoring {
    /// As the document says it; `None`: with the yearly index.
    pub total: Option<f64>,
    /// 加分, on top.
    pub bonus: f64,
    /// Each scored item at least this share of its points: 0.8.
    pub item_floor: f64,
    /// The first is the items' total in percent; empty: the total is the result.
    pub components: Vec<Component>,
    /// Ascending. What falls between two is settled by the setting `grade_gap` (`lower_bound`, `round`, `undefined`).
    pub grades: Vec<Grade>,
    pub clause: String,
}

impl Scoring {
    /// Whether a result is below the lowest grade: the document has no grade for it.
    pub fn is_below(&self, result: f64) -> bool {
        self.grades.first().is_some_and(|lowest| result < lowest.from)
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Grade {
    pub name: Text,
    pub from: f64,
    pub to: f64,
    /// `to` itself is not in it.
    pub open: bool,
    /// Words of the document that somebody must confirm for a unit.
    pub condition: Option<Text>,
}

impl Grade {
    pub fn holds(&self, total: f64) -> bool {
        self.from <= total && if self.open { total < self.to } else { total <= self.to }
    }
}

/// A step of the year.
#[derive(Debug, Clone, Serialize)]
pub struct Event {
    pub id: String,
    pub title: Text,
    pub actor: Text,
    pub due: Text,
    /// The document's own words for the date.
    pub said: String,
    pub when: When,
    pub clause: String,
    pub note: Option<Text>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    By(MonthDay),
    Period {
        from: MonthDay,
        until: MonthDay,
    },
    /// So many days after the end of another event of the calendar, which stands before it.
    After {
        event: String,
        days: u32,
    },
    Unknown,
}

/// A day of any year; 29 February is the 28th where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MonthDay {
    pub month: u32,
    pub day: u32,
}

/// Something wrong with the document itself, followed as it stands.
#[derive(Debug, Clone, Serialize)]
pub struct DocumentFinding {
    pub about: String,
    pub kind: FindingKind,
    pub text: Text,
    /// Where the standard file says it.
    #[serde(skip)]
    pub place: Place,
}
