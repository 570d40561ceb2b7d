//! Gaps and responsibilities, from the table `gaps`: the problems found, and what each department has to do, how much,
//! by when.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{say, school};
use crate::{
    number,
    report::escape::clean,
    standard::Rule,
    tables::{district::District, gaps},
    words::Words,
};

/// One item that is not met, or for which data or evidence are missing.
#[derive(Debug, Serialize)]
pub struct Problem {
    pub item: String,
    pub title: String,
    /// `unmet`: it is not met; `missing`: data or evidence are missing, and nothing is known to fall short.
    pub status: &'static str,
    /// The schools (sections) concerned, worst first, each with what it lacks.
    pub schools: Vec<String>,
    /// The total shortfall of these schools by unit: `30 人`.
    pub total: Vec<String>,
    /// The shortfalls of the district as a whole, in words.
    pub district: Vec<String>,
    /// Whether a conclusion or its evidence is still to be given.
    pub evidence: bool,
    pub departments: Vec<String>,
    /// The offices of the bureau that the standard names.
    pub offices: String,
    pub measures: Vec<String>,
    pub due: Option<String>,
}

/// A department and its problems; without a name if the standard names no department.
#[derive(Debug, Serialize)]
pub struct Department {
    pub name: Option<String>,
    pub problems: usize,
    pub schools: usize,
    pub unmet: usize,
    pub missing: usize,
}

/// Whether the row means that data or evidence are missing, not that something falls short.
fn is_missing(district: &District, row: gaps::Row) -> bool {
    let mut answers = district.answers.rows();
    let denied = answers.any(|answer| answer.item() == row.item() && answer.met() == Some(false));
    row.shortfall().is_none() && !denied
}

fn is_evidence(district: &District, row: gaps::Row) -> bool {
    row.unit() == district.words.say("gap.evidence")
}

/// The problems in the order of `gaps` (worst first, missing last); an item may appear once as unmet and once as
/// missing.
pub fn problems(district: &District) -> Vec<Problem> {
    let mut found: Vec<(Problem, BTreeMap<String, f64>)> = Vec::new();
    let words = district.words;
    for row in district.gaps.rows() {
        let status = if is_missing(district, row) { "missing" } else { "unmet" };
        let item = row.item().to_string();
        let at = match found.iter().position(|(known, _)| known.item == item && known.status == status) {
            Some(at) => at,
            None => {
                let (departments, offices) = district.standard.responsible(row.item());
                found.push((
                    Problem {
                        title: district.title(row.item()).to_string(),
                        item,
                        status,
                        schools: vec![],
                        total: vec![],
                        district: vec![],
                        evidence: false,
                        departments: departments.to_vec(),
                        offices: offices.join("、"),
                        measures: vec![],
                        due: row.due().map(str::to_string),
                    },
                    BTreeMap::new(),
                ));
                found.len() - 1
            }
        };
        let Some((problem, totals)) = found.get_mut(at) else { continue };
        // The ways to lower a mean of CVs differ between sections.
        for line in row.measures().lines().map(clean).filter(|line| !line.is_empty()) {
            if !problem.measures.contains(&line) {
                problem.measures.push(line);
            }
        }
        if is_evidence(district, row) {
            problem.evidence = true;
        } else if row.school_code().is_some() {
            problem.schools.push(lacking_row(row, words));
            if let Some(shortfall) = row.shortfall()
                && row.unit() != "%"
            {
                *totals.entry(row.unit().to_string()).or_insert(0.0) += shortfall;
            }
        } else {
            problem.district.push(of_district(district, row));
        }
    }
    let printed = |(mut problem, totals): (Problem, BTreeMap<String, f64>)| {
        let print = |(unit, total): (&String, &f64)| number::needed(Some(*total), unit, words);
        problem.total = totals.iter().map(print).collect();
        problem
    };
    found.into_iter().map(printed).collect()
}

/// Whether an item lacks only its conclusion, and no number.
pub fn only_evidence(district: &District, item: &str) -> bool {
    let mut rows = district.gaps.rows().filter(|row| row.item() == item).peekable();
    rows.peek().is_some() && rows.all(|row| is_evidence(district, row))
}

