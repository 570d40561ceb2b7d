//! The change of enrolment: a rate, or the lines of a file distributed over schools.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::{
    dictionary::Section,
    nearest::nearest,
    problem::{Error, Place, Problem, Result},
};

/// How the number of pupils changes.
#[derive(Debug, Clone)]
pub enum Enrolment {
    /// The same yearly rate everywhere, such as −0.03, until that year.
    Rate { rate: f64, to_year: i32 },
    /// Read from a file.
    Given(Vec<Expected>),
}

/// A line of the enrolment file: a district, section or school, and its pupils (or their change) in a year.
#[derive(Debug, Clone, PartialEq)]
pub struct Expected {
    pub district_code: String,
    pub section: Option<Section>,
    pub school_code: Option<String>,
    pub year: i32,
    /// The number of pupils, or a factor on that of the last year.
    pub students: Option<f64>,
    pub factor: Option<f64>,
    pub line: usize,
}

/// A section as it is stored in the last year.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Kept {
    /// The district's code in the store, and its code after the crosswalk.
    pub kept_code: String,
    pub district_code: String,
    pub school_code: String,
    pub section: Section,
    /// `None` if unknown; it then remains unknown.
    pub students: Option<f64>,
}

/// District, section, school.
type Scope<'a> = (&'a str, Option<Section>, Option<&'a str>);

impl Expected {
    fn scope(&self) -> Scope<'_> {
        (&self.district_code, self.section, self.school_code.as_deref())
    }

    /// The narrowest scope comes first: a school's section, a school, a district's section, a district.
    fn breadth(&self) -> usize {
        2 * usize::from(self.school_code.is_none()) + usize::from(self.section.is_none())
    }

    fn covers(&self, one: &Kept) -> bool {
        (self.district_code == one.district_code || self.district_code == one.kept_code)
            && self.section.is_none_or(|section| section == one.section)
            && self.school_code.as_ref().is_none_or(|school| *school == one.school_code)
    }

    fn problem(&self, code: &'static str) -> Problem {
        Problem::error(code, Place::default()).with("line", self.line)
    }
}

/// The pupils after the change, one entry per entry of `kept`, and their year.
///
/// If a scope has lines for several years, the latest applies. Narrower scopes come first: the pupils of a broader
/// line, minus those of the narrower lines within it, are distributed over the remaining sections in proportion to
/// their pupils; a factor only applies to sections without a narrower line. Numbers are not rounded.
///
/// # Errors
/// A line names something that is not stored, a year that is not after `last`, the same scope and year as another line,
/// or fewer pupils than the narrower lines within it.
pub(super) fn spread(kept: &[Kept], lines: &[Expected], last: i32) -> Result<(i32, Vec<Option<f64>>)> {
    let mut problems = Vec::new();
    let to_year = lines.iter().map(|line| line.year).max().unwrap_or(last);
    let mut latest: BTreeMap<Scope<'_>, &Expected> = BTreeMap::new();
    let mut seen: HashMap<(Scope<'_>, i32), &Expected> = HashMap::new();
    for line in lines {
        problems.extend(wrong(line, kept, last));
        if let Some(first) = seen.insert((line.scope(), line.year), line)
            && (first.students, first.factor) != (line.students, line.factor)
        {
            problems.push(line.problem("enrolment_twice").with("first", first.line));
        }
        let entry = latest.entry(line.scope()).or_insert(line);
        if line.year > entry.year {
            *entry = line;
        }
    }
    if !problems.is_empty() {
        return Err(Error::Input(problems));
    }
    let mut used: Vec<&Expected> = latest.into_values().collect();
    used.sort_by_key(|line| (line.breadth(), line.line));
    let mut after: Vec<Option<f64>> = vec![None; kept.len()];
    for line in used {
        let rows: Vec<usize> =
            (0..kept.len()).filter(|&at| line.covers(&kept[at]) && kept[at].students.is_some()).collect();
        let open: Vec<usize> = rows.iter().copied().filter(|&at| after[at].is_none()).collect();
        let before = |at: usize| kept[at].students.unwrap_or(0.0);
        let factor = match (line.factor, line.students) {
            (Some(factor), _) => factor,
            (None, Some(students)) => {
                let taken: f64 = rows.iter().filter_map(|&at| after[at]).sum();
                let rest = students - taken;
                let there: f64 = open.iter().map(|&at| before(at)).sum();
                let near = 1e-9 * students.max(1.0);
                if rest < -near || (there <= 0.0 && rest > near) {
                    let code = if rest < 0.0 { "enrolment_too_few" } else { "enrolment_nobody" };
                    problems.push(line.problem(code).with("found", students).with("taken", taken));
                    continue;
                }
                if there > 0.0 { rest.max(0.0) / there } else { 1.0 }
            }
            (None, None) => 1.0,
        };
        open.iter().for_each(|&at| after[at] = Some(before(at) * factor));
    }
    if !problems.is_empty() {
        return Err(Error::Input(problems));
    }
    Ok((to_year, after.into_iter().zip(kept).map(|(after, kept)| after.or(kept.students)).collect()))
}

/// The problem of a line that names something nonexistent or impossible.
fn wrong(line: &Expected, kept: &[Kept], last: i32) -> Option<Problem> {
    let of_district: Vec<&Kept> = kept
        .iter()
        .filter(|one| one.district_code == line.district_code || one.kept_code == line.district_code)
        .collect();
    let number = line.students.or(line.factor);
    if line.students.is_some() && line.factor.is_some() {
        return Some(line.problem("enrolment_both"));
    }
    let Some(number) = number else { return Some(line.problem("enrolment_neither")) };
    if !number.is_finite() || number < 0.0 {
        return Some(line.problem("enrolment_negative").with("found", number));
    }
    if line.year <= last {
        return Some(line.problem("enrolment_past").with("found", line.year).with("last", last));
    }
    if of_district.is_empty() {
        let known: BTreeSet<&str> = kept.iter().map(|one| one.district_code.as_str()).collect();
        return Some(
            line.problem("enrolment_no_district")
                .with("found", &line.district_code)
                .with("last", last)
                .with("nearest", shown(nearest(&line.district_code, known))),
        );
    }
    let district = &line.district_code;
    if let Some(school) = &line.school_code
        && !of_district.iter().any(|one| one.school_code == *school)
    {
        let known: BTreeSet<&str> = of_district.iter().map(|one| one.school_code.as_str()).collect();
        return Some(
            line.problem("enrolment_no_school")
                .with("found", school)
                .with("district", district)
                .with("nearest", shown(nearest(school, known))),
        );
    }
    if let Some(section) = line.section
        && !kept.iter().any(|one| line.covers(one))
    {
        return Some(
            line.problem("enrolment_no_section").with("found", section.label_zh()).with("district", district),
        );
    }
    None
}

fn shown(nearest: Vec<&str>) -> String {
    if nearest.is_empty() { "—".into() } else { nearest.join("、") }
}
