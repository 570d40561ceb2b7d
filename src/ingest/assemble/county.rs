//! What concerns the county as a whole: district facts, and the answers to the standard's items.

use super::{Map, home::Districts, merge};
use crate::{
    dictionary::Dictionary,
    ingest::{
        Options,
        layout::{Answer, AnswerSheet, DistrictForm, Source, about},
    },
    problem::{Place, Problem},
};

/// A row of `district_facts`.
pub struct DistrictFact {
    pub district: String,
    pub year: i32,
    pub fact: usize,
    pub value: f64,
    pub source: usize,
    pub cell: String,
}

pub fn district_facts(
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
            .completed(form.code.as_deref(), form.name.as_deref())
            .map(|(code, _)| code)
            .or_else(|| home.map(str::to_string))
            .or_else(|| districts.fallback().map(|(code, _)| code))
        else {
            problems.push(Problem::error("district_missing", sheet()).with("rows", form.values.len()));
            continue;
        };
        let Some(year) = form.year.or(options.year).or(form.name_year).or(year).or(districts.year_of_forms)
        else {
            problems.push(Problem::error("year_missing", sheet()).with("rows", form.values.len()));
            continue;
        };
        for (fact, value, cell) in &form.values {
            let at = |source: &Source, cell: &str| Place::cell(&source.file, &source.sheet, cell);
            match found.iter().find(|f| f.fact == *fact && f.year == year && f.district == district) {
                Some(first) if !merge::same_number(first.value, *value) => problems.push(
                    about(
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

/// A row of `answers`.
pub struct PlacedAnswer {
    pub district: String,
    pub year: i32,
    pub source: usize,
    pub answer: Answer,
}

#[allow(clippy::too_many_arguments)]
pub fn answers_of(
    sheets: Vec<AnswerSheet>,
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
            .and_then(|f| districts.completed(f.code.as_deref(), f.name.as_deref()))
            .map(|(code, _)| code)
            .or_else(|| home.map(str::to_string))
            .or_else(|| districts.fallback().map(|(code, _)| code));
        let year = beside
            .and_then(|f| f.year)
            .or(options.year)
            .or(sheet.name_year)
            .or(year)
            .or(districts.year_of_forms);
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
