//! A year's rows as the table [`crate::tables::panel`].

use super::{
    PanelSpec,
    places::{Cell, Place},
    statistics::Line,
};
use crate::{standard::Standard, tables::panel};

/// The rows of a year: `lines` has one entry per indicator for each cell, in their order.
pub(super) fn table(
    wanted: PanelSpec,
    year: i32,
    places: &[Place],
    cells: &[Cell],
    lines: &[Line],
    standard: &Standard,
) -> panel::Frame {
    let mut table = panel::Builder::new(lines.len());
    for (cell, lines) in cells.iter().zip(lines.chunks(standard.indicators.len().max(1))) {
        let place = &places[cell.place as usize];
        let head = panel::Values {
            level: wanted.level.id(),
            district_code: &place.code,
            district_name: &place.name,
            year,
            section: cell.section,
            grouping: wanted.grouping.map(|grouping| grouping.id()),
            group: cell.group.as_deref(),
            ..panel::Values::default()
        };
        for (indicator, line) in standard.indicators.iter().zip(lines) {
            table.push(line.values(panel::Values { indicator: &indicator.id, ..head }));
        }
    }
    table.finish()
}
