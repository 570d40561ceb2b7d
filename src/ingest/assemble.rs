//! Assembles the blocks of all files into the tables of [`crate::tables`]: assigns a district and year to every record,
//! joins schools across files, and adds sites to their parent schools.

pub mod absent;
mod county;
mod frames;
mod home;
mod merge;
mod sites;

use std::collections::{BTreeSet, HashMap};

use county::{DistrictFact, PlacedAnswer, answers_of, district_facts};
use home::{Districts, assign_district_and_year};
use polars::prelude::PolarsResult;

use super::{
    Facts, Options,
    cell::fold,
    layout::{Block, DistrictForm, FileRead, Source, Spot, Values, position},
    sheet::{address, letters},
};
use crate::{
    dictionary::{Dictionary, Section},
    problem::{Place, Problem},
};

/// A further row of a record: its source, its row, and its role in [`crate::tables::record_sources`].
#[derive(Debug, Clone, Copy)]
struct Further {
    record: usize,
    source: usize,
    row: Option<u32>,
    role: &'static str,
}

/// The positions of the facts that identify a record.
struct Keys {
    district_code: usize,
    district_name: usize,
    year: usize,
    school_code: usize,
    school_name: usize,
}

/// All section records, by column.
#[derive(Default)]
struct Records {
    sections: Vec<Section>,
    sources: Vec<usize>,
    rows: Vec<Option<u32>>,
    /// Whether the school has a code of its own; without one its name is used as the code.
    coded: Vec<bool>,
    values: Vec<Option<Values>>,
    /// The school of each record: one number per district, year and code, in order of appearance.
    schools: Vec<u32>,
    dropped: Vec<bool>,
    further: Vec<Further>,
}

impl Records {
    fn len(&self) -> usize {
        self.sections.len()
    }
    fn text(&self, fact: usize, i: usize) -> Option<&str> {
        self.values[fact].as_ref()?.text(i)
    }
    fn number(&self, fact: usize, i: usize) -> Option<f64> {
        self.values[fact].as_ref()?.number(i)
    }
    fn is_missing(&self, fact: usize, i: usize) -> bool {
        self.values[fact].as_ref().is_none_or(|v| v.is_missing(i))
    }
    fn shown(&self, fact: usize, i: usize) -> String {
        self.values[fact].as_ref().map_or(String::new(), |v| v.shown(i))
    }
    /// Overwrites entry `to` of a fact with entry `from`.
    fn copy(&mut self, fact: usize, to: usize, from: usize) {
        match &mut self.values[fact] {
            Some(Values::Number(v)) => v[to] = v[from],
            Some(Values::Text(v)) => v[to] = v[from].clone(),
            None => {}
        }
    }
}

/// The sources, and the column of each fact in them.
struct Map {
    sources: Vec<Source>,
    spots: Vec<Vec<Spot>>,
}

impl Map {
    /// The cell of a record's fact, or the record's row where the sheet has no column for it.
    fn place(&self, records: &Records, i: usize, fact: usize) -> Place {
        let source = &self.sources[records.sources[i]];
        let section = records.sections[i];
        let spot = self.spots[records.sources[i]]
            .iter()
            .find(|s| s.fact == fact && s.section.is_none_or(|s| s == section));
        let row = records.rows[i];
        match (spot, spot.and_then(|s| s.row).or(row)) {
            (Some(spot), Some(row)) => Place::cell(&source.file, &source.sheet, address(row, spot.column)),
            (Some(spot), None) => Place::cell(&source.file, &source.sheet, letters(spot.column)),
            (None, Some(row)) => Place::cell(&source.file, &source.sheet, (row + 1).to_string()),
            (None, None) => Place::sheet(&source.file, &source.sheet),
        }
    }
    /// The row of a record, or its form.
    fn row(&self, records: &Records, i: usize) -> Place {
        let source = &self.sources[records.sources[i]];
        match records.rows[i] {
            Some(row) => Place::cell(&source.file, &source.sheet, (row + 1).to_string()),
            None => Place::sheet(&source.file, &source.sheet),
        }
    }
}

