//! `template`: the workbook to fill in, or the scoring workbook of a standard that scores units.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{
    Exit, STANDARD,
    options::{settings, standard},
    screen,
};
use crate::{
    file_name,
    ingest::{self, Options},
    problem::{Error, Place, Problem, Result},
    report::{scorebook, template},
    standard::{self, Standard},
    store,
    tables::marks::Unit,
    words::Words,
};

/// `--units members`: the units that the standard names.
const MEMBERS: &str = "members";

#[derive(Debug, Args)]
pub struct TemplateArguments {
    #[arg(long, value_name = "S", default_value = STANDARD, hide_default_value = true)]
    standard: String,
    #[arg(long, value_name = "SETTING=VALUE")]
    set: Vec<String>,
    /// The units of a scoring standard: writes the scoring workbook instead.
    #[arg(long, value_name = "FILE")]
    units: Option<PathBuf>,
    #[arg(long, value_name = "Y", value_parser = clap::value_parser!(i32).range(1900..=2200))]
    year: Option<i32>,
    /// The marks of one round, or those after rectification (`recheck`), instead of the year's.
    #[arg(long, value_name = "STAGE", requires = "units")]
    stage: Option<String>,
    /// One workbook per office, into the folder `--out`.
    #[arg(long, requires = "units")]
    each: bool,
    /// One workbook per unit for its self-assessment, into the folder `--out`.
    #[arg(long, conflicts_with = "each")]
    self_assessment: bool,
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub fn execute(arguments: &TemplateArguments, words: &Words) -> Result<Exit> {
    let (_, standard) = standard(&arguments.standard, &settings(&arguments.set)?)?;
    match units(&standard, arguments.units.as_deref())? {
        Some(units) if arguments.self_assessment => self_assessment(&standard, &units, arguments, words)?,
        None if arguments.self_assessment => {
            return Err(Error::usage(Problem::error("self_needs_units", Place::default())));
        }
        Some(units) => scoring(&standard, &units, arguments, words)?,
        None => form(&standard, arguments, words)?,
    }
    Ok(Exit::Done)
}

fn form(standard: &Standard, arguments: &TemplateArguments, words: &Words) -> Result<()> {
    let name = format!("template-{}.xlsx", standard.id);
    let path = arguments.out.as_deref().unwrap_or(Path::new(&name));
    // Somebody may have filled in the existing file.
    store::refuse_existing(path)?;
    store::write_file(path, |aside| template::write(standard, words, aside))?;
    screen::say(&words.fill("cli.template_done.written", &[("file", path.display().to_string())]))?;
    Ok(())
}

fn scoring(standard: &Standard, units: &[Unit], arguments: &TemplateArguments, words: &Words) -> Result<()> {
    if arguments.each {
        return each(standard, units, arguments, words);
    }
    let stage = stage(standard, arguments)?;
    let named = || PathBuf::from(words.fill("marking.file", &[("standard", of_stage(standard, stage))]));
    let path = arguments.out.clone().unwrap_or_else(named);
    store::refuse_existing(&path)?;
    let book = scorebook::Scorebook { standard, units, year: arguments.year, stage, filling: None, words };
    let written = store::write_file(&path, |aside| book.write(aside))?;
    let args = [
        ("file", path.display().to_string()),
        ("units", units.len().to_string()),
        ("sheets", written.sheets.to_string()),
        ("entries", written.entries.to_string()),
    ];
    screen::say(&words.fill("marking.done", &args))?;
    if arguments.year.is_none() {
        screen::say(&words.say("marking.no_year"))?;
    }
    Ok(())
}

/// The stage asked for; an error if the standard does not have it.
fn stage<'a>(standard: &Standard, arguments: &'a TemplateArguments) -> Result<&'a str> {
    let Some(stage) = &arguments.stage else { return Ok("") };
    let known = standard.stages();
    if known.contains(&stage.as_str()) {
        return Ok(stage);
    }
    let problem = Problem::error("marking_no_stage", Place::default()).with("standard", &standard.id);
    Err(Error::usage(problem.with("found", stage).list("allowed", known)))
}

/// `bayannur-2020`, and `bayannur-2020-spring` in a stage.
fn of_stage(standard: &Standard, stage: &str) -> String {
    if stage.is_empty() { standard.id.clone() } else { format!("{}-{stage}", standard.id) }
}

