//! Thresholds, floors, limits, items, scores, grades → verdicts. Prints nothing.
//!
//! Values are compared unrounded; if a binary fraction is too close to a bound, exact arithmetic decides (21 teachers
//! for 500 pupils are 4.2 and meet 4.2). The setting `comparison = "printed"` compares the numbers that the form prints
//! instead. If the two differ, the result is borderline.

pub mod composite;
pub mod districts;
pub mod items;
pub mod schools;
pub mod tables;
pub mod verdict;

use num_rational::BigRational;
use num_traits::ToPrimitive;

use crate::exact;

/// Whether `value` reaches `bound`; `exact` is called where binary fractions cannot decide.
#[inline]
fn reaches(value: f64, bound: f64, exact: impl FnOnce() -> Option<(BigRational, BigRational)>) -> bool {
    if !exact::close(value, bound) {
        return value > bound;
    }
    exact().map_or(value >= bound, |(value, bound)| value >= bound)
}

/// The minimum value that is printed as `bound` or more with `decimals`: half a unit of the last place below it.
fn prints_as(bound: f64, decimals: u32) -> (f64, impl Fn() -> Option<BigRational>) {
    let half = move || {
        let unit = exact::decimal(&format!("1e-{decimals}"))?;
        let bound = exact::exact_of(bound)?;
        Some((&bound / &unit).ceil() * &unit - unit / BigRational::from_integer(2.into()))
    };
    let scale = 10f64.powi(decimals as i32);
    // A bound with more decimals than are printed is reached by the next printed number above it.
    let printed = (bound * scale - 1e-9).ceil() / scale;
    (printed - 0.5 / scale, half)
}

/// The floor of a threshold, as a decimal: 85 % of 4.5 is 3.825, not 3.8249999999999997.
pub fn floor_of(threshold: f64, share: f64) -> f64 {
    let exact = || (exact::exact_of(threshold)? * exact::exact_of(share)?).to_f64();
    exact().unwrap_or(threshold * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_binary_fraction_decides() {
        let exact = |a: &str, b: &str| Some((exact::decimal(a).unwrap(), exact::decimal(b).unwrap()));
        // 0.1 + 0.2 is not 0.3 in binary.
        assert!(reaches(0.1 + 0.2 - 1e-16, 0.3, || exact("0.3", "0.3")));
        assert!(!reaches(0.3, 0.3, || exact("0.2999999999999", "0.3")));
        assert!(reaches(4.200001, 4.2, || unreachable!()));
        assert!(!reaches(4.199999, 4.2, || unreachable!()));
    }

    #[test]
    fn what_prints_as_the_threshold() {
        let (least, exact) = prints_as(4.2, 2);
        assert!((least - 4.195).abs() < 1e-12);
        assert_eq!(exact(), exact::decimal("4.195"));
        let (least, exact) = prints_as(3.825, 2);
        assert!((least - 3.825).abs() < 1e-12);
        assert_eq!(exact(), exact::decimal("3.825"));
    }
}
