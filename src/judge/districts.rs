//! Dispersion against its limits.

use num_rational::BigRational;

use super::schools;
use crate::{
    standard::{Section, Standard, formula::exact_of},
    tables::{
        Status,
        judged::JudgedDispersion,
        panel::{Dispersion, Exact, Group, Mark, Panel},
    },
};

/// The exact CV² of the schools given as numerator and denominator, or `None` where there is no mean.
pub type ExactSquare = fn(&[(BigRational, BigRational)]) -> Option<BigRational>;

/// All indicators of one group: `rows` are its members in the panel, `found` its dispersions.
pub fn group(
    standard: &Standard,
    panel: &Panel,
    group: &Group,
    rows: &[u32],
    found: &[Option<Dispersion>],
    exact: &dyn Exact,
    exact_square: ExactSquare,
) -> Vec<JudgedDispersion> {
    let section = group.section;
    let wants_mean = standard.school_rule.as_ref().is_some_and(|rule| rule.district_mean);
    (0..panel.width)
        .map(|k| {
            let marks = || rows.iter().map(|&row| panel.mark(row as usize, k));
            let missing = marks().filter(|m| !m.has(Mark::KNOWN)).count();
            let counts = |met: bool| {
                marks()
                    .filter(|m| m.has(Mark::KNOWN) && m.has(Mark::JUDGED) && m.has(Mark::MET) == met)
                    .count()
            };
            let parts = || -> Option<Vec<(BigRational, BigRational)>> {
                rows.iter()
                    .filter(|&&row| panel.mark(row as usize, k).has(Mark::KNOWN))
                    .map(|&row| exact.parts(row as usize, k))
                    .collect()
            };
            let cv = found[k].map_or(f64::NAN, |d| d.cv);
            let judged = judge(standard, k, section, cv, missing > 0, &|| exact_square(&parts()?));
            let threshold = schools::threshold(&standard.indicators[k], section);
            let mean_status = match (threshold, found[k]) {
                (Some(_), _) if !wants_mean => Status::NotApplicable,
                (None, _) => Status::NotApplicable,
                (Some(_), None) => Status::Missing,
                (Some(_), Some(_)) if missing > 0 => Status::Missing,
                (Some(threshold), Some(dispersion)) => {
                    let met = super::reaches(dispersion.mean, threshold, || {
                        let parts = parts()?;
                        let zero = || BigRational::from_integer(0.into());
                        let total = parts.iter().fold(zero(), |sum, (x, _)| sum + x);
                        let pupils = parts.iter().fold(zero(), |sum, (_, p)| sum + p);
                        Some((exact_of(panel.factor[k])? * total / pupils, exact_of(threshold)?))
                    });
                    if met { Status::Met } else { Status::Unmet }
                }
            };
            JudgedDispersion {
                section,
                indicator: k,
                dispersion: found[k],
                limit: judged.limit,
                status: judged.status,
                borderline: judged.borderline,
                mean_status,
                schools_met: counts(true),
                schools_unmet: counts(false),
                schools_missing: missing,
            }
        })
        .collect()
}

/// What judge says of one CV.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    pub limit: Option<f64>,
    pub status: Status,
    pub borderline: bool,
}

/// A CV against the limit of its indicator and section. `missing`: some school in scope has no value, so that the CV
/// is not the district's. `exact_square` gives CV² where binary fractions cannot tell.
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
    // Half a unit of the last place is rounded up: what prints as the limit lies below limit + half.
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
    use crate::standard::formula::decimal;

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
