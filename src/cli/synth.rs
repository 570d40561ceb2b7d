//! `synth`: a county to try the program on.

use std::path::Path;

use super::{Exit, SynthArguments, screen, template};
use crate::{problem::Result, report::marking, standard::Standard, store::Folder, synth, words::Words};

/// Where a made county goes without `--out`.
const OUT: &str = "junheng-synth";

pub fn execute(arguments: &SynthArguments, words: &Words) -> Result<Exit> {
    let SynthArguments { seed, schools, flaws, year, ref out, ref standard, ref units } = *arguments;
    let folder = out.as_deref().unwrap_or(Path::new(OUT));
    if let Some(standard) = standard {
        return marks(&Standard::load(standard)?, units.as_deref(), (seed, year), folder, words);
    }
    let county = synth::county(&synth::Settings { seed, schools, flaws, ..Default::default() });
    let mut out = Folder::begin(folder, [])?;
    let files = out.fill(|aside| synth::write(&county, aside))?;
    out.commit()?;
    let args = [("count", files.len().to_string()), ("folder", folder.display().to_string())];
    screen::say(&words.text("cli.synth.written", &args));
    Ok(Exit::Done)
}

/// A scoring workbook with invented marks.
fn marks(
    standard: &Standard,
    units: Option<&Path>,
    (seed, year): (u64, Option<i32>),
    folder: &Path,
    words: &Words,
) -> Result<Exit> {
    let units = template::units_of(standard, units)?;
    let filling = synth::filling(standard, &units, seed, words);
    let year = year.unwrap_or(synth::Settings::default().year);
    let name = words.text("marking.file", &[("standard", standard.id.clone())]);
    let mut out = Folder::begin(folder, [])?;
    out.write_at(&name, |aside| {
        marking::write_filled(standard, &units, (Some(year), &filling), words, aside)
    })?;
    out.commit()?;
    let args = [("count", "1".to_string()), ("folder", folder.display().to_string())];
    screen::say(&words.text("cli.synth.written", &args));
    Ok(Exit::Done)
}
