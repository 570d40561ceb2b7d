//! One year's schools looked into: where the inequality lies, who makes it, and whether groups differ.
//!
//! A school counts where its indicator has a value: the others are in the panel's `missing` and have no row here. What
//! has no number (no school, nobody has anything, L where a school has nothing …) is null.

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

/// The places of a level and, by place and section, their rows of the panel.
fn cells(measured: &Measured, level: Level, words: &Words) -> (Vec<Place>, Vec<places::Cell>) {
    let (found, of_region) = places::places(measured, level, words);
    let cells = places::cells(measured, &of_region, None);
    (found, cells)
}

/// A row's amount (before the indicator's factor) and pupils; `None` where the value is not known.
fn school(measured: &Measured, row: u32, indicator: usize) -> Option<School> {
    let (row, panel) = (row as usize, &measured.panel);
    let school =
        School { amount: panel.numerator(row, indicator), students: panel.denominator(row, indicator) };
    let known = school.amount >= 0.0 && school.students > 0.0 && school.students.is_finite();
    (known && school.value().is_finite()).then_some(school)
}
