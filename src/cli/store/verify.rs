//! `store verify`.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::super::{Exit, options::StorePlace, screen};
use crate::{
    number,
    problem::Result,
    store::yearly::{self, STORE},
    words::Words,
};

#[derive(Debug, Args)]
pub struct StoreVerifyArguments {
    #[command(flatten)]
    place: StorePlace,
    #[arg(long)]
    json: bool,
}

pub fn execute(arguments: &StoreVerifyArguments, words: &Words) -> Result<Exit> {
    let root = arguments.place.store.clone().unwrap_or_else(|| PathBuf::from(STORE));
    let found = yearly::verify(&root)?;
    if arguments.json {
        let problem = |problem: &crate::problem::Problem| {
            let details: serde_json::Map<String, serde_json::Value> =
                problem.args.iter().map(|(name, value)| (name.to_string(), json!(value))).collect();
            json!({
                "level": problem.level.id(),
                "code": problem.code,
                "file": problem.place.file,
                "message": words.problem(problem),
                "details": details,
            })
        };
        let text = json!({
            "whole": found.is_intact(),
            "commits": found.commits,
            "files": found.files,
            "bytes": found.bytes,
            "problems": found.problems.iter().map(problem).collect::<Vec<_>>(),
        });
        screen::say(&serde_json::to_string_pretty(&text).unwrap_or_default())?;
    } else {
        let args = [
            ("commits", number::count(found.commits as i64)),
            ("files", number::count(found.files as i64)),
            ("megabytes", number::at_most(found.bytes as f64 / 1e6, 1)),
        ];
        let key = if found.is_intact() { "store.verify.whole" } else { "store.verify.damaged" };
        let mut text = words.fill(key, &args);
        if !found.problems.is_empty() {
            text.push_str("\n\n");
            text.push_str(&screen::findings(&found.problems, usize::MAX, words));
        }
        screen::say(&text)?;
    }
    Ok(if found.is_intact() { Exit::Done } else { Exit::BadInput })
}
