//! What is missing, how much, and whose task it is: `gaps`, and the schools' shares of a dispersion over its limit.

mod composite;
mod dispersion;
pub mod ledger;

pub use dispersion::{OverLimit, over_limit, shares};

use crate::{
    dictionary::Section,
    standard::{Check, Comparison, Indicator, Item, Rule, Standard},
    tables::{
        Status, facts, gaps,
        judged::{JudgedItem, JudgedRun, LackingValue},
        measure_matrix::in_units,
    },
    words::Words,
};

/// The gaps of a district and year of a run. `groups` are its groups; the other arguments are what was found in them.
pub fn of_district(
    run: &JudgedRun,
    (code, year): (&str, i32),
    groups: &[usize],
    values: &[LackingValue],
    over: &[OverLimit],
    items: &[JudgedItem],
) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = values.iter().map(|value| of_value(run, value)).collect();
    gaps.extend(dispersion::gaps(run, groups, over));
    gaps.extend(composite::gaps(run, groups));
    gaps.extend(of_items(code, year, items, run.standard, run.words));
    gaps
}

fn of_value(run: &JudgedRun, value: &LackingValue) -> Gap {
    let indicator = &run.standard.indicators[value.indicator];
    let (group, school) = (run.group(value.row), run.facts(value.row));
    Gap {
        school_code: school.and_then(facts::Row::school_code).map(str::to_string),
        school_name: school.map(|school| school.school().to_string()),
        section: Some(group.section),
        current: value.current,
        required: value.required,
        shortfall: value.shortfall,
        unit: indicator.shortfall_unit.clone(),
        distance: match value.current {
            Some(_) => distance(value.current, value.required, Comparison::AtLeast),
            None => -1.0,
        },
        ..Duty::of_indicator(run.standard, indicator).gap(&group.district_code, group.year)
    }
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

/// Who has to do what: from the item that names the indicator, otherwise from the indicator.
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
fn distance(value: Option<f64>, required: Option<f64>, compare: Comparison) -> f64 {
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
fn of_items(
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
        // What is lacking of a scored item is points; its data stand beside the score.
        let deciding = if matches!(item.rule, Rule::Scored { .. }) { &[][..] } else { &judged.checks };
        for checked in deciding {
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
    let lacking = match &check.shortfall {
        Some(_) => shortfall.map(|shortfall| shortfall.max(0.0)),
        None => value.zip(required).map(|(value, required)| (required - value).abs()),
    };
    (lacking.map(|lacking| in_units(lacking, check.whole)), check.shortfall_unit.clone())
}

/// Without the noise of binary fractions: 4.56, not 4.5600000000000005.
fn without_noise(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

/// The table `gaps`: within each district and year the worst first, missing after unmet.
pub fn table(mut gaps: Vec<Gap>) -> gaps::Frame {
    gaps.sort_by(|a, b| {
        (&a.district_code, a.year).cmp(&(&b.district_code, b.year)).then(b.distance.total_cmp(&a.distance))
    });
    let number = |value: Option<f64>| value.filter(|value| value.is_finite()).map(without_noise);
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
