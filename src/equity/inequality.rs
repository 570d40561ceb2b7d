//! Measures of inequality as a single number. Formulas use p_i and r_i of the [module](super); X_i/X̄ = r_i/p_i.

use super::{Distribution, Undefined};

impl Distribution {
    /// X̄ = Σx/ΣP: the mean amount per pupil.
    ///
    /// # Errors
    /// There is no school.
    pub fn mean(&self) -> Result<f64, Undefined> {
        if self.schools.is_empty() {
            return Err(Undefined::NoSchool);
        }
        // Relative to the maximum, so that no sum overflows.
        let most = self.schools.iter().map(|s| s.students).fold(0.0, f64::max);
        let students: f64 = self.schools.iter().map(|s| s.students / most).sum();
        Ok(self.schools.iter().map(|s| s.students / most / students * s.value()).sum())
    }

    /// 差异系数 (coefficient of variation): S/X̄ with S² = Σ p_i (X_i − X̄)² (population form), in two passes. 0 for one
    /// school.
    ///
    /// # Errors
    /// There is no school, or no school has anything.
    pub fn cv(&self) -> Result<f64, Undefined> {
        let shares = self.shares()?;
        Ok(shares.iter().map(|(p, r)| p * (r / p - 1.0).powi(2)).sum::<f64>().sqrt())
    }

    /// Theil's T = Σ r_i ln(r_i/p_i); a school that has nothing contributes 0. From 0 to ln(1/smallest p). Source: H.
    /// Theil, Economics and Information Theory, 1967.
    ///
    /// # Errors
    /// There is no school, or no school has anything.
    pub fn theil_t(&self) -> Result<f64, Undefined> {
        let term = |(p, r): &(f64, f64)| if *r > 0.0 { r * (r / p).ln() } else { 0.0 };
        Ok(self.shares()?.iter().map(term).sum::<f64>().max(0.0))
    }

    /// Theil's L, the mean logarithmic deviation Σ p_i ln(p_i/r_i). Source: as [`Self::theil_t`].
    ///
    /// # Errors
    /// There is no school, or one school has nothing.
    pub fn theil_l(&self) -> Result<f64, Undefined> {
        let shares = self.shares()?;
        if shares.iter().any(|(_, r)| *r == 0.0) {
            return Err(Undefined::Zero);
        }
        Ok(shares.iter().map(|(p, r)| p * (p / r).ln()).sum::<f64>().max(0.0))
    }

    /// Generalized entropy GE(α) = (Σ p_i (X_i/X̄)^α − 1) / (α(α − 1)); GE(0) is L and GE(1) is T. GE(2) = CV²/2.
    /// Source: A. Shorrocks, The class of additively decomposable inequality measures, 1980.
    ///
    /// # Errors
    /// There is no school, or no school has anything; for α ≤ 0 also if one school has nothing.
    pub fn entropy(&self, alpha: f64) -> Result<f64, Undefined> {
        if alpha == 0.0 {
            return self.theil_l();
        }
        if alpha == 1.0 {
            return self.theil_t();
        }
        let shares = self.shares()?;
        if alpha < 0.0 && shares.iter().any(|(_, r)| *r == 0.0) {
            return Err(Undefined::Zero);
        }
        // Σ p (y^α − 1) keeps the digits that Σ p y^α − 1 loses if the schools are nearly alike.
        let sum: f64 = shares.iter().map(|(p, r)| p * ((r / p).powf(alpha) - 1.0)).sum();
        Ok((sum / (alpha * (alpha - 1.0))).max(0.0))
    }

    /// Atkinson's index: the share of the whole that could be given up if it were distributed equally, for an aversion
    /// ε > 0. 1 − (Σ p_i (X_i/X̄)^(1−ε))^(1/(1−ε)); for ε = 1, 1 − exp Σ p_i ln(X_i/X̄). It is 1 if a school has
    /// nothing and ε ≥ 1. Source: A. B. Atkinson, On the measurement of inequality, 1970.
    ///
    /// # Errors
    /// There is no school, or no school has anything.
    pub fn atkinson(&self, aversion: f64) -> Result<f64, Undefined> {
        let shares = self.shares()?;
        if aversion >= 1.0 && shares.iter().any(|(_, r)| *r == 0.0) {
            return Ok(1.0);
        }
        let equal = if (aversion - 1.0).abs() < 1e-12 {
            shares.iter().map(|(p, r)| p * (r / p).ln()).sum::<f64>().exp()
        } else {
            let power = 1.0 - aversion;
            shares.iter().map(|(p, r)| p * (r / p).powf(power)).sum::<f64>().powf(1.0 / power)
        };
        Ok((1.0 - equal).clamp(0.0, 1.0))
    }

