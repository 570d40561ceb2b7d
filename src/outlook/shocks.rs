//! Pupils change, resources stay: the last year measured once as it is and once with other pupils.

use std::collections::{BTreeMap, HashMap};

use polars::prelude::*;

use super::enrolment::{self, Enrolment};
use crate::{
    dictionary::Section,
    panel::{self, Asked, Level, Resampling, Wanted, measured},
    problem::{Place, Problem, Result},
    standard::Standard,
    tables::{
        self, Table,
        years::{Kept, Years},
    },
    words::Words,
};

/// [`crate::tables::years::shocks`] on the last year asked for: pupils change, resources stay.
///
/// What changes is the fact `students` of every section: the denominator of the indicators, the weight of a school in
/// means and CVs, and the key by which combined schools' shared resources are apportioned. Everything else stays as
/// it is reported, also what follows pupils in time (teachers, classes), other facts that count pupils (随迁子女, 划片范围内学生)
/// and what a school says of its own size (乡村小规模学校). A school without pupils afterwards leaves the scope.
///
/// # Errors
/// The disk; a line speaks of a district or school that is not there ([`Expected::line`](super::Expected) is the problem's
/// `line`); a rate below −1, or a year that is not after the last.
pub fn shocks(
    years: &dyn Years,
    standard: &Standard,
    asked: &Asked,
    enrolment: &Enrolment,
    words: &Words,
) -> Result<DataFrame> {
    let Some(&last) = measured::years_of(years, asked).last() else {
        return Err(Problem::error("panel_nothing_kept", Place::default()).into());
    };
    let asked = Asked {
        years: Some((last, last)),
        resampling: Resampling { replicates: 0, ..asked.resampling },
        ..asked.clone()
    };
    let change = match enrolment {
        Enrolment::Rate { rate, to_year } => {
            if !rate.is_finite() || *rate < -1.0 {
                return Err(Problem::error("enrolment_rate", Place::default()).with("found", rate).into());
            }
            if *to_year <= last {
                return Err(Problem::error("outlook_to", Place::default())
                    .with("found", to_year)
                    .with("last", last)
                    .into());
            }
            // Multiplied out: powers differ among the platforms' libraries.
            let factor =
                (0..to_year.saturating_sub(last).min(1_000)).fold(1.0, |factor, _| factor * (1.0 + rate));
            Change { to_year: *to_year, factor, students: HashMap::new() }
        }
        Enrolment::Given(lines) => given(years, &asked, lines, last)?,
    };
    let wanted = [Wanted { level: Level::District, grouping: None }];
    let panel = |years: &dyn Years| -> Result<DataFrame> {
        let found = panel::panel(years, standard, &asked, &wanted, words, &|_, _| {})?;
        Ok(found.panels.into_iter().next().unwrap_or_else(|| tables::panel::table().empty()))
    };
    let before = panel(years)?;
    let after = panel(&Changed { years, last, change: &change })?;
    compared(&before, &after, change.to_year)
}

/// Pupils of the last year, changed.
struct Change {
    to_year: i32,
    factor: f64,
    /// By district and school as they are kept, and section; the factor where there is none.
    students: HashMap<(String, String, Section), f64>,
}

fn given(years: &dyn Years, asked: &Asked, lines: &[enrolment::Expected], last: i32) -> Result<Change> {
    if lines.is_empty() {
        return Err(Problem::error("enrolment_empty", Place::default()).into());
    }
    let columns = ["section", "school_code", "students"].map(str::to_string);
    let mut kept = Vec::new();
    for one in years.kept().iter().filter(|one| one.of.year == last) {
        let counted = asked.crosswalk.followed(last, &one.of.district_code, &one.district_name)?;
        let facts = years.facts(one, Some(&columns))?;
        let (sections, schools) = (facts.column("section")?.str()?, facts.column("school_code")?.str()?);
        let students = facts.column("students")?.f64()?;
        for row in 0..facts.height() {
            let Some(section) = sections.get(row).and_then(Section::from_id) else { continue };
            kept.push(enrolment::Kept {
                kept_code: one.of.district_code.clone(),
                district_code: counted.code.clone(),
                school_code: schools.get(row).unwrap_or_default().to_string(),
                section,
                students: students.get(row),
            });
        }
    }
    let (to_year, after) = enrolment::spread(&kept, lines, last)?;
    let changed = kept.into_iter().zip(after);
    let students = changed
        .filter(|(one, after)| one.students != *after)
        .filter_map(|(one, after)| Some(((one.kept_code, one.school_code, one.section), after?)))
        .collect();
    Ok(Change { to_year, factor: 1.0, students })
}

