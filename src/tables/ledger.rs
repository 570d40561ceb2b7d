//! The 整改台账 (rectification ledger): gaps that are tracked over the years until they are closed, in a workbook that the
//! program starts and users continue. Its structure is defined here, so that reading, updating and writing agree on the
//! columns.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::sha256;

/// The value of a cell of the ledger; empty cells have none.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(String),
    Number(f64),
    Date(NaiveDate),
    YesNo(bool),
}

impl Value {
    pub fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    /// As shown to people: all digits, ISO dates.
    pub fn shown(&self) -> String {
        match self {
            Value::Text(text) => text.trim().replace("\r\n", "\n"),
            Value::Number(number) => number.to_string(),
            Value::Date(day) => day.to_string(),
            Value::YesNo(yes) => if *yes { "TRUE" } else { "FALSE" }.into(),
        }
    }

    /// Whether a reader sees the same value: another program that saves the workbook may turn 12 into "12" and a date
    /// into text, and change the last digits of a number.
    pub fn same(&self, other: &Value) -> bool {
        let number = |value: &Value| match value {
            Value::Number(number) => Some(*number),
            other => other.shown().parse().ok(),
        };
        match (self, other) {
            (Value::Number(_), _) | (_, Value::Number(_)) => match (number(self), number(other)) {
                (Some(a), Some(b)) => a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs()),
                _ => false,
            },
            _ => self.shown() == other.shown(),
        }
    }
}

/// Who decides the content of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    /// The data: refreshed by every run; a user's text there is moved to the note.
    Data,
    /// The program offers a text; what a user writes instead is kept for good.
    Offered,
    /// Only users write here.
    People,
}

/// A column of the ledger (those of 陕西省督导评估学校幼儿园问题整改情况台账, and those needed to continue it).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// 序号 (number): assigned once and kept.
    Number,
    Status,
    Source,
    School,
    Section,
    Item,
    Check,
    Problem,
    Current,
    Required,
    Shortfall,
    Unit,
    Basis,
    Measures,
    Department,
    Office,
    Person,
    Due,
    Progress,
    Evidence,
    Reached,
    Closed,
    Reviewer,
    Note,
    Found,
    First,
    Earlier,
    DistrictCode,
    District,
    Year,
    SchoolCode,
}

impl Field {
    /// In the order of the sheet. The check is already part of the problem, and stands behind the printed columns with
    /// the columns for the program.
    pub const ALL: [Field; 31] = [
        Field::Number,
        Field::Status,
        Field::Source,
        Field::School,
        Field::Section,
        Field::Item,
        Field::Problem,
        Field::Current,
        Field::Required,
        Field::Shortfall,
        Field::Unit,
        Field::Basis,
        Field::Measures,
        Field::Department,
        Field::Office,
        Field::Person,
        Field::Due,
        Field::Progress,
        Field::Evidence,
        Field::Reached,
        Field::Closed,
        Field::Reviewer,
        Field::Note,
        Field::Check,
        Field::Found,
        Field::First,
        Field::Earlier,
        Field::DistrictCode,
        Field::District,
        Field::Year,
        Field::SchoolCode,
    ];

    /// Its text is `ledger.column.<id>`, alternative spellings are `ledger.alias.<id>`.
    pub fn id(self) -> &'static str {
        match self {
            Field::Number => "number",
            Field::Status => "status",
            Field::Source => "source",
            Field::School => "school",
            Field::Section => "section",
            Field::Item => "item",
            Field::Check => "check",
            Field::Problem => "problem",
            Field::Current => "current",
            Field::Required => "required",
            Field::Shortfall => "shortfall",
            Field::Unit => "unit",
            Field::Basis => "basis",
            Field::Measures => "measures",
            Field::Department => "department",
            Field::Office => "office",
            Field::Person => "person",
            Field::Due => "due",
            Field::Progress => "progress",
            Field::Evidence => "evidence",
            Field::Reached => "reached",
            Field::Closed => "closed",
            Field::Reviewer => "reviewer",
            Field::Note => "note",
            Field::Found => "found",
            Field::First => "first",
            Field::Earlier => "earlier",
            Field::DistrictCode => "district_code",
            Field::District => "district",
            Field::Year => "year",
            Field::SchoolCode => "school_code",
        }
    }

    pub fn from_id(id: &str) -> Option<Field> {
        Field::ALL.into_iter().find(|field| field.id() == id)
    }

    pub fn say(self) -> Say {
        match self {
            Field::Source
            | Field::Problem
            | Field::Basis
            | Field::Measures
            | Field::Department
            | Field::Office
            | Field::Due => Say::Offered,
            Field::Person
            | Field::Progress
            | Field::Evidence
            | Field::Reached
            | Field::Closed
            | Field::Reviewer
            | Field::Note => Say::People,
            _ => Say::Data,
        }
    }
}

/// A column of a workbook: one of the ledger's, or one that users added, by its header.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    Known(Field),
    Own(String),
}

impl Column {
    /// As in the hidden sheet.
    pub fn id(&self) -> String {
        match self {
            Column::Known(field) => field.id().into(),
            Column::Own(header) => format!("+{header}"),
        }
    }

    pub fn from_id(id: &str) -> Option<Column> {
        match id.strip_prefix('+') {
            Some(header) => Some(Column::Own(header.into())),
            None => Field::from_id(id).map(Column::Known),
        }
    }
}

