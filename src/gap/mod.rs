//! What is missing, how much, and whose task it is: `gaps`, and the schools' shares of a dispersion over its limit.

pub mod composite;
pub mod ledger;

use crate::{
    dictionary::Section,
    standard::{Check, Comparison, Indicator, Item, Rule, Standard},
    tables::{Status, gaps, judged::JudgedItem},
    words::Words,
};

/// One school of a dispersion that is over its limit.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    pub school_code: String,
    pub school_name: String,
    /// Numerator (after apportionment) and denominator.
    pub amount: f64,
    pub students: f64,
}

/// Each school's share of CV², (P_i/P_N)(X_i − X̄)²/X̄² over CV². The shares add up to 1, or are all zero if all
/// schools are alike.
pub fn shares(factor: f64, members: &[Member]) -> Vec<f64> {
    let students: f64 = members.iter().map(|m| m.students).sum();
    let mean = factor * members.iter().map(|m| m.amount).sum::<f64>() / students;
    let parts: Vec<f64> =
        members.iter().map(|m| m.students * (factor * m.amount / m.students - mean).powi(2)).collect();
    let whole: f64 = parts.iter().sum();
    parts.into_iter().map(|part| if whole > 0.0 { part / whole } else { 0.0 }).collect()
}

/// The smallest total that brings the CV down to `limit` when it is given to the lowest schools: the amount for each
/// school.
///
/// ∂(CV²)/∂x_j increases with X_j alone (CV² = P_N·Q/R² − 1), so the cheapest way is to raise the lowest schools to one
/// common level, which is found by bisection. Whole units are rounded up school by school.
pub fn raise(factor: f64, members: &[Member], limit: f64, whole: bool) -> Vec<f64> {
    let level_of = |m: &Member| factor * m.amount / m.students;
    let lifted = |level: f64| -> Vec<f64> {
        members.iter().map(|m| (level * m.students / factor - m.amount).max(0.0)).collect()
    };
    let cv = |given: &[f64]| {
        let schools: Vec<(f64, f64)> =
            members.iter().zip(given).map(|(m, g)| (m.amount + g, m.students)).collect();
        let students: f64 = schools.iter().map(|s| s.1).sum();
        let mean = schools.iter().map(|s| s.0).sum::<f64>() / students;
        let squares: f64 = schools.iter().map(|&(x, p)| p * (x / p - mean).powi(2)).sum();
        if mean > 0.0 { (squares / students).sqrt() / mean } else { f64::INFINITY }
    };
    let mut low = members.iter().map(level_of).fold(f64::INFINITY, f64::min);
    let mut high = members.iter().map(level_of).fold(f64::NEG_INFINITY, f64::max);
    if members.is_empty() || !high.is_finite() {
        return Vec::new();
    }
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if cv(&lifted(middle)) > limit {
            low = middle;
        } else {
            high = middle;
        }
    }
    let given = lifted(high);
    if whole { given.into_iter().map(|g| (g - 1e-9).ceil().max(0.0)).collect() } else { given }
}

/// A row of `gaps`.
#[derive(Debug, Clone, Default)]
pub struct Gap {
    pub district_code: String,
    pub year: i32,
    pub item: String,
    pub school_code: Option<String>,
    pub school_name: Option<String>,
    pub section: Option<Section>,
    pub current: Option<f64>,
    pub required: Option<f64>,
    pub shortfall: Option<f64>,
    pub unit: String,
    pub departments: String,
    pub measures: String,
    pub due: Option<String>,
    /// The sort key: the distance from the requirement, 1 if there is nothing at all; missing values come last.
    pub distance: f64,
}

/// Who has to do what, from the item that names the indicator, otherwise from the indicator.
pub struct Duty {
    pub item: String,
    pub departments: String,
    pub measures: String,
    pub due: Option<String>,
}

impl Duty {
    pub fn of_item(item: &Item) -> Duty {
        Duty {
            item: item.id.clone(),
            departments: join(&item.departments, &item.offices),
            measures: item.measures.join("\n"),
            due: item.due.clone(),
        }
    }

