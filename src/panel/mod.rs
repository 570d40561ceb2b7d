//! Many districts and years, measured year by year in bounded memory and returned as tables ([`crate::tables::years`]).
//!
//! ```text
//! years ──crosswalk──▶ one year's schools, measured and marked ──▶ panel, standings, coverage
//!                                                              ──▶ decomposition, influence, comparison, lorenz
//! panel, all years ──▶ changes, ranks ──▶ sigma, growth, convergence
//! ```

mod changes;
pub mod convergence;
mod coverage;
pub mod crosswalk;
pub mod inequality;
pub mod inquiry;
mod joining;
mod judging;
pub mod measured;
pub mod places;
mod standings;
mod statistics;
mod table;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use crate::{
    equity::Bootstrap,
    problem::{Place, Problem, Result},
    standard::Standard,
    tables::{self, judged::JudgedDispersion, panel, years::Measured, years::YearSource},
    words::Words,
};
use changes::Before;
use coverage::Coverage;
use crosswalk::Crosswalk;
use judging::Judging;
use measured::Chosen;
use places::Cell;
use standings::Standing;
use statistics::Line;

pub use crate::tables::years::Resampling;

/// The schools of which places are taken together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// A district.
    District,
    /// All districts of a city.
    City,
    /// All districts of a province.
    Province,
    /// All districts.
    All,
}

/// How the schools of a place are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grouping {
    /// Urban, town and rural.
    Location,
    /// Public and private.
    Ownership,
    /// The types of schools.
    Type,
}

/// A panel to be calculated: one row per place of this level and group of this grouping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PanelSpec {
    pub level: Level,
    pub grouping: Option<Grouping>,
}

/// The scope and settings of a study.
#[derive(Debug, Clone, Default)]
pub struct StudyOptions {
    /// First and last year, inclusive; `None` for all.
    pub years: Option<(i32, i32)>,
    /// Codes or names, before or after the crosswalk; empty for all.
    pub districts: Vec<String>,
    pub reliefs: bool,
    pub resampling: Resampling,
    pub crosswalk: Crosswalk,
}

/// The result of one pass over the years.
#[derive(Debug, Clone)]
pub struct PanelResult {
    /// One panel per [`PanelSpec`], in their order.
    pub panels: Vec<panel::Frame>,
    /// Standings of all levels requested, without repetition.
    pub standings: tables::standings::Frame,
    pub coverage: tables::coverage::Frame,
    pub joined: tables::joined::Frame,
    /// Suggested lines for the crosswalk ([`tables::suggested`]).
    pub suggested: tables::suggested::Frame,
    /// Lines of the crosswalk that were never followed, names that suggest a line, and levels without any known region.
    pub findings: Vec<Problem>,
}

