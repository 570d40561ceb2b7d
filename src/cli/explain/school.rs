//! Explains one school or the whole district of a result: finds the records, and writes the page about each.

use std::collections::BTreeSet;

use super::{Subject, page::Page, result::Written};
use crate::{
    dictionary::Section,
    nearest::distance,
    problem::{Place, Problem, Result},
    tables::facts,
    words::Words,
};

/// Restrictions of the question besides its subject.
pub struct Wanted<'a> {
    pub school: &'a str,
    pub section: Option<Section>,
    pub year: Option<i32>,
}

/// One school: the subject in each of its sections.
///
/// # Errors
/// The result knows no such school, section or year, or lacks a table.
pub fn one(written: &Written, subject: &Subject, wanted: &Wanted, words: &Words) -> Result<String> {
    let records = records(written, wanted)?;
    let page = Page { written, words, records: &records, cells: written.cells()? };
    let mut lines = Vec::new();
    for record in &records {
        if wanted.section.is_some_and(|section| record.section() != Some(section)) {
            continue;
        }
        let part = match subject {
            Subject::Indicator(indicator) => page.indicator(indicator, *record)?,
            Subject::Item(item) => page.item(item, *record)?,
        };
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(part);
    }
    if lines.is_empty() {
        let has: Vec<String> = records.iter().map(|record| page.section(record.section())).collect();
        return Err(Problem::error("section_not_there", Place::default())
            .with("school", wanted.school)
            .with("found", page.section(wanted.section))
            .list("known", has)
            .into());
    }
    Ok(lines.join("\n"))
}

/// The whole district (`-` for the school).
///
/// # Errors
/// The result lacks a table.
pub fn district(written: &Written, subject: &Subject, wanted: &Wanted, words: &Words) -> Result<String> {
    let page = Page { written, words, records: &[], cells: written.cells()? };
    match subject {
        Subject::Indicator(indicator) => page.dispersion(indicator, wanted),
        Subject::Item(item) => page.district_item(item, wanted),
    }
}

/// The rows of `facts` of this school in one year.
fn records<'a>(written: &'a Written, wanted: &Wanted) -> Result<Vec<facts::Row<'a>>> {
    let asked = wanted.school.trim();
    let is = |row: &facts::Row| row.school_code() == Some(asked) || row.school_name() == Some(asked);
    let mut rows: Vec<facts::Row> = facts::Row::all(&written.facts).filter(is).collect();
    let schools: BTreeSet<[&str; 3]> = rows
        .iter()
        .map(|row| [row.district_code(), row.school_code(), row.school_name()].map(Option::unwrap_or_default))
        .collect();
    let codes: BTreeSet<[&str; 2]> = schools.iter().map(|[district, code, _]| [*district, *code]).collect();
    if codes.is_empty() {
        return Err(Problem::error("school_unknown", Place::default())
            .with("found", asked)
            .list("nearest", nearest(written, asked))
            .into());
    }
    if codes.len() > 1 {
        let list: Vec<String> =
            schools.iter().map(|[district, code, name]| format!("{name} {code}（{district}）")).collect();
        return Err(Problem::error("school_ambiguous", Place::default())
            .with("found", asked)
            .list("candidates", list)
            .into());
    }
    let years: BTreeSet<i32> = rows.iter().filter_map(|row| row.year()).collect();
    let year = wanted.year.or(years.last().copied());
    if !year.is_some_and(|year| years.contains(&year)) {
        let known: Vec<String> = years.iter().map(i32::to_string).collect();
        return Err(Problem::error("year_not_there", Place::default())
            .with("found", year.unwrap_or_default())
            .list("known", known)
            .into());
    }
    rows.retain(|row| row.year() == year);
    rows.sort_by_key(|row| row.section());
    Ok(rows)
}

/// The three names most similar to what was typed; names that contain it come first.
fn nearest(written: &Written, asked: &str) -> Vec<String> {
    let names: BTreeSet<&str> = facts::Row::all(&written.facts).filter_map(|row| row.school_name()).collect();
    let mut names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    names.sort_by_cached_key(|name| {
        let within = name.contains(asked) || asked.contains(name);
        (!within, distance(asked, name))
    });
    names.into_iter().take(3).map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::*;
    use crate::{tables::cells::tests::sample, words::Language};

    fn written(folder: &std::path::Path) -> Written {
        let facts = df!(
            "district_code" => ["430503"; 4], "year" => [2023i32, 2024, 2024, 2024],
            "school_code" => ["b", "b", "b", "c"],
            "school_name" => ["第二实验学校", "第二实验学校", "第二实验学校", "第三小学"],
            "section" => ["primary", "junior", "primary", "primary"],
            "students" => [160.0, 210.0, 166.0, 99.0],
            "teaching_area" => [None, Some(1800.0), Some(1800.0), None],
            "gym_area" => [None, Some(254.93), Some(254.93), None],
            "source_id" => [0i32; 4], "source_row" => [3i32, 5, 4, 9],
        )
        .unwrap();
        Written::sample(folder, facts, sample())
    }

    fn explained(
        school: &str,
        subject: &str,
        section: Option<Section>,
    ) -> std::result::Result<String, String> {
        let folder = tempfile::tempdir().unwrap();
        let written = written(folder.path());
        let words = Words::load(Language::Chinese).unwrap();
        let wanted = Wanted { school, section, year: None };
        let explain = || {
            let subject = super::super::subject(&written.standard, subject)?;
            if school == "-" {
                return district(&written, &subject, &wanted, &words);
            }
            one(&written, &subject, &wanted, &words)
        };
        explain().map_err(|error| words.error(&error))
    }

    #[test]
    fn from_the_verdict_to_the_cells() {
        insta::assert_snapshot!(explained("第二实验学校", "l4", None).unwrap());
    }

    #[test]
    fn the_district_and_its_items() {
        insta::assert_snapshot!(
            explained("-", "L4", None).unwrap() + "\n\n" + &explained("-", "G1", None).unwrap()
        );
    }

    #[test]
    fn what_is_not_there_is_named() {
        let lines: Vec<String> =
            [("第二小学", "L4", None), ("b", "L9", None), ("c", "L4", Some(Section::Junior))]
                .map(|(school, subject, section)| explained(school, subject, section).unwrap_err())
                .into();
        insta::assert_snapshot!(lines.join("\n"));
    }
}
