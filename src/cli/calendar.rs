//! `calendar`: the steps of a year, as a table and as an .ics file.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use chrono::NaiveDate;
use clap::Args;

use super::{Exit, screen, usage};
use crate::{
    calendar::{self, DatedStep},
    nearest::nearest,
    problem::{Error, Level, Place, Problem, Result},
    report::{
        calendar::{self as written, Line},
        csv,
    },
    standard::{Standard, names},
    store,
    tables::{self, run::is_absent},
    words::Words,
};

#[derive(Debug, Args)]
pub struct CalendarArguments {
    #[arg(long, value_name = "S")]
    standard: String,
    #[arg(long, value_name = "Y", value_parser = clap::value_parser!(i32).range(1900..=2200))]
    year: i32,
    /// The actual end of a step: visit=2026-04-20.
    #[arg(long, value_name = "STEP=YYYY-MM-DD")]
    known: Vec<String>,
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub fn execute(arguments: CalendarArguments, words: &Words) -> Result<Exit> {
    let standard = Standard::load(&arguments.standard)?;
    if standard.steps.is_empty() {
        let with = |name: &String| Standard::load(name).is_ok_and(|standard| !standard.steps.is_empty());
        let allowed: Vec<String> = names()?.into_iter().filter(with).collect();
        return Err(usage("calendar_none", &[("standard", standard.id), ("allowed", allowed.join(", "))]));
    }
    let known = known(&arguments.known, &standard)?;
    let out = arguments.out.as_deref().map(|path| Ok::<_, Error>((path, kind(path)?))).transpose()?;
    let steps = calendar::steps(&standard, arguments.year, &known);
    let notes = calendar::notes(&standard, arguments.year, &steps);
    screen::say(&shown(&standard, arguments.year, &steps, &notes, words))?;
    if let Some((path, kind)) = out {
        let written = write(path, kind, &standard, arguments.year, &steps, words)?;
        screen::say(&format!("\n{written}"))?;
    }
    Ok(Exit::Done)
}

/// Parses `--known STEP=DATE`; each step may be given once.
fn known(given: &[String], standard: &Standard) -> Result<BTreeMap<String, NaiveDate>> {
    let mut known = BTreeMap::new();
    for text in given {
        let found = || ("found", text.clone());
        let (dated, date) = text.split_once('=').ok_or_else(|| usage("calendar_known_form", &[found()]))?;
        let (said, date) = (dated.trim(), date.trim());
        // A step is named by its id, or by its title in either language.
        let called = standard.steps.iter().find(|step| {
            let titles = [Some(&step.title.zh), step.title.en.as_ref()];
            step.id == said || titles.into_iter().flatten().any(|title| title.trim() == said)
        });
        let dated = called.map_or(said, |step| step.id.as_str());
        let ids = || standard.steps.iter().map(|step| step.id.as_str());
        if !ids().any(|id| id == dated) {
            let near = nearest(dated, ids());
            let code = if near.is_empty() { "calendar_known_unlike" } else { "calendar_known_step" };
            let allowed = ids().collect::<Vec<_>>().join(", ");
            let args = [("found", dated.to_string()), ("nearest", near.join(", ")), ("allowed", allowed)];
            return Err(usage(code, &args));
        }
        // The year must have four digits: 26-04-20 would be the year 26.
        let day = Some(date).filter(|date| date.split('-').next().is_some_and(|year| year.len() == 4));
        let day = day.and_then(|date| NaiveDate::parse_from_str(date, "%Y-%m-%d").ok());
        let dated = dated.to_string();
        let Some(day) = day else {
            return Err(usage("calendar_known_date", &[("found", date.to_string()), ("step", dated)]));
        };
        if let Some(first) = known.insert(dated.clone(), day)
            && first != day
        {
            let args = [("step", dated), ("first", first.to_string()), ("second", day.to_string())];
            return Err(usage("calendar_known_twice", &args));
        }
    }
    Ok(known)
}

#[derive(Clone, Copy)]
enum Kind {
    Ics,
    Csv,
}

fn kind(path: &Path) -> Result<Kind> {
    match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("ics") => Ok(Kind::Ics),
        Some("csv") => Ok(Kind::Csv),
        _ => Err(usage("calendar_out_kind", &[("found", path.display().to_string())])),
    }
}

