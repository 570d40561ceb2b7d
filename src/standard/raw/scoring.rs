//! The structure specific to a scored system: units, parts and their methods, adjustments, and defects of the document.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::{Choice, Text, method::MethodKind};

/// The units that are scored. Makes the standard one for `junheng score`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Units {
    pub kind: Option<UnitKind>,
    /// The name of a unit: 旗县区, 学校, 责任单位, 盟市.
    pub title: Option<Text>,
    /// Whether an item is only scored for the units that its `departments` name.
    pub by_department: Option<bool>,
    /// The units that the document itself names.
    #[serde(default)]
    pub member: Vec<Member>,
}

/// The kind of units, which decides how data files are matched to them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    District,
    School,
    Department,
    City,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub name: String,
    pub code: Option<String>,
    /// Other names: 乌前旗.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// A class of units with requirements of its own (`required_by_class`).
    pub class: Option<String>,
    /// 职责, as in the document.
    #[serde(default)]
    pub duties: Vec<String>,
}

/// A scored part of an item.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub id: String,
    /// Absent if the points depend on a yearly index.
    pub points: Option<f64>,
    pub title: Option<String>,
    /// The offices that mark this part, if not those of the item.
    pub offices: Option<Vec<String>>,
    pub only: Option<Choice>,
    /// Default `office`.
    pub method: Option<MethodKind>,
    /// The id of the `[[item.check]]` that gives the value (`threshold`, `deduct`, `tiers`, `trend`, `share`).
    pub check: Option<String>,
    /// For `threshold`: several checks that must all be met.
    pub checks: Option<Vec<String>>,
    /// For `threshold`: the points of a unit that does not reach it, or `office`.
    pub otherwise: Option<Otherwise>,
    /// For `elements`.
    pub elements: Option<Vec<String>>,
    pub all: Option<bool>,
    /// For `deduct`: points for each thing counted.
    pub each: Option<f64>,
    /// For `deduct`: what is counted.
    pub counted: Option<Text>,
    /// For `deduct`: points are entered instead of a count, halves too: 0, or at least this many.
    pub least: Option<f64>,
    /// For `base`: the share of the points for what is in place.
    pub base: Option<f64>,
    /// For `base`: the minimum and maximum deduction of a fault.
    pub fault: Option<[f64; 2]>,
    /// For `tiers` and `threshold`: the points of the tiers, from the best down.
    pub tiers: Option<Vec<f64>>,
    pub tier_names: Option<Vec<String>>,
    /// For `tiers`: whether no points at all are possible, too.
    pub none: Option<bool>,
    /// For `tiers` and `share`: the value that is entered.
    pub entered: Option<Text>,
    /// For `entered` of `tiers`: `%` if the value is a percentage, from 0 to 100.
    pub unit: Option<EnteredUnit>,
    /// For `tiers`: whether higher or lower values are better; default `higher`.
    pub better: Option<Better>,
    /// For `trend`.
    pub up: Option<f64>,
    pub same: Option<f64>,
    pub down: Option<f64>,
    /// For `levels`.
    #[serde(default)]
    pub level: Vec<Level>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    Higher,
    Lower,
}

/// The unit of an entered value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum EnteredUnit {
    #[serde(rename = "%")]
    Percent,
}

/// A number of points, or `office` if the office gives the mark.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Otherwise {
    Points(f64),
    Marked(Marked),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Marked {
    Office,
}

/// The points of an honour of a level: the first, and each further one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    pub name: Text,
    pub first: f64,
    #[serde(default)]
    pub more: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdjustKind {
    /// `each` once or per count, or what the office enters between `least` and `most`.
    Deduct,
    /// Nothing is scored.
    Zero,
    /// Unless it is fulfilled, nothing is assessed.
    Precondition,
    /// At most `points`, or `share` of the points.
    Cap,
    /// The item counts as nothing and the unit has neither grade nor rank.
    Veto,
}

/// Changes of an item's sum, applied in the order written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Adjust {
    pub id: String,
    pub kind: Option<AdjustKind>,
    pub title: Option<Text>,
    pub each: Option<f64>,
    /// What is counted; without it `each` is deducted once.
    pub counted: Option<Text>,
    pub least: Option<f64>,
    pub most: Option<f64>,
    pub points: Option<f64>,
    pub share: Option<f64>,
    pub offices: Option<Vec<String>>,
    pub only: Option<Choice>,
}

/// A source of the final result, with its share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Component {
    pub id: String,
    pub title: Text,
    /// Where its value comes from; by default the items for the first and `entered` for the others.
    pub kind: Option<SourceKind>,
    /// Absent if it is set every year: then it is entered in the scorebook, on the sheet of the year's points.
    pub share: Option<f64>,
}

/// Where the value of a source comes from, 0–100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The items' total in percent of their points.
    Items,
    /// The sum of the unit's own marks in percent of its points.
    SelfAssessment,
    /// Entered in the scorebook.
    Entered,
    /// The result of checking again after rectification, entered in the scorebook.
    Recheck,
}

/// 自评报告: what a unit's report on itself contains, in the order of the document. Without it, five usual sections.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfReport {
    #[serde(default)]
    pub section: Vec<ReportSection>,
    pub clause: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportSection {
    pub id: String,
    pub title: Text,
}

/// A round in which some items are marked.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Round {
    pub id: String,
    pub title: Option<Text>,
    /// Ids of items.
    pub items: Vec<String>,
    pub clause: Option<String>,
}

/// What is marked again after rectification. The setting `recheck` (`all`, `items`, `none`) may choose.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recheck {
    pub title: Option<Text>,
    /// Ids of items; all if left out.
    #[serde(default)]
    pub items: Vec<String>,
    pub clause: Option<String>,
}

/// A defect of the document itself. The standard follows the text; nothing is corrected.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentFinding {
    /// The id of a group, an item, a part (`28.A`), an adjustment (`6.cap`), a source; `scoring.total`,
    /// `scoring.grade`, `step.ID`, `units`, or `document`.
    pub about: String,
    pub kind: FindingKind,
    pub zh: String,
    pub en: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    Contradiction,
    /// Something needed to apply it is not stated.
    Silent,
    Misprint,
}

impl FindingKind {
    /// As written in the files; its word in the catalogues is `document_finding.<id>`.
    pub fn id(self) -> &'static str {
        match self {
            FindingKind::Contradiction => "contradiction",
            FindingKind::Silent => "silent",
            FindingKind::Misprint => "misprint",
        }
    }
}
