//! The short board of one school: its indicators in ratios to their thresholds.

use crate::{
    standard::Section,
    tables::{Row, district::District},
};

/// Ratios are drawn up to here: what a school has three times over shall not hide what it lacks.
const MOST: f64 = 2.0;
/// A shape needs three corners.
const FEWEST: usize = 3;

/// One indicator of the school.
#[derive(Debug, Clone, PartialEq)]
struct Spoke {
    indicator: String,
    value: Option<f64>,
    threshold: f64,
}

impl Spoke {
    fn ratio(&self) -> Option<f64> {
        self.value.map(|value| value / self.threshold)
    }
}

/// A school's section with its indicators in the standard's order.
#[derive(Debug, Clone, PartialEq)]
struct School {
    code: String,
    name: String,
    section: Section,
    spokes: Vec<Spoke>,
}

impl School {
    /// The lowest ratio.
    fn short_board(&self) -> Option<(&Spoke, f64)> {
        let known = self.spokes.iter().filter_map(|spoke| Some((spoke, spoke.ratio()?)));
        known.min_by(|a, b| a.1.total_cmp(&b.1))
    }

    fn unmet(&self) -> usize {
        self.spokes.iter().filter(|spoke| spoke.ratio().is_some_and(|ratio| ratio < 1.0)).count()
    }
}

/// Every school of the section whose indicators have thresholds.
fn schools(district: &District, section: Section) -> Vec<School> {
    let mut found: Vec<School> = Vec::new();
    let rows = Row::all(&district.measures).filter(|row| row.text("section") == Some(section.id()));
    for row in rows {
        let Some(threshold) = row.number("threshold").filter(|&threshold| threshold > 0.0) else { continue };
        let code = row.said("school_code");
        let place = found.iter().rposition(|school| school.code == code).unwrap_or_else(|| {
            let (code, name) = (code.to_string(), row.said("school_name").to_string());
            found.push(School { code, name, section, spokes: Vec::new() });
            found.len() - 1
        });
        let indicator = row.said("indicator").to_string();
        found[place].spokes.push(Spoke { indicator, value: row.number("value"), threshold });
    }
    for school in &mut found {
        let place = |spoke: &Spoke| district.standard.indicators.iter().position(|i| i.id == spoke.indicator);
        school.spokes.sort_by_key(place);
    }
    found
}

/// The school that has most to do: most indicators unmet, then the shortest board, then by code.
fn worst(schools: Vec<School>) -> Option<School> {
    let lowest = |school: &School| school.short_board().map_or(f64::INFINITY, |(_, ratio)| ratio);
    let drawn = |school: &School| school.spokes.iter().filter(|s| s.ratio().is_some()).count() >= FEWEST;
    schools.into_iter().filter(drawn).min_by(|a, b| {
        (b.unmet().cmp(&a.unmet())).then(lowest(a).total_cmp(&lowest(b))).then_with(|| a.code.cmp(&b.code))
    })
}

pub fn pictures(_district: &District) -> crate::problem::Result<Vec<super::Picture>> {
    Ok(Vec::new())
}
