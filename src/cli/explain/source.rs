//! From a fact of a record to the cells it was read from, as [`crate::tables::columns`] has it.

use polars::prelude::DataFrame;

use crate::{problem::Place, tables::Row};

pub struct Sources {
    pub sources: DataFrame,
    pub columns: DataFrame,
    pub records: DataFrame,
    pub district: DataFrame,
}

/// What a cell has to do with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The record's own row, or its form.
    Own,
    /// A further row that gives facts the first lacks.
    Also,
    /// A site added to its parent: its value is part of the sum.
    Site,
}

impl Sources {
    /// The cells of `fact` in `record` (a row of `facts`). Several where headers were added up, sites were
    /// added, or two files give the fact; none where no file has it.
    pub fn cells(&self, record: &Row, fact: &str) -> Vec<(Role, Place)> {
        let mut found = Vec::new();
        for (role, source, line) in self.rows_of(record) {
            for column in Row::all(&self.columns) {
                let speaks_of = column.text("section").is_none_or(|s| Some(s) == record.text("section"));
                let same = column.whole("source_id") == Some(source) && column.text("fact") == Some(fact);
                if !(same && speaks_of) {
                    continue;
                }
                let row = column.whole("row").or(line).map(|row| row.to_string()).unwrap_or_default();
                let cell =
                    Place { cell: Some(format!("{}{row}", column.said("column"))), ..self.place(source) };
                if !found.contains(&(role, cell.clone())) {
                    found.push((role, cell));
                }
            }
        }
        found
    }

    /// The rows a record was put together from: where a fact was looked for.
    pub fn looked_in(&self, record: &Row) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for (_, source, line) in self.rows_of(record) {
            let place = Place { cell: line.map(|row| row.to_string()), ..self.place(source) };
            if !places.contains(&place) {
                places.push(place);
            }
        }
        places
    }

    fn rows_of(&self, record: &Row) -> Vec<(Role, i64, Option<i64>)> {
        let key = ["district_code", "school_code"];
        let mut rows: Vec<(Role, i64, Option<i64>)> = record
            .whole("source_id")
            .map(|source| (Role::Own, source, record.whole("source_row")))
            .into_iter()
            .collect();
        for row in Row::all(&self.records) {
            let same = key.iter().all(|k| row.text(k) == record.text(k))
                && row.whole("year") == record.whole("year")
                && row.text("section").is_none_or(|s| Some(s) == record.text("section"));
            if let (true, Some(source)) = (same, row.whole("source_id")) {
                let role = if row.text("role") == Some("site") { Role::Site } else { Role::Also };
                rows.push((role, source, row.whole("source_row")));
            }
        }
        rows
    }

    /// Value and cell of a district fact.
    pub fn district_fact(&self, district: &str, year: i64, fact: &str) -> Option<(Option<f64>, Place)> {
        Row::all(&self.district)
            .find(|row| {
                row.text("district_code") == Some(district)
                    && row.whole("year") == Some(year)
                    && row.text("fact") == Some(fact)
            })
            .map(|row| {
                let place = row.whole("source_id").map(|source| self.place(source)).unwrap_or_default();
                (row.number("value"), Place { cell: row.text("cell").map(str::to_string), ..place })
            })
    }

    fn place(&self, source: i64) -> Place {
        let row = Row::all(&self.sources).find(|row| row.whole("source_id") == Some(source));
        let text = |column: &str| {
            row.and_then(|row| row.text(column)).filter(|text| !text.is_empty()).map(str::to_string)
        };
        Place { file: text("file"), sheet: text("sheet"), cell: None }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::tables;
    use polars::prelude::*;

    pub fn sources() -> Sources {
        let sources = df!(
            "source_id" => [0i32, 1, 2],
            "file" => ["小学.xlsx", "初中.xlsx", "forms/a.xlsx"],
            "sha256" => ["", "", ""],
            "sheet" => ["表1", "", "填报"],
        )
        .unwrap();
        let columns = df!(
            "source_id" => [0i32, 0, 1, 0, 2],
            "section" => [Some("primary"), Some("junior"), None, None, Some("primary")],
            "fact" => ["students", "students", "students", "teaching_area", "students"],
            "column" => ["F", "G", "F", "AA", "C"],
            "row" => [None::<i32>, None, None, None, Some(7)],
        )
        .unwrap();
        let records = df!(
            "district_code" => ["430503", "430503"],
            "year" => [2024i32, 2024],
            "school_code" => ["b", "b"],
            "section" => ["primary", "primary"],
            "source_id" => [1i32, 0],
            "source_row" => [9i32, 30],
            "role" => ["also", "site"],
        )
        .unwrap();
        let district = tables::district_facts().empty();
        Sources { sources, columns, records, district }
    }

    fn facts(source: i32, row: Option<i32>, section: &str) -> DataFrame {
        df!(
            "section" => [section], "district_code" => ["430503"], "year" => [2024i32], "school_code" => ["b"],
            "source_id" => [source], "source_row" => [row],
        )
        .unwrap()
    }

    fn shown(source: i32, row: Option<i32>, section: &str, fact: &str) -> Vec<String> {
        let facts = facts(source, row, section);
        let record = Row::all(&facts).next().unwrap();
        let cells = sources().cells(&record, fact);
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
        let record = Row::all(&facts).next().unwrap();
        assert_eq!(sources().cells(&record, "books"), []);
        assert_eq!(sources().looked_in(&record), [Place::cell("小学.xlsx", "表1", "5")]);
    }
}
