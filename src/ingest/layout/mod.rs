//! Recognizes the layout of a sheet and reads it into blocks of section records, district facts and answers.
//!
//! | layout | a row is | recognized by |
//! |---|---|---|
//! | [`wide`] | a school, or a section of one | a header row with 学校名称, 在校生数 … |
//! | [`export`] | the same, under a header of several rows | merged cells in the header |
//! | [`form`], [`district`] | a fact of one school, or of the county | 填报项目 and 填报值 |
//! | [`answers`] | an item of the standard | 编号 and 结论或得分 |
//!
//! A new layout is a file in this folder with a type that implements [`Layout`], and an entry of [`LAYOUTS`]. It
//! returns the kinds of [`records`] that exist. Problems of a file as a whole, such as one without any readable sheet,
//! are reported by `remarks`.

pub mod answers;
pub mod district;
pub mod export;
pub mod form;
mod form_items;
mod plan;
mod records;
mod remarks;
mod rows;
mod sections;
pub mod wide;

pub use records::{Answer, AnswerSheet, Block, Content, DistrictForm, FileRead, Source, Spot, Values};
use remarks::Remarks;

use super::{
    Mapping, Options,
    cell::{self, Reading, Trouble, Unit},
    header,
    sheet::{Cell, Sheet, address},
};
use crate::{
    dictionary::{Dictionary, Fact, Grain, Kind, Section},
    problem::{Place, Problem},
};

/// A layout that a sheet can have.
pub trait Layout: Sync {
    /// Reads the sheet, or leaves it to the next layout. Findings on its cells are added to `problems`.
    fn read(&self, sheet: &Asked<'_>, problems: &mut Vec<Problem>) -> Outcome;

    /// Whether mappings of a pipeline file apply to its columns. If a file has mappings, such a layout is only tried on
    /// the sheets that they name.
    fn takes_mappings(&self) -> bool {
        false
    }
}

/// The layouts, in the order in which they are tried.
const LAYOUTS: &[&dyn Layout] = &[&answers::Answers, &form::Form, &wide::SchoolTable];

/// A sheet to be read.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub sheet: &'a Sheet,
    pub mapping: Option<&'a Mapping>,
    /// The position that the sheet will have in [`FileRead::sources`].
    pub source: usize,
}

/// The result of trying a layout on a sheet.
pub enum Outcome {
    /// The sheet has another layout.
    NotThisLayout,
    Read(Content),
    /// Schools of a table, and whether it has a column of pupils, which one table of a file must have.
    Table(Box<Block>, bool),
    /// Headers with nothing below them.
    HeaderOnly,
    /// Figures without a school: an error, unless the schools are on another sheet of the file.
    WithoutSchool(Problem),
    /// A mapping names headers that are not in the sheet.
    MappingMisfit(Problem),
    /// Errors were reported.
    Refused,
}

/// The position of a fact in the dictionary, to be looked up once.
pub fn position(id: &str) -> Option<usize> {
    Dictionary::get().facts().iter().position(|f| f.id == id)
}

/// Adds the labels of the fact in both languages: `{label}`, `{label_en}`.
pub fn about(problem: Problem, fact: &Fact) -> Problem {
    problem.with("label", &fact.label_zh).with("label_en", &fact.label_en).fact(&fact.id)
}

/// A cell read as its fact requires.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Number(f64),
    Text(Box<str>),
}

pub fn read_cell(
    cell: &Cell,
    fact: &Fact,
    wanted: Option<Unit>,
    given: Option<Unit>,
    year_offset: Option<i32>,
) -> Reading<Value> {
    let number = |(value, trouble): Reading<f64>| (value.map(Value::Number), trouble);
    let word = |(value, trouble): Reading<Box<str>>| (value.map(Value::Text), trouble);
    match fact.kind {
        Kind::Count | Kind::Amount => number(cell::number(cell, wanted, given)),
        Kind::YesNo => number(cell::yes_no(cell)),
        Kind::Level => number(cell::level(cell)),
        Kind::Year if fact.id == "year" => match cell::year(cell, Some(year_offset.unwrap_or(0))) {
            (Some(year), _) if !(1950.0..=2100.0).contains(&year) => (None, Some(Trouble::Unreadable)),
            read => number(read),
        },
        Kind::Year => number(cell::year(cell, None)),
        Kind::Text => word(cell::text(cell, fact.id.ends_with("_code"))),
        Kind::Choice => word(cell::choice(cell, fact)),
    }
}

