//! A county's tables as its charts read them.

use std::collections::HashMap;

use super::frame::{Subject, name_or_code};
use crate::{
    standard::{Section, Standard},
    tables::{Status, dispersion, district::District, facts, measures},
    words::Words,
};

/// A row of `measures`, with the school's pupils in that section.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a> {
    pub row: measures::Row<'a>,
    pub pupils: Option<f64>,
}

impl<'a> Value<'a> {
    /// The name of the school; its code where it has none.
    pub fn school(self) -> &'a str {
        name_or_code(self.row.school_name(), self.row.school_code())
    }

    /// Value over threshold.
    pub fn ratio(self) -> Option<f64> {
        let threshold = self.row.threshold().filter(|threshold| *threshold > 0.0)?;
        Some(self.row.value()? / threshold)
    }

    pub fn is_unmet(self) -> bool {
        self.row.status() == Status::Unmet
    }

    /// Below the threshold, but not below the floor.
    pub fn at_floor(self) -> bool {
        self.is_unmet() && self.row.floor_met() == Some(true)
    }
}

/// One county and year, with its sections that have a school in scope and its values by section and indicator.
pub struct County<'a> {
    pub district: &'a District<'a>,
    pub words: &'a Words,
    pub sections: Vec<Section>,
    /// By section, then by indicator.
    values: HashMap<Section, HashMap<&'a str, Vec<Value<'a>>>>,
}

impl<'a> County<'a> {
    pub fn new(district: &'a District<'a>) -> County<'a> {
        let has_rows = |section: &Section| district.districts.rows().any(|row| row.section() == *section);
        let sections = Section::ALL.into_iter().filter(has_rows).collect();
        let students = |row: facts::Row<'a>| Some(((row.school_code()?, row.section()?), row.students()?));
        let pupils: HashMap<(&str, Section), f64> = district.facts.rows().filter_map(students).collect();
        let mut values: HashMap<Section, HashMap<&str, Vec<Value>>> = HashMap::new();
        for row in district.measures.rows() {
            let pupils = pupils.get(&(row.school_code(), row.section())).copied();
            let of_section = values.entry(row.section()).or_default();
            of_section.entry(row.indicator()).or_default().push(Value { row, pupils });
        }
        County { district, words: district.words, sections, values }
    }

    /// One value per school, in the order of the table.
    pub fn values(&self, section: Section, indicator: &str) -> &[Value<'a>] {
        let values = self.values.get(&section).and_then(|of_section| of_section.get(indicator));
        values.map_or(&[], Vec::as_slice)
    }

    /// A school's value with its unit; marked where the printed digits would be judged otherwise.
    pub fn printed(&self, value: Value, indicator: &str) -> String {
        self.borderline(self.value_text(value.row.value(), indicator), value.row.borderline())
    }

    /// The text; marked where the printed digits would be judged otherwise.
    pub fn borderline(&self, value: String, is_borderline: Option<bool>) -> String {
        match is_borderline {
            Some(true) => self.words.fill("chart.borderline", &[("value", value)]),
            _ => value,
        }
    }

    /// The row of `dispersion` of an indicator.
    pub fn dispersion(&self, section: Section, indicator: &str) -> Option<dispersion::Row<'a>> {
        let mut rows = self.district.dispersion.rows();
        rows.find(|row| row.section() == section && row.indicator() == indicator)
    }
}

impl Subject for County<'_> {
    fn standard(&self) -> &Standard {
        self.district.standard
    }
    fn words(&self) -> &Words {
        self.words
    }
    fn subtitle(&self, what: String) -> String {
        let args = [
            ("what", what),
            ("district", self.district.name.clone()),
            ("year", self.district.year.to_string()),
        ];
        self.words.fill("chart.subtitle", &args)
    }
    fn made_line(&self) -> String {
        self.district.made_line()
    }
}
