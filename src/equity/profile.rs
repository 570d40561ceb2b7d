//! All measures of one distribution in one pass over its sorted schools, for the panel, which needs them for hundreds
//! of thousands of groups.

use super::{Distribution, Undefined};

/// The results of [`Distribution`]'s own methods, equal up to the last digit. `None` if a measure is undefined; X is
/// amount / students, without an indicator's factor.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Profile {
    /// The smallest X.
    pub minimum: f64,
    /// The quantile of X below which 10 % of the pupils are.
    pub p10: f64,
    /// The lower quartile, by pupils.
    pub p25: f64,
    /// The median, by pupils.
    pub median: f64,
    /// The upper quartile, by pupils.
    pub p75: f64,
    /// The quantile of X below which 90 % of the pupils are.
    pub p90: f64,
    /// The largest X.
    pub maximum: f64,
    /// The maximum of X divided by the minimum.
    pub range_ratio: Option<f64>,
    /// [`Distribution::gini`].
    pub gini: Option<f64>,
    /// [`Distribution::gini_corrected`].
    pub gini_corrected: Option<f64>,
    /// [`Distribution::theil_t`].
    pub theil_t: Option<f64>,
    /// [`Distribution::theil_l`].
    pub theil_l: Option<f64>,
    /// GE(2) = CV²/2.
    pub entropy_2: Option<f64>,
    /// Aversion 0.5.
    pub atkinson: Option<f64>,
    /// [`Distribution::palma`].
    pub palma: Option<f64>,
    /// `p90` divided by `p10`.
    pub ratio_90_10: Option<f64>,
    /// [`Distribution::mcloone`].
    pub mcloone: Option<f64>,
}

/// p and r of a school, and their cumulated sums.
struct Step {
    p: f64,
    r: f64,
    students: f64,
    amount: f64,
}

impl Distribution {
    /// All measures.
    ///
    /// # Errors
    /// There is no school.
    pub fn profile(&self) -> Result<Profile, Undefined> {
        let (Some(least), Some(most)) = (self.schools.first(), self.schools.last()) else {
            return Err(Undefined::NoSchool);
        };
        let steps = self.steps();
        // Shares are sums of fractions: 0.1 + 0.2 must reach 0.3.
        let quantile = |share: f64| {
            let at = steps.partition_point(|step| step.students < share - 1e-12);
            self.schools.get(at).unwrap_or(most).value()
        };
        let (minimum, maximum) = (least.value(), most.value());
        let mut found = Profile {
            minimum,
            p10: quantile(0.1),
            p25: quantile(0.25),
            median: quantile(0.5),
            p75: quantile(0.75),
            p90: quantile(0.9),
            maximum,
            range_ratio: (minimum > 0.0).then(|| maximum / minimum),
            ..Profile::default()
        };
        found.ratio_90_10 = (found.p10 > 0.0).then(|| found.p90 / found.p10);
        if maximum > 0.0 {
            found.shares_of(&steps, self.mean().unwrap_or(f64::NAN));
        }
        Ok(found)
    }

    /// Relative to the maximum first, so that no sum overflows. r is NaN if no school has anything.
    fn steps(&self) -> Vec<Step> {
        let (most_students, most_amount) =
            self.schools.iter().fold((0.0, 0.0), |(students, amount): (f64, f64), s| {
                (students.max(s.students), amount.max(s.amount))
            });
        let mut steps: Vec<Step> = self
            .schools
            .iter()
            .map(|s| Step {
                p: s.students / most_students,
                r: s.amount / most_amount,
                students: 0.0,
                amount: 0.0,
            })
            .collect();
        let (students, amount) = steps.iter().fold((0.0, 0.0), |sum, step| (sum.0 + step.p, sum.1 + step.r));
        let (mut before, mut had) = (0.0, 0.0);
        for step in &mut steps {
            step.p /= students;
            step.r /= amount;
            before += step.p;
            had += step.r;
            (step.students, step.amount) = (before, had);
        }
        steps
    }
}

