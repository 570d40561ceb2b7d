//! Files → facts: the shared examples, and one crafted workbook per rule.

mod cells;
mod examples;
mod forms;
mod headers;
mod mappings;
mod parquet;
mod parquet_bytes;
mod schools;

use std::path::{Path, PathBuf};

use crate::{
    dictionary::{Dictionary, Grain, Section},
    ingest::{self, Facts, Options},
    problem::{Error, Place, Problem},
    tables::cells::{Cells, Tables},
    words::{Language, Words},
};
use polars::prelude::*;
use rust_xlsxwriter::Workbook;

use crate::testing::shared;

fn read_with(inputs: &[PathBuf], options: &Options) -> Result<Facts, Error> {
    ingest::read(inputs, options, &|_, _, _| {})
}
fn read(inputs: &[PathBuf]) -> Facts {
    match read_with(inputs, &Options::default()) {
        Ok(facts) => facts,
        Err(why) => panic!("{}", Words::load(Language::Chinese).unwrap().error(&why)),
    }
}
fn refused(result: Result<Facts, Error>) -> Vec<Problem> {
    match result {
        Err(Error::Input(problems)) => {
            spoken(&problems);
            problems
        }
        other => panic!("expected errors of input, got {:?}", other.map(|f| f.findings)),
    }
}
/// Every message has its words in both languages, with every place filled.
fn spoken(problems: &[Problem]) {
    for language in [Language::Chinese, Language::English] {
        let words = Words::load(language).unwrap();
        for problem in problems {
            assert!(words.has(&format!("problem.{}", problem.code)), "{}", problem.code);
            let said = words.problem(problem);
            assert!(!said.contains('{') || said.contains("columns = {"), "{said}");
        }
    }
}
fn codes(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|p| p.code).collect()
}
fn found<'a>(facts: &'a Facts, code: &str) -> Vec<&'a Problem> {
    spoken(&facts.findings);
    facts.findings.iter().filter(|p| p.code == code).collect()
}

fn number(facts: &Facts, school: &str, section: &str, fact: &str) -> Option<f64> {
    let i = record(facts, school, section);
    facts.facts.frame().column(fact).unwrap().f64().unwrap().get(i)
}
fn text(facts: &Facts, school: &str, section: &str, fact: &str) -> Option<String> {
    let i = record(facts, school, section);
    facts.facts.frame().column(fact).unwrap().str().unwrap().get(i).map(str::to_string)
}
fn record(facts: &Facts, school: &str, section: &str) -> usize {
    let schools = facts.facts.frame().column("school_code").unwrap().str().unwrap();
    let sections = facts.facts.frame().column("section").unwrap().str().unwrap();
    (0..facts.facts.height())
        .find(|&i| schools.get(i) == Some(school) && sections.get(i) == Some(section))
        .unwrap_or_else(|| panic!("no record {school} {section} in {:?}", facts.facts))
}
fn sections(facts: &Facts, school: &str) -> Vec<String> {
    let schools = facts.facts.frame().column("school_code").unwrap().str().unwrap();
    let sections = facts.facts.frame().column("section").unwrap().str().unwrap();
    (0..facts.facts.height())
        .filter(|&i| schools.get(i) == Some(school))
        .map(|i| sections.get(i).unwrap().to_string())
        .collect()
}
/// The cells that a fact was read from: of a school's fact, those of all its sections; of the district's, without a school.
fn cells_of(facts: &Facts, district: &str, year: i32, school: &str, section: &str, fact: &str) -> Vec<Place> {
    let tables = Tables {
        facts: facts.facts.frame(),
        sources: &facts.sources,
        columns: &facts.columns,
        record_sources: &facts.record_sources,
        district_facts: &facts.district_facts,
        answers: None,
    };
    let cells = Cells::new(tables).unwrap();
    let grain = Dictionary::get().fact(fact).unwrap().grain;
    if grain == Grain::District {
        return cells.district_fact(district, year, fact).map(|(_, place)| place).into_iter().collect();
    }
    let section = Section::from_id(section);
    let rows = facts.facts.rows().filter(|row| {
        row.is_of(district, year)
            && row.school_code() == Some(school)
            && (grain == Grain::School || row.section() == section)
    });
    let mut found: Vec<Place> = Vec::new();
    for (_, place) in rows.flat_map(|row| cells.cells(row, fact)) {
        if !found.contains(&place) {
            found.push(place);
        }
    }
    found
}
fn cells(facts: &Facts, school: &str, section: &str, fact: &str) -> Vec<String> {
    cells_of(facts, "430503", 2025, school, section, fact).iter().map(|p| p.cell.clone().unwrap()).collect()
}

/// A workbook of text and numbers: a cell that parses as a number is one; `'` before it keeps it text.
fn workbook(folder: &Path, name: &str, sheets: &[(&str, &[&[&str]])]) -> PathBuf {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (r, row) in rows.iter().enumerate() {
            for (c, cell) in row.iter().enumerate() {
                let (r, c) = (r as u32, c as u16);
                if let Some(text) = cell.strip_prefix('\'') {
                    sheet.write_string(r, c, text).unwrap();
                } else if let Ok(number) = cell.parse::<f64>() {
                    sheet.write_number(r, c, number).unwrap();
                } else if !cell.is_empty() {
                    sheet.write_string(r, c, *cell).unwrap();
                }
            }
        }
    }
    let path = folder.join(name);
    book.save(&path).unwrap();
    path
}
fn csv(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}
fn folder() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("junheng-").rand_bytes(3).tempdir().unwrap()
}
const HOME: &str = "区县代码,区县名称,年度,学校代码,学校名称,学校类型";
