//! Finds schools that stand in another year than the rest of their district.

use std::collections::{HashMap, HashSet};

use super::{Findings, view::View};
use crate::tables::facts;

/// A year must have this many times the schools of another before the other looks like a typing error.
const OUTWEIGHS: usize = 3;

/// `year_apart`: nearly all schools of a district are in one year, and a few schools that are missing there are in
/// another. Those few would be judged as a year of their own. In data of several years, each school is in every year.
pub fn apart(view: &View, findings: &mut Findings) {
    let Some(codes) = view.texts(facts::column::school_code) else { return };
    let mut districts: HashMap<Option<&str>, Vec<(i32, &[u32])>> = HashMap::new();
    for rows in view.districts() {
        let Some(&first) = rows.first() else { continue };
        let first = first as usize;
        let Some(year) = view.integer(facts::column::year, first) else { continue };
        districts.entry(view.text(facts::column::district_code, first)).or_default().push((year, rows));
    }
    let schools =
        |rows: &[u32]| -> HashSet<&str> { rows.iter().filter_map(|&row| codes.get(row as usize)).collect() };
    let mut apart: Vec<(usize, i32, usize)> = Vec::new();
    for years in districts.values().filter(|years| years.len() > 1) {
        let Some(&(main, rows)) = years.iter().max_by_key(|(year, rows)| (rows.len(), *year)) else {
            continue;
        };
        let most = schools(rows);
        for &(_, rows) in years.iter().filter(|(year, _)| *year != main) {
            let few = schools(rows);
            if few.len() * OUTWEIGHS <= most.len() && few.is_disjoint(&most) {
                let mut told = HashSet::new();
                let first = rows.iter().filter(|&&row| told.insert(codes.get(row as usize)));
                apart.extend(first.map(|&row| (row as usize, main, most.len())));
            }
        }
    }
    apart.sort_unstable();
    for (row, main, most) in apart {
        findings.warn("year_apart", row, "year", || {
            let year = view.integer(facts::column::year, row).unwrap_or_default();
            vec![("year", year.to_string()), ("main", main.to_string()), ("n", most.to_string())]
        });
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::super::{Findings, View, sample::*};

    /// Schools by code, each with its year.
    fn found(schools: &[(&str, i32)]) -> Vec<String> {
        let records: Vec<Record> = schools.iter().map(|(code, _)| record(code, "primary")).collect();
        let mut facts = facts(&records).facts;
        let years: Vec<i32> = schools.iter().map(|(_, year)| *year).collect();
        facts.frame_mut().with_column(Column::new("year".into(), years)).unwrap();
        let view = View::new(facts.frame());
        let mut findings = Findings::default();
        super::apart(&view, &mut findings);
        let code = |row: Option<usize>| schools[row.unwrap()].0.to_string();
        findings.found.iter().map(|found| code(found.row)).collect()
    }

    #[test]
    fn one_school_in_another_year_is_a_slip_and_a_panel_is_not() {
        assert_eq!(found(&[("a", 2024), ("b", 2023), ("c", 2024), ("d", 2024)]), ["b"]);
        assert_eq!(found(&[("a", 2024), ("b", 2024), ("c", 2024)]), [] as [&str; 0]);
        // The same school in both years; two districts' years; too few schools to tell.
        assert_eq!(found(&[("a", 2024), ("b", 2024), ("c", 2024), ("a", 2023)]), [] as [&str; 0]);
        assert_eq!(found(&[("a", 2024), ("b", 2023)]), [] as [&str; 0]);
        assert_eq!(found(&[("a", 2024), ("b", 2023), ("c", 2024), ("d", 2023)]), [] as [&str; 0]);
    }
}
