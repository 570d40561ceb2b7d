//! The structure of a year's procedure: its steps.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::super::Text;

/// A step of the year. Its date is `by`, `from` and `until`, `days` after the end of another (`after`), or unknown.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub id: String,
    /// What is done in it, by which other parts of the program find it: the due date of rectification plans, for
    /// example, is that of the step of kind `plan`.
    pub kind: Option<StepKind>,
    pub title: Option<Text>,
    /// Who performs it.
    pub actor: Option<Text>,
    /// What is due.
    pub due: Option<Text>,
    /// The name of the paper in which it results, for steps of kind `feedback`, `report` and `publication`:
    /// `年度评价报告`.
    pub document: Option<Text>,
    /// The document's own words for the date.
    pub said: Option<String>,
    /// A month and a day: `03-01`.
    pub by: Option<String>,
    pub from: Option<String>,
    pub until: Option<String>,
    pub after: Option<String>,
    pub days: Option<u32>,
    /// With `by`: the year in which it is due once, if it is not due every year.
    pub year: Option<i32>,
    /// How often it is done: `week`, `month`, `quarter`, `half_year`, `term`, or a number of years.
    pub every: Option<Every>,
    /// With a number of years in `every`: a year in which it is due.
    pub since: Option<i32>,
    pub clause: Option<String>,
    pub note: Option<Text>,
}

/// How often a step is done, if not once a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Every {
    Years(u32),
    Within(Interval),
}

/// A part of the year in which a step is done once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    Week,
    Month,
    Quarter,
    HalfYear,
    Term,
}

impl Interval {
    /// As written in the files; its word in the catalogues is `calendar.every.<id>`.
    pub fn id(self) -> &'static str {
        match self {
            Interval::Week => "week",
            Interval::Month => "month",
            Interval::Quarter => "quarter",
            Interval::HalfYear => "half_year",
            Interval::Term => "term",
        }
    }
}

/// What is done in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// The year's evaluation is announced: notice, rules, index.
    Notice,
    SelfAssessment,
    /// Papers are handed in.
    Papers,
    /// Data and surveys, often by an independent body.
    Monitoring,
    /// Inspection and marking.
    Check,
    /// Written feedback with the list of problems.
    Feedback,
    /// The plan of rectification.
    Plan,
    Rectification,
    /// The check of what was rectified.
    Recheck,
    /// The report on the year's evaluation.
    Report,
    /// The result is made public.
    Publication,
    /// What follows from the result: honours, talks, accountability.
    Consequence,
    /// Something that the units have to do at its time, beside the evaluation.
    Duty,
}

impl StepKind {
    /// As written in the files; its word in the catalogues is `standard.step_kind_<id>`.
    pub fn id(self) -> &'static str {
        match self {
            StepKind::Notice => "notice",
            StepKind::SelfAssessment => "self_assessment",
            StepKind::Papers => "papers",
            StepKind::Monitoring => "monitoring",
            StepKind::Check => "check",
            StepKind::Feedback => "feedback",
            StepKind::Plan => "plan",
            StepKind::Rectification => "rectification",
            StepKind::Recheck => "recheck",
            StepKind::Report => "report",
            StepKind::Publication => "publication",
            StepKind::Consequence => "consequence",
            StepKind::Duty => "duty",
        }
    }
}

/// A paper that is handed in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    pub id: String,
    pub title: Option<Text>,
    /// Who hands it in: `units` (default), or the name of an office.
    pub from: Option<String>,
    /// The id of the `[[step]]` whose date is its due date. Where the step has no day, it is entered in the workbook.
    pub step: Option<String>,
    /// Who receives it.
    pub offices: Option<Vec<String>>,
    /// The entries that lateness decides: an adjustment (`6.late`) is made for what comes after its due date or
    /// incomplete; a part (`87.1`) gets no points for what comes after it.
    pub fills: Option<Names>,
    pub clause: Option<String>,
}

/// One name, or several.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Names {
    One(String),
    Several(Vec<String>),
}

/// What follows from a result. The program lists who falls under it; people decide.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consequence {
    pub id: String,
    pub title: Option<Text>,
    pub when: Option<ConsequenceWhen>,
    pub clause: Option<String>,
}

/// Who falls under a consequence; exactly one key.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsequenceWhen {
    /// Units of this grade, by its Chinese name.
    pub grade: Option<String>,
    /// Units with a veto.
    pub vetoed: Option<bool>,
    /// Units whose paper came after its due date: the id of a `[[paper]]`.
    pub paper_late: Option<String>,
    /// Units whose rectification is open after its due date.
    pub open_rectification: Option<bool>,
    /// Units for which this fact is entered in the workbook.
    pub fact: Option<Text>,
}
