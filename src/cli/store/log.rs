//! `store log`.

use clap::Args;

use super::super::{Exit, options::StorePlace, screen};
use crate::{
    number,
    problem::Result,
    report::json,
    store::yearly::log::{Commit, Entry},
    words::Words,
};

#[derive(Debug, Args)]
pub struct StoreLogArguments {
    #[command(flatten)]
    place: StorePlace,
    #[arg(long, value_name = "DISTRICT")]
    district: Option<String>,
    #[arg(long, value_name = "Y")]
    year: Option<i32>,
    #[arg(long)]
    json: bool,
}

pub fn execute(arguments: &StoreLogArguments, words: &Words) -> Result<Exit> {
    let store = super::open(&arguments.place)?;
    let district = arguments.district.as_deref().map(|named| super::district(&store, named)).transpose()?;
    let wanted = |entry: &&Entry| {
        district.as_ref().is_none_or(|code| *code == entry.district_code)
            && arguments.year.is_none_or(|year| year == entry.year)
    };
    let mut commits = Vec::new();
    for commit in &store.log().commits {
        let entries: Vec<Entry> = commit.entries.iter().filter(wanted).cloned().collect();
        if !entries.is_empty() {
            commits.push(Commit { entries, ..commit.clone() });
        }
    }
    if arguments.json {
        let mut text = Vec::new();
        json::write(&commits, &mut text)?;
        screen::say(String::from_utf8_lossy(&text).trim_end())?;
        return Ok(Exit::Done);
    }
    let all = arguments.district.is_some() || arguments.year.is_some();
    screen::say(&shown(&commits, if all { usize::MAX } else { MAX_SHOWN }, words))?;
    Ok(Exit::Done)
}

/// Maximum number of district-years listed per commit.
const MAX_SHOWN: usize = 10;

fn shown(commits: &[Commit], most: usize, words: &Words) -> String {
    let mut parts = Vec::new();
    for commit in commits.iter().rev() {
        let heading = words.fill(
            "store.log.commit",
            &[
                ("number", commit.number.to_string()),
                ("time", commit.time.clone()),
                ("program", commit.program.clone()),
                ("count", number::count(commit.entries.len() as i64)),
            ],
        );
        let mut lines = vec![screen::heading(&heading)];
        for entry in commit.entries.iter().take(most) {
            let rules = commit.rules_of(entry);
            let standard = rules.map_or_else(String::new, |rules| rules.standard.clone());
            let args = [
                ("district", entry.district_name.clone()),
                ("code", entry.district_code.clone()),
                ("year", entry.year.to_string()),
                ("version", entry.version.to_string()),
                ("rows", number::count(entry.rows as i64)),
                ("standard", standard),
                ("inputs", inputs(entry)),
            ];
            lines.extend(screen::wrap(&words.fill("store.log.entry", &args), "  ", screen::WIDTH));
        }
        if let Some(more) = commit.entries.len().checked_sub(most).filter(|more| *more > 0) {
            lines.push(format!("  {}", words.fill("store.more", &[("more", number::count(more as i64))])));
        }
        parts.push(lines.join("\n"));
    }
    if parts.is_empty() { words.say("store.log.none") } else { parts.join("\n\n") }
}

fn inputs(entry: &Entry) -> String {
    const MAX_SHOWN: usize = 3;
    let mut names: Vec<&str> = entry.inputs.iter().take(MAX_SHOWN).map(|input| input.file.as_str()).collect();
    if entry.inputs.len() > MAX_SHOWN {
        names.push("…");
    }
    names.join("、")
}
