//! Dispersions over their limits, and means below their thresholds: the smallest total that corrects each, and the
//! schools' shares of it.

use super::{Duty, Gap, distance};
use crate::{
    standard::Comparison,
    tables::{
        Status,
        judged::JudgedRun,
        measure_matrix::{Group, in_units, lacking},
        shares,
    },
};

/// One school of a dispersion that is over its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub school_code: String,
    pub school_name: String,
    /// Numerator (after apportionment) and denominator.
    pub amount: f64,
    pub students: f64,
}

/// Each school's share of CV², (P_i/P_N)(X_i − X̄)²/X̄² over CV². The shares add up to 1, or are all zero if all
/// schools are alike.
fn shares_of_members(factor: f64, members: &[Member]) -> Vec<f64> {
    let students: f64 = members.iter().map(|m| m.students).sum();
    let mean = factor * members.iter().map(|m| m.amount).sum::<f64>() / students;
    let parts: Vec<f64> =
        members.iter().map(|m| m.students * (factor * m.amount / m.students - mean).powi(2)).collect();
    let whole: f64 = parts.iter().sum();
    parts.into_iter().map(|part| if whole > 0.0 { part / whole } else { 0.0 }).collect()
}

/// The smallest total that brings the CV down to `limit` when it is given to the lowest schools: the amount for each
/// school.
///
/// ∂(CV²)/∂x_j increases with X_j alone (CV² = P_N·Q/R² − 1), so the cheapest way is to raise the lowest schools to one
/// common level, which is found by bisection. Whole units are rounded up school by school.
pub fn raise(factor: f64, members: &[Member], limit: f64, whole: bool) -> Vec<f64> {
    let level_of = |m: &Member| factor * m.amount / m.students;
    let lifted = |level: f64| -> Vec<f64> {
        members.iter().map(|m| (level * m.students / factor - m.amount).max(0.0)).collect()
    };
    let cv = |given: &[f64]| {
        let schools: Vec<(f64, f64)> =
            members.iter().zip(given).map(|(m, g)| (m.amount + g, m.students)).collect();
        let students: f64 = schools.iter().map(|s| s.1).sum();
        let mean = schools.iter().map(|s| s.0).sum::<f64>() / students;
        let squares: f64 = schools.iter().map(|&(x, p)| p * (x / p - mean).powi(2)).sum();
        if mean > 0.0 { (squares / students).sqrt() / mean } else { f64::INFINITY }
    };
    let mut low = members.iter().map(level_of).fold(f64::INFINITY, f64::min);
    let mut high = members.iter().map(level_of).fold(f64::NEG_INFINITY, f64::max);
    if members.is_empty() || !high.is_finite() {
        return Vec::new();
    }
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if cv(&lifted(middle)) > limit {
            low = middle;
        } else {
            high = middle;
        }
    }
    let given = lifted(high);
    if whole { given.into_iter().map(|g| (g - 1e-9).ceil().max(0.0)).collect() } else { given }
}

/// A dispersion over its limit: its schools, and the amount for each in the smallest total that brings it to the limit.
pub struct OverLimit {
    group: usize,
    indicator: usize,
    members: Vec<Member>,
    given: Vec<f64>,
}

/// The schools of a group that have a value of the indicator.
pub fn members_with_value(run: &JudgedRun, group: usize, indicator: usize) -> Vec<Member> {
    let rows = run.members.rows(group).iter().map(|&row| row as usize);
    rows.filter(|&row| run.matrix.value(row, indicator).is_finite())
        .filter_map(|row| {
            let school = run.facts(row)?;
            Some(Member {
                school_code: school.school_code().unwrap_or_default().to_string(),
                school_name: school.school().to_string(),
                amount: run.matrix.numerator(row, indicator),
                students: run.matrix.denominator(row, indicator),
            })
        })
        .collect()
}

/// The dispersions of these groups that are over their limits, with the amounts that bring each to its limit.
pub fn over_limit(run: &JudgedRun, groups: &[usize]) -> Vec<OverLimit> {
    let judged = groups.iter().flat_map(|&g| run.dispersions[g].iter().map(move |d| (g, d)));
    judged
        .filter(|(_, judged)| judged.status == Status::Unmet)
        .filter_map(|(group, judged)| {
            let indicator = &run.standard.indicators[judged.indicator];
            let members = members_with_value(run, group, judged.indicator);
            let given = raise(indicator.factor, &members, judged.limit?, indicator.whole);
            Some(OverLimit { group, indicator: judged.indicator, members, given })
        })
        .collect()
}

