//! What the verdicts of a run depend on, district by district.

use std::collections::HashMap;

use super::{Excluded, Key, missing_facts::Counts, school_of_row};
use crate::{
    dictionary::Section,
    judge::{self, verdict::Basis},
    measure::OutOfScope,
    tables::{
        facts,
        judged::{JudgedItem, JudgedRun},
        measure_matrix::Mark,
    },
};

pub struct Bases<'a> {
    run: &'a JudgedRun<'a>,
    excluded: HashMap<Key, Vec<Excluded>>,
    district_names: HashMap<Key, String>,
    missing_facts: Counts,
}

impl<'a> Bases<'a> {
    /// `left`: the rows of `facts` that are out of scope.
    pub fn new(run: &'a JudgedRun, left: &[(u32, OutOfScope)], missing_facts: Counts) -> Bases<'a> {
        let (excluded, district_names) = (excluded(run, left), district_names(run.facts));
        Bases { run, excluded, district_names, missing_facts }
    }

    pub fn of<'b>(
        &'b self,
        key: &Key,
        groups: &[usize],
        items: &'b [JudgedItem],
        reliefs: bool,
    ) -> Basis<'b> {
        let JudgedRun { standard, words, matrix, dispersions, .. } = *self.run;
        let is_borderline = |row: usize| (0..matrix.width).any(|k| matrix.mark(row, k).has(Mark::BORDERLINE));
        let status = |row: usize| judge::schools::judge(matrix, row, standard).status;
        Basis {
            standard,
            words,
            reliefs,
            district_code: key.0.clone(),
            district_name: self.district_names.get(key).cloned().unwrap_or_default(),
            year: key.1,
            schools: self.run.rows(groups).map(|row| (status(row), school_of_row(self.run, row))).collect(),
            excluded: self.excluded.get(key).cloned().unwrap_or_default(),
            items,
            borderline: self.run.rows(groups).any(is_borderline)
                || groups.iter().flat_map(|&g| &dispersions[g]).any(|d| d.borderline),
            missing_facts: self.missing_facts.get(key).cloned().unwrap_or_default(),
        }
    }
}

fn key_of(row: facts::Row) -> Key {
    (row.district_code().unwrap_or_default().to_string(), row.year().unwrap_or_default())
}

/// The sections out of scope, with the reason.
fn excluded(run: &JudgedRun, left: &[(u32, OutOfScope)]) -> HashMap<Key, Vec<Excluded>> {
    let mut found: HashMap<Key, Vec<Excluded>> = HashMap::new();
    for (row, why) in left.iter().filter_map(|(at, why)| Some((run.facts.row(*at as usize)?, why))) {
        found.entry(key_of(row)).or_default().push(Excluded {
            school_code: row.school_code().unwrap_or_default().to_string(),
            school_name: row.school().to_string(),
            section: row.section().map_or("", Section::id).to_string(),
            reason: match why {
                OutOfScope::Excluded(k) => {
                    run.standard.scope.exclude[*k].reason.get(run.words.language).to_string()
                }
                OutOfScope::NoPupils => run.words.say("judge.no_pupils"),
            },
        });
    }
    found
}

/// The first name that each district has in a year.
fn district_names(facts: &facts::Frame) -> HashMap<Key, String> {
    let mut found: HashMap<Key, String> = HashMap::new();
    let mut last = None;
    for row in facts.rows() {
        let of = Some((row.district_code(), row.year()));
        if last != of
            && let Some(name) = row.district_name()
        {
            found.entry(key_of(row)).or_insert_with(|| name.to_string());
            last = of;
        }
    }
    found
}
