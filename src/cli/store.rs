//! `store`: add, log, diff, verify.

use super::{Exit, StoreCommand};
use crate::{problem::Result, words::Words};

pub fn execute(_what: StoreCommand, _words: &Words) -> Result<Exit> {
    todo!()
}
