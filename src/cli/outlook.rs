//! `outlook`.

use super::{OutlookArguments, Exit};
use crate::{problem::Result, words::Words};

pub fn execute(_arguments: OutlookArguments, _words: &Words) -> Result<Exit> {
    todo!()
}
