//! Lorenz curves of everything together.

use polars::prelude::DataFrame;

use super::{Cell, Rows, school};
use crate::{
    dictionary::Section,
    equity::Distribution,
    problem::Result,
    standard::Standard,
    tables::years::{self, Measured},
};

/// [`years::lorenz`] of everything together: (0, 0), a corner a school, (1, 1). No corner where nobody has anything.
///
/// # Errors
/// Only the engine's.
pub fn lorenz(measured: &Measured, standard: &Standard) -> Result<DataFrame> {
    let mut rows = Rows::of(years::lorenz());
    for section in Section::ALL {
        for (at, indicator) in standard.indicators.iter().enumerate().take(measured.panel.width) {
            let of_section = measured.rows.iter().zip(0u32..).filter(|(row, _)| row.section == section);
            let known = of_section.filter_map(|(_, row)| school(measured, row, at));
            let all = Distribution::of(known.map(|school| (Some(school.amount), Some(school.students))));
            for corner in all.lorenz().unwrap_or_default() {
                rows.push([
                    Cell::Year(measured.year),
                    Cell::Text(Some(section.id())),
                    Cell::Text(Some(indicator.id.as_str())),
                    Cell::Number(Some(corner.students)),
                    Cell::Number(Some(corner.amount)),
                ]);
            }
        }
    }
    Ok(rows.finish()?)
}
