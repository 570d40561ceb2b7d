//! The list of units, from any table with a column of names.

use std::collections::{BTreeMap, HashMap};

use crate::{
    ingest::{
        Input, Options, cell,
        sheet::{Cell, Row, Sheet, address},
    },
    problem::{Error, Place, Problem, Result},
    tables::marks::Unit,
    words::Words,
};

/// The number of rows in which the header is looked for.
const HEADER_WITHIN: usize = 30;
/// The maximum number of problems reported.
const MAX_PROBLEMS: usize = 200;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Column {
    Name,
    /// The name of a person, which is the name of the entry where it is there.
    Person,
    Code,
    Aliases,
    Class,
}

impl Column {
    const ALL: [Column; 4] = [Column::Name, Column::Code, Column::Aliases, Column::Class];

    fn id(self) -> &'static str {
        match self {
            Column::Name => "name",
            Column::Person => "person",
            Column::Code => "code",
            Column::Aliases => "aliases",
            Column::Class => "class",
        }
    }
}

/// An entry of a list with what stands in the other columns asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    pub unit: Unit,
    /// Trimmed; `None` where the cell is empty.
    pub values: Vec<Option<String>>,
}

/// A list as it was read.
#[derive(Debug, Clone)]
pub struct List {
    pub entries: Vec<Listed>,
    /// Hex SHA-256 of the file.
    pub sha256: String,
}

/// The units of a file, in its order.
///
/// # Errors
/// The file cannot be read, has no column of names or no names, or a name occurs twice.
pub fn read(path: &std::path::Path, options: &Options, catalogues: &[Words]) -> Result<Vec<Unit>> {
    let known = spellings(catalogues);
    let list = list(path, options, catalogues, &known, &[])?;
    Ok(list.entries.into_iter().map(|listed| listed.unit).collect())
}

/// The people or places of a file, in its order, with the columns that have these headers. Where a column holds the
/// names of people (姓名), these are the names, whatever other names stand beside them.
///
/// # Errors
/// As those of [`read`]; and there is no column with a header asked for.
pub fn read_with(
    path: &std::path::Path,
    options: &Options,
    catalogues: &[Words],
    headers: &[&str],
) -> Result<List> {
    let mut known = spellings(catalogues);
    for person in super::said_in(catalogues, "marks.person_header") {
        known.insert(cell::fold(&person), Column::Person);
    }
    list(path, options, catalogues, &known, headers)
}

fn list(
    path: &std::path::Path,
    options: &Options,
    catalogues: &[Words],
    known: &HashMap<String, Column>,
    headers: &[&str],
) -> Result<List> {
    let shown = path.display().to_string();
    let input = Input { path: path.to_path_buf(), shown: shown.clone() };
    let sheets = crate::ingest::sheets(&input, options)?;
    let Some((sheet, header, columns)) = sheets.iter().find_map(|sheet| {
        let (header, columns) = header_of(sheet, known)?;
        Some((sheet, header, columns))
    }) else {
        let allowed = super::said_in(catalogues, "marks.unit_header.name").join("、");
        return Err(Problem::error("units_no_names", Place::file(shown)).with("allowed", allowed).into());
    };
    let others = others(sheet, header, headers)?;
    let mut problems = Vec::new();
    let mut units: Vec<(Unit, Place)> = Vec::new();
    let mut values = Vec::new();
    for row in sheet.rows.iter().skip(header + 1) {
        let place = |column: Column| {
            let at = columns.get(&column).copied().unwrap_or_default();
            Place::cell(&sheet.file, &sheet.name, address(row.index, at))
        };
        let text = |column: Column| {
            let at = columns.get(&column)?;
            cell::text(row.get(*at), column == Column::Code).0.map(|text| text.to_string())
        };
        let Some(name) = text(Column::Name) else {
            // A row with a code but without a name is neither a unit nor blank.
            if columns.values().any(|at| *row.get(*at) != Cell::Empty) {
                problems.push(Problem::error("units_no_name", place(Column::Name)));
            }
            continue;
        };
        let aliases = text(Column::Aliases).unwrap_or_default();
        let aliases = aliases.split(['、', ';', '；', ',', '，', '|']).map(str::trim);
        let unit = Unit {
            code: text(Column::Code),
            aliases: aliases.filter(|a| !a.is_empty() && *a != name).map(str::to_string).collect(),
            class: text(Column::Class),
            name,
        };
        units.push((unit, place(Column::Name)));
        values.push(others.iter().map(|at| cell::text(row.get(*at), false).0.map(|text| text.to_string())));
    }
    if units.is_empty() {
        problems.push(Problem::error("units_none", Place::sheet(&sheet.file, &sheet.name)));
    }
    problems.extend(twice(&units));
    if problems.is_empty() {
        let listed =
            |((unit, _), values): ((Unit, Place), _)| Listed { unit, values: Iterator::collect(values) };
        let entries = units.into_iter().zip(values).map(listed).collect();
        return Ok(List { entries, sha256: sheet.sha256.clone() });
    }
    problems.truncate(MAX_PROBLEMS);
    Err(Error::Input(problems))
}

