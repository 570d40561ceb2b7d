//! `check`: read and examine only. Exit code 1 where there are errors.

use super::{CheckArguments, Exit, assess, progress::Step, screen};
use crate::{
    ingest, number,
    problem::{Error, Level, Problem, Result},
    report::findings,
    tables::Row,
    words::Words,
};

pub fn execute(arguments: CheckArguments, words: &Words) -> Result<Exit> {
    let (inputs, options) = assess::reading(arguments.reading);
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
    if arguments.json {
        screen::say(&json(&problems, words)?);
    } else {
        let mut parts = Vec::new();
        if let Some(sections) = schools {
            parts.push(words.text("cli.check_done.read", &[("sections", number::count(sections as i64))]));
        }
        parts.push(match problems.is_empty() {
            true => words.say("cli.check_done.none"),
            false => screen::findings(&problems, usize::MAX, words),
        });
        screen::say(&parts.join("\n"));
    }
    let bad = problems.iter().any(|p| p.level == Level::Error);
    Ok(if bad { Exit::BadInput } else { Exit::Done })
}

/// A list of the rows of `findings`.
fn json(problems: &[Problem], words: &Words) -> Result<String> {
    let frame = findings(problems, words)?;
    let names: Vec<&str> = frame.columns().iter().map(|c| c.name().as_str()).collect();
    let rows: Vec<serde_json::Value> = Row::all(&frame)
        .map(|row| {
            names.iter().map(|name| (name.to_string(), serde_json::Value::from(row.text(name)))).collect()
        })
        .collect();
    Ok(format!("{:#}", serde_json::Value::Array(rows)))
}
