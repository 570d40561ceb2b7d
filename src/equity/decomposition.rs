//! How much of the inequality lies between groups of schools (城区/镇区/乡村, 公办/民办, county in city in province), how much
//! within them, and what each school contributes. Exact: the parts add up to the whole.

use std::collections::BTreeMap;

use super::{Distribution, School, Undefined};

/// The measures that can be decomposed exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// CV² = Σ_g P_g (X̄_g − X̄)²/X̄² + Σ_g P_g S_g²/X̄². Its half is GE(2): every part of GE(2) is half the part of CV².
    CvSquared,
    /// T = Σ_g R_g ln(R_g/P_g) + Σ_g R_g T_g.
    TheilT,
    /// L = Σ_g P_g ln(P_g/R_g) + Σ_g P_g L_g.
    TheilL,
}

/// The parts of a whole. P_g and R_g are a group's shares of pupils and of the amount.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts<G> {
    /// The inequality of the whole: `between` + `within`.
    pub total: f64,
    /// The inequality that remains if every school has the mean of its group.
    pub between: f64,
    /// The inequality within the groups, weighted.
    pub within: f64,
    /// Each group's contribution to `within`: its own inequality, weighted.
    pub groups: Vec<(G, f64)>,
}

/// Schools in groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouped<G> {
    groups: BTreeMap<G, Distribution>,
}

impl<G: Ord + Clone> Grouped<G> {
    /// Group, amount and pupils of every school; unusable schools are left out as in [`Distribution::of`].
    pub fn of(schools: impl IntoIterator<Item = (G, Option<f64>, Option<f64>)>) -> Grouped<G> {
        let mut given: BTreeMap<G, Vec<_>> = BTreeMap::new();
        for (group, amount, students) in schools {
            given.entry(group).or_default().push((amount, students));
        }
        Grouped { groups: given.into_iter().map(|(group, list)| (group, Distribution::of(list))).collect() }
    }

    /// All schools together.
    pub fn whole(&self) -> Distribution {
        let schools = self.groups.values().flat_map(Distribution::schools);
        Distribution::of(schools.map(|school| (Some(school.amount), Some(school.students))))
    }

    /// Inequality between and within groups. A group without schools contributes nothing; one without any amount
    /// contributes only to `between`.
    ///
    /// # Errors
    /// There is no school, or no school has anything; for L also if one school has nothing.
    pub fn parts(&self, measure: Measure) -> Result<Parts<G>, Undefined> {
        let whole = self.whole();
        let mut as_groups = Vec::new();
        let mut groups = Vec::new();
        let total = |of: fn(&School) -> f64| whole.schools().iter().map(of).sum::<f64>();
        let (students, amount) = (total(|s| s.students), total(|s| s.amount));
        for (group, schools) in self.groups.iter().filter(|(_, schools)| !schools.schools().is_empty()) {
            let sum = |of: fn(&School) -> f64| schools.schools().iter().map(of).sum::<f64>();
            let (of_students, of_amount) = (sum(|s| s.students), sum(|s| s.amount));
            as_groups.push((Some(of_amount), Some(of_students)));
            let (p, r) = (of_students / students, of_amount / amount);
            let own = match value(schools, measure) {
                // None of its schools has anything, so they are alike.
                Err(Undefined::Nothing) => 0.0,
                found => found?,
            };
            groups.push((group.clone(), weight(measure, p, r) * own));
        }
        let between = value(&Distribution::of(as_groups), measure)?;
        let within = groups.iter().map(|(_, part)| part).sum();
        Ok(Parts { total: value(&whole, measure)?, between, within, groups })
    }
}

/// A whole and its parts for nested groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Nested<const DEPTH: usize> {
    /// The inequality of the whole: the sum of `between` and `within`.
    pub total: f64,
    /// Between the outermost groups, between those of the next level within each of them, and so on inwards.
    pub between: [f64; DEPTH],
    /// Within the innermost groups.
    pub within: f64,
}

