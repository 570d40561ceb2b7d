//! Compares dispersions with their limits.

use num_rational::BigRational;

use super::schools;
use crate::{
    exact::exact_of,
    standard::{Section, Standard},
    tables::{
        Status,
        judged::JudgedDispersion,
        measure_matrix::{Dispersion, Exact, Group, Mark, MeasureMatrix},
    },
};

/// The exact CV² of schools given as numerator and denominator; `None` if there is no mean.
pub type ExactSquare = fn(&[(BigRational, BigRational)]) -> Option<BigRational>;

/// The counts of one indicator in one group.
#[derive(Debug, Clone, Copy, Default)]
pub struct Tally {
    /// Values that reach their threshold, values that do not, and values that are missing.
    pub met: u32,
    pub unmet: u32,
    pub missing: u32,
}

impl Tally {
    /// Adds the counts of another part.
    pub fn merge(&mut self, other: &Tally) {
        self.met += other.met;
        self.unmet += other.unmet;
        self.missing += other.missing;
    }

    /// Counts one value.
    #[inline]
    pub fn add(&mut self, mark: Mark) {
        if !mark.has(Mark::KNOWN) {
            self.missing += 1;
        } else if mark.has(Mark::JUDGED) {
            if mark.has(Mark::MET) {
                self.met += 1;
            } else {
                self.unmet += 1;
            }
        }
    }
}

/// All indicators of one group: `rows` are its rows of the matrix, `found` its dispersions.
pub fn group(
    standard: &Standard,
    panel: &MeasureMatrix,
    group: &Group,
    rows: &[u32],
    found: &[Option<Dispersion>],
    exact: &dyn Exact,
    exact_square: ExactSquare,
) -> Vec<JudgedDispersion> {
    let parts = |k: usize| known_parts(panel, rows, exact, k);
    (0..panel.width)
        .map(|k| {
            let mut tally = Tally::default();
            rows.iter().for_each(|&row| tally.add(panel.mark(row as usize, k)));
            let mean = || {
                let parts = parts(k)?;
                let zero = || BigRational::from_integer(0.into());
                let total = parts.iter().fold(zero(), |sum, (x, _)| sum + x);
                let pupils = parts.iter().fold(zero(), |sum, (_, p)| sum + p);
                (pupils > zero()).then_some(exact_of(panel.factor[k])? * total / pupils)
            };
            tallied(standard, k, group.section, found[k], &tally, &|| exact_square(&parts(k)?), &mean)
        })
        .collect()
}

/// The exact numerators and denominators of the rows with a value.
pub(super) fn known_parts(
    panel: &MeasureMatrix,
    rows: &[u32],
    exact: &dyn Exact,
    k: usize,
) -> Option<Vec<(BigRational, BigRational)>> {
    let known = rows.iter().filter(|&&row| panel.mark(row as usize, k).has(Mark::KNOWN));
    known.map(|&row| exact.parts(row as usize, k)).collect()
}

/// One indicator of one group; `exact_square` and `exact_mean` are called where binary fractions cannot decide.
pub fn tallied(
    standard: &Standard,
    k: usize,
    section: Section,
    dispersion: Option<Dispersion>,
    tally: &Tally,
    exact_square: &dyn Fn() -> Option<BigRational>,
    exact_mean: &dyn Fn() -> Option<BigRational>,
) -> JudgedDispersion {
    let wants_mean = standard.school_rule.as_ref().is_some_and(|rule| rule.district_mean);
    let missing = tally.missing > 0;
    let cv = dispersion.map_or(f64::NAN, |d| d.cv);
    let judged = judge(standard, k, section, cv, missing, exact_square);
    let threshold = schools::threshold(&standard.indicators[k], section).filter(|_| wants_mean);
    let mean_status = match (threshold, dispersion) {
        (None, _) => Status::NotApplicable,
        (Some(_), None) => Status::Missing,
        (Some(_), Some(_)) if missing => Status::Missing,
        (Some(threshold), Some(dispersion)) => {
            let exact = || Some((exact_mean()?, exact_of(threshold)?));
            if super::reaches(dispersion.mean, threshold, exact) { Status::Met } else { Status::Unmet }
        }
    };
    JudgedDispersion {
        section,
        indicator: k,
        dispersion,
        limit: judged.limit,
        status: judged.status,
        borderline: judged.borderline,
        mean_status,
        schools_met: tally.met as usize,
        schools_unmet: tally.unmet as usize,
        schools_missing: tally.missing as usize,
    }
}

/// The judgement of one CV.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    pub limit: Option<f64>,
    pub status: Status,
    pub borderline: bool,
}

/// Judges a CV against the limit of its indicator and section. `missing`: some school in scope has no value, so that
/// the CV is not that of the whole district. `exact_square` gives CV² where binary fractions cannot decide.
pub fn judge(
    standard: &Standard,
    indicator: usize,
    section: Section,
    cv: f64,
    missing: bool,
    exact_square: &dyn Fn() -> Option<BigRational>,
) -> Judged {
    let limit = standard.indicators.get(indicator).and_then(|i| i.limit.get(section)).copied();
    let Some(bound) = limit else {
        return Judged { limit, status: Status::NotApplicable, borderline: false };
    };
    if !cv.is_finite() || missing {
        return Judged { limit, status: Status::Missing, borderline: false };
    }
    let half = 0.5 / 10f64.powi(standard.print.cv as i32);
    let exact = within(cv, bound, false, exact_square);
    // Half a unit of the last place is rounded up, so values printed as the limit are below limit + half.
    let printed = within(cv, bound + half, true, exact_square);
    let met = if standard.setting("comparison") == "printed" { printed } else { exact };
    let status = if met { Status::Met } else { Status::Unmet };
    Judged { limit, status, borderline: exact != printed }
}

/// cv ≤ bound, or cv < bound.
fn within(cv: f64, bound: f64, strictly: bool, exact_square: &dyn Fn() -> Option<BigRational>) -> bool {
    if (cv - bound).abs() > 1e-9 {
        return cv < bound;
    }
    match (exact_square(), exact_of(bound)) {
        (Some(square), Some(bound)) if strictly => square < &bound * &bound,
        (Some(square), Some(bound)) => square <= &bound * &bound,
        _ => cv <= bound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::decimal;

    #[test]
    fn on_the_limit_is_within_it() {
        let square = |text: &'static str| move || decimal(text).map(|d| &d * &d);
        assert!(within(0.5, 0.5, false, &square("0.5")));
        assert!(within(0.500_000_000_000_1, 0.5, false, &square("0.5")));
        assert!(!within(0.5, 0.5, false, &square("0.5000000000001")));
        assert!(!within(0.501, 0.5, false, &|| None));
        // 0.5005 prints as 0.501.
        assert!(!within(0.5005, 0.5005, true, &square("0.5005")));
        assert!(within(0.500_499_9, 0.5005, true, &|| None));
    }
}
