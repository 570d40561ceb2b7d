//! The coverage of the data: which district has which year and which fact.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::*;

use crate::{
    dictionary::{Dictionary, Section},
    panel::Level,
    standard::{Formula, Standard},
    tables::{coverage, years::Region},
};

/// The facts that a standard's formulas read, by section, in the dictionary's order.
pub(super) struct Reading {
    facts: [Vec<String>; 3],
}

impl Reading {
    pub fn new(standard: &Standard, reliefs: bool) -> Reading {
        let of = |section: Section| {
            if !standard.scope.sections.contains(&section) {
                return Vec::new();
            }
            let mut facts: BTreeSet<String> = BTreeSet::new();
            let mut add = |formula: &Formula| facts.extend(formula.facts());
            for indicator in &standard.indicators {
                indicator.numerator.get(section).into_iter().for_each(&mut add);
                add(&indicator.denominator);
                for relief in indicator.reliefs.iter().filter(|_| reliefs) {
                    add(&relief.when);
                    relief.numerator.iter().filter_map(|n| n.get(section)).for_each(&mut add);
                }
            }
            let exclusions = standard.scope.exclude.iter().filter(|x| standard.in_force(&x.only));
            exclusions.for_each(|x| add(&x.when));
            let columns = Dictionary::get().columns();
            columns.filter(|fact| facts.contains(&fact.id)).map(|fact| fact.id.clone()).collect()
        };
        Reading { facts: Section::ALL.map(of) }
    }

    /// The number of rows with a value, by district and section; `of_row` is the district of a row.
    pub fn covered(&self, frame: &DataFrame, of_row: &[u32], districts: u32) -> PolarsResult<Vec<Covered>> {
        let sections = crate::measure::apportion::sections(frame)?;
        // A section out of scope needs no facts.
        let cell = |row: usize| {
            let section = sections.get(row).copied().flatten()?;
            (!self.facts[section as usize].is_empty()).then_some(3 * of_row[row] as usize + section as usize)
        };
        let cells: Vec<Option<usize>> = (0..frame.height()).map(cell).collect();
        let mut found: Vec<Covered> = (0..3 * districts)
            .map(|at| {
                let section = Section::ALL[at as usize % 3];
                let known = vec![0; self.facts[section as usize].len()];
                Covered { district: at / 3, section, rows: 0, known }
            })
            .collect();
        cells.iter().flatten().for_each(|&at| found[at].rows += 1);
        let all: BTreeSet<&String> = self.facts.iter().flatten().collect();
        for fact in all {
            let at = Section::ALL.map(|s| self.facts[s as usize].iter().position(|f| f == fact));
            let is_known = frame.column(fact)?.is_not_null();
            for (cell, known) in cells.iter().zip(is_known.iter()) {
                let Some(cell) = *cell else { continue };
                if let (Some(true), Some(fact)) = (known, at[cell % 3]) {
                    found[cell].known[fact] += 1;
                }
            }
        }
        found.retain(|covered| covered.rows > 0);
        Ok(found)
    }
}

/// The number of sections of a district in a year, and how many of them have each fact.
#[derive(Debug, Clone)]
pub(super) struct Covered {
    pub district: u32,
    pub section: Section,
    pub rows: u32,
    /// In the order of the section's facts.
    pub known: Vec<u32>,
}

/// A row of the table, in a few bytes.
struct Line {
    district: u32,
    year: i32,
    section: Section,
    /// 0 for the schools, otherwise 1 + the fact's position.
    fact: u16,
    known: u32,
    of: u32,
    name: u32,
}

/// The table, built up year by year.
pub(super) struct Coverage {
    reading: Reading,
    lines: Vec<Line>,
    districts: Texts,
    names: Texts,
    /// For each district: its sections, its years, and its latest name in any year.
    seen: BTreeMap<u32, (BTreeSet<Section>, BTreeSet<i32>, u32)>,
}

/// Texts by number, without repetition.
#[derive(Default)]
struct Texts {
    all: Vec<String>,
    index: HashMap<String, u32>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&at) = self.index.get(text) {
            return at;
        }
        let at = self.all.len() as u32;
        self.all.push(text.to_string());
        self.index.insert(text.to_string(), at);
        at
    }
}

impl Coverage {
    pub fn new(standard: &Standard, reliefs: bool) -> Coverage {
        Coverage {
            reading: Reading::new(standard, reliefs),
            lines: Vec::new(),
            districts: Texts::default(),
            names: Texts::default(),
            seen: BTreeMap::new(),
        }
    }

    pub fn add(&mut self, year: i32, regions: &[Region], covered: &[Covered]) {
        for one in covered {
            let Some(region) = regions.get(one.district as usize) else { continue };
            let district = self.districts.number(&region.district_code);
            let name = self.names.number(&region.district_name);
            let seen = self.seen.entry(district).or_default();
            seen.0.insert(one.section);
            seen.1.insert(year);
            seen.2 = name;
            let line = |fact: usize, known: u32| Line {
                district,
                year,
                section: one.section,
                fact: fact as u16,
                known,
                of: one.rows,
                name,
            };
            self.lines.push(line(0, one.rows));
            self.lines.extend(one.known.iter().enumerate().map(|(at, &known)| line(at + 1, known)));
        }
    }

    /// The table by district, year, section and fact, with a row for every section of a district that is absent in a
    /// year of `years`.
    pub fn table(mut self, years: &[i32]) -> coverage::Frame {
        for (&district, (sections, there, name)) in &self.seen {
            for &year in years.iter().filter(|year| !there.contains(year)) {
                let absent =
                    |&section| Line { district, year, section, fact: 0, known: 0, of: 0, name: *name };
                self.lines.extend(sections.iter().map(absent));
            }
        }
        let mut order: Vec<u32> = (0..self.districts.all.len() as u32).collect();
        order.sort_by_key(|&at| &self.districts.all[at as usize]);
        let mut place = vec![0u32; order.len()];
        order.iter().enumerate().for_each(|(at, &district)| place[district as usize] = at as u32);
        self.lines
            .sort_unstable_by_key(|line| (place[line.district as usize], line.year, line.section, line.fact));
        self.frame()
    }

    fn frame(&self) -> coverage::Frame {
        let (districts, names, facts) = (&self.districts.all, &self.names.all, &self.reading.facts);
        let fact = |line: &Line| {
            let at = usize::from(line.fact).checked_sub(1)?;
            facts[line.section as usize].get(at).map(String::as_str)
        };
        let rows = self.lines.iter().map(|line| coverage::Values {
            level: Level::District.id(),
            district_code: &districts[line.district as usize],
            district_name: &names[line.name as usize],
            year: line.year,
            section: line.section,
            fact: fact(line),
            known: line.known.into(),
            of: line.of.into(),
            status: match line.known {
                0 => "none",
                known if known < line.of => "partly",
                _ => "complete",
            },
        });
        rows.collect()
    }
}
