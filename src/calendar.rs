//! The dated steps of a year's procedure, computed from the standard's calendar and the dates that are known.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use crate::{
    problem::{Place, Problem},
    standard::{Event, MonthDay, Standard, When},
};

#[cfg(test)]
mod tests;

/// A step of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Index into the standard's calendar.
    pub event: usize,
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
    /// The document gives no date.
    Unknown,
}

impl Step {
    /// The last day on which it can end: the actual day where it is known, otherwise the last day that the document
    /// allows.
    pub fn end(&self) -> Option<NaiveDate> {
        self.ended.or(match self.date {
            Date::On(day) | Date::Between(_, day) => Some(day),
            Date::Open { latest, .. } => latest,
            Date::Unknown => None,
        })
    }
}

/// The steps of `year`, in the order of the standard. `known` maps the id of a step to the day on which it actually
/// ended.
///
/// A step that depends on another is dated once the actual end of that one is known: "within 14 days of the visit" is
/// counted from the visit, not from the last day on which the visit may take place. Days are calendar days; none of the
/// documents mentions working days.
pub fn steps(standard: &Standard, year: i32, known: &BTreeMap<String, NaiveDate>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (index, event) in standard.calendar.iter().enumerate() {
        let date = match &event.when {
            When::By(day) => day_of(*day, year).map_or(Date::Unknown, Date::On),
            When::Period { from, until } => match (day_of(*from, year), day_of(*until, year)) {
                (Some(from), Some(until)) => Date::Between(from, until),
                _ => Date::Unknown,
            },
            When::After { event, days } => after(standard, &steps, event, *days),
            When::Unknown => Date::Unknown,
        };
        steps.push(Step { event: index, date, ended: known.get(&event.id).copied() });
    }
    steps
}

fn after(standard: &Standard, before: &[Step], id: &str, days: u32) -> Date {
    let found = before.iter().find(|step| event(standard, step).is_some_and(|event| event.id == id));
    let Some(first) = found else { return Date::Unknown };
    let later = |day: NaiveDate| day.checked_add_days(Days::new(days.into()));
    match first.ended {
        Some(ended) => later(ended).map_or(Date::Unknown, Date::On),
        None => Date::Open { after: first.event, days, latest: first.end().and_then(later) },
    }
}

/// The event of the standard that a step belongs to.
pub fn event<'a>(standard: &'a Standard, step: &Step) -> Option<&'a Event> {
    standard.calendar.get(step.event)
}

/// 29 February becomes the 28th in a year without one.
fn day_of(day: MonthDay, year: i32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, day.month, day.day)
        .or_else(|| NaiveDate::from_ymd_opt(year, day.month, day.day.checked_sub(1)?))
}

/// The steps that an event depends on, itself first.
pub fn chain(standard: &Standard, event: usize) -> Vec<usize> {
    let mut chain = vec![event];
    // A step only depends on steps before it, so this ends.
    while let Some(When::After { event, .. }) =
        chain.last().and_then(|last| standard.calendar.get(*last)).map(|event| &event.when)
        && let Some(above) = standard.calendar.iter().position(|other| other.id == *event)
        && !chain.contains(&above)
    {
        chain.push(above);
    }
    chain
}

/// What the user should check: dates given that lie outside the step's own dates or outside the year, and a 29 February
/// in a year without one.
pub fn notes(standard: &Standard, year: i32, steps: &[Step]) -> Vec<Problem> {
    let mut notes = Vec::new();
    for step in steps {
        let Some(event) = event(standard, step) else { continue };
        let note = |code: &'static str| Problem::note(code, Place::default()).with("step", &event.id);
        let ends = match event.when {
            When::By(day) => vec![day],
            When::Period { from, until } => vec![from, until],
            When::After { .. } | When::Unknown => vec![],
        };
        let leap = |day: &&MonthDay| NaiveDate::from_ymd_opt(year, day.month, day.day).is_none();
        if let Some(day) = ends.iter().find(leap) {
            let taken = day_of(*day, year).map(|day| day.to_string()).unwrap_or_default();
            notes.push(note("calendar_no_29_february").with("year", year).with("taken", taken));
        }
        let Some(ended) = step.ended else { continue };
        let (first, last) = match step.date {
            Date::On(day) => (before(steps, standard, step), Some(day)),
            Date::Between(from, until) => (Some(from), Some(until)),
            Date::Open { latest, .. } => (None, latest),
            Date::Unknown => (None, None),
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
fn before(steps: &[Step], standard: &Standard, step: &Step) -> Option<NaiveDate> {
    let above = *chain(standard, step.event).get(1)?;
    steps.iter().find(|step| step.event == above)?.ended
}
