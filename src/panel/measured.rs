//! One year of all districts asked for: read, joined by the crosswalk, measured and marked.

use super::Asked;
use crate::{
    problem::Result,
    standard::Standard,
    tables::years::{Measured, Years},
    words::Words,
};

/// The years that are kept and asked for, ascending.
pub fn years_of(_years: &dyn Years, _asked: &Asked) -> Vec<i32> {
    todo!()
}

/// The schools of one year. In memory: a nation's year is some 200,000 rows.
///
/// # Errors
/// Those of [`super::panel`].
pub fn year(
    _years: &dyn Years,
    _year: i32,
    _standard: &Standard,
    _asked: &Asked,
    _words: &Words,
) -> Result<Measured> {
    todo!()
}
