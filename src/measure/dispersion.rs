//! The student-weighted coefficient of variation: pure mathematics, without frames or files.
//!
//! For schools i with P_i pupils and x_i of a resource, X_i = k·x_i/P_i (k is the indicator's factor): X̄ = k·Σx_i /
//! ΣP_i, S = √(Σ (P_i/P_N)(X_i − X̄)²), CV = S / X̄ (义务教育均衡发展差异系数计算方法; the population form, weighted by pupils).
//! Published example: five schools with 302 pupils and 1,913 books have 0.52.
//!
//! The calculation takes two passes. Sums are kept in double-double precision ([`Sum`]), so that the result does not
//! depend on the order of the schools, and each group is summed by one thread, so that it does not depend on the number
//! of threads. Degenerate cases: without a school that has pupils and a value there is no result; with a mean of zero
//! (no school has the resource) there is no CV.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use rayon::prelude::*;

use crate::tables::measure_matrix::{Dispersion, MeasureMatrix, Members};

/// A sum of `f64` in double-double arithmetic (Dekker 1971; Knuth's two-sum), accurate to about 32 digits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    #[inline(always)]
    pub fn add(&mut self, value: f64) {
        let sum = self.high + value;
        let back = sum - self.high;
        let error = (self.high - (sum - back)) + (value - back);
        let low = self.low + error;
        self.high = sum + low;
        self.low = low - (self.high - sum);
    }
    /// Adds another sum with all its digits.
    pub fn merge(&mut self, other: Sum) {
        self.add(other.low);
        self.add(other.high);
    }
    #[inline(always)]
    pub fn get(self) -> f64 {
        self.high + self.low
    }
}

impl FromIterator<f64> for Sum {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Sum {
        let mut sum = Sum::default();
        values.into_iter().for_each(|v| sum.add(v));
        sum
    }
}

/// The dispersion of `(x, pupils)` pairs, where `factor`·x/pupils is the school's value. Pairs with a NaN or without
/// pupils are ignored. `None` if no pair counts.
pub fn dispersion(factor: f64, schools: &[(f64, f64)]) -> Option<Dispersion> {
    let counted = || schools.iter().copied().filter(|&(x, p)| p > 0.0 && x.is_finite());
    let count = counted().count();
    if count == 0 {
        return None;
    }
    let students = counted().map(|(_, p)| p).collect::<Sum>().get();
    let mean = factor * counted().map(|(x, _)| x).collect::<Sum>().get() / students;
    let squares = counted().map(|(x, p)| square(factor * x / p - mean) * p).collect::<Sum>().get();
    Some(finish(count, students, mean, squares))
}

fn square(x: f64) -> f64 {
    x * x
}

fn finish(schools: usize, students: f64, mean: f64, squares: f64) -> Dispersion {
    let sd = (squares / students).sqrt();
    let cv = if mean == 0.0 { f64::NAN } else { sd / mean };
    Dispersion { schools, students, mean, sd, cv }
}

/// The dispersions of every group and indicator of a matrix, `groups × width`; `members[g]` are the rows of group g.
pub fn of_panel(panel: &MeasureMatrix, members: &Members) -> Vec<Option<Dispersion>> {
    (0..members.groups())
        .into_par_iter()
        .flat_map_iter(|group| Moments::of(panel, members.rows(group)).into_iter().map(|m| m.dispersion()))
        .collect()
}

/// Calls `see` with every known value of some rows (indicator, numerator, denominator), row by row with all indicators
/// together, so that their sums do not depend on one another.
fn each(panel: &MeasureMatrix, rows: &[u32], mut see: impl FnMut(usize, f64, f64)) {
    for &row in rows {
        for k in 0..panel.width {
            let (x, p) = (panel.numerator(row as usize, k), panel.denominator(row as usize, k));
            if p > 0.0 && x.is_finite() {
                see(k, x, p);
            }
        }
    }
}

/// The contribution of a part of a group to its dispersion; parts are merged in the order of the file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Moments {
    schools: u32,
    students: Sum,
    /// Σx, without the factor.
    total: Sum,
    mean: f64,
    /// Σ P_i (X_i − mean)².
    squares: f64,
}