    /// The amount of the top tenth of the pupils divided by that of the bottom four tenths. Source: A. Cobham, A.
    /// Sumner, Putting the Gini back in the bottle?, 2013. Within a school all pupils have the same.
    ///
    /// # Errors
    /// There is no school, or the bottom four tenths have nothing.
    pub fn palma(&self) -> Result<f64, Undefined> {
        let (most, least) = (1.0 - self.share_of_lowest(0.9)?, self.share_of_lowest(0.4)?);
        if least > 0.0 { Ok(most / least) } else { Err(Undefined::Zero) }
    }

    /// The quantile of X over pupils: the smallest X with Σp ≥ `share`.
    ///
    /// # Errors
    /// There is no school.
    pub fn quantile(&self, share: f64) -> Result<f64, Undefined> {
        let (Some(last), most) =
            (self.schools.last(), self.schools.iter().map(|s| s.students).fold(0.0, f64::max))
        else {
            return Err(Undefined::NoSchool);
        };
        let students: f64 = self.schools.iter().map(|s| s.students / most).sum();
        let mut before = 0.0;
        // Shares are sums of fractions: 0.1 + 0.2 must reach 0.3.
        let found = self.schools.iter().find(|school| {
            before += school.students / most / students;
            before >= share - 1e-12
        });
        Ok(found.unwrap_or(last).value())
    }

    /// X of the pupil at nine tenths divided by X of the pupil at one tenth.
    ///
    /// # Errors
    /// There is no school, or the pupil at one tenth has nothing.
    pub fn ratio_90_10(&self) -> Result<f64, Undefined> {
        let (high, low) = (self.quantile(0.9)?, self.quantile(0.1)?);
        if low > 0.0 { Ok(high / low) } else { Err(Undefined::Zero) }
    }

    /// McLoone's index: the amount of the bottom half of the pupils, divided by what it would be if each had the
    /// median. 1 if all below the median have the median. Source: R. Berne, L. Stiefel, The Measurement of Equity in
    /// School Finance, 1984.
    ///
    /// # Errors
    /// There is no school, or the median pupil has nothing.
    pub fn mcloone(&self) -> Result<f64, Undefined> {
        let (half, median, mean) = (self.share_of_lowest(0.5)?, self.quantile(0.5)?, self.mean()?);
        if median > 0.0 { Ok((half * mean / (0.5 * median)).min(1.0)) } else { Err(Undefined::Zero) }
    }

    /// Herfindahl's concentration Σ r_i²: 1/n if all schools have the same amount, 1 if one has everything. It counts
    /// schools, not pupils.
    ///
    /// # Errors
    /// There is no school, or no school has anything.
    pub fn herfindahl(&self) -> Result<f64, Undefined> {
        Ok(self.shares()?.iter().map(|(_, r)| r * r).sum())
    }