/// The columns with these headers.
fn others(sheet: &Sheet, header: usize, headers: &[&str]) -> Result<Vec<u32>> {
    let row = sheet.rows.get(header);
    let cells = || row.into_iter().flat_map(|row| &row.cells);
    let text = |cell: &Cell| match cell {
        Cell::Text(text) => Some(cell::fold(text)),
        _ => None,
    };
    let find = |wanted: &&str| {
        let found = cells().find(|(_, cell)| text(cell).is_some_and(|text| text == cell::fold(wanted)));
        found.map(|(at, _)| *at).ok_or_else(|| {
            let there = cells().filter_map(|(_, cell)| match cell {
                Cell::Text(text) => Some(text.trim().to_string()),
                _ => None,
            });
            Problem::error("units_no_column", Place::sheet(&sheet.file, &sheet.name))
                .with("found", wanted)
                .list("allowed", there)
                .into()
        })
    };
    headers.iter().map(find).collect()
}

/// Reports names, codes and aliases that belong to two units.
pub fn twice(units: &[(Unit, Place)]) -> Vec<Problem> {
    let mut owners: HashMap<String, usize> = HashMap::new();
    let mut problems = Vec::new();
    for (at, (unit, place)) in units.iter().enumerate() {
        let mut names: Vec<&String> = vec![&unit.name];
        names.extend(&unit.code);
        names.extend(&unit.aliases);
        for name in names {
            let first = *owners.entry(cell::fold(name)).or_insert(at);
            if first != at
                && let Some((other, there)) = units.get(first)
            {
                let problem = Problem::error("units_twice", place.clone())
                    .with("found", name)
                    .with("unit", &unit.name)
                    .with("other", &other.name)
                    .with("first", there);
                problems.push(problem);
            }
        }
    }
    problems
}

fn spellings(catalogues: &[Words]) -> HashMap<String, Column> {
    let mut known = HashMap::new();
    for column in Column::ALL {
        for spelling in super::said_in(catalogues, &format!("marks.unit_header.{}", column.id())) {
            known.entry(cell::fold(&spelling)).or_insert(column);
        }
    }
    known
}

/// The first row with a column of names, and the meaning of its columns.
fn header_of(sheet: &Sheet, known: &HashMap<String, Column>) -> Option<(usize, BTreeMap<Column, u32>)> {
    let columns = |row: &Row| {
        let mut found = BTreeMap::new();
        for (at, cell) in &row.cells {
            if let Cell::Text(text) = cell
                && let Some(column) = known.get(&cell::fold(text))
            {
                found.entry(*column).or_insert(*at);
            }
        }
        if let Some(at) = found.remove(&Column::Person) {
            found.insert(Column::Name, at);
        }
        found
    };
    let rows = sheet.rows.iter().take(HEADER_WITHIN).map(columns).enumerate();
    rows.into_iter().find(|(_, columns)| columns.contains_key(&Column::Name))
}
