//! Indicators of one section: schools reached, mean and CV against the limit, who carries what is over it.

use serde::Serialize;

use super::content::percent;
use crate::{
    dictionary::Section,
    number,
    standard::{BySection, Indicator, Item},
    tables::{Row, district::District},
};

#[derive(Debug, Serialize)]
pub struct IndicatorContent {
    pub id: String,
    pub title: String,
    pub unit: String,
    pub threshold: String,
    /// Schools that reach the threshold, do not, cannot be judged.
    pub met: usize,
    pub unmet: usize,
    pub missing: usize,
    pub percent: Option<String>,
    pub schools_unmet: Vec<String>,
    pub lowest: Option<Extreme>,
    pub highest: Option<Extreme>,
    pub mean: String,
    pub sd: String,
    pub cv: String,
    pub limit: String,
    /// Of the dispersion: `met`, `unmet`, `missing`; `not_applicable` where there is no limit.
    pub status: String,
    pub borderline: bool,
    /// Schools that bring most of CV², where it is over the limit.
    pub carriers: Vec<Carrier>,
    /// The smallest total that brings the CV to its limit, and how many schools get it.
    pub needed: Option<String>,
    pub needed_schools: usize,
}

#[derive(Debug, Serialize)]
pub struct Extreme {
    pub school: String,
    pub value: String,
}

#[derive(Debug, Serialize)]
pub struct Carrier {
    pub school: String,
    pub value: String,
    /// Of CV², in percent.
    pub share: String,
}

/// Schools named as those that carry a dispersion.
const CARRIERS: usize = 5;

/// A mean of several CVs.
#[derive(Debug, Serialize)]
pub struct CompositeContent {
    pub id: String,
    pub title: String,
    /// How many CVs it is the mean of.
    pub indicators: usize,
    pub value: String,
    pub limit: String,
    /// `met`, `unmet`, `missing`.
    pub status: String,
    pub borderline: bool,
}

/// The section's means of CVs, in the standard's order.
pub fn composites(district: &District, section: &str) -> Vec<CompositeContent> {
    let (print, words) = (district.standard.print, district.words);
    let of = |(item, indicators, _): (&Item, &[String], &BySection<f64>)| {
        let mut rows = Row::all(&district.dispersion);
        let row = rows.find(|row| row.said("section") == section && row.said("indicator") == item.id)?;
        Some(CompositeContent {
            id: item.id.clone(),
            title: item.title.get(words.language).to_string(),
            indicators: indicators.len(),
            value: number::fixed(row.number("cv"), print.cv),
            limit: number::fixed(row.number("limit"), 2),
            status: row.said("status").into(),
            borderline: row.yes("borderline").unwrap_or(false),
        })
    };
    district.standard.composites().filter_map(of).collect()
}

/// Indicators that have a threshold or a limit in the section, or a part in a mean that has, in the standard's order.
pub fn indicators(district: &District, section: &str) -> Vec<IndicatorContent> {
    let Some(known) = Section::ALL.into_iter().find(|known| known.id() == section) else { return vec![] };
    let of = |indicator: &&Indicator| {
        let in_mean = district.standard.composites().any(|(_, ids, _)| ids.contains(&indicator.id));
        indicator.threshold.get(known).is_some() || indicator.limit.get(known).is_some() || in_mean
    };
    district.standard.indicators.iter().filter(of).map(|one| content(district, known, one)).collect()
}

fn content(district: &District, section: Section, indicator: &Indicator) -> IndicatorContent {
    let (print, words) = (district.standard.print, district.words);
    let here = |row: &Row| row.said("section") == section.id() && row.said("indicator") == indicator.id;
    let measures: Vec<Row> = Row::all(&district.measures).filter(here).collect();
    let having = |met: Option<bool>| -> Vec<String> {
        let rows = measures.iter().filter(|row| row.yes("met") == met);
        rows.map(|row| row.said("school_name").to_string()).collect()
    };
    let known = || measures.iter().filter_map(|row| Some((row, row.number("value")?)));
    let extreme = |found: Option<(&Row, f64)>| {
        found.map(|(row, value)| Extreme {
            school: row.said("school_name").to_string(),
            value: number::fixed(Some(value), print.value),
        })
    };
    let dispersion = Row::all(&district.dispersion).find(here);
    let number_of = |column: &str, decimals| {
        number::fixed(dispersion.as_ref().and_then(|row| row.number(column)), decimals)
    };
    let shares: Vec<Row> = Row::all(&district.shares).filter(here).collect();
    let carriers = shares.iter().take(CARRIERS).map(|row| Carrier {
        school: row.said("school_name").to_string(),
        value: number::fixed(row.number("value"), print.value),
        share: number::fixed(row.number("share").map(|share| 100.0 * share), print.percent),
    });
    let amounts = || shares.iter().filter_map(|row| row.number("amount")).filter(|amount| *amount > 0.0);
    let schools_unmet = having(Some(false));
    let (met, missing) = (having(Some(true)).len(), having(None).len());
    let status = dispersion.as_ref().map_or("missing", |row| row.said("status"));
    IndicatorContent {
        id: indicator.id.clone(),
        title: indicator.title.get(words.language).to_string(),
        unit: words.unit(&indicator.unit),
        threshold: indicator.threshold.get(section).map_or_else(|| "—".into(), |t| number::fact(*t, "")),
        met,
        unmet: schools_unmet.len(),
        missing,
        percent: percent(met, (measures.len() - missing, measures.len()), print.percent),
        schools_unmet,
        lowest: extreme(known().min_by(|a, b| a.1.total_cmp(&b.1))),
        highest: extreme(known().max_by(|a, b| a.1.total_cmp(&b.1))),
        mean: number_of("mean", print.mean),
        sd: number_of("sd", print.mean),
        cv: number_of("cv", print.cv),
        limit: number_of("limit", 2),
        status: status.into(),
        borderline: dispersion.and_then(|row| row.yes("borderline")).unwrap_or(false),
        carriers: carriers.collect(),
        needed: (amounts().count() > 0)
            .then(|| number::needed(Some(amounts().sum()), &indicator.shortfall_unit, words)),
        needed_schools: amounts().count(),
    }
}
