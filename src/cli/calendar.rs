//! `calendar`: the steps of a year, as a table and as an .ics file.

use super::{CalendarArguments, Exit};
use crate::{problem::Result, words::Words};

pub fn execute(_arguments: CalendarArguments, _words: &Words) -> Result<Exit> {
    todo!()
}