/// The same years, with other pupils in the last.
struct Changed<'a> {
    years: &'a dyn Years,
    last: i32,
    change: &'a Change,
}

impl Years for Changed<'_> {
    fn kept(&self) -> &[Kept] {
        self.years.kept()
    }

    fn facts(&self, of: &Kept, columns: Option<&[String]>) -> Result<DataFrame> {
        if of.of.year != self.last
            || columns.is_some_and(|names| !names.iter().any(|name| name == "students"))
        {
            return self.years.facts(of, columns);
        }
        let with_keys = columns.map(|names| {
            let mut names = names.to_vec();
            for key in ["section", "school_code"] {
                if !names.iter().any(|name| name == key) {
                    names.push(key.to_string());
                }
            }
            names
        });
        let mut facts = self.years.facts(of, with_keys.as_deref())?;
        let (sections, schools) = (facts.column("section")?.str()?, facts.column("school_code")?.str()?);
        let students = facts.column("students")?.f64()?;
        let changed: Vec<Option<f64>> = (0..facts.height())
            .map(|row| {
                let before = students.get(row)?;
                let own = sections.get(row).and_then(Section::from_id).and_then(|section| {
                    let school = schools.get(row).unwrap_or_default().to_string();
                    self.change.students.get(&(of.of.district_code.clone(), school, section))
                });
                Some(own.copied().unwrap_or(before * self.change.factor))
            })
            .collect();
        facts.with_column(Column::new("students".into(), changed))?;
        match columns {
            Some(names) => Ok(facts.select(names.iter().map(String::as_str))?),
            None => Ok(facts),
        }
    }

    fn table(&self, of: &Kept, table: &Table) -> Result<DataFrame> {
        self.years.table(of, table)
    }
}

/// A row of a panel of districts.
#[derive(Default, Clone)]
struct Line {
    name: Option<String>,
    year: Option<i32>,
    students: Option<f64>,
    mean: Option<f64>,
    cv: Option<f64>,
    schools: Option<i64>,
    schools_met: Option<i64>,
    threshold: Option<f64>,
    limit: Option<f64>,
    met: Option<bool>,
}

impl Line {
    fn mean_met(&self) -> Option<bool> {
        self.mean.zip(self.threshold).map(|(mean, threshold)| mean >= threshold)
    }
}

/// District, section and where its indicator stands in the panel.
type Key = (String, String, usize);

/// As it is, and with other pupils.
type Sides = (Key, Line, Line);

fn lines(panel: &DataFrame, order: &mut Vec<String>) -> Result<BTreeMap<Key, Line>> {
    let text = |name: &str| -> PolarsResult<StringChunked> { Ok(panel.column(name)?.str()?.clone()) };
    let number = |name: &str| -> PolarsResult<Float64Chunked> { Ok(panel.column(name)?.f64()?.clone()) };
    let (code, name, section, indicator) =
        (text("district_code")?, text("district_name")?, text("section")?, text("indicator")?);
    let (students, mean, cv) = (number("students")?, number("mean")?, number("cv")?);
    let (share, threshold, limit) = (number("schools_at_threshold")?, number("threshold")?, number("limit")?);
    let (year, met) = (panel.column("year")?.i32()?.clone(), panel.column("met")?.bool()?.clone());
    let schools = panel.column("schools")?.i64()?.clone();
    let mut lines = BTreeMap::new();
    for row in 0..panel.height() {
        let own = |text: &StringChunked| text.get(row).unwrap_or_default().to_string();
        let id = own(&indicator);
        let at = order.iter().position(|known| *known == id).unwrap_or_else(|| {
            order.push(id);
            order.len() - 1
        });
        let known = |values: &Float64Chunked| values.get(row).filter(|value| value.is_finite());
        let count = schools.get(row);
        let line = Line {
            name: name.get(row).map(str::to_string),
            year: year.get(row),
            students: known(&students),
            mean: known(&mean),
            cv: known(&cv),
            schools: count,
            // A share of so many schools: a whole number of them.
            schools_met: known(&share).zip(count).map(|(share, count)| (share * count as f64).round() as i64),
            threshold: known(&threshold),
            limit: known(&limit),
            met: met.get(row),
        };
        lines.insert((own(&code), own(&section), at), line);
    }
    Ok(lines)
}

