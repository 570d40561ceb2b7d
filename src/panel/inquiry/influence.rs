//! Who makes the inequality.

use polars::prelude::DataFrame;

use super::{Cell, Rows, beginning, cells, school};
use crate::{
    equity::{Influence, School, influences},
    panel::Level,
    problem::Result,
    standard::Standard,
    tables::years::Measured,
    words::Words,
};

/// [`years::influence`]: every school with a known value of the places of a level, the largest share of CV² first (equal
/// ones in the order of the schools). Null shares where all have alike; no change where the school is the only one or the
/// others have nothing; nothing but the value where nobody has anything.
///
/// # Errors
/// Only the engine's.
pub fn influence(measured: &Measured, level: Level, standard: &Standard, words: &Words) -> Result<DataFrame> {
    let (places, cells) = cells(measured, level, words);
    let mut rows = Rows::of(crate::tables::influence::table());
    for cell in &cells {
        let Some(place) = places.get(cell.place as usize) else { continue };
        let head = beginning(level, place, measured.year, cell.section);
        for (at, indicator) in standard.indicators.iter().enumerate().take(measured.panel.width) {
            let known: Vec<(u32, School)> =
                cell.rows.iter().filter_map(|&row| Some((row, school(measured, row, at)?))).collect();
            let schools: Vec<School> = known.iter().map(|(_, school)| *school).collect();
            let found: Vec<Option<Influence>> = match influences(&schools) {
                Ok(found) => found.into_iter().map(Some).collect(),
                Err(_) => vec![None; known.len()],
            };
            let mut listed: Vec<(&(u32, School), Option<Influence>)> = known.iter().zip(found).collect();
            let share = |one: &Option<Influence>| one.and_then(|one| one.cv_squared_share).unwrap_or(-1.0);
            listed.sort_by(|(_, a), (_, b)| share(b).total_cmp(&share(a)));
            for ((row, school), one) in listed {
                let Some(identity) = measured.rows.get(*row as usize) else { continue };
                let rest = [
                    Cell::Text(Some(indicator.id.as_str())),
                    Cell::Text(Some(&identity.school_code)),
                    Cell::Text(Some(&identity.school_name)),
                    Cell::Text(identity.location.as_deref()),
                    Cell::Number(Some(school.students)),
                    Cell::Number(Some(measured.panel.value(*row as usize, at))),
                    Cell::Number(one.and_then(|one| one.cv_squared_share)),
                    Cell::Number(one.map(|one| one.theil_part)),
                    Cell::Number(one.and_then(|one| one.cv_without)),
                    Cell::Number(one.and_then(|one| one.gini_without)),
                ];
                rows.push(head.into_iter().chain(rest));
            }
        }
    }
    Ok(rows.finish()?)
}
