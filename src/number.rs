//! How numbers are shown to people: decimals, thousands separators, and the rounding of shortfalls.
//!
//! Rounding follows the printed form and works on the decimal that a number stands for ([`crate::exact::printed`]), so
//! that the screen agrees with the `borderline` of a verdict.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Signed;

use crate::{
    exact::{decimal as exact, exact_of, printed},
    words::Words,
};

/// `2744.3243` → `2,744.32`; `—` if there is no number.
pub fn fixed(value: Option<f64>, decimals: u32) -> String {
    match value.and_then(exact_of) {
        Some(exact) => decimal(&printed(&exact, decimals), decimals),
        None => "—".into(),
    }
}

/// A share: `0.8421` → `84.2%`; `—` if there is none.
pub fn percent(share: Option<f64>, decimals: u32) -> String {
    share.map_or_else(|| "—".into(), |share| fixed(Some(100.0 * share), decimals) + "%")
}

/// A count, without decimals.
pub fn count(value: impl TryInto<i64>) -> String {
    value.try_into().map_or_else(|_| "—".into(), |n: i64| fixed(Some(n as f64), 0))
}

/// A shortfall, rounded up so that filling it is always enough: whole people and rooms, one decimal of ㎡ and 万元.
pub fn needed(value: Option<f64>, unit: &str, words: &Words) -> String {
    let Some(exact) = value.and_then(exact_of) else { return "—".into() };
    let decimals = decimals_of(unit);
    let scale = BigRational::from_integer(BigInt::from(10).pow(decimals));
    let up = (exact * &scale).ceil() / scale;
    let number = decimal(&up, decimals);
    let unit = if number == "1" { words.unit_of_one(unit) } else { words.unit(unit) };
    with_unit(number, &unit)
}

/// A fact as it was read: all its digits, and its unit.
pub fn fact(value: f64, unit: &str) -> String {
    let text = exact_of(value).map_or_else(|| value.to_string(), |exact| all_digits(&exact));
    // A year has no thousands separator.
    with_unit(if unit == "年" { text.replace(',', "") } else { text }, unit)
}

/// A calculated number with all its meaningful digits, which is twelve for a binary fraction.
pub fn calculated(value: Option<f64>) -> String {
    let digits = value.filter(|v| v.is_finite()).and_then(|v| exact(&format!("{v:.11e}")));
    digits.map_or_else(|| "—".into(), |exact| all_digits(&exact))
}

/// The unit of the amount by which a mean of CVs exceeds its limit.
pub const CV: &str = "差异系数";

/// A number with at most this many decimals and no trailing zeros: `2.7`, `13.3333`.
pub fn at_most(value: f64, decimals: u32) -> String {
    let Some(exact) = exact_of(value) else { return "—".into() };
    let text = decimal(&printed(&exact, decimals), decimals);
    if decimals == 0 { text } else { text.trim_end_matches('0').trim_end_matches('.').to_string() }
}

/// The number of decimals of an amount in print.
pub fn decimals_of(unit: &str) -> u32 {
    if unit == CV {
        return 3;
    }
    // 间音乐教室 are counted like 间; 人/百人 are not.
    match unit.chars().next() {
        Some('人' | '个' | '间' | '台' | '册' | '名' | '所' | '年' | '班') if !unit.contains('/') => {
            0
        }
        _ => 1,
    }
}

fn with_unit(number: String, unit: &str) -> String {
    match unit {
        "" => number,
        "%" => format!("{number}%"),
        _ => format!("{number} {unit}"),
    }
}

/// All digits that Excel keeps (15), without trailing zeros.
fn all_digits(value: &BigRational) -> String {
    let text = decimal(&printed(value, 14), 14);
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A fraction with exactly this many decimals, and with thousands separators.
fn decimal(value: &BigRational, decimals: u32) -> String {
    let scaled = (value.abs() * BigRational::from_integer(BigInt::from(10).pow(decimals))).to_integer();
    let digits = format!("{:0>width$}", scaled.to_string(), width = decimals as usize + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals as usize);
    let mut out = String::new();
    if value.is_negative() && scaled != BigInt::ZERO {
        out.push('-');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if decimals > 0 {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_as_the_form_prints() {
        for (value, decimals, text) in [
            (2744.3243243, 2, "2,744.32"),
            (4.195, 2, "4.20"),
            (0.4995, 3, "0.500"),
            (0.0, 3, "0.000"),
            (-0.001, 2, "0.00"),
            (-1234567.5, 0, "-1,234,568"),
            (999.999, 2, "1,000.00"),
        ] {
            assert_eq!(fixed(Some(value), decimals), text);
        }
        assert_eq!(fixed(None, 2), "—");
        assert_eq!(fixed(Some(f64::NAN), 2), "—");
    }

    #[test]
    fn what_is_needed_is_never_too_little() {
        let words = Words::load(crate::words::Language::Chinese).unwrap();
        let needed = |value, unit| super::needed(value, unit, &words);
        assert_eq!(needed(Some(3.0), "人"), "3 人");
        assert_eq!(needed(Some(2.1), "间"), "3 间");
        assert_eq!(needed(Some(512.4), "㎡"), "512.4 ㎡");
        assert_eq!(needed(Some(512.41), "㎡"), "512.5 ㎡");
        assert_eq!(needed(Some(0.003), "万元"), "0.1 万元");
        assert_eq!(needed(Some(2.1), "间音乐教室"), "3 间音乐教室");
        assert_eq!(needed(None, "人"), "—");
    }

    #[test]
    fn a_calculated_number_shows_no_noise() {
        assert_eq!(calculated(Some(2731.4 - 2782.0)), "-50.6");
        assert_eq!(calculated(Some(1.0 / 3.0)), "0.333333333333");
        assert_eq!(calculated(None), "—");
    }

    #[test]
    fn a_fact_keeps_its_digits() {
        assert_eq!(fact(1545.0700000000002, "㎡"), "1,545.07 ㎡");
        assert_eq!(fact(0.1 + 0.2, ""), "0.3");
        assert_eq!(fact(2016.0, "年"), "2016 年");
    }
}
