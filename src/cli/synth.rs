//! `synth`: an invented county to try the program on.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Exit, screen, study, template, usage};
use crate::{problem::Result, report::scorebook, standard::Standard, store::Folder, synth, words::Words};

/// The default of `--out`.
const OUT: &str = "junheng-synth";

/// The same as text, for clap.
const MAX_DISTRICTS: i64 = synth::Decade::MAX_DISTRICTS as i64;

/// Maximum number of years.
const MAX_YEARS: i32 = 100;

#[derive(Debug, Args)]
pub struct SynthArguments {
    #[arg(long, value_name = "N", default_value_t = 1, hide_default_value = true)]
    seed: u64,
    #[arg(long, value_name = "N")]
    schools: Option<usize>,
    #[arg(long)]
    flaws: bool,
    /// A scoring standard: makes a filled-in scoring workbook instead.
    #[arg(long, value_name = "S", conflicts_with_all = ["schools", "flaws"])]
    standard: Option<String>,
    #[arg(long, value_name = "FILE", requires = "standard")]
    units: Option<PathBuf>,
    #[arg(long, value_name = "Y", requires = "standard", value_parser = clap::value_parser!(i32).range(1900..=2200))]
    year: Option<i32>,
    /// Districts over several years.
    #[arg(long, value_name = "A..B", conflicts_with_all = ["flaws", "standard"])]
    years: Option<String>,
    #[arg(long, value_name = "N", requires = "years", value_parser = clap::value_parser!(u16).range(1..=MAX_DISTRICTS))]
    districts: Option<u16>,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub fn execute(arguments: &SynthArguments, words: &Words) -> Result<Exit> {
    let SynthArguments { seed, schools, flaws, year, ref out, ref standard, ref units, .. } = *arguments;
    let folder = out.as_deref().unwrap_or(Path::new(OUT));
    if let Some(standard) = standard {
        return marks(&Standard::load(standard)?, units.as_deref(), (seed, year), folder, words);
    }
    let mut out = Folder::begin(folder, [])?;
    let files = if let Some(years) = &arguments.years {
        let decade = decade(arguments, years)?;
        out.fill(|aside| synth::write_decade(&decade, aside))?
    } else {
        let county = synth::county(&synth::Settings { seed, schools, flaws, ..Default::default() });
        out.fill(|aside| synth::write(&county, aside))?
    };
    out.commit()?;
    let args = [("count", files.len().to_string()), ("folder", folder.display().to_string())];
    screen::say(&words.fill("cli.synth.written", &args))?;
    Ok(Exit::Done)
}

/// Writes the districts and years asked for.
fn decade(arguments: &SynthArguments, years: &str) -> Result<synth::Decade> {
    let usual = synth::Decade::default();
    let (from, to) = study::span(years)?;
    if !(1900..=2200).contains(&from) || !(1900..=2200).contains(&to) || to - from >= MAX_YEARS {
        return Err(usage("synth_years", &[("found", years.to_string())]));
    }
    Ok(synth::Decade {
        seed: arguments.seed,
        years: from..=to,
        districts: arguments.districts.map_or(usual.districts, usize::from),
        schools: arguments.schools.unwrap_or(usual.schools),
    })
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
    let name = words.fill("marking.file", &[("standard", standard.id.clone())]);
    let mut out = Folder::begin(folder, [])?;
    let book = scorebook::Scorebook {
        standard,
        units: &units,
        year: Some(year),
        stage: "",
        filling: Some(&filling),
        words,
    };
    out.write_at(&name, |aside| book.write(aside))?;
    out.commit()?;
    let args = [("count", "1".to_string()), ("folder", folder.display().to_string())];
    screen::say(&words.fill("cli.synth.written", &args))?;
    Ok(Exit::Done)
}
