//! Classes by size in all districts together, year by year. Only the facts needed for this are read.

use std::collections::BTreeMap;

use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::is_asked;
use crate::{
    panel::{Level, StudyOptions},
    problem::Result,
    standard::{
        Check, Section, Standard,
        class_sizes::{BRACKETS, apply, checks, is_over, largest},
    },
    tables::{
        self, class_sizes, facts,
        years::{StoredYear, YearSource},
    },
    words::Words,
};

/// The number of classes of each bracket, and the number of sections without this fact.
type Sizes = [(f64, i64); BRACKETS.len()];

/// The table [`mod@crate::tables::class_sizes`] at the level `all`; empty if the standard has no rule on class sizes.
///
/// # Errors
/// Those of [`YearSource::facts`].
pub fn class_sizes(
    years: &dyn YearSource,
    asked: &StudyOptions,
    standard: &Standard,
    words: &Words,
) -> Result<class_sizes::Frame> {
    let checks = checks(standard);
    let sections: Vec<(Section, f64)> = standard
        .scope
        .sections
        .iter()
        .filter_map(|section| Some((*section, largest(&checks, *section)?)))
        .collect();
    if sections.is_empty() {
        return Ok(class_sizes::Frame::empty());
    }
    let columns = columns(&checks);
    let (from, to) = asked.years.unwrap_or((i32::MIN, i32::MAX));
    let kept: Vec<&StoredYear> = years
        .kept()
        .iter()
        .filter(|kept| (from..=to).contains(&kept.of.year))
        .filter(|kept| {
            let (year, code) = (kept.of.year, &kept.of.district_code);
            is_asked(&asked.crosswalk.region(year, code, &kept.district_name, words), asked)
        })
        .collect();
    let found: Result<Vec<BTreeMap<(i32, Section), Sizes>>> = kept
        .par_iter()
        .map(|kept| {
            let facts = years.facts(kept, Some(&columns))?;
            Ok(of_district(&facts, kept.of.year, &sections, &checks))
        })
        .collect();
    let mut sums: BTreeMap<(i32, Section), Sizes> = BTreeMap::new();
    for (key, sizes) in found?.into_iter().flatten() {
        let own = sums.entry(key).or_insert([(0.0, 0); BRACKETS.len()]);
        for (sum, (classes, unknown)) in own.iter_mut().zip(sizes) {
            *sum = (sum.0 + classes, sum.1 + unknown);
        }
    }
    Ok(frame(&sums, &sections, words))
}

/// The facts that are read: the brackets, and whatever decides which checks apply to a row.
fn columns(checks: &[&Check]) -> Vec<String> {
    let mut columns: Vec<String> = vec![facts::column::section.into()];
    columns.extend(BRACKETS.iter().map(|(fact, _)| (*fact).to_string()));
    let facts = tables::facts::table();
    let asked = checks.iter().filter_map(|check| check.applies.as_ref()).flat_map(|when| when.facts());
    for id in asked.map(|id| id.to_string()) {
        if !columns.contains(&id) && facts.columns.iter().any(|column| column.name == id) {
            columns.push(id);
        }
    }
    columns
}

fn of_district(
    facts: &DataFrame,
    year: i32,
    sections: &[(Section, f64)],
    checks: &[&Check],
) -> BTreeMap<(i32, Section), Sizes> {
    let mut found: BTreeMap<(i32, Section), Sizes> = BTreeMap::new();
    for row in facts::Row::all(facts) {
        let Some((section, _)) = sections.iter().find(|(section, _)| row.section() == Some(*section)) else {
            continue;
        };
        if !apply(checks, &|id| row.exact(id)) {
            continue;
        }
        let own = found.entry((year, *section)).or_insert([(0.0, 0); BRACKETS.len()]);
        for (sum, (fact, _)) in own.iter_mut().zip(BRACKETS) {
            match row.number(fact) {
                Some(classes) => sum.0 += classes,
                None => sum.1 += 1,
            }
        }
    }
    found
}

fn frame(
    sums: &BTreeMap<(i32, Section), Sizes>,
    sections: &[(Section, f64)],
    words: &Words,
) -> class_sizes::Frame {
    let all = words.say("annual.all");
    let mut table = class_sizes::Builder::new(sums.len() * BRACKETS.len());
    for ((year, section), sizes) in sums {
        let limit = sections.iter().find(|(own, _)| own == section).map(|(_, limit)| *limit);
        for (at, ((fact, _), (classes, unknown))) in BRACKETS.iter().zip(sizes).enumerate() {
            table.push(class_sizes::Values {
                level: Level::All.id(),
                district_code: "all",
                district_name: &all,
                year: *year,
                section: *section,
                bracket: fact,
                classes: *classes,
                unknown: *unknown,
                over: limit.and_then(|limit| is_over(at, limit)),
            });
        }
    }
    table.finish()
}
