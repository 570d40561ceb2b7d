//! From a row and a fact back to the cell, for the few that a finding names.

use std::collections::HashMap;

use super::{super::Facts, view::View};
use crate::problem::Place;

/// Where a fact stands in a source: of which section it speaks, its column, its row where it is one cell.
struct At {
    section: Option<String>,
    column: String,
    row: Option<i32>,
}

pub struct Places {
    /// File and sheet by `source_id`.
    sources: HashMap<i32, (Option<String>, Option<String>)>,
    columns: HashMap<i32, HashMap<String, Vec<At>>>,
    /// Further rows of a record: `(source_id, source_row)`.
    further: HashMap<Record, Vec<(i32, Option<i32>)>>,
}

/// District, year, school, section: the key of `facts`.
type Record = (String, i32, String, String);

impl Places {
    pub fn new(facts: &Facts, view: &View) -> Places {
        let mut places = Places { sources: HashMap::new(), columns: HashMap::new(), further: HashMap::new() };
        let sources = View::plain(&facts.sources);
        for row in 0..facts.sources.height() {
            if let Some(id) = sources.whole("source_id", row) {
                places.sources.insert(id, (owned(&sources, "file", row), owned(&sources, "sheet", row)));
            }
        }
        let columns = View::plain(&facts.columns);
        for row in 0..facts.columns.height() {
            let (Some(id), Some(fact), Some(column)) = (
                columns.whole("source_id", row),
                owned(&columns, "fact", row),
                owned(&columns, "column", row),
            ) else {
                continue;
            };
            let at = At { section: owned(&columns, "section", row), column, row: columns.whole("row", row) };
            places.columns.entry(id).or_default().entry(fact).or_default().push(at);
        }
        // A table of sites and exports is as long as the facts at most, and read only when asked for.
        let further = View::plain(&facts.record_sources);
        if view.rows() > 0 {
            for row in 0..facts.record_sources.height() {
                if let (Some(key), Some(id)) = (key(&further, row), further.whole("source_id", row)) {
                    places.further.entry(key).or_default().push((id, further.whole("source_row", row)));
                }
            }
        }
        places
    }

    /// The cell of `fact` in `row` of `facts`; the row of the sheet where the fact has no cell there.
    pub fn of(&self, view: &View, row: usize, fact: &str) -> Place {
        let Some(first) = view.whole("source_id", row).map(|id| (id, view.whole("source_row", row))) else {
            return Place::default();
        };
        let section = view.text("section", row);
        let further = key(view, row).and_then(|key| self.further.get(&key));
        let cell = std::iter::once(&first)
            .chain(further.into_iter().flatten())
            .find_map(|&(id, source_row)| Some((id, self.cell(id, source_row, fact, section)?)));
        match cell {
            Some((id, cell)) => self.place(id, Some(cell)),
            None => self.place(first.0, first.1.map(|row| row.to_string())),
        }
    }

    /// A cell whose address is known.
    pub fn place(&self, source: i32, cell: Option<String>) -> Place {
        let (file, sheet) = self.sources.get(&source).cloned().unwrap_or_default();
        Place { file, sheet, cell }
    }

    fn cell(&self, source: i32, row: Option<i32>, fact: &str, section: Option<&str>) -> Option<String> {
        let all = self.columns.get(&source)?.get(fact)?;
        let at = all
            .iter()
            .find(|at| at.section.is_some() && at.section.as_deref() == section)
            .or_else(|| all.iter().find(|at| at.section.is_none()))?;
        Some(format!("{}{}", at.column, at.row.or(row)?))
    }
}

fn owned(view: &View, column: &str, row: usize) -> Option<String> {
    view.text(column, row).filter(|text| !text.is_empty()).map(str::to_string)
}

fn key(view: &View, row: usize) -> Option<Record> {
    Some((
        view.text("district_code", row)?.to_string(),
        view.whole("year", row)?,
        view.text("school_code", row)?.to_string(),
        view.text("section", row)?.to_string(),
    ))
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::{super::sample::*, *};

    fn sources() -> DataFrame {
        df!("source_id" => [1, 2], "file" => ["区.xlsx", "补.csv"], "sha256" => ["", ""], "sheet" => ["学校", ""])
            .unwrap()
    }

    #[test]
    fn a_finding_names_the_cell_of_its_fact() {
        let mut facts =
            facts(&[record("a", "primary").numbers([("students", 9.0), ("migrant_students", 10.0)])]);
        facts.sources = sources();
        facts.columns = df!(
            "source_id" => [1, 1], "section" => ["junior", "primary"],
            "fact" => ["migrant_students", "migrant_students"], "column" => ["F", "E"], "row" => [None::<i32>, None],
        )
        .unwrap();
        let found = super::super::examine(&facts);
        assert_eq!(found[0].place, Place::cell("区.xlsx", "学校", "E2"));
    }

    #[test]
    fn a_fact_of_a_further_source_is_found_there_and_one_of_none_in_its_row() {
        let mut facts =
            facts(&[record("a", "primary").numbers([("students", 9.0), ("migrant_students", 10.0)])]);
        facts.sources = sources();
        let found = super::super::examine(&facts);
        assert_eq!(found[0].place, Place::cell("区.xlsx", "学校", "2"));
        facts.columns = df!(
            "source_id" => [2], "section" => [None::<&str>], "fact" => ["migrant_students"], "column" => ["H"],
            "row" => [None::<i32>],
        )
        .unwrap();
        facts.record_sources = df!(
            "district_code" => ["430503"], "year" => [2025], "school_code" => ["a"], "section" => ["primary"],
            "source_id" => [2], "source_row" => [Some(7)], "role" => ["also"],
        )
        .unwrap();
        let found = super::super::examine(&facts);
        assert_eq!(found[0].place.file.as_deref(), Some("补.csv"));
        assert_eq!(found[0].place.cell.as_deref(), Some("H7"));
    }
}
