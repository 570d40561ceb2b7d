//! Statistical measures of inequality: pure mathematics, without frames or files. All are weighted by pupils, so that
//! they describe the same distribution as the CV (教督〔2017〕6号).
//!
//! With P_i pupils and amount x_i of school i: p_i = P_i/ΣP, r_i = x_i/Σx, X_i = x_i/P_i, X̄ = Σx/ΣP. A factor (×100
//! for the indicators per hundred pupils) changes none of them.
//!
//! All have the population form: the schools of a place are all of its schools, not a sample (the published worked
//! example, five schools with 302 pupils and CV 0.52, requires n rather than n − 1). X_i/X̄ = r_i/p_i.
//!
//! | measure | formula | source | undefined if |
//! |---|---|---|---|
//! | mean X̄ ([`Distribution::mean`]) | Σx/ΣP | 教督〔2017〕6号 | no school |
//! | 差异系数 CV ([`Distribution::cv`]) | √(Σ p_i (X_i − X̄)²)/X̄ | 教督〔2017〕6号, 差异系数计算方法 | no school; no school has anything |
//! | Gini ([`Distribution::gini`]) | 1 − Σ p_i (2Q_i − r_i), sorted by X, Q_i = Σ_{j≤i} r_j; = Σ_i Σ_j p_i p_j abs(X_i − X_j)/2X̄ | Gini 1912 | as CV |
//! | Gini, small samples ([`Distribution::gini_corrected`]) | G n/(n − 1) | Deltas 2003 | as CV; one school |
//! | Lorenz curve ([`Distribution::lorenz`]) | (Σp, Σr), sorted by X | Lorenz 1905 | as CV |
//! | Theil T ([`Distribution::theil_t`]) | Σ r_i ln(r_i/p_i), 0 if r_i = 0 | Theil 1967 | as CV |
//! | Theil L ([`Distribution::theil_l`]) | Σ p_i ln(p_i/r_i) | Theil 1967 | as CV; a school has nothing |
//! | GE(α) ([`Distribution::entropy`]) | (Σ p_i (X_i/X̄)^α − 1)/(α(α − 1)); GE(0) = L, GE(1) = T, GE(2) = CV²/2 | Shorrocks 1980 | as CV; for α ≤ 0 a school has nothing |
//! | Atkinson ε ([`Distribution::atkinson`]) | 1 − (Σ p_i (X_i/X̄)^(1−ε))^(1/(1−ε)); ε = 1: 1 − exp Σ p_i ln(X_i/X̄) | Atkinson 1970 | as CV; 1 if a school has nothing and ε ≥ 1 |
//! | Palma ([`Distribution::palma`]) | share of the top tenth / share of the bottom four tenths, by the Lorenz curve | Cobham, Sumner 2013 | as CV; the bottom four tenths have nothing |
//! | 90/10 ([`Distribution::ratio_90_10`]) | X at nine tenths of the pupils / X at one tenth; X at s: the smallest with Σp ≥ s | | the tenth has nothing |
//! | McLoone ([`Distribution::mcloone`]) | share of the bottom half · X̄ / (½ · median) | Berne, Stiefel 1984 | as CV; the median is 0 |
//! | Herfindahl ([`Distribution::herfindahl`]) | Σ r_i², of schools | Hirschman 1964 | as CV |
//! | 极差, 极差率 ([`Distribution::range`]) | max X − min X, max X/min X | | no school; the ratio if min X = 0 |
//! | decomposition ([`Grouped::parts`], [`nested`]) | CV² = Σ P_g (X̄_g − X̄)²/X̄² + Σ P_g (X̄_g/X̄)² CV_g²; T = Σ R_g ln(R_g/P_g) + Σ R_g T_g; L = Σ P_g ln(P_g/R_g) + Σ P_g L_g | Shorrocks 1980; Theil 1967 | as the measure |
//! | share of a school ([`influences`]) | of CV²: p_i (X_i/X̄ − 1)²/CV²; of T: r_i ln(r_i/p_i) | Shorrocks 1982 | as CV; all schools alike |
//! | influence ([`influences`]) | θ without school i minus θ of all | Hampel 1974 | as CV; one school; the others have nothing |
//! | bootstrap ([`Bootstrap`]) | n schools drawn with replacement, each with its pupils; error: SD of the replicates (n − 1); percentile interval: their quantiles (type 7 of Hyndman, Fan 1996) | Efron 1979 | one school |
//! | BCa | quantiles at Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))), z₀ = Φ⁻¹(share of replicates below θ, those equal half), a = Σ d³/(6 (Σ d²)^1.5), d the jackknife's mean minus each of its values | Efron 1987 | all replicates on one side, or all equal |
//! | jackknife | √((n − 1)/n Σ (θ_(i) − θ̄_(·))²) | Quenouille 1956; Tukey 1958 | one school |
//! | permutation test ([`permutation()`]) | (1 + divisions at least as far apart)/(1 + divisions), X̄ of first minus X̄ of second, two-sided | Pitman 1937 | a group has no school |
//! | line ([`line()`]) | least squares; error of the slope √(Σe²/(n − 2)/Σ(x − x̄)²), t with n − 2 degrees | Gauss | fewer than three points; one x |
//! | σ-convergence | the line through (year, SD of ln X̄_d over districts, n − 1) | Barro, Sala-i-Martin 1992 | as the line |
//! | β-convergence ([`beta`]) | (ln X̄_T − ln X̄_0)/T on ln X̄_0; λ = −ln(1 + slope · T)/T, half-life ln 2/λ | Barro, Sala-i-Martin 1992 | as the line; λ if 1 + slope · T ≤ 0; half-life if λ ≤ 0 |
//!
//! **Weights.** A school counts by its pupils (the indicator's denominator) in every measure but three: Herfindahl
//! counts schools; the bootstrap draws schools, each with the same chance, and weights them by their pupils; the σ and
//! β lines count each district once.
//!
//! **Degenerate cases** ([`Undefined`]). A school without pupils, or whose amount is unknown, negative or not finite,
//! is left out and counted ([`Distribution::left_out`]), because its value does not exist. A school that has nothing
//! (0) stays in. With one school, CV, Gini, T and L are 0 (all pupils are alike), and there is no corrected Gini, no
//! resampling and no influence. If no school has anything there are no shares, so every measure except the mean, which
//! is 0, is undefined.
//!
//! ```
//! use junheng::equity::{Distribution, School};
//!
//! // Two schools of 100 pupils; one has three times as many computers as the other.
//! let school = |amount| (Some(amount), Some(100.0));
//! let computers = Distribution::of([school(10.0), school(30.0)]);
//! assert_eq!(computers.gini(), Ok(0.25));
//! assert!((computers.share_of_lowest(0.5).unwrap() - 0.25).abs() < 1e-12);
//! # let _: &[School] = computers.schools();
//! ```

