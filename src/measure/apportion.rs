//! Splits the shared resources of combined schools by weighted pupils.
//!
//! A section's share is w_s·P_s / Σ w_t·P_t over the school's sections (1 : 1.1 : 1.32; 测算均衡系数拆分公式). Published example:
//! a nine-year school of 166 + 210 pupils with 23,226 books gives 9,711 and 13,515 (with intermediate rounding; exactly
//! 9,711.63 and 13,514.37). A school with one section keeps everything. If a section's pupils are missing, all shares
//! of the school are unknown.

use std::{collections::HashMap, hash::BuildHasher};

use num_rational::BigRational;
use polars::prelude::*;

use crate::{
    dictionary::{Section, sections_of},
    exact::exact_of,
    standard::Apportionment,
    tables::facts,
};

/// The pupils of a school's sections; `None` if it has no such section.
pub type Pupils = [Option<f64>; 3];

/// The schools with more than one section, by a hash of district, year and school.
#[derive(Debug, Default)]
pub struct Combined {
    schools: HashMap<u64, Pupils>,
    /// The sections that the types of these schools name, one bit per section.
    named: HashMap<u64, u8>,
}

/// Identifies a school in a year: a hash whose two lowest bits are zero, so that they can hold a section's number.
pub fn school_key(district: &str, year: i32, school: &str) -> u64 {
    foldhash::quality::FixedState::with_seed(2017).hash_one((district, year, school)) & !3
}

/// The `section` of each row; `None` for any other word.
pub fn sections(frame: &DataFrame) -> PolarsResult<Vec<Option<Section>>> {
    Ok(frame.column(facts::column::section)?.str()?.iter().map(|s| s.and_then(Section::from_id)).collect())
}

/// Whether the row alone proves that its school has no other section.
pub fn is_simple(school_type: Option<&str>, section: Option<Section>) -> bool {
    match (school_type.map(sections_of), section) {
        (Some([only]), Some(section)) => *only == section,
        _ => false,
    }
}

impl Combined {
    /// Adds the rows of `frame` (identity columns and `students`) that are not simple.
    pub fn add(&mut self, frame: &DataFrame) -> PolarsResult<()> {
        let sections = sections(frame)?;
        let types = frame.column(facts::column::school_type)?.str()?;
        let (district, school) = (
            frame.column(facts::column::district_code)?.str()?,
            frame.column(facts::column::school_code)?.str()?,
        );
        let (year, students) =
            (frame.column(facts::column::year)?.i32()?, frame.column(facts::column::students)?.f64()?);
        for (row, section) in sections.iter().enumerate() {
            let Some(section) = section else { continue };
            if is_simple(types.get(row), Some(*section)) {
                continue;
            }
            let key = school_key(
                district.get(row).unwrap_or(""),
                year.get(row).unwrap_or(0),
                school.get(row).unwrap_or(""),
            );
            self.schools.entry(key).or_default()[*section as usize] =
                Some(students.get(row).unwrap_or(f64::NAN));
            let named = types.get(row).map_or(&[][..], sections_of);
            *self.named.entry(key).or_default() |= named.iter().fold(0, |bits, s| bits | 1 << *s as u8);
        }
        Ok(())
    }

    /// The combined schools of a whole frame.
    pub fn of(frame: &DataFrame) -> PolarsResult<Combined> {
        let mut combined = Combined::default();
        // A school may have a second section although its type says otherwise, so every row counts.
        let untyped = frame
            .clone()
            .lazy()
            .with_column(lit(NULL).cast(DataType::String).alias(facts::column::school_type));
        combined.add(&untyped.collect()?)?;
        combined.schools.retain(|_, pupils| pupils.iter().flatten().count() > 1);
        Ok(combined)
    }

    /// Whether the type of some school names a section that has no row.
    pub fn lacks_a_section(&self) -> bool {
        self.named.iter().any(|(key, named)| {
            let has = |s: Section| self.get(*key).is_some_and(|pupils| pupils[s as usize].is_some());
            Section::ALL.into_iter().any(|s| named & (1 << s as u8) != 0 && !has(s))
        })
    }

