//! `panel`.

use super::{Exit, PanelArguments};
use crate::{problem::Result, words::Words};

pub fn execute(_arguments: PanelArguments, _words: &Words) -> Result<Exit> {
    todo!()
}
