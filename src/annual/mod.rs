//! The annual report's job: panel, inquiry, convergence → [`Annual`], from which its charts and documents are made.

mod class_sizes;
mod derived;
pub mod district;
#[cfg(test)]
pub mod sample;

pub use derived::derive;

use std::collections::BTreeMap;

use polars::prelude::*;

use crate::{
    panel::{self, Grouping, Level, PanelSpec, StudyOptions, convergence, inquiry, measured},
    problem::{Place, Problem, Result},
    standard::Standard,
    tables::{
        annual::Annual,
        provenance::Provenance,
        standings,
        years::{Region, YearSource},
    },
    words::Words,
};

/// Everything that the report of `year` is made of. Later years are not read.
///
/// # Errors
/// The store cannot be read; no district has that year.
pub fn annual<'a>(
    years: &dyn YearSource,
    year: i32,
    asked: &StudyOptions,
    standard: &'a Standard,
    made: &'a Provenance,
    words: &'a Words,
    watch: &(dyn Fn(usize, usize) + Sync),
) -> Result<Annual<'a>> {
    let asked = upto(years, year, asked)?;
    let place = |level| PanelSpec { level, grouping: None };
    let wanted = [
        place(Level::District),
        place(Level::City),
        place(Level::Province),
        place(Level::All),
        PanelSpec { level: Level::All, grouping: Some(Grouping::Location) },
    ];
    let found = panel::panel(years, standard, &asked, &wanted, words, watch)?;
    let [districts, cities, provinces, whole, by_location] = &found.panels[..] else {
        return Err(PolarsError::ShapeMismatch("panels".into()).into());
    };
    let this = measured::year(years, year, standard, &asked, words)?;
    let corners = inquiry::lorenz(&this, standard);
    let first = measured::years_of(years, &asked).first().copied().unwrap_or(year);
    let lorenz = match first == year {
        true => corners,
        false => {
            let before = measured::year(years, first, standard, &asked, words)?;
            let mut all = inquiry::lorenz(&before, standard);
            all.append(&corners);
            all
        }
    };
    let mut regional = cities.clone();
    regional.append(provinces);
    let everything = place(Level::All);
    let convergence = convergence::convergence(districts);
    let comparison = inquiry::comparison(&this, everything, asked.resampling, standard, words);
    Ok(Annual {
        year,
        absent: absent(&found.standings, &this.regions, &asked, year, words),
        panel: districts.clone(),
        regional,
        whole: whole.clone(),
        by_location: by_location.clone(),
        standings: found.standings,
        coverage: found.coverage,
        joined: found.joined,
        decomposition: inquiry::decomposition(&this, Level::All, standard, words),
        comparison,
        sigma: convergence.sigma,
        convergence: convergence.lines,
        growth: convergence.growth,
        lorenz,
        class_sizes: class_sizes::class_sizes(years, &asked, standard, words)?,
        regions: this.regions,
        standard,
        words,
        made,
    })
}

/// The options limited to the report's year and the years before it.
///
/// # Errors
/// No district has that year; the error names the years that are stored.
pub fn upto(years: &dyn YearSource, year: i32, asked: &StudyOptions) -> Result<StudyOptions> {
    let (from, to) = asked.years.unwrap_or((i32::MIN, i32::MAX));
    if year < from || year > to {
        let end =
            |year: i32| if matches!(year, i32::MIN | i32::MAX) { String::new() } else { year.to_string() };
        let problem = Problem::error("annual_years", Place::default());
        let problem = problem.with("years", format!("{}..{}", end(from), end(to))).with("year", year);
        return Err(crate::problem::Error::usage(problem));
    }
    let kept = measured::years_of(years, &StudyOptions { years: None, ..asked.clone() });
    if kept.is_empty() {
        return Err(Problem::error("annual_no_year_at_all", Place::default()).into());
    }
    if !kept.contains(&year) {
        let list: Vec<String> = kept.iter().map(i32::to_string).collect();
        let problem = Problem::error("annual_no_year", Place::default());
        return Err(problem.with("year", year).list("years", list).into());
    }
    Ok(StudyOptions { years: Some((from, year)), ..asked.clone() })
}

/// Districts with earlier years but without this one, by code.
fn absent(
    standings: &standings::Frame,
    here: &[Region],
    asked: &StudyOptions,
    year: i32,
    words: &Words,
) -> Vec<Region> {
    let mut found: BTreeMap<String, (i32, String)> = BTreeMap::new();
    for row in standings.rows().filter(|row| row.level() == Level::District.id() && row.year() < year) {
        let (code, of) = (row.district_code(), row.year());
        if !here.iter().any(|region| region.district_code == code) {
            // The name in its last year.
            let own = found.entry(code.to_string()).or_insert_with(|| (of, row.district_name().into()));
            if of >= own.0 {
                *own = (of, row.district_name().into());
            }
        }
    }
    found.iter().map(|(code, (of, name))| asked.crosswalk.region(*of, code, name, words)).collect()
}

/// Whether a district, after the crosswalk, is among those requested.
pub(crate) fn is_asked(region: &Region, asked: &StudyOptions) -> bool {
    asked.districts.is_empty()
        || asked.districts.iter().any(|own| *own == region.district_code || *own == region.district_name)
}
