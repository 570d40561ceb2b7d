//! What separates a place from passing.

use super::{
    Level,
    places::{Cell, Place},
};
use crate::{
    judge::{self, composite},
    standard::Standard,
    tables::{Status, judged::JudgedDispersion, measure_matrix::MeasureMatrix, standings},
};

/// The counts of a place and section. `None` if the standard has no such rule or limits.
#[derive(Default)]
pub(super) struct Standing {
    schools: usize,
    students: f64,
    judged: [usize; 4],
    students_met: f64,
    at_floor: usize,
    limits: [usize; 4],
    worst: Option<(f64, String)>,
    status: Option<Status>,
}

impl Standing {
    pub fn of(
        panel: &MeasureMatrix,
        standard: &Standard,
        cell: &Cell,
        dispersions: &[JudgedDispersion],
    ) -> Standing {
        let mut found = Standing { schools: cell.rows.len(), ..Standing::default() };
        let mut parts = Vec::new();
        for &row in &cell.rows {
            let row = row as usize;
            let students = students(panel, row);
            found.students += students;
            let judged = judge::schools::judge(panel, row, standard);
            found.judged[judged.status as usize] += 1;
            parts.push(judged.status);
            if judged.status == Status::Met {
                found.students_met += students;
            }
            if judged.thresholds > 0 && judged.at_floor == judged.thresholds {
                found.at_floor += 1;
            }
        }
        for judged in dispersions {
            let cv = judged.dispersion.map(|d| d.cv);
            found.limit(&standard.indicators[judged.indicator].id, cv, judged.limit, judged.status);
            parts.extend([judged.status, judged.mean_status]);
        }
        for judged in composite::streamed(standard, cell.section, dispersions) {
            found.limit(&standard.items[judged.item].id, judged.value, judged.limit, judged.status);
            parts.push(judged.status);
        }
        let status = Status::all(parts);
        found.status = (status != Status::NotApplicable).then_some(status);
        found
    }

    fn limit(&mut self, id: &str, cv: Option<f64>, limit: Option<f64>, status: Status) {
        let Some(limit) = limit else { return };
        self.limits[status as usize] += 1;
        if let Some(ratio) = cv.map(|cv| cv / limit).filter(|ratio| ratio.is_finite())
            && self.worst.as_ref().is_none_or(|(worst, _)| ratio > *worst)
        {
            self.worst = Some((ratio, id.to_string()));
        }
    }
}

/// Pupils of a row, as in `districts`.
fn students(panel: &MeasureMatrix, row: usize) -> f64 {
    panel.denominator.get(row * panel.denominators).copied().filter(|p| p.is_finite()).unwrap_or(0.0)
}

/// The table of a year and level, with one row per cell.
pub(super) fn table(
    level: Level,
    year: i32,
    places: &[Place],
    cells: &[Cell],
    found: &[Standing],
    standard: &Standard,
) -> standings::Frame {
    let rule = standard.judges_schools();
    let mut table = standings::Builder::new(cells.len());
    for (cell, found) in cells.iter().zip(found) {
        let place = &places[cell.place as usize];
        let judged = |status: Status| rule.then_some(found.judged[status as usize] as i64);
        let limits = |status: Status| found.limits[status as usize] as i64;
        table.push(standings::Values {
            level: level.id(),
            district_code: &place.code,
            district_name: &place.name,
            year,
            section: cell.section,
            schools: found.schools as i64,
            students: found.students,
            schools_met: judged(Status::Met),
            schools_unmet: judged(Status::Unmet),
            schools_missing: judged(Status::Missing),
            students_met: rule.then_some(found.students_met),
            schools_at_floor: rule.then_some(found.at_floor as i64),
            limits: found.limits.iter().sum::<usize>() as i64,
            limits_met: limits(Status::Met),
            limits_missing: limits(Status::Missing),
            worst_ratio: found.worst.as_ref().map(|worst| worst.0),
            worst_indicator: found.worst.as_ref().map(|worst| worst.1.as_str()),
            passes: found.status.filter(|status| *status != Status::Missing).map(|s| s == Status::Met),
        });
    }
    table.finish()
}
