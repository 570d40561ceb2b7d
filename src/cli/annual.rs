//! `annual`: from the store to the year's report, its charts, and one page per district.

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;

use super::{
    Exit, OUT, context,
    formats::NoFormats,
    progress::Step,
    screen,
    study::{Study, StudyArguments},
};
use crate::{
    annual::{self, district},
    chart, outlook,
    panel::{Resampling, StudyOptions},
    problem::{Error, Result},
    report::{
        annual::{
            self as report, Files, Further,
            portraits::{self, Districts},
        },
        format::Format,
    },
    standard::Standard,
    tables::{
        run::Run,
        years::{Region, StoredYear, YearSource},
    },
    words::Words,
};

/// Number of years for which trends are projected.
const AHEAD: i32 = 3;

#[derive(Debug, Args)]
pub struct AnnualArguments {
    #[arg(long, value_name = "Y")]
    year: i32,
    #[command(flatten)]
    study: StudyArguments,
    #[arg(long = "no-charts")]
    no_charts: bool,
    #[command(flatten)]
    no_formats: NoFormats,
    #[arg(long = "no-xlsx")]
    no_xlsx: bool,
    #[arg(long = "no-portraits")]
    no_portraits: bool,
    #[arg(long, value_name = "DIR")]
    templates: Option<PathBuf>,
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<chrono::NaiveDate>,
}

pub fn execute(arguments: AnnualArguments, words: &Words) -> Result<Exit> {
    let year = arguments.year;
    let files = Files {
        formats: arguments.no_formats.leave(Format::documents()),
        xlsx: !arguments.no_xlsx,
        charts: !arguments.no_charts,
    };
    let study = Study::open(arguments.study, OUT, Resampling::default().replicates)?;
    let Study { years, asked, standard, .. } = &study;
    let templates = arguments.templates.as_deref();

    // Before the folder is opened, so that a missing year leaves none behind.
    annual::upto(years, year, asked)?;
    // Portraits are written one by one, so the folder exists from now on.
    if !arguments.no_portraits {
        let at = study.out().join(portraits::FOLDER);
        std::fs::create_dir_all(&at).map_err(|why| Error::disk(&at, why))?;
    }
    let mut context = study.begin()?;
    let store = store(years, words);
    let made = context::made(arguments.date, &study.inputs());
    let found = {
        let step = Step::new(words.say("cli.annual.doing.panel"));
        annual::annual(years, year, asked, standard, &made, words, &|done, all| step.watch("", done, all))?
    };
    let derived = annual::derive(&found);
    let outlook = outlook::outlook(&found.panel, standard, year + AHEAD, asked.resampling.level);
    let further = Further { resampling: asked.resampling, store: &store, outlook: &outlook };

    let step = Step::new(words.say("cli.annual.doing.write"));
    let pictured = !files.formats.is_empty() || files.charts;
    let pictures = if pictured { chart::annual_pictures(&found)? } else { Vec::new() };
    let folder = &mut context.folder;
    let findings = report::write(folder, (&found, &derived), &further, &pictures, &files, templates)?;
    drop((step, pictures));

    let done = match arguments.no_portraits {
        true => None,
        false => {
            let step = Step::new(words.say("cli.annual.doing.portraits"));
            let parts = district::parts(years, year, asked, words);
            let kept = KeptDistricts { years, parts, asked, standard, words };
            let watch = |done, all| step.watch("", done, all);
            Some(portraits::write(folder, (&found, &derived), &outlook, &kept, templates, &watch)?)
        }
    };
    let run = Run { year: Some(year), study: None, ..study.record() };
    let finished = context.commit(run, words)?;
    let shown =
        screen::Annual { folder: &finished.folder, findings: &findings, files: &finished.run.files, done };
    let mut text = screen::annual(&shown, words);
    if !study.findings.is_empty() {
        text = format!("{}\n\n{text}", screen::findings(&study.findings, 8, words));
    }
    screen::say(&(text + &finished.kept_lines()))?;
    Ok(Exit::Done)
}

/// The store and its commit, as the report names them.
fn store(years: &crate::store::yearly::Snapshot, words: &Words) -> String {
    let name = years.root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let args =
        [("store", name), ("commit", years.commit().to_string()), ("rows", years.kept().len().to_string())];
    words.fill("annual.store", &args)
}

/// The districts that the store has in the report's year.
struct KeptDistricts<'a> {
    years: &'a (dyn YearSource + 'a),
    parts: BTreeMap<String, Vec<&'a StoredYear>>,
    asked: &'a StudyOptions,
    standard: &'a Standard,
    words: &'a Words,
}

impl KeptDistricts<'_> {
    fn parts(&self, region: &Region) -> &[&StoredYear] {
        self.parts.get(&region.district_code).map_or(&[], Vec::as_slice)
    }
}

impl Districts for KeptDistricts<'_> {
    fn identity(&self, region: &Region) -> Result<String> {
        let own = portraits::identity(self.years, self.parts(region))?;
        Ok(format!("{own} {}", self.asked.reliefs))
    }

    fn gaps(&self, region: &Region) -> Result<crate::tables::gaps::Frame> {
        let parts = self.parts(region);
        district::gaps(self.years, parts, region, self.standard, self.asked.reliefs, self.words)
    }
}
