//! A year's rows as the table [`crate::tables::years::panel`].

use polars::prelude::*;

use super::{
    Wanted,
    places::{Cell, Place},
    statistics::{Line, Numbers},
};
use crate::{standard::Standard, tables};

/// Rows of a year: `lines` holds a line an indicator for each cell, in their order.
pub(super) fn table(
    wanted: Wanted,
    year: i32,
    places: &[Place],
    cells: &[Cell],
    lines: &[Line],
    standard: &Standard,
) -> PolarsResult<DataFrame> {
    let width = standard.indicators.len();
    let table = tables::panel::table();
    let height = lines.len();
    let of_cell = |of: &dyn Fn(&Cell) -> Option<String>| -> Column {
        let mut texts: Vec<Option<String>> = Vec::with_capacity(height);
        for cell in cells {
            texts.resize(texts.len() + width, of(cell));
        }
        Column::new("".into(), texts)
    };
    let place = |cell: &Cell| &places[cell.place as usize];
    let text = |of: &dyn Fn(&Line) -> Option<&'static str>| -> Column {
        Column::new("".into(), lines.iter().map(of).collect::<Vec<_>>())
    };
    let count = |of: &dyn Fn(&Line) -> Option<i64>| -> Column {
        Column::new("".into(), lines.iter().map(of).collect::<Vec<_>>())
    };
    let mut columns = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let name = column.name.as_str();
        let mut filled = match name {
            "level" => of_cell(&|_| Some(wanted.level.id().to_string())),
            "district_code" => of_cell(&|cell| Some(place(cell).code.clone())),
            "district_name" => of_cell(&|cell| Some(place(cell).name.clone())),
            "year" => Column::new("".into(), vec![year; height]),
            "section" => of_cell(&|cell| Some(cell.section.id().to_string())),
            "grouping" => of_cell(&|_| wanted.grouping.map(|grouping| grouping.id().to_string())),
            "group" => of_cell(&|cell| cell.group.clone()),
            "indicator" => {
                let ids = standard.indicators.iter().map(|i| i.id.as_str());
                Column::new("".into(), ids.cycle().take(height).collect::<Vec<_>>())
            }
            "schools" => count(&|line| Some(line.schools.into())),
            "missing" => count(&|line| Some(line.missing.into())),
            "status" => text(&|line| Some(line.status.id())),
            "met" => Column::new("".into(), lines.iter().map(|line| line.status.met()).collect::<Vec<_>>()),
            "borderline" => {
                let said = |line: &Line| line.status.met().map(|_| line.borderline);
                Column::new("".into(), lines.iter().map(said).collect::<Vec<_>>())
            }
            "certainty" => text(&|line| line.certainty),
            "rank" => count(&|line| line.rank.map(i64::from)),
            "ranked" => count(&|line| line.ranked.map(i64::from)),
            "rank_change" => count(&|line| line.rank_change),
            _ => match Numbers::of(name) {
                Some(of) => {
                    let known = |line: &Line| Some(of(&line.numbers)).filter(|value| value.is_finite());
                    Column::new("".into(), lines.iter().map(known).collect::<Vec<_>>())
                }
                None => Column::full_null("".into(), height, &column.dtype),
            },
        };
        filled.rename(name.into());
        columns.push(filled);
    }
    let frame = DataFrame::new(height, columns)?;
    table.check(&frame)?;
    Ok(frame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_of_numbers_is_filled() {
        for column in tables::panel::table().columns {
            if column.dtype == DataType::Float64 {
                assert!(Numbers::of(&column.name).is_some(), "{}", column.name);
            }
        }
    }
}
