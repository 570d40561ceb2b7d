//! `man`: the manual page, or with `--out` one page per command.

use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;

use super::{Exit, help, screen};
use crate::{
    problem::{Error, Result},
    store,
    words::Words,
};

#[derive(Debug, Args)]
pub struct ManArguments {
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub fn execute(arguments: &ManArguments, words: &Words) -> Result<Exit> {
    let mut command = help::command(words, help::UNBROKEN);
    // Names a subcommand by its full call: `junheng-store-add`.
    command.build();
    let Some(out) = &arguments.out else {
        screen::say(String::from_utf8_lossy(&page(&command)?).trim_end())?;
        return Ok(Exit::Done);
    };
    let pages = pages(&command);
    for command in &pages {
        let path = out.join(format!("{}.1", command.get_display_name().unwrap_or(command.get_name())));
        let content = page(command)?;
        store::write_file(&path, |aside| {
            std::fs::write(aside, &content).map_err(|why| Error::disk(&path, why))
        })?;
    }
    let args = [("count", pages.len().to_string()), ("folder", out.display().to_string())];
    screen::say(&words.fill("cli.man.written", &args))?;
    Ok(Exit::Done)
}

/// The command and all its subcommands.
fn pages(command: &Command) -> Vec<&Command> {
    let inner = command.get_subcommands().flat_map(pages);
    std::iter::once(command).chain(inner).collect()
}

fn page(command: &Command) -> Result<Vec<u8>> {
    let mut page = Vec::new();
    Man::new(command.clone()).render(&mut page).map_err(|why| Error::disk("man", why))?;
    Ok(page)
}
