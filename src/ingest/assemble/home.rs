//! Determines the year and district of every record: from its own columns, the title, the county's form, names or
//! options.

use std::collections::{BTreeSet, HashMap};

use super::{Keys, Map};
use crate::{
    dictionary::Dictionary,
    ingest::{
        Options,
        cell::{self, fold},
        layout::{Block, DistrictForm, Values},
    },
    problem::{Place, Problem},
};

/// The districts that the inputs name.
pub struct Districts {
    name_of: HashMap<String, String>,
    code_of: HashMap<String, String>,
    /// Code and name of the only district named by all county forms, by `--district`, and by all records.
    of_forms: Option<(Option<String>, Option<String>)>,
    given: Option<(Option<String>, Option<String>)>,
    of_records: Option<(Option<String>, Option<String>)>,
    pub year_of_forms: Option<i32>,
    /// The only year that the tables of schools name, in a column, a title or a name.
    year_of_records: Option<i32>,
}

impl Districts {
    pub fn of(blocks: &[Block], forms: &[DistrictForm], options: &Options, keys: &Keys) -> Districts {
        let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
        let mut years_named: BTreeSet<i32> = BTreeSet::new();
        for block in blocks {
            match &block.values[keys.year] {
                Some(Values::Number(years)) if years.iter().any(Option::is_some) => {
                    years_named.extend(years.iter().flatten().map(|year| *year as i32));
                }
                _ => years_named.extend(block.given_year.or(block.title_year).or(block.name_year)),
            }
            let mut last = (None, None);
            for i in 0..block.sections.len() {
                let text = |fact: usize| block.values[fact].as_ref().and_then(|v| v.text(i));
                let pair = (text(keys.district_code), text(keys.district_name));
                if pair != last && pair != (None, None) {
                    seen.insert((
                        pair.0.map(cell::district).unwrap_or_default(),
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
                (
                    f.code.as_deref().map(cell::district).unwrap_or_default(),
                    f.name.clone().unwrap_or_default(),
                )
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
            year_of_records: years_named.first().copied().filter(|_| years_named.len() == 1),
            name_of,
            code_of,
        }
    }

    /// Completes a code or name with the other; a district without a code is identified by its name.
    pub fn completed(&self, code: Option<&str>, name: Option<&str>) -> Option<(String, Option<String>)> {
        match (code, name) {
            (Some(code), Some(name)) => Some((cell::district(code), Some(name.to_string()))),
            (Some(code), None) => {
                let code = cell::district(code);
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

    /// The district of rows that name none: that of the county's form, of the option, or the only one that all other
    /// rows name.
    pub fn fallback(&self) -> Option<(String, Option<String>)> {
        [&self.of_forms, &self.given, &self.of_records]
            .into_iter()
            .flatten()
            .find_map(|(code, name)| self.completed(code.as_deref(), name.as_deref()))
    }
}

/// Sets the year and district of every record of a block.
pub fn assign_district_and_year(
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
        .given_year
        .or(options.year)
        .or_else(|| beside.and_then(|f| f.year))
        .or(block.title_year)
        .or(districts.year_of_forms)
        .or(block.name_year);
    let of_others = districts.year_of_records.filter(|_| year.is_none());
    let year = year.or(of_others);
    let district = beside
        .and_then(|f| districts.completed(f.code.as_deref(), f.name.as_deref()))
        .or_else(|| districts.fallback());
    let sheet = || Place::sheet(&source.file, &source.sheet);
    for fact in [keys.year, keys.district_code, keys.district_name] {
        block.values[fact].get_or_insert_with(|| Values::missing(facts[fact].kind, n));
    }
    if let Some(Values::Number(years)) = &mut block.values[keys.year] {
        let missing = years.iter().filter(|y| y.is_none()).count();
        if let Some(year) = of_others.filter(|_| missing > 0) {
            problems
                .push(Problem::warning("year_of_others", sheet()).with("year", year).with("rows", missing));
        }
        match year {
            Some(year) => years.iter_mut().for_each(|y| *y = Some(y.unwrap_or(f64::from(year)))),
            None if missing > 0 => {
                problems.push(Problem::error("year_missing", sheet()).with("rows", missing))
            }
            None => {}
        }
    }
    years_that_differ(block, beside, &sheet, districts, map, keys, options, problems);
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
            let own = districts.completed(code.as_deref(), name.as_deref());
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
                .with("kept", cell::district(&code)),
        );
    }
}

/// Reports a title, name, county form or `--year` that contradicts the year of the rows: whichever is wrong, half of the
/// input may have been assigned to another year.
#[allow(clippy::too_many_arguments)]
fn years_that_differ(
    block: &Block,
    beside: Option<&DistrictForm>,
    sheet: &dyn Fn() -> Place,
    districts: &Districts,
    map: &Map,
    keys: &Keys,
    options: &Options,
    problems: &mut Vec<Problem>,
) {
    let Some(Values::Number(years)) = &block.values[keys.year] else { return };
    let mut years = years.iter().flatten();
    let Some(&year) = years.next().filter(|first| years.all(|y| y == *first)) else { return };
    let year = year as i32;
    let mut differs = |code: &'static str, other: Option<i32>, place: String| {
        if let Some(other) = other.filter(|other| *other != year) {
            problems.push(
                Problem::warning(code, sheet()).with("year", year).with("other", other).with("place", place),
            );
        }
    };
    differs("year_not_of_title", block.title_year, String::new());
    if let Some(form) = beside {
        let source = &map.sources[form.source];
        differs("year_not_of_form", form.year, Place::sheet(&source.file, &source.sheet).to_string());
    } else {
        differs("year_not_of_form", districts.year_of_forms, "—".to_string());
    }
    differs("year_not_of_name", block.name_year.filter(|_| block.title_year.is_none()), String::new());
    differs("year_option_unused", options.year, String::new());
}
