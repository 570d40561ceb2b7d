//! The annual report's job in order: panel, inquiry, convergence → [`Annual`]; then its pictures and documents.

use crate::{
    panel::Asked,
    problem::Result,
    standard::Standard,
    tables::{annual::Annual, made::Made, years::Years},
    words::Words,
};

/// All that the report of `year` is made of.
///
/// # Errors
/// The disk; no district has that year.
pub fn annual<'a>(
    _years: &dyn Years,
    _year: i32,
    _asked: &Asked,
    _standard: &'a Standard,
    _made: &'a Made,
    _words: &'a Words,
    _watch: &(dyn Fn(usize, usize) + Sync),
) -> Result<Annual<'a>> {
    todo!()
}
