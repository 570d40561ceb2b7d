//! The results of measuring the checks of the items, for judge and scoring.

use num_rational::BigRational;

use crate::{dictionary::Section, standard::Comparison};

/// All rows of one check in one district and year.
#[derive(Debug, Clone)]
pub struct Checked {
    pub district_code: String,
    pub year: i32,
    /// Indices into the standard's items and the item's checks.
    pub item: usize,
    pub check: usize,
    pub rows: Vec<CheckedRow>,
}

/// One school, section or district under one check; values unrounded, in the check's unit.
#[derive(Debug, Clone, Default)]
pub struct CheckedRow {
    pub school_code: Option<String>,
    pub school_name: Option<String>,
    pub section: Option<Section>,
    pub numerator: Option<f64>,
    pub denominator: Option<f64>,
    pub value: Option<f64>,
    pub required: Option<f64>,
    /// The amount that is lacking, by the check's own formula.
    pub shortfall: Option<f64>,
    /// Value and requirement in exact arithmetic, if they are too close for binary fractions.
    pub exact: Option<(BigRational, BigRational)>,
    /// Facts that were looked for and not found.
    pub missing: Vec<String>,
    /// The schools whose missing facts make a sum unknown, with their names.
    pub missing_in: Vec<(String, String)>,
}

/// Whether `value compare required` holds, in exact arithmetic.
pub fn compares<T: PartialOrd>(value: &T, compare: Comparison, required: &T) -> bool {
    match compare {
        Comparison::AtLeast => value >= required,
        Comparison::AtMost => value <= required,
        Comparison::More => value > required,
        Comparison::Less => value < required,
        Comparison::Equal => value == required,
    }
}

impl CheckedRow {
    /// Whether the value meets the requirement, exactly if they are close; `None` if unknown.
    pub fn met(&self, compare: Comparison) -> Option<bool> {
        match (&self.exact, self.value, self.required) {
            (Some((value, required)), _, _) => Some(compares(value, compare, required)),
            (None, Some(value), Some(required)) => Some(compares(&value, compare, &required)),
            _ => None,
        }
    }
}
