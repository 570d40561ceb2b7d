//! What offices entered for the units of a scoring standard, on its way from the scoring workbooks to the arithmetic.

use std::collections::BTreeMap;

use crate::problem::{Place, Problem};

/// One that is scored: a banner, county or district, a school, a department, a league or city.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    pub name: String,
    pub code: Option<String>,
    /// Other names it goes by.
    pub aliases: Vec<String>,
    /// A class that checks ask more or less of.
    pub class: Option<String>,
}

impl Unit {
    /// Whether the unit goes by this name or code.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name
            || self.code.as_deref() == Some(name)
            || self.aliases.iter().any(|alias| alias == name)
    }
}

/// What was entered, as its entry (`standard::entry::Value`) reads it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entered {
    Number(f64),
    Truth(bool),
    /// 1 up, 0 the same, −1 down.
    Direction(i8),
}

/// One cell of a scoring workbook.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Index into [`Marks::units`].
    pub unit: usize,
    /// Id of the entry: `27.2.count`.
    pub entry: String,
    pub entered: Entered,
    /// File, sheet and cell.
    pub place: Place,
    /// The office on whose sheet it stands.
    pub office: String,
    /// Who signed the sheet (评分人); empty where nobody did.
    pub marker: String,
}

/// Everything that was entered, of all workbooks together. Of two offices that entered the same for an entry that both
/// mark, the first; two that differ are an error before this.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// Id of the standard that the workbooks were made for.
    pub standard: String,
    pub year: Option<i32>,
    /// In the order of the workbooks; every unit once.
    pub units: Vec<Unit>,
    pub marks: Vec<Mark>,
    /// 年度分值: points of the items of this year's index, by the item's id; with the cell.
    pub yearly_points: BTreeMap<String, (f64, Place)>,
    /// Rows that a workbook has for an office, whether filled or not: entry → offices. For who has not marked yet.
    pub asked: BTreeMap<String, Vec<String>>,
    /// Workbooks that were read: name and sha256 of the content.
    pub files: Vec<(String, String)>,
    /// Notes and warnings of the reading: a setting that differs, points of the year that do not add up.
    pub findings: Vec<Problem>,
}
