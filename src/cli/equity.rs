//! `equity`.

use super::{EquityArguments, Exit};
use crate::{problem::Result, words::Words};

pub fn execute(_arguments: EquityArguments, _words: &Words) -> Result<Exit> {
    todo!()
}
