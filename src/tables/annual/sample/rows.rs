//! Tables row by row, by the names of their columns; what is not named is null.

use std::collections::HashMap;

use polars::prelude::*;

use crate::tables::Table;

#[derive(Debug, Clone)]
pub enum Cell {
    Text(String),
    Number(f64),
    Whole(i64),
    Yes(bool),
    Null,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::Text(text.into())
    }
}
impl From<&String> for Cell {
    fn from(text: &String) -> Cell {
        Cell::Text(text.clone())
    }
}
impl From<f64> for Cell {
    fn from(number: f64) -> Cell {
        Cell::Number(number)
    }
}
impl From<i64> for Cell {
    fn from(number: i64) -> Cell {
        Cell::Whole(number)
    }
}
impl From<i32> for Cell {
    fn from(number: i32) -> Cell {
        Cell::Whole(number.into())
    }
}
impl From<usize> for Cell {
    fn from(number: usize) -> Cell {
        Cell::Whole(number as i64)
    }
}
impl From<bool> for Cell {
    fn from(yes: bool) -> Cell {
        Cell::Yes(yes)
    }
}
impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Cell {
        value.map_or(Cell::Null, Into::into)
    }
}

/// Rows of one table.
pub struct Rows {
    table: Table,
    places: HashMap<String, usize>,
    columns: Vec<Vec<Cell>>,
    height: usize,
}

impl Rows {
    pub fn of(table: Table) -> Rows {
        let places = table.columns.iter().enumerate().map(|(at, column)| (column.name.clone(), at)).collect();
        let columns = vec![Vec::new(); table.columns.len()];
        Rows { table, places, columns, height: 0 }
    }

    pub fn push(&mut self, row: Vec<(&str, Cell)>) {
        self.height += 1;
        for (name, cell) in row {
            let place = *self.places.get(name).unwrap_or_else(|| panic!("{}: {name}", self.table.name));
            self.columns[place].resize(self.height - 1, Cell::Null);
            self.columns[place].push(cell);
        }
    }

    pub fn frame(mut self) -> DataFrame {
        let height = self.height;
        let columns = self.columns.iter_mut().zip(&self.table.columns).map(|(cells, column)| {
            cells.resize(height, Cell::Null);
            let values: Vec<AnyValue> = cells
                .iter()
                .map(|cell| match cell {
                    Cell::Text(text) => AnyValue::String(text),
                    Cell::Number(number) => AnyValue::Float64(*number),
                    Cell::Whole(number) => AnyValue::Int64(*number),
                    Cell::Yes(yes) => AnyValue::Boolean(*yes),
                    Cell::Null => AnyValue::Null,
                })
                .collect();
            let series =
                Series::from_any_values_and_dtype(column.name.as_str().into(), &values, &column.dtype, true);
            series.unwrap().into_column()
        });
        let frame = DataFrame::new(height, columns.collect()).unwrap();
        self.table.check(&frame).unwrap();
        frame
    }
}
