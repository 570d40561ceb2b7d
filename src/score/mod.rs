//! Scores: what was entered and what data give, by the methods of the standard, with the rule's own arithmetic.

use std::collections::HashMap;

use crate::{
    problem::Place,
    standard::Standard,
    tables::{checks::CheckedRow, marks::Marks, scored::Scored},
    words::Words,
};

/// What data give for one check and unit: the rows that are the unit's.
#[derive(Debug, Clone, Default)]
pub struct Computed {
    pub rows: Vec<CheckedRow>,
    /// The cells of the facts behind them.
    pub places: Vec<Place>,
}

/// By unit, item and check (indices).
pub type Data = HashMap<(usize, usize, usize), Computed>;

/// A unit's result and rank of the year before, by its name.
pub type Last = HashMap<String, (f64, Option<usize>)>;

/// Scores every unit. Nothing is missing silently: what is not entered is unmarked.
pub fn score(_standard: &Standard, _marks: &Marks, _data: &Data, _last: &Last, _words: &Words) -> Scored {
    todo!()
}