/// CVs over their limits, and means below their thresholds, each with the smallest total that corrects it.
pub fn gaps(run: &JudgedRun, groups: &[usize], over: &[OverLimit]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for (g, judged) in groups.iter().flat_map(|&g| run.dispersions[g].iter().map(move |d| (g, d))) {
        let (group, indicator) = (&run.groups[g], &run.standard.indicators[judged.indicator]);
        let Some(dispersion) = judged.dispersion else { continue };
        let start = |name: &str| Gap {
            section: Some(group.section),
            school_name: Some(run.words.say(name)),
            unit: indicator.shortfall_unit.clone(),
            ..Duty::of_indicator(run.standard, indicator).gap(&group.district_code, group.year)
        };
        if let Some(over) = over.iter().find(|o| o.group == g && o.indicator == judged.indicator) {
            gaps.push(Gap {
                current: Some(dispersion.cv),
                required: judged.limit,
                shortfall: Some(over.given.iter().sum()),
                distance: distance(Some(dispersion.cv), judged.limit, Comparison::AtMost),
                ..start("judge.gap_cv")
            });
        }
        let threshold = indicator.threshold.get(group.section).copied();
        if let (Status::Unmet, Some(threshold)) = (judged.mean_status, threshold) {
            let total = dispersion.mean * dispersion.students / indicator.factor;
            let lacking = lacking(threshold, indicator.factor, total, dispersion.students);
            gaps.push(Gap {
                current: Some(dispersion.mean),
                required: Some(threshold),
                shortfall: Some(in_units(lacking, indicator.whole)),
                distance: distance(Some(dispersion.mean), Some(threshold), Comparison::AtLeast),
                ..start("judge.gap_mean")
            });
        }
    }
    gaps
}

/// The table `shares`: within each dispersion the largest share first.
pub fn shares(run: &JudgedRun, over: Vec<OverLimit>) -> shares::Frame {
    let mut rows: Vec<(&Group, &str, Member, f64, f64, f64)> = Vec::new();
    for OverLimit { group, indicator, members, given } in over {
        let indicator = &run.standard.indicators[indicator];
        let parts = shares_of_members(indicator.factor, &members);
        for ((member, share), amount) in members.into_iter().zip(parts).zip(given) {
            let value = indicator.factor * member.amount / member.students;
            rows.push((&run.groups[group], &indicator.id, member, value, share, amount));
        }
    }
    rows.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(b.4.total_cmp(&a.4)));
    rows.iter()
        .map(|(group, indicator, member, value, share, amount)| shares::Values {
            district_code: &group.district_code,
            year: group.year,
            section: group.section,
            indicator,
            school_code: &member.school_code,
            school_name: &member.school_name,
            value: Some(*value),
            share: Some(*share),
            amount: Some(*amount),
        })
        .collect()
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    pub fn members(schools: &[(f64, f64)]) -> Vec<Member> {
        let member = |&(amount, students): &(f64, f64)| Member {
            school_code: String::new(),
            school_name: String::new(),
            amount,
            students,
        };
        schools.iter().map(member).collect()
    }

    fn cv(members: &[Member], given: &[f64]) -> f64 {
        let schools: Vec<_> = members.iter().zip(given).map(|(m, g)| (m.amount + g, m.students)).collect();
        let students: f64 = schools.iter().map(|s| s.1).sum();
        let mean = schools.iter().map(|s| s.0).sum::<f64>() / students;
        (schools.iter().map(|&(x, p)| p * (x / p - mean).powi(2)).sum::<f64>() / students).sqrt() / mean
    }

    #[test]
    fn the_published_five_schools_brought_to_the_limit() {
        let five = members(&[(279.0, 45.0), (137.0, 37.0), (935.0, 89.0), (160.0, 76.0), (402.0, 55.0)]);
        let given = raise(1.0, &five, 0.5, false);
        assert!((cv(&five, &given) - 0.5).abs() < 1e-9);
        // Only the lowest school, with 2.11 books per pupil, gets any.
        assert!(given[3] > 0.0 && given[0] == 0.0 && given[1] == 0.0 && given[2] == 0.0 && given[4] == 0.0);
        let books = raise(1.0, &five, 0.5, true);
        assert!(cv(&five, &books) <= 0.5 && books[3] - given[3] < 1.0);
        assert!((shares_of_members(1.0, &five).iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn no_single_school_does_it_cheaper(
            schools in prop::collection::vec((1u32..9_000, 20u32..2_000), 2..12), limit in 0.05f64..0.6,
        ) {
            let schools: Vec<_> = schools.into_iter().map(|(x, p)| (f64::from(x), f64::from(p))).collect();
            let members = members(&schools);
            let none = vec![0.0; members.len()];
            prop_assume!(cv(&members, &none) > limit);
            let given = raise(1.0, &members, limit, false);
            let total: f64 = given.iter().sum();
            prop_assert!(cv(&members, &given) <= limit + 1e-9);
            for i in 0..members.len() {
                let mut other = none.clone();
                other[i] = total * 0.999;
                prop_assert!(cv(&members, &other) > limit - 1e-6);
            }
        }

        #[test]
        fn shares_add_to_one(schools in prop::collection::vec((0u32..9_000, 20u32..2_000), 2..30)) {
            let members = members(&schools.iter().map(|&(x, p)| (f64::from(x), f64::from(p))).collect::<Vec<_>>());
            let whole: f64 = shares_of_members(100.0, &members).iter().sum();
            prop_assert!(whole == 0.0 || (whole - 1.0).abs() < 1e-9);
        }
    }
}
