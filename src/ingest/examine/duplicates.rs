//! Finds the same numbers under two names.

use super::{
    Findings,
    view::{Numbers, View},
};
use crate::{
    dictionary::{Dictionary, Kind, Section},
    tables::facts,
};

/// The minimum number of equal non-zero values that two small schools do not share by chance.
const ENOUGH: usize = 8;

/// `identical_rows`: a section whose numbers all equal those of another school's section in the same district and year
/// was probably copied and not yet filled in.
pub fn identical_rows(view: &View, findings: &mut Findings) {
    let facts = Dictionary::get().columns().filter(|fact| matches!(fact.kind, Kind::Count | Kind::Amount));
    let columns: Vec<Numbers> = facts.filter_map(|fact| view.numbers(&fact.id)).collect();
    if columns.len() < ENOUGH {
        return;
    }
    let (Some(students), Some(codes)) =
        (view.numbers(facts::column::students), view.texts(facts::column::school_code))
    else {
        return;
    };
    let sections = view.sections();
    // Few rows of the same section have the same number of pupils; only those are compared in full.
    let mut alike: Vec<(Option<Section>, u64, u32)> = Vec::new();
    for rows in view.districts() {
        alike.clear();
        let with_pupils = rows.iter().filter(|&&row| students[row as usize] > 0.0);
        alike.extend(with_pupils.map(|&row| (sections[row as usize], students[row as usize].to_bits(), row)));
        alike.sort_unstable();
        for alike in alike.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            for (at, &(.., row)) in alike.iter().enumerate() {
                let row = row as usize;
                // The first of several equal rows is the one that the others repeat.
                let mut others = alike[..at].iter().map(|other| other.2 as usize);
                let first =
                    others.find(|&other| same(&columns, other, row) && codes.get(other) != codes.get(row));
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
}

/// `sum_of_others`: a section with as many pupils, teachers and square metres as all others of its district, year and
/// stage together is probably a row of totals under another name, and everything would count twice.
pub fn sum_of_others(view: &View, findings: &mut Findings) {
    let facts = ["students", "teachers", "classes", "teaching_area", "equipment_value"];
    let columns: Vec<Numbers> = facts.iter().filter_map(|fact| view.numbers(fact)).collect();
    let Some(students) = view.numbers(facts::column::students) else { return };
    let sections = view.sections();
    for rows in view.districts() {
        for section in Section::ALL {
            let rows: Vec<usize> =
                rows.iter().map(|&r| r as usize).filter(|&r| sections[r] == Some(section)).collect();
            // With only two schools, one may well be as large as the other.
            if rows.len() < 3 {
                continue;
            }
            let sums: Vec<f64> = columns
                .iter()
                .map(|c| rows.iter().map(|&r| c[r]).filter(|v| !v.is_nan()).sum::<f64>())
                .collect();
            let whole = |row: usize| {
                let near = |(c, sum): (&Numbers, &f64)| (2.0 * c[row] - sum).abs() <= 1e-6 * sum.abs();
                let known = columns.iter().zip(&sums).filter(|(c, sum)| !c[row].is_nan() && **sum > 0.0);
                let near: Vec<bool> = known.map(near).collect();
                students[row] > 0.0 && near.iter().all(|n| *n)
            };
            if let Some(&row) = rows.iter().find(|&&row| whole(row)) {
                findings
                    .warn("sum_of_others", row, "students", || vec![("found", students[row].to_string())]);
            }
        }
    }
}

fn same(columns: &[Numbers], a: usize, b: usize) -> bool {
    // `all` stops at the first difference, which is usually in the next column.
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
            facts.iter().enumerate().fold(record(code, "primary"), |r, (i, f)| r.with(f, 20.0 - i as f64))
        };
        codes(&[filled("a"), filled("b").with(facts[facts.len() - 1], last)])
    }

    #[test]
    fn a_copy_is_found_and_named() {
        assert_eq!(pair(&FACTS, 13.0), ["identical_rows: b"]);
        assert_eq!(pair(&FACTS, 13.5), [] as [&str; 0]);
    }

    #[test]
    fn a_total_under_another_name_is_found() {
        let row = |code: &str, n: f64| record(code, "primary").with("students", n).with("teachers", n / 10.0);
        assert_eq!(codes(&[row("a", 300.0), row("b", 200.0), row("all", 500.0)]), ["sum_of_others: all"]);
        assert_eq!(codes(&[row("a", 300.0), row("b", 200.0), row("c", 510.0)]), [] as [&str; 0]);
        assert_eq!(codes(&[row("a", 300.0), row("b", 300.0)]), [] as [&str; 0]);
    }

    #[test]
    fn few_numbers_may_agree_by_chance() {
        assert_eq!(pair(&FACTS[..7], 14.0), [] as [&str; 0]);
    }
}
