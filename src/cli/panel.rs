//! `panel`.

use super::{PanelArguments, Exit};
use crate::{problem::Result, words::Words};

pub fn execute(_arguments: PanelArguments, _words: &Words) -> Result<Exit> {
    todo!()
}