mod bootstrap;
mod columns;
mod convergence;
mod decomposition;
mod inequality;
mod influence;
mod interval;
mod permutation;
mod profile;
mod resample;

pub use bootstrap::{Amounts, Bootstrap, Both};
pub use convergence::{Convergence, Line, beta, line};
pub use decomposition::{Grouped, Measure, Nested, Parts, nested};
pub use influence::{Influence, influences};
pub use interval::{Interval, Resampled};
pub use permutation::permutation;
pub use profile::Profile;
pub use resample::Statistic;

/// The amount that a school has, and its pupils.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct School {
    /// Not negative, in the unit of the resource.
    pub amount: f64,
    /// Greater than 0.
    pub students: f64,
}

impl School {
    /// X_i: the amount per pupil.
    pub fn value(self) -> f64 {
        self.amount / self.students
    }
}

/// A corner of the Lorenz curve: the pupils with the smallest amounts, and their amount, both as shares of the whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The cumulated share of the pupils, 0 to 1.
    pub students: f64,
    /// Their share of the amount, 0 to 1.
    pub amount: f64,
}

/// Why a measure is undefined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undefined {
    /// No school has pupils and a known amount.
    NoSchool,
    /// No school has anything, so there are no shares.
    Nothing,
    /// The correction for small samples divides by n − 1.
    OneSchool,
    /// A school (or the tenth of the pupils that is divided by) has nothing, and the measure divides by it or takes its
    /// logarithm.
    Zero,
    /// All replicates are equal, or there are too few years or districts for a line.
    NoSpread,
}

/// Schools in ascending order of their amount per pupil.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    schools: Vec<School>,
    left_out: usize,
}

