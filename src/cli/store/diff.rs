//! `store diff`.

use std::path::PathBuf;

use clap::Args;

use super::super::{Exit, options::StorePlace, screen};
use crate::{
    number,
    problem::{Place, Problem, Result},
    report,
    store::{
        self,
        yearly::{
            Snapshot,
            difference::{self, Change, Kind},
        },
    },
    tables::years::{DistrictYear, StoredYear, YearSource},
    words::Words,
};

#[derive(Debug, Args)]
pub struct StoreDiffArguments {
    #[arg(value_name = "DISTRICT")]
    district: String,
    #[arg(value_name = "YEAR")]
    year: i32,
    #[command(flatten)]
    place: StorePlace,
    /// The versions to compare; by default the last two.
    #[arg(long, value_name = "VERSION")]
    from: Option<u32>,
    #[arg(long, value_name = "VERSION")]
    to: Option<u32>,
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub fn execute(arguments: &StoreDiffArguments, words: &Words) -> Result<Exit> {
    let store = super::open(&arguments.place)?;
    let district_code = super::district(&store, &arguments.district)?;
    let (old, new) = versions(&store, DistrictYear { year: arguments.year, district_code }, arguments)?;
    let changes = difference::difference(&store, &old, &new)?;
    if let Some(path) = &arguments.out {
        store::refuse_existing(path)?;
        let table = difference::table(&changes);
        store::write_file(path, |aside| report::changes::write(&table, words, aside))?;
    }
    let most = if arguments.out.is_some() { 20 } else { usize::MAX };
    screen::say(&shown(&old, &new, &changes, most, words))?;
    Ok(Exit::Done)
}

fn versions(
    store: &Snapshot,
    of: DistrictYear,
    arguments: &StoreDiffArguments,
) -> Result<(StoredYear, StoredYear)> {
    let place = || Place::file(store.root.display().to_string());
    let Some(last) = store.kept().iter().find(|kept| kept.of == of) else {
        let own = |kept: &&StoredYear| kept.of.district_code == of.district_code;
        let years: Vec<String> = store.kept().iter().filter(own).map(|k| k.of.year.to_string()).collect();
        let problem = Problem::error("store_unknown_year", place())
            .with("district", &of.district_code)
            .with("found", of.year)
            .list("years", years);
        return Err(problem.into());
    };
    let about = |problem: Problem| problem.with("district", &last.district_name).with("year", of.year);
    let to = arguments.to.unwrap_or(last.version);
    let from = arguments.from.unwrap_or_else(|| to.saturating_sub(1));
    if arguments.from.is_none() && arguments.to.is_none() && last.version == 1 {
        return Err(about(Problem::error("store_one_version", place())).into());
    }
    let get = |version: u32| -> Result<StoredYear> {
        store.version(&of, version).ok_or_else(|| {
            let problem = about(Problem::error("store_no_version", place()));
            problem.with("found", version).with("last", last.version).into()
        })
    };
    Ok((get(from)?, get(to)?))
}

fn shown(old: &StoredYear, new: &StoredYear, changes: &[Change], most: usize, words: &Words) -> String {
    let heading = words.fill(
        "store.diff.heading",
        &[
            ("district", new.district_name.clone()),
            ("year", new.of.year.to_string()),
            ("from", old.version.to_string()),
            ("to", new.version.to_string()),
        ],
    );
    let mut lines = vec![screen::heading(&heading)];
    if changes.is_empty() {
        lines.push(format!("  {}", words.say("store.diff.none")));
    }
    for change in changes.iter().take(most) {
        lines.extend(screen::wrap(&line(change, words), "  ", screen::WIDTH));
    }
    if let Some(more) = changes.len().checked_sub(most).filter(|more| *more > 0) {
        lines.push(format!("  {}", words.fill("store.more", &[("more", number::count(more as i64))])));
    }
    lines.join("\n")
}

fn line(change: &Change, words: &Words) -> String {
    let blank = |text: &str| if text.is_empty() { "—".to_string() } else { text.to_string() };
    let value = |text: &str| match change.kind {
        // Three decimals, as everywhere; two values that print alike are shown in full.
        Kind::Cv => text.parse().ok().map_or_else(|| blank(text), |cv| number::at_most(cv, 6)),
        _ => blank(text),
    };
    let of = match change.kind {
        Kind::Fact | Kind::DistrictFact => words.fact(&change.of),
        _ => change.of.clone(),
    };
    let name = if change.school_name.is_empty() { &change.school_code } else { &change.school_name };
    let args = [
        ("school", name.clone()),
        ("code", change.school_code.clone()),
        ("section", words.section(&change.section)),
        ("of", of),
        ("old", value(&change.old)),
        ("new", value(&change.new)),
    ];
    words.fill(&format!("store.diff.{}", change.kind.id()), &args)
}