/// The finding on a cell. An unreadable year is an error, because a record without its year must not end up in another
/// year.
pub fn cell_problem(
    trouble: Trouble,
    cell: &Cell,
    fact: &Fact,
    place: Place,
    school: Option<&str>,
) -> Problem {
    let problem = if fact.id == "year" && trouble != Trouble::Scientific {
        Problem::error("year_unreadable", place)
    } else {
        Problem::warning(trouble.code(), place)
    };
    let mut problem =
        about(problem, fact).with("found", cell::shown(cell)).with("expected", cell::example(fact));
    problem.school_code = school.map(str::to_string);
    problem
}

/// The year in the name of a sheet, its file, or its folder.
pub fn name_year(sheet: &Sheet) -> Option<i32> {
    let file = sheet.file.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    [sheet.name.as_str(), stem, sheet.folder.as_str()]
        .into_iter()
        .find_map(|text| header::year_in([text], None))
}

/// The mappings of a file, in order.
pub fn mappings_of<'a>(file: &str, options: &'a Options) -> Vec<&'a Mapping> {
    options.mappings.iter().filter(|mapping| mapping.is_for(file)).collect()
}

/// Reads all sheets of one file.
pub fn read_file(file: &str, sheets: &[Sheet], options: &Options) -> FileRead {
    let mut read = FileRead::default();
    let mappings = mappings_of(file, options);
    let mut remarks = Remarks::default();
    for sheet in sheets.iter().filter(|s| !s.rows.is_empty() && !is_of_findings(s)) {
        let mapping = mappings.iter().find(|m| m.sheet.as_ref().is_none_or(|s| *s == sheet.name)).copied();
        let passed_over = mapping.is_none() && !mappings.is_empty();
        let asked = Asked { sheet, mapping, source: read.sources.len() };
        let outcome = LAYOUTS
            .iter()
            .filter(|layout| !(passed_over && layout.takes_mappings()))
            .map(|layout| layout.read(&asked, &mut read.problems))
            .find(|outcome| !matches!(outcome, Outcome::NotThisLayout));
        match outcome {
            Some(outcome) => remarks.note(sheet, outcome, &mut read),
            None if passed_over => {}
            None => remarks.unread.push(sheet),
        }
    }
    remarks.report(file, sheets, &mappings, &mut read);
    read
}

/// Whether a sheet is the first one of an annotated copy (`annotate.sheet` of the catalogues), so that a corrected copy
/// is read like its original.
fn is_of_findings(sheet: &Sheet) -> bool {
    let first = sheet.rows.first().filter(|row| row.index == 0).map(|row| row.get(0));
    ["数据问题", "Findings"].iter().any(|title| {
        sheet.name.starts_with(title) && matches!(first, Some(Cell::Text(text)) if text.as_ref() == *title)
    })
}

/// The place of a cell in a sheet.
pub fn place(sheet: &Sheet, row: u32, column: u32) -> Place {
    Place::cell(&sheet.file, &sheet.name, address(row, column))
}

/// The finding on a header or item that is no fact, with the most similar facts.
fn unknown_header(place: Place, shown: &str, leaf: &str) -> Problem {
    let near = header::nearest(leaf);
    let list = |name: fn(&Fact) -> &str, by: &str| {
        let names: Vec<&str> = near.iter().map(|f| name(f)).collect();
        if names.is_empty() { "—".to_string() } else { names.join(by) }
    };
    Problem::note("header_unknown", place)
        .with("header", shown)
        .with("nearest", list(|f| &f.label_zh, "、"))
        .with("nearest_en", list(|f| &f.label_en, ", "))
}

/// The section that an unnamed section fact of a school belongs to: the school's only section or, for facts that the
/// dictionary assigns to 初中, the junior section.
pub fn owner(fact: &Fact, sections: &[Section]) -> Option<Section> {
    debug_assert_eq!(fact.grain, Grain::Section);
    match sections {
        [only] => Some(*only),
        several if fact.note == Section::Junior.label_zh() && several.contains(&Section::Junior) => {
            Some(Section::Junior)
        }
        _ => None,
    }
}