impl Undefined {
    /// The value of the columns `why_not`.
    pub fn id(self) -> &'static str {
        match self {
            Undefined::NoSchool => "no_school",
            Undefined::Nothing => "nothing",
            Undefined::OneSchool => "one_school",
            Undefined::Zero => "zero",
            Undefined::NoSpread => "no_spread",
        }
    }
}

impl Distribution {
    /// Amount and pupils of every school. A school is left out, and counted, if either is missing, not finite or
    /// negative, or if it has no pupils: its weight is 0 and its value undefined. A school that has nothing stays in,
    /// with 0.
    pub fn of(schools: impl IntoIterator<Item = (Option<f64>, Option<f64>)>) -> Distribution {
        let mut left_out = 0;
        let mut known = Vec::new();
        for (amount, students) in schools {
            let school = amount.zip(students).map(|(amount, students)| School { amount, students });
            // Comparisons with NaN are false.
            match school.filter(|s| s.amount >= 0.0 && s.students > 0.0 && s.value().is_finite()) {
                Some(school) if school.students.is_finite() => known.push(school),
                _ => left_out += 1,
            }
        }
        known.sort_by(|a, b| a.value().total_cmp(&b.value()));
        Distribution { schools: known, left_out }
    }

    /// In ascending order of the amount per pupil.
    pub fn schools(&self) -> &[School] {
        &self.schools
    }

    /// The number of schools that were given but unusable.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Each school's shares (p_i, r_i), first relative to their maximum, so that no sum overflows.
    fn shares(&self) -> Result<Vec<(f64, f64)>, Undefined> {
        let largest = |of: fn(&School) -> f64| self.schools.iter().map(of).fold(0.0, f64::max);
        let (most_students, most_amount) = (largest(|s| s.students), largest(|s| s.amount));
        if self.schools.is_empty() {
            return Err(Undefined::NoSchool);
        }
        if most_amount == 0.0 {
            return Err(Undefined::Nothing);
        }
        let scaled: Vec<(f64, f64)> =
            self.schools.iter().map(|s| (s.students / most_students, s.amount / most_amount)).collect();
        let students: f64 = scaled.iter().map(|s| s.0).sum();
        let amount: f64 = scaled.iter().map(|s| s.1).sum();
        Ok(scaled.into_iter().map(|(p, r)| (p / students, r / amount)).collect())
    }

    /// The Lorenz curve: (Σp, Σr) from (0, 0) to (1, 1), schools sorted by X. If all are alike it is the diagonal.
    /// Source: M. O. Lorenz, Methods of measuring the concentration of wealth, 1905.
    ///
    /// # Errors
    /// There is no school, or no school has anything.
    pub fn lorenz(&self) -> Result<Vec<Point>, Undefined> {
        let shares = self.shares()?;
        let mut points = vec![Point { students: 0.0, amount: 0.0 }];
        let (mut students, mut amount) = (0.0, 0.0);
        for (p, r) in &shares {
            students += p;
            amount += r;
            points.push(Point { students, amount });
        }
        // Except for rounding errors, the sums of shares end at 1.
        if let Some(last) = points.last_mut() {
            *last = Point { students: 1.0, amount: 1.0 };
        }
        Ok(points)
    }

    /// The share of the whole that the `lowest` share of the pupils has: 0.4 for the bottom four tenths. Within a
    /// school all pupils have the same.
    ///
    /// # Errors
    /// Those of [`Self::lorenz`].
    pub fn share_of_lowest(&self, lowest: f64) -> Result<f64, Undefined> {
        let points = self.lorenz()?;
        let after = points.iter().position(|point| point.students >= lowest).unwrap_or(points.len() - 1);
        let (Some(from), Some(to)) = (points.get(after.saturating_sub(1)), points.get(after)) else {
            return Ok(1.0);
        };
        let width = to.students - from.students;
        let way = if width > 0.0 { ((lowest - from.students) / width).clamp(0.0, 1.0) } else { 1.0 };
        Ok(from.amount + way * (to.amount - from.amount))
    }

