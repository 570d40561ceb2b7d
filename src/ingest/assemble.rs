//! Blocks of all files → the tables of [`crate::tables`]: district and year of every record, schools joined
//! over files, sites added to their parents.

mod cells;
mod frames;
mod merge;
mod sites;

use std::collections::{BTreeSet, HashMap};

pub use cells::cells_of;
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

/// Positions of the facts that identify a record.
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
    /// Whether the school's code is one, and not its name.
    coded: Vec<bool>,
    values: Vec<Option<Values>>,
    /// School of each record: one number a district, year and code, in order of appearance.
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
    /// Entry `to` of a fact becomes entry `from`.
    fn copy(&mut self, fact: usize, to: usize, from: usize) {
        match &mut self.values[fact] {
            Some(Values::Number(v)) => v[to] = v[from],
            Some(Values::Text(v)) => v[to] = v[from].clone(),
            None => {}
        }
    }
}

/// The sources and where each fact stands in them.
struct Map {
    sources: Vec<Source>,
    spots: Vec<Vec<Spot>>,
}

impl Map {
    /// The cell of a record's fact; its row where the sheet has no column for it.
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
    /// The row (or form) of a record.
    fn row(&self, records: &Records, i: usize) -> Place {
        let source = &self.sources[records.sources[i]];
        match records.rows[i] {
            Some(row) => Place::cell(&source.file, &source.sheet, (row + 1).to_string()),
            None => Place::sheet(&source.file, &source.sheet),
        }
    }
}

/// Everything the files gave, as tables. Problems of the input go to `problems`.
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
        place_in_time_and_space(&mut block, &districts, &forms, &map, &keys, options, problems);
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

/// What the inputs together say of districts.
struct Districts {
    name_of: HashMap<String, String>,
    code_of: HashMap<String, String>,
    /// The one district of all county's forms; of `--district`; of all records. Code and name.
    of_forms: Option<(Option<String>, Option<String>)>,
    given: Option<(Option<String>, Option<String>)>,
    of_records: Option<(Option<String>, Option<String>)>,
    year_of_forms: Option<i32>,
}

impl Districts {
    fn of(blocks: &[Block], forms: &[DistrictForm], options: &Options, keys: &Keys) -> Districts {
        let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
        for block in blocks {
            let mut last = (None, None);
            for i in 0..block.sections.len() {
                let text = |fact: usize| block.values[fact].as_ref().and_then(|v| v.text(i));
                let pair = (text(keys.district_code), text(keys.district_name));
                if pair != last && pair != (None, None) {
                    seen.insert((
                        pair.0.map(district_code).unwrap_or_default(),
                        pair.1.unwrap_or_default().to_string(),
                    ));
                    last = pair;
                }
            }
        }
        let pair = |(code, name): (String, String)| {
            (Some(code).filter(|c| !c.is_empty()), Some(name).filter(|n| !n.is_empty()))
        };
        let in_forms: BTreeSet<(String, String)> = forms
            .iter()
            .filter(|f| f.code.is_some() || f.name.is_some())
            .map(|f| {
                (f.code.as_deref().map(district_code).unwrap_or_default(), f.name.clone().unwrap_or_default())
            })
            .collect();
        let given = options.district.clone();
        let (mut name_of, mut code_of) = (HashMap::new(), HashMap::new());
        for (code, name) in in_forms.iter().chain(&seen).chain(&given) {
            if !code.is_empty() && !name.is_empty() {
                name_of.entry(code.clone()).or_insert_with(|| name.clone());
                code_of.entry(fold(name)).or_insert_with(|| code.clone());
            }
        }
        let the_one = |all: &BTreeSet<(String, String)>| {
            let codes: BTreeSet<String> = all
                .iter()
                .map(|(code, name)| {
                    if code.is_empty() { code_of.get(&fold(name)).unwrap_or(name) } else { code }.clone()
                })
                .collect();
            (codes.len() == 1).then(|| all.first().cloned().map(pair)).flatten()
        };
        let years: BTreeSet<i32> = forms.iter().filter_map(|f| f.year).collect();
        Districts {
            of_forms: the_one(&in_forms),
            of_records: the_one(&seen),
            given: given.map(pair),
            year_of_forms: years.first().copied().filter(|_| years.len() == 1),
            name_of,
            code_of,
        }
    }

    /// Code and name, each from the other where one is missing; a district without a code is known by
    /// its name.
    fn whole(&self, code: Option<&str>, name: Option<&str>) -> Option<(String, Option<String>)> {
        match (code, name) {
            (Some(code), Some(name)) => Some((district_code(code), Some(name.to_string()))),
            (Some(code), None) => {
                let code = district_code(code);
                let name = self.name_of.get(&code).cloned();
                Some((code, name))
            }
            (None, Some(name)) => {
                let code = self.code_of.get(&fold(name)).cloned().unwrap_or_else(|| name.to_string());
                Some((code, Some(name.to_string())))
            }
            (None, None) => None,
        }
    }

