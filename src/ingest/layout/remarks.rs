//! Problems of a file as a whole, reported after all its sheets were tried: no readable sheet, or a table that lacks a
//! column which another sheet of the file may have.

use super::{FileRead, Outcome, records::Content, wide};
use crate::{
    ingest::{Mapping, cell, sheet::Sheet},
    problem::{Place, Problem},
};

/// The outcomes of the sheets of a file.
#[derive(Default)]
pub(super) struct Remarks<'a> {
    /// Sheets of no known layout.
    pub(super) unread: Vec<&'a Sheet>,
    understood: bool,
    refused: bool,
    has_students: bool,
    without_students: Vec<&'a Sheet>,
    without_school: Vec<(&'a Sheet, Problem)>,
    header_only: Vec<&'a Sheet>,
    misfits: Vec<Problem>,
}

impl<'a> Remarks<'a> {
    /// Keeps the content of a sheet, and remembers what may have to be reported about it.
    pub(super) fn note(&mut self, sheet: &'a Sheet, outcome: Outcome, read: &mut FileRead) {
        match outcome {
            Outcome::Read(content) => {
                self.understood = true;
                read.take(sheet, content);
            }
            Outcome::Table(block, students) => {
                self.understood = true;
                self.has_students |= students;
                if !students {
                    self.without_students.push(sheet);
                }
                read.take(sheet, Content::Schools(block));
            }
            Outcome::HeaderOnly => self.header_only.push(sheet),
            Outcome::MappingMisfit(problem) => self.misfits.push(problem),
            Outcome::WithoutSchool(problem) => self.without_school.push((sheet, problem)),
            Outcome::Refused => self.refused = true,
            Outcome::NotThisLayout => self.unread.push(sheet),
        }
    }

    /// Reports what is wrong with the file as a whole.
    pub(super) fn report(mut self, file: &str, sheets: &[Sheet], mappings: &[&Mapping], read: &mut FileRead) {
        for (sheet, problem) in std::mem::take(&mut self.without_school) {
            if read.blocks.is_empty() {
                self.refused = true;
                read.problems.push(problem);
            } else {
                self.unread.push(sheet);
            }
        }
        if !self.has_students {
            let lacking = self.without_students.iter();
            read.problems.extend(lacking.map(|sheet| wide::lacks("table_lacks_students", sheet)));
        }
        let nothing = !self.understood && !self.refused;
        if nothing && let Some(sheet) = self.header_only.first() {
            read.problems.push(Problem::error("table_without_rows", Place::sheet(file, &sheet.name)));
        } else if !self.misfits.is_empty() && read.blocks.is_empty() {
            read.problems.append(&mut self.misfits);
        } else if nothing && let Some(sheet) = self.unread.first() {
            read.problems.push(wide::lacks("file_not_understood", sheet));
        } else if nothing {
            read.problems.extend(no_sheet(file, sheets, mappings));
        } else {
            for sheet in self.unread.iter().filter(|s| !is_explanation(&s.name)) {
                read.problems.push(Problem::note("sheet_passed_over", Place::sheet(file, &sheet.name)));
            }
        }
    }
}

/// Reports that there was no sheet to read: the mappings name others, or all are empty.
fn no_sheet(file: &str, sheets: &[Sheet], mappings: &[&Mapping]) -> Vec<Problem> {
    let names: Vec<&str> = sheets.iter().map(|s| s.name.as_str()).collect();
    let named = mappings.iter().filter_map(|m| m.sheet.as_ref());
    let missing = |name: &String| {
        Problem::error("mapping_sheet_missing", Place::file(file))
            .with("found", name)
            .list("expected", &names)
    };
    let mut problems: Vec<Problem> = named.map(missing).collect();
    if sheets.iter().all(|s| s.rows.is_empty()) {
        problems.push(Problem::error("file_empty", Place::file(file)));
    }
    problems
}

/// Sheets of explanations that templates contain beside their data.
fn is_explanation(name: &str) -> bool {
    let name = cell::fold(name);
    ["说明", "选项", "须知", "目录", "封面", "字典", "list", "options"].iter().any(|w| name.contains(w))
}
