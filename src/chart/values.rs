//! The tables as pictures read them: a value a school and indicator, and the words of titles and units.

use std::collections::HashMap;

use crate::{
    number,
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
    /// The school's own: reliefs are in it.
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

    /// With its unit; said to be borderline where the printed value would be judged otherwise.
    pub fn printed(&self, district: &District, unit: &str) -> String {
        let value = with_unit(district, self.value, unit);
        match self.borderline {
            true => district.words.text("chart.borderline", &[("value", value)]),
            false => value,
        }
    }

    /// Not at the threshold, but at the floor.
    pub fn at_floor(&self) -> bool {
        self.status == Status::Unmet && self.floor_met == Some(true)
    }
}

/// As the tables write it; anything else is missing.
pub fn status(id: &str) -> Status {
    let all = [Status::Met, Status::Unmet, Status::NotApplicable];
    all.into_iter().find(|status| status.id() == id).unwrap_or(Status::Missing)
}

/// Sections with a school in scope, in order.
pub fn sections(district: &District) -> Vec<Section> {
    let found: Vec<&str> = Row::all(&district.districts).map(|row| row.said("section")).collect();
    let all = [Section::Primary, Section::Junior, Section::Senior];
    all.into_iter().filter(|section| found.contains(&section.id())).collect()
}

/// Every value by section and indicator, schools as they stand in the tables.
pub struct Values {
    all: HashMap<(String, String), Vec<Value>>,
}

impl Values {
    pub fn of(district: &District) -> Values {
        let mut pupils: HashMap<(&str, &str), f64> = HashMap::new();
        for row in Row::all(&district.facts) {
            if let Some(students) = row.number("students") {
                pupils.insert((row.said("school_code"), row.said("section")), students);
            }
        }
        let mut all: HashMap<(String, String), Vec<Value>> = HashMap::new();
        for row in Row::all(&district.measures) {
            let (code, section) = (row.said("school_code"), row.said("section"));
            let name = row.text("school_name").filter(|name| !name.trim().is_empty()).unwrap_or(code);
            let value = Value {
                school_code: code.to_string(),
                school_name: name.to_string(),
                value: row.number("value"),
                threshold: row.number("threshold"),
                floor: row.number("floor"),
                status: status(row.said("status")),
                floor_met: row.yes("floor_met"),
                borderline: row.yes("borderline") == Some(true),
                pupils: pupils.get(&(code, section)).copied(),
            };
            all.entry((section.to_string(), row.said("indicator").to_string())).or_default().push(value);
        }
        Values { all }
    }

    pub fn get(&self, section: Section, indicator: &str) -> &[Value] {
        let key = (section.id().to_string(), indicator.to_string());
        self.all.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// An indicator's title, short where the catalogue has a short form (`[chart.short]`, by the Chinese title).
pub fn short_title(district: &District, id: &str) -> String {
    short_of(district.standard, district.words, id)
}

/// The same of a standard.
pub fn short_of(standard: &Standard, words: &Words, id: &str) -> String {
    let long = standard.title_of(id, words.language);
    let key = standard.indicator(id).map(|i| format!("chart.short.{}", i.title.zh));
    match key.filter(|key| words.has(key)) {
        Some(key) => words.say(&key),
        None if long.is_empty() => id.to_string(),
        None => long.to_string(),
    }
}

/// A section as a heading or the first word of a line says it.
pub fn heading(district: &District, section: Section) -> String {
    district.words.say(&format!("chart.section.{}", section.id()))
}

/// A limit as the documents write it: 0.50, 0.45; more decimals where it has more.
pub fn limit(value: f64) -> String {
    let decimals = (2..6).find(|&d| (value * 10f64.powi(d) - (value * 10f64.powi(d)).round()).abs() < 1e-9);
    number::fixed(Some(value), decimals.unwrap_or(6) as u32)
}

/// A value with the decimals the form prints it with, and its unit.
pub fn with_unit(district: &District, value: Option<f64>, unit: &str) -> String {
    let number = number::fixed(value, district.standard.print.value);
    match unit {
        "" => number,
        unit => format!("{number} {}", district.words.unit(unit)),
    }
}
