//! A county's tables as its charts read them.

use std::collections::HashMap;

use super::frame::{Subject, name_or_code};
use crate::{
    standard::{Section, Standard},
    tables::{Row, Status, district::District},
    words::Words,
};

/// A row of `measures`, with the school's pupils in that section.
#[derive(Debug, Clone)]
pub struct Value {
    pub school_code: String,
    pub school_name: String,
    pub value: Option<f64>,
    /// The threshold of this school, after reliefs.
    pub threshold: Option<f64>,
    pub floor: Option<f64>,
    pub status: Status,
    pub floor_met: Option<bool>,
    pub borderline: bool,
    pub pupils: Option<f64>,
}

impl Value {
    /// Value over threshold.
    pub fn ratio(&self) -> Option<f64> {
        let threshold = self.threshold.filter(|t| *t > 0.0)?;
        Some(self.value? / threshold)
    }

    /// Below the threshold, but not below the floor.
    pub fn at_floor(&self) -> bool {
        self.status == Status::Unmet && self.floor_met == Some(true)
    }
}

/// The status in a row; missing where the row has none.
pub fn status_of(row: Row) -> Status {
    row.text("status").and_then(Status::from_id).unwrap_or(Status::Missing)
}

/// One county and year, with its sections that have a school in scope and its values by section and indicator.
pub struct County<'a> {
    pub district: &'a District<'a>,
    pub words: &'a Words,
    pub sections: Vec<Section>,
    /// By section, then by indicator.
    values: HashMap<&'a str, HashMap<&'a str, Vec<Value>>>,
}

impl<'a> County<'a> {
    pub fn new(district: &'a District<'a>) -> County<'a> {
        let found: Vec<&str> = Row::all(&district.districts).map(|row| row.said("section")).collect();
        let sections = Section::ALL.into_iter().filter(|section| found.contains(&section.id())).collect();
        let mut pupils: HashMap<(&str, &str), f64> = HashMap::new();
        for row in Row::all(&district.facts) {
            if let Some(students) = row.number("students") {
                pupils.insert((row.said("school_code"), row.said("section")), students);
            }
        }
        let mut values: HashMap<&str, HashMap<&str, Vec<Value>>> = HashMap::new();
        for row in Row::all(&district.measures) {
            let (code, section) = (row.said("school_code"), row.said("section"));
            let of_section = values.entry(section).or_default();
            of_section.entry(row.said("indicator")).or_default().push(Value {
                school_code: code.to_string(),
                school_name: name_or_code(row.said("school_name"), code).to_string(),
                value: row.number("value"),
                threshold: row.number("threshold"),
                floor: row.number("floor"),
                status: status_of(row),
                floor_met: row.yes("floor_met"),
                borderline: row.yes("borderline") == Some(true),
                pupils: pupils.get(&(code, section)).copied(),
            });
        }
        County { district, words: district.words, sections, values }
    }

    /// One value per school, in the order of the table.
    pub fn values(&self, section: Section, indicator: &str) -> &[Value] {
        let values = self.values.get(section.id()).and_then(|of_section| of_section.get(indicator));
        values.map_or(&[], Vec::as_slice)
    }

    /// A school's value with its unit; marked where the printed digits would be judged otherwise.
    pub fn printed(&self, value: &Value, indicator: &str) -> String {
        self.borderline(self.value_text(value.value, indicator), value.borderline)
    }

    /// The text, marked as borderline where it is.
    pub fn borderline(&self, value: String, is_borderline: bool) -> String {
        if is_borderline { self.words.fill("chart.borderline", &[("value", value)]) } else { value }
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
