//! What `panel` writes besides its tables: the workbook, and what the screen shows of coverage and limits.

mod workbook;

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::*;

pub use workbook::write;

use crate::{
    dictionary::Section,
    tables::{Row, Status},
};

/// What a district has in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Every indicator of every school in scope has a value.
    Complete,
    /// Some school lacks a fact that no other stands in for.
    Partly,
    /// Nothing, or it is not there.
    None,
}

impl Kept {
    /// Marks that are told apart without colours.
    pub fn mark(self) -> &'static str {
        match self {
            Kept::Complete => "●",
            Kept::Partly => "◐",
            Kept::None => "○",
        }
    }
}

/// Districts by years.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matrix {
    pub years: Vec<i32>,
    /// Code, the name it had last, and each year's.
    pub districts: Vec<(String, String, Vec<Kept>)>,
}

impl Matrix {
    /// Of [`crate::tables::years::coverage`], and of the districts' panel that is not grouped: a fact that is not known
    /// hinders nothing where another stands in for it (`coalesce`).
    pub fn of(coverage: &DataFrame, panel: &DataFrame) -> Matrix {
        // A nation's tables have a million rows; few of them are asked here.
        let coverage = only(coverage, |frame| Ok(frame.column("fact")?.is_null()));
        let panel = only(panel, |frame| Ok(frame.column("missing")?.i64()?.gt(0)));
        let mut years = BTreeSet::new();
        // By year: whether there is a section, and whether something is lacking.
        type Years = BTreeMap<i32, (bool, bool)>;
        let mut found: BTreeMap<&str, (&str, Years)> = BTreeMap::new();
        for row in Row::all(&coverage) {
            let Some(year) = row.whole("year").and_then(|year| i32::try_from(year).ok()) else { continue };
            years.insert(year);
            let district = found.entry(row.said("district_code")).or_default();
            district.0 = row.said("district_name");
            district.1.entry(year).or_default().0 |= row.whole("of") > Some(0);
        }
        for row in Row::all(&panel) {
            let year = row.whole("year").and_then(|year| i32::try_from(year).ok());
            let district = found.get_mut(row.said("district_code"));
            if let Some((_, lacking)) = district.zip(year).and_then(|(d, year)| d.1.get_mut(&year)) {
                *lacking = true;
            }
        }
        let years: Vec<i32> = years.into_iter().collect();
        let kept = |seen: Option<&(bool, bool)>| match seen {
            Some((true, false)) => Kept::Complete,
            Some((true, true)) => Kept::Partly,
            _ => Kept::None,
        };
        let districts = found
            .into_iter()
            .map(|(code, (name, seen))| {
                let kept = years.iter().map(|year| kept(seen.get(year))).collect();
                (code.to_string(), name.to_string(), kept)
            })
            .collect();
        Matrix { years, districts }
    }
}

/// The rows of a mask; all where a column is not what its table says.
fn only(frame: &DataFrame, mask: impl Fn(&DataFrame) -> PolarsResult<BooleanChunked>) -> DataFrame {
    mask(frame).and_then(|mask| frame.filter(&mask)).unwrap_or_else(|_| frame.clone())
}

/// A year's section over all districts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    pub year: i32,
    pub section: Option<Section>,
    pub districts: usize,
    /// CVs with a limit: over it, lacking a school's value, with an interval that holds the limit.
    pub limits: usize,
    pub over: usize,
    pub missing: usize,
    pub open: usize,
}

/// Of a [`crate::tables::years::panel`] of districts that are not grouped.
pub fn summary(panel: &DataFrame) -> Vec<Summary> {
    counted(panel).unwrap_or_default()
}

fn counted(panel: &DataFrame) -> PolarsResult<Vec<Summary>> {
    let text = |name: &str| panel.column(name)?.str();
    let (codes, sections, years) = (text("district_code")?, text("section")?, panel.column("year")?.i32()?);
    let (statuses, certainties) = (text("status")?, text("certainty")?);
    type Districts<'a> = BTreeSet<&'a str>;
    let mut found: BTreeMap<(i32, Option<Section>), (Districts<'_>, Summary)> = BTreeMap::new();
    for row in 0..panel.height() {
        let year = years.get(row).unwrap_or_default();
        let section = sections.get(row).and_then(Section::from_id);
        let (districts, summary) = found.entry((year, section)).or_default();
        (summary.year, summary.section) = (year, section);
        districts.extend(codes.get(row));
        let status = statuses.get(row).unwrap_or_default();
        summary.limits += usize::from(status != Status::NotApplicable.id());
        summary.over += usize::from(status == Status::Unmet.id());
        summary.missing += usize::from(status == Status::Missing.id());
        summary.open += usize::from(certainties.get(row) == Some("open"));
    }
    let whole =
        |(districts, summary): (BTreeSet<&str>, Summary)| Summary { districts: districts.len(), ..summary };
    Ok(found.into_values().map(whole).collect())
}
