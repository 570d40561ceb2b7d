//! The rows of a form, a school's or the county's: the item that each asks for, and its value.

use super::{Value, about, cell_problem, place, position, read_cell, unknown_header};
use crate::{
    dictionary::{Dictionary, Fact, Grain},
    ingest::{
        cell::{self, Unit, fold, unit_of},
        header::{self, Meaning},
        sheet::{Cell, Sheet},
    },
    problem::{Place, Problem},
};

/// The rows of a form, with the meaning of each item.
pub struct Items<'a> {
    pub rows: Vec<Item<'a>>,
    value_column: u32,
}

/// One row.
pub struct Item<'a> {
    pub row: u32,
    pub label: String,
    pub meaning: Meaning,
    unit: Option<String>,
    pub cell: &'a Cell,
}

const ITEM: [&str; 4] = ["填报项目", "项目", "指标项目", "数据项"];
const VALUE: [&str; 5] = ["填报值", "值", "数值", "填报内容", "填报数据"];
const UNIT: [&str; 2] = ["单位", "计量单位"];

/// The items of a sheet that has the columns of a form.
pub fn items(sheet: &Sheet) -> Option<Items<'_>> {
    let column = |row: &crate::ingest::sheet::Row, words: &[&str]| {
        row.cells.iter().take(60).find_map(|(c, cell)| match cell {
            Cell::Text(text) if text.len() < 60 && words.contains(&header::key(text).as_str()) => Some(*c),
            _ => None,
        })
    };
    let (at, item, value) = sheet
        .rows
        .iter()
        .take(15)
        .enumerate()
        .find_map(|(i, row)| Some((i, column(row, &ITEM)?, column(row, &VALUE)?)))?;
    let unit = column(&sheet.rows[at], &UNIT);
    let rows = sheet.rows[at + 1..]
        .iter()
        .filter_map(|row| {
            let Cell::Text(label) = row.get(item) else { return None };
            if label.len() > 600 {
                return None;
            }
            let unit = unit.map(|c| fold(&cell::shown(row.get(c)))).filter(|u| !cell::is_blank(u));
            let meaning = header::resolve(&[label]);
            Some(Item {
                row: row.index,
                label: label.trim().to_string(),
                meaning,
                unit,
                cell: row.get(value),
            })
        })
        .collect();
    Some(Items { rows, value_column: value })
}

/// The unit of a row: from its 单位, otherwise from its label. Wrong if the fact cannot have it.
fn unit_for(item: &Item, fact: &Fact) -> UnitGiven {
    let Some(wanted) = unit_of(fact) else { return UnitGiven::None };
    let unit = match &item.unit {
        Some(text) => cell::unit(text),
        None => match item.meaning.unit {
            None => return UnitGiven::None,
            unit => unit,
        },
    };
    match unit {
        Some(unit) if cell::convert(1.0, unit, wanted).is_some() => UnitGiven::Unit(unit),
        _ => UnitGiven::Wrong,
    }
}

enum UnitGiven {
    None,
    Unit(Unit),
    Wrong,
}

impl Items<'_> {
    pub fn are_the_districts(&self) -> bool {
        let facts = Dictionary::get().facts();
        let has = |test: &dyn Fn(&Fact) -> bool| {
            self.rows.iter().any(|i| i.meaning.facts.first().is_some_and(|&f| test(&facts[f])))
        };
        has(&|f| f.grain == Grain::District) || !has(&|f| f.id == "school_name" || f.id == "school_code")
    }

    /// Reads every row as its fact; unreadable values and unknown items are reported.
    pub fn values(
        &self,
        sheet: &Sheet,
        school: Option<&str>,
        problems: &mut Vec<Problem>,
    ) -> Vec<(&Item<'_>, usize, Value)> {
        let facts = Dictionary::get().facts();
        let mut found: Vec<(&Item, usize, Value)> = Vec::new();
        for item in &self.rows {
            let at = place(sheet, item.row, self.value_column);
            let fact = match item.meaning.facts.as_slice() {
                [fact] => *fact,
                [] => {
                    if *item.cell != Cell::Empty && !super::export::is_note(&item.label) {
                        problems.push(unknown_header(at, &item.label, &item.label));
                    }
                    continue;
                }
                several => {
                    if *item.cell != Cell::Empty {
                        let names: Vec<&str> = several.iter().map(|&f| facts[f].label_zh.as_str()).collect();
                        problems.push(
                            Problem::error("form_item_two_facts", at)
                                .with("header", &item.label)
                                .list("candidates", names),
                        );
                    }
                    continue;
                }
            };
            let about_it = &facts[fact];
            let unit = match unit_for(item, about_it) {
                UnitGiven::None => None,
                UnitGiven::Unit(unit) => Some(unit),
                UnitGiven::Wrong => {
                    if *item.cell != Cell::Empty {
                        problems.push(
                            about(Problem::warning("unit_unknown", at), about_it)
                                .with("found", item.unit.clone().unwrap_or_default())
                                .with("expected", &about_it.unit),
                        );
                    }
                    continue;
                }
            };
            let (value, trouble) = read_cell(item.cell, about_it, unit_of(about_it), unit, None);
            if let Some(trouble) = trouble {
                problems.push(cell_problem(trouble, item.cell, about_it, at.clone(), school));
            }
            let Some(value) = value else { continue };
            let section = item.meaning.section;
            if let Some((first, _, before)) =
                found.iter().find(|(i, f, _)| *f == fact && i.meaning.section == section)
            {
                if *before != value {
                    problems.push(
                        about(
                            Problem::error("two_values", place(sheet, first.row, self.value_column)),
                            about_it,
                        )
                        .with("school", school.unwrap_or_default())
                        .with("first", cell::shown(first.cell))
                        .with("second", cell::shown(item.cell))
                        .with("second_place", at),
                    );
                }
                continue;
            }
            found.push((item, fact, value));
        }
        found
    }

    pub fn value_column(&self) -> u32 {
        self.value_column
    }

    /// The cell of a fact.
    pub fn cell(&self, id: &str) -> &Cell {
        let wanted = position(id);
        self.rows
            .iter()
            .find(|i| wanted.is_some() && i.meaning.facts.first().copied() == wanted)
            .map_or(&Cell::Empty, |i| i.cell)
    }

    fn is_blank(&self) -> bool {
        self.rows.iter().all(|i| match i.cell {
            Cell::Empty => true,
            Cell::Text(text) => cell::is_blank(&fold(text)),
            _ => false,
        })
    }
}

/// Whether nothing is filled in; if so, this is reported.
pub fn is_empty(sheet: &Sheet, items: &Items, problems: &mut Vec<Problem>) -> bool {
    let blank = items.is_blank();
    if blank {
        problems.push(Problem::note("form_empty", Place::sheet(&sheet.file, &sheet.name)));
    }
    blank
}
