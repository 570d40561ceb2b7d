//! Cross-checks on the assembled facts: the questions that a careful planner would ask before believing a number.
//!
//! Every check is one function with its own codes; it compares data with data and never judges a school. A
//! contradiction is a warning (`--strict` makes it an error), an oddity is a note, and a value that no total may
//! contain (a negative one) is an error. A missing value contradicts nothing.
//!
//! The checks work on whole columns rather than rows of cells, and build messages and places only for findings, so that
//! a million sound rows cost milliseconds.

mod classes;
mod district;
mod duplicates;
mod empty_sections;
mod flag_conflicts;
mod parts;
mod units;
mod values;
mod view;
mod years;

use rayon::prelude::*;

use super::Facts;
use crate::{
    problem::{Level, Problem},
    tables::{cells::Cells, facts},
};
use view::View;

/// A check of the whole table.
type Check = fn(&View, &mut Findings);

const CHECKS: [Check; 20] = [
    values::negative,
    values::fractional,
    values::not_a_number,
    parts::degrees,
    parts::parts_of_wholes,
    parts::subject_teachers,
    parts::arts_total,
    parts::rooms,
    parts::graduates,
    classes::bands,
    classes::largest,
    empty_sections::empty_sections,
    empty_sections::school_types,
    units::slips,
    units::whole_columns,
    duplicates::identical_rows,
    duplicates::sum_of_others,
    years::apart,
    flag_conflicts::years,
    flag_conflicts::small_rural,
];

/// The number of findings of one code above which a note sums them up: a column or a habit of the source is then a
/// likelier cause than mistakes of many schools.
const MANY: usize = 20;

/// The maximum number of findings of one code that are listed, so that spreadsheets can open the list. The note counts
/// them all.
const LISTED: usize = 10_000;

/// All contradictions within the assembled tables, check by check, each with its cell.
pub fn examine(facts: &Facts) -> Vec<Problem> {
    let view = View::new(facts.facts.frame());
    let parts: Vec<Findings> = CHECKS
        .par_iter()
        .map(|check| {
            let mut findings = Findings::default();
            check(&view, &mut findings);
            findings
        })
        .collect();
    let mut problems = Vec::new();
    if parts.iter().any(|part| !part.found.is_empty()) {
        let cells = facts.cells().unwrap_or_default();
        for part in &parts {
            problems.extend(part.found.iter().map(|found| problem(found, (facts, &view), &cells)));
        }
        problems.extend(parts.iter().flat_map(|part| part.summaries(&view)));
    }
    problems.extend(district::examine(facts, &view));
    problems
}