/// Assembles everything that the files gave into tables. Problems of the input are added to `problems`.
pub fn assemble(files: Vec<FileRead>, options: &Options, problems: &mut Vec<Problem>) -> PolarsResult<Facts> {
    let dictionary = Dictionary::get();
    let mut map = Map { sources: Vec::new(), spots: Vec::new() };
    let (mut blocks, mut forms, mut answers): (Vec<Block>, Vec<DistrictForm>, Vec<_>) = Default::default();
    for mut file in files {
        let offset = map.sources.len();
        file.blocks.iter_mut().for_each(|b| b.source += offset);
        file.forms.iter_mut().for_each(|f| f.source += offset);
        file.answers.iter_mut().for_each(|a| a.source += offset);
        map.sources.append(&mut file.sources);
        blocks.append(&mut file.blocks);
        forms.append(&mut file.forms);
        answers.append(&mut file.answers);
        problems.append(&mut file.problems);
    }
    map.spots.resize(map.sources.len(), Vec::new());
    for block in &mut blocks {
        map.spots[block.source] = std::mem::take(&mut block.spots);
    }
    let mut records = Records { values: vec![None; dictionary.facts().len()], ..Records::default() };
    let Some(keys) = keys() else { return frames::facts(&records, &[], &map, &[], &[]) };
    let districts = Districts::of(&blocks, &forms, options, &keys);
    for mut block in blocks {
        assign_district_and_year(&mut block, &districts, &forms, &map, &keys, options, problems);
        append(&mut records, block, &keys);
    }
    name_schools(&mut records, &map, &keys, problems);
    number_schools(&mut records, &map, &keys, problems);
    merge::duplicates(&mut records, &map, problems);
    merge::school_facts(&mut records, &map, problems);
    sites::add(&mut records, &map, &keys, problems);
    let order = order(&records);
    let (home, years) = homes(&records, &order, &keys);
    let district_facts = district_facts(&forms, &districts, home.as_deref(), years, &map, options, problems);
    let answers = answers_of(answers, &forms, &districts, home.as_deref(), years, &map, options, problems);
    frames::facts(&records, &order, &map, &district_facts, &answers)
}

fn keys() -> Option<Keys> {
    Some(Keys {
        district_code: position("district_code")?,
        district_name: position("district_name")?,
        year: position("year")?,
        school_code: position("school_code")?,
        school_name: position("school_name")?,
    })
}

/// Appends a block to the records.
fn append(records: &mut Records, block: Block, keys: &Keys) {
    let facts = Dictionary::get().facts();
    let (before, more) = (records.len(), block.sections.len());
    for (fact, values) in block.values.into_iter().enumerate() {
        match (&mut records.values[fact], values) {
            (Some(here), Some(values)) => here.append(values),
            (Some(here), None) => here.append(Values::missing(facts[fact].kind, more)),
            (None, Some(values)) if before == 0 => records.values[fact] = Some(values),
            (None, Some(values)) => {
                let mut all = Values::missing(facts[fact].kind, before);
                all.append(values);
                records.values[fact] = Some(all);
            }
            (None, None) => {}
        }
    }
    records.sections.extend(block.sections);
    records.rows.extend(block.rows);
    records.sources.extend(std::iter::repeat_n(block.source, more));
    let coded = (before..before + more).map(|i| !records.is_missing(keys.school_code, i)).collect::<Vec<_>>();
    records.coded.extend(coded);
    records.dropped.extend(std::iter::repeat_n(false, more));
}

/// Gives a code to schools without one: the code of the school with the same district, year and full name elsewhere in
/// the input. Parts of a name are never matched; without a match the full name serves as the code.
fn name_schools(records: &mut Records, map: &Map, keys: &Keys, problems: &mut Vec<Problem>) {
    let n = records.len();
    if records.coded.iter().all(|c| *c) {
        return;
    }
    let key = |records: &Records, i: usize| {
        let district = records.text(keys.district_code, i).unwrap_or_default().to_string();
        let name = fold(records.text(keys.school_name, i).unwrap_or_default());
        (district, records.number(keys.year, i).unwrap_or(0.0) as i32, name)
    };
    let mut codes: HashMap<(String, i32, String), BTreeSet<String>> = HashMap::new();
    for i in (0..n).filter(|&i| records.coded[i]) {
        let code = records.text(keys.school_code, i).unwrap_or_default().to_string();
        codes.entry(key(records, i)).or_default().insert(code);
    }
    let mut by_name: HashMap<(String, i32, String), Box<str>> = HashMap::new();
    for i in (0..n).filter(|&i| !records.coded[i]).collect::<Vec<_>>() {
        let key = key(records, i);
        let name: Box<str> = records.text(keys.school_name, i).unwrap_or_default().into();
        let code: Box<str> = match codes.get(&key) {
            Some(several) if several.len() > 1 => {
                problems.push(
                    Problem::error("name_fits_several", map.place(records, i, keys.school_name))
                        .with("school", &name)
                        .list("codes", several),
                );
                name
            }
            Some(one) => {
                records.coded[i] = true;
                one.first().map_or(name, |c| c.as_str().into())
            }
            None => by_name.entry(key).or_insert(name).clone(),
        };
        let facts = Dictionary::get().facts();
        let values = records.values[keys.school_code]
            .get_or_insert_with(|| Values::missing(facts[keys.school_code].kind, n));
        if let Values::Text(values) = values {
            values[i] = Some(code);
        }
    }
}

