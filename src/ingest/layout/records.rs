//! The content of sheets: section records, district facts and answers, each with its source cell.

use super::super::sheet::Sheet;
use crate::{
    dictionary::{Kind, Section},
    problem::Problem,
};

/// A sheet that contained records, district facts or answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub file: String,
    pub sha256: String,
    pub sheet: String,
}

/// The values of one fact, one entry per record. Yes and no are 1 and 0.
#[derive(Debug, Clone)]
pub enum Values {
    Number(Vec<Option<f64>>),
    Text(Vec<Option<Box<str>>>),
}

impl Values {
    pub fn missing(kind: Kind, len: usize) -> Values {
        match kind {
            Kind::Text | Kind::Choice => Values::Text(vec![None; len]),
            _ => Values::Number(vec![None; len]),
        }
    }
    pub fn is_missing(&self, i: usize) -> bool {
        match self {
            Values::Number(v) => v.get(i).is_none_or(Option::is_none),
            Values::Text(v) => v.get(i).is_none_or(Option::is_none),
        }
    }
    pub fn push_missing(&mut self) {
        match self {
            Values::Number(v) => v.push(None),
            Values::Text(v) => v.push(None),
        }
    }
    pub fn shown(&self, i: usize) -> String {
        match self {
            Values::Number(v) => v.get(i).copied().flatten().map_or(String::new(), |v| v.to_string()),
            Values::Text(v) => v.get(i).and_then(|t| t.as_deref()).unwrap_or_default().to_string(),
        }
    }
    pub fn text(&self, i: usize) -> Option<&str> {
        match self {
            Values::Text(v) => v.get(i)?.as_deref(),
            Values::Number(_) => None,
        }
    }
    pub fn number(&self, i: usize) -> Option<f64> {
        match self {
            Values::Number(v) => v.get(i).copied().flatten(),
            Values::Text(_) => None,
        }
    }
    /// Overwrites entry `to` with entry `from` of `other`.
    pub fn set(&mut self, to: usize, other: &Values, from: usize) {
        match (self, other) {
            (Values::Number(a), Values::Number(b)) => a[to] = b[from],
            (Values::Text(a), Values::Text(b)) => a[to] = b[from].clone(),
            _ => {}
        }
    }
    /// Appends all of `other`.
    pub fn append(&mut self, other: Values) {
        match (self, other) {
            (Values::Number(a), Values::Number(b)) => a.extend(b),
            (Values::Text(a), Values::Text(b)) => a.extend(b),
            _ => {}
        }
    }
}

/// Where a fact stands in a sheet: in a column or, in a form, in a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    pub section: Option<Section>,
    /// Position in [`crate::dictionary::Dictionary::facts`].
    pub fact: usize,
    /// 0-based.
    pub column: u32,
    pub row: Option<u32>,
}

/// The section records of one sheet, by column: `values[fact]` has one entry per record.
#[derive(Debug, Clone)]
pub struct Block {
    /// Position in [`FileRead::sources`].
    pub source: usize,
    pub sections: Vec<Section>,
    /// 0-based row of each record; `None` in a form.
    pub rows: Vec<Option<u32>>,
    /// By position in [`crate::dictionary::Dictionary::facts`]; `None` if the sheet does not have the fact.
    pub values: Vec<Option<Values>>,
    pub spots: Vec<Spot>,
    /// The year of the mapping, for records without a year of their own.
    pub given_year: Option<i32>,
    /// The year in the title above the table.
    pub title_year: Option<i32>,
    /// The year in the name of the sheet, the file or its folder.
    pub name_year: Option<i32>,
}

/// The district facts of one sheet.
#[derive(Debug, Clone)]
pub struct DistrictForm {
    pub source: usize,
    pub code: Option<String>,
    pub name: Option<String>,
    pub year: Option<i32>,
    pub name_year: Option<i32>,
    /// Fact (position in the dictionary), value, address.
    pub values: Vec<(usize, f64, String)>,
}

/// The answers of one sheet.
#[derive(Debug, Clone)]
pub struct AnswerSheet {
    pub source: usize,
    pub name_year: Option<i32>,
    pub answers: Vec<Answer>,
}

/// A row of 佐证与评分.
#[derive(Debug, Clone)]
pub struct Answer {
    pub item: String,
    pub met: Option<bool>,
    pub score: Option<f64>,
    pub document: Option<String>,
    pub date: Option<String>,
    pub who: Option<String>,
    pub cell: String,
}

/// The content of one sheet.
#[derive(Debug, Clone)]
pub enum Content {
    Schools(Box<Block>),
    District(DistrictForm),
    Answers(AnswerSheet),
    /// Nothing usable; the problems say why.
    Nothing,
}

/// The content of one file.
#[derive(Debug, Clone, Default)]
pub struct FileRead {
    pub sources: Vec<Source>,
    pub blocks: Vec<Block>,
    pub forms: Vec<DistrictForm>,
    pub answers: Vec<AnswerSheet>,
    pub problems: Vec<Problem>,
}

impl FileRead {
    /// Adds the content of a sheet, and the sheet as the source that its records name.
    pub(super) fn take(&mut self, sheet: &Sheet, content: Content) {
        match content {
            Content::Schools(block) => self.blocks.push(*block),
            Content::District(form) => self.forms.push(form),
            Content::Answers(answers) => self.answers.push(answers),
            Content::Nothing => {}
        }
        self.sources.push(Source {
            file: sheet.file.clone(),
            sha256: sheet.sha256.clone(),
            sheet: sheet.name.clone(),
        });
    }
}