/// Decomposes nested groups (province, city, county): for each school its groups from the outside in, its amount and
/// pupils. The formulas of [`Measure`] are applied level by level: the inequality between groups of a level within one
/// group of the level above has the weight of that group.
///
/// # Errors
/// There is no school, or no school has anything; for L also if one school has nothing.
pub fn nested<G: Ord + Clone, const DEPTH: usize>(
    schools: impl IntoIterator<Item = ([G; DEPTH], Option<f64>, Option<f64>)>,
    measure: Measure,
) -> Result<Nested<DEPTH>, Undefined> {
    let schools: Vec<([G; DEPTH], School)> = schools
        .into_iter()
        .filter_map(|(way, amount, students)| {
            let school = Distribution::of([(amount, students)]).schools().first().copied();
            school.map(|school| (way, school))
        })
        .collect();
    let together = |parts: &[School]| {
        let add = |sum: School, part: &School| School {
            amount: sum.amount + part.amount,
            students: sum.students + part.students,
        };
        parts.iter().fold(School { amount: 0.0, students: 0.0 }, add)
    };
    let distribution =
        |parts: &[School]| Distribution::of(parts.iter().map(|s| (Some(s.amount), Some(s.students))));
    let all: Vec<School> = schools.iter().map(|(_, school)| *school).collect();
    let total = value(&distribution(&all), measure)?;
    let whole = together(&all);
    let mut between = [0.0; DEPTH];
    let mut within = 0.0;
    // Level by level: the members of each group of `depth` steps.
    for depth in 0..=DEPTH {
        let mut inside: BTreeMap<&[G], BTreeMap<&[G], Vec<School>>> = BTreeMap::new();
        for (way, school) in &schools {
            let next = &way[..(depth + 1).min(DEPTH)];
            inside.entry(&way[..depth]).or_default().entry(next).or_default().push(*school);
        }
        let mut found = 0.0;
        for children in inside.values() {
            let parts: Vec<School> = if depth < DEPTH {
                children.values().map(|schools| together(schools)).collect()
            } else {
                children.values().flatten().copied().collect()
            };
            let group = together(&parts);
            let (p, r) = (group.students / whole.students, group.amount / whole.amount);
            found += match value(&distribution(&parts), measure) {
                // No school in it has anything, so they are alike.
                Err(Undefined::Nothing) => 0.0,
                own => weight(measure, p, r) * own?,
            };
        }
        match between.get_mut(depth) {
            Some(part) => *part = found,
            None => within = found,
        }
    }
    Ok(Nested { total, between, within })
}

/// The weight of a group's own inequality in the whole, from its shares of pupils and of the amount.
fn weight(measure: Measure, p: f64, r: f64) -> f64 {
    match measure {
        // S_g²/X̄² = CV_g² (X̄_g/X̄)².
        Measure::CvSquared => p * (r / p) * (r / p),
        Measure::TheilT => r,
        Measure::TheilL => p,
    }
}

fn value(of: &Distribution, measure: Measure) -> Result<f64, Undefined> {
    match measure {
        Measure::CvSquared => of.cv().map(|cv| cv * cv),
        Measure::TheilT => of.theil_t(),
        Measure::TheilL => of.theil_l(),
    }
}

impl Distribution {
    /// Each school's contribution to CV², in the order of [`Self::schools`]: p_i (X_i/X̄ − 1)². Never negative.
    ///
    /// # Errors
    /// There is no school, or no school has anything.
    pub fn contributions(&self) -> Result<Vec<f64>, Undefined> {
        Ok(self.shares()?.iter().map(|(p, r)| p * (r / p - 1.0).powi(2)).collect())
    }