impl Moments {
    /// The moments of some rows of a matrix, one entry per indicator: sums in the first pass, squares about the mean in
    /// the second.
    pub fn of(panel: &MeasureMatrix, rows: &[u32]) -> Vec<Moments> {
        let mut found = vec![Moments::default(); panel.width];
        each(panel, rows, |k, x, p| {
            found[k].schools += 1;
            found[k].students.add(p);
            found[k].total.add(x);
        });
        for (k, moments) in found.iter_mut().enumerate() {
            moments.mean = panel.factor[k] * moments.total.get() / moments.students.get();
        }
        let mut squares = vec![Sum::default(); panel.width];
        each(panel, rows, |k, x, p| squares[k].add(square(panel.factor[k] * x / p - found[k].mean) * p));
        found.iter_mut().zip(squares).for_each(|(moments, sum)| moments.squares = sum.get());
        found
    }

    /// Combines both parts: each part's squares about its own mean are moved to the common mean (Chan, Golub, LeVeque
    /// 1979).
    pub fn merge(&mut self, other: &Moments, factor: f64) {
        if other.schools == 0 {
            return;
        }
        if self.schools == 0 {
            *self = *other;
            return;
        }
        let (before, more) = (self.students.get(), other.students.get());
        self.schools += other.schools;
        self.students.merge(other.students);
        self.total.merge(other.total);
        let mean = factor * self.total.get() / self.students.get();
        self.squares += other.squares + before * square(self.mean - mean) + more * square(other.mean - mean);
        self.mean = mean;
    }

    /// `None` if no school has pupils and a value.
    pub fn dispersion(&self) -> Option<Dispersion> {
        (self.schools > 0)
            .then(|| finish(self.schools as usize, self.students.get(), self.mean, self.squares))
    }
}

