//! What every part of the report is written from: the year's tables, and the phrases that all parts need.

use std::collections::BTreeSet;

use polars::prelude::DataFrame;
use serde::Serialize;

use super::{
    Further,
    traced_writer::{Known, Print, TracedWriter, named},
};
use crate::{
    report::escape::marked_up,
    standard::{Indicator, Section},
    tables::{
        Row,
        annual::{Annual, Derived, year_of},
    },
};

/// Rows of a ranking on a page of the annex.
pub const PAGE: usize = 50;
/// Districts at either end of the ranking in the text.
pub const ENDS: usize = 10;
/// At most so many CVs, gaps or trend lines of a section get a sentence; the tables have all.
pub const REMARKABLE: usize = 3;
/// Names in a sentence.
pub const NAMES: usize = 8;
/// A result that chance alone gives so rarely is said to be one.
pub const CHANCE: f64 = 0.05;

/// A section with its sentences.
#[derive(Debug, Default, Serialize)]
pub struct Part {
    pub id: String,
    pub name: String,
    #[serde(serialize_with = "marked_up")]
    pub sentences: Vec<String>,
    #[serde(serialize_with = "marked_up")]
    pub entries: Vec<String>,
}

/// Tables as sentences speak of them.
pub struct Tables<'a> {
    pub overview: Known<'a>,
    pub limits: Known<'a>,
    pub ranking: Known<'a>,
    pub changes: Known<'a>,
    pub facts: Known<'a>,
    pub location_gap: Known<'a>,
    pub classes: Known<'a>,
    pub whole: Known<'a>,
    pub comparison: Known<'a>,
    pub decomposition: Known<'a>,
    pub convergence: Known<'a>,
    pub outlook: Known<'a>,
}

const SPREAD: &[&str] = &["level", "district_code", "year", "section", "grouping", "group", "indicator"];
const YEARLY: &[&str] = &["year", "section"];

impl<'a> Tables<'a> {
    pub fn of(annual: &'a Annual, derived: &'a Derived, outlook: &'a DataFrame) -> Tables<'a> {
        let known = |name, keys, frame| Known { name, keys, frame };
        Tables {
            overview: known("overview", YEARLY, &derived.overview),
            limits: known("limits", YEARLY, &derived.limits),
            ranking: known("ranking", &["district_code"], &derived.ranking),
            changes: known("changes", &["district_code", "section", "indicator"], &derived.changes),
            facts: known("facts_missing", &["year", "section", "fact"], &derived.facts),
            location_gap: known("location_gap", &["year", "section", "indicator"], &derived.location_gap),
            classes: known("classes", YEARLY, &derived.classes),
            whole: known("whole", SPREAD, &annual.whole),
            comparison: known(
                "comparison",
                &["level", "district_code", "year", "section", "indicator"],
                &annual.comparison,
            ),
            decomposition: known(
                "decomposition",
                &["level", "district_code", "year", "section", "indicator", "measure", "by", "part", "group"],
                &annual.decomposition,
            ),
            convergence: known("convergence", &["section", "indicator", "kind"], &annual.convergence),
            outlook: known("outlook", &["district_code", "section", "indicator", "of"], outlook),
        }
    }

    /// All, with their frames: what the workbook and the folder hold.
    pub fn derived(&self) -> [Known<'a>; 7] {
        [self.overview, self.limits, self.ranking, self.changes, self.facts, self.location_gap, self.classes]
    }
}

/// What every part of the report is written from.
pub struct ReportContext<'a> {
    pub annual: &'a Annual<'a>,
    pub tables: &'a Tables<'a>,
    pub writer: &'a TracedWriter<'a>,
    pub further: &'a Further<'a>,
}

impl<'a> ReportContext<'a> {
    /// Rows of the report's year.
    pub fn of_year(&self, of: Known<'a>) -> impl Iterator<Item = Row<'a>> + Clone {
        let year = self.annual.year;
        Row::all(of.frame).filter(move |row| year_of(row) == year)
    }

    /// The years that the overview has, ascending.
    pub fn years(&self) -> Vec<i32> {
        let years: BTreeSet<i32> = Row::all(self.tables.overview.frame).map(|row| year_of(&row)).collect();
        years.into_iter().collect()
    }

    pub fn sections(&self) -> Vec<Section> {
        let known: Vec<&str> = self.of_year(self.tables.overview).map(|row| row.said("section")).collect();
        let sections = self.annual.standard.scope.sections.iter().copied();
        sections.filter(|section| known.contains(&section.id())).collect()
    }

    pub fn section_name(&self, section: &str) -> String {
        self.annual.words.section(section)
    }

    /// An indicator by its id; the id where the standard lacks it.
    pub fn indicator_name(&self, id: &str) -> String {
        let words = self.annual.words;
        let title = self.indicator(id).map_or(id, |indicator| indicator.title.get(words.language));
        self.writer.say("indicator", &[("title", named(title)), ("id", named(id))])
    }

    pub fn indicator(&self, id: &str) -> Option<&'a Indicator> {
        self.annual.standard.indicators.iter().find(|indicator| indicator.id == id)
    }

    /// Whether any CV has a limit.
    pub fn has_limits(&self) -> bool {
        self.tables.limits.frame.height() > 0
    }

    /// Whether there is anything that a district may pass or fail.
    pub fn judged(&self) -> bool {
        self.has_limits() || self.annual.standard.judges_schools()
    }

    /// 城区, 镇区, 乡村 in the run's language.
    pub fn group_name(&self, name: &str) -> String {
        let key = format!("annual.group.{name}");
        if self.annual.words.has(&key) { self.annual.words.say(&key) } else { named(name) }
    }

    pub fn cv(&self) -> u32 {
        self.annual.standard.print.cv
    }
    pub fn mean(&self) -> u32 {
        self.annual.standard.print.mean
    }

    pub fn say(&self, key: &str, args: &[(&str, String)]) -> String {
        self.writer.say(key, args)
    }

    /// A count with the words that fit it: `key.none`, `.one`, `.many`; nothing where the cell is empty.
    pub fn by_count(
        &self,
        key: &str,
        of: Known<'a>,
        row: &Row,
        column: &str,
        args: &[(&str, String)],
    ) -> String {
        let Some(count) = row.whole(column) else { return String::new() };
        let mut args = args.to_vec();
        args.push(("count", self.writer.known(of, row, column, Print::Fixed(0))));
        self.say(&TracedWriter::counted(key, count), &args)
    }
}
