//! The rows of a sheet that lists entries, by the columns that its header names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;

use crate::{
    ingest::{
        header,
        sheet::{Cell, Row, Sheet, address, letters},
    },
    problem::{Place, Problem},
    standard::Standard,
    tables::ledger::{Column, Field, OwnSheet, Value, clean},
    words::Words,
};

/// The number of rows in which the header is looked for: users may write above it.
const HEADER_WITHIN: usize = 30;

/// A sheet with a header of the ledger.
pub struct List<'a> {
    pub sheet: &'a Sheet,
    /// Position in `sheet.rows`.
    header: usize,
    columns: BTreeMap<u32, Column>,
    /// Headers that are not columns of the ledger, as written.
    foreign: Vec<String>,
}

/// A row, by column.
pub struct Line<'a> {
    pub row: &'a Row,
    pub cells: BTreeMap<Column, (u32, Value)>,
    /// Columns of formulas without a stored result.
    pub uncalculated: Vec<u32>,
}

/// The value of a cell; `None` if it is empty.
pub fn value(cell: &Cell) -> Option<Value> {
    match cell {
        Cell::Empty | Cell::Uncalculated => None,
        Cell::Number(number) => Some(Value::Number(*number)),
        Cell::Text(text) | Cell::Error(text) => Some(clean(text)).filter(|t| !t.is_empty()).map(Value::Text),
        Cell::YesNo(yes) => Some(Value::YesNo(*yes)),
        Cell::Date(year, month, day) => Some(match NaiveDate::from_ymd_opt(*year, *month, *day) {
            Some(date) => Value::Date(date),
            None => Value::Text(format!("{year}-{month:02}-{day:02}")),
        }),
    }
}

/// Every spelling of the ledger's headers, in both languages.
fn spellings(catalogues: &[Words]) -> HashMap<String, Field> {
    let mut known = HashMap::new();
    // A column's own name takes precedence over another column's alternative spellings.
    for kind in ["column", "scored", "alias"] {
        for words in catalogues {
            for field in Field::ALL {
                let key = format!("ledger.{kind}.{}", field.id());
                if words.has(&key) {
                    for spelling in words.say(&key).split('、') {
                        known.entry(header::key(spelling)).or_insert(field);
                    }
                }
            }
        }
    }
    known.remove("");
    known
}

