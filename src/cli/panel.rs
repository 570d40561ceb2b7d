//! `panel`: the store to a row a district, year, section and indicator.

use std::time::{Instant, SystemTime};

use polars::prelude::DataFrame;

use super::{Exit, PanelArguments, assess, progress::Step, screen, study, study::Study, touched};
use crate::{
    ingest,
    panel::{self, Grouping, Level, Resampling, Wanted},
    problem::{Problem, Result},
    report::{
        csv,
        json::{self, Input},
        panel::{self as shown, Matrix},
        parquet,
    },
    store::Folder,
    tables,
    words::Words,
};

/// Where results go without `--out`.
const OUT: &str = "junheng-panel";

pub fn execute(arguments: PanelArguments, words: &Words) -> Result<Exit> {
    let (clock, started) = (Instant::now(), SystemTime::now());
    let wanted = wanted(&arguments.group);
    let mut note = study::note(&arguments.study);
    let study = Study::from_arguments(arguments.study.usually_in(OUT), Resampling::default().replicates)?;
    let Study { years, asked, named, standard, out, findings } = study;
    note.settle(&years, &asked);
    // Before the work, so that a folder that cannot be written is known now.
    let written = touched::Earlier::of(&out);
    let mut folder = Folder::begin(&out, written.files.iter().cloned())?;
    let mut found = {
        let step = Step::new(words.say("cli.doing.panel"));
        let each: Vec<Wanted> = wanted.iter().map(|(_, wanted)| *wanted).collect();
        panel::panel(&years, &standard, &asked, &each, words, &|done, all| step.watch("", done, all))?
    };

    let step = Step::new(words.say("cli.doing.write"));
    let kept = written.keep(&mut folder, &out, words)?;
    // The districts come first.
    let districts = found.panels.first().cloned().unwrap_or_default();
    let matrix = Matrix::of(&found.coverage, &districts);
    // A nation's coverage is as long as its panel: it goes before that is written.
    both(&mut folder, "coverage", std::mem::take(&mut found.coverage).frame())?;
    let names = wanted.iter().map(|(name, _)| name.as_str());
    let rest = [("standings", found.standings.frame()), ("joined", found.joined.frame())];
    for (name, frame) in names.zip(found.panels.iter().map(|panel| panel.frame())).chain(rest) {
        both(&mut folder, name, frame)?;
    }
    if found.suggested.height() > 0 {
        folder.write("crosswalk-suggested.csv", |file| csv::write(&found.suggested, file))?;
    }
    let inputs = vec![Input { file: years.root.display().to_string(), sha256: String::new() }];
    let made = assess::made(None, inputs.clone());
    let names = wanted.iter().map(|(_, wanted)| sheet(*wanted, words));
    let sheets: Vec<(String, &tables::panel::Frame)> = names.zip(&found.panels).collect();
    // A nation's rows make a workbook that nobody opens, and take longer than all the rest.
    if !arguments.no_xlsx {
        folder.put("panel.xlsx", &shown::write(&matrix, &sheets, &standard, &made, words)?)?;
    }
    let used = vec![assess::use_of(&named, &standard, String::new())];
    let options = ingest::Options::default();
    let mut run =
        assess::run_of((&options, asked.reliefs), used, inputs, (&folder, &written), (clock, started), words);
    run.study = Some(note);
    folder.write(json::RUN, |file| json::write(&run, file))?;
    folder.commit()?;
    drop(step);

    let mut parts = vec![screen::coverage(&matrix, words)];
    parts.push(screen::summary(&shown::summary(&districts), words));
    let findings: Vec<Problem> = findings.into_iter().chain(found.findings.clone()).collect();
    if !findings.is_empty() {
        parts.push(screen::findings(&findings, 8, words));
    }
    let mut files = screen::score_files(&out.display().to_string(), &run.files, words);
    files.extend(kept.iter().map(|line| format!("\n{}", screen::wrap(line, "  ", screen::WIDTH).join("\n"))));
    parts.push(files);
    screen::say(&parts.join("\n\n"))?;
    Ok(Exit::Done)
}

fn both(folder: &mut Folder, name: &str, frame: &DataFrame) -> Result<()> {
    folder.write(&format!("{name}.parquet"), |file| parquet::write(frame, file))?;
    folder.write(&format!("{name}.csv"), |file| csv::write(frame, file))
}

/// The districts first; then a panel a level and a grouping that is asked for, each grouping within each level.
fn wanted(groups: &[String]) -> Vec<(String, Wanted)> {
    let levels: Vec<Level> =
        Level::ALL.into_iter().filter(|one| groups.iter().any(|g| g == one.id())).collect();
    let groupings: Vec<Grouping> =
        Grouping::ALL.into_iter().filter(|one| groups.iter().any(|g| g == one.id())).collect();
    let mut found = vec![("panel".to_string(), Wanted { level: Level::District, grouping: None })];
    for &level in &levels {
        found.push((format!("panel-{}", level.id()), Wanted { level, grouping: None }));
    }
    for &grouping in &groupings {
        if levels.is_empty() {
            let wanted = Wanted { level: Level::District, grouping: Some(grouping) };
            found.push((format!("panel-{}", grouping.id()), wanted));
        }
        for &level in &levels {
            let name = format!("panel-{}-{}", level.id(), grouping.id());
            found.push((name, Wanted { level, grouping: Some(grouping) }));
        }
    }
    found
}

/// What the sheets of a panel are called besides their section; empty for the districts.
fn sheet(wanted: Wanted, words: &Words) -> String {
    let level =
        (wanted.level != Level::District).then(|| words.say(&format!("panel.level.{}", wanted.level.id())));
    let grouping = wanted.grouping.map(|grouping| words.say(&format!("panel.grouping.{}", grouping.id())));
    level.into_iter().chain(grouping).collect::<Vec<_>>().join("·")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_groupings_combine() {
        let names = |groups: &[&str]| -> Vec<String> {
            let groups: Vec<String> = groups.iter().map(|g| g.to_string()).collect();
            wanted(&groups).into_iter().map(|(name, _)| name).collect()
        };
        assert_eq!(names(&[]), ["panel"]);
        assert_eq!(names(&["location"]), ["panel", "panel-location"]);
        assert_eq!(
            names(&["type", "all", "city"]),
            ["panel", "panel-city", "panel-all", "panel-city-type", "panel-all-type"]
        );
    }
}
