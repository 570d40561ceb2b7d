//! Output of `panel` besides its tables: the workbook, and the overview of coverage and limits for the screen.

mod workbook;

use std::collections::{BTreeMap, BTreeSet};

pub use workbook::write;

use crate::{
    dictionary::Section,
    tables::{Status, coverage, panel},
};

/// The data of a district in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Every indicator of every school in scope has a value.
    Complete,
    /// Some school lacks a fact that no other fact replaces.
    Partly,
    /// No data.
    None,
}

impl Kept {
    /// Marks that can be distinguished without colours.
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
    /// Code, latest name, and the data of each year.
    pub districts: Vec<(String, String, Vec<Kept>)>,
}

impl Matrix {
    /// Computed from the coverage and from the ungrouped panel of districts, because a missing fact does no harm if
    /// another replaces it (`coalesce`).
    pub fn of(coverage: &coverage::Frame, panel: &panel::Frame) -> Matrix {
        let mut years = BTreeSet::new();
        // Per year: whether there is a section, and whether something is missing.
        type Years = BTreeMap<i32, (bool, bool)>;
        let mut found: BTreeMap<&str, (&str, Years)> = BTreeMap::new();
        for row in coverage.rows().filter(|row| row.fact().is_none()) {
            years.insert(row.year());
            let district = found.entry(row.district_code()).or_default();
            district.0 = row.district_name();
            district.1.entry(row.year()).or_default().0 |= row.of() > 0;
        }
        for row in panel.rows().filter(|row| row.missing() > 0) {
            let district = found.get_mut(row.district_code());
            if let Some((_, lacking)) = district.and_then(|district| district.1.get_mut(&row.year())) {
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

/// One section of one year, over all districts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    pub year: i32,
    pub section: Option<Section>,
    pub districts: usize,
    /// Numbers of CVs with a limit: all, above it, with missing values, with an interval that includes the limit.
    pub limits: usize,
    pub over: usize,
    pub missing: usize,
    pub open: usize,
}

/// Computed from an ungrouped panel of districts.
pub fn summary(panel: &panel::Frame) -> Vec<Summary> {
    let mut found: BTreeMap<(i32, Section), (BTreeSet<&str>, Summary)> = BTreeMap::new();
    for row in panel.rows() {
        let (districts, summary) = found.entry((row.year(), row.section())).or_default();
        (summary.year, summary.section) = (row.year(), Some(row.section()));
        districts.insert(row.district_code());
        let status = row.status();
        summary.limits += usize::from(status != Status::NotApplicable);
        summary.over += usize::from(status == Status::Unmet);
        summary.missing += usize::from(status == Status::Missing);
        summary.open += usize::from(row.certainty() == Some("open"));
    }
    let whole =
        |(districts, summary): (BTreeSet<&str>, Summary)| Summary { districts: districts.len(), ..summary };
    found.into_values().map(whole).collect()
}
