//! Changes the number of pupils while resources stay: measures the last year as it is, and again with other pupils.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use polars::prelude::*;

use super::enrolment::{self, Enrolment};
use crate::{
    dictionary::Section,
    panel::{self, Level, PanelSpec, Resampling, StudyOptions, measured},
    problem::{Place, Problem, Result},
    standard::Standard,
    tables::{
        self, Table, facts, shocks,
        years::{StoredYear, YearSource},
    },
    words::Words,
};

/// The table [`mod@crate::tables::shocks`] of the last year requested, with other pupils and the same resources.
///
/// The fact `students` of every section changes: the denominator of the indicators, the weight of a school in means and
/// CVs, and the key for apportioning the shared resources of combined schools. Everything else remains as reported,
/// including what follows the pupils in time (teachers, classes), other facts that count pupils (随迁子女, 划片范围内学生) and
/// flags about the school's size (乡村小规模学校). A school without pupils afterwards leaves the scope.
///
/// # Errors
/// The store cannot be read; a line names a district or school that does not exist ([`Expected::line`](super::Expected)
/// is the problem's `line`); a rate is below −1; a year is not after the last.
pub fn shocks(
    years: &dyn YearSource,
    standard: &Standard,
    asked: &StudyOptions,
    enrolment: &Enrolment,
    words: &Words,
) -> Result<shocks::Frame> {
    let Some(&last) = measured::years_of(years, asked).last() else {
        return Err(Problem::error("panel_nothing_kept", Place::default()).into());
    };
    let asked = StudyOptions {
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
            // Multiplied step by step, because `powf` differs between platforms.
            let factor =
                (0..to_year.saturating_sub(last).min(1_000)).fold(1.0, |factor, _| factor * (1.0 + rate));
            Change { to_year: *to_year, factor, students: HashMap::new() }
        }
        Enrolment::Given(lines) => given(years, &asked, lines, last)?,
    };
    let wanted = [PanelSpec { level: Level::District, grouping: None }];
    let panel = |years: &dyn YearSource| -> Result<tables::panel::Frame> {
        let found = panel::panel(years, standard, &asked, &wanted, words, &|_, _| {})?;
        Ok(found.panels.into_iter().next().unwrap_or_default())
    };
    let before = panel(years)?;
    let after = panel(&Changed { years, last, change: &change })?;
    Ok(compared(&before, &after, change.to_year))
}

/// The changed pupils of the last year.
struct Change {
    to_year: i32,
    factor: f64,
    /// By district and school as stored, and section; the factor applies to all others.
    students: HashMap<(String, String, Section), f64>,
}

fn given(
    years: &dyn YearSource,
    asked: &StudyOptions,
    lines: &[enrolment::Expected],
    last: i32,
) -> Result<Change> {
    if lines.is_empty() {
        return Err(Problem::error("enrolment_empty", Place::default()).into());
    }
    let columns =
        [facts::column::section, facts::column::school_code, facts::column::students].map(str::to_string);
    let mut kept = Vec::new();
    for one in years.kept().iter().filter(|one| one.of.year == last) {
        let counted = asked.crosswalk.followed(last, &one.of.district_code, &one.district_name)?;
        let facts = years.facts(one, Some(&columns))?;
        let (sections, schools) =
            (facts.column(facts::column::section)?.str()?, facts.column(facts::column::school_code)?.str()?);
        let students = facts.column(facts::column::students)?.f64()?;
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

/// The same years, with other pupils in the last one.
struct Changed<'a> {
    years: &'a dyn YearSource,
    last: i32,
    change: &'a Change,
}

impl YearSource for Changed<'_> {
    fn kept(&self) -> &[StoredYear] {
        self.years.kept()
    }

    fn facts(&self, of: &StoredYear, columns: Option<&[String]>) -> Result<DataFrame> {
        if of.of.year != self.last
            || columns.is_some_and(|names| !names.iter().any(|name| name == facts::column::students))
        {
            return self.years.facts(of, columns);
        }
        let with_keys = columns.map(|names| {
            let mut names = names.to_vec();
            for key in [facts::column::section, facts::column::school_code] {
                if !names.iter().any(|name| name == key) {
                    names.push(key.to_string());
                }
            }
            names
        });
        let mut facts = self.years.facts(of, with_keys.as_deref())?;
        let (sections, schools) =
            (facts.column(facts::column::section)?.str()?, facts.column(facts::column::school_code)?.str()?);
        let students = facts.column(facts::column::students)?.f64()?;
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
        facts.with_column(Column::new(facts::column::students.into(), changed))?;
        match columns {
            Some(names) => Ok(facts.select(names.iter().map(String::as_str))?),
            None => Ok(facts),
        }
    }

    fn table(&self, of: &StoredYear, table: &Table) -> Result<DataFrame> {
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

/// District, section and the position of its indicator in the panel.
type Key = (String, Section, usize);

fn lines(panel: &tables::panel::Frame, order: &mut Vec<String>) -> BTreeMap<Key, Line> {
    let mut lines = BTreeMap::new();
    for row in panel.rows() {
        let at = order.iter().position(|known| known == row.indicator()).unwrap_or_else(|| {
            order.push(row.indicator().to_string());
            order.len() - 1
        });
        let schools_at_threshold = row.schools_at_threshold();
        let line = Line {
            name: Some(row.district_name().to_string()),
            year: Some(row.year()),
            students: row.students(),
            mean: row.mean(),
            cv: row.cv(),
            schools: Some(row.schools()),
            // A share of the schools: the number of schools is whole.
            schools_met: schools_at_threshold.map(|share| (share * row.schools() as f64).round() as i64),
            threshold: row.threshold(),
            limit: row.limit(),
            met: row.met(),
        };
        lines.insert((row.district_code().to_string(), row.section(), at), line);
    }
    lines
}

/// `None` if one side is unknown.
fn warning(before: Option<bool>, after: Option<bool>) -> Option<&'static str> {
    before.zip(after).map(|both| match both {
        (true, false) => "crosses",
        (false, true) => "recovers",
        (false, false) => "stays_unmet",
        (true, true) => "none",
    })
}

fn compared(before: &tables::panel::Frame, after: &tables::panel::Frame, to_year: i32) -> shocks::Frame {
    let mut order = Vec::new();
    let mut first = lines(before, &mut order);
    let mut then = lines(after, &mut order);
    let keys: BTreeSet<Key> = first.keys().chain(then.keys()).cloned().collect();
    // Without pupils and schools before or afterwards.
    let nobody = || Line { students: Some(0.0), schools: Some(0), ..Line::default() };
    let mut table = shocks::Builder::new(keys.len());
    for key in keys {
        let a = first.remove(&key).unwrap_or_else(nobody);
        let b = then.remove(&key).unwrap_or_else(nobody);
        let (code, section, indicator) = &key;
        table.push(shocks::Values {
            level: Level::District.id(),
            district_code: code,
            district_name: a.name.as_deref().or(b.name.as_deref()),
            year: a.year.or(b.year),
            section: Some(*section),
            indicator: order.get(*indicator).map(String::as_str),
            to_year,
            students_before: a.students,
            students_after: b.students,
            mean_before: a.mean,
            mean_after: b.mean,
            cv_before: a.cv,
            cv_after: b.cv,
            schools: b.schools,
            schools_met_before: a.schools_met,
            schools_met_after: b.schools_met,
            threshold: a.threshold.or(b.threshold),
            limit: a.limit.or(b.limit),
            warning: warning(a.met, b.met),
            mean_warning: warning(a.mean_met(), b.mean_met()),
        });
    }
    table.finish()
}
