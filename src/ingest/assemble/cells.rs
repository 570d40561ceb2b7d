//! From a fact of a record back to its cells.

use polars::prelude::*;

use crate::{
    dictionary::{Dictionary, Grain},
    ingest::Facts,
    problem::Place,
};

/// The cells that a fact of a record was read from: one, or several where it is a sum of columns, was given
/// twice, or has a site added. A cell is named even when it is blank: it is where the fact was looked for.
/// A school fact is looked for in the rows of all sections of the school; a district fact needs neither
/// school nor section. Empty where no source has the fact.
pub fn cells_of(
    facts: &Facts,
    district_code: &str,
    year: i32,
    school_code: &str,
    section: &str,
    fact: &str,
) -> Vec<Place> {
    let grain = Dictionary::get().fact(fact).map_or(Grain::School, |f| f.grain);
    walk(facts, district_code, year, school_code, section, fact, grain).unwrap_or_default()
}

fn walk(
    facts: &Facts,
    district: &str,
    year: i32,
    school: &str,
    section: &str,
    fact: &str,
    grain: Grain,
) -> PolarsResult<Vec<Place>> {
    let mut places = Vec::new();
    let sources = Sources::of(&facts.sources)?;
    if grain == Grain::District {
        let table = &facts.district_facts;
        let (districts, years) = (table.column("district_code")?.str()?, table.column("year")?.i32()?);
        let (names, ids, cells) =
            (table.column("fact")?.str()?, table.column("source_id")?.i32()?, table.column("cell")?.str()?);
        for i in 0..table.height() {
            if districts.get(i) == Some(district) && years.get(i) == Some(year) && names.get(i) == Some(fact)
            {
                places.extend(sources.place(ids.get(i), cells.get(i).unwrap_or_default().to_string()));
            }
        }
        return Ok(places);
    }
    let columns = Columns::of(&facts.columns)?;
    for (table, row_name) in
        [(facts.facts.frame(), "source_row"), (facts.record_sources.frame(), "source_row")]
    {
        let (districts, years) = (table.column("district_code")?.str()?, table.column("year")?.i32()?);
        let (schools, sections) = (table.column("school_code")?.str()?, table.column("section")?.str()?);
        let (ids, rows) = (table.column("source_id")?.i32()?, table.column(row_name)?.i32()?);
        for i in 0..table.height() {
            let here = schools.get(i) == Some(school)
                && years.get(i) == Some(year)
                && districts.get(i) == Some(district)
                && (grain == Grain::School || sections.get(i) == Some(section));
            if !here {
                continue;
            }
            for cell in columns.cells(ids.get(i), sections.get(i), fact, rows.get(i)) {
                places.extend(sources.place(ids.get(i), cell));
            }
        }
    }
    let mut seen = std::collections::HashSet::new();
    places.retain(|p| seen.insert(p.clone()));
    Ok(places)
}

struct Sources<'a> {
    ids: &'a Int32Chunked,
    files: &'a StringChunked,
    sheets: &'a StringChunked,
}

impl<'a> Sources<'a> {
    fn of(table: &'a DataFrame) -> PolarsResult<Sources<'a>> {
        Ok(Sources {
            ids: table.column("source_id")?.i32()?,
            files: table.column("file")?.str()?,
            sheets: table.column("sheet")?.str()?,
        })
    }
    fn place(&self, id: Option<i32>, cell: String) -> Option<Place> {
        let i = (0..self.ids.len()).find(|&i| id.is_some() && self.ids.get(i) == id)?;
        let sheet = self.sheets.get(i).filter(|s| !s.is_empty()).map(str::to_string);
        Some(Place { file: self.files.get(i).map(str::to_string), sheet, cell: Some(cell) })
    }
}

struct Columns<'a> {
    ids: &'a Int32Chunked,
    sections: &'a StringChunked,
    facts: &'a StringChunked,
    letters: &'a StringChunked,
    rows: &'a Int32Chunked,
}

impl<'a> Columns<'a> {
    fn of(table: &'a DataFrame) -> PolarsResult<Columns<'a>> {
        Ok(Columns {
            ids: table.column("source_id")?.i32()?,
            sections: table.column("section")?.str()?,
            facts: table.column("fact")?.str()?,
            letters: table.column("column")?.str()?,
            rows: table.column("row")?.i32()?,
        })
    }
    fn cells(&self, id: Option<i32>, section: Option<&str>, fact: &str, row: Option<i32>) -> Vec<String> {
        (0..self.ids.len())
            .filter(|&i| id.is_some() && self.ids.get(i) == id && self.facts.get(i) == Some(fact))
            .filter(|&i| self.sections.get(i).is_none_or(|s| Some(s) == section))
            .map(|i| {
                let letters = self.letters.get(i).unwrap_or_default();
                self.rows.get(i).or(row).map_or(letters.to_string(), |row| format!("{letters}{row}"))
            })
            .collect()
    }
}
