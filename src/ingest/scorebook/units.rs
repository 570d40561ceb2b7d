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
    Code,
    Aliases,
    Class,
}

impl Column {
    const ALL: [Column; 4] = [Column::Name, Column::Code, Column::Aliases, Column::Class];

    fn id(self) -> &'static str {
        match self {
            Column::Name => "name",
            Column::Code => "code",
            Column::Aliases => "aliases",
            Column::Class => "class",
        }
    }
}

/// The units of a file, in its order.
///
/// # Errors
/// The file cannot be read, has no column of names or no names, or a name occurs twice.
pub fn read(path: &std::path::Path, options: &Options, catalogues: &[Words]) -> Result<Vec<Unit>> {
    let shown = path.display().to_string();
    let input = Input { path: path.to_path_buf(), shown: shown.clone() };
    let sheets = crate::ingest::sheets(&input, options)?;
    let known = spellings(catalogues);
    let Some((sheet, header, columns)) = sheets.iter().find_map(|sheet| {
        let (header, columns) = header_of(sheet, &known)?;
        Some((sheet, header, columns))
    }) else {
        let allowed = super::said_in(catalogues, "marks.unit_header.name").join("、");
        return Err(Problem::error("units_no_names", Place::file(shown)).with("allowed", allowed).into());
    };
    let mut problems = Vec::new();
    let mut units: Vec<(Unit, Place)> = Vec::new();
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
    }
    if units.is_empty() {
        problems.push(Problem::error("units_none", Place::sheet(&sheet.file, &sheet.name)));
    }
    problems.extend(twice(&units));
    if problems.is_empty() {
        return Ok(units.into_iter().map(|(unit, _)| unit).collect());
    }
    problems.truncate(MAX_PROBLEMS);
    Err(Error::Input(problems))
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
        found
    };
    let rows = sheet.rows.iter().take(HEADER_WITHIN).map(columns).enumerate();
    rows.into_iter().find(|(_, columns)| columns.contains_key(&Column::Name))
}