/// `None` where one side is not known.
fn warning(before: Option<bool>, after: Option<bool>) -> Option<&'static str> {
    before.zip(after).map(|both| match both {
        (true, false) => "crosses",
        (false, true) => "recovers",
        (false, false) => "stays_unmet",
        (true, true) => "none",
    })
}

fn compared(before: &DataFrame, after: &DataFrame, to_year: i32) -> Result<DataFrame> {
    let mut order = Vec::new();
    let mut first = lines(before, &mut order)?;
    let mut then = lines(after, &mut order)?;
    let mut keys: Vec<Key> = first.keys().chain(then.keys()).cloned().collect();
    let rank = |section: &str| Section::ALL.iter().position(|one| one.id() == section);
    keys.sort_by(|a, b| (&a.0, rank(&a.1), a.2).cmp(&(&b.0, rank(&b.1), b.2)));
    keys.dedup();
    let rows: Vec<Sides> = keys
        .into_iter()
        .map(|key| {
            // Nobody before or afterwards: no pupils, no schools.
            let nobody = Line { students: Some(0.0), schools: Some(0), ..Line::default() };
            let before = first.remove(&key).unwrap_or_else(|| nobody.clone());
            let after = then.remove(&key).unwrap_or(nobody);
            (key, before, after)
        })
        .collect();
    let number = |name: &str, of: &dyn Fn(&Line, &Line) -> Option<f64>| {
        Column::new(name.into(), rows.iter().map(|(_, a, b)| of(a, b)).collect::<Vec<Option<f64>>>())
    };
    let count = |name: &str, of: &dyn Fn(&Line, &Line) -> Option<i64>| {
        Column::new(name.into(), rows.iter().map(|(_, a, b)| of(a, b)).collect::<Vec<Option<i64>>>())
    };
    let text = |name: &str, of: &dyn Fn(&Sides) -> Option<String>| {
        Column::new(name.into(), rows.iter().map(of).collect::<Vec<Option<String>>>())
    };
    let warned = |name: &str, of: &dyn Fn(&Line) -> Option<bool>| {
        let said = rows.iter().map(|(_, a, b)| warning(of(a), of(b)));
        Column::new(name.into(), said.collect::<Vec<Option<&str>>>())
    };
    let year: Vec<Option<i32>> = rows.iter().map(|(_, a, b)| a.year.or(b.year)).collect();
    let columns = vec![
        text("level", &|_| Some("district".into())),
        text("district_code", &|(key, ..)| Some(key.0.clone())),
        text("district_name", &|(_, a, b)| a.name.clone().or(b.name.clone())),
        Column::new("year".into(), year),
        text("section", &|(key, ..)| Some(key.1.clone())),
        text("indicator", &|(key, ..)| order.get(key.2).cloned()),
        Column::new("to_year".into(), vec![to_year; rows.len()]),
        number("students_before", &|a, _| a.students),
        number("students_after", &|_, b| b.students),
        number("mean_before", &|a, _| a.mean),
        number("mean_after", &|_, b| b.mean),
        number("cv_before", &|a, _| a.cv),
        number("cv_after", &|_, b| b.cv),
        count("schools", &|_, b| b.schools),
        count("schools_met_before", &|a, _| a.schools_met),
        count("schools_met_after", &|_, b| b.schools_met),
        number("threshold", &|a, b| a.threshold.or(b.threshold)),
        number("limit", &|a, b| a.limit.or(b.limit)),
        warned("warning", &|line| line.met),
        warned("mean_warning", &Line::mean_met),
    ];
    let frame = DataFrame::new(rows.len(), columns)?;
    tables::shocks::table().check(&frame)?;
    Ok(frame)
}
