//! From a value of `facts` back to its cell, by the tables `sources` and `columns`.

use std::collections::HashMap;

use polars::prelude::*;

use crate::{dictionary::Section, problem::Place};

/// A fact's column in a source, and its row where that is fixed.
type Spot = (Option<Section>, String, Option<i32>);

/// Look-ups over `sources` and `columns`.
pub struct Places {
    sources: HashMap<i32, (String, String)>,
    spots: HashMap<(i32, String), Vec<Spot>>,
}

impl Places {
    pub fn new(sources: &DataFrame, columns: &DataFrame) -> Places {
        let mut places = Places { sources: HashMap::new(), spots: HashMap::new() };
        // Tables of this program's own making have their columns; a strange one only gives no places.
        let _ = places.fill(sources, columns);
        places
    }

    fn fill(&mut self, sources: &DataFrame, columns: &DataFrame) -> PolarsResult<()> {
        let id = sources.column("source_id")?.i32()?;
        let (file, sheet) = (sources.column("file")?.str()?, sources.column("sheet")?.str()?);
        for row in 0..sources.height() {
            if let Some(id) = id.get(row) {
                let text = |c: &StringChunked| c.get(row).unwrap_or("").to_string();
                self.sources.insert(id, (text(file), text(sheet)));
            }
        }
        let id = columns.column("source_id")?.i32()?;
        let (section, fact) = (columns.column("section")?.str()?, columns.column("fact")?.str()?);
        let (column, fixed) = (columns.column("column")?.str()?, columns.column("row")?.i32()?);
        for row in 0..columns.height() {
            if let (Some(id), Some(fact), Some(column)) = (id.get(row), fact.get(row), column.get(row)) {
                let section = section.get(row).and_then(Section::from_id);
                let spot = (section, column.to_string(), fixed.get(row));
                self.spots.entry((id, fact.to_string())).or_default().push(spot);
            }
        }
        Ok(())
    }

    /// File and sheet of the row's source; the cell where the source has such a column, else the row.
    pub fn of(&self, facts: &DataFrame, row: usize, section: Option<Section>, fact: &str) -> Option<Place> {
        let source = facts.column("source_id").ok()?.i32().ok()?.get(row)?;
        let (file, sheet) = self.sources.get(&source)?;
        let at = facts.column("source_row").ok()?.i32().ok()?.get(row);
        let spot = self
            .spots
            .get(&(source, fact.to_string()))
            .and_then(|spots| spots.iter().find(|(of, ..)| of.is_none() || *of == section));
        let cell = match (spot, at) {
            (Some((_, column, Some(fixed))), _) => Some(format!("{column}{fixed}")),
            (Some((_, column, None)), Some(at)) => Some(format!("{column}{at}")),
            (_, at) => at.map(|at| at.to_string()),
        };
        Some(Place { file: Some(file.clone()), sheet: Some(sheet.clone()).filter(|s| !s.is_empty()), cell })
    }
}
