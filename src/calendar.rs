//! The dated steps of a year's procedure, computed from the standard's steps and the dates that are known.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use crate::{
    problem::{Place, Problem},
    standard::{Every, MonthDay, Standard, Step, When},
};

#[cfg(test)]
mod tests;

/// A step of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedStep {
    /// Index into the standard's steps.
    pub step: usize,
    pub date: Date,
    /// When it actually ended, where that is known.
    pub ended: Option<NaiveDate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Date {
    /// Not later than this day.
    On(NaiveDate),
    Between(NaiveDate, NaiveDate),
    /// The date depends on the end of another step, which is not known yet. `latest` is the date if that step ends on
    /// the last day that the document allows.
    Open {
        after: usize,
        days: u32,
        latest: Option<NaiveDate>,
    },
    /// It is done every so many years, and not in this one, but in `next`.
    NotDue {
        next: i32,
    },
    /// The document gives no date.
    Unknown,
}

impl DatedStep {
    /// Whether it is done in this year, as far as is known.
    pub fn is_due(&self) -> bool {
        !matches!(self.date, Date::NotDue { .. })
    }

    /// The last day on which it can end: the actual day where it is known, otherwise the last day that the document
    /// allows.
    pub fn end(&self) -> Option<NaiveDate> {
        self.ended.or(match self.date {
            Date::On(day) | Date::Between(_, day) => Some(day),
            Date::Open { latest, .. } => latest,
            Date::NotDue { .. } | Date::Unknown => None,
        })
    }
}

/// The steps of `year`, in the order of the standard. `known` maps the id of a step to the day on which it actually
/// ended.
///
/// A step that depends on another is dated once the actual end of that one is known: "within 14 days of the visit" is
/// counted from the visit, not from the last day on which the visit may take place. Days are calendar days; none of the
/// documents mentions working days.
pub fn steps(standard: &Standard, year: i32, known: &BTreeMap<String, NaiveDate>) -> Vec<DatedStep> {
    let mut steps: Vec<DatedStep> = Vec::new();
    for (index, step) in standard.steps.iter().enumerate() {
        let year = step.year.unwrap_or(year);
        let date = match &step.when {
            _ if let Some(next) = not_due(step, year) => Date::NotDue { next },
            When::By(day) => day.in_year(year).map_or(Date::Unknown, Date::On),
            When::Period { from, until } => match (from.in_year(year), until.in_year(year)) {
                (Some(from), Some(until)) => Date::Between(from, until),
                _ => Date::Unknown,
            },
            When::After { step, days } => after(standard, &steps, step, *days),
            When::Unknown => Date::Unknown,
        };
        steps.push(DatedStep { step: index, date, ended: known.get(&step.id).copied() });
    }
    steps
}

/// The next year in which a step of every so many years is due, if it is not due in `year`.
fn not_due(step: &Step, year: i32) -> Option<i32> {
    let (Some(Every::Years(years)), Some(since)) = (step.every, step.since) else { return None };
    let years = i32::try_from(years).ok().filter(|years| *years > 0)?;
    match (year - since).rem_euclid(years) {
        0 => None,
        over => Some(year + years - over),
    }
}

fn after(standard: &Standard, before: &[DatedStep], id: &str, days: u32) -> Date {
    let found = before.iter().find(|dated| step(standard, dated).is_some_and(|step| step.id == id));
    let Some(first) = found else { return Date::Unknown };
    let later = |day: NaiveDate| day.checked_add_days(Days::new(days.into()));
    match first.ended {
        Some(ended) => later(ended).map_or(Date::Unknown, Date::On),
        None => Date::Open { after: first.step, days, latest: first.end().and_then(later) },
    }
}

/// The step of the standard.
pub fn step<'a>(standard: &'a Standard, dated: &DatedStep) -> Option<&'a Step> {
    standard.steps.get(dated.step)
}

/// The steps that a step depends on, itself first.
pub fn chain(standard: &Standard, step: usize) -> Vec<usize> {
    let mut chain = vec![step];
    // A step only depends on steps before it, so this ends.
    while let Some(When::After { step, .. }) =
        chain.last().and_then(|last| standard.steps.get(*last)).map(|step| &step.when)
        && let Some(above) = standard.steps.iter().position(|other| other.id == *step)
        && !chain.contains(&above)
    {
        chain.push(above);
    }
    chain
}

/// What the user should check: dates given that lie outside the step's own dates or outside the year, and a 29 February
/// in a year without one.
pub fn notes(standard: &Standard, year: i32, steps: &[DatedStep]) -> Vec<Problem> {
    let mut notes = Vec::new();
    for dated in steps {
        let Some(step) = step(standard, dated) else { continue };
        let year = step.year.unwrap_or(year);
        let note = |code: &'static str| Problem::note(code, Place::default()).with("step", &step.id);
        let ends = match step.when {
            When::By(day) => vec![day],
            When::Period { from, until } => vec![from, until],
            When::After { .. } | When::Unknown => vec![],
        };
        let leap = |day: &&MonthDay| NaiveDate::from_ymd_opt(year, day.month, day.day).is_none();
        if let Some(day) = ends.iter().find(leap) {
            let taken = day.in_year(year).map(|day| day.to_string()).unwrap_or_default();
            notes.push(note("calendar_no_29_february").with("year", year).with("taken", taken));
        }
        let Some(ended) = dated.ended else { continue };
        let (first, last) = match dated.date {
            Date::On(day) => (before(steps, standard, dated), Some(day)),
            Date::Between(from, until) => (Some(from), Some(until)),
            Date::Open { latest, .. } => (None, latest),
            Date::NotDue { .. } | Date::Unknown => (None, None),
        };
        if let Some(last) = last.filter(|last| ended > *last) {
            notes.push(note("calendar_known_late").with("found", ended).with("last", last));
        } else if let Some(first) = first.filter(|first| ended < *first) {
            notes.push(note("calendar_known_early").with("found", ended).with("first", first));
        } else if ended.year() != year && last.is_none_or(|last| last.year() != ended.year()) {
            notes.push(note("calendar_known_year").with("found", ended).with("year", year));
        }
    }
    notes
}

/// The end of the step that this one depends on: nothing is due before it.
fn before(steps: &[DatedStep], standard: &Standard, dated: &DatedStep) -> Option<NaiveDate> {
    let above = *chain(standard, dated.step).get(1)?;
    steps.iter().find(|dated| dated.step == above)?.ended
}
