//! What sheets give: section records, district facts and answers, each with the cell that it stands in.

use super::super::sheet::Sheet;
use crate::{
    dictionary::{Kind, Section},
    problem::Problem,
};

/// A sheet that gave something.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub file: String,
    pub sha256: String,
    pub sheet: String,
}

/// Values of one fact, one entry a record. Yes and no are 1 and 0.
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
    /// Entry `to` becomes entry `from` of `other`.
    pub fn set(&mut self, to: usize, other: &Values, from: usize) {
        match (self, other) {
            (Values::Number(a), Values::Number(b)) => a[to] = b[from],
            (Values::Text(a), Values::Text(b)) => a[to] = b[from].clone(),
            _ => {}
        }
    }
    /// Moves all of `other` behind what is here.
    pub fn append(&mut self, other: Values) {
        match (self, other) {
            (Values::Number(a), Values::Number(b)) => a.extend(b),
            (Values::Text(a), Values::Text(b)) => a.extend(b),
            _ => {}
        }
    }
}

/// Where a fact stands in a sheet: a column, or (in a form) a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    pub section: Option<Section>,
    /// Position in [`Dictionary::facts`].
    pub fact: usize,
    /// 0-based.
    pub column: u32,
    pub row: Option<u32>,
}

/// Section records of one sheet, by column: `values[fact]` has one entry a record.
#[derive(Debug, Clone)]
pub struct Block {
    /// Position in [`FileRead::sources`].
    pub source: usize,
    pub sections: Vec<Section>,
    /// 0-based row of each record; `None` in a form.
    pub rows: Vec<Option<u32>>,
    /// By position in [`Dictionary::facts`]; `None` where the sheet does not have the fact.
    pub values: Vec<Option<Values>>,
    pub spots: Vec<Spot>,
    /// The year of the mapping or of the title; stands where a record has none.
    pub title_year: Option<i32>,
    /// The year in the name of the sheet, the file or its folder.
    pub name_year: Option<i32>,
}

/// District facts of one sheet.
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

/// Answers of one sheet.
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

/// What one sheet holds.
#[derive(Debug, Clone)]
pub enum Content {
    Schools(Box<Block>),
    District(DistrictForm),
    Answers(AnswerSheet),
    /// Nothing that could be used; the problems say why.
    Nothing,
}

/// What one file gave.
#[derive(Debug, Clone, Default)]
pub struct FileRead {
    pub sources: Vec<Source>,
    pub blocks: Vec<Block>,
    pub forms: Vec<DistrictForm>,
    pub answers: Vec<AnswerSheet>,
    pub problems: Vec<Problem>,
}

impl FileRead {
    /// Takes what a sheet holds, and the sheet as the source that the records name.
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