    pub fn of_indicator(standard: &Standard, indicator: &Indicator) -> Duty {
        let item = standard
            .items
            .iter()
            .find(|i| matches!(&i.rule, Rule::Indicator { indicator: id } if *id == indicator.id));
        let own = Duty {
            item: item.map_or(&indicator.id, |i| &i.id).clone(),
            departments: join(&indicator.departments, &indicator.offices),
            measures: indicator.measures.join("\n"),
            due: indicator.due.clone(),
        };
        match item {
            Some(item) if !item.departments.is_empty() || !item.measures.is_empty() => Duty::of_item(item),
            _ => own,
        }
    }

    pub fn gap(&self, district_code: &str, year: i32) -> Gap {
        Gap {
            district_code: district_code.to_string(),
            year,
            item: self.item.clone(),
            departments: self.departments.clone(),
            measures: self.measures.clone(),
            due: self.due.clone(),
            ..Gap::default()
        }
    }
}

/// 区教育局（政工股）: departments, followed by the offices of the bureau.
fn join(departments: &[String], offices: &[String]) -> String {
    let departments = departments.join("、");
    if offices.is_empty() { departments } else { format!("{departments}（{}）", offices.join("、")) }
}

/// The relative distance of `value` from what is required.
pub fn distance(value: Option<f64>, required: Option<f64>, compare: Comparison) -> f64 {
    let (Some(value), Some(required)) = (value, required) else { return 0.0 };
    // If nothing is allowed (oversized classes), one counts as one half and large numbers approach 1.
    let base = if required == 0.0 { 1.0 + value.abs() } else { required.abs() };
    match compare {
        Comparison::AtLeast | Comparison::More => (required - value) / base,
        Comparison::AtMost | Comparison::Less => (value - required) / base,
        Comparison::Equal => (value - required).abs() / base,
    }
    .clamp(0.0, 10.0)
}

/// Gaps of the items that are not indicators: unmet checks row by row, answers unmet or missing, scores too low.
pub fn of_items(
    district_code: &str,
    year: i32,
    found: &[JudgedItem],
    standard: &Standard,
    words: &Words,
) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for judged in found.iter().filter(|i| matches!(i.status, Status::Unmet | Status::Missing)) {
        let item = &standard.items[judged.item];
        let duty = Duty::of_item(item);
        for checked in &judged.checks {
            let check = &item.checks()[checked.check];
            for (row, status) in
                checked.rows.iter().filter(|(_, s)| matches!(s, Status::Unmet | Status::Missing))
            {
                let mut gap = duty.gap(district_code, year);
                gap.school_code = row.school_code.clone();
                gap.school_name = row.school_name.clone();
                gap.section = row.section;
                // Names the check if an item has several checks of the district.
                if row.school_code.is_none() && item.checks().len() > 1 {
                    gap.school_name = Some(check.title.get(words.language).to_string());
                }
                gap.current = row.value;
                gap.required = row.required;
                (gap.shortfall, gap.unit) = lacking(check, row.value, row.required, row.shortfall);
                if *status == Status::Missing {
                    gap.shortfall = None;
                    gap.distance = -1.0;
                } else {
                    gap.distance = distance(row.value, row.required, check.compare);
                }
                gaps.push(gap);
            }
        }
        match item.rule {
            Rule::Scored { .. } => {
                let mut gap = duty.gap(district_code, year);
                gap.current = judged.score;
                gap.required = judged.threshold;
                gap.shortfall = judged.score.zip(judged.threshold).map(|(s, t)| (t - s).max(0.0));
                gap.unit = words.say("gap.points");
                gap.distance = if judged.status == Status::Missing {
                    -1.0
                } else {
                    distance(judged.score, judged.threshold, Comparison::AtLeast)
                };
                gaps.push(gap);
            }
            Rule::Evidence | Rule::Veto => {
                let mut gap = duty.gap(district_code, year);
                gap.unit = words.say("gap.evidence");
                gap.distance = if judged.status == Status::Missing { -1.0 } else { 1.0 };
                gaps.push(gap);
            }
            // The data may meet the numbers while the conclusion is missing or negative.
            _ if matches!(judged.answer, Some(Status::Unmet | Status::Missing)) => {
                let mut gap = duty.gap(district_code, year);
                gap.unit = words.say("gap.evidence");
                gap.distance = if judged.answer == Some(Status::Missing) { -1.0 } else { 1.0 };
                gaps.push(gap);
            }
            _ => {}
        }
    }
    gaps
}