/// Writes the file and reports it. A calendar that this program wrote is replaced, so that it can be updated; any other
/// file is left alone.
fn write(
    path: &Path,
    kind: Kind,
    standard: &Standard,
    year: i32,
    steps: &[DatedStep],
    words: &Words,
) -> Result<String> {
    let disk = |why| Error::disk(path, why);
    match std::fs::read(path) {
        Ok(there) => {
            let begins = match kind {
                Kind::Ics => written::BEGINS.to_string(),
                Kind::Csv => {
                    let columns = tables::calendar::table().columns;
                    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
                    format!("\u{feff}{}\n", names.join(","))
                }
            };
            if !there.starts_with(begins.as_bytes()) {
                let place = Place::file(path.display().to_string());
                return Err(Problem::error("calendar_out_not_ours", place).into());
            }
        }
        // A folder is reported when it is written to.
        Err(why) if is_absent(&why) || path.is_dir() => {}
        Err(why) => return Err(disk(why)),
    }
    store::write_file(path, |aside| match kind {
        Kind::Ics => std::fs::write(aside, written::ics(standard, year, steps, words)).map_err(disk),
        Kind::Csv => {
            let mut file = std::fs::File::create(aside).map_err(disk)?;
            csv::write(written::table(standard, steps, words).frame(), &mut file)
        }
    })?;
    let events = steps.iter().filter(|dated| dated.end().is_some()).count();
    let todos = steps.iter().filter(|dated| dated.end().is_none()).filter(|dated| dated.is_due()).count();
    let args =
        [("file", path.display().to_string()), ("events", events.to_string()), ("todos", todos.to_string())];
    Ok(words
        .fill(if matches!(kind, Kind::Ics) { "calendar.written.ics" } else { "calendar.written.csv" }, &args))
}

/// A table of ids, dates, steps and actors; below each row, what is due and what its date depends on.
fn shown(standard: &Standard, year: i32, steps: &[DatedStep], notes: &[Problem], words: &Words) -> String {
    let args = [("title", standard.title.get(words.language).to_string()), ("year", year.to_string())];
    let mut out = vec![screen::heading(&words.fill("calendar.heading", &args))];
    out.extend(screen::wrap(&words.fill("calendar.about", &args), "  ", screen::WIDTH));
    out.push(String::new());
    let column = |key: &str| words.say(&format!("calendar.column.{key}"));
    let columns = [
        screen::Column::left(column("step")),
        screen::Column::left(column("date")),
        screen::Column::giving(column("title"), 20),
        screen::Column::giving(column("actor"), 16),
    ];
    let lines = written::lines(standard, steps, words);
    let row = |line: &Line| [&line.id, &line.date, &line.title, &line.actor].map(String::clone).to_vec();
    let mut table = screen::table(&columns, &lines.iter().map(row).collect::<Vec<_>>()).into_iter();
    out.extend(table.by_ref().take(2));
    for ((row, line), dated) in table.zip(&lines).zip(steps) {
        out.push(row);
        let mut under = |name: &str, what: &str| {
            let name = words.say(&format!("calendar.entry.{name}"));
            let entry = words.fill("standard.entry", &[("name", name), ("what", what.to_string())]);
            out.extend(screen::wrap(&entry, "      ", screen::WIDTH));
        };
        under("due", &line.due);
        // A plain date needs no explanation; one that depends on another does.
        let depends = calendar::chain(standard, dated.step).len() > 1;
        if depends || dated.ended.is_some() {
            under("when", &line.when);
        }
    }
    if !notes.is_empty() {
        out.push(String::new());
    }
    for note in notes {
        let level = words.say(&format!("screen.level.{}", Level::Note.id()));
        out.extend(screen::wrap(&words.placed(note), &format!("  {level}  "), screen::WIDTH));
    }
    out.join("\n")
}
