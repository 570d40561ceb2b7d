//! Findings of what the items' checks lack: the fact, the school, and where it was looked for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::*;

use crate::{
    dictionary::Section,
    measure::exact,
    problem::{Place, Problem},
    standard::{Standard, formula::Exact},
    tables::{Row, Status, cells::Cells, checks::CheckedRow, facts, judged::JudgedItem},
    words::Words,
};

/// Rows of `facts` by district, year and school.
pub struct Lookup<'a> {
    facts: &'a DataFrame,
    cells: Cells<'a>,
    rows: HashMap<(String, i32, String), Vec<usize>>,
}

impl<'a> Lookup<'a> {
    pub fn new(facts: &'a DataFrame, cells: Cells<'a>) -> PolarsResult<Lookup<'a>> {
        let (code, school) = (
            facts.column(facts::column::district_code)?.str()?,
            facts.column(facts::column::school_code)?.str()?,
        );
        let year = facts.column(facts::column::year)?.i32()?;
        let mut rows: HashMap<_, Vec<usize>> = HashMap::new();
        for row in 0..facts.height() {
            let text = |c: &StringChunked| c.get(row).unwrap_or("").to_string();
            rows.entry((text(code), year.get(row).unwrap_or(0), text(school))).or_default().push(row);
        }
        Ok(Lookup { facts, cells, rows })
    }

    /// Where a school's fact was looked for and is not; nothing where the school has it.
    fn places(&self, key: &(String, i32, String), section: Option<&str>, fact: &str) -> Vec<Place> {
        let sections = self.facts.column(facts::column::section).and_then(|c| c.str());
        let of = |row: usize| sections.as_ref().ok().and_then(|s| s.get(row));
        let rows = self.rows.get(key).into_iter().flatten().copied();
        rows.filter(|&row| section.is_none() || of(row) == section)
            .filter(|&row| exact::cell(self.facts, fact, row) == Exact::Null)
            .filter_map(|row| self.cells.place(&Row::new(self.facts, row), fact))
            .collect()
    }
}

/// One finding a school and fact; one for all schools of a sheet that has no such column.
pub fn findings(
    (code, year): &(String, i32),
    items: &[JudgedItem],
    standard: &Standard,
    lookup: &Lookup,
    words: &Words,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for judged in items {
        let item = &standard.items[judged.item];
        for checked in judged.checks.iter().filter(|c| c.status == Status::Missing || unknown(&c.rows) > 0) {
            let check = &item.checks()[checked.check];
            let told = |problem: Problem, school: String, fact: &str| {
                problem
                    .fact(fact)
                    .with("school", school)
                    .with("fact", words.fact(fact))
                    .with("item", &item.id)
                    .with("check", check.title.get(words.language))
            };
            let lacking = || checked.rows.iter().filter(|(_, s)| *s == Status::Missing).map(|(row, _)| row);
            let facts: BTreeSet<&String> = lacking().flat_map(|row| &row.missing).collect();
            for fact in facts {
                let with = || lacking().filter(|row| row.missing.contains(fact));
                let mut found = Vec::new();
                for row in with() {
                    for (school, name) in schools(row) {
                        let key = (code.clone(), *year, school.clone());
                        let places = lookup.places(&key, row.section.map(Section::id), fact);
                        found.extend(
                            places.into_iter().take(1).map(|place| (school.clone(), name.clone(), place)),
                        );
                    }
                }
                // A sheet without such a column lacks it of every school: one finding, not one a school.
                let no_column =
                    |place: &Place| place.cell.as_ref().is_none_or(|c| !c.starts_with(char::is_alphabetic));
                let (without, with_column): (Vec<_>, Vec<_>) =
                    found.into_iter().partition(|(_, _, place)| no_column(place));
                let mut sheets: BTreeMap<_, Vec<_>> = BTreeMap::new();
                for one in without {
                    sheets.entry((one.2.file.clone(), one.2.sheet.clone())).or_default().push(one);
                }
                for ((file, sheet), many) in sheets {
                    match &many[..] {
                        [(school, name, place)] => {
                            let problem = Problem::note("check_missing", place.clone()).school(school);
                            problems.push(told(problem, name.clone(), fact));
                        }
                        many => {
                            let every = words.fill("judge.every", &[("n", many.len().to_string())]);
                            let place = Place { file, sheet, cell: None };
                            problems.push(told(Problem::note("check_missing", place), every, fact));
                        }
                    }
                }
                for (school, name, place) in with_column {
                    problems.push(told(Problem::note("check_missing", place).school(school), name, fact));
                }
                if with().any(|row| schools(row).is_empty()) {
                    let problem = Problem::note("check_missing", Place::default());
                    problems.push(told(problem, words.say("judge.whole"), fact));
                }
            }
        }
    }
    problems
}

fn unknown(rows: &[(CheckedRow, Status)]) -> usize {
    rows.iter().filter(|(_, status)| *status == Status::Missing).count()
}

/// The school of the row, or those that hinder its sum.
fn schools(row: &CheckedRow) -> Vec<(String, String)> {
    match (&row.school_code, &row.school_name) {
        (Some(code), name) => vec![(code.clone(), name.clone().unwrap_or_else(|| code.clone()))],
        _ => row.missing_in.iter().filter(|(code, _)| !code.is_empty()).cloned().collect(),
    }
}