    /// Gini coefficient G = 1 − Σ p_i (2Q_i − r_i), Q_i the cumulated r_i, schools sorted by X. This equals Σ_i Σ_j p_i
    /// p_j |X_i − X_j| / 2X̄: half the mean difference of two pupils, relative to the mean. 0 if all are alike, and for
    /// one school. Population form. Source: C. Gini, Variabilità e mutabilità, 1912.
    ///
    /// # Errors
    /// There is no school, or no school has anything.
    pub fn gini(&self) -> Result<f64, Undefined> {
        let mut cumulated = 0.0;
        let mut sum = 0.0;
        for (p, r) in self.shares()? {
            cumulated += r;
            sum += p * (2.0 * cumulated - r);
        }
        Ok((1.0 - sum).clamp(0.0, 1.0))
    }

    /// G · n/(n − 1), for schools that are a sample, or so few that G cannot come near 1. Source: G. Deltas, The
    /// small-sample bias of the Gini coefficient, 2003; meant for equal weights.
    ///
    /// # Errors
    /// Those of [`Self::gini`]; there is only one school.
    pub fn gini_corrected(&self) -> Result<f64, Undefined> {
        let schools = self.schools.len() as f64;
        let gini = self.gini()?;
        if self.schools.len() == 1 { Err(Undefined::OneSchool) } else { Ok(gini * schools / (schools - 1.0)) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn equal(values: &[f64]) -> Distribution {
        Distribution::of(values.iter().map(|&x| (Some(x), Some(1.0))))
    }

    fn weighted(schools: &[(f64, f64)]) -> Distribution {
        Distribution::of(schools.iter().map(|&(x, p)| (Some(x), Some(p))))
    }

    /// The definition, pair by pair.
    fn by_pairs(schools: &[(f64, f64)]) -> f64 {
        let (amount, students) = schools.iter().fold((0.0, 0.0), |sum, (x, p)| (sum.0 + x, sum.1 + p));
        let pair = |(a, b): ((f64, f64), (f64, f64))| a.1 * b.1 * (a.0 / a.1 - b.0 / b.1).abs();
        let all = schools.iter().flat_map(|&a| schools.iter().map(move |&b| (a, b)));
        all.map(pair).sum::<f64>() / (students * students) / (2.0 * amount / students)
    }

    #[test]
    fn published_numbers_come_out() {
        let near =
            |found: f64, published: f64| assert!((found - published).abs() < 5e-8, "{found} {published}");
        // The examples of the R package ineq.
        let ten = equal(&[541.0, 1463.0, 2445.0, 3438.0, 4437.0, 5401.0, 6392.0, 8304.0, 11904.0, 22261.0]);
        near(ten.gini().unwrap(), 0.4620911);
        near(ten.atkinson(0.5).unwrap(), 0.1796591);
        near(ten.herfindahl().unwrap(), 0.1840812);
        // Both concentrations of ten have the corrected Gini of 4/9.
        let mut one_has_half = vec![50.0 / 9.0; 9];
        one_has_half.push(50.0);
        near(equal(&one_has_half).gini_corrected().unwrap(), 0.4444444);
        near(equal(&one_has_half).gini().unwrap(), 0.4);
        let halves = [[2.0; 5], [18.0; 5]].concat();
        near(equal(&halves).gini_corrected().unwrap(), 0.4444444);
        // Theil by group adds up.
        let schools = ten.schools().iter().enumerate();
        let in_groups = Grouped::of(schools.map(|(at, one)| (at % 3, Some(one.amount), Some(one.students))));
        let parts = in_groups.parts(Measure::TheilT).unwrap();
        assert!((parts.between + parts.within - ten.theil_t().unwrap()).abs() < 1e-12);
    }

    #[test]
    fn as_many_threads_as_there_are_say_the_same() {
        let schools = equal(&(1..60).map(|x| f64::from(x * x % 97)).collect::<Vec<_>>());
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| schools.resample(Statistic::Gini, 500, 0.95, (3, 4), None).unwrap())
        };
        assert_eq!(with(1), with(2));
    }

    #[test]
    fn what_has_no_number_says_why() {
        assert_eq!(equal(&[]).gini(), Err(Undefined::NoSchool));
        assert_eq!(equal(&[]).lorenz(), Err(Undefined::NoSchool));
        assert_eq!(equal(&[0.0, 0.0]).gini(), Err(Undefined::Nothing));
        assert_eq!(equal(&[0.0, 0.0]).share_of_lowest(0.4), Err(Undefined::Nothing));
        assert_eq!(equal(&[7.0]).gini(), Ok(0.0));
        assert_eq!(equal(&[7.0]).gini_corrected(), Err(Undefined::OneSchool));
        assert_eq!(equal(&[7.0]).lorenz().unwrap().len(), 2);
    }

