//! What stands between a place and passing.

use polars::prelude::*;

use super::{
    Level,
    places::{Cell, Place},
};
use crate::{
    judge::{self, composite},
    standard::Standard,
    tables::{self, Status, judged::JudgedDispersion, measure_matrix::MeasureMatrix},
};

/// The rows of a year and level. A count is null where the standard has no such rule or limits.
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

/// The table of a year and level, rows as the cells.
pub(super) fn table(
    level: Level,
    year: i32,
    places: &[Place],
    cells: &[Cell],
    standings: &[Standing],
    standard: &Standard,
) -> PolarsResult<DataFrame> {
    let place = |cell: &Cell| &places[cell.place as usize];
    let text = |name: &str, values: Vec<Option<&str>>| Column::new(name.into(), values);
    let number = |name: &str, of: &dyn Fn(&Standing) -> Option<f64>| {
        Column::new(name.into(), standings.iter().map(of).collect::<Vec<_>>())
    };
    let count = |name: &str, of: &dyn Fn(&Standing) -> Option<usize>| {
        let counts: Vec<Option<i64>> = standings.iter().map(|s| of(s).map(|n| n as i64)).collect();
        Column::new(name.into(), counts)
    };
    let rule = standard.judges_schools();
    let judged = |status: Status| move |s: &Standing| rule.then_some(s.judged[status as usize]);
    let met = |s: &Standing| s.status.filter(|status| *status != Status::Missing).map(|s| s == Status::Met);
    let table = DataFrame::new(
        cells.len(),
        vec![
            text("level", vec![Some(level.id()); cells.len()]),
            text("district_code", cells.iter().map(|c| Some(place(c).code.as_str())).collect()),
            text("district_name", cells.iter().map(|c| Some(place(c).name.as_str())).collect()),
            Column::new("year".into(), vec![year; cells.len()]),
            text("section", cells.iter().map(|c| Some(c.section.id())).collect()),
            count("schools", &|s| Some(s.schools)),
            number("students", &|s| Some(s.students)),
            count("schools_met", &judged(Status::Met)),
            count("schools_unmet", &judged(Status::Unmet)),
            count("schools_missing", &judged(Status::Missing)),
            number("students_met", &|s| rule.then_some(s.students_met)),
            count("schools_at_floor", &|s| rule.then_some(s.at_floor)),
            count("limits", &|s| Some(s.limits.iter().sum())),
            count("limits_met", &|s| Some(s.limits[Status::Met as usize])),
            count("limits_missing", &|s| Some(s.limits[Status::Missing as usize])),
            number("worst_ratio", &|s| s.worst.as_ref().map(|w| w.0)),
            text(
                "worst_indicator",
                standings.iter().map(|s| s.worst.as_ref().map(|w| w.1.as_str())).collect(),
            ),
            Column::new("passes".into(), standings.iter().map(met).collect::<Vec<_>>()),
        ],
    )?;
    tables::standings::table().check(&table)?;
    Ok(table)
}
