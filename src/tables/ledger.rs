//! The 整改台账: what is lacking, followed over the years until it is closed. A workbook that the program
//! begins and people go on with; what it is made of stands here, so that reading, carrying on and writing
//! speak of the same columns.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::sha256;

/// What a cell of the ledger holds; an empty cell is not there.
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

    /// As people read it: all digits, ISO dates.
    pub fn shown(&self) -> String {
        match self {
            Value::Text(text) => text.trim().replace("\r\n", "\n"),
            Value::Number(number) => number.to_string(),
            Value::Date(day) => day.to_string(),
            Value::YesNo(yes) => if *yes { "TRUE" } else { "FALSE" }.into(),
        }
    }

    /// The same to a reader: a program that saves the workbook again may turn 12 into "12", a date into its
    /// text, and change the last digits of a number.
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

/// Who has the say over a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Say {
    /// Refreshed by every run; what a person wrote there moves to the note.
    Data,
    /// Offered by the program; what a person writes instead stands for ever.
    Offered,
    /// Written by people alone.
    People,
}

/// A column of the ledger (the columns of 陕西省督导评估学校幼儿园问题整改情况台账, and what carrying on needs).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// 序号: given once, kept for ever.
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
    /// In the order of the sheet. The check is said by the problem already and stands behind the printed
    /// columns, with what is for the machine.
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

    /// Its word is `ledger.column.<id>`, other spellings of it `ledger.alias.<id>`.
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

/// A column as it stands in a workbook: one of ours, or one that people added, by its header.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    Known(Field),
    Own(String),
}

impl Column {
    /// As the hidden sheet names it.
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

/// The hidden sheet in which the program remembers what it wrote, so that next time what people typed since
/// is told from it, in whichever sheet they typed.
///
/// ```text
/// row 1   MARK  standard  version  date  carried  name of the summary  Ledger::own_mark
/// row 2   names of the sheets that list entries
/// row 3   number  state  typed  key.district … key.check  the columns, people's own as +header
/// row 4 … an entry a row
/// ```
pub const MEMORY: &str = "_junheng";
/// The first cell of the hidden sheet; its number changes with the layout.
pub const MARK: &str = "junheng ledger 1";
/// What stands before the columns in row 3.
pub const REMEMBERED: [&str; 8] =
    ["number", "state", "typed", "key.district", "key.school", "key.section", "key.item", "key.check"];
/// Rows of a sheet of ours; the rest goes on in the next one. Excel has 1,048,576.
pub const MAX_ROWS: usize = 1_000_000;

/// A text that comes back from a workbook as it went in: no control characters, no blanks at its ends.
pub fn clean(text: &str) -> String {
    let kept = |c: &char| *c == '\n' || *c == '\t' || !c.is_control();
    text.replace("\r\n", "\n").trim().chars().filter(kept).collect()
}

/// What makes a gap the same gap next year.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Key {
    pub district: String,
    /// Code (the name where the source has none); empty where it is the district's.
    pub school: String,
    /// `primary`, `junior`; empty where it is of no section.
    pub section: String,
    pub item: String,
    /// Which of the item's checks, `cv`, `mean`, `evidence`; empty where there is one thing alone.
    pub check: String,
}

/// How an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum State {
    #[default]
    Open,
    /// Open after its day.
    Overdue,
    /// Open again after it was closed.
    Back,
    BackOverdue,
    Closed,
}

impl State {
    pub const ALL: [State; 5] = [State::Open, State::Overdue, State::Back, State::BackOverdue, State::Closed];

    /// Its word is `ledger.state.<id>`.
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
    /// None for a line that people added.
    pub key: Option<Key>,
    pub state: State,
    /// What a person chose as its status since the ledger was written.
    pub marked: Option<State>,
    /// All columns but the number and the status.
    pub cells: BTreeMap<Column, Value>,
    /// Columns that are not people's alone, in which a person wrote something else than the program.
    pub typed: BTreeSet<Field>,
}

impl Entry {
    pub fn value(&self, field: Field) -> Option<&Value> {
        self.cells.get(&Column::Known(field))
    }

    /// As people read it; empty where there is nothing.
    pub fn said(&self, field: Field) -> String {
        self.value(field).map(Value::shown).unwrap_or_default()
    }

    /// An empty text takes the value away.
    pub fn put(&mut self, field: Field, value: Option<Value>) {
        match value {
            Some(Value::Text(text)) if text.is_empty() => self.cells.remove(&Column::Known(field)),
            Some(value) => self.cells.insert(Column::Known(field), value),
            None => self.cells.remove(&Column::Known(field)),
        };
    }

    /// 区教育局、区财政局: the departments one by one, as the column names them.
    pub fn departments(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for part in self.said(Field::Department).split(['、', '，', ',', '；', ';', '\n']) {
            let part = part.trim().to_string();
            if !part.is_empty() && !found.contains(&part) {
                found.push(part);
            }
        }
        found
    }
}

/// A sheet that people added, or the lines above the header of one of ours.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnSheet {
    pub name: String,
    /// Row, column (from 0), value.
    pub cells: Vec<(u32, u32, Value)>,
}

/// The whole ledger.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Ledger {
    /// Ids of the standard and its version, as of the run that wrote it.
    pub standard: String,
    pub version: String,
    /// The day of that run.
    pub date: Option<NaiveDate>,
    /// It went on from an earlier ledger.
    pub carried: bool,
    pub entries: Vec<Entry>,
    /// Headers of the columns that people added, in their order.
    pub columns: Vec<String>,
    pub sheets: Vec<OwnSheet>,
    /// What people wrote above the header, by sheet.
    pub above: Vec<OwnSheet>,
}

impl Ledger {
    /// What people wrote outside the list, in a mark: whether they went on writing there is told from it.
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