    /// Where the files' rows name none: the county's form, the option, the one that all other rows name.
    fn fallback(&self) -> Option<(String, Option<String>)> {
        [&self.of_forms, &self.given, &self.of_records]
            .into_iter()
            .flatten()
            .find_map(|(code, name)| self.whole(code.as_deref(), name.as_deref()))
    }
}

/// Six digits of GB/T 2260: the twelve of 统计用区划代码 begin with them.
fn district_code(code: &str) -> String {
    match code {
        long if matches!(long.len(), 9 | 12) && long.bytes().all(|b| b.is_ascii_digit()) => {
            long[..6].to_string()
        }
        code => code.to_string(),
    }
}

/// Year and district of every record of a block.
fn place_in_time_and_space(
    block: &mut Block,
    districts: &Districts,
    forms: &[DistrictForm],
    map: &Map,
    keys: &Keys,
    options: &Options,
    problems: &mut Vec<Problem>,
) {
    let facts = Dictionary::get().facts();
    let n = block.sections.len();
    let source = &map.sources[block.source];
    let beside = |f: &&DistrictForm| map.sources[f.source].file == source.file;
    let mut here = forms.iter().filter(beside);
    let beside = here.next().filter(|_| here.next().is_none());
    let year = block
        .title_year
        .or_else(|| beside.and_then(|f| f.year))
        .or(districts.year_of_forms)
        .or(block.name_year)
        .or(options.year);
    let district = beside
        .and_then(|f| districts.whole(f.code.as_deref(), f.name.as_deref()))
        .or_else(|| districts.fallback());
    let sheet = || Place::sheet(&source.file, &source.sheet);
    for fact in [keys.year, keys.district_code, keys.district_name] {
        block.values[fact].get_or_insert_with(|| Values::missing(facts[fact].kind, n));
    }
    if let Some(Values::Number(years)) = &mut block.values[keys.year] {
        let missing = years.iter().filter(|y| y.is_none()).count();
        match year {
            Some(year) => years.iter_mut().for_each(|y| *y = Some(y.unwrap_or(f64::from(year)))),
            None if missing > 0 => {
                problems.push(Problem::error("year_missing", sheet()).with("rows", missing))
            }
            None => {}
        }
    }
    let (mut codes, mut names) =
        (block.values[keys.district_code].take(), block.values[keys.district_name].take());
    let mut missing = 0;
    let mut cut = None;
    if let (Some(Values::Text(codes)), Some(Values::Text(names))) = (&mut codes, &mut names) {
        for (code, name) in codes.iter_mut().zip(names.iter_mut()) {
            if let (Some(code), Some(_)) = (&code, &name)
                && code.len() == 6
            {
                continue;
            }
            let own = districts.whole(code.as_deref(), name.as_deref());
            if let (Some(code), Some((short, _))) = (&code, &own)
                && short.len() < code.len()
            {
                cut.get_or_insert_with(|| code.to_string());
            }
            match own.or_else(|| district.clone()) {
                Some((c, n)) => {
                    *code = Some(c.into());
                    *name = n.map(Into::into);
                }
                None => missing += 1,
            }
        }
    }
    block.values[keys.district_code] = codes;
    block.values[keys.district_name] = names;
    if missing > 0 {
        problems.push(Problem::error("district_missing", sheet()).with("rows", missing));
    }
    if let Some(code) = cut {
        problems.push(
            Problem::note("district_code_cut", sheet())
                .with("found", &code)
                .with("kept", district_code(&code)),
        );
    }
}

/// Puts a block behind the records.
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

/// Gives a code to the schools that come without: the one of the same district, year and full name
/// elsewhere in the input, never of a part of the name; with none, the full name is the code.
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
                        .with("codes", several.iter().cloned().collect::<Vec<_>>().join("、")),
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

