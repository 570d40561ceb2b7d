//! The context of every part of the report: the year's tables, and the phrases that all parts need.

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
        annual::{Annual, Derived},
        column_kind::{Count, Year},
        comparison, convergence, decomposition,
        definition::{Defined, Handle},
        derived::{changes, classes, facts_missing, limits, location_gap, overview, ranking},
        outlook, panel,
    },
};

/// Number of ranking rows per page of the annex.
pub const PAGE: usize = 50;
/// Number of districts shown at either end of the ranking in the text.
pub const ENDS: usize = 10;
/// Maximum number of CVs, gaps or trend lines per section that get a sentence; the tables have all.
pub const REMARKABLE: usize = 3;
/// Maximum number of names in a sentence.
pub const NAMES: usize = 8;
/// Level of significance: a result is stated only if p is below this.
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

/// The tables to which sentences refer.
pub struct Tables<'a> {
    pub overview: Known<'a, overview::Definition>,
    pub limits: Known<'a, limits::Definition>,
    pub ranking: Known<'a, ranking::Definition>,
    pub changes: Known<'a, changes::Definition>,
    pub facts: Known<'a, facts_missing::Definition>,
    pub location_gap: Known<'a, location_gap::Definition>,
    pub classes: Known<'a, classes::Definition>,
    pub whole: Known<'a, panel::Definition>,
    pub comparison: Known<'a, comparison::Definition>,
    pub decomposition: Known<'a, decomposition::Definition>,
    pub convergence: Known<'a, convergence::Definition>,
    pub outlook: Known<'a, outlook::Definition>,
}

/// A table to which sentences refer: its name, its frame, and the columns that identify a row.
macro_rules! known {
    ($name:literal, $frame:expr, $table:ident: $($key:ident),+) => {{
        const KEYS: &[&str] = &[$($table::column::$key.name()),+];
        Known { name: $name, keys: KEYS, frame: $frame }
    }};
}

impl<'a> Tables<'a> {
    pub fn of(annual: &'a Annual, derived: &'a Derived, outlook: &'a outlook::Frame) -> Tables<'a> {
        Tables {
            overview: known!("overview", &derived.overview, overview: year, section),
            limits: known!("limits", &derived.limits, limits: year, section),
            ranking: known!("ranking", &derived.ranking, ranking: district_code),
            changes: known!("changes", &derived.changes, changes: district_code, section, indicator),
            facts: known!("facts_missing", &derived.facts, facts_missing: year, section, fact),
            location_gap: known!(
                "location_gap", &derived.location_gap, location_gap: year, section, indicator
            ),
            classes: known!("classes", &derived.classes, classes: year, section),
            whole: known!(
                "whole", &annual.whole,
                panel: level, district_code, year, section, grouping, group, indicator
            ),
            comparison: known!(
                "comparison", &annual.comparison,
                comparison: level, district_code, year, section, indicator
            ),
            decomposition: known!(
                "decomposition", &annual.decomposition,
                decomposition: level, district_code, year, section, indicator, measure, by, part, group
            ),
            convergence: known!("convergence", &annual.convergence, convergence: section, indicator, kind),
            outlook: known!("outlook", outlook, outlook: district_code, section, indicator, of),
        }
    }

    /// Counts and comparisons of the report itself, by file name; they are written to the workbook and the folder.
    pub fn derived(&self) -> [(&'static str, &'a DataFrame); 7] {
        [
            (self.overview.name, self.overview.frame.frame()),
            (self.limits.name, self.limits.frame.frame()),
            (self.ranking.name, self.ranking.frame.frame()),
            (self.changes.name, self.changes.frame.frame()),
            (self.facts.name, self.facts.frame.frame()),
            (self.location_gap.name, self.location_gap.frame.frame()),
            (self.classes.name, self.classes.frame.frame()),
        ]
    }
}

/// The context of every part of the report.
pub struct ReportContext<'a> {
    pub annual: &'a Annual<'a>,
    pub tables: &'a Tables<'a>,
    pub writer: &'a TracedWriter<'a>,
    pub further: &'a Further<'a>,
}

impl<'a> ReportContext<'a> {
    /// The rows of the report's year.
    pub fn of_year<T: Defined>(
        &self,
        of: Known<'a, T>,
        column: Handle<T, Year>,
    ) -> impl Iterator<Item = T::Row<'a>> + Clone {
        let year = f64::from(self.annual.year);
        of.rows().filter(move |row| column.number(*row) == Some(year))
    }

    /// The years of the overview, ascending.
    pub fn years(&self) -> Vec<i32> {
        let years: BTreeSet<i32> = self.tables.overview.rows().map(|row| row.year()).collect();
        years.into_iter().collect()
    }

    pub fn sections(&self) -> Vec<Section> {
        let known: Vec<&str> =
            self.of_year(self.tables.overview, overview::column::year).map(|row| row.section()).collect();
        let sections = self.annual.standard.scope.sections.iter().copied();
        sections.filter(|section| known.contains(&section.id())).collect()
    }

    pub fn section_name(&self, section: Section) -> String {
        self.annual.words.section(section.id())
    }

    /// The indicator with its id; only the id if the standard lacks it.
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
        !self.tables.limits.frame.is_empty()
    }

    /// Whether there is any requirement that a district can meet or fail.
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

    /// A count with its matching form of the text, `key.none`, `.one` or `.many`; empty if the cell is empty.
    pub fn by_count<T: Defined>(
        &self,
        key: &str,
        of: Known<'a, T>,
        row: T::Row<'_>,
        column: Handle<T, Count>,
    ) -> String {
        let Some(count) = column.number(row) else { return String::new() };
        let args = [("count", self.writer.known(of, row, column, Print::Fixed(0)))];
        self.say(&TracedWriter::counted(key, count as i64), &args)
    }
}