/// Numbers the schools, and finds codes that stand under two districts in one year.
fn number_schools(records: &mut Records, map: &Map, keys: &Keys, problems: &mut Vec<Problem>) {
    let mut schools = Vec::with_capacity(records.len());
    // The first record of each school, and of each code in a year.
    let mut numbers: HashMap<(&str, i32, &str), u32> = HashMap::with_capacity(records.len());
    let mut homes: HashMap<(i32, &str), usize> = HashMap::new();
    let mut names: HashMap<(&str, i32, String), usize> = HashMap::new();
    let several_districts = {
        let first = records.text(keys.district_code, 0);
        (0..records.len()).any(|i| records.text(keys.district_code, i) != first)
    };
    for i in 0..records.len() {
        let district = records.text(keys.district_code, i).unwrap_or_default();
        let year = records.number(keys.year, i).unwrap_or(0.0) as i32;
        let code = records.text(keys.school_code, i).unwrap_or_default();
        let next = numbers.len() as u32;
        let number = *numbers.entry((district, year, code)).or_insert(next);
        schools.push(number);
        if number != next || !records.coded[i] {
            continue;
        }
        let name = fold(records.text(keys.school_name, i).unwrap_or_default());
        if !name.is_empty() {
            let first = *names.entry((district, year, name)).or_insert(i);
            if first != i {
                problems.push(
                    Problem::warning("name_with_two_codes", map.row(records, i))
                        .school(code)
                        .with("school", records.text(keys.school_name, i).unwrap_or_default())
                        .with("code", code)
                        .with("other", records.text(keys.school_code, first).unwrap_or_default())
                        .with("second_place", map.row(records, first)),
                );
            }
        }
        if !several_districts {
            continue;
        }
        let first = *homes.entry((year, code)).or_insert(i);
        if records.text(keys.district_code, first) != Some(district) {
            let name = |i: usize| records.text(keys.school_name, i).unwrap_or_default();
            let same = fold(name(first)) == fold(name(i));
            let place = map.row(records, i);
            let problem = if same {
                Problem::error("school_in_two_districts", place)
            } else {
                Problem::warning("code_in_two_districts", place)
            };
            problems.push(
                problem
                    .school(code)
                    .with("code", code)
                    .with("school", name(i))
                    .with("other", name(first))
                    .with("first", records.text(keys.district_code, first).unwrap_or_default())
                    .with("second", district)
                    .with("second_place", map.row(records, first)),
            );
        }
    }
    records.schools = schools;
}

/// The order in which records are handed on: schools in order of appearance, and within each its sections.
fn order(records: &Records) -> Vec<usize> {
    let mut order: Vec<usize> = (0..records.len()).filter(|&i| !records.dropped[i]).collect();
    order.sort_by_key(|&i| (records.schools[i], records.sections[i]));
    order
}

/// The one district and the one year of all records, if there is only one.
fn homes(records: &Records, order: &[usize], keys: &Keys) -> (Option<String>, Option<i32>) {
    let mut districts = order.iter().filter_map(|&i| records.text(keys.district_code, i));
    let district = districts.next().filter(|first| districts.all(|d| d == *first)).map(str::to_string);
    let mut years = order.iter().filter_map(|&i| records.number(keys.year, i)).map(|y| y as i32);
    let year = years.next().filter(|first| years.all(|y| y == *first));
    (district, year)
}
