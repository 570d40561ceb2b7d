//! The marks that offices entered for the units of a scoring standard, read from scorebooks for the scoring.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::problem::{Place, Problem};

/// A unit that is scored: a banner, county or district, a school, a department, a league or city.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    pub name: String,
    pub code: Option<String>,
    /// Other names.
    pub aliases: Vec<String>,
    /// A class with requirements of its own.
    pub class: Option<String>,
}

impl Unit {
    /// Whether this is the unit's name, alias or code.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name
            || self.code.as_deref() == Some(name)
            || self.aliases.iter().any(|alias| alias == name)
    }
}

/// A value that was entered, as its entry (`standard::entry::Value`) reads it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Entered {
    Number(f64),
    Truth(bool),
    /// 1 up, 0 the same, −1 down.
    Direction(i8),
    Date(NaiveDate),
}

/// One cell of a scorebook.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Index into [`Marks::units`].
    pub unit: usize,
    /// Id of the entry: `27.2.count`.
    pub entry: String,
    pub entered: Entered,
    /// File, sheet and cell.
    pub place: Place,
    /// The office whose sheet contains it.
    pub office: String,
    /// The person who signed the sheet (评分人); empty if nobody did.
    pub marker: String,
}

/// What a unit says of one part of an item in its self-assessment.
#[derive(Debug, Clone, PartialEq)]
pub struct SelfMark {
    /// Index into [`Marks::units`].
    pub unit: usize,
    /// Indices of the item and of its part in the standard.
    pub item: usize,
    pub part: usize,
    /// `None` if it gave none.
    pub mark: Option<f64>,
    /// What was done.
    pub fact: String,
    pub evidence: String,
    /// Why points were lost.
    pub reason: String,
    /// File, sheet and cell of the mark.
    pub place: Place,
}

/// The self-assessment of a unit as a whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SelfReport {
    /// Index into [`Marks::units`].
    pub unit: usize,
    /// The person who signed it, and the date as written; empty if nobody did.
    pub signed: String,
    pub date: String,
    /// Texts by the id of the section, without those left empty.
    pub sections: BTreeMap<String, String>,
    /// File and sheet.
    pub place: Place,
}

/// Why a mark was given: what was seen, how it is proved, and what is required next. One row of the sheet 事由.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reason {
    /// Index into [`Marks::units`].
    pub unit: usize,
    /// Index into the standard's items.
    pub item: usize,
    /// Index into the item's parts; `None` if it is about the item as a whole or about an adjustment.
    pub part: Option<usize>,
    /// Index into the item's adjustments.
    pub adjustment: Option<usize>,
    /// What was seen. Empty if nobody said.
    pub fact: String,
    /// The document that proves it, with its number and date as written.
    pub evidence: String,
    pub number: String,
    pub date: String,
    /// What is required of the unit.
    pub required: String,
    /// File, sheet and cell of the number.
    pub place: Place,
    /// The office that wrote it, or that marks the item; empty if the document names none.
    pub office: String,
}

impl Reason {
    /// Whether another row says the same, wherever it stands.
    pub fn says_the_same(&self, other: &Reason) -> bool {
        let about = |one: &Reason| (one.unit, one.item, one.part, one.adjustment);
        let Reason { fact, evidence, number, date, required, office, .. } = self;
        about(self) == about(other)
            && [fact, evidence, number, date, required, office]
                == [&other.fact, &other.evidence, &other.number, &other.date, &other.required, &other.office]
    }
}

/// All marks of all workbooks. If two offices entered the same value for a shared entry, the first is kept; different
/// values are an error.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// The id of the standard that the workbooks were made for.
    pub standard: String,
    pub year: Option<i32>,
    /// In the order of the workbooks, without repetition.
    pub units: Vec<Unit>,
    pub marks: Vec<Mark>,
    /// In the order of the workbooks, each once.
    pub reasons: Vec<Reason>,
    /// What the units say of themselves, unit by unit in the order of the items; only rows in which something stands.
    pub self_marks: Vec<SelfMark>,
    /// One per unit that handed in a self-assessment.
    pub self_reports: Vec<SelfReport>,
    /// 年度分值: the points of the items of this year's index, by the item's id, with the cell.
    pub yearly_points: BTreeMap<String, (f64, Place)>,
    /// The shares of the sources entered for this year, 0 to 1, by the source's id, with the cell.
    pub shares: BTreeMap<String, (f64, Place)>,
    /// The offices that have a row for each entry, whether filled in or not: for a list of offices that have not marked
    /// yet.
    pub asked: BTreeMap<String, Vec<String>>,
    /// The workbooks that were read: name and SHA-256.
    pub files: Vec<(String, String)>,
    /// Notes and warnings: a setting that differs, points of the year that do not add up.
    pub findings: Vec<Problem>,
}

impl Marks {
    pub fn self_report(&self, unit: usize) -> Option<&SelfReport> {
        self.self_reports.iter().find(|report| report.unit == unit)
    }

    pub fn self_mark(&self, unit: usize, item: usize, part: usize) -> Option<&SelfMark> {
        self.self_marks.iter().find(|own| (own.unit, own.item, own.part) == (unit, item, part))
    }
}
