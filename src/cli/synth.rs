//! `synth`: a county to try the program on.

use std::path::Path;

use super::{Exit, SynthArguments, screen};
use crate::synth;
use crate::{problem::Result, store::Folder, words::Words};

/// Where a made county goes without `--out`.
const OUT: &str = "junheng-synth";

pub fn execute(arguments: &SynthArguments, words: &Words) -> Result<Exit> {
    let SynthArguments { seed, schools, flaws, ref out } = *arguments;
    let folder = out.as_deref().unwrap_or(Path::new(OUT));
    let county = synth::county(&synth::Settings { seed, schools, flaws, ..Default::default() });
    let mut out = Folder::begin(folder, [])?;
    let files = out.fill(|aside| synth::write(&county, aside))?;
    out.commit()?;
    let args = [("count", files.len().to_string()), ("folder", folder.display().to_string())];
    screen::say(&words.text("cli.synth.written", &args));
    Ok(Exit::Done)
}
