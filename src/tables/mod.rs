//! The tables that pass between rooms: columns, types, units and meaning, written down once.
//!
//! A table is a Polars frame. [`Table::check`] stands at every door; [`empty`] gives a table without rows.
//! Statuses are `met`, `unmet`, `missing` and `not_applicable` ([`Status`]). Ids are ASCII; sections are
//! `primary`, `junior`, `senior`.

pub mod annual;
pub mod cells;
pub mod checks;
pub mod district;
pub mod judged;
pub mod ledger;
pub mod made;
pub mod marking;
pub mod marks;
pub mod panel;
pub mod row;
pub mod scored;
pub mod scoring;
pub mod verdict;
pub mod years;

use polars::prelude::*;

pub use row::Row;

use crate::dictionary::{Dictionary, Kind};

/// One column: name, type, unit, meaning.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub dtype: DataType,
    pub unit: String,
    pub meaning: String,
}

/// A table's name (also its file name in DIR) and its columns, in order.
#[derive(Debug, Clone)]
pub struct Table {
    pub name: &'static str,
    pub columns: Vec<Column>,
}

impl Table {
    /// Names, order and types are as written down; the error names the first difference. A failure is a
    /// defect of ours, never of the input.
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

    pub fn schema(&self) -> Schema {
        self.columns.iter().map(|c| Field::new(c.name.as_str().into(), c.dtype.clone())).collect()
    }

    /// The table without rows.
    pub fn empty(&self) -> DataFrame {
        DataFrame::empty_with_schema(&self.schema())
    }
}

/// What was found of a measure, an item or a requirement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    Met,
    Unmet,
    /// A fact or an answer is missing: never counts as met.
    Missing,
    NotApplicable,
}

impl Status {
    pub fn id(self) -> &'static str {
        match self {
            Status::Met => "met",
            Status::Unmet => "unmet",
            Status::Missing => "missing",
            Status::NotApplicable => "not_applicable",
        }
    }
    /// Met and unmet are known; anything else has no `met`.
    pub fn met(self) -> Option<bool> {
        match self {
            Status::Met => Some(true),
            Status::Unmet => Some(false),
            _ => None,
        }
    }
    /// All of several: one unmet decides; otherwise one missing; what is not applicable does not count.
    pub fn all(parts: impl IntoIterator<Item = Status>) -> Status {
        parts.into_iter().fold(Status::NotApplicable, |whole, part| match (whole, part) {
            (Status::Unmet, _) | (_, Status::Unmet) => Status::Unmet,
            (Status::Missing, _) | (_, Status::Missing) => Status::Missing,
            (Status::Met, _) | (_, Status::Met) => Status::Met,
            _ => Status::NotApplicable,
        })
    }
}

fn column(name: &str, dtype: DataType, unit: &str, meaning: &str) -> Column {
    Column { name: name.into(), dtype, unit: unit.into(), meaning: meaning.into() }
}
fn text(name: &str, meaning: &str) -> Column {
    column(name, DataType::String, "", meaning)
}
fn number(name: &str, unit: &str, meaning: &str) -> Column {
    column(name, DataType::Float64, unit, meaning)
}
fn count(name: &str, meaning: &str) -> Column {
    column(name, DataType::Int64, "", meaning)
}
fn yes_no(name: &str, meaning: &str) -> Column {
    column(name, DataType::Boolean, "", meaning)
}
fn year() -> Column {
    column("year", DataType::Int32, "", "statistical year")
}

/// The type of a fact's column in `facts`.
pub fn dtype_of(kind: Kind, id: &str) -> DataType {
    match kind {
        Kind::Text | Kind::Choice => DataType::String,
        Kind::YesNo => DataType::Boolean,
        Kind::Year if id == "year" => DataType::Int32,
        Kind::Year | Kind::Count | Kind::Amount | Kind::Level => DataType::Float64,
    }
}

