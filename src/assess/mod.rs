//! The main job: facts → measures → verdicts → gaps. It calls the rooms in order and calculates nothing itself.

mod missing_facts;
pub mod stream;
pub mod units;
mod verdicts;

use std::collections::HashMap;

pub use crate::tables::assessment::Assessment;
pub use crate::tables::verdict::{Excluded, Outcome, Verdict};
use crate::{
    gap,
    ingest::Facts,
    judge::{self, items::District, tables::Counts},
    measure::{Measure, apportion::Combined, checks, dispersion, rows},
    problem::Result,
    standard::Standard,
    tables::{
        judged::{JudgedComposite, JudgedDispersion, JudgedRun},
        measure_matrix::Members,
    },
    words::Words,
};

/// District code and year.
type Key = (String, i32);

/// The whole job on facts in memory.
///
/// # Errors
/// Those of the engine, which valid tables do not cause.
pub fn assess(facts: &Facts, standard: &Standard, reliefs: bool, words: &Words) -> Result<Assessment> {
    let frame = facts.facts.frame();

    // Measure.
    let combined = Combined::of(frame)?;
    let mut measure = Measure::new(standard, reliefs);
    let mut matrix = measure.add(frame, 0, &combined)?;
    let groups = &measure.groups;
    let members = Members::new(&matrix.group, groups.len());
    let found = dispersion::of_panel(&matrix, &members);
    let checked =
        checks::checks(&rows::Rows::new(frame, &facts.district_facts, standard)?, standard, reliefs)?;

    // Judge schools, dispersions and composites.
    let exact = measure.exact(&matrix, frame, 0, &combined);
    judge::schools::mark(&mut matrix, groups, standard, &exact);
    let (matrix, square) = (&matrix, dispersion::exact_square);
    let of_groups = || groups.iter().enumerate().map(|(g, group)| (g, group, members.rows(g)));
    let dispersions: Vec<Vec<JudgedDispersion>> = of_groups()
        .map(|(g, group, rows)| {
            let found = &found[g * matrix.width..(g + 1) * matrix.width];
            judge::districts::group(standard, matrix, group, rows, found, &exact, square)
        })
        .collect();
    let composites: Vec<Vec<JudgedComposite>> = of_groups()
        .map(|(g, group, rows)| {
            judge::composite::group(standard, matrix, group, rows, &dispersions[g], &exact, square)
        })
        .collect();
    let run = JudgedRun {
        standard,
        words,
        facts: &facts.facts,
        matrix,
        groups,
        members: &members,
        dispersions: &dispersions,
        composites: &composites,
    };

    // Judge items and report missing facts, district by district.
    let answers = judge::items::answers(&facts.answers);
    let mut checks_by_district: HashMap<Key, Vec<&_>> = HashMap::new();
    for one in &checked {
        checks_by_district.entry((one.district_code.clone(), one.year)).or_default().push(one);
    }
    let cells = facts.cells()?;
    let (mut missing, missing_facts) = missing_facts::of_values(&run, &cells);
    let lookup = missing_facts::Lookup::new(&facts.facts, cells);
    let verdict_basis = verdicts::Bases::new(&run, &measure.left, missing_facts);
    let groups_by_district = by_district(&run);
    let (mut verdicts, mut items, mut gaps, mut over) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for key in rows::keys(frame)? {
        let mine = groups_by_district.get(&key).map_or(&[][..], |groups| &groups[..]);
        let judged = District {
            standard,
            words,
            dispersions: &mine.iter().flat_map(|&g| dispersions[g].clone()).collect::<Vec<_>>(),
            composites: &mine.iter().flat_map(|&g| composites[g].clone()).collect::<Vec<_>>(),
            checked: checks_by_district.remove(&key).unwrap_or_default(),
            answers: answers.get(&key),
        }
        .items();
        let values = judge::tables::lacking_values(matrix, run.rows(mine), groups, standard);
        let over_limit = gap::over_limit(&run, mine);
        gaps.extend(gap::of_district(&run, (&key.0, key.1), mine, &values, &over_limit, &judged));
        over.extend(over_limit);
        verdicts.push(verdict_basis.of(&key, mine, &judged, reliefs).verdict());
        missing.extend(missing_facts::findings(&key, &judged, standard, &lookup, words));
        items.push((key.0, key.1, judged));
    }

    let counts: Vec<Counts> =
        (0..groups.len()).map(|g| Counts::of(matrix, members.rows(g), standard)).collect();
    let composites_of = |g: usize| composites[g].clone();
    Ok(Assessment {
        measures: judge::tables::measures(matrix, groups, frame, standard)?,
        schools: judge::tables::schools(matrix, groups, frame, standard, words)?,
        districts: judge::tables::districts(groups, &counts),
        dispersion: judge::tables::dispersion(groups, standard, &|g, k| dispersions[g][k], &composites_of),
        items: judge::tables::items(&items, standard),
        gaps: gap::table(gaps),
        shares: gap::shares(&run, over),
        verdicts,
        missing,
    })
}

/// The groups of each district and year, in the order of the sections.
fn by_district(run: &JudgedRun) -> HashMap<Key, Vec<usize>> {
    let mut found: HashMap<Key, Vec<usize>> = HashMap::new();
    for (g, group) in run.groups.iter().enumerate() {
        found.entry((group.district_code.clone(), group.year)).or_default().push(g);
    }
    found.values_mut().for_each(|groups| groups.sort_by_key(|&g| run.groups[g].section));
    found
}

/// 雨溪小学, or 九年学校（初中）where the school has several sections.
fn school_of_row(run: &JudgedRun, row: usize) -> String {
    let section = run.words.say(&format!("section.{}", run.group(row).section.id()));
    let school = run.facts(row).map(|school| school.school().to_string()).unwrap_or_default();
    run.words.fill("school.section", &[("school", school), ("section", section)])
}
