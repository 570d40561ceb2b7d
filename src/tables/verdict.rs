//! `verdict.json`: one object per district and year.

use serde::Serialize;

/// Ready, not ready, or undecidable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every requirement that data decide is met.
    Ready,
    /// A requirement is not met.
    NotReady,
    /// No requirement is unmet, but facts or answers are missing.
    CannotBeJudged,
}

/// The verdict on one district and year under one standard; `verdict.json` is a list of these.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    /// The code of the district.
    pub district_code: String,
    /// The name of the district.
    pub district_name: String,
    /// The statistical year.
    pub year: i32,
    /// The id of the standard.
    pub standard: String,
    /// The version of the standard.
    pub standard_version: String,
    /// The title of the standard, in the language of the run.
    pub standard_title: String,
    /// The ids of the reliefs applied; empty without `--reliefs`.
    pub reliefs: Vec<String>,
    /// The conclusion.
    pub outcome: Outcome,
    /// The number of school sections that are judged.
    pub schools: usize,
    /// School sections that meet the rule of the standard.
    pub schools_met: usize,
    /// School sections that do not meet it.
    pub schools_unmet: usize,
    /// School sections that cannot be judged, since facts are missing.
    pub schools_missing: usize,
    /// Sections left out of scope, with the reason.
    pub excluded: Vec<Excluded>,
    /// Items of the standard that are met.
    pub items_met: usize,
    /// Items that are not met.
    pub items_unmet: usize,
    /// Items that cannot be judged, since facts or answers are missing.
    pub items_missing: usize,
    /// The sum of the scored items, in points, if the standard has scores and all are entered.
    pub score: Option<f64>,
    /// The grade of that score.
    pub grade: Option<String>,
    /// The score with the grade that the document's bounds give it, and what keeps that grade from being recognised.
    pub score_statement: Option<String>,
    /// Explains a grade that depends on a policy which the document does not state.
    pub grade_note: Option<String>,
    /// Whether a comparison would come out otherwise with the printed, rounded numbers.
    pub borderline: bool,
    /// The reasons for the outcome, worst first.
    pub reasons: Vec<Reason>,
}

/// A school section that is out of scope.
#[derive(Debug, Clone, Serialize)]
pub struct Excluded {
    /// The code of the school.
    pub school_code: String,
    /// The name of the school.
    pub school_name: String,
    /// The section.
    pub section: String,
    /// Why it is out of scope, in the language of the run.
    pub reason: String,
}

/// A reason for the outcome, worst first, with the rows that it refers to.
#[derive(Debug, Clone, Serialize)]
pub struct Reason {
    /// `unmet` or `missing`.
    pub status: &'static str,
    /// The sentence, in the run's language.
    pub text: String,
    /// The table and column values that select the rows: {"table": "schools", "met": false} …
    pub rows: serde_json::Value,
}
