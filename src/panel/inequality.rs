//! The whole inquiry into inequality: where it lies, which schools contribute to it, whether groups differ, and whether
//! districts converge.

use polars::prelude::DataFrame;

use super::{Level, PanelSpec, Resampling, StudyOptions, convergence::convergence, inquiry, measured, panel};
use crate::{
    problem::{Problem, Result},
    standard::Standard,
    tables::{self, years::YearSource},
    words::Words,
};

/// The results of the inquiry.
pub struct Inequality {
    pub decomposition: tables::decomposition::Frame,
    pub influence: tables::influence::Frame,
    pub comparison: tables::comparison::Frame,
    pub lorenz: tables::lorenz::Frame,
    pub sigma: tables::sigma::Frame,
    pub growth: tables::growth::Frame,
    pub convergence: tables::convergence::Frame,
    /// The panels of the last year, one per level.
    pub last_year: Vec<tables::panel::Frame>,
    pub findings: Vec<Problem>,
}

impl Inequality {
    /// Every table with its name, in the order of reading.
    pub fn tables(&self) -> [(&'static str, &DataFrame); 7] {
        [
            ("decomposition", self.decomposition.frame()),
            ("influence", self.influence.frame()),
            ("comparison", self.comparison.frame()),
            ("lorenz", self.lorenz.frame()),
            ("sigma", self.sigma.frame()),
            ("growth", self.growth.frame()),
            ("convergence", self.convergence.frame()),
        ]
    }
}

/// Uses all requested years for the trends, and the schools of the last of them for the inquiry, or of every year if
/// years are requested explicitly. Calls `watch(done, all)` as years are read.
///
/// # Errors
/// The years cannot be read, or contain nothing that was requested.
pub fn inequality(
    kept: &dyn YearSource,
    standard: &Standard,
    asked: &StudyOptions,
    levels: &[Level],
    words: &Words,
    watch: &(dyn Fn(usize, usize) + Sync),
) -> Result<Inequality> {
    let districts = [PanelSpec { level: Level::District, grouping: None }];
    let without = Resampling { replicates: 0, ..asked.resampling };
    let over = StudyOptions { resampling: without, ..asked.clone() };
    let found = panel(kept, standard, &over, &districts, words, watch)?;
    let mut all_years = tables::panel::Frame::empty();
    found.panels.iter().for_each(|frame| all_years.append(frame));
    let trends = convergence(&all_years);

    let there = measured::years_of(kept, asked);
    let last = there.last().copied();
    let looked_into = if asked.years.is_some() { there } else { last.into_iter().collect() };
    let mut decomposition = tables::decomposition::Frame::empty();
    let mut influence = tables::influence::Frame::empty();
    let mut comparison = tables::comparison::Frame::empty();
    let mut lorenz = tables::lorenz::Frame::empty();
    for year in looked_into {
        let measured = measured::year(kept, year, standard, asked, words)?;
        for &level in levels {
            let wanted = PanelSpec { level, grouping: None };
            decomposition.append(&inquiry::decomposition(&measured, level, standard, words));
            influence.append(&inquiry::influence(&measured, level, standard, words));
            comparison.append(&inquiry::comparison(&measured, wanted, asked.resampling, standard, words));
        }
        lorenz.append(&inquiry::lorenz(&measured, standard));
    }
    let wanted: Vec<PanelSpec> = levels.iter().map(|&level| PanelSpec { level, grouping: None }).collect();
    let of_last = StudyOptions { years: last.map(|last| (last, last)), ..asked.clone() };
    let last_year = panel(kept, standard, &of_last, &wanted, words, &|_, _| {})?.panels;
    Ok(Inequality {
        decomposition: decomposition.in_one_piece(),
        influence: influence.in_one_piece(),
        comparison: comparison.in_one_piece(),
        lorenz: lorenz.in_one_piece(),
        sigma: trends.sigma.in_one_piece(),
        growth: trends.growth.in_one_piece(),
        convergence: trends.lines.in_one_piece(),
        last_year,
        findings: found.findings,
    })
}