/// CV² in exact arithmetic: P_N·Σ(x_i²/P_i)/(Σx_i)² − 1 (the factor cancels out); `None` without a mean.
pub fn exact_square(schools: &[(BigRational, BigRational)]) -> Option<BigRational> {
    let zero = || BigRational::from_integer(BigInt::zero());
    let (mut pupils, mut total, mut squares) = (zero(), zero(), zero());
    for (x, p) in schools.iter().filter(|(_, p)| *p > zero()) {
        pupils += p;
        total += x;
        squares += x * x / p;
    }
    if total.is_zero() {
        return None;
    }
    Some(pupils * squares / (&total * &total) - BigRational::from_integer(1.into()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::exact::exact_of;

    const BOOKS: [(f64, f64); 5] =
        [(279.0, 45.0), (137.0, 37.0), (935.0, 89.0), (160.0, 76.0), (402.0, 55.0)];

    #[test]
    fn the_published_five_schools() {
        // 县域义务教育校际均衡指标计算方法（以生均图书册数为例）: mean 6.33, S 3.26, CV 0.52.
        let found = dispersion(1.0, &BOOKS).unwrap();
        assert_eq!((found.schools, found.students), (5, 302.0));
        assert_eq!(format!("{:.2} {:.2} {:.2}", found.mean, found.sd, found.cv), "6.33 3.26 0.52");
        assert!((found.cv - 0.515_257).abs() < 1e-6);
    }

    #[test]
    fn degenerate_groups() {
        assert_eq!(dispersion(1.0, &[]), None);
        assert_eq!(dispersion(1.0, &[(3.0, 0.0), (f64::NAN, 10.0)]), None);
        assert!(dispersion(1.0, &[(0.0, 10.0), (0.0, 20.0)]).unwrap().cv.is_nan());
        assert_eq!(dispersion(1.0, &[(5.0, 10.0)]).unwrap().cv, 0.0);
        assert_eq!(dispersion(1.0, &[(5.0, 10.0), (9.0, 0.0)]).unwrap().schools, 1);
    }

    fn schools() -> impl Strategy<Value = Vec<(f64, f64)>> {
        prop::collection::vec((0u32..100_000, 1u32..4_000), 1..60)
            .prop_map(|v| v.into_iter().map(|(x, p)| (f64::from(x) / 100.0, f64::from(p))).collect())
    }

    proptest! {
        #[test]
        fn scale_does_not_change_it(schools in schools(), factor in 0.001f64..10_000.0) {
            let (one, scaled) = (dispersion(1.0, &schools).unwrap(), dispersion(factor, &schools).unwrap());
            prop_assume!(one.mean > 0.0);
            prop_assert!((one.cv - scaled.cv).abs() <= 1e-12 * one.cv.max(1e-3));
        }

        #[test]
        fn order_does_not_change_a_bit_of_it(mut schools in schools(), seed in any::<u64>()) {
            let before = dispersion(100.0, &schools).unwrap();
            let turn = seed as usize % schools.len();
            schools.rotate_left(turn);
            schools.reverse();
            let after = dispersion(100.0, &schools).unwrap();
            prop_assert_eq!(before.mean.to_bits(), after.mean.to_bits());
            prop_assert_eq!(before.cv.to_bits(), after.cv.to_bits());
        }

        #[test]
        fn a_school_in_two_like_halves_changes_nothing(schools in schools()) {
            let (x, p) = schools[0];
            let mut halves = schools.clone();
            halves[0] = (x / 2.0, p / 2.0);
            halves.push((x / 2.0, p / 2.0));
            let (whole, split) = (dispersion(1.0, &schools).unwrap(), dispersion(1.0, &halves).unwrap());
            prop_assert!(whole.cv.is_nan() || (whole.cv - split.cv).abs() < 1e-12);
        }

        #[test]
        fn the_kernel_is_the_naive_formula_and_the_exact_one(schools in schools()) {
            let found = dispersion(1.0, &schools).unwrap();
            prop_assume!(found.mean > 0.0);
            let pupils: f64 = schools.iter().map(|s| s.1).sum();
            let mean: f64 = schools.iter().map(|s| s.0).sum::<f64>() / pupils;
            let variance: f64 = schools.iter().map(|&(x, p)| p / pupils * (x / p - mean).powi(2)).sum();
            prop_assert!((found.cv - variance.sqrt() / mean).abs() < 1e-9);
            let exact: Vec<_> = schools.iter().map(|&(x, p)| (exact_of(x).unwrap(), exact_of(p).unwrap())).collect();
            let square = exact_square(&exact).unwrap();
            let square = num_traits::ToPrimitive::to_f64(&square).unwrap();
            prop_assert!((found.cv.powi(2) - square).abs() < 1e-9);
        }

        #[test]
        fn parts_merge_into_the_whole(schools in schools(), at in any::<prop::sample::Index>(), factor in 1u32..10_000) {
            let factor = f64::from(factor);
            let mut panel = MeasureMatrix { width: 1, denominators: 1, denominator_of: vec![0], factor: vec![factor], ..MeasureMatrix::default() };
            for &(x, p) in &schools {
                panel.numerator.push(x);
                panel.denominator.push(p);
            }
            let rows: Vec<u32> = (0..schools.len() as u32).collect();
            let (left, right) = rows.split_at(at.index(rows.len()));
            let mut merged = Moments::of(&panel, left)[0];
            merged.merge(&Moments::of(&panel, right)[0], factor);
            let (merged, whole) = (merged.dispersion().unwrap(), dispersion(factor, &schools).unwrap());
            prop_assert_eq!((merged.schools, merged.students), (whole.schools, whole.students));
            prop_assert_eq!(merged.mean.to_bits(), whole.mean.to_bits());
            prop_assert!((merged.sd - whole.sd).abs() <= 1e-13 * whole.mean, "{} {}", merged.sd, whole.sd);
            if left.is_empty() {
                prop_assert_eq!(merged.sd.to_bits(), whole.sd.to_bits());
            }
        }

        #[test]
        fn a_panel_gives_what_each_group_gives(groups in prop::collection::vec(schools(), 1..5)) {
            let mut panel = MeasureMatrix { width: 2, denominators: 1, denominator_of: vec![0, 0], factor: vec![1.0, 100.0], ..MeasureMatrix::default() };
            for (g, schools) in groups.iter().enumerate() {
                for &(x, p) in schools {
                    panel.row.push(panel.row.len() as u32);
                    panel.group.push(g as u32);
                    panel.numerator.extend([x, p - x]);
                    panel.denominator.push(p);
                }
            }
            let found = of_panel(&panel, &Members::new(&panel.group, groups.len()));
            for (g, schools) in groups.iter().enumerate() {
                prop_assert_eq!(format!("{:?}", found[2 * g]), format!("{:?}", dispersion(1.0, schools)));
                let second: Vec<_> = schools.iter().map(|&(x, p)| (p - x, p)).collect();
                let (a, b) = (found[2 * g + 1].unwrap(), dispersion(100.0, &second).unwrap());
                prop_assert_eq!(a.mean.to_bits(), b.mean.to_bits());
                prop_assert_eq!(a.sd.to_bits(), b.sd.to_bits());
            }
        }
    }
}
