//! Ranks within a year, and changes since the previous year.

use std::collections::HashMap;

use super::{
    places::{Cell, Place},
    statistics::Line,
};
use crate::dictionary::Section;

/// The rows of one table in the previous year.
#[derive(Default)]
pub(super) struct Before {
    year: Option<i32>,
    rows: HashMap<(String, Section, Option<String>), Vec<Kept>>,
}

/// The values of one indicator.
struct Kept {
    mean: f64,
    cv: f64,
    gini: f64,
    schools_at_threshold: f64,
    rank: Option<u32>,
}

impl Before {
    /// Fills in the ranks and changes of a year's rows (`width` lines per cell), and keeps them for the next year.
    pub fn follow(&mut self, year: i32, places: &[Place], cells: &[Cell], lines: &mut [Line], width: usize) {
        ranked(cells, lines, width);
        let key = |cell: &Cell| (places[cell.place as usize].code.clone(), cell.section, cell.group.clone());
        if self.year == year.checked_sub(1) {
            for (cell, lines) in cells.iter().zip(lines.chunks_mut(width.max(1))) {
                let Some(before) = self.rows.get(&key(cell)) else { continue };
                for (line, before) in lines.iter_mut().zip(before) {
                    let numbers = &mut line.numbers;
                    numbers.mean_change = numbers.mean - before.mean;
                    numbers.cv_change = numbers.cv - before.cv;
                    numbers.gini_change = numbers.gini - before.gini;
                    numbers.schools_at_threshold_change =
                        numbers.schools_at_threshold - before.schools_at_threshold;
                    line.rank_change =
                        line.rank.zip(before.rank).map(|(now, then)| i64::from(now) - i64::from(then));
                }
            }
        }
        let kept = |line: &Line| Kept {
            mean: line.numbers.mean,
            cv: line.numbers.cv,
            gini: line.numbers.gini,
            schools_at_threshold: line.numbers.schools_at_threshold,
            rank: line.rank,
        };
        self.year = Some(year);
        self.rows = cells
            .iter()
            .zip(lines.chunks(width.max(1)))
            .map(|(cell, lines)| (key(cell), lines.iter().map(kept).collect()))
            .collect();
    }
}

/// 1 for the smallest CV among the places with the same section, group and indicator; equal ones share the better rank.
fn ranked(cells: &[Cell], lines: &mut [Line], width: usize) {
    let mut groups: HashMap<(Section, Option<&str>), Vec<usize>> = HashMap::new();
    for (at, cell) in cells.iter().enumerate() {
        groups.entry((cell.section, cell.group.as_deref())).or_default().push(at);
    }
    for members in groups.into_values() {
        for k in 0..width {
            let mut order: Vec<(f64, usize)> = members
                .iter()
                .map(|&cell| cell * width + k)
                .map(|at| (lines[at].numbers.cv, at))
                .filter(|(cv, _)| cv.is_finite())
                .collect();
            order.sort_by(|a, b| a.0.total_cmp(&b.0));
            let ranked = order.len() as u32;
            let mut better: Option<(f64, u32)> = None;
            for (place, (cv, at)) in (1..).zip(order) {
                let rank = match better {
                    Some((equal, rank)) if equal == cv => rank,
                    _ => place,
                };
                better = Some((cv, rank));
                lines[at].rank = Some(rank);
                lines[at].ranked = Some(ranked);
            }
        }
    }
}
