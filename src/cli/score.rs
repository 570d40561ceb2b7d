//! `score`: scoring workbooks and county data to scores, ranks and documents.

use super::{Exit, ScoreArguments};
use crate::{problem::Result, words::Words};

pub fn execute(_arguments: ScoreArguments, _words: &Words) -> Result<Exit> {
    todo!()
}
