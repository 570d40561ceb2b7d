//! The contribution of each school to the inequality.

use super::{cells, school};
use crate::{
    equity::{Influence, School, influences},
    panel::Level,
    standard::Standard,
    tables::{influence, years::Measured},
    words::Words,
};

/// The table [`mod@crate::tables::influence`]: every school with a known value in the places of a level, the
/// largest share of CV² first (equal ones in the order of the schools). Shares are null if all are alike; changes are
/// null if the school is the only one or the others have nothing; everything but the value is null if no school has
/// anything.
pub fn influence(measured: &Measured, level: Level, standard: &Standard, words: &Words) -> influence::Frame {
    let (places, cells) = cells(measured, level, words);
    let mut table = influence::Builder::new(0);
    for cell in &cells {
        let Some(place) = places.get(cell.place as usize) else { continue };
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
                table.push(influence::Values {
                    level: level.id(),
                    district_code: &place.code,
                    district_name: &place.name,
                    year: measured.year,
                    section: cell.section,
                    indicator: &indicator.id,
                    school_code: &identity.school_code,
                    school_name: &identity.school_name,
                    location: identity.location.as_deref(),
                    students: Some(school.students),
                    value: Some(measured.panel.value(*row as usize, at)),
                    cv_squared_share: one.and_then(|one| one.cv_squared_share),
                    theil_part: one.map(|one| one.theil_part),
                    cv_without: one.and_then(|one| one.cv_without),
                    gini_without: one.and_then(|one| one.gini_without),
                });
            }
        }
    }
    table.finish()
}
