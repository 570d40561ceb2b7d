//! `annual`: the store to the year's report, its pictures, and a page a district.

use std::{
    collections::BTreeMap,
    time::{Instant, SystemTime},
};

use super::{AnnualArguments, Exit, assess, progress::Step, screen, study::Study, touched};
use crate::{
    annual::{self, district},
    chart, ingest, outlook,
    panel::Asked,
    problem::Result,
    report::{
        annual::{
            self as report, Files, Further, Resampling,
            portraits::{self, Districts},
        },
        format::Format,
        json::{self, Input},
    },
    standard::Standard,
    store::Folder,
    tables::years::{Kept, Region, Years},
    words::Words,
};

/// Years that trends are carried on.
const AHEAD: i32 = 3;

pub fn execute(arguments: AnnualArguments, words: &Words) -> Result<Exit> {
    let (clock, started) = (Instant::now(), SystemTime::now());
    let year = arguments.year;
    let files = Files {
        formats: arguments.no_formats.leave(Format::documents()),
        xlsx: !arguments.no_xlsx,
        charts: !arguments.no_charts,
    };
    let study = Study::from_arguments(arguments.study, crate::panel::Resampling::default().replicates)?;
    let Study { years, asked, named, standard, out, findings: before } = study;
    let templates = arguments.templates.as_deref();

    // A year that is not there leaves no folder behind.
    annual::upto(&years, year, &asked)?;
    // Before the work, so that a folder that cannot be written is known now. Portraits go there one by one.
    if !arguments.no_portraits {
        let at = out.join(portraits::FOLDER);
        std::fs::create_dir_all(&at).map_err(|why| crate::problem::Error::disk(&at, why))?;
    }
    let written = touched::Earlier::of(&out);
    let mut folder = Folder::begin(&out, written.files.iter().cloned())?;
    let store = store(&years, words);
    let inputs = vec![Input { file: years.root.display().to_string(), sha256: String::new() }];
    let made = assess::made(arguments.date, inputs.clone());
    let found = {
        let step = Step::new(words.say("cli.annual.doing.panel"));
        annual::annual(&years, year, &asked, &standard, &made, words, &|done, all| step.watch("", done, all))?
    };
    let derived = annual::derive(&found);
    let outlook = outlook::outlook(&found.panel, &standard, year + AHEAD, asked.resampling.level);
    let further = Further {
        resampling: Resampling {
            replicates: asked.resampling.replicates,
            level: asked.resampling.level,
            seed: asked.resampling.seed,
        },
        store: &store,
        outlook: &outlook,
    };

    let step = Step::new(words.say("cli.annual.doing.write"));
    let kept = written.keep(&mut folder, &out, words)?;
    let pictured = !files.formats.is_empty() || files.charts;
    let pictures = if pictured { chart::annual_pictures(&found)? } else { Vec::new() };
    let findings = report::write(&mut folder, (&found, &derived), &further, &pictures, &files, templates)?;
    drop((step, pictures));

    let done = match arguments.no_portraits {
        true => None,
        false => {
            let step = Step::new(words.say("cli.annual.doing.portraits"));
            let kept = KeptDistricts {
                years: &years,
                parts: district::parts(&years, year, &asked, words),
                asked: &asked,
                standard: &standard,
                words,
            };
            let watch = |done, all| step.watch("", done, all);
            Some(portraits::write(&mut folder, (&found, &derived), &outlook, &kept, templates, &watch)?)
        }
    };
    let used = vec![assess::use_of(&named, &standard, String::new())];
    let options = ingest::Options { year: Some(year), ..Default::default() };
    let run =
        assess::run_of((&options, asked.reliefs), used, inputs, (&folder, &written), (clock, started), words);
    folder.write(json::RUN, |file| json::write(&run, file))?;
    folder.commit()?;
    let shown =
        screen::Annual { folder: &out.display().to_string(), findings: &findings, files: &run.files, done };
    let mut told = screen::annual(&shown, words);
    if !before.is_empty() {
        told = format!("{}\n\n{told}", screen::findings(&before, 8, words));
    }
    told.extend(kept.iter().map(|line| format!("\n{}", screen::wrap(line, "  ", screen::WIDTH).join("\n"))));
    screen::say(&told)?;
    Ok(Exit::Done)
}

/// Which state of which store, as the report says it.
fn store(years: &crate::store::yearly::Snapshot, words: &Words) -> String {
    let name = years.root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let args =
        [("store", name), ("commit", years.commit().to_string()), ("rows", years.kept().len().to_string())];
    words.text("annual.store", &args)
}

/// The store's districts of the report's year.
struct KeptDistricts<'a> {
    years: &'a (dyn Years + 'a),
    parts: BTreeMap<String, Vec<&'a Kept>>,
    asked: &'a Asked,
    standard: &'a Standard,
    words: &'a Words,
}

impl KeptDistricts<'_> {
    fn parts(&self, region: &Region) -> &[&Kept] {
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
