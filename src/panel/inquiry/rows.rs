//! A table on its way, row by row.

use polars::prelude::*;

use crate::tables::Table;

/// One cell. A number that does not exist is null.
#[derive(Debug, Clone, Copy)]
pub(in crate::panel) enum Cell<'a> {
    Text(Option<&'a str>),
    Number(Option<f64>),
    Count(Option<i64>),
    Year(i32),
}

enum Building {
    Text(StringChunkedBuilder),
    Number(Vec<Option<f64>>),
    Count(Vec<Option<i64>>),
    Year(Vec<i32>),
}

pub(in crate::panel) struct Rows {
    table: Table,
    columns: Vec<Building>,
}

impl Rows {
    pub fn of(table: Table) -> Rows {
        let building = |column: &crate::tables::Column| match column.dtype {
            DataType::String => Building::Text(StringChunkedBuilder::new(column.name.as_str().into(), 0)),
            DataType::Float64 => Building::Number(Vec::new()),
            DataType::Int64 => Building::Count(Vec::new()),
            _ => Building::Year(Vec::new()),
        };
        let columns = table.columns.iter().map(building).collect();
        Rows { table, columns }
    }

    /// One row, its cells in the order of the columns.
    pub fn push<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) {
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            match (column, cell) {
                (Building::Text(list), Cell::Text(text)) => list.append_option(text),
                (Building::Number(list), Cell::Number(number)) => {
                    list.push(number.filter(|number| number.is_finite()));
                }
                (Building::Count(list), Cell::Count(count)) => list.push(count),
                (Building::Year(list), Cell::Year(year)) => list.push(year),
                // Columns of unequal length: the door below says so.
                _ => {}
            }
        }
    }

    /// # Errors
    /// Rows that are not as the table has them: a defect of ours.
    pub fn finish(self) -> PolarsResult<DataFrame> {
        let columns: Vec<Column> = self
            .columns
            .into_iter()
            .zip(&self.table.columns)
            .map(|(building, column)| {
                let name = column.name.as_str().into();
                match building {
                    Building::Text(list) => list.finish().into_series().into_column(),
                    Building::Number(list) => Column::new(name, list),
                    Building::Count(list) => Column::new(name, list),
                    Building::Year(list) => Column::new(name, list),
                }
            })
            .collect();
        let frame = DataFrame::new(columns.first().map_or(0, Column::len), columns)?;
        self.table.check(&frame)?;
        Ok(frame)
    }
}
