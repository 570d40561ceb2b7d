//! Compares the mean of several indicators' CVs with its limit (教督〔2012〕3号: eight indicators, primary 0.65, junior
//! 0.55).
//!
//! A CV is the square root of a rational number. A sum of square roots with positive coefficients is rational only if
//! every root is (roots of different square-free numbers are linearly independent over the rationals). Therefore either
//! everything is exact, or enough digits decide which side of the limit the mean lies on.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Zero};

use super::districts::{ExactSquare, known_parts};
use crate::{
    exact,
    standard::{BySection, Rule, Section, Standard},
    tables::{
        Status,
        judged::{JudgedComposite, JudgedDispersion},
        measure_matrix::{Exact, Group, MeasureMatrix},
    },
};

/// The numbers of digits tried in turn if the sum of the roots is close to the limit.
const DIGITS: [u32; 4] = [30, 60, 120, 240];

/// Every composite of the standard in one group: `rows` are its rows of the matrix, `judged` its dispersions.
pub fn group(
    standard: &Standard,
    panel: &MeasureMatrix,
    group: &Group,
    rows: &[u32],
    judged: &[JudgedDispersion],
    exact: &dyn Exact,
    exact_square: ExactSquare,
) -> Vec<JudgedComposite> {
    let against = |ids: &[usize], bound: &BigRational| {
        let squares: Option<Vec<BigRational>> =
            ids.iter().map(|&k| exact_square(&known_parts(panel, rows, exact, k)?)).collect();
        let count = BigRational::from_integer(ids.len().into());
        roots_against(&squares?, &(bound * count))
    };
    all(standard, group.section, judged, &against)
}

/// Like [`group`], when the facts are no longer in memory: as with dispersions, a mean within 1e-12 of a bound equals
/// it.
pub fn streamed(standard: &Standard, section: Section, judged: &[JudgedDispersion]) -> Vec<JudgedComposite> {
    let against = |ids: &[usize], bound: &BigRational| {
        let mean = exact::exact_of(mean(ids, judged)?)?;
        let near = exact::decimal("1e-12")?;
        let distance = &mean - bound;
        let on = distance < near && distance > -near;
        Some(if on { Ordering::Equal } else { mean.cmp(bound) })
    };
    all(standard, section, judged, &against)
}

/// Compares the mean of some indicators' CVs with a bound; `None` if undecided.
type Against<'a> = &'a dyn Fn(&[usize], &BigRational) -> Option<Ordering>;

fn all(
    standard: &Standard,
    section: Section,
    judged: &[JudgedDispersion],
    against: Against,
) -> Vec<JudgedComposite> {
    let items = standard.items.iter().enumerate();
    items
        .filter_map(|(item, rule)| match &rule.rule {
            Rule::Composite { indicators, limit } => {
                let position = |id: &String| standard.indicators.iter().position(|i| i.id == *id);
                let ids: Vec<usize> = indicators.iter().filter_map(position).collect();
                Some(one(standard, item, &ids, limit, section, judged, against))
            }
            _ => None,
        })
        .collect()
}

fn one(
    standard: &Standard,
    item: usize,
    ids: &[usize],
    limit: &BySection<f64>,
    section: Section,
    judged: &[JudgedDispersion],
    against: Against,
) -> JudgedComposite {
    let limit = limit.get(section).copied();
    let of = |k: usize| judged.iter().find(|d| d.indicator == k);
    let incomplete = |d: &JudgedDispersion| {
        d.schools_missing > 0 || d.dispersion.is_none_or(|found| !found.cv.is_finite())
    };
    let missing: Vec<usize> = ids.iter().copied().filter(|&k| of(k).is_none_or(incomplete)).collect();
    let counted = || ids.iter().filter_map(|&k| of(k)?.dispersion);
    let mut found = JudgedComposite {
        item,
        section,
        schools: counted().map(|d| d.schools).min().unwrap_or(0),
        students: counted().map(|d| d.students).reduce(f64::min).unwrap_or(0.0),
        value: mean(ids, judged),
        limit,
        status: Status::NotApplicable,
        borderline: false,
        missing,
    };
    let Some(limit) = limit else { return found };
    found.status = Status::Missing;
    if let (Some(value), true) = (found.value, found.missing.is_empty()) {
        let half = 0.5 / 10f64.powi(standard.print.cv as i32);
        let exactly = exact::exact_of(limit);
        let half_exactly = exact::decimal(&format!("5e-{}", standard.print.cv + 1));
        let exact = compare_to_bound(value, limit, exactly.as_ref(), ids, against).is_le();
        // Half a unit of the last place is rounded up, so values printed as the limit are below limit + half.
        let above = exactly.zip(half_exactly).map(|(limit, half)| limit + half);
        let printed = compare_to_bound(value, limit + half, above.as_ref(), ids, against).is_lt();
        let met = if standard.setting("comparison") == "printed" { printed } else { exact };
        found.status = if met { Status::Met } else { Status::Unmet };
        found.borderline = exact != printed;
    }
    found
}

