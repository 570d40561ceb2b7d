//! Judges the dispersion of every cell against its limits, as [`crate::assess`] does for a district.

use std::cell::OnceCell;

use num_rational::BigRational;
use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::{
    StudyOptions,
    measured::{Chosen, columns},
    places::{Cell, Place},
};
use crate::{
    exact::exact_of,
    judge::districts::{Tally, tallied},
    measure::{
        Measure,
        apportion::Combined,
        dispersion::{Moments, exact_square},
    },
    problem::Result,
    standard::Standard,
    tables::{
        judged::JudgedDispersion,
        measure_matrix::{Exact, MeasureMatrix},
        years::{Measured, YearSource},
    },
};

type Parts = Vec<(BigRational, BigRational)>;

/// The data for exact comparisons at a limit: the facts of the few districts concerned are read again.
pub(super) struct Judging<'a> {
    pub years: &'a dyn YearSource,
    pub year: i32,
    pub standard: &'a Standard,
    pub asked: &'a StudyOptions,
    pub chosen: &'a Chosen,
    pub measured: &'a Measured,
}

impl Judging<'_> {
    /// Judges every indicator of every cell. `limited` compares with the limits, which apply to places but not to
    /// groups within them. The same limits apply to places above the district.
    ///
    /// # Errors
    /// The facts of a district that lies on a limit cannot be read again: binary fractions never decide instead.
    pub fn cells(
        &self,
        places: &[Place],
        cells: &[Cell],
        limited: bool,
    ) -> Result<Vec<Vec<JudgedDispersion>>> {
        let panel = &self.measured.panel;
        cells.par_iter().map(|cell| self.cell(panel, &places[cell.place as usize], cell, limited)).collect()
    }

    fn cell(
        &self,
        panel: &MeasureMatrix,
        place: &Place,
        cell: &Cell,
        limited: bool,
    ) -> Result<Vec<JudgedDispersion>> {
        let moments = Moments::of(panel, &cell.rows);
        let mut found = Vec::with_capacity(panel.width);
        for (k, moments) in moments.iter().enumerate() {
            let mut tally = Tally::default();
            cell.rows.iter().for_each(|&row| tally.add(panel.mark(row as usize, k)));
            let failed = OnceCell::new();
            let parts = || match self.parts(place, cell, k) {
                Ok(parts) => parts,
                Err(why) => {
                    let _ = failed.set(why);
                    None
                }
            };
            let square = || exact_square(&parts()?);
            let mean = || {
                let parts = parts()?;
                let zero = || BigRational::from_integer(0.into());
                let total = parts.iter().fold(zero(), |sum, (x, _)| sum + x);
                let pupils = parts.iter().fold(zero(), |sum, (_, p)| sum + p);
                (pupils > zero()).then_some(exact_of(panel.factor[k])? * total / pupils)
            };
            let section = cell.section;
            let mut judged = tallied(self.standard, k, section, moments.dispersion(), &tally, &square, &mean);
            if let Some(why) = failed.into_inner() {
                return Err(why);
            }
            if !limited {
                judged.limit = None;
                judged.status = crate::tables::Status::NotApplicable;
                judged.borderline = false;
            }
            found.push(judged);
        }
        Ok(found)
    }

    /// The exact numerators and denominators of a section's schools with a value; `None` if a fact has none.
    fn parts(&self, place: &Place, cell: &Cell, k: usize) -> Result<Option<Parts>> {
        let reliefs = self.asked.reliefs;
        let columns = columns(self.standard, reliefs);
        let mut found = Vec::new();
        for &region in &place.regions {
            let code = &self.measured.regions[region as usize].district_code;
            for entry in self.chosen.of_year(self.years, self.year).filter(|e| e.followed.code == *code) {
                let frame: DataFrame = self.years.facts(&self.years.kept()[entry.kept], Some(&columns))?;
                let combined = Combined::of(&frame)?;
                let mut measure = Measure::new(self.standard, reliefs);
                let panel = measure.add(&frame, 0, &combined)?;
                let exact = measure.exact(&panel, &frame, 0, &combined);
                for row in 0..panel.rows() {
                    let section = measure.groups[panel.group[row] as usize].section;
                    if section != cell.section || !panel.value(row, k).is_finite() {
                        continue;
                    }
                    match exact.parts(row, k) {
                        Some(parts) => found.push(parts),
                        None => return Ok(None),
                    }
                }
            }
        }
        Ok(Some(found))
    }
}
