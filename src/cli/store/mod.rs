//! `store`: add, log, diff, verify.

mod add;
mod diff;
mod log;
mod verify;

use clap::{Args, Subcommand};

use super::{Exit, options::StorePlace};
use crate::{
    nearest::nearest,
    problem::{Place, Problem, Result},
    store::yearly::{AsOf, STORE, Snapshot},
    tables::years::YearSource,
    words::Words,
};

pub use add::{Addition, Unit, add, summary};

#[derive(Debug, Args)]
pub struct StoreArguments {
    #[command(subcommand)]
    what: StoreCommand,
}

#[derive(Debug, Subcommand)]
enum StoreCommand {
    Add(add::StoreAddArguments),
    Log(log::StoreLogArguments),
    Diff(diff::StoreDiffArguments),
    Verify(verify::StoreVerifyArguments),
}

pub fn execute(arguments: StoreArguments, words: &Words) -> Result<Exit> {
    match arguments.what {
        StoreCommand::Add(arguments) => add::execute(arguments, words),
        StoreCommand::Log(arguments) => log::execute(&arguments, words),
        StoreCommand::Diff(arguments) => diff::execute(&arguments, words),
        StoreCommand::Verify(arguments) => verify::execute(&arguments, words),
    }
}

/// The store in its latest state.
fn open(place: &StorePlace) -> Result<Snapshot> {
    let usual = std::path::Path::new(STORE);
    Snapshot::open(place.store.as_deref().unwrap_or(usual), &AsOf::Latest)
}

/// The code of a district given by code or name.
fn district(store: &Snapshot, named: &str) -> Result<String> {
    let named = named.trim();
    let mut found: Vec<&str> = store
        .kept()
        .iter()
        .filter(|kept| kept.of.district_code == named)
        .map(|kept| kept.of.district_code.as_str())
        .collect();
    if found.is_empty() {
        let by_name = store.kept().iter().filter(|kept| kept.district_name == named);
        found = by_name.map(|kept| kept.of.district_code.as_str()).collect();
    }
    found.sort_unstable();
    found.dedup();
    let place = || Place::file(store.root.display().to_string());
    match found[..] {
        [one] => Ok(one.to_string()),
        [] => {
            let known =
                store.kept().iter().flat_map(|k| [k.of.district_code.as_str(), k.district_name.as_str()]);
            let mut near = nearest(named, known);
            near.dedup();
            let near = if near.is_empty() { "—".to_string() } else { near.join("、") };
            Err(Problem::error("store_unknown_district", place())
                .with("found", named)
                .with("nearest", near)
                .into())
        }
        _ => Err(Problem::error("store_ambiguous", place()).with("found", named).list("codes", found).into()),
    }
}
