//! `equity`: where the inequality lies, who makes it, whether groups differ, whether districts converge.

use std::time::{Instant, SystemTime};

use polars::prelude::DataFrame;

use super::{EquityArguments, Exit, assess, progress::Step, screen, study, study::Study, touched};
use crate::{
    ingest,
    panel::{self, Asked, Level, Resampling, Wanted, convergence::convergence, inquiry, measured},
    problem::{Problem, Result},
    report::{
        self, equity,
        json::{self, Input},
    },
    standard::Standard,
    store::Folder,
    tables::{self, years::Years},
    words::Words,
};

/// Where results go without `--out`.
const OUT: &str = "junheng-equity";

/// What `equity` finds, table by table.
struct Found {
    decomposition: tables::decomposition::Frame,
    influence: tables::influence::Frame,
    comparison: tables::comparison::Frame,
    lorenz: tables::lorenz::Frame,
    sigma: tables::sigma::Frame,
    growth: tables::growth::Frame,
    convergence: tables::convergence::Frame,
    /// Of the last year, for the screen: one panel per level.
    panels: Vec<tables::panel::Frame>,
    findings: Vec<Problem>,
}

impl Found {
    /// What is written, in this order: name and rows.
    fn tables(&self) -> [(&'static str, &DataFrame); 7] {
        [
            ("decomposition", self.decomposition.frame()),
            ("influence", self.influence.frame()),
            ("comparison", self.comparison.frame()),
            ("lorenz", self.lorenz.frame()),
            ("sigma", self.sigma.frame()),
            ("growth", self.growth.frame()),
            ("convergence", self.convergence.frame()),
        ]
    }
}

pub fn execute(arguments: EquityArguments, words: &Words) -> Result<Exit> {
    let (clock, started) = (Instant::now(), SystemTime::now());
    let levels = levels(&arguments.of);
    let mut note = study::note(&arguments.study);
    let study = Study::from_arguments(arguments.study.usually_in(OUT), Resampling::default().replicates)?;
    let Study { years, asked, named, standard, out, findings } = study;
    note.settle(&years, &asked);
    // Before the work, so that a folder that cannot be written is known now.
    let written = touched::Earlier::of(&out);
    let mut folder = Folder::begin(&out, written.files.iter().cloned())?;
    let found = {
        let step = Step::new(words.say("equity.doing"));
        inquire(&years, &standard, &asked, &levels, words, &|done, all| step.watch("", done, all))?
    };
    let step = Step::new(words.say("cli.doing.write"));
    let kept = written.keep(&mut folder, &out, words)?;
    let tables = found.tables();
    for (name, frame) in tables {
        report::table(&mut folder, "", name, frame)?;
    }
    folder.put("equity.xlsx", &equity::workbook(&tables, &standard, words)?)?;
    let inputs = vec![Input { file: years.root.display().to_string(), sha256: String::new() }];
    let used = vec![assess::use_of(&named, &standard, String::new())];
    let options = ingest::Options::default();
    let mut run =
        assess::run_of((&options, asked.reliefs), used, inputs, (&folder, &written), (clock, started), words);
    run.study = Some(note);
    folder.write(json::RUN, |file| json::write(&run, file))?;
    folder.commit()?;
    drop(step);
    let mut parts = Vec::new();
    let findings: Vec<Problem> = findings.into_iter().chain(found.findings.clone()).collect();
    if !findings.is_empty() {
        parts.push(screen::findings(&findings, 8, words));
    }
    parts.extend(screen::equity(
        &screen::Inquired {
            panels: &found.panels,
            decomposition: &found.decomposition,
            influence: &found.influence,
            comparison: &found.comparison,
            convergence: &found.convergence,
        },
        &standard,
        words,
    ));
    parts.extend(kept);
    parts.push(words.text("equity.files", &[("folder", out.display().to_string())]));
    screen::say(&parts.join("\n\n"))?;
    Ok(Exit::Done)
}

/// Levels as they were asked for, each once; everything together and districts where nothing is.
fn levels(asked: &[String]) -> Vec<Level> {
    let mut levels = Vec::new();
    for level in asked.iter().filter_map(|id| Level::from_id(id)) {
        if !levels.contains(&level) {
            levels.push(level);
        }
    }
    if levels.is_empty() { vec![Level::All, Level::District] } else { levels }
}

/// All years asked for go into the lines over the years; the schools of the last are looked into, or of all that
/// are asked for by `--years`.
fn inquire(
    kept: &dyn Years,
    standard: &Standard,
    asked: &Asked,
    levels: &[Level],
    words: &Words,
    watch: &(dyn Fn(usize, usize) + Sync),
) -> Result<Found> {
    let districts = [Wanted { level: Level::District, grouping: None }];
    let without = Resampling { replicates: 0, ..asked.resampling };
    let over = Asked { resampling: without, ..asked.clone() };
    let panel = panel::panel(kept, standard, &over, &districts, words, watch)?;
    let mut all_years = tables::panel::Frame::empty();
    panel.panels.iter().for_each(|frame| all_years.append(frame));
    let lines = convergence(&all_years);

    let there = measured::years_of(kept, asked);
    let last = there.last().copied();
    let looked_into = if asked.years.is_some() { there } else { last.into_iter().collect() };
    let mut decomposition = tables::decomposition::Frame::empty();
    let mut influence = tables::influence::Frame::empty();
    let mut comparison = tables::comparison::Frame::empty();
    let mut lorenz = tables::lorenz::Frame::empty();
    for year in looked_into {
        let measured = measured::year(kept, year, standard, asked, words)?;
        for &level in levels {
            let wanted = Wanted { level, grouping: None };
            decomposition.append(&inquiry::decomposition(&measured, level, standard, words));
            influence.append(&inquiry::influence(&measured, level, standard, words));
            comparison.append(&inquiry::comparison(&measured, wanted, asked.resampling, standard, words));
        }
        lorenz.append(&inquiry::lorenz(&measured, standard));
    }
    let wanted: Vec<Wanted> = levels.iter().map(|&level| Wanted { level, grouping: None }).collect();
    let of_last = Asked { years: last.map(|last| (last, last)), ..asked.clone() };
    let last = panel::panel(kept, standard, &of_last, &wanted, words, &|_, _| {})?;
    Ok(Found {
        decomposition: decomposition.in_one_piece(),
        influence: influence.in_one_piece(),
        comparison: comparison.in_one_piece(),
        lorenz: lorenz.in_one_piece(),
        sigma: lines.sigma.in_one_piece(),
        growth: lines.growth.in_one_piece(),
        convergence: lines.lines.in_one_piece(),
        panels: last.panels,
        findings: panel.findings,
    })
}
