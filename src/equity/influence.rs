//! Each school's influence on the inequality: its contribution to CV² and to Theil's T, and what CV and Gini would be
//! without it.

use super::{School, Undefined, columns::Columns};

/// The influence of one school on the inequality of its group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Influence {
    /// The share p_i (X_i/X̄ − 1)² of CV²: never negative, adds up to 1. `None` if all schools are alike, since there
    /// is nothing to divide.
    pub cv_squared_share: Option<f64>,
    /// r_i ln(r_i/p_i): negative below the mean, adds up to T. 0 for a school that has nothing.
    pub theil_part: f64,
    /// The CV without the school minus the CV with it: negative if the others are more alike. `None` for a single
    /// school, and if the others have nothing.
    pub cv_without: Option<f64>,
    /// The Gini without the school minus the Gini with it, and `None` as for `cv_without`.
    pub gini_without: Option<f64>,
}

/// The influence of every school, in the given order. All schools must have pupils and a known amount
/// ([`super::Distribution::of`] selects these). Takes O(n log n).
///
/// # Errors
/// There is no school, or no school has anything.
pub fn influences(schools: &[School]) -> Result<Vec<Influence>, Undefined> {
    let columns = Columns::of(schools)?;
    let [cv, gini] = columns.whole();
    let squared = cv * cv;
    let contributions = columns.contributions();
    let change = |without: f64, with: f64| Some(without - with).filter(|change| change.is_finite());
    Ok(columns
        .without_each()
        .into_iter()
        .zip(contributions)
        .map(|(without, (square, theil))| Influence {
            cv_squared_share: (squared > 0.0).then(|| square / squared),
            theil_part: theil,
            cv_without: change(without[0], cv),
            gini_without: change(without[1], gini),
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::equity::{Distribution, Statistic};

    fn school(amount: f64, students: f64) -> School {
        School { amount, students }
    }

    #[test]
    fn worked_by_hand() {
        // 30 and 10 for 100 pupils each: CV² = ¼, half from each; T = ¾ ln 1.5 + ¼ ln 0.5. Alone, each has CV 0.
        let found = influences(&[school(30.0, 100.0), school(10.0, 100.0)]).unwrap();
        let near =
            |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        near(found[0].cv_squared_share.unwrap(), 0.5);
        near(found[0].theil_part, 0.75 * 1.5f64.ln());
        near(found[1].theil_part, 0.25 * 0.5f64.ln());
        near(found[0].cv_without.unwrap(), -0.5);
        near(found[1].gini_without.unwrap(), -0.25);
    }

    #[test]
    fn what_has_no_number_says_why() {
        assert_eq!(influences(&[]), Err(Undefined::NoSchool));
        assert_eq!(influences(&[school(0.0, 5.0)]), Err(Undefined::Nothing));
        let one = influences(&[school(3.0, 5.0)]).unwrap();
        let alone =
            Influence { cv_squared_share: None, theil_part: 0.0, cv_without: None, gini_without: None };
        assert_eq!(one, [alone]);
        // Without the school that has something, nothing is left.
        let two = influences(&[school(3.0, 5.0), school(0.0, 5.0)]).unwrap();
        assert_eq!((two[0].cv_without, two[1].theil_part), (None, 0.0));
        assert!((two[1].cv_without.unwrap() + 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn it_is_what_recomputing_gives(
            schools in prop::collection::vec((0u32..3_000, 30u32..3_000), 2..40)
        ) {
            prop_assume!(schools.iter().any(|s| s.0 > 0));
            let schools: Vec<School> =
                schools.into_iter().map(|(x, p)| school(f64::from(x), f64::from(p))).collect();
            let of = |schools: &mut dyn Iterator<Item = &School>| {
                Distribution::of(schools.map(|s| (Some(s.amount), Some(s.students))))
            };
            let whole = of(&mut schools.iter());
            let found = influences(&schools).unwrap();
            let shares: f64 = found.iter().filter_map(|one| one.cv_squared_share).sum();
            prop_assert!(whole.cv().unwrap() < 1e-9 || (shares - 1.0).abs() < 1e-9);
            let theil: f64 = found.iter().map(|one| one.theil_part).sum();
            prop_assert!((theil - whole.theil_t().unwrap()).abs() < 1e-12);
            for (at, one) in found.iter().enumerate() {
                let rest = of(&mut schools.iter().enumerate().filter(|(k, _)| *k != at).map(|(_, s)| s));
                match one.cv_without.zip(one.gini_without) {
                    Some((cv, gini)) => {
                        prop_assert!((rest.cv().unwrap() - whole.cv().unwrap() - cv).abs() < 1e-9);
                        prop_assert!((rest.gini().unwrap() - whole.gini().unwrap() - gini).abs() < 1e-9);
                    }
                    None => prop_assert_eq!(rest.cv(), Err(Undefined::Nothing)),
                }
            }
            // The same in the distribution's own order.
            let mut mine: Vec<f64> = found.iter().filter_map(|one| one.cv_without).collect();
            let mut theirs: Vec<f64> =
                whole.influence(Statistic::Cv).unwrap().into_iter().flatten().collect();
            mine.sort_by(f64::total_cmp);
            theirs.sort_by(f64::total_cmp);
            prop_assert!(mine.iter().zip(&theirs).all(|(a, b)| (a - b).abs() < 1e-9));
        }
    }
}
