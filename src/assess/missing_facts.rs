//! Findings on facts that values in scope and the items' checks lack: the fact, the school, and where it was looked for.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Key, school_of_row};
use crate::{
    dictionary::Section,
    measure::exact,
    problem::{Place, Problem},
    standard::{Standard, formula::Exact},
    tables::{
        Status,
        cells::Cells,
        checks::CheckedRow,
        facts,
        judged::{JudgedItem, JudgedRun},
        measure_matrix::Mark,
    },
    words::Words,
};

/// The label of each missing fact of a district and year, and the number of sections that lack it.
pub type Counts = HashMap<Key, Vec<(String, usize)>>;

/// The facts that values in scope lack: one finding per section and fact, and the counts.
pub fn of_values(run: &JudgedRun, cells: &Cells) -> (Vec<Problem>, Counts) {
    let mut problems = Vec::new();
    let mut counts: HashMap<Key, BTreeMap<String, usize>> = HashMap::new();
    for row in 0..run.matrix.rows() {
        let Some(record) = run.facts(row) else { continue };
        let group = run.group(row);
        let mut lacking: Vec<(String, Vec<&str>)> = Vec::new();
        for (k, indicator) in run.standard.indicators.iter().enumerate() {
            if run.matrix.mark(row, k).has(Mark::KNOWN) {
                continue;
            }
            let formulas = indicator.numerator.get(group.section).into_iter().chain([&indicator.denominator]);
            for id in formulas.flat_map(|formula| formula.facts()) {
                if exact::cell(run.facts.frame(), &id, record.index()) != Exact::Null {
                    continue;
                }
                match lacking.iter_mut().find(|(fact, _)| *fact == id) {
                    Some((_, indicators)) => indicators.push(&indicator.id),
                    None => lacking.push((id, vec![&indicator.id])),
                }
            }
        }
        for (fact, indicators) in lacking {
            let label = run.words.fact(&fact);
            let key = (group.district_code.clone(), group.year);
            *counts.entry(key).or_default().entry(label.clone()).or_default() += 1;
            let place = cells.place(record, &fact).unwrap_or_default();
            problems.push(
                Problem::note("measure_missing", place)
                    .school(record.school_code().unwrap_or_default())
                    .fact(fact)
                    .with("school", school_of_row(run, row))
                    .with("fact", label)
                    .with("indicators", indicators.join(&run.words.say("judge.comma"))),
            );
        }
    }
    let counts = counts.into_iter().map(|(key, facts)| (key, facts.into_iter().collect())).collect();
    (problems, counts)
}

/// Rows of `facts` by district, year and school.
pub struct Lookup<'a> {
    facts: &'a facts::Frame,
    cells: Cells<'a>,
    rows: HashMap<(String, i32, String), Vec<facts::Row<'a>>>,
}

impl<'a> Lookup<'a> {
    pub fn new(facts: &'a facts::Frame, cells: Cells<'a>) -> Lookup<'a> {
        let mut rows: HashMap<_, Vec<facts::Row>> = HashMap::new();
        for row in facts.rows() {
            let text = |text: Option<&str>| text.unwrap_or_default().to_string();
            let key = (text(row.district_code()), row.year().unwrap_or_default(), text(row.school_code()));
            rows.entry(key).or_default().push(row);
        }
        Lookup { facts, cells, rows }
    }

    /// Where a missing fact of a school was looked for; empty if the school has it.
    fn places(&self, key: &(String, i32, String), section: Option<Section>, fact: &str) -> Vec<Place> {
        let rows = self.rows.get(key).into_iter().flatten().copied();
        rows.filter(|row| section.is_none() || row.section() == section)
            .filter(|row| exact::cell(self.facts.frame(), fact, row.index()) == Exact::Null)
            .filter_map(|row| self.cells.place(row, fact))
            .collect()
    }
}

/// One finding per school and fact; one for all schools of a sheet without such a column.
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
            let named = |problem: Problem, school: String, fact: &str| {
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
                        let places = lookup.places(&key, row.section, fact);
                        found.extend(
                            places.into_iter().take(1).map(|place| (school.clone(), name.clone(), place)),
                        );
                    }
                }
                // A sheet without such a column lacks the fact of every school: one finding instead of one per school.
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
                            problems.push(named(problem, name.clone(), fact));
                        }
                        many => {
                            let every = words.fill("judge.every", &[("n", many.len().to_string())]);
                            let place = Place { file, sheet, cell: None };
                            problems.push(named(Problem::note("check_missing", place), every, fact));
                        }
                    }
                }
                for (school, name, place) in with_column {
                    problems.push(named(Problem::note("check_missing", place).school(school), name, fact));
                }
                if with().any(|row| schools(row).is_empty()) {
                    let problem = Problem::note("check_missing", Place::default());
                    problems.push(named(problem, words.say("judge.whole"), fact));
                }
            }
        }
    }
    problems
}

fn unknown(rows: &[(CheckedRow, Status)]) -> usize {
    rows.iter().filter(|(_, status)| *status == Status::Missing).count()
}

/// The school of the row, or the schools that make its sum unknown.
fn schools(row: &CheckedRow) -> Vec<(String, String)> {
    match (&row.school_code, &row.school_name) {
        (Some(code), name) => vec![(code.clone(), name.clone().unwrap_or_else(|| code.clone()))],
        _ => row.missing_in.iter().filter(|(code, _)| !code.is_empty()).cloned().collect(),
    }
}