/// Calculates a panel for each of `wanted` in one pass over the years. Calls `watch(done, all)` with numbers of
/// district-years.
///
/// Rows are sorted by year, place, section, group and indicator. Mean, SD and CV equal those of [`crate::assess`] for a
/// district to the last bit; places above the district are compared with the same limits, groups of schools with none.
/// Changes are relative to the previous year, if both years are requested and stored; ranks are within the year. A CV
/// that lacks a school's value is `missing`, and its certainty null. Only one year is in memory at a time, besides the
/// rows.
///
/// # Errors
/// The store cannot be read; nothing is stored, or not in these years; a requested district does not exist (the error
/// names the nearest); the crosswalk has a circle.
pub fn panel(
    years: &dyn YearSource,
    standard: &Standard,
    asked: &StudyOptions,
    wanted: &[PanelSpec],
    words: &Words,
    watch: &(dyn Fn(usize, usize) + Sync),
) -> Result<PanelResult> {
    crosswalk::provinces()?;
    let chosen = Chosen::of(years, asked)?;
    let done = AtomicUsize::new(0);
    let all = chosen.entries.len();
    let watch = |more: usize| watch(done.fetch_add(more, Ordering::Relaxed) + more, all);
    let mut levels: Vec<Level> = Vec::new();
    for one in wanted {
        if !levels.contains(&one.level) {
            levels.push(one.level);
        }
    }
    let mut coverage = Coverage::new(standard, asked.reliefs);
    let mut panels: Vec<(Before, panel::Frame)> = wanted.iter().map(|_| Default::default()).collect();
    let mut standings = vec![tables::standings::Frame::empty(); levels.len()];
    let there = measured::years_of(years, asked);
    for &year in &there {
        let read = measured::read(years, year, standard, asked, &chosen, words, &watch)?;
        let measured = &read.measured;
        coverage.add(year, &measured.regions, &read.covered);
        let judging = Judging { years, year, standard, asked, chosen: &chosen, measured };
        for (&level, standings) in levels.iter().zip(&mut standings) {
            let (places, of_region) = places::places(measured, level, words);
            let whole = places::cells(measured, &of_region, None);
            let judged = judging.cells(&places, &whole, true)?;
            let stands: Vec<Standing> = whole
                .par_iter()
                .zip(&judged)
                .map(|(cell, judged)| Standing::of(&measured.panel, standard, cell, judged))
                .collect();
            standings.append(&standings::table(level, year, &places, &whole, &stands, standard));
            for (wanted, (before, panel)) in wanted.iter().zip(&mut panels).filter(|(w, _)| w.level == level)
            {
                let grouped = wanted.grouping.map(|grouping| {
                    let cells = places::cells(measured, &of_region, Some(grouping));
                    judging.cells(&places, &cells, false).map(|judged| (cells, judged))
                });
                let grouped = grouped.transpose()?;
                let (cells, judged) =
                    grouped.as_ref().map_or((&whole, &judged), |(cells, judged)| (cells, judged));
                let mut lines = lines(measured, standard, asked.resampling, level, &places, cells, judged);
                before.follow(year, &places, cells, &mut lines, standard.indicators.len());
                panel.append(&table::table(*wanted, year, &places, cells, &lines, standard));
            }
        }
    }
    let (suggested, mut findings) = joining::suggested(years, &chosen);
    findings.extend(asked.crosswalk.unused(&chosen.ways));
    // A district is a place even without a region; it has no standing if none of its schools is in scope.
    let unplaced = levels.iter().zip(&standings).filter(|(level, standings)| {
        matches!(level, Level::City | Level::Province) && standings.height() == 0
    });
    findings.extend(unplaced.map(|(level, _)| {
        Problem::warning("panel_no_regions", Place::default())
            .with("level", words.say(&format!("panel.level.{}", level.id())))
    }));
    Ok(PanelResult {
        panels: panels.into_iter().map(|(_, panel)| panel.in_one_piece()).collect(),
        standings: together(standings),
        coverage: coverage.table(&span(&there)),
        joined: joining::joined(years, &chosen),
        suggested,
        findings,
    })
}

/// One row per indicator for every cell, in their order.
fn lines(
    measured: &Measured,
    standard: &Standard,
    resampling: Resampling,
    level: Level,
    places: &[places::Place],
    cells: &[Cell],
    judged: &[Vec<JudgedDispersion>],
) -> Vec<Line> {
    let own = || {
        let Resampling { replicates, level, seed } = resampling;
        (replicates > 0).then(|| Bootstrap::new(replicates, level, seed))
    };
    let of_cells: Vec<Vec<Line>> = cells
        .par_iter()
        .zip(judged)
        .map_init(own, |bootstrap, (cell, judged)| {
            let code = &places[cell.place as usize].code;
            let stream = statistics::stream(level.id(), code, measured.year, cell);
            statistics::lines(&measured.panel, standard, cell, judged, bootstrap.as_mut(), stream)
        })
        .collect();
    of_cells.into_iter().flatten().collect()
}

fn together(frames: Vec<tables::standings::Frame>) -> tables::standings::Frame {
    let mut whole = tables::standings::Frame::empty();
    frames.iter().for_each(|frame| whole.append(frame));
    whole.in_one_piece()
}

/// The maximum number of years between the first and the last that are filled in: 103 and 2014 belong to two calendars.
const MAX_YEARS: i32 = 60;

/// The years from the first to the last, including those without data.
fn span(there: &[i32]) -> Vec<i32> {
    match (there.first(), there.last()) {
        (Some(&first), Some(&last)) if last.saturating_sub(first) <= MAX_YEARS => (first..=last).collect(),
        _ => there.to_vec(),
    }
}
