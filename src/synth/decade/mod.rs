//! Districts over several years: schools persist, pupils drift, some schools close and some open, resources grow
//! slowly, and some districts undergo the changes that occur in reality:
//!
//! | district (from 0) | what happens, in the middle year |
//! |---|---|
//! | 1 and 2 | become one, with a code and a name of its own |
//! | 3 | is not there |
//! | 4 | is renamed and gets another code (县 → 市) |
//! | 5 | is renamed, its code stays (县 → 区) |
//! | 6 | does not say what its equipment is worth |
//!
//! if there are that many districts and at least three years. `crosswalk.csv` records the first and third.

mod lives;
mod names;
mod write;

use std::ops::RangeInclusive;

use polars::prelude::DataFrame;

pub use write::write_decade;

use super::County;
use crate::problem::Result;
use lives::Life;

/// The districts to invent, and their years.
#[derive(Debug, Clone, PartialEq)]
pub struct Decade {
    pub seed: u64,
    pub years: RangeInclusive<i32>,
    /// At most [`Decade::MAX_DISTRICTS`].
    pub districts: usize,
    /// The approximate number per district.
    pub schools: usize,
}

impl Default for Decade {
    fn default() -> Self {
        Decade { seed: 1, years: 2019..=2025, districts: 12, schools: 40 }
    }
}

impl Decade {
    /// The number of names available.
    pub const MAX_DISTRICTS: usize = 3_000;

    /// The year in which districts change; `None` with fewer than three years.
    pub fn middle(&self) -> Option<i32> {
        let (first, last) = (*self.years.start(), *self.years.end());
        (last - first >= 2).then(|| first + (last - first + 1) / 2)
    }
}

/// Facts ([`crate::tables::facts`]) of every year, in order; identical for the same settings on every machine.
///
/// # Errors
/// Those of the engine.
pub fn decade(settings: &Decade) -> Result<Vec<DataFrame>> {
    let mut lives = lives::begin(settings);
    let mut frames = Vec::new();
    for year in settings.years.clone() {
        frames.push(write::facts(&counties(&mut lives, year, settings))?);
    }
    Ok(frames)
}

/// The districts of that year; the years before must have been generated.
fn counties(lives: &mut [Life], year: i32, settings: &Decade) -> Vec<County> {
    lives
        .iter_mut()
        .enumerate()
        .filter_map(|(number, life)| {
            let mut county = life.county(year);
            life.age(year + 1);
            names::place(number, year, settings, &mut county);
            if Some(year) == settings.middle() {
                match number {
                    3 => return None,
                    6 => county.schools.iter_mut().for_each(|school| {
                        school.facts.remove("equipment_value");
                    }),
                    _ => {}
                }
            }
            Some(county)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::tables;

    fn pupils(frame: &DataFrame) -> BTreeMap<(String, String), f64> {
        let text = |name: &str| frame.column(name).unwrap().str().unwrap().clone();
        let (codes, sections) = (text("school_code"), text("section"));
        let students = frame.column("students").unwrap().f64().unwrap().clone();
        (0..frame.height())
            .map(|row| {
                let key = (codes.get(row).unwrap().to_string(), sections.get(row).unwrap().to_string());
                (key, students.get(row).unwrap())
            })
            .collect()
    }

    fn codes(frame: &DataFrame) -> BTreeSet<String> {
        frame.column("district_code").unwrap().str().unwrap().iter().flatten().map(str::to_string).collect()
    }

    #[test]
    fn schools_stay_themselves_and_change_little_by_little() {
        let years = decade(&Decade { districts: 4, schools: 30, ..Default::default() }).unwrap();
        assert_eq!(years.len(), 7);
        for year in &years {
            tables::facts::table().check(year).unwrap();
        }
        let (mut kept, mut gone, mut new) = (0, 0, 0);
        for pair in years.windows(2) {
            let (before, after) = (pupils(&pair[0]), pupils(&pair[1]));
            for (key, students) in &before {
                match after.get(key) {
                    Some(then) => {
                        kept += 1;
                        assert!(
                            (then - students).abs() <= 0.2 * students + 2.0,
                            "{key:?}: {students} {then}"
                        );
                    }
                    None => gone += 1,
                }
            }
            new += after.keys().filter(|key| !before.contains_key(*key)).count();
        }
        // A district that is missing for a year disappears and returns.
        assert!(gone > 0 && new > 0 && kept > 5 * (gone + new), "{kept} kept, {gone} gone, {new} new");
    }

    #[test]
    fn what_happens_to_districts_happens() {
        let settings = Decade { districts: 12, schools: 12, ..Default::default() };
        let years = decade(&settings).unwrap();
        let counts: Vec<usize> = years.iter().map(|year| codes(year).len()).collect();
        // Two become one in 2022, and one is missing there.
        assert_eq!(counts, [12, 12, 12, 10, 11, 11, 11]);
        assert!(codes(&years[3]).is_subset(&codes(&years[4])));
        // One code more than the merged one is new: the renamed county's.
        assert_eq!(codes(&years[6]).difference(&codes(&years[0])).count(), 2);
        let unknown: Vec<usize> =
            years.iter().map(|y| y.column("equipment_value").unwrap().null_count()).collect();
        assert!(unknown[3] > 0 && unknown.iter().sum::<usize>() == unknown[3], "{unknown:?}");
        let cities: BTreeSet<String> = codes(&years[0]).iter().map(|code| code[..4].to_string()).collect();
        assert_eq!(cities.into_iter().collect::<Vec<_>>(), ["4305", "4306", "4307"]);
    }

    #[test]
    fn a_seed_is_a_decade() {
        let of = |seed| {
            let settings = Decade { seed, years: 2020..=2022, districts: 2, schools: 10 };
            decade(&settings).unwrap()
        };
        assert!(of(5).iter().zip(&of(5)).all(|(a, b)| a.equals_missing(b)));
        assert!(!of(5)[2].equals_missing(&of(6)[2]));
        // A later end does not change the years before.
        let longer = Decade { seed: 5, years: 2020..=2021, districts: 1, schools: 10 };
        assert_eq!(decade(&longer).unwrap().len(), 2);
    }

    #[test]
    fn one_district_and_one_school_are_enough() {
        let settings = Decade { seed: 1, years: 2020..=2024, districts: 1, schools: 1 };
        assert!(decade(&settings).unwrap().iter().all(|year| year.height() <= 1));
    }
}
