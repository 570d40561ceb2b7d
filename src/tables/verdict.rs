//! `verdict.json`: one object a district and year.

use serde::Serialize;

/// Ready or not, or what hinders a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Ready,
    NotReady,
    CannotBeJudged,
}

/// One district and year by one standard: `verdict.json` is a list of these.
#[derive(Debug, Clone, Serialize)]
pub struct Verdict {
    pub district_code: String,
    pub district_name: String,
    pub year: i32,
    /// Id and version of the standard, and its title in the run's language.
    pub standard: String,
    pub standard_version: String,
    pub standard_title: String,
    /// Ids of the reliefs that were on; empty without `--reliefs`.
    pub reliefs: Vec<String>,
    pub outcome: Outcome,
    /// Sections of schools judged, met, not met, not to be judged.
    pub schools: usize,
    pub schools_met: usize,
    pub schools_unmet: usize,
    pub schools_missing: usize,
    /// Sections left out of scope, with the reason.
    pub excluded: Vec<Excluded>,
    pub items_met: usize,
    pub items_unmet: usize,
    pub items_missing: usize,
    /// Sum of the scored items and the grade, where the standard scores and all are marked.
    pub score: Option<f64>,
    pub grade: Option<String>,
    /// Said when the grade needed a policy the document does not give.
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

/// Why the outcome is what it is, worst first; every reason points to its rows.
#[derive(Debug, Clone, Serialize)]
pub struct Reason {
    /// `unmet` or `missing`.
    pub status: &'static str,
    /// The sentence, in the run's language.
    pub text: String,
    /// Table and column values that select the rows: {"table": "schools", "met": false} …
    pub rows: serde_json::Value,
}
