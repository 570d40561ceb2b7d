//! Reads the files of the crosswalk and of the regions, csv or workbooks.

use std::path::Path;

use super::{
    COLUMNS, Line,
    regions::{Given, is_national},
};
use crate::{
    ingest::{
        Limits, file, header,
        sheet::{Cell, Row, Sheet},
    },
    problem::{Error, Place, Problem, Result},
    tables::years::Region,
};

/// The same columns in all accepted spellings.
const CROSSWALK: [&[&str]; 6] = [
    &["from_code", "原代码", "旧代码", "原行政区划代码"],
    &["from_name", "原名称", "旧名称", "原区县名称"],
    &["to_code", "现代码", "新代码", "现行政区划代码"],
    &["to_name", "现名称", "新名称", "现区县名称"],
    &["from_year", "起始年度", "起始年份", "起始年"],
    &["to_year", "终止年度", "终止年份", "终止年"],
];

const REGIONS: [&[&str]; 6] = [
    &["district_code", "区县代码", "县域代码", "行政区划代码"],
    &["district_name", "区县名称", "县域名称", "区县"],
    &["city_code", "市代码", "地市代码"],
    &["city_name", "市名称", "地市名称", "市"],
    &["province_code", "省代码"],
    &["province_name", "省名称", "省"],
];

/// A sheet with its recognized columns.
struct Found {
    sheet: Sheet,
    /// The index of the header row.
    header: usize,
    columns: [Option<u32>; 6],
}

/// The first sheet with a row that has at least two of the columns.
fn find(path: &Path, names: &[&[&str]; 6], code: &'static str) -> Result<Found> {
    let shown = path.display().to_string();
    let sheets = file::sheets(path, &shown, None, &Limits::default())?;
    let mut first = Vec::new();
    for sheet in sheets {
        for (at, row) in sheet.rows.iter().enumerate().take(20) {
            let headers: Vec<(u32, String)> =
                row.cells.iter().map(|(column, cell)| (*column, header::key(&text(cell)))).collect();
            let columns = names.map(|known| {
                let is = |header: &str| known.iter().any(|name| header::key(name) == header);
                headers.iter().find(|(_, header)| is(header)).map(|(column, _)| *column)
            });
            if columns.iter().flatten().count() >= 2 {
                return Ok(Found { header: at, columns, sheet });
            }
            if first.is_empty() {
                first = headers.into_iter().map(|(_, header)| header).collect();
            }
        }
    }
    let expected: Vec<&str> = names.iter().filter_map(|known| known.first().copied()).collect();
    Err(Problem::error(code, Place::file(shown))
        .list("found", first)
        .with("expected", expected.join(", "))
        .into())
}

/// The text of a cell: a code in a number cell has no decimals.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.trim().to_string(),
        Cell::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

impl Found {
    /// The rows below the header that are not empty, with their cells and places.
    fn rows(&self) -> impl Iterator<Item = ([String; 6], u32, Place)> + '_ {
        let below = self.sheet.rows.iter().skip(self.header + 1);
        below.filter_map(|row: &Row| {
            let cells = self.columns.map(|column| column.map_or(String::new(), |c| text(row.get(c))));
            let number = row.index + 1;
            let place = Place::cell(&self.sheet.file, &self.sheet.name, number.to_string());
            cells.iter().any(|cell| !cell.is_empty()).then_some((cells, number, place))
        })
    }
}

/// Errors: a column is missing, a line names no district before or after, a year is invalid.
pub(super) fn lines(path: &Path) -> Result<Vec<Line>> {
    let found = find(path, &CROSSWALK, "crosswalk_columns")?;
    let has = |at: usize| found.columns[at].is_some();
    if !(has(0) || has(1)) || !(has(2) || has(3)) {
        let missing = if has(0) || has(1) { &COLUMNS[2..4] } else { &COLUMNS[..2] };
        return Err(Problem::error("crosswalk_columns", Place::file(path.display().to_string()))
            .with(
                "found",
                COLUMNS
                    .iter()
                    .zip(found.columns)
                    .filter_map(|(n, c)| c.map(|_| *n))
                    .collect::<Vec<_>>()
                    .join("、"),
            )
            .with("expected", missing.join(", "))
            .into());
    }
    let mut problems = Vec::new();
    let mut lines = Vec::new();
    for ([from_code, from_name, to_code, to_name, from_year, to_year], number, place) in found.rows() {
        let mut year = |text: &str, open: i32| match text {
            "" => open,
            text => text.parse().unwrap_or_else(|_| {
                problems.push(
                    Problem::error("crosswalk_year", place.clone()).with("line", number).with("found", text),
                );
                open
            }),
        };
        let (from_year, to_year) = (year(&from_year, i32::MIN), year(&to_year, i32::MAX));
        if from_year > to_year {
            problems.push(
                Problem::error("crosswalk_year", place.clone())
                    .with("line", number)
                    .with("found", format!("{from_year} > {to_year}")),
            );
        }
        if (from_code.is_empty() && from_name.is_empty()) || (to_code.is_empty() && to_name.is_empty()) {
            problems.push(Problem::error("crosswalk_half", place.clone()).with("line", number));
            continue;
        }
        lines.push(Line { place, number, from_code, from_name, to_code, to_name, from_year, to_year });
    }
    if problems.is_empty() { Ok(lines) } else { Err(Error::Input(problems)) }
}

/// Errors: no column names the district, or none its city or province.
pub(super) fn regions(path: &Path) -> Result<Vec<Given>> {
    let found = find(path, &REGIONS, "regions_columns")?;
    let has = |at: usize| found.columns[at].is_some();
    if !(has(0) || has(1)) || !(2..6).any(has) {
        return Err(Problem::error("regions_columns", Place::file(path.display().to_string()))
            .with(
                "found",
                REGIONS
                    .iter()
                    .zip(found.columns)
                    .filter_map(|(n, c)| c.and(n.first().copied()))
                    .collect::<Vec<_>>()
                    .join("、"),
            )
            .with(
                "expected",
                REGIONS.iter().filter_map(|n| n.first().copied()).collect::<Vec<_>>().join(", "),
            )
            .into());
    }
    let rows = found.rows().filter(|([code, name, ..], ..)| !code.is_empty() || !name.is_empty());
    let region = |(cells, _, place): ([String; 6], u32, Place)| {
        let [district_code, district_name, city_code, city_name, province_code, province_name] = cells;
        // Cities and provinces without a code are identified by their name.
        let or = |code: String, name: &String| if code.is_empty() { name.clone() } else { code };
        // 430500 and 430000 become 4305 and 43.
        let digits = |code: String, end: &str| match code.strip_suffix(end) {
            Some(rest) if is_national(&code) => rest.to_string(),
            _ => code,
        };
        let region = Region {
            city_code: or(digits(city_code, "00"), &city_name),
            province_code: or(digits(province_code, "0000"), &province_name),
            district_code,
            district_name,
            city_name,
            province_name,
        };
        (region, place)
    };
    Ok(rows.map(region).collect())
}
