//! Traces a fact of a record to the cells it was read from, according to [`super::columns`].
//!
//! Built once and queried often: a page queries every fact of every school. Only the sources of the given facts are
//! searched, so that a county in a nation's run costs no more than a county alone.

use std::collections::{BTreeSet, HashMap, HashSet};

use polars::prelude::*;

use super::{answers, columns, district::District, district_facts, facts, record_sources, sources};
use crate::{dictionary::Section, problem::Place};

/// The relation of a cell to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The record's own row, or its form.
    Own,
    /// A further row with facts that the first row lacks.
    Also,
    /// A site added to its parent school: its value is part of the sum.
    Site,
}

/// The tables that record where facts were read.
#[derive(Debug, Clone, Copy)]
pub struct Tables<'a> {
    /// At least the column of sources: a result of an earlier version may lack facts.
    pub facts: &'a DataFrame,
    pub sources: &'a sources::Frame,
    pub columns: &'a columns::Frame,
    pub record_sources: &'a record_sources::Frame,
    pub district_facts: &'a district_facts::Frame,
    /// Answers name their own cells, but not their files.
    pub answers: Option<&'a answers::Frame>,
}

/// Look-ups in [`Tables`].
#[derive(Debug, Default)]
pub struct Cells<'a> {
    sources: HashMap<i32, Source<'a>>,
    /// The columns of each fact in each source.
    columns: HashMap<(i32, &'a str), Vec<At<'a>>>,
    further: HashMap<Record<'a>, Vec<Line>>,
    district: HashMap<(&'a str, i32, &'a str), DistrictFact<'a>>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Source<'a> {
    file: Option<&'a str>,
    sheet: Option<&'a str>,
    sha256: Option<&'a str>,
}

/// District, year and school.
type Record<'a> = (&'a str, i32, &'a str);

#[derive(Debug)]
struct At<'a> {
    /// The section of the column; `None` if it has none.
    section: Option<Section>,
    column: &'a str,
    /// The row, if the fact is one cell of a form.
    row: Option<i32>,
}

/// A further row of a record; without a section it belongs to all sections of the school.
#[derive(Debug)]
struct Line {
    section: Option<Section>,
    role: Role,
    source: i32,
    row: Option<i32>,
}

#[derive(Debug)]
struct DistrictFact<'a> {
    value: Option<f64>,
    source: Option<i32>,
    cell: Option<&'a str>,
}

