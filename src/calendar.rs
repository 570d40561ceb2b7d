//! The steps of a year under a standard, with their dates. Pure: from the standard's calendar and the dates known.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::standard::Standard;

/// A step of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Index into the standard's calendar.
    pub event: usize,
    pub date: Date,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Date {
    On(NaiveDate),
    Between(NaiveDate, NaiveDate),
    /// It hangs on the end of another step, whose date is not known yet. `latest`: if that one ends on the last day
    /// that its period allows.
    Open {
        after: usize,
        days: u32,
        latest: Option<NaiveDate>,
    },
    /// The document gives no date.
    Unknown,
}

/// The steps of `year`, in the order of the standard. `known`: the real end of a step, by its id.
pub fn steps(_standard: &Standard, _year: i32, _known: &BTreeMap<String, NaiveDate>) -> Vec<Step> {
    todo!()
}
