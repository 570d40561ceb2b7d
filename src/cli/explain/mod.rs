//! `explain`: from a verdict back to the cells. Reads what `assess` wrote and recalculates nothing.

mod heading;
mod indicator;
mod item;
mod page;
mod result;
mod school;
mod scoring;
mod unit;

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    Exit, STANDARD,
    options::{settings, standard},
    screen,
};
use crate::{
    dictionary::Section,
    measure,
    problem::{Place, Problem, Result},
    standard::{Rule, Standard},
    words::Words,
};
use result::Written;
use school::Wanted;

#[derive(Debug, Args)]
pub struct ExplainArguments {
    #[arg(value_name = "DIR", required_unless_present = "sql")]
    dir: Option<PathBuf>,
    #[arg(value_name = "SCHOOL", required_unless_present = "sql")]
    school: Option<String>,
    #[arg(value_name = "INDICATOR", required_unless_present = "sql")]
    indicator: Option<String>,
    #[arg(long, value_name = "SECTION", value_parser = ["primary", "junior", "senior"], hide_possible_values = true)]
    section: Option<String>,
    #[arg(long, value_name = "Y")]
    year: Option<i32>,
    #[arg(long, conflicts_with_all = ["dir", "section", "year"])]
    sql: bool,
    #[arg(long, value_name = "S")]
    standard: Option<String>,
    #[arg(long, value_name = "SETTING=VALUE", requires = "sql")]
    set: Vec<String>,
    #[arg(long, requires = "sql")]
    reliefs: bool,
}

pub fn execute(arguments: &ExplainArguments, words: &Words) -> Result<Exit> {
    let (Some(dir), Some(school), Some(indicator)) =
        (&arguments.dir, &arguments.school, &arguments.indicator)
    else {
        let name = arguments.standard.clone().unwrap_or_else(|| STANDARD.into());
        let (_, standard) = standard(&name, &settings(&arguments.set)?)?;
        screen::say(measure::sql::sql(&standard, arguments.reliefs).trim_end())?;
        return Ok(Exit::Done);
    };
    if let Some(standard) = scoring::scored(dir, arguments.standard.as_deref())? {
        screen::say(&scoring::explain(dir, &standard, school, indicator, words)?)?;
        return Ok(Exit::Done);
    }
    let written = Written::load(dir, arguments.standard.as_deref())?;
    let subject = subject(&written.standard, indicator)?;
    let section = arguments.section.as_deref().and_then(Section::from_id);
    let wanted = Wanted { school, section, year: arguments.year };
    let text = if school == "-" {
        school::district(&written, &subject, &wanted, words)?
    } else {
        school::one(&written, &subject, &wanted, words)?
    };
    screen::say(&text)?;
    Ok(Exit::Done)
}

/// The subject of the question: an indicator, or an item that is not one.
enum Subject<'a> {
    Indicator(&'a crate::standard::Indicator),
    Item(&'a crate::standard::Item),
}

/// Finds the subject by its id, ignoring case. An item that judges an indicator stands for that indicator.
fn subject<'a>(standard: &'a Standard, id: &str) -> Result<Subject<'a>> {
    let same = |other: &str| other.eq_ignore_ascii_case(id.trim());
    if let Some(indicator) = standard.indicators.iter().find(|i| same(&i.id)) {
        return Ok(Subject::Indicator(indicator));
    }
    if let Some(item) = standard.items.iter().find(|i| same(&i.id)) {
        return Ok(match &item.rule {
            Rule::Indicator { indicator } => {
                standard.indicator(indicator).map_or(Subject::Item(item), Subject::Indicator)
            }
            _ => Subject::Item(item),
        });
    }
    let indicators = standard.indicators.iter().map(|i| i.id.as_str());
    let mut seen = HashSet::new();
    let known: Vec<&str> = indicators
        .chain(standard.items.iter().map(|i| i.id.as_str()))
        .filter(|id| seen.insert(*id))
        .collect();
    Err(Problem::error("indicator_unknown", Place::default())
        .with("found", id)
        .with("standard", &standard.id)
        .with("known", known.join(" "))
        .into())
}

fn shown(path: &Path) -> Place {
    Place::file(path.display().to_string())
}
