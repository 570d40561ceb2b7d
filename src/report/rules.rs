//! What the templates of all documents may use about the standard and the date.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use crate::{standard::Standard, words::Language};

#[derive(Debug, Clone, Serialize)]
pub struct Day {
    pub year: i32,
    pub month: u32,
    pub day: u32,
    /// `2026-03-01`
    pub iso: String,
}

impl From<NaiveDate> for Day {
    fn from(date: NaiveDate) -> Day {
        Day { year: date.year(), month: date.month(), day: date.day(), iso: date.to_string() }
    }
}

/// The standard in its own words.
#[derive(Debug, Clone, Serialize)]
pub struct Rules {
    pub id: String,
    pub title: String,
    pub version: String,
    pub source: String,
    /// When a school is up to standard; empty if the standard has no such rule.
    pub school_rule: String,
    /// Whether the standard judges single schools.
    pub judges_schools: bool,
    pub scope: String,
    pub apportionment: String,
}

impl Rules {
    pub fn of(standard: &Standard, language: Language) -> Rules {
        let rule = standard.school_rule.as_ref();
        Rules {
            id: standard.id.clone(),
            title: standard.title.get(language).to_string(),
            version: standard.version.clone(),
            source: standard.source.clone(),
            school_rule: rule.map_or_else(String::new, |rule| rule.text.get(language).to_string()),
            judges_schools: standard.judges_schools(),
            scope: standard.scope.clause.clone(),
            apportionment: standard.apportionment.as_ref().map_or_else(String::new, |own| own.clause.clone()),
        }
    }
}
