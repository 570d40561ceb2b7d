//! The city and province of a district.

use std::{
    collections::{BTreeMap, HashMap},
    sync::OnceLock,
};

use crate::{
    data,
    problem::{Error, Place, Problem, Result},
    tables::years::Region,
    words::{Language, Words},
};

/// A line of a file of regions, with its place.
pub(super) type Given = (Region, Place);

/// The regions of a file, supplemented by the six digits of GB/T 2260.
#[derive(Debug, Clone, Default)]
pub(super) struct Regions {
    by_code: HashMap<String, Region>,
    by_name: HashMap<String, Region>,
    /// Names of cities by code, wherever the file has them.
    cities: HashMap<String, String>,
}

impl Regions {
    /// # Errors
    /// One district is in two cities.
    pub fn of(lines: Vec<Given>) -> Result<Regions> {
        let mut found = Regions::default();
        let mut problems = Vec::new();
        for (region, place) in lines {
            if !region.city_code.is_empty() && !region.city_name.is_empty() {
                found.cities.entry(region.city_code.clone()).or_insert_with(|| region.city_name.clone());
            }
            let of_name = region.district_code.is_empty();
            let index = if of_name { &mut found.by_name } else { &mut found.by_code };
            let key =
                if of_name { super::folded(&region.district_name) } else { region.district_code.clone() };
            match index.get(&key) {
                Some(before) if *before != region => {
                    problems.push(Problem::error("regions_twice", place).with("district", key));
                }
                _ => {
                    index.insert(key, region);
                }
            }
        }
        if problems.is_empty() { Ok(found) } else { Err(Error::Input(problems)) }
    }

    pub fn of_district(&self, code: &str, name: &str, words: &Words) -> Region {
        let given = self.by_code.get(code).or_else(|| self.by_name.get(&super::folded(name)));
        let mut region = given.cloned().unwrap_or_default();
        region.district_code = code.to_string();
        region.district_name = name.to_string();
        if is_national(code) {
            let or = |field: &mut String, digits: &str| {
                if field.is_empty() {
                    *field = digits.to_string();
                }
            };
            or(&mut region.city_code, &code[..4]);
            or(&mut region.province_code, &code[..2]);
        }
        if region.city_name.is_empty() {
            region.city_name = self.cities.get(&region.city_code).unwrap_or(&region.city_code).clone();
        }
        if region.province_name.is_empty() {
            region.province_name =
                province(&region.province_code, words).unwrap_or(&region.province_code).into();
        }
        region
    }
}

/// Whether it has the six digits of GB/T 2260.
pub fn is_national(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())
}

/// The names of provinces in both languages, by their two digits.
type Provinces = BTreeMap<String, [String; 2]>;

/// The file of provinces, in `data/` and in an override folder.
const FILE: &str = "regions.csv";

/// The provinces of `data/regions.csv`, read once.
///
/// # Errors
/// The file of the override folder or one of its lines cannot be read (`provinces_broken`).
pub fn provinces() -> Result<&'static Provinces> {
    static PROVINCES: OnceLock<Provinces> = OnceLock::new();
    if let Some(read) = PROVINCES.get() {
        return Ok(read);
    }
    let text = data::text(FILE)?.unwrap_or_default();
    let mut found = BTreeMap::new();
    for line in csv::Reader::from_reader(text.as_bytes()).deserialize() {
        let (code, zh, en): (String, String, String) = line.map_err(|why: csv::Error| {
            Problem::error("provinces_broken", Place::file(data::shown(FILE))).with("why", why)
        })?;
        found.insert(code, [zh, en]);
    }
    Ok(PROVINCES.get_or_init(|| found))
}

/// The name of a province, if known.
fn province(code: &str, words: &Words) -> Option<&'static str> {
    let [zh, en] = provinces().ok()?.get(code)?;
    Some(if words.language == Language::English { en } else { zh })
}
