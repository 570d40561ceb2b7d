//! `verdict.json`: one object per district and year.

use serde::Serialize;

/// Ready, not ready, or undecidable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Ready,
    NotReady,
    CannotBeJudged,
}

/// The verdict on one district and year under one standard; `verdict.json` is a list of these.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    pub district_code: String,
    pub district_name: String,
    pub year: i32,
    /// Id and version of the standard, and its title in the run's language.
    pub standard: String,
    pub standard_version: String,
    pub standard_title: String,
    /// The ids of the reliefs applied; empty without `--reliefs`.
    pub reliefs: Vec<String>,
    pub outcome: Outcome,
    /// The numbers of school sections: judged, met, not met, undecidable.
    pub schools: usize,
    pub schools_met: usize,
    pub schools_unmet: usize,
    pub schools_missing: usize,
    /// Sections left out of scope, with the reason.
    pub excluded: Vec<Excluded>,
    pub items_met: usize,
    pub items_unmet: usize,
    pub items_missing: usize,
    /// The sum of the scored items and the grade, if the standard has scores and all are entered.
    pub score: Option<f64>,
    pub grade: Option<String>,
    /// Explains a grade that depends on a policy which the document does not state.
    pub grade_note: Option<String>,
    pub borderline: bool,
    pub reasons: Vec<Reason>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Excluded {
    pub school_code: String,
    pub school_name: String,
    pub section: String,
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
