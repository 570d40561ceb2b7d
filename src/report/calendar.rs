//! The calendar as people read it: one line per step, for the screen and as CSV; and as an .ics file that calendar
//! programs open.

mod ics;

use chrono::{Datelike, NaiveDate};

pub use ics::{BEGINS, ics};

use crate::{
    calendar::{self, Date, DatedStep},
    standard::{Every, Standard, Step, StepKind, When},
    tables::calendar as written,
    words::Words,
};

/// A step in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: String,
    pub title: String,
    /// Its date in short: `2026-03-01 前`, `未定，最迟 2026-05-14`.
    pub date: String,
    /// The same as a sentence that says what the date depends on.
    pub when: String,
    /// The kind of the step, and how often it is done, where the standard says so.
    pub kind: &'static str,
    pub every: String,
    pub actor: String,
    pub due: String,
    /// The document's words, its clause, and what the standard notes.
    pub said: String,
    pub clause: String,
    pub note: String,
}

/// The steps in words, in their order.
pub fn lines(standard: &Standard, steps: &[DatedStep], words: &Words) -> Vec<Line> {
    let language = words.language;
    let line = |dated: &DatedStep| {
        let step = calendar::step(standard, dated)?;
        Some(Line {
            id: step.id.clone(),
            title: step.title.get(language).to_string(),
            date: short(step, dated, words),
            when: sentence(standard, step, dated, steps, words),
            kind: step.kind.map_or("", StepKind::id),
            every: every(step, words),
            actor: step.actor.get(language).to_string(),
            due: step.due.get(language).to_string(),
            said: step.said.clone(),
            clause: step.clause.clone(),
            note: step.note.as_ref().map_or("", |note| note.get(language)).to_string(),
        })
    };
    steps.iter().filter_map(line).collect()
}

/// The kind of date that a step has, for the column `state`.
fn state(dated: &DatedStep) -> &'static str {
    match dated.date {
        Date::On(_) => "deadline",
        Date::Between(..) => "period",
        Date::Open { .. } => "open",
        Date::NotDue { .. } => "not_due",
        Date::Unknown => "unknown",
    }
}

fn short(step: &Step, dated: &DatedStep, words: &Words) -> String {
    let say = |key: &str, args: &[(&str, String)]| words.fill(&format!("calendar.short.{key}"), args);
    let said = match (&dated.date, &step.when) {
        (Date::On(day), When::By(_)) => say("by", &[("day", day.to_string())]),
        (Date::On(day), _) => say("within", &[("day", day.to_string())]),
        (Date::Between(day, until), _) if day == until => say("on", &[("day", day.to_string())]),
        (Date::Between(from, until), _) => {
            say("period", &[("from", from.to_string()), ("until", until.to_string())])
        }
        (Date::Open { latest: Some(latest), .. }, _) => say("latest", &[("day", latest.to_string())]),
        (Date::Open { latest: None, .. }, _) => say("open", &[]),
        (Date::NotDue { next }, _) => say("not_due", &[("next", next.to_string())]),
        (Date::Unknown, _) => say("unknown", &[]),
    };
    repeated(step, said, words)
}

/// The date with how often the step is done: 每学期，文件未规定日期.
fn repeated(step: &Step, date: String, words: &Words) -> String {
    match every(step, words) {
        every if every.is_empty() => date,
        every => words.fill("calendar.every_on", &[("every", every), ("date", date)]),
    }
}

/// How often a step is done, if the document says more than once a year or less: 每学期.
fn every(step: &Step, words: &Words) -> String {
    match step.every {
        None | Some(Every::Years(1)) => String::new(),
        Some(Every::Years(years)) => words.fill("calendar.every.years", &[("n", years.to_string())]),
        Some(Every::Within(interval)) => words.say(&format!("calendar.every.{}", interval.id())),
    }
}

fn sentence(
    standard: &Standard,
    step: &Step,
    dated: &DatedStep,
    steps: &[DatedStep],
    words: &Words,
) -> String {
    let say = |key: &str, args: &[(&str, String)]| words.fill(&format!("calendar.when.{key}"), args);
    // The step it depends on, and the number of days.
    let above = match &step.when {
        When::After { step, days } => standard
            .steps
            .iter()
            .position(|other| other.id == *step)
            .and_then(|index| Some((standard.steps.get(index)?, steps.get(index)?, *days))),
        _ => None,
    };
    let said = match (&dated.date, above) {
        (Date::On(day), Some((first, first_step, n))) => {
            let args = [
                ("first", first.title.get(words.language).to_string()),
                ("days", days(n, words)),
                ("ended", first_step.ended.map_or_else(String::new, |day| date(day, words))),
                ("day", date(*day, words)),
            ];
            say("within", &args)
        }
        (Date::On(day), None) => say("by", &[("day", date(*day, words))]),
        (Date::Between(day, until), _) if day == until => say("on", &[("day", date(*day, words))]),
        (Date::Between(from, until), _) => {
            say("period", &[("from", date(*from, words)), ("until", date(*until, words))])
        }
        (Date::Open { latest, .. }, above) => {
            let (title, end, n) = above
                .map_or(("", None, 0), |(first, dated, n)| (first.title.get(words.language), dated.end(), n));
            let mut args = vec![("first", title.to_string()), ("days", days(n, words))];
            match (latest, end) {
                (Some(latest), Some(end)) => {
                    args.extend([("end", date(end, words)), ("day", date(*latest, words))]);
                    say("latest", &args)
                }
                _ => say("open", &args),
            }
        }
        (Date::NotDue { next }, _) => say("not_due", &[("next", next.to_string())]),
        (Date::Unknown, _) => say("unknown", &[]),
    };
    let said = repeated(step, said, words);
    match dated.ended {
        Some(ended) => say("ended", &[("when", said), ("day", date(ended, words))]),
        None => said,
    }
}

/// Always with the year.
fn date(day: NaiveDate, words: &Words) -> String {
    let month = words.say(&format!("calendar.month.{}", day.month()));
    let args = [("year", day.year().to_string()), ("month", month), ("day", day.day().to_string())];
    words.fill("calendar.date", &args)
}

fn days(days: u32, words: &Words) -> String {
    words.fill(if days == 1 { "calendar.day" } else { "calendar.days" }, &[("n", days.to_string())])
}

/// One row per step. A deadline stands in `until`, the last day of a step whose own date is not known in `latest`.
pub fn table(standard: &Standard, steps: &[DatedStep], words: &Words) -> written::Frame {
    let lines = lines(standard, steps, words);
    let mut table = written::Builder::new(lines.len());
    for (line, dated) in lines.iter().zip(steps) {
        let (from, until, latest) = match dated.date {
            Date::On(day) => (None, Some(day), None),
            Date::Between(from, until) => (Some(from), Some(until), None),
            Date::Open { latest, .. } => (None, None, latest),
            Date::NotDue { .. } | Date::Unknown => (None, None, None),
        };
        let [from, until, latest, ended] =
            [from, until, latest, dated.ended].map(|day| day.map(|day| day.to_string()));
        table.push(written::Values {
            step: &line.id,
            title: &line.title,
            kind: line.kind,
            state: state(dated),
            every: &line.every,
            from: from.as_deref(),
            until: until.as_deref(),
            latest: latest.as_deref(),
            ended: ended.as_deref(),
            when: &line.when,
            actor: &line.actor,
            due: &line.due,
            said: &line.said,
            clause: &line.clause,
            note: &line.note,
        });
    }
    table.finish()
}