/// The hidden sheet in which the program records what it wrote, so that the next run can detect what users have typed
/// since, in whichever sheet they typed it.
///
/// ```text
/// row 1   MARK  standard  version  date  carried  name of the summary  Ledger::own_mark
/// row 2   names of the sheets that list entries
/// row 3   number  state  typed  key.district … key.check  the columns, those of users as +header
/// row 4 … one entry per row
/// ```
pub const MEMORY: &str = "_junheng";
/// The first cell of the hidden sheet; its number changes with the layout.
pub const MARK: &str = "junheng ledger 1";
/// The headers before the columns in row 3.
pub const REMEMBERED: [&str; 8] =
    ["number", "state", "typed", "key.district", "key.school", "key.section", "key.item", "key.check"];
/// The maximum number of rows of a sheet; the rest continues in the next one. Excel has 1,048,576.
pub const MAX_ROWS: usize = 1_000_000;

/// Normalizes a text so that a workbook returns it unchanged: no control characters, no blanks at the ends.
pub fn clean(text: &str) -> String {
    let kept = |c: &char| *c == '\n' || *c == '\t' || !c.is_control();
    text.replace("\r\n", "\n").trim().chars().filter(kept).collect()
}

/// The identity of a gap over the years.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Key {
    pub district: String,
    /// The code of the school (or its name, if the source has no code); empty for a gap of the district.
    pub school: String,
    /// `primary`, `junior`; empty if it belongs to no section.
    pub section: String,
    pub item: String,
    /// One of the item's checks, `cv`, `mean` or `evidence`; empty if there is only one possibility.
    pub check: String,
}

/// The state of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum State {
    #[default]
    Open,
    /// Open after its deadline.
    Overdue,
    /// Open again after having been closed.
    Back,
    BackOverdue,
    Closed,
}

impl State {
    pub const ALL: [State; 5] = [State::Open, State::Overdue, State::Back, State::BackOverdue, State::Closed];

    /// Its text is `ledger.state.<id>`.
    pub fn id(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Overdue => "overdue",
            State::Back => "back",
            State::BackOverdue => "back_overdue",
            State::Closed => "closed",
        }
    }

    pub fn from_id(id: &str) -> Option<State> {
        State::ALL.into_iter().find(|state| state.id() == id)
    }

    pub fn is_overdue(self) -> bool {
        matches!(self, State::Overdue | State::BackOverdue)
    }

    pub fn is_back(self) -> bool {
        matches!(self, State::Back | State::BackOverdue)
    }
}

/// One line of the ledger.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    pub number: u64,
    /// `None` for a line that users added.
    pub key: Option<Key>,
    pub state: State,
    /// The status that a user chose since the ledger was written.
    pub marked: Option<State>,
    /// All columns except the number and the status.
    pub cells: BTreeMap<Column, Value>,
    /// Columns that the program fills, in which a user wrote something else.
    pub typed: BTreeSet<Field>,
}

impl Entry {
    pub fn value(&self, field: Field) -> Option<&Value> {
        self.cells.get(&Column::Known(field))
    }

    /// As shown to people; empty if there is no value.
    pub fn text_or_empty(&self, field: Field) -> String {
        self.value(field).map(Value::shown).unwrap_or_default()
    }

    /// Sets a value; an empty text removes it.
    pub fn put(&mut self, field: Field, value: Option<Value>) {
        match value {
            Some(Value::Text(text)) if text.is_empty() => self.cells.remove(&Column::Known(field)),
            Some(value) => self.cells.insert(Column::Known(field), value),
            None => self.cells.remove(&Column::Known(field)),
        };
    }

    /// 区教育局、区财政局: the departments one by one, as named in the column.
    pub fn departments(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for part in self.text_or_empty(Field::Department).split(['、', '，', ',', '；', ';', '\n']) {
            let part = part.trim().to_string();
            if !part.is_empty() && !found.contains(&part) {
                found.push(part);
            }
        }
        found
    }
}

/// A sheet that users added, or the lines above the header of a list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnSheet {
    pub name: String,
    /// Row, column (from 0), value.
    pub cells: Vec<(u32, u32, Value)>,
}

/// The whole ledger.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// The id of the standard and its version, as of the run that wrote it.
    pub standard: String,
    pub version: String,
    /// The day of that run.
    pub date: Option<NaiveDate>,
    /// Whether it continues an earlier ledger.
    pub carried: bool,
    pub entries: Vec<Entry>,
    /// Headers of the columns that users added, in order.
    pub columns: Vec<String>,
    pub sheets: Vec<OwnSheet>,
    /// Text that users wrote above the header, by sheet.
    pub above: Vec<OwnSheet>,
}

impl Ledger {
    /// A fingerprint of what users wrote outside the lists, by which later changes are detected.
    pub fn own_mark(&self) -> String {
        let mut hash = Sha256::new();
        for sheet in self.sheets.iter().chain(&self.above) {
            for (row, column, value) in &sheet.cells {
                hash.update(format!("{row} {column} {}\n", value.shown()));
            }
        }
        sha256::hex(&hash.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_program_saved_again_is_the_same() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 31).unwrap();
        for (a, b) in [
            (Value::text("12"), Value::Number(12.0)),
            (Value::Number(4.180_000_000_001), Value::Number(4.18)),
            (Value::Date(day), Value::text("2026-03-31")),
            (Value::text(" 甲\r\n乙 "), Value::text("甲\n乙")),
        ] {
            assert!(a.same(&b) && b.same(&a), "{a:?} {b:?}");
        }
        assert!(!Value::text("一").same(&Value::Number(1.0)));
        assert!(!Value::Number(18.0).same(&Value::Number(18.1)));
    }

    #[test]
    fn every_column_has_one_place() {
        let ids: BTreeSet<&str> = Field::ALL.iter().map(|field| field.id()).collect();
        assert_eq!(ids.len(), Field::ALL.len());
    }
}
