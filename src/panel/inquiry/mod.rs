//! Inquiries into one year's schools: where the inequality lies, which schools contribute to it, and whether groups
//! differ.
//!
//! Schools without a value of the indicator are counted in the panel's `missing` and have no row here. Undefined
//! numbers (no school, no school has anything, L if a school has nothing …) are null.

mod comparison;
mod decomposition;
mod influence;
mod lorenz;
#[cfg(test)]
mod tests;

pub use comparison::comparison;
pub use decomposition::decomposition;
pub use influence::influence;
pub use lorenz::lorenz;

use super::{
    Level,
    places::{self, Place},
};
use crate::{equity::School, tables::years::Measured, words::Words};

/// The places of a level and, by place and section, their rows of the matrix.
fn cells(measured: &Measured, level: Level, words: &Words) -> (Vec<Place>, Vec<places::Cell>) {
    let (found, of_region) = places::places(measured, level, words);
    let cells = places::cells(measured, &of_region, None);
    (found, cells)
}

/// The amount (before the indicator's factor) and pupils of a row; `None` if the value is unknown.
fn school(measured: &Measured, row: u32, indicator: usize) -> Option<School> {
    let (row, panel) = (row as usize, &measured.panel);
    let school =
        School { amount: panel.numerator(row, indicator), students: panel.denominator(row, indicator) };
    let known = school.amount >= 0.0 && school.students > 0.0 && school.students.is_finite();
    (known && school.value().is_finite()).then_some(school)
}