    /// Each school's contribution to T, in the order of [`Self::schools`]: r_i ln(r_i/p_i); negative below the mean.
    ///
    /// # Errors
    /// There is no school, or no school has anything.
    pub fn contributions_to_theil(&self) -> Result<Vec<f64>, Undefined> {
        let term = |(p, r): (f64, f64)| if r > 0.0 { r * (r / p).ln() } else { 0.0 };
        Ok(self.shares()?.into_iter().map(term).collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Measure; 3] = [Measure::CvSquared, Measure::TheilT, Measure::TheilL];

    #[test]
    fn worked_by_hand() {
        // Town: 10 and 30 for 100 pupils each; village: 20 and 20. All groups have the same mean, so everything is
        // within.
        let schools = [("town", 10.0), ("town", 30.0), ("village", 20.0), ("village", 20.0)];
        let grouped = Grouped::of(schools.map(|(group, x)| (group, Some(x), Some(100.0))));
        let parts = grouped.parts(Measure::CvSquared).unwrap();
        assert!((parts.total - 0.125).abs() < 1e-12 && parts.between.abs() < 1e-12);
        assert_eq!(parts.groups.len(), 2);
        assert!((parts.groups[0].1 - 0.125).abs() < 1e-12 && parts.groups[1].1.abs() < 1e-12);
        // Each group is uniform, so everything is between.
        let schools = [("town", 30.0), ("town", 30.0), ("village", 10.0), ("village", 10.0)];
        let grouped = Grouped::of(schools.map(|(group, x)| (group, Some(x), Some(100.0))));
        let parts = grouped.parts(Measure::TheilT).unwrap();
        assert!(parts.within.abs() < 1e-12 && (parts.between - parts.total).abs() < 1e-12);
    }

    #[test]
    fn a_group_that_has_nothing_is_between() {
        let schools = [("a", 0.0), ("a", 0.0), ("b", 10.0), ("b", 10.0)];
        let grouped = Grouped::of(schools.map(|(group, x)| (group, Some(x), Some(100.0))));
        let parts = grouped.parts(Measure::CvSquared).unwrap();
        assert_eq!((parts.total, parts.between, parts.within), (1.0, 1.0, 0.0));
        assert_eq!(grouped.parts(Measure::TheilL), Err(Undefined::Zero));
        assert_eq!(Grouped::<u8>::of([]).parts(Measure::TheilT), Err(Undefined::NoSchool));
    }

    #[test]
    fn county_in_city_in_province_by_hand() {
        // CV² of 0, 2, 2, 4, 4, 6, 6, 8 (mean 4): 6/16. Provinces 2 and 6: 4/16. Cities 1, 3, 5, 7: 1/16 about their
        // provinces; counties as their cities; schools 1 about their counties.
        let schools = [0.0, 2.0, 2.0, 4.0, 4.0, 6.0, 6.0, 8.0];
        let given = (0u8..).zip(schools).map(|(at, x)| ([at / 4, at / 2, at / 2], Some(x), Some(1.0)));
        let found = nested(given, Measure::CvSquared).unwrap();
        let near =
            |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        near(found.total, 0.375);
        found.between.into_iter().zip([0.25, 0.0625, 0.0]).for_each(|(found, by_hand)| near(found, by_hand));
        near(found.within, 0.0625);
        let none: [([u8; 2], Option<f64>, Option<f64>); 1] = [([1, 1], None, Some(3.0))];
        assert_eq!(nested(none, Measure::TheilT), Err(Undefined::NoSchool));
        assert_eq!(nested([([1], Some(0.0), Some(3.0))], Measure::TheilT), Err(Undefined::Nothing));
        let zero = [([1], Some(0.0), Some(3.0)), ([1], Some(1.0), Some(3.0))];
        assert_eq!(nested(zero, Measure::TheilL), Err(Undefined::Zero));
    }

    proptest! {
        #[test]
        fn groups_within_groups_add_up(
            schools in prop::collection::vec((0u8..3, 0u8..3, 0u8..3, 1u32..9_000, 1u32..3_000), 1..80)
        ) {
            let given = || schools.iter().map(|&(a, b, c, x, p)| {
                ([a, b, c], Some(f64::from(x)), Some(f64::from(p)))
            });
            for measure in ALL {
                let found = nested(given(), measure).unwrap();
                let sum = found.between.iter().sum::<f64>() + found.within;
                prop_assert!((sum - found.total).abs() <= 1e-12 * (1.0 + found.total));
                // The outermost level is the division into those groups, the innermost that into all of them.
                let outer = Grouped::of(given().map(|(way, x, p)| (way[0], x, p))).parts(measure).unwrap();
                let inner = Grouped::of(given()).parts(measure).unwrap();
                prop_assert!((outer.between - found.between[0]).abs() <= 1e-12 * (1.0 + found.total));
                prop_assert!((inner.within - found.within).abs() <= 1e-12 * (1.0 + found.total));
            }
        }

        #[test]
        fn ge_2_falls_apart_as_half_the_square_of_the_cv(
            schools in prop::collection::vec((0u8..4, 1u32..9_000, 1u32..3_000), 1..60)
        ) {
            let given = schools.iter().map(|&(g, x, p)| (g, Some(f64::from(x)), Some(f64::from(p))));
            let grouped = Grouped::of(given);
            let parts = grouped.parts(Measure::CvSquared).unwrap();
            // GE(2) between groups is GE(2) of the groups as schools, each with its sums.
            let mut sums = BTreeMap::new();
            for &(g, x, p) in &schools {
                let sum: &mut (f64, f64) = sums.entry(g).or_default();
                *sum = (sum.0 + f64::from(x), sum.1 + f64::from(p));
            }
            let between = Distribution::of(sums.values().map(|(x, p)| (Some(*x), Some(*p)))).entropy(2.0).unwrap();
            let total = grouped.whole().entropy(2.0).unwrap();
            prop_assert!((parts.between / 2.0 - between).abs() <= 1e-12 * (1.0 + total));
            prop_assert!((parts.total / 2.0 - total).abs() <= 1e-12 * (1.0 + total));
            prop_assert!((parts.within / 2.0 - (total - between)).abs() <= 1e-12 * (1.0 + total));
        }

        #[test]
        fn the_parts_are_the_whole(
            schools in prop::collection::vec((0u8..4, 1u32..9_000, 1u32..3_000), 1..60)
        ) {
            let given = schools.iter().map(|&(g, x, p)| (g, Some(f64::from(x)), Some(f64::from(p))));
            let grouped = Grouped::of(given);
            for measure in ALL {
                let parts = grouped.parts(measure).unwrap();
                prop_assert!((parts.between + parts.within - parts.total).abs() <= 1e-12 * (1.0 + parts.total));
            }
            let whole = grouped.whole();
            let (squares, theil) = (whole.contributions().unwrap(), whole.contributions_to_theil().unwrap());
            let cv = whole.cv().unwrap();
            prop_assert!((squares.iter().sum::<f64>() - cv * cv).abs() <= 1e-12 * (1.0 + cv * cv));
            prop_assert!((theil.iter().sum::<f64>() - whole.theil_t().unwrap()).abs() <= 1e-12);
        }
    }
}