    pub fn is_empty(&self) -> bool {
        self.schools.is_empty()
    }

    pub fn get(&self, key: u64) -> Option<&Pupils> {
        self.schools.get(&key)
    }

    /// The share of every row of `frame`, NaN where pupils are missing; `None` if none of its schools is combined.
    pub fn shares(&self, frame: &DataFrame, rule: &Apportionment) -> PolarsResult<Option<Vec<f64>>> {
        if self.is_empty() {
            return Ok(None);
        }
        let sections = sections(frame)?;
        let (district, school) = (
            frame.column(facts::column::district_code)?.str()?,
            frame.column(facts::column::school_code)?.str()?,
        );
        let year = frame.column(facts::column::year)?.i32()?;
        let shares = sections.iter().enumerate().map(|(row, section)| {
            let key = school_key(
                district.get(row).unwrap_or(""),
                year.get(row).unwrap_or(0),
                school.get(row).unwrap_or(""),
            );
            match (self.get(key), section) {
                (Some(pupils), Some(section)) => share(pupils, *section, rule),
                _ => 1.0,
            }
        });
        Ok(Some(shares.collect()))
    }
}

fn weight(rule: &Apportionment, section: Section) -> f64 {
    rule.weights.get(&section).copied().unwrap_or(0.0)
}

/// The share of a section; NaN if the pupils of a section are missing or all are zero.
pub fn share(pupils: &Pupils, section: Section, rule: &Apportionment) -> f64 {
    let weighted = |s: Section| pupils[s as usize].map_or(0.0, |p| weight(rule, s) * p);
    let total: f64 = Section::ALL.into_iter().map(weighted).sum();
    if total > 0.0 { weighted(section) / total } else { f64::NAN }
}

/// The share in exact arithmetic.
pub fn exact_share(pupils: &Pupils, section: Section, rule: &Apportionment) -> Option<BigRational> {
    let zero = || BigRational::from_integer(0.into());
    let weighted = |s: Section| match pupils[s as usize] {
        Some(p) => Some(exact_of(weight(rule, s))? * exact_of(p)?),
        None => Some(zero()),
    };
    let total = Section::ALL.into_iter().map(weighted).sum::<Option<BigRational>>()?;
    if total > zero() { Some(weighted(section)? / total) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> Apportionment {
        Apportionment {
            facts: vec!["books".into()],
            weights: [(Section::Primary, 1.0), (Section::Junior, 1.1), (Section::Senior, 1.32)].into(),
            clause: String::new(),
        }
    }

    #[test]
    fn the_published_nine_year_school() {
        let pupils = [Some(166.0), Some(210.0), None];
        assert_eq!(format!("{:.2}", 23_226.0 * share(&pupils, Section::Primary, &rule())), "9711.63");
        assert_eq!(format!("{:.2}", 23_226.0 * share(&pupils, Section::Junior, &rule())), "13514.37");
        let exact = exact_share(&pupils, Section::Primary, &rule()).unwrap();
        assert_eq!(exact, BigRational::new(166.into(), 397.into()));
    }

    #[test]
    fn degenerate_schools() {
        let rule = rule();
        assert_eq!(share(&[Some(10.0), None, None], Section::Primary, &rule), 1.0);
        assert_eq!(share(&[Some(10.0), Some(0.0), None], Section::Primary, &rule), 1.0);
        assert!(share(&[Some(10.0), Some(f64::NAN), None], Section::Primary, &rule).is_nan());
        assert!(share(&[Some(0.0), Some(0.0), None], Section::Primary, &rule).is_nan());
        assert_eq!(exact_share(&[Some(10.0), Some(f64::NAN), None], Section::Primary, &rule), None);
    }

    #[test]
    fn three_sections_share_all_of_it() {
        let pupils = [Some(566.0), Some(235.0), Some(109.0)];
        let whole: f64 = Section::ALL.into_iter().map(|s| share(&pupils, s, &rule())).sum();
        assert!((whole - 1.0).abs() < 1e-15);
    }
}
