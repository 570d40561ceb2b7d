//! Exact decimal arithmetic: the decimal that a binary fraction stands for, and how it is rounded in print.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Signed;

/// Comparisons of numbers closer than this (relative, or absolute below 1) are decided by exact arithmetic.
pub const CLOSE: f64 = 1e-9;

/// Whether two numbers are too close to be compared as binary fractions.
#[inline]
pub fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= CLOSE * a.abs().max(b.abs()).max(1.0)
}

/// The decimal that a binary fraction stands for: what was typed, to the 15 digits that Excel keeps. `None` if it is
/// not finite.
pub fn exact_of(value: f64) -> Option<BigRational> {
    if !value.is_finite() {
        return None;
    }
    decimal(&format!("{value:.14e}"))
}

/// Parses a decimal such as `1.1`, `-3`, `4.2e3`.
pub fn decimal(text: &str) -> Option<BigRational> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((m, e)) => (m, e.parse::<i32>().ok()?),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: BigInt = format!("{whole}{fraction}").parse().ok()?;
    let power = exponent - i32::try_from(fraction.len()).ok()?;
    if power.unsigned_abs() > 400 {
        return None;
    }
    let scale = num_traits::pow(BigInt::from(10), power.unsigned_abs() as usize);
    Some(if power < 0 { BigRational::new(digits, scale) } else { BigRational::from_integer(digits * scale) })
}

/// Rounds half away from zero to `decimals`, as the printed form does.
pub fn printed(value: &BigRational, decimals: u32) -> BigRational {
    let scale = BigRational::from_integer(num_traits::pow(BigInt::from(10), decimals as usize));
    let half = BigRational::new(1.into(), 2.into());
    let scaled = value.abs() * &scale + half;
    let rounded = scaled.floor() / scale;
    if value.is_negative() { -rounded } else { rounded }
}
