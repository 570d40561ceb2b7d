//! The tables that pass between rooms, with their columns, types, units and meaning, each defined once.
//!
//! A table is a [`definition::Frame`]: a Polars frame that has passed [`Table::check`]. Statuses are `met`, `unmet`,
//! `missing` and `not_applicable` ([`Status`]). Ids are ASCII; sections are `primary`, `junior`, `senior`.

pub(crate) mod annual;
pub(crate) mod assessment;
pub(crate) mod cells;
pub(crate) mod checks;
pub mod column_kind;
pub mod definition;
pub mod derived;
pub mod difference;
pub(crate) mod district;
pub(crate) mod document;
mod drawing;
pub mod facts;
pub(crate) mod judged;
mod judging;
pub(crate) mod ledger;
pub(crate) mod marks;
pub(crate) mod measure_matrix;
#[cfg(test)]
mod page;
pub(crate) mod provenance;
mod reading;
pub(crate) mod row;
pub(crate) mod run;
mod schedule;
pub(crate) mod scorebook;
pub(crate) mod scored;
pub(crate) mod scoring;
pub mod scoring_tables;
mod study;
pub(crate) mod verdict;
pub(crate) mod years;

use polars::prelude::*;

pub use definition::OfDistrictYear;
pub use document::sentences;
pub use drawing::draw;
pub use judging::{dispersion, districts, gaps, items, measures, schools, shares};
pub use reading::{answers, columns, district_facts, findings, record_sources, sources, version_changes};
pub use row::Row;
pub use schedule::calendar;
pub use study::{
    class_sizes, comparison, convergence, coverage, decomposition, growth, influence, joined, lorenz,
    outlook, panel, shocks, sigma, standings, suggested,
};

/// One column: name, type, unit, and its meaning in Chinese and English.
#[derive(Debug, Clone)]
pub struct Column {
    /// The name in files and frames.
    pub name: String,
    /// The type in Polars.
    pub dtype: DataType,
    /// The unit of numbers; empty for texts and for numbers without a unit.
    pub unit: String,
    /// The meaning in Chinese.
    pub meaning_zh: String,
    /// The meaning in English.
    pub meaning: String,
    /// Whether it may contain nulls.
    pub optional: bool,
}

/// A table: the meaning of one row, and its columns in order.
#[derive(Debug, Clone)]
pub struct Table {
    /// Its unique id in this program.
    pub id: &'static str,
    /// The name of its file. Two tables that are never written into the same folder may share it.
    pub name: &'static str,
    /// What one row is, in Chinese.
    pub meaning_zh: &'static str,
    /// What one row is, in English.
    pub meaning: &'static str,
    /// The columns, in order.
    pub columns: Vec<Column>,
}

impl Table {
    /// Checks names, order and types; the error names the first difference. A failure is a defect of this program,
    /// never of the input.
    pub fn check(&self, frame: &DataFrame) -> PolarsResult<()> {
        let found = frame.columns();
        if found.len() != self.columns.len() {
            polars_bail!(SchemaMismatch: "{}: {} columns, expected {}", self.name, found.len(), self.columns.len());
        }
        for (column, expected) in found.iter().zip(&self.columns) {
            if column.name().as_str() != expected.name || column.dtype() != &expected.dtype {
                polars_bail!(SchemaMismatch: "{}: column {} {}, expected {} {}", self.name, column.name(),
                    column.dtype(), expected.name, expected.dtype);
            }
        }
        Ok(())
    }

    /// Names and types of the columns, for Polars.
    pub fn schema(&self) -> Schema {
        self.columns.iter().map(|c| Field::new(c.name.as_str().into(), c.dtype.clone())).collect()
    }

    /// The table without rows.
    pub fn empty(&self) -> DataFrame {
        DataFrame::empty_with_schema(&self.schema())
    }
}

/// The result for a measure, an item or a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// The requirement is met.
    Met,
    /// The requirement is not met.
    Unmet,
    /// A fact or an answer is missing, which never counts as met.
    Missing,
    /// The requirement does not apply.
    NotApplicable,
}

impl Status {
    /// All four.
    pub const ALL: [Status; 4] = [Status::Met, Status::Unmet, Status::Missing, Status::NotApplicable];

    /// The status that has this id in tables.
    pub fn from_id(id: &str) -> Option<Status> {
        Status::ALL.into_iter().find(|status| status.id() == id)
    }

    /// The id in tables.
    pub fn id(self) -> &'static str {
        match self {
            Status::Met => "met",
            Status::Unmet => "unmet",
            Status::Missing => "missing",
            Status::NotApplicable => "not_applicable",
        }
    }
    /// `None` unless met or unmet.
    pub fn met(self) -> Option<bool> {
        match self {
            Status::Met => Some(true),
            Status::Unmet => Some(false),
            _ => None,
        }
    }
    /// The conjunction of several: one unmet decides, otherwise one missing; those not applicable are ignored.
    pub fn all(parts: impl IntoIterator<Item = Status>) -> Status {
        parts.into_iter().fold(Status::NotApplicable, |whole, part| match (whole, part) {
            (Status::Unmet, _) | (_, Status::Unmet) => Status::Unmet,
            (Status::Missing, _) | (_, Status::Missing) => Status::Missing,
            (Status::Met, _) | (_, Status::Met) => Status::Met,
            _ => Status::NotApplicable,
        })
    }
}

/// Every table, in the order of the data flow.
pub fn all() -> Vec<Table> {
    vec![
        facts::table(),
        district_facts::table(),
        sources::table(),
        columns::table(),
        record_sources::table(),
        answers::table(),
        findings::table(),
        measures::table(),
        schools::table(),
        districts::table(),
        dispersion::table(),
        items::table(),
        gaps::table(),
        shares::table(),
        panel::table(),
        standings::table(),
        coverage::table(),
        joined::table(),
        suggested::table(),
        decomposition::table(),
        influence::table(),
        comparison::table(),
        sigma::table(),
        convergence::table(),
        growth::table(),
        lorenz::table(),
        class_sizes::table(),
        outlook::table(),
        shocks::table(),
        version_changes::table(),
        calendar::table(),
        sentences::table(),
        draw::table(),
        derived::overview::table(),
        derived::limits::table(),
        derived::ranking::table(),
        derived::changes::table(),
        derived::facts_missing::table(),
        derived::location_gap::table(),
        derived::classes::table(),
        derived::counts::table(),
        scoring_tables::item_scores::table(),
        scoring_tables::part_scores::table(),
        scoring_tables::heading_totals::table(),
        scoring_tables::unit_standings::table(),
        scoring_tables::marks_entered::table(),
        scoring_tables::evidence::table(),
        scoring_tables::papers_received::table(),
        scoring_tables::consequences::table(),
        scoring_tables::entries_unmarked::table(),
        scoring_tables::scores_above::table(),
        scoring_tables::reasons::table(),
        scoring_tables::rectification::table(),
        scoring_tables::items_lost::table(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_table_passes_its_own_door() {
        for table in all() {
            table.check(&table.empty()).unwrap();
        }
    }

    #[test]
    fn one_unmet_decides_and_one_missing_hinders() {
        use Status::*;
        assert_eq!(Status::all([Met, Missing, Unmet]), Unmet);
        assert_eq!(Status::all([Met, Missing]), Missing);
        assert_eq!(Status::all([Met, NotApplicable]), Met);
        assert_eq!(Status::all([]), NotApplicable);
    }
}
