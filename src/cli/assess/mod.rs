//! `assess`: reads, judges by every named standard, writes, shows.

mod plan;
mod stream;

use std::{collections::HashSet, path::PathBuf};

use clap::Args;

use super::{
    Exit,
    context::{self, RunContext},
    ledger::{self, Covered, Wanted},
    options::{Reading, Reporting},
    progress::Step,
    screen, usage,
    user_edits::LEDGER,
};
use crate::{
    assess::{self, Outcome, Verdict},
    gap::{self, ledger::Scope},
    ingest::{self, Facts, Options},
    problem::{Error, Level, Problem, Result},
    report::{self, annotate, documents::Judged, json},
    standard::Standard,
    tables::run::{Input, Run},
    words::Words,
};

pub use plan::Plan;

#[derive(Debug, Args)]
pub struct AssessArguments {
    #[arg(long, value_name = "S")]
    standard: Vec<String>,
    #[arg(long, value_name = "SETTING=VALUE")]
    set: Vec<String>,
    #[arg(long)]
    reliefs: bool,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    tables: Option<Vec<String>>,
    #[command(flatten)]
    reporting: Reporting,
    #[command(flatten)]
    reading: Reading,
}

impl AssessArguments {
    pub fn inputs(&self) -> &[PathBuf] {
        &self.reading.inputs
    }
}

pub fn execute(plan: &Plan, words: &Words) -> Result<Exit> {
    if let Some((_, scored)) = plan.standards.iter().find(|(_, standard)| standard.units.is_some()) {
        return Err(usage("assess_scored", &[("standard", scored.id.clone())]));
    }
    // Before the work, so that a folder that cannot be written is reported at once and not after ten minutes.
    let mut context = RunContext::open(&plan.out)?;
    let files = ingest::list(&plan.inputs).files;
    context.protect(files.iter().map(|file| file.path.as_path()))?;
    let standards: Vec<&Standard> = plan.standards.iter().map(|(_, standard)| standard).collect();
    let wanted = Wanted {
        standards: &standards,
        asked: plan.reporting.ledger.as_deref(),
        out: &plan.out,
        options: &plan.options,
        written: plan.documents.gaps,
    };
    let last = ledger::Last::read(wanted, &context, words)?;

    if let Some(path) = stream::fits(plan)
        && let Some(streamed) = stream::write(plan, path, &mut context.folder, words)?
    {
        last.leave(&mut context.folder);
        let finished = context.commit(record(plan, streamed.inputs), words)?;
        finished.kept.iter().for_each(|line| screen::tell(line));
        let files = screen::files(&finished.folder, &finished.run.files, words);
        screen::tell(&format!("{}\n\n{files}", streamed.summary));
        return Ok(Exit::Done);
    }
    let mut facts = read(&plan.inputs, &plan.options, words)?;
    facts.findings.splice(0..0, plan.findings.iter().cloned());
    let mut assessments = Vec::new();
    for (_, standard) in &plan.standards {
        let title = standard.title.get(words.language).to_string();
        let _step = Step::new(words.fill("cli.doing.judge", &[("standard", title)]));
        assessments.push(assess::assess(&facts, standard, plan.reliefs, words)?);
    }
    // If two standards miss the same fact of the same school, it is one finding.
    let mut reported = HashSet::new();
    for problem in assessments.iter().flat_map(|assessment| &assessment.missing) {
        if reported.insert((&problem.place, &problem.school_code, &problem.fact)) {
            facts.findings.push(problem.clone());
        }
    }
    let inputs = json::inputs(&facts.sources);
    let made = context::made(plan.reporting.date, &inputs);
    let covered = plan.standards.iter().zip(&assessments).map(|((_, standard), assessment)| {
        let scope = Scope::of(&assessment.verdicts, &facts.facts);
        let found = gap::ledger::found(&assessment.gaps, &scope, standard, words);
        Covered { standard, scope, found, name: format!("{}{LEDGER}", plan.prefix(standard)) }
    });
    let covered = covered.collect();
    let ledgers = ledger::carry(last, wanted, covered, &made, &mut context.folder, words)?;
    facts.findings.extend(ledgers.findings());

    let step = Step::new(words.say("cli.doing.write"));
    report::read(&mut context.folder, &facts, &plan.tables, words)?;
    if plan.documents.annotated {
        for (name, content) in annotate::copies(&plan.inputs, &facts.findings, &plan.options, &made, words)? {
            context.folder.put(&name, &content)?;
        }
    }
    for ((_, standard), assessment) in plan.standards.iter().zip(&assessments) {
        let (folder, prefix) = (&mut context.folder, plan.prefix(standard));
        report::judged(folder, &prefix, assessment, &plan.tables)?;
        ledgers.write(folder, standard, &made, words)?;
        let judged = Judged { facts: &facts, assessment, standard, made: &made, words };
        judged.write(folder, &prefix, &plan.documents, &|done, all| step.watch("", done, all))?;
    }
    let verdicts: Vec<&Verdict> = assessments.iter().flat_map(|a| &a.verdicts).collect();
    if plan.standards.len() > 1 {
        context.folder.write("verdict.json", |file| json::write(&verdicts, file))?;
    }
    let finished = context.commit(record(plan, inputs), words)?;
    drop(step);

    if plan.reporting.json {
        let mut text = Vec::new();
        json::write(&verdicts, &mut text)?;
        screen::say(String::from_utf8_lossy(&text).trim_end())?;
        ledgers.said().iter().chain(&finished.kept).for_each(|line| screen::tell(line));
    } else {
        let mut parts = Vec::new();
        for ((_, standard), assessment) in plan.standards.iter().zip(&assessments) {
            parts.push(screen::verdicts(&screen::View { standard, assessment }, words));
        }
        if !facts.findings.is_empty() {
            parts.push(screen::findings(&facts.findings, 5, words));
        }
        parts.extend(Some(ledgers.shown(words)).filter(|text| !text.is_empty()));
        parts.push(finished.files(screen::files, words));
        screen::say(&parts.join("\n\n"))?;
    }
    let ready = !verdicts.is_empty() && verdicts.iter().all(|v| v.outcome == Outcome::Ready);
    Ok(if plan.reporting.fail_unless_ready && !ready { Exit::NotReady } else { Exit::Done })
}

/// The rules and inputs of the result.
fn record(plan: &Plan, inputs: Vec<Input>) -> Run {
    let used = |(named, standard): &(String, Standard)| context::used(named, standard, plan.prefix(standard));
    Run {
        reliefs: plan.reliefs,
        standards: plan.standards.iter().map(used).collect(),
        inputs,
        ..context::run_of(&plan.options)
    }
}

/// Reads the inputs; findings that are errors stop the run.
pub fn read(inputs: &[PathBuf], options: &Options, words: &Words) -> Result<Facts> {
    let step = Step::new(words.say("cli.doing.read"));
    let facts = ingest::read(inputs, options, &|what, done, total| step.watch(what, done, total))?;
    let errors: Vec<Problem> = facts.findings.iter().filter(|p| p.level == Level::Error).cloned().collect();
    if errors.is_empty() { Ok(facts) } else { Err(Error::Input(errors)) }
}
