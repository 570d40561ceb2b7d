//! Traces a fact of a record back to its cells.

use crate::{
    dictionary::{Dictionary, Grain, Section},
    ingest::Facts,
    problem::Place,
    tables::OfDistrictYear,
};

/// The cells that a fact of a record was read from. There are several where the fact is a sum of columns, was given
/// twice, or includes a site. A blank cell is included: it is where the fact was looked for. A school fact is looked
/// for in the rows of all sections of the school; a district fact needs neither school nor section. Empty if no source
/// has the fact.
pub fn cells_of(
    facts: &Facts,
    district_code: &str,
    year: i32,
    school_code: &str,
    section: &str,
    fact: &str,
) -> Vec<Place> {
    let grain = Dictionary::get().fact(fact).map_or(Grain::School, |fact| fact.grain);
    let section = Section::from_id(section);
    let place = |source_id: Option<i32>, cell: String| {
        let source = facts.sources.rows().find(|source| Some(source.source_id()) == source_id)?;
        let sheet = Some(source.sheet()).filter(|sheet| !sheet.is_empty()).map(str::to_string);
        Some(Place { file: Some(source.file().to_string()), sheet, cell: Some(cell) })
    };
    if grain == Grain::District {
        let own = facts.district_facts.rows();
        let own = own.filter(|row| row.is_of(district_code, year) && row.fact() == fact);
        return own
            .filter_map(|row| place(row.source_id(), row.cell().unwrap_or_default().to_string()))
            .collect();
    }
    // The source, section and row of every sheet row that the record was assembled from.
    let record = facts.facts.rows().filter(|row| row.is_of(district_code, year));
    let record = record.filter(|row| row.school_code() == Some(school_code));
    let record = record.map(|row| (row.source_id(), row.section(), row.source_row()));
    let further = facts.record_sources.rows().filter(|row| {
        (row.district_code(), row.year(), row.school_code())
            == (Some(district_code), Some(year), Some(school_code))
    });
    let further = further.map(|row| (row.source_id(), row.section(), row.source_row()));
    let mut places = Vec::new();
    for (source, of, line) in record.chain(further) {
        if source.is_none() || (grain == Grain::Section && (of.is_none() || of != section)) {
            continue;
        }
        for at in facts.columns.rows().filter(|at| Some(at.source_id()) == source && at.fact() == fact) {
            if at.section().is_some_and(|section| Some(section) != of) {
                continue;
            }
            let line = at.row().or(line).map_or_else(String::new, |line| line.to_string());
            places.extend(place(source, format!("{}{line}", at.column())));
        }
    }
    let mut seen = std::collections::HashSet::new();
    places.retain(|place| seen.insert(place.clone()));
    places
}
