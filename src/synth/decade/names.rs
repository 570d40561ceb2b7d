//! The names and locations of the districts (`data/synth/decade.toml`).

use std::{collections::BTreeMap, sync::OnceLock};

use serde::Deserialize;

use super::Decade;
use crate::synth::County;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    pub province: Province,
    cities: Vec<String>,
    city: String,
    heads: Vec<String>,
    tails: Vec<String>,
    kind: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Province {
    pub code: String,
    pub name: String,
}

impl Names {
    pub fn get() -> &'static Names {
        static NAMES: OnceLock<Names> = OnceLock::new();
        NAMES.get_or_init(|| {
            toml::from_str(include_str!("../../../data/synth/decade.toml"))
                .expect("data/synth/decade.toml is part of the program and tested")
        })
    }

    /// The name without its kind, distinct for each number below [`Decade::MAX_DISTRICTS`].
    fn stem(&self, number: usize) -> String {
        let (head, round) = (number % self.heads.len(), number / self.heads.len());
        format!("{}{}", self.heads[head], self.tails[(round + 7 * head) % self.tails.len()])
    }

    fn kind(&self, kind: &str) -> &str {
        self.kind.get(kind).map_or("", String::as_str)
    }
}

/// The number of cities: three, if there are enough districts; at most 20 districts per city.
fn cities(districts: usize) -> usize {
    districts.div_ceil(4).min(3).max(districts.div_ceil(20)).min(99)
}

/// The city of a district (from 0), and its position in it.
fn city(number: usize, districts: usize) -> (usize, usize) {
    let cities = cities(districts);
    let city = number * cities / districts.max(1);
    // The first number that falls into this city.
    (city, number - (city * districts).div_ceil(cities))
}

/// 4305, 4306 …
pub(super) fn city_code(city: usize) -> String {
    format!("{}{:02}", Names::get().province.code, (4 + city) % 99 + 1)
}

pub(super) fn city_name(city: usize) -> String {
    let names = Names::get();
    names.cities.get(city).cloned().unwrap_or_else(|| {
        // Beyond the names that exist.
        let head = format!("{}{}", names.heads[city % names.heads.len()], if city < 60 { "" } else { "新" });
        names.city.replace("{head}", &head)
    })
}

/// The cities in use: code and name, by the first four digits of districts.
pub(super) fn all_cities(settings: &Decade) -> Vec<(String, String)> {
    (0..cities(settings.districts)).map(|city| (city_code(city), city_name(city))).collect()
}

/// The code and name of a district in the first year: a 区 if it is among the first of its city, otherwise a 县.
pub(super) fn first(number: usize, settings: &Decade) -> (String, String) {
    let names = Names::get();
    let (city, place) = city(number, settings.districts);
    let (serial, kind) = match place {
        // 4 and 5 change their kind later, so they begin as counties.
        0..3 if number != 4 && number != 5 => (2 + place, "district"),
        _ => (21 + place, "county"),
    };
    (format!("{}{serial:02}", city_code(city)), format!("{}{}", names.stem(number), names.kind(kind)))
}

/// The code and name from the middle year on, if they change.
pub(super) fn change(number: usize, settings: &Decade) -> Option<(String, String)> {
    settings.middle()?;
    let names = Names::get();
    let (code, _) = first(number, settings);
    let head = code.get(..4).unwrap_or_default();
    match number {
        // The first character of one name and the second of the other.
        1 | 2 if settings.districts > 2 => {
            let stem: String = names.stem(1).chars().take(1).chain(names.stem(2).chars().skip(1)).collect();
            Some((format!("{head}18"), format!("{stem}{}", names.kind("district"))))
        }
        4 => Some((format!("{head}81"), format!("{}{}", names.stem(4), names.kind("city")))),
        5 => Some((code, format!("{}{}", names.stem(5), names.kind("district")))),
        _ => None,
    }
}

/// Sets the code and the name that the district has in that year.
pub(super) fn place(number: usize, year: i32, settings: &Decade, county: &mut County) {
    if settings.middle().is_some_and(|middle| year >= middle)
        && let Some((code, name)) = change(number, settings)
    {
        (county.district_code, county.district_name) = (code, name);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_district_has_a_code_and_a_name_of_its_own() {
        for districts in [1, 3, 5, 12, 61, 400, Decade::MAX_DISTRICTS] {
            let settings = Decade { districts, ..Default::default() };
            let (mut codes, mut names) = (BTreeSet::new(), BTreeSet::new());
            for number in 0..districts {
                let (code, name) = first(number, &settings);
                assert_eq!(code.len(), 6, "{code}");
                assert!(codes.insert(code.clone()), "{code} {name} of {districts}");
                assert!(names.insert(name.clone()), "{name} of {districts}");
            }
            let new: BTreeSet<String> = (0..districts)
                .filter_map(|number| change(number, &settings))
                .map(|(code, name)| {
                    assert!(!names.contains(&name), "{name}");
                    code
                })
                .collect();
            assert!(new.difference(&codes).count() <= 2);
        }
    }

    #[test]
    fn merged_districts_lie_in_one_city() {
        for districts in 3..200 {
            assert_eq!(city(1, districts).0, city(2, districts).0, "{districts}");
        }
    }
}