fn lacking(
    check: &Check,
    value: Option<f64>,
    required: Option<f64>,
    shortfall: Option<f64>,
) -> (Option<f64>, String) {
    let whole = |n: f64| if check.whole { (n - 1e-9).ceil().max(1.0) } else { n };
    match (&check.shortfall, value.zip(required)) {
        (Some(_), _) => (shortfall.map(|s| whole(s.max(0.0))), check.shortfall_unit.clone()),
        (None, Some((value, required))) => {
            (Some(whole((required - value).abs())), check.shortfall_unit.clone())
        }
        (None, None) => (None, check.shortfall_unit.clone()),
    }
}

/// Without the noise of binary fractions: 4.56, not 4.5600000000000005.
fn plain(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

/// The table `gaps`: within each district and year the worst first, missing after unmet.
pub fn table(mut gaps: Vec<Gap>) -> gaps::Frame {
    gaps.sort_by(|a, b| {
        (&a.district_code, a.year).cmp(&(&b.district_code, b.year)).then(b.distance.total_cmp(&a.distance))
    });
    let number = |value: Option<f64>| value.filter(|value| value.is_finite()).map(plain);
    gaps.iter()
        .map(|gap| gaps::Values {
            district_code: &gap.district_code,
            year: gap.year,
            item: &gap.item,
            school_code: gap.school_code.as_deref(),
            school_name: gap.school_name.as_deref(),
            section: gap.section,
            current: number(gap.current),
            required: number(gap.required),
            shortfall: number(gap.shortfall),
            unit: &gap.unit,
            departments: &gap.departments,
            measures: &gap.measures,
            due: gap.due.as_deref(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    pub(super) fn members(schools: &[(f64, f64)]) -> Vec<Member> {
        let member = |&(amount, students): &(f64, f64)| Member {
            school_code: String::new(),
            school_name: String::new(),
            amount,
            students,
        };
        schools.iter().map(member).collect()
    }

    fn cv(members: &[Member], given: &[f64]) -> f64 {
        let schools: Vec<_> = members.iter().zip(given).map(|(m, g)| (m.amount + g, m.students)).collect();
        let students: f64 = schools.iter().map(|s| s.1).sum();
        let mean = schools.iter().map(|s| s.0).sum::<f64>() / students;
        (schools.iter().map(|&(x, p)| p * (x / p - mean).powi(2)).sum::<f64>() / students).sqrt() / mean
    }

    #[test]
    fn the_published_five_schools_brought_to_the_limit() {
        let five = members(&[(279.0, 45.0), (137.0, 37.0), (935.0, 89.0), (160.0, 76.0), (402.0, 55.0)]);
        let given = raise(1.0, &five, 0.5, false);
        assert!((cv(&five, &given) - 0.5).abs() < 1e-9);
        // Only the lowest school, with 2.11 books per pupil, gets any.
        assert!(given[3] > 0.0 && given[0] == 0.0 && given[1] == 0.0 && given[2] == 0.0 && given[4] == 0.0);
        let books = raise(1.0, &five, 0.5, true);
        assert!(cv(&five, &books) <= 0.5 && books[3] - given[3] < 1.0);
        assert!((shares(1.0, &five).iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn no_single_school_does_it_cheaper(
            schools in prop::collection::vec((1u32..9_000, 20u32..2_000), 2..12), limit in 0.05f64..0.6,
        ) {
            let schools: Vec<_> = schools.into_iter().map(|(x, p)| (f64::from(x), f64::from(p))).collect();
            let members = members(&schools);
            let none = vec![0.0; members.len()];
            prop_assume!(cv(&members, &none) > limit);
            let given = raise(1.0, &members, limit, false);
            let total: f64 = given.iter().sum();
            prop_assert!(cv(&members, &given) <= limit + 1e-9);
            for i in 0..members.len() {
                let mut other = none.clone();
                other[i] = total * 0.999;
                prop_assert!(cv(&members, &other) > limit - 1e-6);
            }
        }

        #[test]
        fn shares_add_to_one(schools in prop::collection::vec((0u32..9_000, 20u32..2_000), 2..30)) {
            let members = members(&schools.iter().map(|&(x, p)| (f64::from(x), f64::from(p))).collect::<Vec<_>>());
            let whole: f64 = shares(100.0, &members).iter().sum();
            prop_assert!(whole == 0.0 || (whole - 1.0).abs() < 1e-9);
        }
    }
}