/// Numbers the schools, and finds the codes that stand under two districts in one year.
fn number_schools(records: &mut Records, map: &Map, keys: &Keys, problems: &mut Vec<Problem>) {
    let mut schools = Vec::with_capacity(records.len());
    // First record of a school, and of a code in a year.
    let mut numbers: HashMap<(&str, i32, &str), u32> = HashMap::with_capacity(records.len());
    let mut homes: HashMap<(i32, &str), usize> = HashMap::new();
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
        if number != next || !several_districts || !records.coded[i] {
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

/// Records as they are handed on: schools in order of appearance, their sections in theirs.
fn order(records: &Records) -> Vec<usize> {
    let mut order: Vec<usize> = (0..records.len()).filter(|&i| !records.dropped[i]).collect();
    order.sort_by_key(|&i| (records.schools[i], records.sections[i]));
    order
}

/// The one district and the one year of all records, where there is one.
fn homes(records: &Records, order: &[usize], keys: &Keys) -> (Option<String>, Option<i32>) {
    let mut districts = order.iter().filter_map(|&i| records.text(keys.district_code, i));
    let district = districts.next().filter(|first| districts.all(|d| d == *first)).map(str::to_string);
    let mut years = order.iter().filter_map(|&i| records.number(keys.year, i)).map(|y| y as i32);
    let year = years.next().filter(|first| years.all(|y| y == *first));
    (district, year)
}

/// One district fact, ready for its table.
struct DistrictFact {
    district: String,
    year: i32,
    fact: usize,
    value: f64,
    source: usize,
    cell: String,
}

fn district_facts(
    forms: &[DistrictForm],
    districts: &Districts,
    home: Option<&str>,
    year: Option<i32>,
    map: &Map,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Vec<DistrictFact> {
    let facts = Dictionary::get().facts();
    let mut found: Vec<DistrictFact> = Vec::new();
    for form in forms {
        let source = &map.sources[form.source];
        let sheet = || Place::sheet(&source.file, &source.sheet);
        let Some(district) = districts
            .whole(form.code.as_deref(), form.name.as_deref())
            .map(|(code, _)| code)
            .or_else(|| home.map(str::to_string))
            .or_else(|| districts.fallback().map(|(code, _)| code))
        else {
            problems.push(Problem::error("district_missing", sheet()).with("rows", form.values.len()));
            continue;
        };
        let Some(year) = form.year.or(form.name_year).or(year).or(districts.year_of_forms).or(options.year)
        else {
            problems.push(Problem::error("year_missing", sheet()).with("rows", form.values.len()));
            continue;
        };
        for (fact, value, cell) in &form.values {
            let at = |source: &Source, cell: &str| Place::cell(&source.file, &source.sheet, cell);
            match found.iter().find(|f| f.fact == *fact && f.year == year && f.district == district) {
                Some(first) if !merge::same_number(first.value, *value) => problems.push(
                    super::layout::about(
                        Problem::error("two_values", at(&map.sources[first.source], &first.cell)),
                        &facts[*fact],
                    )
                    .with("school", &district)
                    .with("first", first.value)
                    .with("second", value)
                    .with("second_place", at(source, cell)),
                ),
                Some(_) => {}
                None => found.push(DistrictFact {
                    district: district.clone(),
                    year,
                    fact: *fact,
                    value: *value,
                    source: form.source,
                    cell: cell.clone(),
                }),
            }
        }
    }
    found
}

/// One answer, ready for its table.
struct PlacedAnswer {
    district: String,
    year: i32,
    source: usize,
    answer: super::layout::Answer,
}

#[allow(clippy::too_many_arguments)]
fn answers_of(
    sheets: Vec<super::layout::AnswerSheet>,
    forms: &[DistrictForm],
    districts: &Districts,
    home: Option<&str>,
    year: Option<i32>,
    map: &Map,
    options: &Options,
    problems: &mut Vec<Problem>,
) -> Vec<PlacedAnswer> {
    let mut found: Vec<PlacedAnswer> = Vec::new();
    for sheet in sheets {
        let source = &map.sources[sheet.source];
        let place = || Place::sheet(&source.file, &source.sheet);
        let beside = forms.iter().find(|f| map.sources[f.source].file == source.file);
        let district = beside
            .and_then(|f| districts.whole(f.code.as_deref(), f.name.as_deref()))
            .map(|(code, _)| code)
            .or_else(|| home.map(str::to_string))
            .or_else(|| districts.fallback().map(|(code, _)| code));
        let year = beside
            .and_then(|f| f.year)
            .or(sheet.name_year)
            .or(year)
            .or(districts.year_of_forms)
            .or(options.year);
        if sheet.answers.is_empty() {
            continue;
        }
        let (Some(district), Some(year)) = (&district, year) else {
            let code = if district.is_none() { "district_missing" } else { "year_missing" };
            problems.push(Problem::error(code, place()).with("rows", sheet.answers.len()));
            continue;
        };
        for answer in sheet.answers {
            let before = found
                .iter()
                .find(|a| a.answer.item == answer.item && a.year == year && a.district == *district);
            match before {
                Some(first) if (first.answer.met, first.answer.score) != (answer.met, answer.score) => {
                    let other = &map.sources[first.source];
                    let at = |source: &Source, cell: &str| Place::cell(&source.file, &source.sheet, cell);
                    problems.push(
                        Problem::error("answer_twice", at(source, &answer.cell))
                            .with("item", &answer.item)
                            .with("first", at(other, &first.answer.cell))
                            .with("second", at(source, &answer.cell)),
                    )
                }
                Some(_) => {}
                None => found.push(PlacedAnswer {
                    district: district.clone(),
                    year,
                    source: sheet.source,
                    answer,
                }),
            }
        }
    }
    found
}
