//! Values in exact arithmetic, one at a time, for comparisons too close for binary fractions.

use num_rational::BigRational;
use polars::prelude::*;

use super::apportion::{self, Combined};
use crate::{
    exact::exact_of,
    standard::{Section, Standard, formula::Exact},
    tables::{facts, measure_matrix},
};

/// The rows of a matrix in exact arithmetic; made by [`Measure::exact`](super::Measure::exact).
pub struct ExactRows<'a> {
    pub(super) standard: &'a Standard,
    pub(super) reliefs: bool,
    pub(super) frame: &'a DataFrame,
    /// The number of the frame's first row in the whole input.
    pub(super) first: u32,
    pub(super) combined: &'a Combined,
    /// The `row` column of the matrix.
    pub(super) row: Vec<u32>,
}

/// A cell of a frame in exact arithmetic.
pub fn cell(frame: &DataFrame, column: &str, row: usize) -> Exact {
    let Ok(column) = frame.column(column) else { return Exact::Null };
    match column.dtype() {
        DataType::Float64 => column.f64().ok().and_then(|c| c.get(row)).and_then(exact_of).map(Exact::Number),
        DataType::Int32 => column
            .i32()
            .ok()
            .and_then(|c| c.get(row))
            .map(|n| Exact::Number(BigRational::from_integer(n.into()))),
        DataType::Boolean => column.bool().ok().and_then(|c| c.get(row)).map(Exact::Truth),
        DataType::String => column.str().ok().and_then(|c| c.get(row)).map(|t| Exact::Text(t.to_string())),
        _ => None,
    }
    .unwrap_or(Exact::Null)
}

impl ExactRows<'_> {
    fn share(&self, row: usize, section: Section) -> Option<BigRational> {
        let rule = self.standard.apportionment.as_ref()?;
        let text = |id: &str| match cell(self.frame, id, row) {
            Exact::Text(text) => text,
            _ => String::new(),
        };
        let year = self.frame.column(facts::column::year).ok()?.i32().ok()?.get(row).unwrap_or(0);
        let key = apportion::school_key(
            &text(facts::column::district_code),
            year,
            &text(facts::column::school_code),
        );
        match self.combined.get(key) {
            Some(pupils) => apportion::exact_share(pupils, section, rule),
            None => Some(BigRational::from_integer(1.into())),
        }
    }
}

impl measure_matrix::Exact for ExactRows<'_> {
    fn parts(&self, row: usize, indicator: usize) -> Option<(BigRational, BigRational)> {
        let row = (self.row.get(row)?.checked_sub(self.first)?) as usize;
        let indicator = self.standard.indicators.get(indicator)?;
        let section = self
            .frame
            .column(facts::column::section)
            .ok()?
            .str()
            .ok()?
            .get(row)
            .and_then(Section::from_id)?;
        let raw = |id: &str| cell(self.frame, id, row);
        let shared = |id: &str| match raw(id) {
            Exact::Number(amount)
                if self
                    .standard
                    .apportionment
                    .as_ref()
                    .is_some_and(|rule| rule.facts.iter().any(|f| f == id)) =>
            {
                self.share(row, section).map_or(Exact::Null, |share| Exact::Number(amount * share))
            }
            other => other,
        };
        let relief = self
            .reliefs
            .then(|| {
                indicator
                    .reliefs
                    .iter()
                    .find(|r| r.numerator.is_some() && r.when.exact(&raw) == Exact::Truth(true))
            })
            .flatten();
        let formula =
            relief.and_then(|r| r.numerator.as_ref()).unwrap_or(&indicator.numerator).get(section)?;
        Some((formula.exact(&shared).number()?, indicator.denominator.exact(&shared).number()?))
    }

    fn value(&self, row: usize, indicator: usize) -> Option<BigRational> {
        let (numerator, denominator) = self.parts(row, indicator)?;
        if denominator <= BigRational::from_integer(0.into()) {
            return None;
        }
        Some(exact_of(self.standard.indicators.get(indicator)?.factor)? * numerator / denominator)
    }
}
