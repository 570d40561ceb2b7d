//! Merges several rows of the same school: equal values count once, values that only one row has are taken over, and
//! different values are an error that shows both cells.

use std::collections::HashMap;

use super::{Further, Map, Records};
use crate::{
    dictionary::{Dictionary, Fact, Grain, Kind},
    ingest::{cell::fold, layout::about},
    problem::{Place, Problem},
};

/// The maximum number of contradictions reported. Two whole files of different years can differ in every value.
const TOLD: usize = 20_000;

/// Whether two numbers are equal up to the last bits, which a conversion of units can change.
pub fn same_number(a: f64, b: f64) -> bool {
    a == b || (a - b).abs() <= 1e-12 * a.abs().max(b.abs())
}

fn same(records: &Records, fact: usize, about: &Fact, a: usize, b: usize) -> bool {
    if let (Some(a), Some(b)) = (records.number(fact, a), records.number(fact, b)) {
        return same_number(a, b);
    }
    match (records.text(fact, a), records.text(fact, b)) {
        // 公办 in one file and 县级教育部门 in another agree: only 民办 is private.
        (Some(a), Some(b)) if about.id == "ownership" => (a == "民办") == (b == "民办"),
        (Some(a), Some(b)) => a == b || fold(a) == fold(b),
        _ => false,
    }
}

fn two_values(records: &Records, map: &Map, fact: usize, first: usize, second: usize) -> Problem {
    let dictionary = Dictionary::get();
    let text = |id: &str, i: usize| {
        super::position(id).and_then(|f| records.text(f, i)).unwrap_or_default().to_string()
    };
    about(Problem::error("two_values", map.place(records, first, fact)), &dictionary.facts()[fact])
        .school(text("school_code", first))
        .with("school", text("school_name", first))
        .with("first", records.shown(fact, first))
        .with("second", records.shown(fact, second))
        .with("second_place", map.place(records, second, fact))
}

/// The maximum number of notes about rows repeated between one file and the files of one folder, before one note sums
/// them up: a county given in two layouts repeats every school. `record_sources` keeps every row.
const LISTED: usize = 10;

/// Merges the records of the same school, year and section into the first.
pub fn duplicates(records: &mut Records, map: &Map, problems: &mut Vec<Problem>) {
    let mut repeated: Vec<Repeated> = Vec::new();
    let schools = records.schools.iter().max().map_or(0, |m| *m as usize + 1);
    let mut first_of: Vec<[Option<u32>; 3]> = vec![[None; 3]; schools];
    for i in 0..records.len() {
        let cell = &mut first_of[records.schools[i] as usize][records.sections[i] as usize];
        match *cell {
            None => *cell = Some(i as u32),
            Some(first) => {
                if take_over(records, map, first as usize, i, problems) {
                    repeated.push(Repeated { first: map.row(records, first as usize), record: i });
                }
            }
        }
    }
    report_repeated(records, map, repeated, problems);
}

/// A record that repeats an earlier one.
struct Repeated {
    first: Place,
    record: usize,
}

fn report_repeated(records: &Records, map: &Map, repeated: Vec<Repeated>, problems: &mut Vec<Problem>) {
    let mut groups: Vec<Vec<Repeated>> = Vec::new();
    let mut of: HashMap<(String, String), usize> = HashMap::new();
    let second = |one: &Repeated| file(&map.row(records, one.record));
    for one in repeated {
        let (first, second) = (file(&one.first), second(&one));
        // Within one file the rows are what matters.
        let same = first == second;
        let key = if same { (first, second) } else { (folder(&first).into(), folder(&second).into()) };
        let group = *of.entry(key).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(group) => group.push(one),
            None => groups.push(vec![one]),
        }
    }
    for group in groups {
        if group.len() <= LISTED || group.iter().any(|one| file(&one.first) == second(one)) {
            problems.extend(group.iter().map(|one| repeated_note(records, map, one)));
            continue;
        }
        problems.push(
            Problem::note("schools_given_twice", Place::file(file_or_folder(group.iter().map(second))))
                .with("count", group.len())
                .with("other", file_or_folder(group.iter().map(|one| file(&one.first)))),
        );
    }
}