/// One row a section (a school in one 学段 in one year): `section`, every school and section fact of the
/// dictionary in its order (a school fact is repeated on the school's sections, unapportioned), then
/// `source_id`, `source_row` of the row it was read from. Key: `district_code, year, school_code, section`.
/// Where a source has no school code, `school_code` holds the full name.
pub fn facts() -> Table {
    let mut columns = vec![text("section", "primary, junior or senior")];
    for fact in Dictionary::get().columns() {
        columns.push(column(&fact.id, dtype_of(fact.kind, &fact.id), &fact.unit, &fact.label_en));
    }
    columns.push(column("source_id", DataType::Int32, "", "row of `sources`; null for Parquet without one"));
    columns.push(column("source_row", DataType::Int32, "", "1-based row in the sheet; null in a form"));
    Table { name: "facts", columns }
}

/// One row a district fact: value, and the cell it was read from.
pub fn district_facts() -> Table {
    Table {
        name: "district_facts",
        columns: vec![
            text("district_code", ""),
            year(),
            text("fact", "dictionary id"),
            number("value", "the fact's unit", ""),
            column("source_id", DataType::Int32, "", "row of `sources`"),
            text("cell", "address in that sheet"),
        ],
    }
}

/// One row a sheet that was read.
pub fn sources() -> Table {
    Table {
        name: "sources",
        columns: vec![
            column("source_id", DataType::Int32, "", ""),
            text("file", "as the user named it"),
            text("sha256", "of the file"),
            text("sheet", "empty for csv and Parquet"),
        ],
    }
}

/// Where a fact stands in a source. In a table a fact is a column (`row` null: the record's
/// `source_row` gives it); in a form it is one cell (`row` given).
pub fn columns() -> Table {
    Table {
        name: "columns",
        columns: vec![
            column("source_id", DataType::Int32, "", "row of `sources`"),
            text("section", "the section the column speaks of; null for school facts and one-section sheets"),
            text("fact", "dictionary id"),
            text("column", "letters, A for the first"),
            column("row", DataType::Int32, "", "1-based; null where the record gives it"),
        ],
    }
}

/// Further rows a record of `facts` was put together from (a second export, a site added to its parent).
pub fn record_sources() -> Table {
    Table {
        name: "record_sources",
        columns: vec![
            text("district_code", ""),
            year(),
            text("school_code", ""),
            text("section", ""),
            column("source_id", DataType::Int32, "", "row of `sources`"),
            column("source_row", DataType::Int32, "", "1-based row in the sheet; null in a form"),
            text("role", "`also`: gives facts the first lacks; `site`: added to the parent"),
        ],
    }
}

/// What people answered in the sheet 佐证与评分: one row an item or a scored point.
pub fn answers() -> Table {
    Table {
        name: "answers",
        columns: vec![
            text("district_code", ""),
            year(),
            text("item", "id of the item, or of its point: 8 or 8.1"),
            yes_no("met", "the conclusion, where one is given"),
            number("score", "分", "the score, where one is given"),
            text("document", "the evidence named"),
            text("date", "as written"),
            text("who", "as written"),
            column("source_id", DataType::Int32, "", "row of `sources`"),
            text("cell", "address in that sheet"),
        ],
    }
}

pub fn measures() -> Table {
    Table {
        name: "measures",
        columns: vec![
            text("district_code", ""),
            text("district_name", ""),
            year(),
            text("school_code", ""),
            text("school_name", ""),
            text("section", ""),
            text("indicator", "L1 …"),
            number("numerator", "", "after apportionment, before the factor"),
            number("denominator", "", ""),
            number("value", "the indicator's unit", "factor × numerator / denominator, unrounded"),
            number("threshold", "the indicator's unit", ""),
            number("floor", "the indicator's unit", "85 % of the threshold"),
            text("status", "met, unmet, missing"),
            yes_no("met", "compared exactly; null where missing"),
            yes_no("floor_met", ""),
            yes_no("borderline", "the printed value would say otherwise"),
            number(
                "shortfall",
                "shortfall_unit",
                "what one would have to get to reach the threshold; 0 where met",
            ),
            text("shortfall_unit", ""),
        ],
    }
}