/// Writes one workbook per office into a folder: `评分-bayannur-2020-基教科.xlsx`.
fn each(standard: &Standard, units: &[Unit], arguments: &TemplateArguments, words: &Words) -> Result<()> {
    let out = arguments.out.clone().unwrap_or_else(|| format!("junheng-marks-{}", standard.id).into());
    let stage = stage(standard, arguments)?;
    let offices = scorebook::offices(standard, stage);
    let said: Vec<String> = offices.iter().map(|office| scorebook::office_name(office, words)).collect();
    let book = scorebook::Scorebook { standard, units, year: arguments.year, stage, filling: None, words };
    let mut folder = store::Folder::begin(&out, [])?;
    let names = file_name::distinct(said.iter().map(String::as_str));
    for (office, name) in offices.iter().zip(&names) {
        let file =
            words.fill("marking.file", &[("standard", format!("{}-{name}", of_stage(standard, stage)))]);
        folder.write_at(&file, |aside| book.write_office(office, aside))?;
    }
    folder.commit()?;
    let args = [("count", names.len().to_string()), ("folder", out.display().to_string())];
    screen::say(&words.fill("marking.done_each", &args))?;
    if arguments.year.is_none() {
        screen::say(&words.say("marking.no_year"))?;
    }
    Ok(())
}

/// Writes one workbook per unit for its self-assessment: `自评-akqi-2021-县财政局.xlsx`.
fn self_assessment(
    standard: &Standard,
    units: &[Unit],
    arguments: &TemplateArguments,
    words: &Words,
) -> Result<()> {
    let out = arguments.out.clone().unwrap_or_else(|| format!("junheng-self-{}", standard.id).into());
    let book =
        scorebook::Scorebook { standard, units, year: arguments.year, stage: "", filling: None, words };
    let mut folder = store::Folder::begin(&out, [])?;
    let names = file_name::distinct(units.iter().map(|unit| unit.name.as_str()));
    for (unit, name) in units.iter().zip(&names) {
        let args = [("standard", standard.id.clone()), ("unit", name.clone())];
        let file = words.fill("self_assessment.file", &args);
        folder.write_at(&file, |aside| book.write_self_assessment(unit, aside))?;
    }
    folder.commit()?;
    let args = [("count", units.len().to_string()), ("folder", out.display().to_string())];
    screen::say(&words.fill("self_assessment.done", &args))?;
    if arguments.year.is_none() {
        screen::say(&words.say("marking.no_year"))?;
    }
    Ok(())
}

/// The units to score; an error if the standard scores none.
pub fn units_of(standard: &Standard, given: Option<&Path>) -> Result<Vec<Unit>> {
    let given = given.unwrap_or(Path::new(MEMBERS));
    Ok(units(standard, Some(given))?.unwrap_or_default())
}

/// The units to score; `None` if the standard scores none.
fn units(standard: &Standard, given: Option<&Path>) -> Result<Option<Vec<Unit>>> {
    let wrong = |code| Problem::error(code, Place::default()).with("standard", &standard.id);
    let Some(scored) = &standard.units else {
        if given.is_none() {
            return Ok(None);
        }
        let problem = wrong("marking_not_scored").list("allowed", scoring_standards()?);
        return Err(Error::usage(problem));
    };
    let members = || {
        scored.members.iter().map(|member| Unit {
            name: member.name.clone(),
            code: member.code.clone(),
            aliases: member.aliases.clone(),
            class: member.class.clone(),
        })
    };
    match given {
        // If there is a file of that name, the file is meant.
        Some(path) if path != Path::new(MEMBERS) || path.exists() => {
            ingest::scorebook::units(path, &Options::default()).map(Some)
        }
        Some(_) if scored.members.is_empty() => Err(Error::usage(wrong("marking_no_members"))),
        None if scored.members.is_empty() => Err(Error::usage(wrong("marking_no_units"))),
        _ => Ok(Some(members().collect())),
    }
}

/// Names of the standards that score units.
fn scoring_standards() -> Result<Vec<String>> {
    let scores = |name: &String| Standard::load(name).is_ok_and(|standard| standard.units.is_some());
    Ok(standard::names()?.into_iter().filter(scores).collect())
}
