//! `store`: add, log, diff, verify.

mod add;

use super::{Exit, StoreCommand};
use crate::{problem::Result, words::Words};

pub fn execute(what: StoreCommand, words: &Words) -> Result<Exit> {
    match what {
        StoreCommand::Add(arguments) => add::execute(arguments, words),
        _ => todo!(),
    }
}
