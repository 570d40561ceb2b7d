//! Numbers of the arithmetic: rounded, and as they are shown.

use num_rational::BigRational;
use num_traits::ToPrimitive;

use crate::{exact, number, standard::Comparison};

/// The maximum number of decimals of a printed score; a longer one is shown as approximate.
const DECIMALS: u32 = 4;

/// Rounded to nine decimals, which removes the rounding errors of binary fractions.
pub fn tidy(value: f64) -> f64 {
    let whole = (value * 1e9).round() / 1e9;
    // Avoids −0.
    if whole == 0.0 { 0.0 } else { whole }
}

/// `2.7`, `−3`, `13.3333`.
pub fn shown(value: f64) -> String {
    number::at_most(tidy(value), DECIMALS).replace('-', "−")
}

/// `= 17`, or `≈ 13.3333` if the printed number is rounded.
pub fn result(value: f64) -> String {
    let exact = tidy(value) == tidy((value * 1e4).round() / 1e4);
    format!("{} {}", if exact { "=" } else { "≈" }, shown(value))
}

/// A value in exact arithmetic, with the binary fraction it was calculated as.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    pub value: f64,
    pub exact: BigRational,
}

impl Number {
    /// The decimal that a binary fraction stands for; `None` if it is not finite.
    pub fn of(value: f64) -> Option<Number> {
        Some(Number { value, exact: exact::exact_of(value)? })
    }

    pub fn exactly(exact: BigRational) -> Option<Number> {
        Some(Number { value: exact.to_f64()?, exact })
    }
}

/// A value and its bound with few decimals, unless these would make different numbers look equal.
pub fn compared(value: &Number, required: &Number, decimals: u32) -> (String, String) {
    let decimals = decimals.max(2);
    let print = |number: &Number| number::at_most(number.value, decimals);
    let (left, right) = (print(value), print(required));
    if left == right && value.exact != required.exact {
        return (number::calculated(Some(value.value)), number::calculated(Some(required.value)));
    }
    (left, right)
}

/// The sign of the actual comparison between a value and its requirement.
pub fn sign(compare: Comparison, met: bool) -> &'static str {
    match (compare, met) {
        (Comparison::AtLeast, true) | (Comparison::Less, false) => "≥",
        (Comparison::AtLeast, false) | (Comparison::Less, true) => "<",
        (Comparison::AtMost, true) | (Comparison::More, false) => "≤",
        (Comparison::AtMost, false) | (Comparison::More, true) => ">",
        (Comparison::Equal, true) => "=",
        (Comparison::Equal, false) => "≠",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_dust_is_shown() {
        assert_eq!(tidy(0.8 * 4.0 + 0.5 - 1.0), 2.7);
        assert_eq!((shown(-3.0), shown(2.50), shown(20.0)), ("−3".into(), "2.5".into(), "20".into()));
        assert_eq!((result(0.1 + 0.2), result(40.0 / 3.0)), ("= 0.3".into(), "≈ 13.3333".into()));
        assert_eq!(tidy(-1e-12).to_string(), "0");
    }

    #[test]
    fn what_differs_is_not_shown_alike() {
        let number = |value| Number::of(value).unwrap();
        assert_eq!(compared(&number(32.5), &number(30.0), 1), ("32.5".into(), "30".into()));
        assert_eq!(compared(&number(29.9999), &number(30.0), 1), ("29.9999".into(), "30".into()));
    }
}
