//! Which layout a sheet has, and what each layout gives: blocks of section records, district facts, answers.
//!
//! | layout | a row is | told by |
//! |---|---|---|
//! | [`wide`] | a school, or a section of one | a header row with 学校名称, 在校生数 … |
//! | [`export`] | the same, under a header of several rows | merged cells in the header |
//! | [`form`], [`district`] | a fact of one school, or of the county | 填报项目 and 填报值 |
//! | [`answers`] | an item of the standard | 编号 and 结论或得分 |

pub mod answers;
pub mod district;
pub mod export;
pub mod form;
mod plan;
pub mod wide;

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

/// What one file gave.
#[derive(Debug, Clone, Default)]
pub struct FileRead {
    pub sources: Vec<Source>,
    pub blocks: Vec<Block>,
    pub forms: Vec<DistrictForm>,
    pub answers: Vec<AnswerSheet>,
    pub problems: Vec<Problem>,
}

/// A fact's place in the dictionary, looked up once.
pub fn position(id: &str) -> Option<usize> {
    Dictionary::get().facts().iter().position(|f| f.id == id)
}

/// Names the fact of a problem in both languages: `{label}`, `{label_en}`.
pub fn about(problem: Problem, fact: &Fact) -> Problem {
    problem.with("label", &fact.label_zh).with("label_en", &fact.label_en).fact(&fact.id)
}

/// One cell read as its fact wants.
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

/// The finding on a cell. A year that cannot be read is an error: a record without its year must not fall
/// into another's.
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

/// The year in a sheet's name, its file's, or its folder's.
pub fn name_year(sheet: &Sheet) -> Option<i32> {
    let file = sheet.file.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    [sheet.name.as_str(), stem, sheet.folder.as_str()]
        .into_iter()
        .find_map(|text| header::year_in(text, None))
}

/// `*` stands for any run of characters.
pub fn glob(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, rest)) => {
            let Some(tail) = name.strip_prefix(before) else { return false };
            let mut cut = 0;
            loop {
                if glob(rest, &tail[cut..]) {
                    return true;
                }
                match tail[cut..].chars().next() {
                    Some(c) => cut += c.len_utf8(),
                    None => return false,
                }
            }
        }
    }
}

/// The mappings of a file, in order.
pub fn mappings_of<'a>(file: &str, options: &'a Options) -> Vec<&'a Mapping> {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    options.mappings.iter().filter(|m| glob(&m.file, name) || glob(&m.file, file)).collect()
}

/// What became of a sheet read as a table.
pub enum Table {
    /// A block; whether it has a column of pupils.
    Read(Box<Block>, bool),
    /// Headers and nothing under them.
    HeaderOnly,
    /// Figures and no school: the error, unless the file has its schools on another sheet.
    WithoutSchool(Problem),
    /// A mapping names headers that are not here.
    MappingMisfit(Problem),
    /// Errors were said.
    Refused,
    NoTable,
}

/// All sheets of one file.
pub fn read_file(file: &str, sheets: &[Sheet], options: &Options) -> FileRead {
    let mut read = FileRead::default();
    let mappings = mappings_of(file, options);
    let (mut understood, mut has_students, mut refused) = (false, false, false);
    let mut without_school = Vec::new();
    let (mut without_students, mut header_only, mut misfits, mut unread) = (vec![], vec![], vec![], vec![]);
    for sheet in sheets.iter().filter(|s| !s.rows.is_empty() && !is_of_findings(s)) {
        let source = read.sources.len();
        let found = answers::read(sheet, source, &mut read.problems)
            .map(|a| read.answers.push(a))
            .or_else(|| {
                form::items(sheet).map(|items| {
                    if items.are_the_districts() {
                        read.forms.extend(district::read(sheet, &items, source, &mut read.problems));
                    } else {
                        read.blocks.extend(form::read(sheet, &items, source, &mut read.problems));
                    }
                })
            })
            .is_some();
        if found {
            understood = true;
            read.sources.push(source_of(sheet));
            continue;
        }
        let mapping = mappings.iter().find(|m| m.sheet.as_ref().is_none_or(|s| *s == sheet.name)).copied();
        if mapping.is_none() && !mappings.is_empty() {
            continue;
        }
        match wide::read(sheet, mapping, source, &mut read.problems) {
            Table::Read(block, students) => {
                understood = true;
                has_students |= students;
                if !students {
                    without_students.push(sheet);
                }
                read.blocks.push(*block);
                read.sources.push(source_of(sheet));
            }
            Table::HeaderOnly => header_only.push(sheet),
            Table::MappingMisfit(problem) => misfits.push(problem),
            Table::WithoutSchool(problem) => without_school.push((sheet, problem)),
            Table::Refused => refused = true,
            Table::NoTable => unread.push(sheet),
        }
    }
    for (sheet, problem) in without_school {
        if read.blocks.is_empty() {
            refused = true;
            read.problems.push(problem);
        } else {
            unread.push(sheet);
        }
    }
    if !has_students {
        for sheet in without_students {
            read.problems.push(wide::lacks("table_lacks_students", sheet));
        }
    }
    let nothing = !understood && !refused;
    if nothing && let Some(sheet) = header_only.first() {
        read.problems.push(Problem::error("table_without_rows", Place::sheet(file, &sheet.name)));
    } else if !misfits.is_empty() && read.blocks.is_empty() {
        read.problems.append(&mut misfits);
    } else if nothing && let Some(sheet) = unread.first() {
        read.problems.push(wide::lacks("file_not_understood", sheet));
    } else if nothing {
        for mapping in mappings.iter().filter_map(|m| m.sheet.as_ref()) {
            let names: Vec<&str> = sheets.iter().map(|s| s.name.as_str()).collect();
            read.problems.push(
                Problem::error("mapping_sheet_missing", Place::file(file))
                    .with("found", mapping)
                    .with("expected", names.join("、")),
            );
        }
        if sheets.iter().all(|s| s.rows.is_empty()) {
            read.problems.push(Problem::error("file_empty", Place::file(file)));
        }
    } else {
        for sheet in unread.iter().filter(|s| !is_explanation(&s.name)) {
            read.problems.push(Problem::note("sheet_passed_over", Place::sheet(file, &sheet.name)));
        }
    }
    read
}

fn source_of(sheet: &Sheet) -> Source {
    Source { file: sheet.file.clone(), sha256: sheet.sha256.clone(), sheet: sheet.name.clone() }
}

/// The first sheet of an annotated copy (`annotate.sheet` of the catalogues): the corrected copy is read like its
/// original.
fn is_of_findings(sheet: &Sheet) -> bool {
    let first = sheet.rows.first().filter(|row| row.index == 0).map(|row| row.get(0));
    ["数据问题", "Findings"].iter().any(|title| {
        sheet.name.starts_with(title) && matches!(first, Some(Cell::Text(text)) if text.as_ref() == *title)
    })
}

/// Sheets that templates carry beside their data.
fn is_explanation(name: &str) -> bool {
    let name = cell::fold(name);
    ["说明", "选项", "须知", "目录", "封面", "字典", "list", "options"].iter().any(|w| name.contains(w))
}

/// The place of a cell in a sheet.
pub fn place(sheet: &Sheet, row: u32, column: u32) -> Place {
    Place::cell(&sheet.file, &sheet.name, address(row, column))
}

/// The finding on a header or an item that is no fact, with the facts most like it.
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

/// The one section that an unnamed section fact of a school belongs to: the only one there is, or (for
/// facts that the dictionary notes as 初中's) the junior section.
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
