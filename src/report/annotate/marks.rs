//! The findings of one file for its copy: the cells to mark, and the list.

use std::{cmp::Reverse, collections::BTreeMap};

use crate::{
    dictionary::Dictionary,
    ingest::{
        sheet::{Cell, Sheet, address},
        workbook::position,
    },
    problem::{Level, Problem},
    words::{Language, Words},
};

/// The findings of one cell: their most severe level, and the text of the comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    pub level: Level,
    pub text: String,
}

/// Marks of a sheet by 0-based row and column.
pub type Cells = BTreeMap<(u32, u32), Mark>;

/// A line of the list of findings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub level: Level,
    /// Empty for a finding on the whole file.
    pub sheet: String,
    /// The place as the finding states it: `C12`, `12` for a row, `A1:C2` for a range.
    pub place: String,
    /// The marked cell.
    pub cell: Option<(u32, u32)>,
    pub school: String,
    pub fact: String,
    pub message: String,
}

/// All marks and lines of one file.
#[derive(Debug, Default)]
pub struct Marks {
    pub sheets: BTreeMap<String, Cells>,
    /// The most severe first, then in the order of the file.
    pub lines: Vec<Line>,
}

impl Marks {
    /// `findings` are those of this file, `sheets` what was read of it.
    pub fn new(findings: &[&Problem], sheets: &[Sheet], words: &Words) -> Marks {
        let mut findings = findings.to_vec();
        findings.sort_by_key(|problem| Reverse(problem.level));
        let mut marks = Marks::default();
        for problem in findings {
            let message = words.problem(problem);
            // A csv has one sheet and no name for it.
            let sheet = match &problem.place.sheet {
                Some(name) => sheets.iter().find(|sheet| sheet.name == *name),
                None => sheets.first().filter(|sheet| sheet.name.is_empty()),
            };
            let place = problem.place.cell.clone().unwrap_or_default();
            let named = problem.place.sheet.is_some() || !place.is_empty();
            let cell = sheet.filter(|_| named).map(|sheet| at(sheet, &place));
            if let (Some(sheet), Some(cell)) = (sheet, cell) {
                let level = words.say(&format!("annotate.level.{}", problem.level.id()));
                let said = words.fill("annotate.said", &[("level", level), ("message", message.clone())]);
                let cells = marks.sheets.entry(sheet.name.clone()).or_default();
                cells
                    .entry(cell)
                    .and_modify(|mark| {
                        mark.level = mark.level.max(problem.level);
                        mark.text = format!("{}\n\n{said}", mark.text);
                    })
                    .or_insert(Mark { level: problem.level, text: said });
            }
            marks.lines.push(Line {
                level: problem.level,
                sheet: problem.place.sheet.clone().unwrap_or_default(),
                place,
                cell,
                school: school(problem),
                fact: fact(problem, words.language),
                message,
            });
        }
        let order: BTreeMap<&str, usize> =
            sheets.iter().enumerate().map(|(i, s)| (s.name.as_str(), i)).collect();
        marks.lines.sort_by_key(|line| {
            (Reverse(line.level), order.get(line.sheet.as_str()).copied().unwrap_or(usize::MAX), line.cell)
        });
        marks
    }

    /// The number of lines of `level`.
    pub fn count(&self, level: Level) -> usize {
        self.lines.iter().filter(|line| line.level == level).count()
    }
}

/// The name in the message, otherwise the code.
fn school(problem: &Problem) -> String {
    let name = problem.args.iter().find(|(name, _)| *name == "school").map(|(_, value)| value.clone());
    name.or_else(|| problem.school_code.clone()).unwrap_or_default()
}

fn fact(problem: &Problem, language: Language) -> String {
    let Some(id) = &problem.fact else { return String::new() };
    match (Dictionary::get().fact(id), language) {
        (Some(fact), Language::Chinese) => fact.label_zh.clone(),
        (Some(fact), Language::English) => fact.label_en.clone(),
        (None, _) => id.clone(),
    }
}

