//! `panel`: from the store to one row per district, year, section and indicator.

use clap::Args;

use super::{
    Exit, context,
    progress::Step,
    screen,
    study::{Study, StudyArguments},
};
use crate::{
    panel::{self, Grouping, Level, PanelSpec, Resampling},
    problem::{Problem, Result},
    report::{
        self, csv,
        panel::{self as shown, Matrix},
    },
    tables,
    words::Words,
};

/// Where results go without `--out`.
const OUT: &str = "junheng-panel";

#[derive(Debug, Args)]
pub struct PanelArguments {
    #[command(flatten)]
    study: StudyArguments,
    #[arg(long, value_name = "G", value_parser = ["province", "city", "all", "location", "ownership", "type"])]
    group: Vec<String>,
    #[arg(long = "no-xlsx")]
    no_xlsx: bool,
}

pub fn execute(arguments: PanelArguments, words: &Words) -> Result<Exit> {
    let wanted = wanted(&arguments.group);
    let study = Study::open(arguments.study, OUT, Resampling::default().replicates)?;
    let Study { years, asked, standard, .. } = &study;
    let mut context = study.begin()?;
    let mut found = {
        let step = Step::new(words.say("cli.doing.panel"));
        let each: Vec<PanelSpec> = wanted.iter().map(|(_, wanted)| *wanted).collect();
        panel::panel(years, standard, asked, &each, words, &|done, all| step.watch("", done, all))?
    };

    let step = Step::new(words.say("cli.doing.write"));
    let folder = &mut context.folder;
    // The districts come first.
    let districts = found.panels.first().cloned().unwrap_or_default();
    let matrix = Matrix::of(&found.coverage, &districts);
    // The coverage of a whole country is as long as its panel, so it is dropped before the panel is written.
    report::table(folder, "", "coverage", std::mem::take(&mut found.coverage).frame())?;
    let names = wanted.iter().map(|(name, _)| name.as_str());
    let rest = [("standings", found.standings.frame()), ("joined", found.joined.frame())];
    for (name, frame) in names.zip(found.panels.iter().map(|panel| panel.frame())).chain(rest) {
        report::table(folder, "", name, frame)?;
    }
    if found.suggested.height() > 0 {
        folder.write("crosswalk-suggested.csv", |file| csv::write(found.suggested.frame(), file))?;
    }
    // For a whole country the workbook is too large to open, and writing it takes longer than everything else.
    if !arguments.no_xlsx {
        let made = context::made(None, &study.inputs());
        let names = wanted.iter().map(|(_, wanted)| sheet(*wanted, words));
        let sheets: Vec<(String, &tables::panel::Frame)> = names.zip(&found.panels).collect();
        folder.put("panel.xlsx", &shown::write(&matrix, &sheets, standard, &made, words)?)?;
    }
    let finished = context.commit(study.record(), words)?;
    drop(step);

    let mut parts = vec![screen::coverage(&matrix, words)];
    parts.push(screen::summary(&shown::summary(&districts), words));
    let findings: Vec<Problem> = study.findings.iter().chain(&found.findings).cloned().collect();
    if !findings.is_empty() {
        parts.push(screen::findings(&findings, 8, words));
    }
    parts.push(finished.files(screen::score_files, words));
    screen::say(&parts.join("\n\n"))?;
    Ok(Exit::Done)
}

/// The districts first; then one panel per level and grouping asked for, with every grouping within every level.
fn wanted(groups: &[String]) -> Vec<(String, PanelSpec)> {
    let levels: Vec<Level> =
        Level::ALL.into_iter().filter(|one| groups.iter().any(|g| g == one.id())).collect();
    let groupings: Vec<Grouping> =
        Grouping::ALL.into_iter().filter(|one| groups.iter().any(|g| g == one.id())).collect();
    let mut found = vec![("panel".to_string(), PanelSpec { level: Level::District, grouping: None })];
    for &level in &levels {
        found.push((format!("panel-{}", level.id()), PanelSpec { level, grouping: None }));
    }
    for &grouping in &groupings {
        if levels.is_empty() {
            let wanted = PanelSpec { level: Level::District, grouping: Some(grouping) };
            found.push((format!("panel-{}", grouping.id()), wanted));
        }
        for &level in &levels {
            let name = format!("panel-{}-{}", level.id(), grouping.id());
            found.push((name, PanelSpec { level, grouping: Some(grouping) }));
        }
    }
    found
}

/// The part of a panel's sheet names before the section; empty for the districts.
fn sheet(wanted: PanelSpec, words: &Words) -> String {
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
