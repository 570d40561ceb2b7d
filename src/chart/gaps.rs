//! Gaps counted: by department, and by kind.

use std::collections::BTreeMap;

use crate::{
    standard::{Rule, Standard},
    tables::{Row, district::District},
};

/// Gaps of one department. A gap counts for every department that is named in it.
#[derive(Debug, Clone, PartialEq)]
struct OfDepartment {
    name: String,
    /// How much is lacking is known.
    measured: usize,
    /// Data, evidence or a conclusion is lacking, or the conclusion is no.
    open: usize,
}

impl OfDepartment {
    fn all(&self) -> usize {
        self.measured + self.open
    }
}

#[derive(Debug, Clone, PartialEq)]
struct ByDepartment {
    /// Most gaps first; the standard's own order among equals.
    departments: Vec<OfDepartment>,
    /// All gaps, each once.
    gaps: usize,
    /// Gaps of items that name no department.
    nobody: usize,
}

/// Who has to do something about an item: of the item, else of its indicator ([`crate::gap::Duty`]). The bureau's
/// offices are none of their own.
fn departments<'a>(standard: &'a Standard, id: &str) -> &'a [String] {
    let item = standard.item(id);
    let indicator = match item.map(|item| &item.rule) {
        Some(Rule::Indicator { indicator }) => standard.indicator(indicator),
        _ => standard.indicator(id),
    };
    match (item, indicator) {
        (Some(item), Some(indicator)) if item.departments.is_empty() && item.measures.is_empty() => {
            &indicator.departments
        }
        (Some(item), _) => &item.departments,
        (None, Some(indicator)) => &indicator.departments,
        (None, None) => &[],
    }
}

fn by_department(district: &District) -> ByDepartment {
    let mut found = ByDepartment { departments: Vec::new(), gaps: 0, nobody: 0 };
    for gap in Row::all(&district.gaps) {
        found.gaps += 1;
        let named = departments(district.standard, gap.said("item"));
        found.nobody += usize::from(named.is_empty());
        for name in named {
            let place = found.departments.iter().position(|d| d.name == *name).unwrap_or_else(|| {
                found.departments.push(OfDepartment { name: name.clone(), measured: 0, open: 0 });
                found.departments.len() - 1
            });
            match gap.number("shortfall") {
                Some(_) => found.departments[place].measured += 1,
                None => found.departments[place].open += 1,
            }
        }
    }
    found.departments.sort_by_key(|d| std::cmp::Reverse(d.all()));
    found
}

/// Gaps of one item.
#[derive(Debug, Clone, PartialEq)]
struct OfItem {
    item: String,
    measured: usize,
    open: usize,
    /// What the schools lack together, where it is one unit. What the district's mean or CV lacks is the same
    /// resource once more, so it is not added; it stands where it is the only gap.
    amount: Option<(f64, String)>,
}

impl OfItem {
    fn all(&self) -> usize {
        self.measured + self.open
    }
}

/// Groups of the standard (一级指标) in its order, each with its items that have gaps, most first.
fn by_kind(district: &District) -> Vec<(String, Vec<OfItem>)> {
    let mut rows: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for gap in Row::all(&district.gaps) {
        rows.entry(gap.said("item")).or_default().push(gap);
    }
    let language = district.words.language;
    let mut groups: Vec<(String, Vec<OfItem>)> = Vec::new();
    let known = district.standard.items.iter().map(|item| (item.id.as_str(), item.group.get(language)));
    let known: Vec<(&str, &str)> = known.collect();
    // An indicator without an item of its own has no group.
    let others = rows.keys().filter(|id| known.iter().all(|(item, _)| item != *id)).map(|id| (*id, ""));
    for (id, group) in known.iter().copied().chain(others) {
        let Some(rows) = rows.get(id) else { continue };
        let measured = rows.iter().filter(|row| row.number("shortfall").is_some()).count();
        let one =
            OfItem { item: id.to_string(), measured, open: rows.len() - measured, amount: amount(rows) };
        match groups.iter_mut().find(|(name, _)| name == group) {
            Some((_, items)) => items.push(one),
            None => groups.push((group.to_string(), vec![one])),
        }
    }
    for (_, items) in &mut groups {
        items.sort_by_key(|item| std::cmp::Reverse(item.all()));
    }
    groups
}

fn amount(rows: &[Row]) -> Option<(f64, String)> {
    let schools: Vec<&Row> = rows.iter().filter(|row| row.text("school_code").is_some()).collect();
    let counted: Vec<&Row> = match (&schools[..], rows) {
        ([], [one]) => vec![one],
        _ => schools,
    };
    let known: Vec<(f64, &str)> =
        counted.iter().filter_map(|row| Some((row.number("shortfall")?, row.said("unit")))).collect();
    let (_, unit) = *known.first()?;
    let one_unit = known.iter().all(|(_, other)| *other == unit);
    let sum = known.iter().map(|(shortfall, _)| shortfall).sum::<f64>();
    (one_unit && sum > 0.0).then(|| (sum, unit.to_string()))
}