    /// 极差 and 极差率: the maximum of X minus the minimum, and the maximum divided by the minimum.
    ///
    /// # Errors
    /// There is no school. The ratio is `None` if the minimum is 0.
    pub fn range(&self) -> Result<(f64, Option<f64>), Undefined> {
        let (Some(least), Some(most)) = (self.schools.first(), self.schools.last()) else {
            return Err(Undefined::NoSchool);
        };
        let (least, most) = (least.value(), most.value());
        Ok((most - least, (least > 0.0).then(|| most / least)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEN: [f64; 10] = [541.0, 1463.0, 2445.0, 3438.0, 4437.0, 5401.0, 6392.0, 8304.0, 11904.0, 22261.0];

    fn equal(values: &[f64]) -> Distribution {
        Distribution::of(values.iter().map(|&x| (Some(x), Some(1.0))))
    }

    fn weighted(schools: &[(f64, f64)]) -> Distribution {
        Distribution::of(schools.iter().map(|&(x, p)| (Some(x), Some(p))))
    }

    #[test]
    fn published_numbers_come_out() {
        // The package ineq of R: Atkinson(x, 0.5), Herfindahl(x).
        assert!((equal(&TEN).atkinson(0.5).unwrap() - 0.1796591).abs() < 5e-8);
        assert!((equal(&TEN).herfindahl().unwrap() - 0.1840812).abs() < 5e-8);
        let mut ten = vec![2.0; 5];
        ten.extend([18.0; 5]);
        assert!((equal(&ten).gini_corrected().unwrap() - 0.4444444).abs() < 5e-8);
    }

    #[test]
    fn worked_by_hand() {
        // Two schools of 100 pupils, 10 and 30 computers: p = ½, ½; r = ¼, ¾.
        let two = weighted(&[(10.0, 100.0), (30.0, 100.0)]);
        let near = |found: Result<f64, Undefined>, expected: f64| {
            assert!((found.unwrap() - expected).abs() < 1e-12, "{expected}");
        };
        near(two.mean(), 0.2);
        near(two.cv(), 0.5);
        near(two.theil_t(), 0.25 * 0.5f64.ln() + 0.75 * 1.5f64.ln());
        near(two.theil_l(), 0.5 * 2f64.ln() + 0.5 * (2.0f64 / 3.0).ln());
        near(two.entropy(2.0), 0.125);
        near(two.atkinson(1.0), 1.0 - 0.75f64.sqrt());
        near(two.palma(), 0.15 / 0.2);
        near(two.ratio_90_10(), 3.0);
        near(two.quantile(0.5), 0.1);
        near(two.mcloone(), 1.0);
        near(two.herfindahl(), 0.625);
        assert_eq!(two.range().map(|(range, ratio)| (range, ratio.unwrap().round())), Ok((0.3 - 0.1, 3.0)));
    }

    #[test]
    fn what_has_no_number_says_why() {
        let with_nothing = equal(&[0.0, 1.0, 1.0, 1.0]);
        assert_eq!(with_nothing.theil_l(), Err(Undefined::Zero));
        assert_eq!(with_nothing.entropy(-1.0), Err(Undefined::Zero));
        assert_eq!(with_nothing.atkinson(1.0), Ok(1.0));
        assert_eq!(with_nothing.ratio_90_10(), Err(Undefined::Zero));
        assert!((with_nothing.theil_t().unwrap() - (4.0f64 / 3.0).ln()).abs() < 1e-12);
        assert_eq!(equal(&[0.0, 0.0, 0.0, 1.0]).palma(), Err(Undefined::Zero));
        assert_eq!(equal(&[0.0, 0.0, 0.0, 1.0]).mcloone(), Err(Undefined::Zero));
        assert_eq!(with_nothing.range(), Ok((1.0, None)));
        for nothing in [equal(&[]).cv(), equal(&[]).mean(), equal(&[]).quantile(0.5), equal(&[]).theil_t()] {
            assert_eq!(nothing, Err(Undefined::NoSchool));
        }
        assert_eq!(equal(&[0.0]).cv(), Err(Undefined::Nothing));
        let one = equal(&[7.0]);
        assert_eq!((one.cv(), one.theil_t(), one.theil_l()), (Ok(0.0), Ok(0.0), Ok(0.0)));
    }

    fn schools() -> impl Strategy<Value = Vec<(f64, f64)>> {
        let school = (1u32..90_000, 1u32..3_000).prop_map(|(x, p)| (f64::from(x), f64::from(p)));
        prop::collection::vec(school, 1..40)
    }

    proptest! {
        #[test]
        fn half_the_square_of_the_cv_is_ge_2(schools in schools()) {
            let found = weighted(&schools);
            let (cv, ge) = (found.cv().unwrap(), found.entropy(2.0).unwrap());
            prop_assert!((cv * cv / 2.0 - ge).abs() <= 1e-12 * (1.0 + ge));
        }

        #[test]
        fn entropy_is_continuous_where_its_formula_changes(schools in schools()) {
            let found = weighted(&schools);
            for (at, beside) in [(0.0, 1e-6), (1.0, 1.0 + 1e-6)] {
                let (exact, near) = (found.entropy(at).unwrap(), found.entropy(beside).unwrap());
                prop_assert!((exact - near).abs() < 1e-3 * (1.0 + exact));
            }
        }

        #[test]
        fn neither_unit_nor_order_matters_to_any(schools in schools(), factor in 0.01f64..100.0) {
            let other: Vec<_> = schools.iter().rev().map(|&(x, p)| (x * factor, p)).collect();
            let (a, b) = (weighted(&schools), weighted(&other));
            for measure in [
                Distribution::cv, Distribution::theil_t, Distribution::theil_l, Distribution::palma,
                Distribution::mcloone, Distribution::ratio_90_10, Distribution::herfindahl,
            ] {
                let (a, b) = (measure(&a).unwrap(), measure(&b).unwrap());
                prop_assert!((a - b).abs() <= 1e-9 * (1.0 + a));
            }
        }

        #[test]
        fn giving_from_the_richer_to_the_poorer_lowers_them(schools in schools()) {
            prop_assume!(schools.len() > 1);
            let before = weighted(&schools);
            let sorted = before.schools().to_vec();
            let (poor, rich) = (sorted[0], sorted[sorted.len() - 1]);
            // Less than what would make them change places.
            let given = 0.25 * (rich.value() - poor.value()) * poor.students.min(rich.students);
            prop_assume!(given > 1e-6);
            let mut after: Vec<(f64, f64)> = sorted.iter().map(|s| (s.amount, s.students)).collect();
            after[0].0 += given;
            let last = after.len() - 1;
            after[last].0 -= given;
            let after = weighted(&after);
            for measure in [Distribution::cv, Distribution::theil_t, Distribution::theil_l, Distribution::gini] {
                prop_assert!(measure(&after).unwrap() < measure(&before).unwrap() + 1e-12);
            }
            prop_assert!(after.atkinson(0.5).unwrap() < before.atkinson(0.5).unwrap() + 1e-12);
        }
    }
}