    #[test]
    fn what_is_unknown_is_left_out_and_counted() {
        let given = [
            (Some(10.0), Some(100.0)),
            (Some(30.0), Some(100.0)),
            (None, Some(100.0)),
            (Some(10.0), None),
            (Some(f64::NAN), Some(100.0)),
            (Some(10.0), Some(f64::NAN)),
            (Some(10.0), Some(f64::INFINITY)),
            (Some(-1.0), Some(100.0)),
            (Some(10.0), Some(0.0)),
            (Some(10.0), Some(-5.0)),
        ];
        let found = Distribution::of(given);
        assert_eq!((found.schools().len(), found.left_out()), (2, 8));
        assert_eq!(found.gini(), Ok(0.25));
    }

    #[test]
    fn a_school_that_has_nothing_stays() {
        let found = equal(&[0.0, 1.0]);
        assert_eq!((found.schools().len(), found.left_out()), (2, 0));
        assert_eq!(found.gini(), Ok(0.5));
        assert_eq!(found.share_of_lowest(0.5), Ok(0.0));
    }

    #[test]
    fn the_least_are_counted_first_and_within_a_school_all_are_alike() {
        let found = weighted(&[(300.0, 100.0), (100.0, 300.0)]);
        let corner = Point { students: 0.75, amount: 0.25 };
        assert_eq!(found.lorenz().unwrap()[1], corner);
        assert!((found.share_of_lowest(0.375).unwrap() - 0.125).abs() < 1e-12);
        assert_eq!(found.share_of_lowest(0.0), Ok(0.0));
        assert_eq!(found.share_of_lowest(1.0), Ok(1.0));
        assert_eq!(found.share_of_lowest(9.0), Ok(1.0));
    }

    #[test]
    fn the_largest_numbers_do_not_overflow() {
        let found = weighted(&[(f64::MAX, 1.0), (f64::MAX, 1.0), (f64::MAX / 2.0, 1.0)]);
        assert!((found.gini().unwrap() - by_pairs(&[(2.0, 1.0), (2.0, 1.0), (1.0, 1.0)])).abs() < 1e-12);
    }

    fn schools() -> impl Strategy<Value = Vec<(f64, f64)>> {
        let school = (0u32..90_000, 1u32..3_000).prop_map(|(x, p)| (f64::from(x), f64::from(p)));
        prop::collection::vec(school, 1..40).prop_filter("something", |all| all.iter().any(|s| s.0 > 0.0))
    }

    proptest! {
        #[test]
        fn sorted_and_pair_by_pair_are_one(schools in schools()) {
            prop_assert!((weighted(&schools).gini().unwrap() - by_pairs(&schools)).abs() < 1e-9);
        }

        #[test]
        fn neither_unit_nor_order_nor_size_matters(schools in schools(), factor in 0.001f64..1_000.0) {
            let gini = weighted(&schools).gini().unwrap();
            let other: Vec<_> = schools.iter().rev().map(|&(x, p)| (x * factor, p * 7.0)).collect();
            prop_assert!((weighted(&other).gini().unwrap() - gini).abs() < 1e-9);
        }

        #[test]
        fn a_school_in_two_alike_halves_is_one_school(schools in schools()) {
            let gini = weighted(&schools).gini().unwrap();
            let halves: Vec<_> = schools.iter().flat_map(|&(x, p)| [(x / 2.0, p / 2.0); 2]).collect();
            prop_assert!((weighted(&halves).gini().unwrap() - gini).abs() < 1e-9);
        }

        #[test]
        fn twice_the_area_under_the_diagonal(schools in schools()) {
            let found = weighted(&schools);
            let points = found.lorenz().unwrap();
            let under: f64 = points
                .windows(2)
                .map(|w| (w[1].students - w[0].students) * (w[1].amount + w[0].amount) / 2.0)
                .sum();
            prop_assert!((found.gini().unwrap() - (1.0 - 2.0 * under)).abs() < 1e-9);
            // It never leaves the triangle and is convex.
            for w in points.windows(2) {
                prop_assert!(w[1].students >= w[0].students && w[1].amount >= w[0].amount);
                prop_assert!(w[1].amount <= w[1].students + 1e-9);
            }
        }
    }
}