/// The one file, or the folder of several.
fn file_or_folder(mut files: impl Iterator<Item = String>) -> String {
    let first = files.next().unwrap_or_default();
    if files.all(|file| file == first) { first } else { folder(&first).to_string() }
}

fn file(place: &Place) -> String {
    place.file.clone().unwrap_or_default()
}

fn folder(file: &str) -> &str {
    file.rfind(['/', '\\']).map_or("", |end| &file[..end])
}

fn repeated_note(records: &Records, map: &Map, one: &Repeated) -> Problem {
    let Repeated { first, record } = one;
    let text =
        |id: &str| super::position(id).and_then(|f| records.text(f, *record)).unwrap_or_default().to_string();
    Problem::note("same_school_twice", map.row(records, *record))
        .school(text("school_code"))
        .with("school", text("school_name"))
        .with("section", records.sections[*record].label_zh())
        .with("section_en", records.sections[*record].id())
        .with("other", first)
}

/// Whether the second record differs in nothing; what the first lacks is taken over.
fn take_over(
    records: &mut Records,
    map: &Map,
    first: usize,
    second: usize,
    problems: &mut Vec<Problem>,
) -> bool {
    let facts = Dictionary::get().facts();
    let mut differ = false;
    for (fact, about) in facts.iter().enumerate() {
        if records.is_missing(fact, second) {
            continue;
        }
        if records.is_missing(fact, first) {
            records.copy(fact, first, second);
        } else if !same(records, fact, about, first, second) {
            differ = true;
            if problems.len() < TOLD {
                problems.push(two_values(records, map, fact, first, second));
            }
        }
    }
    records.dropped[second] = true;
    records.further.push(Further {
        record: first,
        source: records.sources[second],
        row: records.rows[second],
        role: "also",
    });
    !differ
}

/// Makes a school's own facts the same in all its sections, whichever file gave them.
pub fn school_facts(records: &mut Records, map: &Map, problems: &mut Vec<Problem>) {
    let facts = Dictionary::get().facts();
    let schools = records.schools.iter().max().map_or(0, |m| *m as usize + 1);
    let mut of_school: Vec<[Option<u32>; 3]> = vec![[None; 3]; schools];
    for i in (0..records.len()).filter(|&i| !records.dropped[i]) {
        of_school[records.schools[i] as usize][records.sections[i] as usize] = Some(i as u32);
    }
    for sections in of_school {
        let all: Vec<usize> = sections.into_iter().flatten().map(|i| i as usize).collect();
        if all.len() < 2 || all.windows(2).all(|w| same_row(records, w[0], w[1])) {
            continue;
        }
        for (fact, about) in facts.iter().enumerate().filter(|(_, f)| f.grain == Grain::School) {
            let Some(&first) = all.iter().find(|&&i| !records.is_missing(fact, i)) else { continue };
            for &i in all.iter().filter(|&&i| i != first) {
                if records.is_missing(fact, i) {
                    records.copy(fact, i, first);
                } else if !same(records, fact, about, first, i) {
                    if problems.len() < TOLD {
                        let mut problem = two_values(records, map, fact, first, i);
                        // Each section may be given its share, since the program calculates the shares itself.
                        if matches!(about.kind, Kind::Count | Kind::Amount) {
                            problem.code = "school_value_by_section";
                        }
                        problems.push(problem);
                    }
                } else if about.id == "ownership" {
                    records.copy(fact, i, first);
                }
            }
        }
    }
}

/// Whether two sections come from one row and from nowhere else: their school facts are the same cells.
fn same_row(records: &Records, a: usize, b: usize) -> bool {
    records.sources[a] == records.sources[b]
        && records.rows[a].is_some()
        && records.rows[a] == records.rows[b]
        && records.further.is_empty()
}
