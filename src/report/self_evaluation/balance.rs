//! The indicators of one section: schools that reach them, mean, CV and limit, and the schools that cause an excess.

use serde::Serialize;

use super::percent;
use crate::{
    dictionary::Section,
    number,
    standard::{BySection, Indicator, Item},
    tables::{Status, dispersion, district::District, measures, shares},
};

#[derive(Debug, Serialize)]
pub struct IndicatorContent {
    pub id: String,
    pub title: String,
    pub unit: String,
    pub threshold: String,
    /// Numbers of schools that reach the threshold, do not, or cannot be judged.
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
    /// Status of the dispersion: `met`, `unmet`, `missing`; `not_applicable` without a limit.
    pub status: String,
    pub borderline: bool,
    /// The schools with the largest shares of CV², if the CV is above its limit.
    pub carriers: Vec<Carrier>,
    /// The smallest total that brings the CV to its limit, and the number of schools that receive it.
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
    /// Share of CV², in percent.
    pub share: String,
}

/// Maximum number of schools named as causes of a dispersion.
const CARRIERS: usize = 5;

/// A mean of several CVs.
#[derive(Debug, Serialize)]
pub struct CompositeContent {
    pub id: String,
    pub title: String,
    /// Number of CVs that are averaged.
    pub indicators: usize,
    pub value: String,
    pub limit: String,
    /// `met`, `unmet`, `missing`.
    pub status: String,
    pub borderline: bool,
}

/// The section's means of CVs, in the standard's order.
pub fn composites(district: &District, section: Section) -> Vec<CompositeContent> {
    let (print, words) = (district.standard.print, district.words);
    let of = |(item, indicators, _): (&Item, &[String], &BySection<f64>)| {
        let mut rows = district.dispersion.rows();
        let row = rows.find(|row| row.section() == section && row.indicator() == item.id)?;
        Some(CompositeContent {
            id: item.id.clone(),
            title: item.title.get(words.language).to_string(),
            indicators: indicators.len(),
            value: number::fixed(row.cv(), print.cv),
            limit: number::fixed(row.limit(), 2),
            status: row.status().id().into(),
            borderline: row.borderline().unwrap_or(false),
        })
    };
    district.standard.composites().filter_map(of).collect()
}

/// The indicators with a threshold or a limit in the section, or averaged in a mean with a limit, in the standard's
/// order.
pub fn indicators(district: &District, section: Section) -> Vec<IndicatorContent> {
    let of = |indicator: &&Indicator| {
        let in_mean = district.standard.composites().any(|(_, ids, _)| ids.contains(&indicator.id));
        indicator.threshold.get(section).is_some() || indicator.limit.get(section).is_some() || in_mean
    };
    district.standard.indicators.iter().filter(of).map(|one| content(district, section, one)).collect()
}

fn content(district: &District, section: Section, indicator: &Indicator) -> IndicatorContent {
    let (print, words) = (district.standard.print, district.words);
    let here = |(of, id): (Section, &str)| of == section && id == indicator.id;
    let measures: Vec<measures::Row> =
        district.measures.rows().filter(|row| here((row.section(), row.indicator()))).collect();
    let having = |met: Option<bool>| -> Vec<String> {
        let rows = measures.iter().filter(|row| row.met() == met);
        rows.map(|row| row.school_name().to_string()).collect()
    };
    let known = || measures.iter().filter_map(|row| Some((*row, row.value()?)));
    let extreme = |found: Option<(measures::Row, f64)>| {
        found.map(|(row, value)| Extreme {
            school: row.school_name().to_string(),
            value: number::fixed(Some(value), print.value),
        })
    };
    let dispersion = district.dispersion.rows().find(|row| here((row.section(), row.indicator())));
    let shares: Vec<shares::Row> =
        district.shares.rows().filter(|row| here((row.section(), row.indicator()))).collect();
    let carriers = shares.iter().take(CARRIERS).map(|row| Carrier {
        school: row.school_name().to_string(),
        value: number::fixed(row.value(), print.value),
        share: number::fixed(row.share().map(|share| 100.0 * share), print.percent),
    });
    let amounts = || shares.iter().filter_map(|row| row.amount()).filter(|amount| *amount > 0.0);
    let schools_unmet = having(Some(false));
    let (met, missing) = (having(Some(true)).len(), having(None).len());
    let status = dispersion.map_or(Status::Missing, dispersion::Row::status);
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
        mean: number::fixed(dispersion.and_then(dispersion::Row::mean), print.mean),
        sd: number::fixed(dispersion.and_then(dispersion::Row::sd), print.mean),
        cv: number::fixed(dispersion.and_then(dispersion::Row::cv), print.cv),
        limit: number::fixed(dispersion.and_then(dispersion::Row::limit), 2),
        status: status.id().into(),
        borderline: dispersion.and_then(|row| row.borderline()).unwrap_or(false),
        carriers: carriers.collect(),
        needed: (amounts().count() > 0)
            .then(|| number::needed(Some(amounts().sum()), &indicator.shortfall_unit, words)),
        needed_schools: amounts().count(),
    }
}