pub fn schools() -> Table {
    Table {
        name: "schools",
        columns: vec![
            text("district_code", ""),
            year(),
            text("school_code", ""),
            text("school_name", ""),
            text("section", ""),
            count("indicators_judged", "known values"),
            count("indicators_met", ""),
            yes_no("met", "by the standard's rule for a school; null where it cannot be judged"),
            text("reason", "why, in the run's language"),
        ],
    }
}

pub fn districts() -> Table {
    Table {
        name: "districts",
        columns: vec![
            text("district_code", ""),
            year(),
            text("section", ""),
            count("schools", "sections in scope"),
            number("students", "人", ""),
            count("schools_met", "by the standard's rule for a school"),
            count("schools_at_floor", "every indicator at its floor or above"),
        ],
    }
}

pub fn dispersion() -> Table {
    Table {
        name: "dispersion",
        columns: vec![
            text("district_code", ""),
            year(),
            text("section", ""),
            text("indicator", "or the item whose value is the mean of several CVs: it has no mean and sd"),
            count("schools", "sections with a known value and pupils"),
            number("students", "人", "in them"),
            number("mean", "the indicator's unit", "total over total"),
            number("sd", "the indicator's unit", "student-weighted, population form"),
            number("cv", "", "sd / mean, unrounded"),
            number("limit", "", ""),
            text("status", "met, unmet, missing"),
            yes_no("met", "compared exactly"),
            yes_no("borderline", "the CV printed with three decimals would say otherwise"),
        ],
    }
}

pub fn items() -> Table {
    Table {
        name: "items",
        columns: vec![
            text("district_code", ""),
            year(),
            text("item", ""),
            text("kind", "indicator, check, composite, evidence, scored, veto"),
            number("value", "", "the deciding value, where there is one"),
            number("threshold", "", ""),
            number("points", "分", ""),
            number("score", "分", ""),
            text("status", "met, unmet, missing, not_applicable"),
            text("detail", "what decided, in the run's language"),
        ],
    }
}

pub fn gaps() -> Table {
    Table {
        name: "gaps",
        columns: vec![
            text("district_code", ""),
            year(),
            text("item", ""),
            text("school_code", "null where it is the district's"),
            text("school_name", ""),
            text("section", ""),
            number("current", "", ""),
            number("required", "", ""),
            number(
                "shortfall",
                "unit",
                "what one would have to get; of a mean of CVs, what it is over its limit by",
            ),
            text("unit", ""),
            text("departments", "joined by 、"),
            text("measures", "of the standard, joined by line breaks"),
            text("due", "of the standard, where it names a date"),
        ],
    }
}

pub fn findings() -> Table {
    Table {
        name: "findings",
        columns: vec![
            text("level", "note, warning, error"),
            text("code", ""),
            text("file", ""),
            text("sheet", ""),
            text("cell", ""),
            text("school_code", ""),
            text("fact", ""),
            text("message", "in the run's language"),
        ],
    }
}

/// Each school's share of CV² (they add to 1), for every dispersion over its limit.
pub fn shares() -> Table {
    Table {
        name: "shares",
        columns: vec![
            text("district_code", ""),
            year(),
            text("section", ""),
            text("indicator", ""),
            text("school_code", ""),
            text("school_name", ""),
            number("value", "the indicator's unit", ""),
            number("share", "", "(P_i/P_N)(X_i − X̄)²/X̄² over CV²"),
            number(
                "amount",
                "shortfall_unit",
                "what this school gets in the smallest total that brings the CV to its limit",
            ),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_table_passes_its_own_door() {
        for table in [
            facts(),
            district_facts(),
            sources(),
            columns(),
            record_sources(),
            answers(),
            measures(),
            schools(),
            districts(),
            dispersion(),
            items(),
            gaps(),
            findings(),
            shares(),
        ] {
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