impl<'a> List<'a> {
    /// `None` if no row has two headers of the ledger.
    pub fn of(sheet: &'a Sheet, catalogues: &[Words]) -> Option<List<'a>> {
        let known = spellings(catalogues);
        let field = |cell: &Cell| known.get(&header::key(&value(cell)?.shown())).copied();
        let fields = |row: &Row| {
            row.cells.iter().filter_map(|(_, cell)| field(cell)).collect::<BTreeSet<Field>>().len()
        };
        let (header, found) = sheet
            .rows
            .iter()
            .take(HEADER_WITHIN)
            .map(fields)
            .enumerate()
            .max_by_key(|(i, n)| (*n, usize::MAX - i))?;
        if found < 2 {
            return None;
        }
        let mut list = List { sheet, header, columns: BTreeMap::new(), foreign: Vec::new() };
        let mut taken: BTreeSet<Column> = BTreeSet::new();
        for (at, cell) in &sheet.rows.get(header)?.cells {
            let Some(text) = value(cell).map(|value| value.shown()) else { continue };
            let mut column = match field(cell) {
                Some(field) if !taken.contains(&Column::Known(field)) => Column::Known(field),
                _ => {
                    list.foreign.push(text.clone());
                    Column::Own(text.clone())
                }
            };
            let mut time = 1;
            while !taken.insert(column.clone()) {
                time += 1;
                column = Column::Own(format!("{text} {time}"));
            }
            list.columns.insert(*at, column);
        }
        Some(list)
    }

    pub fn fields(&self) -> BTreeSet<Field> {
        let known = self.columns.values().filter_map(|column| match column {
            Column::Known(field) => Some(*field),
            Column::Own(_) => None,
        });
        known.collect()
    }

    /// The number of ledger columns that it has.
    pub fn known(&self) -> usize {
        self.fields().len()
    }

    pub fn headers(&self) -> Vec<String> {
        let row = self.sheet.rows.get(self.header);
        row.into_iter()
            .flat_map(|row| row.cells.iter().filter_map(|(_, c)| Some(value(c)?.shown())))
            .collect()
    }

    pub fn columns(&self) -> impl Iterator<Item = Column> {
        self.columns.values().cloned()
    }

    pub fn has(&self, column: &Column) -> bool {
        self.columns.values().any(|own| own == column)
    }

    /// Whether it lists entries of the ledger. A user's own list (the city's problems, with 序号 and 责任人 too) is left as
    /// it is: the ledger's has most of the ledger's columns, or the name that the program gave it.
    pub fn is_ours(&self, remembered: bool, named: bool) -> bool {
        let fields = self.fields();
        let least = if named { 2 } else { Field::ALL.len() / 2 };
        fields.contains(&Field::Number)
            && fields.len() >= least
            && (remembered || fields.contains(&Field::Item))
    }

    /// Reports columns that are neither found nor meant to be absent: the sheet then holds something else.
    pub fn unfound(&self, words: &Words) -> Option<Problem> {
        let have = self.fields();
        let missing: Vec<String> = Field::ALL
            .into_iter()
            .filter(|field| !have.contains(field))
            .map(|field| words.say(&format!("ledger.column.{}", field.id())))
            .collect();
        if missing.is_empty() || self.foreign.is_empty() {
            return None;
        }
        let problem = Problem::warning("ledger_column_unfound", self.place(None));
        Some(problem.list("missing", missing).list("found", &self.foreign))
    }

    /// The place of a cell (0-based row), or of the sheet.
    pub fn place(&self, cell: Option<(u32, u32)>) -> Place {
        match cell {
            Some((row, column)) => Place::cell(&self.sheet.file, &self.sheet.name, address(row, column)),
            None => Place::sheet(&self.sheet.file, &self.sheet.name),
        }
    }

    /// The rows under the header that are not empty.
    pub fn lines(&self) -> Vec<Line<'a>> {
        let sheet: &'a Sheet = self.sheet;
        let rows = sheet.rows.iter().skip(self.header + 1);
        let line = |row: &'a Row| {
            let mut line = Line { row, cells: BTreeMap::new(), uncalculated: Vec::new() };
            for (at, cell) in &row.cells {
                if *cell == Cell::Uncalculated {
                    line.uncalculated.push(*at);
                }
                let Some(value) = value(cell) else { continue };
                // Text typed beside the table: a column without a header is named by its letters.
                let column = match self.columns.get(at) {
                    Some(column) => column.clone(),
                    None => Column::Own(format!("[{}]", letters(*at))),
                };
                line.cells.insert(column, (*at, value));
            }
            line
        };
        rows.map(line).filter(|line| !line.cells.is_empty()).collect()
    }

    pub fn above(&self) -> OwnSheet {
        let rows = self.sheet.rows.iter().take(self.header);
        let cells = rows.flat_map(|row| {
            row.cells.iter().filter_map(|(column, cell)| Some((row.index, *column, value(cell)?)))
        });
        OwnSheet { name: self.sheet.name.clone(), cells: cells.collect() }
    }
}

impl Line<'_> {
    pub fn value(&self, field: Field) -> Option<&Value> {
        self.cells.get(&Column::Known(field)).map(|(_, value)| value)
    }

    pub fn text_or_empty(&self, field: Field) -> String {
        self.value(field).map(Value::shown).unwrap_or_default()
    }

    /// The number in the column 序号, if it is one.
    pub fn number(&self) -> Option<u64> {
        let number: f64 = self.text_or_empty(Field::Number).parse().ok()?;
        (number >= 1.0 && number.fract() == 0.0 && number < 1e9).then_some(number as u64)
    }
}

/// The id at the start of `G3 每12个班级…`.
pub fn item_id<'s>(text: &str, standard: &'s Standard) -> Option<&'s str> {
    let first = text.split_whitespace().next()?;
    let item = standard.item(first).map(|item| item.id.as_str());
    item.or_else(|| standard.indicator(first).map(|indicator| indicator.id.as_str()))
}

/// The standard that knows the largest number of the items, for a workbook that does not name its own.
pub fn standard_of<'s, 'a>(lists: &[List], standards: &'a [&'s Standard]) -> Option<&'a &'s Standard> {
    let lines: Vec<Line> = lists.iter().flat_map(List::lines).collect();
    let known = |standard: &&&Standard| {
        lines.iter().filter(|line| item_id(&line.text_or_empty(Field::Item), standard).is_some()).count()
    };
    standards.iter().max_by_key(known).filter(|standard| known(standard) > 0)
}
