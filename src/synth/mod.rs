//! Invented counties for trying out the program: `junheng synth`. One county is written in the three layouts in which
//! data arrive (statistics exports, filled-in forms, one wide workbook); all three give the same seven indicators.
//!
//! A county is identical for the same seed on every machine. To make the layouts agree, the gymnasium equals the indoor
//! sports rooms, as in the statistics export (`gym_area` of `data/dictionary.csv`).

mod county;
mod decade;
#[cfg(test)]
mod demo;
mod flaws;
mod layout;
mod plan;
mod resources;
mod scorebook;
mod write;

use std::collections::BTreeMap;

pub use county::county;
pub use decade::{Decade, decade, write_decade};
pub use scorebook::filling;
pub use write::{write, write_wide};

use crate::dictionary::Section;

/// The county to invent.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The same seed gives the same county on every machine.
    pub seed: u64,
    /// The number of schools of all types, with combined and special ones counted once; 40 if `None`.
    pub schools: Option<usize>,
    /// Whether to plant one of every kind of flaw (see [`County::flaws`]).
    pub flaws: bool,
    /// The statistical year.
    pub year: i32,
    /// GB/T 2260, six digits.
    pub district_code: String,
    /// The name of the district.
    pub district_name: String,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            seed: 1,
            schools: None,
            flaws: false,
            year: 2025,
            district_code: "430503".into(),
            district_name: "大祥区".into(),
        }
    }
}

/// The content of a cell. A fact that is absent from its map is a blank cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// In the unit of the dictionary.
    Number(f64),
    Text(String),
}

impl Value {
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            Value::Text(_) => None,
        }
    }
}

/// Values by dictionary id.
pub type Facts = BTreeMap<&'static str, Value>;

/// An invented county in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct County {
    /// GB/T 2260, six digits.
    pub district_code: String,
    /// The name of the district.
    pub district_name: String,
    /// The statistical year.
    pub year: i32,
    /// The schools, in the order in which they are written.
    pub schools: Vec<School>,
    /// District facts.
    pub facts: Facts,
    /// The planted flaws.
    pub flaws: Vec<Flaw>,
    /// Rows of `schools` that the wide sheet contains twice.
    pub repeated: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct School {
    /// Ten digits, kept as text.
    pub code: String,
    pub name: String,
    /// One of [`crate::dictionary::SCHOOL_TYPES`].
    pub school_type: String,
    /// 公办 or 民办.
    pub ownership: String,
    /// 城区, 镇区 or 乡村.
    pub location: String,
    pub boarding: bool,
    pub built_year: i32,
    pub dense_urban_core: bool,
    /// In the order of [`Section::ALL`].
    pub sections: Vec<SchoolSection>,
    /// School facts of the whole school.
    pub facts: Facts,
}

/// A section (学段部) of a school with its section facts.
#[derive(Debug, Clone, PartialEq)]
pub struct SchoolSection {
    pub section: Section,
    pub facts: Facts,
}

/// A flaw that was planted on purpose.
#[derive(Debug, Clone, PartialEq)]
pub struct Flaw {
    /// The code of the finding if a cross-check reports it; otherwise `synth.flaw.<code>` of the catalogue.
    pub code: &'static str,
    pub school_code: String,
    pub school_name: String,
    pub section: Option<Section>,
    /// A dictionary id; empty for a whole row.
    pub fact: &'static str,
    /// The content that was written to the cell.
    pub written: String,
}

impl School {
    /// The section facts of `section`, if the school has it.
    pub fn section(&self, section: Section) -> Option<&SchoolSection> {
        self.sections.iter().find(|part| part.section == section)
    }

    /// Whether a form of this school must name the section of its facts.
    pub fn is_combined(&self) -> bool {
        self.sections.len() > 1
    }
}

impl SchoolSection {
    /// A number of this section; zero if the cell is blank or text.
    pub fn number(&self, fact: &str) -> f64 {
        self.facts.get(fact).and_then(Value::number).unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests;