/// The schools that fall short in an item, worst first.
pub fn lacking(district: &District, item: &str) -> Vec<String> {
    district
        .gaps
        .rows()
        .filter(|row| row.item() == item && row.school_code().is_some())
        .filter(|row| !is_missing(district, *row))
        .map(|row| lacking_row(row, district.words))
        .collect()
}

/// 西湖路小学（小学）2 人; without a number if data are missing.
fn lacking_row(row: gaps::Row, words: &Words) -> String {
    let school = school(row.school_name().unwrap_or_default(), row.section(), words);
    match row.shortfall() {
        Some(shortfall) => {
            let amount = number::needed(Some(shortfall), row.unit(), words);
            // No space after a bracket.
            say(words, "school_amount", &[("school", school), ("amount", amount)]).replace("） ", "）")
        }
        None => school,
    }
}

/// 小学差异系数 0.634，要求 0.50 …: the shortfall of a whole district.
fn of_district(district: &District, row: gaps::Row) -> String {
    let words = district.words;
    let name = row.school_name().unwrap_or_default();
    // A scored item lacks points; its data stand beside the score.
    let item = district.standard.item(row.item()).filter(|item| !matches!(item.rule, Rule::Scored { .. }));
    let checks = || item.into_iter().flat_map(|item| item.checks());
    // An item with several checks names the check; with one, it need not.
    let check = checks()
        .find(|check| check.title.get(words.language) == name)
        .or_else(|| checks().find(|check| district.standard.in_force(&check.only)));
    // 差异系数 has three decimals and its limit two, means have two (表Ⅲ); checks define their own.
    let print = district.standard.print;
    let (decimals, of_required, unit) = match check {
        Some(check) => (check.decimals, check.decimals, words.unit(&check.unit)),
        None if name == words.say("judge.gap_cv") || row.unit() == number::CV => (print.cv, 2, String::new()),
        None => (print.mean, print.mean, String::new()),
    };
    let what = if row.unit() == number::CV { words.say("judge.gap_cv") } else { name.to_string() };
    let what = match (row.section(), what.is_empty(), check) {
        (None, true, Some(check)) => check.title.get(words.language).to_string(),
        (None, ..) => what,
        (Some(section), ..) => {
            say(words, "section_what", &[("section", words.section(section.id())), ("what", what)])
        }
    };
    let printed = |value, decimals| match (number::fixed(value, decimals), unit.as_str()) {
        (number, "") => number,
        (number, "%") => format!("{number}%"),
        (number, unit) => format!("{number} {unit}"),
    };
    match row.shortfall() {
        Some(shortfall) => say(
            words,
            "district_gap",
            &[
                ("what", what),
                ("current", printed(row.current(), decimals)),
                ("required", printed(row.required(), of_required)),
                ("amount", number::needed(Some(shortfall), row.unit(), words)),
            ],
        ),
        None => say(words, "district_missing", &[("what", what)]),
    }
}

/// The departments in the order in which the problems name them; problems without a department come last.
pub fn departments(problems: &[Problem]) -> Vec<Department> {
    let mut found: Vec<Department> = Vec::new();
    let mut nobody = Department { name: None, problems: 0, schools: 0, unmet: 0, missing: 0 };
    let add = |department: &mut Department, problem: &Problem| {
        department.problems += 1;
        department.schools += problem.schools.len();
        match problem.status {
            "unmet" => department.unmet += 1,
            _ => department.missing += 1,
        }
    };
    for problem in problems {
        if problem.departments.is_empty() {
            add(&mut nobody, problem);
        }
        for name in &problem.departments {
            let at = found.iter().position(|known| known.name.as_ref() == Some(name));
            match at.and_then(|at| found.get_mut(at)) {
                Some(known) => add(known, problem),
                None => {
                    let mut new = Department {
                        name: Some(name.clone()),
                        problems: 0,
                        schools: 0,
                        unmet: 0,
                        missing: 0,
                    };
                    add(&mut new, problem);
                    found.push(new);
                }
            }
        }
    }
    found.extend((nobody.problems > 0).then_some(nobody));
    found
}
