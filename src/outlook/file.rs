//! Reads the file of expected pupils, a csv or a workbook.

use std::path::Path;

use super::Expected;
use crate::{
    dictionary::Section,
    ingest::{
        Limits, file, header,
        sheet::{self, Cell, Sheet},
    },
    problem::{Error, Place, Problem, Result},
};

/// The columns, in all accepted spellings.
const COLUMNS: [&[&str]; 6] = [
    &["district_code", "区县代码", "县域代码", "行政区划代码"],
    &["section", "学段", "学段部"],
    &["school_code", "学校代码", "学校标识码"],
    &["year", "年度", "年份"],
    &["students", "在校生数", "学生数", "预计在校生数"],
    &["factor", "系数", "变化系数", "倍数"],
];

/// The lines of an enrolment file: `district_code, section, school_code, year` and `students` or `factor` (or 区县代码, 学段,
/// 学校代码, 年度, 在校生数, 系数). Section and school may be empty.
///
/// # Errors
/// A column is missing; a cell cannot be read or is negative; a line has both `students` and `factor`, or neither. Each
/// is reported with its place.
pub fn read(path: &Path) -> Result<Vec<Expected>> {
    let shown = path.display().to_string();
    let sheets = file::sheets(path, &shown, None, &Limits::default())?;
    let Some((sheet, at, columns)) = sheets.iter().find_map(|sheet| {
        let rows = sheet.rows.iter().take(20).enumerate();
        rows.map(|(at, row)| (at, columns_of(&row.cells)))
            .find_map(|(at, columns)| (columns.iter().flatten().count() >= 2).then_some((sheet, at, columns)))
    }) else {
        return Err(lacking(&shown, &[0, 3, 4]));
    };
    let missing: Vec<usize> = [0, 3].into_iter().filter(|&at| columns[at].is_none()).collect();
    if !missing.is_empty() {
        return Err(lacking(&shown, &missing));
    }
    if columns[4].or(columns[5]).is_none() {
        return Err(lacking(&shown, &[4]));
    }
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    for row in sheet.rows.iter().skip(at + 1) {
        let cell = |at: usize| columns[at].map_or(&Cell::Empty, |column| row.get(column));
        if (0..COLUMNS.len()).all(|at| text(cell(at)).is_empty()) {
            continue;
        }
        match line(sheet, row.index, columns, &cell) {
            Ok(line) => lines.push(line),
            Err(problem) => problems.push(*problem),
        }
    }
    if lines.is_empty() && problems.is_empty() {
        problems.push(Problem::error("enrolment_empty", Place::file(&shown)));
    }
    if problems.is_empty() { Ok(lines) } else { Err(Error::Input(problems)) }
}

fn columns_of(cells: &[(u32, Cell)]) -> [Option<u32>; 6] {
    let headers: Vec<(u32, String)> =
        cells.iter().map(|(column, cell)| (*column, header::key(&text(cell)))).collect();
    COLUMNS.map(|known| {
        let is = |header: &str| known.iter().any(|name| header::key(name) == header);
        headers.iter().find(|(_, header)| is(header)).map(|(column, _)| *column)
    })
}

fn lacking(shown: &str, missing: &[usize]) -> Error {
    let names: Vec<&str> =
        missing.iter().filter_map(|&at| COLUMNS.get(at)?.get(..2)).flatten().copied().collect();
    Problem::error("enrolment_columns", Place::file(shown)).list("expected", names).into()
}

/// The text of a cell: a code in a number cell has no decimals.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => text.trim().to_string(),
        Cell::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn line<'a>(
    sheet: &Sheet,
    row: u32,
    columns: [Option<u32>; 6],
    cell: &impl Fn(usize) -> &'a Cell,
) -> Result<Expected, Box<Problem>> {
    let number = row as usize + 1;
    let place = |at: usize| {
        let address = columns[at].map_or_else(|| number.to_string(), |column| sheet::address(row, column));
        Place::cell(&sheet.file, &sheet.name, address)
    };
    let problem = |code: &'static str, at: usize| Problem::error(code, place(at)).with("line", number);
    let unreadable = |at: usize| {
        let column = COLUMNS.get(at).and_then(|names| names.get(1)).copied().unwrap_or_default();
        Box::new(problem("enrolment_cell", at).with("column", column).with("found", text(cell(at))))
    };
    let amount = |at: usize| -> Result<Option<f64>, Box<Problem>> {
        let said = text(cell(at));
        if said.is_empty() && matches!(cell(at), Cell::Empty | Cell::Text(_)) {
            return Ok(None);
        }
        let value: f64 = said.replace([',', '，'], "").parse().map_err(|_| unreadable(at))?;
        if !value.is_finite() {
            return Err(unreadable(at));
        }
        if value < 0.0 {
            return Err(problem("enrolment_negative", at).with("found", said).into());
        }
        Ok(Some(value))
    };
    let district_code = text(cell(0));
    if district_code.is_empty() {
        return Err(unreadable(0));
    }
    let section = match text(cell(1)) {
        said if said.is_empty() => None,
        said => {
            let is = |section: &Section| section.id() == said.to_lowercase() || section.label_zh() == said;
            Some(Section::ALL.into_iter().find(is).ok_or_else(|| unreadable(1))?)
        }
    };
    let year =
        amount(3)?.filter(|year| year.fract() == 0.0 && *year < 10_000.0).ok_or_else(|| unreadable(3))?;
    let (students, factor) = (amount(4)?, amount(5)?);
    match (students, factor) {
        (Some(_), Some(_)) => return Err(problem("enrolment_both", 4).into()),
        (None, None) => return Err(problem("enrolment_neither", 4).into()),
        _ => {}
    }
    let school_code = Some(text(cell(2))).filter(|code| !code.is_empty());
    Ok(Expected { district_code, section, school_code, year: year as i32, students, factor, line: number })
}
