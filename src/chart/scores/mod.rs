//! The charts of a scoring.

pub(super) mod distance;
pub(super) mod ranks;
#[cfg(test)]
mod tests;
pub(super) mod totals;

use super::frame::Subject;
use crate::{number, standard::Standard, tables::scoring::Scoring, words::Words};

impl Subject for Scoring<'_> {
    fn standard(&self) -> &Standard {
        self.standard
    }
    fn words(&self) -> &Words {
        self.words
    }
    fn subtitle(&self, what: String) -> String {
        let (standard, year) = (self.said(&self.standard.title).to_string(), self.scored.year);
        let args =
            [("what", what), ("standard", standard), ("year", year.map_or(String::new(), |y| y.to_string()))];
        let key = if year.is_some() { "chart.scores.subtitle_year" } else { "chart.scores.subtitle" };
        self.words.fill(key, &args)
    }
    fn made_line(&self) -> String {
        self.made_line()
    }
}

/// The name of a unit.
fn name<'a>(scoring: &Scoring<'a>, unit: usize) -> &'a str {
    scoring.scored.units.get(unit).map_or("", |unit| unit.name.as_str())
}

/// What pages identify a unit by: its code, or its name where it has none.
fn code<'a>(scoring: &Scoring<'a>, unit: usize) -> &'a str {
    let unit = scoring.scored.units.get(unit);
    unit.map_or("", |unit| unit.code.as_deref().unwrap_or(&unit.name))
}

/// Points with at most two decimals.
fn points(value: f64) -> String {
    number::at_most(value, 2)
}
