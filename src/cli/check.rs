//! `check`: read and examine only. Exit code 1 where there are errors. With `--out` the findings and the user's own
//! files with comments are written, whatever was found: errors are when they are needed most.

use std::{
    path::{Path, PathBuf},
    time::{Instant, SystemTime},
};

use super::{CheckArguments, Exit, assess, progress::Step, screen, touched};
use crate::{
    ingest::{self, Options},
    number,
    problem::{Error, Level, Place, Problem, Result},
    report::{
        self, annotate, findings,
        json::{self, Input, Run},
    },
    store::Folder,
    tables::Row,
    words::Words,
};

/// Where the copies go that an error of `assess` offers.
const OUT: &str = "junheng-check";
/// With more inputs than these the offer does not repeat them.
const MOST_INPUTS: usize = 3;

pub fn execute(arguments: CheckArguments, words: &Words) -> Result<Exit> {
    let begun = (Instant::now(), SystemTime::now());
    let (inputs, options) = assess::reading(arguments.reading);
    // Before the work, so that a folder that cannot be written is known now.
    let folder = arguments.out.as_deref().map(begin).transpose()?;
    let step = Step::new(words.say("cli.doing.read"));
    let read = ingest::read(&inputs, &options, &|what, done, total| step.watch(what, done, total));
    drop(step);
    // What stops a run is a finding like the others here.
    let (problems, schools) = match read {
        Ok(facts) => {
            let schools = facts.facts.height();
            (facts.findings, Some(schools))
        }
        Err(Error::Input(problems)) => (problems, None),
        Err(other) => return Err(other),
    };
    let written = match folder {
        Some((folder, earlier)) => {
            let _step = Step::new(words.say("cli.doing.write"));
            let out = arguments.out.as_deref().unwrap_or(Path::new(""));
            Some(write((folder, earlier, out), (&inputs, &options), &problems, begun, words)?)
        }
        None => None,
    };
    if arguments.json {
        screen::say(&json(&problems, words)?)?;
    } else {
        let mut parts = Vec::new();
        if let Some(sections) = schools {
            parts.push(words.text("cli.check_done.read", &[("sections", number::count(sections as i64))]));
        }
        parts.push(match problems.is_empty() {
            true => words.say("cli.check_done.none"),
            false => screen::findings(&problems, usize::MAX, words),
        });
        if let (Some((files, kept)), Some(out)) = (written, &arguments.out) {
            parts.push(format!("\n{}", screen::files(&out.display().to_string(), &files, words)));
            parts.extend(kept.iter().flat_map(|line| screen::wrap(line, "  ", screen::WIDTH)));
        }
        screen::say(&parts.join("\n"))?;
    }
    let bad = problems.iter().any(|p| p.level == Level::Error);
    Ok(if bad { Exit::BadInput } else { Exit::Done })
}

/// The folder, and what an earlier check wrote there.
fn begin(out: &Path) -> Result<(Folder, touched::Earlier)> {
    if Run::load(out).is_ok_and(|run| !run.standards.is_empty()) {
        return Err(Problem::error("out_has_result", Place::file(out.display().to_string())).into());
    }
    let earlier = touched::Earlier::of(out);
    Ok((Folder::begin(out, earlier.files.iter().cloned())?, earlier))
}

/// `findings`, the annotated copies, and what made them. Gives the names, and what is said of copies that somebody
/// worked in since the last check.
fn write(
    (mut folder, earlier, out): (Folder, touched::Earlier, &Path),
    (inputs, options): (&[PathBuf], &Options),
    problems: &[Problem],
    begun: (Instant, SystemTime),
    words: &Words,
) -> Result<(Vec<String>, Vec<String>)> {
    let kept = earlier.keep(&mut folder, out, words)?;
    let mut read = Vec::new();
    for file in ingest::files(inputs) {
        // One that cannot be read is among the findings.
        let sha256 = ingest::parquet::sha256(&file.path).unwrap_or_default();
        read.push(Input { file: file.shown, sha256 });
    }
    report::table(&mut folder, "", "findings", &findings(problems, words))?;
    let made = assess::made(None, read.clone());
    for (name, content) in annotate::copies(inputs, problems, options, &made, words)? {
        folder.put(&name, &content)?;
    }
    let run = assess::run_of((options, false), Vec::new(), read, (&folder, &earlier), begun, words);
    folder.write(json::RUN, |file| json::write(&run, file))?;
    folder.commit()?;
    Ok((run.files, kept))
}

/// How to see in one's own files what stopped `assess`; nothing where no cell or sheet is at fault.
pub fn way(error: &Error, inputs: &[PathBuf], words: &Words) -> Option<String> {
    let Error::Input(problems) = error else { return None };
    // A ledger is no input: it has nothing to be checked.
    let in_sheets = |problem: &Problem| problem.place.sheet.is_some() && !problem.code.starts_with("ledger_");
    let in_sheets = problems.iter().any(in_sheets);
    if inputs.is_empty() || !in_sheets {
        return None;
    }
    let shown: Vec<String> = inputs
        .iter()
        .map(|input| {
            let text = input.display().to_string();
            let plain = text.chars().all(|c| c.is_alphanumeric() || "/\\._-:".contains(c));
            if plain { text } else { format!("\"{text}\"") }
        })
        .collect();
    let shown = if shown.len() > MOST_INPUTS { "INPUT...".to_string() } else { shown.join(" ") };
    Some(words.text("cli.check_done.annotate", &[("inputs", shown), ("folder", OUT.into())]))
}

/// A list of the rows of `findings`.
fn json(problems: &[Problem], words: &Words) -> Result<String> {
    let frame = findings(problems, words);
    let names: Vec<&str> = frame.columns().iter().map(|c| c.name().as_str()).collect();
    let rows: Vec<serde_json::Value> = Row::all(&frame)
        .map(|row| {
            names.iter().map(|name| (name.to_string(), serde_json::Value::from(row.text(name)))).collect()
        })
        .collect();
    Ok(format!("{:#}", serde_json::Value::Array(rows)))
}
