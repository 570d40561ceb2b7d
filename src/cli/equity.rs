//! `equity`: where inequality lies, which schools cause it, whether groups differ, whether districts converge.

use clap::Args;

use super::{
    Exit,
    progress::Step,
    screen,
    study::{Study, StudyArguments},
};
use crate::{
    panel::{Level, Resampling, inequality},
    problem::{Problem, Result},
    report::{self, equity},
    words::Words,
};

/// The default of `--out`.
const OUT: &str = "junheng-equity";

#[derive(Debug, Args)]
pub struct EquityArguments {
    #[command(flatten)]
    study: StudyArguments,
    #[arg(long, value_name = "LEVEL", value_parser = ["district", "city", "province", "all"])]
    of: Vec<String>,
}

pub fn execute(arguments: EquityArguments, words: &Words) -> Result<Exit> {
    let levels = levels(&arguments.of);
    let study = Study::open(arguments.study, OUT, Resampling::default().replicates)?;
    let Study { years, asked, standard, .. } = &study;
    let mut context = study.begin()?;
    let found = {
        let step = Step::new(words.say("equity.doing"));
        let watch = |done, all| step.watch("", done, all);
        inequality::inequality(years, standard, asked, &levels, words, &watch)?
    };
    let step = Step::new(words.say("cli.doing.write"));
    let tables = found.tables();
    for (name, frame) in tables {
        report::table(&mut context.folder, "", name, frame)?;
    }
    context.folder.put("equity.xlsx", &equity::workbook(&tables, standard, words)?)?;
    let finished = context.commit(study.record(), words)?;
    drop(step);

    let mut parts = Vec::new();
    let findings: Vec<Problem> = study.findings.iter().chain(&found.findings).cloned().collect();
    if !findings.is_empty() {
        parts.push(screen::findings(&findings, 8, words));
    }
    let shown = screen::Inquired {
        panels: &found.last_year,
        decomposition: &found.decomposition,
        influence: &found.influence,
        comparison: &found.comparison,
        convergence: &found.convergence,
    };
    parts.extend(screen::equity(&shown, standard, words));
    parts.extend(finished.kept);
    parts.push(words.fill("equity.files", &[("folder", finished.folder)]));
    screen::say(&parts.join("\n\n"))?;
    Ok(Exit::Done)
}

/// The levels asked for, each once; by default everything together, and districts.
fn levels(asked: &[String]) -> Vec<Level> {
    let mut levels = Vec::new();
    for level in asked.iter().filter_map(|id| Level::from_id(id)) {
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    if levels.is_empty() { vec![Level::All, Level::District] } else { levels }
}