/// The findings of the checks.
#[derive(Default)]
struct Findings {
    found: Vec<Found>,
    /// The number of findings per code, listed or not.
    counts: Vec<(&'static str, usize)>,
}

struct Found {
    level: Level,
    code: &'static str,
    /// The row of `facts`; `None` if the finding concerns the whole table.
    row: Option<usize>,
    fact: Option<String>,
    args: Vec<(&'static str, String)>,
}

impl Findings {
    /// Reports a contradiction in `row`; `args` are only built if the finding is listed.
    fn warn(
        &mut self,
        code: &'static str,
        row: usize,
        fact: &str,
        args: impl FnOnce() -> Vec<(&'static str, String)>,
    ) {
        self.add(Level::Warning, code, row, fact, args);
    }

    fn add(
        &mut self,
        level: Level,
        code: &'static str,
        row: usize,
        fact: &str,
        args: impl FnOnce() -> Vec<(&'static str, String)>,
    ) {
        if self.count(code) > LISTED {
            return;
        }
        self.found.push(Found { level, code, row: Some(row), fact: Some(fact.to_string()), args: args() });
    }

    /// Reports something worth knowing about the table as a whole.
    fn note(&mut self, code: &'static str, fact: &str, args: Vec<(&'static str, String)>) {
        self.found.push(Found { level: Level::Note, code, row: None, fact: Some(fact.to_string()), args });
    }

    fn count(&mut self, code: &'static str) -> usize {
        match self.counts.iter_mut().find(|(c, _)| *c == code) {
            Some((_, count)) => {
                *count += 1;
                *count
            }
            None => {
                self.counts.push((code, 1));
                1
            }
        }
    }

    /// One note for every code with more than [`MANY`] findings.
    fn summaries(&self, view: &View) -> Vec<Problem> {
        let many = self.counts.iter().filter(|(_, count)| *count > MANY);
        many.map(|&(code, count)| {
            if code == "students_without_teachers" {
                return empty_sections::many_without_teachers(view, count);
            }
            Problem::note("many_of_one_code", Default::default())
                .with("count", count)
                .with("code", code)
                .with("listed", count.min(LISTED))
        })
        .collect()
    }
}

fn problem(found: &Found, (facts, view): (&Facts, &View), cells: &Cells) -> Problem {
    let mut problem = Problem::new(found.level, found.code, Default::default());
    problem.fact = found.fact.clone();
    if let Some((row, record)) = found.row.and_then(|row| Some((row, facts.facts.row(row)?))) {
        problem.place = cells.place(record, found.fact.as_deref().unwrap_or_default()).unwrap_or_default();
        problem.school_code = view.text(facts::column::school_code, row).map(str::to_string);
        problem.args.extend(view.about(row));
    }
    if let Some(fact) = &found.fact {
        problem.args.extend(view::labels(fact, "fact", "fact_en"));
    }
    problem.args.extend(found.args.iter().cloned());
    problem
}

/// A number without meaningless digits.
fn plain(value: f64) -> String {
    if !value.is_finite() || value == value.trunc() || value.abs() >= 1e6 {
        return format!("{value}");
    }
    let digits = if value.abs() >= 100.0 {
        1
    } else if value.abs() >= 1.0 {
        2
    } else {
        4
    };
    let text = format!("{value:.digits$}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// Tables of facts written by hand, for the tests of the checks.
#[cfg(test)]
mod sample {
    use polars::prelude::*;

    use super::Facts;
    use crate::{problem::Problem, tables};

    /// One record: text, number and yes/no facts by id; the others are missing.
    #[derive(Clone, Default)]
    pub struct Record(Vec<(String, AnyValue<'static>)>);

    /// A sound record of a section whose school is named like its code.
    pub fn record(code: &str, section: &str) -> Record {
        Record::default()
            .with("section", section)
            .with("school_code", code)
            .with("school_name", code)
            .with("district_code", "430503")
            .with("district_name", "大祥区")
            .with("school_type", if section == "primary" { "小学" } else { "初中" })
    }

    impl Record {
        pub fn numbers<const N: usize>(self, values: [(&str, f64); N]) -> Record {
            values.into_iter().fold(self, |record, (id, value)| record.with(id, value))
        }
        /// A text, number or yes/no.
        pub fn with<'a>(mut self, id: &str, value: impl Into<AnyValue<'a>>) -> Record {
            self.0.retain(|(known, _)| known != id);
            self.0.push((id.to_string(), value.into().into_static()));
            self
        }
    }

    pub fn facts(records: &[Record]) -> Facts {
        let table = tables::facts::table();
        let columns: Vec<Column> = table
            .columns
            .iter()
            .map(|column| {
                let values: Vec<AnyValue> = records
                    .iter()
                    .enumerate()
                    .map(|(i, record)| match column.name.as_str() {
                        "year" => AnyValue::Int32(2025),
                        "source_id" => AnyValue::Int32(1),
                        "source_row" => AnyValue::Int32(i as i32 + 2),
                        name => record
                            .0
                            .iter()
                            .find(|(id, _)| id == name)
                            .map_or(AnyValue::Null, |(_, value)| value.clone()),
                    })
                    .collect();
                Series::from_any_values_and_dtype(column.name.as_str().into(), &values, &column.dtype, true)
                    .unwrap()
                    .into()
            })
            .collect();
        let facts = DataFrame::new(records.len(), columns).unwrap();
        Facts {
            facts: tables::facts::Frame::new(facts).unwrap(),
            district_facts: Default::default(),
            answers: Default::default(),
            sources: Default::default(),
            columns: Default::default(),
            record_sources: Default::default(),
            findings: Vec::new(),
        }
    }

    /// The problems found in `records`.
    pub fn examined(records: &[Record]) -> Vec<Problem> {
        super::examine(&facts(records))
    }

    /// `code: school` of every problem, in order.
    pub fn codes(records: &[Record]) -> Vec<String> {
        examined(records)
            .iter()
            .map(|p| format!("{}: {}", p.code, p.school_code.clone().unwrap_or_default()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use polars::prelude::*;

    use super::{sample::*, *};
    use crate::problem::Place;

    #[test]
    fn sound_facts_have_no_findings() {
        let sound = record("a", "primary").numbers([("students", 500.0), ("teachers", 30.0)]);
        assert_eq!(examined(&[sound]), Vec::new());
    }

    #[test]
    fn no_facts_have_no_findings() {
        assert_eq!(examined(&[]), Vec::new());
    }

    #[test]
    fn many_of_one_code_are_listed_and_summed_up() {
        let at = |count: usize| {
            let records: Vec<Record> = (0..count)
                .map(|i| record(&i.to_string(), "primary").with("students", -1.0 - i as f64))
                .collect();
            codes(&records)
        };
        assert_eq!(at(MANY).len(), MANY);
        let many = at(MANY + 1);
        assert_eq!(many.len(), MANY + 2);
        assert_eq!(many.last().unwrap(), "many_of_one_code: ");
    }

    #[test]
    fn every_code_has_its_words_and_every_place_in_them_is_filled() {
        use crate::words::{Language, Words};
        let mut records = vec![
            record("degrees", "primary")
                .numbers([("students", 100.0), ("teachers", 5.0), ("teachers_bachelor", 6.0)])
                .numbers([("pe_teachers", 4.0), ("music_teachers", 4.0), ("arts_teachers_total", 3.0)]),
            record("parts", "primary").numbers([("students", 100.0), ("migrant_students", 101.0)]).numbers([
                ("teachers", 5.0),
                ("music_rooms", 1.0),
                ("music_rooms_ge96", 2.0),
            ]),
            record("graduates", "junior").numbers([
                ("students", 100.0),
                ("teachers", 9.0),
                ("graduates", 50.0),
                ("entry_cohort", 40.0),
            ]),
            record("classes", "primary").numbers([
                ("students", 100.0),
                ("teachers", 6.0),
                ("classes", 2.0),
                ("classes_46_50", 1.0),
                ("classes_51_55", 2.0),
                ("max_class_size", 49.0),
            ]),
            record("largest", "primary").numbers([
                ("students", 10.0),
                ("teachers", 6.0),
                ("max_class_size", 11.0),
            ]),
            record("values", "primary").numbers([("students", -1.0), ("teachers", 0.5), ("books", f64::NAN)]),
            record("without teachers", "primary").numbers([("students", 10.0), ("teachers", 0.0)]),
            record("without students", "primary").numbers([("students", 0.0), ("teachers", 1.0)]),
            record("empty", "primary").numbers([("students", 0.0), ("teachers", 0.0)]),
            record("combined", "primary").with("school_type", "完全中学").with("students", 9.0),
            record("combined", "junior").with("school_type", "完全中学").with("students", 0.0),
            record("type", "primary")
                .with("students", 9.0)
                .with("built_by_2010", true)
                .with("built_by_2016", false)
                .with("built_year", 2027.0)
                .with("location", "城区")
                .with("small_rural_school", true)
                .with("small_class_rural_school", true),
        ];
        records.push(Record::default().with("section", "primary").with("students", 7.0));
        let problems = examined(&records);
        let seen: std::collections::BTreeSet<&str> = problems.iter().map(|p| p.code).collect();
        assert!(seen.len() >= 19, "{seen:?}");
        for language in [Language::Chinese, Language::English] {
            let words = Words::load(language).unwrap();
            for problem in &problems {
                let text = words.problem(problem);
                assert!(words.has(&format!("problem.{}", problem.code)), "{}", problem.code);
                assert!(!text.contains(['{', '}']), "{text}");
            }
        }
    }

    fn sources() -> DataFrame {
        df!("source_id" => [1, 2], "file" => ["区.xlsx", "补.csv"], "sha256" => ["", ""], "sheet" => ["学校", ""])
            .unwrap()
    }

    #[test]
    fn a_finding_names_the_cell_of_its_fact() {
        let mut facts =
            facts(&[record("a", "primary").numbers([("students", 9.0), ("migrant_students", 10.0)])]);
        *facts.sources.frame_mut() = sources();
        *facts.columns.frame_mut() = df!(
            "source_id" => [1, 1], "section" => ["junior", "primary"],
            "fact" => ["migrant_students", "migrant_students"], "column" => ["F", "E"], "row" => [None::<i32>, None],
        )
        .unwrap();
        let found = examine(&facts);
        assert_eq!(found[0].place, Place::cell("区.xlsx", "学校", "E2"));
    }

    #[test]
    fn a_fact_of_a_further_source_is_found_there_and_one_of_none_in_its_row() {
        let mut facts =
            facts(&[record("a", "primary").numbers([("students", 9.0), ("migrant_students", 10.0)])]);
        *facts.sources.frame_mut() = sources();
        let found = examine(&facts);
        assert_eq!(found[0].place, Place::cell("区.xlsx", "学校", "2"));
        *facts.columns.frame_mut() = df!(
            "source_id" => [2], "section" => [None::<&str>], "fact" => ["migrant_students"], "column" => ["H"],
            "row" => [None::<i32>],
        )
        .unwrap();
        *facts.record_sources.frame_mut() = df!(
            "district_code" => ["430503"], "year" => [2025], "school_code" => ["a"], "section" => ["primary"],
            "source_id" => [2], "source_row" => [Some(7)], "role" => ["also"],
        )
        .unwrap();
        let found = examine(&facts);
        assert_eq!(found[0].place.file.as_deref(), Some("补.csv"));
        assert_eq!(found[0].place.cell.as_deref(), Some("H7"));
    }
}
