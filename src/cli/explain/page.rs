//! Building blocks of every explanation: headings, lines, and facts with their cells.

use super::{
    super::screen::{self, WIDTH, wrap},
    result::Written,
};
use crate::{
    dictionary::{Dictionary, Grain, Section},
    number,
    problem::Place,
    report::calculation,
    tables::{
        cells::{Cells, Role},
        facts,
    },
    words::Words,
};

pub(super) struct Page<'a> {
    pub written: &'a Written,
    pub words: &'a Words,
    /// All records of the school in that year.
    pub records: &'a [facts::Row<'a>],
    pub cells: Cells<'a>,
}

/// District, year, school and section: the key that a row of `measures` or `schools` shares with its record.
pub(super) type Key<'a> = (&'a str, i32, &'a str, Section);

/// The key of a record; `None` where it lacks a part of it.
pub(super) fn key(record: facts::Row) -> Option<Key> {
    Some((record.district_code()?, record.year()?, record.school_code()?, record.section()?))
}

impl Page<'_> {
    pub fn say(&self, key: &str, args: &[(&str, String)]) -> Vec<String> {
        wrap(&self.words.fill(&format!("explain.{key}"), args), "  ", WIDTH)
    }

    pub fn heading(&self, key: &str, args: &[(&str, String)]) -> String {
        screen::heading(self.words.fill(&format!("explain.{key}"), args).trim_end())
    }

    /// The name of a section; empty if there is none.
    pub fn section(&self, section: Option<Section>) -> String {
        section.map_or_else(String::new, |section| self.words.section(section.id()))
    }

    pub fn head(&self, record: facts::Row) -> String {
        let args = [
            ("school", record.school_name().unwrap_or_default().to_string()),
            ("code", record.school_code().unwrap_or_default().to_string()),
            ("section", self.section(record.section())),
            ("year", record.year().unwrap_or_default().to_string()),
        ];
        self.heading("head", &args)
    }

    pub fn labels(&self, facts: &[String]) -> String {
        facts.iter().map(|fact| self.label(fact)).collect::<Vec<_>>().join(&self.words.say("judge.comma"))
    }

    fn label(&self, fact: &str) -> String {
        calculation::label(fact, self.words)
    }

    /// Label, value and unit of a fact; then its cells, or the places where it was looked for.
    pub fn fact(&self, record: facts::Row, fact: &str) -> Vec<String> {
        let known = Dictionary::get().fact(fact);
        if known.is_some_and(|known| known.grain == Grain::District) {
            return self.district_fact(record.district_code().unwrap_or_default(), record.year(), fact);
        }
        let value = calculation::value(record, fact, self.words);
        let of = match known.map(|known| known.grain) {
            Some(Grain::Section) => self.section(record.section()),
            _ => String::new(),
        };
        let mut lines = self.fact_line(fact, &of, value);
        let cells = self.cells.cells(record, fact);
        if cells.is_empty() {
            let places = self.cells.looked_in(record);
            let places: Vec<String> = places.iter().map(Place::to_string).collect();
            let args = [("places", places.join(&self.words.say("judge.joint")))];
            let key = if places.is_empty() { "explain.no_source" } else { "explain.looked_in" };
            lines.extend(wrap(&self.words.fill(key, &args), "      ", WIDTH));
        }
        for (role, place) in cells {
            let role = match role {
                Role::Own => String::new(),
                Role::Also => self.words.say("explain.also"),
                Role::Site => self.words.say("explain.site"),
            };
            lines.extend(wrap(&format!("{place}{role}"), "      ", WIDTH));
        }
        lines
    }

    fn fact_line(&self, fact: &str, of: &str, value: String) -> Vec<String> {
        let label = format!("{of}{}{}", if of.is_empty() { "" } else { " " }, self.label(fact));
        wrap(&format!("{label} = {value}  [{fact}]"), "  ", WIDTH)
    }

    pub fn district_fact(&self, district: &str, year: Option<i32>, fact: &str) -> Vec<String> {
        let unit = Dictionary::get().fact(fact).map(|known| known.unit.as_str()).unwrap_or_default();
        let found = year.and_then(|year| self.cells.district_fact(district, year, fact));
        let value = found.as_ref().and_then(|(value, _)| *value);
        let shown = value.map_or_else(|| self.words.say("explain.no_value"), |v| number::fact(v, unit));
        let mut lines = self.fact_line(fact, "", shown);
        match found {
            Some((_, place)) => lines.extend(wrap(&place.to_string(), "      ", WIDTH)),
            None => lines.extend(wrap(&self.words.say("explain.no_district_fact"), "      ", WIDTH)),
        }
        lines
    }
}