/// The mean of the CVs, if every one is known (even if only from the schools with data).
fn mean(ids: &[usize], judged: &[JudgedDispersion]) -> Option<f64> {
    let cv = |&k: &usize| judged.iter().find(|d| d.indicator == k)?.dispersion.map(|d| d.cv);
    let cvs: Vec<f64> = ids.iter().map(cv).collect::<Option<_>>()?;
    let mean = cvs.iter().sum::<f64>() / cvs.len() as f64;
    mean.is_finite().then_some(mean)
}

fn compare_to_bound(
    value: f64,
    bound: f64,
    exactly: Option<&BigRational>,
    ids: &[usize],
    against: Against,
) -> Ordering {
    if (value - bound).abs() > 1e-9 {
        return value.total_cmp(&bound);
    }
    exactly.and_then(|bound| against(ids, bound)).unwrap_or_else(|| value.total_cmp(&bound))
}

/// Compares Σ√q with `bound`, where all q ≥ 0. `None` if [`DIGITS`] do not suffice, which does not occur with the roots
/// of a county.
fn roots_against(squares: &[BigRational], bound: &BigRational) -> Option<Ordering> {
    let mut rational = BigRational::zero();
    let mut others: Vec<(BigInt, BigInt)> = Vec::new();
    for square in squares {
        let (number, denominator) = (square.numer(), square.denom());
        if *number < BigInt::zero() {
            return None;
        }
        let (root, below) = (number.sqrt(), denominator.sqrt());
        if &root * &root == *number && &below * &below == *denominator {
            rational += BigRational::new(root, below);
        } else {
            // √(n/d) = √(nd)/d
            others.push((number * denominator, denominator.clone()));
        }
    }
    if others.is_empty() {
        return Some(rational.cmp(bound));
    }
    for digits in DIGITS {
        let scale = BigInt::from(10).pow(digits);
        let (mut low, mut width) = (rational.clone(), BigRational::zero());
        for (product, denominator) in &others {
            let whole = denominator * &scale;
            low += BigRational::new((product * &scale * &scale).sqrt(), whole.clone());
            width += BigRational::new(BigInt::one(), whole);
        }
        if low >= *bound {
            return Some(Ordering::Greater);
        }
        if low + width <= *bound {
            return Some(Ordering::Less);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use num_traits::ToPrimitive;
    use proptest::prelude::*;

    use super::*;
    use crate::{exact::decimal, tables::measure_matrix::Dispersion};

    fn standard(more: &str) -> Standard {
        let indicator = |id: &str| {
            format!(
                "[[indicator]]\nid = \"{id}\"\ntitle.zh = \"{id}\"\nunit = \"册\"\nnumerator = \"books\"\n\
                 denominator = \"students\"\nshortfall_unit = \"册\"\n"
            )
        };
        let text = format!(
            "id = \"t\"\nversion = \"1\"\ntitle.zh = \"试\"\nsource = \"试\"\n[scope]\nsections = [\"primary\", \"junior\"]\n\
             {}{}\n[[group]]\nid = \"g\"\ntitle.zh = \"组\"\n[[item]]\nid = \"both\"\ngroup = \"g\"\nkind = \"composite\"\n\
             title.zh = \"综合\"\nlimit = {{ primary = 0.65, junior = 0.55 }}\n{more}",
            indicator("A"),
            indicator("B")
        );
        Standard::parse(&text, "试.toml").unwrap()
    }

    fn dispersion(indicator: usize, cv: Option<f64>, schools_missing: usize) -> JudgedDispersion {
        JudgedDispersion {
            section: Section::Primary,
            indicator,
            dispersion: cv.map(|cv| Dispersion { schools: 3, students: 9.0, mean: 1.0, sd: cv, cv }),
            limit: None,
            status: Status::NotApplicable,
            borderline: false,
            mean_status: Status::NotApplicable,
            schools_met: 0,
            schools_unmet: 0,
            schools_missing,
        }
    }

    /// A composite of two CVs given as decimals, so that their squares are exact.
    fn judged(standard: &Standard, section: Section, cvs: [&str; 2]) -> JudgedComposite {
        let exact: Vec<BigRational> = cvs.iter().map(|cv| decimal(cv).unwrap()).collect();
        let of = |k: usize| dispersion(k, exact[k].to_f64(), 0);
        let against = |ids: &[usize], bound: &BigRational| {
            let squares: Vec<BigRational> = exact.iter().map(|cv| cv * cv).collect();
            roots_against(&squares, &(bound * BigRational::from_integer(ids.len().into())))
        };
        all(standard, section, &[of(0), of(1)], &against).remove(0)
    }

    #[test]
    fn under_on_and_over_the_limit() {
        let standard = standard("");
        for (section, cvs, status, borderline) in [
            (Section::Primary, ["0.3", "0.9999999999999999"], Status::Met, false),
            (Section::Primary, ["0.1", "1.2"], Status::Met, false),
            (Section::Primary, ["0.1", "1.2000000000000001"], Status::Unmet, true),
            // 0.6504999 prints as 0.650, 0.6505 as 0.651.
            (Section::Primary, ["0.1", "1.2009998"], Status::Unmet, true),
            (Section::Primary, ["0.1", "1.201"], Status::Unmet, false),
            (Section::Junior, ["0.3", "0.7999"], Status::Met, false),
            (Section::Junior, ["0.3", "0.8"], Status::Met, false),
            (Section::Junior, ["0.3", "0.802"], Status::Unmet, false),
        ] {
            let found = judged(&standard, section, cvs);
            assert_eq!((found.status, found.borderline), (status, borderline), "{section:?} {cvs:?}");
        }
    }

    #[test]
    fn the_printed_number_decides_where_the_setting_says_so() {
        let setting = "[[setting]]\nid = \"comparison\"\ntitle.zh = \"比较\"\nvalue = \"printed\"\n\
                       [setting.values]\nexact.zh = \"甲\"\nprinted.zh = \"乙\"\n";
        let standard = standard(setting);
        assert_eq!(judged(&standard, Section::Primary, ["0.1", "1.2009998"]).status, Status::Met);
        assert_eq!(judged(&standard, Section::Primary, ["0.1", "1.201"]).status, Status::Unmet);
    }

    #[test]
    fn one_cv_missing_and_nothing_is_met() {
        let standard = standard("");
        for (second, value) in [
            (dispersion(1, None, 2), None),
            (dispersion(1, Some(f64::NAN), 0), None),
            (dispersion(1, Some(0.1), 1), Some(0.1)),
        ] {
            let found =
                streamed(&standard, Section::Primary, &[dispersion(0, Some(0.1), 0), second]).remove(0);
            assert_eq!((found.status, found.value, found.missing), (Status::Missing, value, vec![1]));
        }
    }

    #[test]
    fn without_the_facts_what_lies_on_the_limit_is_within_it() {
        let standard = standard("");
        let on = |cv| {
            streamed(&standard, Section::Primary, &[dispersion(0, Some(0.1), 0), dispersion(1, Some(cv), 0)])
        };
        assert_eq!(on(1.2).remove(0).status, Status::Met);
        assert_eq!(on(1.2 + 1e-9).remove(0).status, Status::Unmet);
    }

    #[test]
    fn irrational_roots_near_the_bound() {
        let squares = [decimal("2").unwrap(), decimal("3").unwrap()];
        // √2 + √3 = 3.14626436994197234232913506571557044551247712918732870123…
        let below = decimal("3.14626436994197234232913506571557044551").unwrap();
        let above = decimal("3.14626436994197234232913506571557044552").unwrap();
        assert_eq!(roots_against(&squares, &below), Some(Ordering::Greater));
        assert_eq!(roots_against(&squares, &above), Some(Ordering::Less));
        assert_eq!(
            roots_against(&[decimal("0").unwrap(), decimal("0").unwrap()], &decimal("0").unwrap()),
            Some(Ordering::Equal)
        );
    }

    proptest! {
        #[test]
        fn roots_agree_with_binary_fractions(squares in prop::collection::vec(1u32..4_000, 1..9), share in 1u32..3_000) {
            let exact: Vec<BigRational> =
                squares.iter().map(|&q| BigRational::new(q.into(), 1_000.into())).collect();
            let sum: f64 = squares.iter().map(|&q| (f64::from(q) / 1_000.0).sqrt()).sum();
            let bound = sum * f64::from(share) / 1_500.0;
            prop_assume!((sum - bound).abs() > 1e-9);
            let exactly = exact::exact_of(bound).unwrap();
            prop_assert_eq!(roots_against(&exact, &exactly), sum.partial_cmp(&bound));
        }
    }
}