impl Profile {
    fn shares_of(&mut self, steps: &[Step], mean: f64) {
        let (mut area, mut theil_t, mut theil_l, mut squares, mut roots) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let mut with_nothing = false;
        for step in steps {
            let (p, r) = (step.p, step.r);
            area += p * (2.0 * step.amount - r);
            // (r/p)² − 1 keeps the digits that the square alone loses if the schools are nearly alike.
            squares += p * ((r / p).powi(2) - 1.0);
            roots += p * (r / p).sqrt();
            if r > 0.0 {
                let logarithm = (r / p).ln();
                theil_t += r * logarithm;
                theil_l -= p * logarithm;
            } else {
                with_nothing = true;
            }
        }
        let schools = steps.len() as f64;
        let gini = (1.0 - area).clamp(0.0, 1.0);
        self.gini = Some(gini);
        self.gini_corrected = (steps.len() > 1).then(|| gini * schools / (schools - 1.0));
        self.theil_t = Some(theil_t.max(0.0));
        self.theil_l = (!with_nothing).then(|| theil_l.max(0.0));
        self.entropy_2 = Some((squares / 2.0).max(0.0));
        self.atkinson = Some((1.0 - roots.powi(2)).clamp(0.0, 1.0));
        let (four_tenths, nine_tenths) = (of_lowest(steps, 0.4), of_lowest(steps, 0.9));
        self.palma = (four_tenths > 0.0).then(|| (1.0 - nine_tenths) / four_tenths);
        self.mcloone =
            (self.median > 0.0).then(|| (of_lowest(steps, 0.5) * mean / (0.5 * self.median)).min(1.0));
    }
}

/// The share of the whole that the `lowest` share of the pupils has.
fn of_lowest(steps: &[Step], lowest: f64) -> f64 {
    // The last corner is (1, 1) despite rounding errors.
    let corner = |at: usize| match steps.get(at) {
        Some(step) if at + 1 < steps.len() => (step.students, step.amount),
        _ => (1.0, 1.0),
    };
    let after = steps.partition_point(|step| step.students < lowest);
    let (from, to) = (if after == 0 { (0.0, 0.0) } else { corner(after - 1) }, corner(after));
    let width = to.0 - from.0;
    let way = if width > 0.0 { ((lowest - from.0) / width).clamp(0.0, 1.0) } else { 1.0 };
    from.1 + way * (to.1 - from.1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn close(found: Option<f64>, expected: Result<f64, Undefined>) -> bool {
        match (found, expected) {
            (Some(found), Ok(expected)) => (found - expected).abs() <= 1e-12 * (1.0 + expected.abs()),
            (None, Err(_)) => true,
            _ => false,
        }
    }

    #[test]
    fn what_has_no_number_has_none() {
        let of = |schools: &[(f64, f64)]| {
            Distribution::of(schools.iter().map(|&(x, p)| (Some(x), Some(p)))).profile()
        };
        assert_eq!(of(&[]), Err(Undefined::NoSchool));
        let nothing = of(&[(0.0, 10.0), (0.0, 20.0)]).unwrap();
        assert_eq!((nothing.maximum, nothing.median, nothing.gini, nothing.palma), (0.0, 0.0, None, None));
        let one = of(&[(7.0, 10.0)]).unwrap();
        assert_eq!((one.gini, one.gini_corrected, one.range_ratio), (Some(0.0), None, Some(1.0)));
        let with_nothing = of(&[(0.0, 10.0), (7.0, 10.0)]).unwrap();
        assert_eq!((with_nothing.theil_l, with_nothing.range_ratio, with_nothing.palma), (None, None, None));
        assert!((with_nothing.theil_t.unwrap() - 2f64.ln()).abs() < 1e-15);
    }

    proptest! {
        #[test]
        fn all_at_once_is_one_by_one(
            schools in prop::collection::vec((0u32..5_000, 1u32..2_000), 1..50)
        ) {
            let schools = schools.into_iter().map(|(x, p)| (Some(f64::from(x)), Some(f64::from(p))));
            let whole = Distribution::of(schools);
            let found = whole.profile().unwrap();
            for (name, found, expected) in [
                ("p10", Some(found.p10), whole.quantile(0.1)),
                ("p25", Some(found.p25), whole.quantile(0.25)),
                ("median", Some(found.median), whole.quantile(0.5)),
                ("p75", Some(found.p75), whole.quantile(0.75)),
                ("p90", Some(found.p90), whole.quantile(0.9)),
                ("range", Some(found.maximum - found.minimum), whole.range().map(|r| r.0)),
                ("gini", found.gini, whole.gini()),
                ("gini_corrected", found.gini_corrected, whole.gini_corrected()),
                ("theil_t", found.theil_t, whole.theil_t()),
                ("theil_l", found.theil_l, whole.theil_l()),
                ("entropy_2", found.entropy_2, whole.entropy(2.0)),
                ("atkinson", found.atkinson, whole.atkinson(0.5)),
                ("palma", found.palma, whole.palma()),
                ("ratio_90_10", found.ratio_90_10, whole.ratio_90_10()),
                ("mcloone", found.mcloone, whole.mcloone()),
            ] {
                prop_assert!(close(found, expected), "{name}: {found:?} {expected:?}");
            }
            prop_assert_eq!(found.range_ratio, whole.range().unwrap().1);
        }
    }
}
