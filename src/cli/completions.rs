//! `completions`: the script with which a shell completes commands and options.

use clap::Args;
use clap_complete::{Shell, generate};

use super::{Exit, help, screen};
use crate::{problem::Result, words::Words};

#[derive(Debug, Args)]
pub struct CompletionsArguments {
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

pub fn execute(arguments: &CompletionsArguments, words: &Words) -> Result<Exit> {
    let mut script = Vec::new();
    generate(arguments.shell, &mut help::command(words, help::UNBROKEN), env!("CARGO_PKG_NAME"), &mut script);
    screen::say(String::from_utf8_lossy(&script).trim_end())?;
    Ok(Exit::Done)
}
