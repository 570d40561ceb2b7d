//! The same numbers under two names.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::{
    Findings,
    view::{Numbers, View},
};
use crate::dictionary::{Dictionary, Kind};

/// Two small schools may share a handful of numbers by chance; so many that are not zero they do not.
const ENOUGH: usize = 8;

/// `identical_rows`: a section whose numbers are all those of another school's, in the same district, year
/// and section, was most likely copied and not yet filled in.
pub fn identical_rows(view: &View, findings: &mut Findings) {
    let facts = Dictionary::get().columns().filter(|fact| matches!(fact.kind, Kind::Count | Kind::Amount));
    let columns: Vec<Numbers> = facts.filter_map(|fact| view.numbers(&fact.id)).collect();
    if columns.len() < ENOUGH {
        return;
    }
    let (Some(students), Some(sections), Some(codes)) =
        (view.numbers("students"), view.texts("section"), view.texts("school_code"))
    else {
        return;
    };
    let teachers = view.numbers_or_missing("teachers");
    // A cheap key first: few rows share it, and only those are compared in full.
    let mut keys: Vec<(u32, u64, u32)> = (0..view.rows())
        .filter(|&row| students[row] > 0.0)
        .map(|row| {
            let mut hasher = DefaultHasher::new();
            students[row].to_bits().hash(&mut hasher);
            teachers[row].to_bits().hash(&mut hasher);
            sections.get(row).hash(&mut hasher);
            (view.groups[row], hasher.finish(), row as u32)
        })
        .collect();
    keys.sort_unstable();
    for alike in keys.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let rows: Vec<usize> = alike.iter().map(|key| key.2 as usize).collect();
        for (at, &row) in rows.iter().enumerate() {
            // The first of several is the one that the others repeat.
            let first = rows[..at].iter().copied().find(|&other| {
                codes.get(other) != codes.get(row)
                    && sections.get(other) == sections.get(row)
                    && same(&columns, other, row)
            });
            if let Some(first) = first {
                findings.warn("identical_rows", row, "students", || {
                    let other = view.about(first);
                    let name = other.iter().find(|(name, _)| *name == "school");
                    vec![("other", name.map(|(_, name)| name.clone()).unwrap_or_default())]
                });
            }
        }
    }
}

fn same(columns: &[Numbers], a: usize, b: usize) -> bool {
    let equal = |column: &Numbers| column[a] == column[b] || (column[a].is_nan() && column[b].is_nan());
    columns.iter().all(equal) && columns.iter().filter(|column| column[a] > 0.0).count() >= ENOUGH
}

#[cfg(test)]
mod tests {
    use super::super::sample::*;

    const FACTS: [&str; 8] = [
        "students",
        "classes",
        "teachers",
        "teachers_bachelor",
        "teaching_area",
        "sports_ground_area",
        "multimedia_rooms",
        "equipment_value",
    ];

    fn pair(facts: &[&str], last: f64) -> Vec<String> {
        let filled = |code: &str| {
            facts.iter().enumerate().fold(record(code, "primary"), |r, (i, f)| r.number(f, 20.0 - i as f64))
        };
        codes(&[filled("a"), filled("b").number(facts[facts.len() - 1], last)])
    }

    #[test]
    fn a_copy_is_found_and_named() {
        assert_eq!(pair(&FACTS, 13.0), ["identical_rows: b"]);
        assert_eq!(pair(&FACTS, 13.5), [] as [&str; 0]);
    }

    #[test]
    fn few_numbers_may_agree_by_chance() {
        assert_eq!(pair(&FACTS[..7], 14.0), [] as [&str; 0]);
    }
}