/// The cell to mark for a place: `C12` itself, the first cell of a range, the first filled cell of a row (`12`) or
/// column (`C`), A1 for a whole sheet. For a cell hidden in a merged range, it is the first cell of the range.
fn at(sheet: &Sheet, place: &str) -> (u32, u32) {
    let first = place.split(':').next().unwrap_or_default().trim();
    let number = |text: &str| text.parse::<u32>().ok().and_then(|n| n.checked_sub(1));
    let cell = if let Some(cell) = position(first) {
        cell
    } else if let Some(row) = number(first) {
        let found = sheet.rows.binary_search_by_key(&row, |r| r.index).ok();
        let cells = found.map(|i| sheet.rows[i].cells.as_slice()).unwrap_or_default();
        (row.min(LAST_ROW), cells.iter().find(|(_, cell)| has_text(cell)).map_or(0, |(column, _)| *column))
    } else if let Some((_, column)) = position(&format!("{first}1")) {
        let row = sheet.rows.iter().find(|row| has_text(row.get(column))).map_or(0, |row| row.index);
        (row, column)
    } else {
        (0, 0)
    };
    let covering =
        sheet.merges.iter().find(|m| (m.0..=m.2).contains(&cell.0) && (m.1..=m.3).contains(&cell.1));
    covering.map_or(cell, |m| (m.0, m.1))
}

const LAST_ROW: u32 = 1_048_575;

fn has_text(cell: &Cell) -> bool {
    match cell {
        Cell::Empty | Cell::Uncalculated => false,
        Cell::Text(text) => !text.trim().is_empty(),
        _ => true,
    }
}

/// Where a line's link leads, as Excel writes it: `'小学 (1)'!C12`.
pub fn target(sheet: &str, cell: (u32, u32)) -> String {
    format!("'{}'!{}", sheet.replace('\'', "''"), address(cell.0, cell.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ingest::sheet::Row, problem::Place};

    fn sheet() -> Sheet {
        let text = |column, text: &str| (column, Cell::Text(text.into()));
        Sheet {
            name: "学校".into(),
            rows: vec![
                Row { index: 1, cells: vec![text(1, "学校名称"), text(2, "班级数")] },
                Row { index: 4, cells: vec![text(0, " "), text(1, "一小"), text(2, "x")] },
            ],
            merges: vec![(5, 1, 7, 2)],
            ..Sheet::default()
        }
    }

    #[test]
    fn every_place_has_its_cell() {
        let sheet = sheet();
        for (place, cell) in [
            ("C12", (11, 2)),
            ("$C$12", (11, 2)),
            ("5", (4, 1)),
            ("9", (8, 0)),
            ("C", (1, 2)),
            ("Z", (0, 25)),
            ("A3:B9", (2, 0)),
            ("", (0, 0)),
            ("C8", (5, 1)),
            ("B6:C8", (5, 1)),
            ("99999999", (LAST_ROW, 0)),
            ("section 3", (0, 0)),
            ("0", (0, 0)),
        ] {
            assert_eq!(at(&sheet, place), cell, "{place}");
        }
    }

    #[test]
    fn findings_of_one_cell_share_its_comment() {
        let words = Words::load(Language::Chinese).unwrap();
        let place = |cell: &str| Place::cell("县.xlsx", "学校", cell);
        let problems = [
            Problem::note("file_exists", place("C5")),
            Problem::error("out_busy", place("C5")).school("001").fact("students"),
            Problem::warning("file_exists", Place::sheet("县.xlsx", "没有的表")),
            Problem::warning("file_exists", Place::file("县.xlsx")).with("school", "一小"),
        ];
        let all: Vec<&Problem> = problems.iter().collect();
        let marks = Marks::new(&all, &[sheet()], &words);
        let cells = &marks.sheets["学校"];
        assert_eq!(cells.len(), 1);
        let mark = &cells[&(4, 2)];
        assert_eq!(mark.level, Level::Error);
        let (first, second) = mark.text.split_once("\n\n").unwrap();
        assert!(first.starts_with("【错误】") && second.starts_with("【提示】"), "{}", mark.text);
        assert_eq!(marks.lines.len(), 4);
        assert_eq!((marks.lines[0].school.as_str(), marks.lines[0].fact.as_str()), ("001", "在校生数"));
        assert_eq!(marks.lines[1].cell, None);
        assert_eq!(marks.lines.iter().filter(|line| line.school == "一小").count(), 1);
    }

    #[test]
    fn links_quote_names() {
        assert_eq!(target("a'b 1", (11, 2)), "'a''b 1'!C12");
    }
}
