//! `outlook`.

use super::{Exit, OutlookArguments};
use crate::{problem::Result, words::Words};

pub fn execute(_arguments: OutlookArguments, _words: &Words) -> Result<Exit> {
    todo!()
}
