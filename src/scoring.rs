//! The scoring job in order: marks and facts → computed checks → scores. The rooms do the work; this calls them.

use crate::{
    ingest::Facts,
    problem::Result,
    score::Last,
    standard::Standard,
    tables::{marks::Marks, scored::Scored},
    words::Words,
};

/// Scores the units of `marks`, with what `facts` settle.
///
/// # Errors
/// Only the engine's, which valid tables do not cause.
pub fn run(
    _marks: &Marks,
    _facts: Option<&Facts>,
    _standard: &Standard,
    _last: &Last,
    _words: &Words,
) -> Result<Scored> {
    todo!()
}