impl<'a> Cells<'a> {
    /// The cells of a district's facts.
    ///
    /// # Errors
    /// A table lacks a column, which is a defect of this program.
    pub fn of(district: &'a District) -> PolarsResult<Cells<'a>> {
        Cells::new(Tables {
            facts: district.facts.frame(),
            sources: district.sources,
            columns: district.columns,
            record_sources: &district.record_sources,
            district_facts: &district.district_facts,
            answers: Some(&district.answers),
        })
    }

    /// # Errors
    /// The facts have no `source_id`, which is a defect of this program.
    pub fn new(tables: Tables<'a>) -> PolarsResult<Cells<'a>> {
        let mut cells = Cells::default();
        cells.district_facts(tables.district_facts);
        cells.further(tables.record_sources);
        let own = tables.facts.column(facts::column::source_id)?.i32()?.iter().flatten();
        let further = cells.further.values().flatten().map(|line| line.source);
        let district = cells.district.values().filter_map(|fact| fact.source);
        let mut used: HashSet<i32> = own.chain(further).chain(district).collect();
        if let Some(answers) = tables.answers {
            used.extend(answers.values(answers::column::source_id).iter().flatten());
        }
        let text = |text: &'a str| Some(text).filter(|text| !text.is_empty());
        for at in of_sources(tables.sources.values(sources::column::source_id), &used) {
            let Some(row) = tables.sources.row(at) else { continue };
            let source =
                Source { file: text(row.file()), sheet: text(row.sheet()), sha256: text(row.sha256()) };
            cells.sources.entry(row.source_id()).or_insert(source);
        }
        for at in of_sources(tables.columns.values(columns::column::source_id), &used) {
            let Some(row) = tables.columns.row(at) else { continue };
            let at = At { section: row.section(), column: row.column(), row: row.row() };
            cells.columns.entry((row.source_id(), row.fact())).or_default().push(at);
        }
        Ok(cells)
    }

    fn further(&mut self, table: &'a record_sources::Frame) {
        for row in table.rows() {
            let key = (row.district_code(), row.year(), row.school_code());
            if let ((Some(district), Some(year), Some(school)), Some(source)) = (key, row.source_id()) {
                let role = if row.role() == Some("site") { Role::Site } else { Role::Also };
                let line = Line { section: row.section(), role, source, row: row.source_row() };
                self.further.entry((district, year, school)).or_default().push(line);
            }
        }
    }

    fn district_facts(&mut self, table: &'a district_facts::Frame) {
        for row in table.rows() {
            let found = DistrictFact { value: row.value(), source: row.source_id(), cell: row.cell() };
            self.district.entry((row.district_code(), row.year(), row.fact())).or_insert(found);
        }
    }

    /// The cells of `fact` in `record`. There are several if headers were added up, sites were added, or two files give
    /// the fact; none if no file has it.
    pub fn cells(&self, record: facts::Row<'_>, fact: &str) -> Vec<(Role, Place)> {
        let mut found = Vec::new();
        let section = record.section();
        for (role, source, line) in self.rows_of(record) {
            for at in self.columns.get(&(source, fact)).into_iter().flatten() {
                if at.section.is_some() && at.section != section {
                    continue;
                }
                let row = at.row.or(line).map(|row| row.to_string()).unwrap_or_default();
                let cell = Place { cell: Some(format!("{}{row}", at.column)), ..self.source(source) };
                if !found.contains(&(role, cell.clone())) {
                    found.push((role, cell));
                }
            }
        }
        found
    }

    /// The one cell that a finding about `fact` names: from the first row with such a column, preferring that of the
    /// record's own section over one of all sections; the record's own row if no row has such a column.
    pub fn place(&self, record: facts::Row<'_>, fact: &str) -> Option<Place> {
        let section = record.section();
        let cell = |(_, source, line): &(Role, i32, Option<i32>)| {
            let all = self.columns.get(&(*source, fact))?;
            let own = all.iter().find(|at| at.section.is_some() && at.section == section);
            let at = own.or_else(|| all.iter().find(|at| at.section.is_none()))?;
            let row = at.row.or(*line)?;
            Some(Place { cell: Some(format!("{}{row}", at.column)), ..self.source(*source) })
        };
        let rows = self.rows_of(record);
        rows.iter().find_map(cell).or_else(|| {
            let (_, source, line) = rows.first().filter(|(role, ..)| *role == Role::Own)?;
            Some(Place { cell: line.map(|row| row.to_string()), ..self.source(*source) })
        })
    }

    /// The rows that a record was assembled from, where a fact was looked for.
    pub fn looked_in(&self, record: facts::Row<'_>) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for (_, source, line) in self.rows_of(record) {
            let place = Place { cell: line.map(|row| row.to_string()), ..self.source(source) };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }

    fn rows_of(&self, record: facts::Row<'_>) -> Vec<(Role, i32, Option<i32>)> {
        let own = record.source_id().map(|source| (Role::Own, source, record.source_row()));
        let section = record.section();
        let further = record.year().and_then(|year| {
            let (district, school) = (record.district_code(), record.school_code());
            self.further.get(&(district.unwrap_or_default(), year, school.unwrap_or_default()))
        });
        let further = further.into_iter().flatten();
        let further = further.filter(move |line| line.section.is_none() || line.section == section);
        own.into_iter().chain(further.map(|line| (line.role, line.source, line.row))).collect()
    }

    /// The value and cell of a district fact.
    pub fn district_fact(&self, district: &str, year: i32, fact: &str) -> Option<(Option<f64>, Place)> {
        let found = self.district.get(&(district, year, fact))?;
        let place = found.source.map(|source| self.source(source)).unwrap_or_default();
        Some((found.value, Place { cell: found.cell.map(str::to_string), ..place }))
    }

    /// The place of a cell that a row of `answers` or `district_facts` names; `None` if its source is unknown.
    pub fn named(&self, source: Option<i32>, cell: Option<&str>) -> Option<Place> {
        let source = source.filter(|id| self.sources.contains_key(id))?;
        Some(Place { cell: cell.map(str::to_string), ..self.source(source) })
    }

    /// The file and sheet of a source.
    fn source(&self, source: i32) -> Place {
        let Source { file, sheet, .. } = self.sources.get(&source).copied().unwrap_or_default();
        Place { file: file.map(str::to_string), sheet: sheet.map(str::to_string), cell: None }
    }

    /// The files of the given facts, sorted by name, each with its SHA-256.
    pub fn files(&self) -> BTreeSet<(&'a str, &'a str)> {
        let named = self.sources.values().filter_map(|source| Some((source.file?, source.sha256)));
        named.map(|(file, sha256)| (file, sha256.unwrap_or_default())).collect()
    }
}

/// The positions of the rows of these sources. Ingest writes source by source: if the ids ascend, each is found by
/// bisection, and the rest of a nation's table is never read.
fn of_sources(ids: &Int32Chunked, used: &HashSet<i32>) -> Vec<usize> {
    let all: Vec<i32>;
    let ids = match ids.cont_slice() {
        Ok(slice) => slice,
        // Several chunks, or nulls, which are not sources.
        Err(_) => {
            all = ids.iter().map(|id| id.unwrap_or(i32::MIN)).collect();
            &all
        }
    };
    if !ids.is_sorted() {
        let of_used = ids.iter().enumerate().filter(|(_, id)| used.contains(id));
        return of_used.map(|(row, _)| row).collect();
    }
    let mut used: Vec<i32> = used.iter().copied().collect();
    used.sort_unstable();
    let rows_of =
        |id: i32| ids.partition_point(|other| *other < id)..ids.partition_point(|other| *other <= id);
    used.into_iter().flat_map(rows_of).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Two exports, a form, a further row and a site.
    pub struct Sample {
        pub sources: sources::Frame,
        pub columns: columns::Frame,
        pub record_sources: record_sources::Frame,
        pub district_facts: district_facts::Frame,
    }

    pub fn sample() -> Sample {
        let sources = sources::Frame::partial(df!(
            "source_id" => [0i32, 1, 2],
            "file" => ["小学.xlsx", "初中.xlsx", "forms/a.xlsx"],
            "sha256" => ["", "", ""],
            "sheet" => ["表1", "", "填报"],
        ));
        let columns = columns::Frame::partial(df!(
            "source_id" => [0i32, 0, 1, 0, 2],
            "section" => [Some("primary"), Some("junior"), None, None, Some("primary")],
            "fact" => ["students", "students", "students", "teaching_area", "students"],
            "column" => ["F", "G", "F", "AA", "C"],
            "row" => [None::<i32>, None, None, None, Some(7)],
        ));
        let record_sources = record_sources::Frame::partial(df!(
            "district_code" => ["430503", "430503"],
            "year" => [2024i32, 2024],
            "school_code" => ["b", "b"],
            "section" => ["primary", "primary"],
            "source_id" => [1i32, 0],
            "source_row" => [9i32, 30],
            "role" => ["also", "site"],
        ));
        let district_facts = district_facts::Frame::partial(df!(
            "district_code" => ["430503"], "year" => [2024i32], "fact" => ["population"], "value" => [41.5],
            "source_id" => [2i32], "cell" => ["B3"],
        ));
        Sample { sources, columns, record_sources, district_facts }
    }

    fn facts(source: i32, row: Option<i32>, section: &str) -> facts::Frame {
        facts::Frame::partial(df!(
            "section" => [section], "district_code" => ["430503"], "year" => [2024i32], "school_code" => ["b"],
            "source_id" => [source], "source_row" => [row],
        ))
    }

    fn with<T>(sample: &Sample, facts: &facts::Frame, ask: impl Fn(&Cells, facts::Row) -> T) -> T {
        let cells = Cells::new(Tables {
            facts: facts.frame(),
            sources: &sample.sources,
            columns: &sample.columns,
            record_sources: &sample.record_sources,
            district_facts: &sample.district_facts,
            answers: None,
        });
        ask(&cells.unwrap(), facts.row(0).unwrap())
    }

    fn shown(source: i32, row: Option<i32>, section: &str, fact: &str) -> Vec<String> {
        let cells = with(&sample(), &facts(source, row, section), |cells, record| cells.cells(record, fact));
        cells.into_iter().map(|(role, place)| format!("{role:?} {place}")).collect()
    }

    #[test]
    fn the_section_of_the_column_decides() {
        assert_eq!(shown(0, Some(5), "junior", "students"), ["Own 小学.xlsx / 表1 / G5"]);
    }

    #[test]
    fn further_rows_and_sites_are_named() {
        let expected = ["Own 小学.xlsx / 表1 / F5", "Also 初中.xlsx / F9", "Site 小学.xlsx / 表1 / F30"];
        assert_eq!(shown(0, Some(5), "primary", "students"), expected);
    }

    #[test]
    fn a_form_gives_its_own_row() {
        assert_eq!(shown(2, None, "primary", "students")[0], "Own forms/a.xlsx / 填报 / C7");
    }

    #[test]
    fn a_fact_nobody_has_was_looked_for() {
        let facts = facts(0, Some(5), "junior");
        with(&sample(), &facts, |cells, record| {
            assert_eq!(cells.cells(record, "books"), []);
            assert_eq!(cells.looked_in(record), [Place::cell("小学.xlsx", "表1", "5")]);
        });
    }

    #[test]
    fn sources_out_of_order_give_the_same_cells() {
        let mut mixed = sample();
        mixed.columns = mixed.columns.take((0..mixed.columns.height()).rev());
        mixed.sources = mixed.sources.take((0..mixed.sources.height()).rev());
        let cells =
            with(&mixed, &facts(0, Some(5), "primary"), |cells, record| cells.cells(record, "students"));
        let cells: Vec<String> = cells.into_iter().map(|(role, place)| format!("{role:?} {place}")).collect();
        assert_eq!(cells, shown(0, Some(5), "primary", "students"));
    }

    #[test]
    fn a_finding_names_one_cell() {
        let place = |row, section: &str, fact: &str| {
            let found = with(&sample(), &facts(0, row, section), |cells, record| cells.place(record, fact));
            found.map(|place| place.to_string())
        };
        assert_eq!(place(Some(5), "junior", "students").as_deref(), Some("小学.xlsx / 表1 / G5"));
        // No row has such a column: the record's own row.
        assert_eq!(place(Some(5), "primary", "books").as_deref(), Some("小学.xlsx / 表1 / 5"));
        let mut further = sample();
        further.columns = further.columns.slice(2, 1);
        let found =
            with(&further, &facts(0, Some(5), "primary"), |cells, record| cells.place(record, "students"));
        assert_eq!(
            found,
            Some(Place { file: Some("初中.xlsx".into()), sheet: None, cell: Some("F9".into()) })
        );
    }

    #[test]
    fn a_district_fact_has_value_and_cell() {
        let facts = facts(0, Some(5), "junior");
        with(&sample(), &facts, |cells, _| {
            let found = cells.district_fact("430503", 2024, "population");
            assert_eq!(found, Some((Some(41.5), Place::cell("forms/a.xlsx", "填报", "B3"))));
            assert_eq!(cells.district_fact("430503", 2023, "population"), None);
        });
    }
}
