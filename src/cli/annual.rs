//! `annual`.

use super::{AnnualArguments, Exit};
use crate::{problem::Result, words::Words};

pub fn execute(_arguments: AnnualArguments, _words: &Words) -> Result<Exit> {
    todo!()
}
