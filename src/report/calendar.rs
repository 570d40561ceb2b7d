//! The calendar as people read it: a line a step, for the screen and as CSV; and as an .ics file that calendar
//! programs open.

mod ics;

use chrono::{Datelike, NaiveDate};
use polars::prelude::{DataFrame, df};

pub use ics::{BEGINS, ics};

use crate::{
    calendar::{self, Date, Step},
    problem::Result,
    standard::{Event, Standard, When},
    words::Words,
};

/// A step in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub id: String,
    pub title: String,
    /// Its date in a few words: `2026-03-01 前`, `未定，最迟 2026-05-14`.
    pub date: String,
    /// The same as a sentence that says what the date hangs on.
    pub when: String,
    pub actor: String,
    pub due: String,
    /// The document's words, its clause, and what the standard notes.
    pub said: String,
    pub clause: String,
    pub note: String,
}

/// The steps in words, in their order.
pub fn lines(standard: &Standard, steps: &[Step], words: &Words) -> Vec<Line> {
    let language = words.language;
    let line = |step: &Step| {
        let event = calendar::event(standard, step)?;
        Some(Line {
            id: event.id.clone(),
            title: event.title.get(language).to_string(),
            date: short(event, step, words),
            when: sentence(standard, event, step, steps, words),
            actor: event.actor.get(language).to_string(),
            due: event.due.get(language).to_string(),
            said: event.said.clone(),
            clause: event.clause.clone(),
            note: event.note.as_ref().map_or("", |note| note.get(language)).to_string(),
        })
    };
    steps.iter().filter_map(line).collect()
}

/// What kind of date a step has, as the column `state` says it.
fn state(step: &Step) -> &'static str {
    match step.date {
        Date::On(_) => "deadline",
        Date::Between(..) => "period",
        Date::Open { .. } => "open",
        Date::Unknown => "unknown",
    }
}

fn short(event: &Event, step: &Step, words: &Words) -> String {
    let say = |key: &str, args: &[(&str, String)]| words.text(&format!("calendar.short.{key}"), args);
    match (&step.date, &event.when) {
        (Date::On(day), When::By(_)) => say("by", &[("day", day.to_string())]),
        (Date::On(day), _) => say("within", &[("day", day.to_string())]),
        (Date::Between(from, until), _) => {
            say("period", &[("from", from.to_string()), ("until", until.to_string())])
        }
        (Date::Open { latest: Some(latest), .. }, _) => say("latest", &[("day", latest.to_string())]),
        (Date::Open { latest: None, .. }, _) => say("open", &[]),
        (Date::Unknown, _) => say("unknown", &[]),
    }
}

fn sentence(standard: &Standard, event: &Event, step: &Step, steps: &[Step], words: &Words) -> String {
    let say = |key: &str, args: &[(&str, String)]| words.text(&format!("calendar.when.{key}"), args);
    // The step it hangs on, and how many days.
    let above = match &event.when {
        When::After { event, days } => standard
            .calendar
            .iter()
            .position(|other| other.id == *event)
            .and_then(|index| Some((standard.calendar.get(index)?, steps.get(index)?, *days))),
        _ => None,
    };
    let said = match (&step.date, above) {
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
        (Date::Between(from, until), _) => {
            say("period", &[("from", date(*from, words)), ("until", date(*until, words))])
        }
        (Date::Open { latest, .. }, above) => {
            let (title, end, n) = above
                .map_or(("", None, 0), |(first, step, n)| (first.title.get(words.language), step.end(), n));
            let mut args = vec![("first", title.to_string()), ("days", days(n, words))];
            match (latest, end) {
                (Some(latest), Some(end)) => {
                    args.extend([("end", date(end, words)), ("day", date(*latest, words))]);
                    say("latest", &args)
                }
                _ => say("open", &args),
            }
        }
        (Date::Unknown, _) => say("unknown", &[]),
    };
    match step.ended {
        Some(ended) => say("ended", &[("when", said), ("day", date(ended, words))]),
        None => said,
    }
}

/// With its year, always.
fn date(day: NaiveDate, words: &Words) -> String {
    let month = words.say(&format!("calendar.month.{}", day.month()));
    let args = [("year", day.year().to_string()), ("month", month), ("day", day.day().to_string())];
    words.text("calendar.date", &args)
}

fn days(days: u32, words: &Words) -> String {
    words.text(if days == 1 { "calendar.day" } else { "calendar.days" }, &[("n", days.to_string())])
}

/// The columns of [`table`]; how a file of ours is known.
pub const COLUMNS: [&str; 13] = [
    "step", "title", "state", "from", "until", "latest", "ended", "when", "actor", "due", "said", "clause",
    "note",
];

/// A row a step. `from`, `until` and `latest` are dates (`YYYY-MM-DD`) or null; a deadline stands in `until`, the last
/// day of a step whose own date is not known in `latest`.
pub fn table(standard: &Standard, steps: &[Step], words: &Words) -> Result<DataFrame> {
    let lines = lines(standard, steps, words);
    let dates = |each: fn(&Step) -> Option<NaiveDate>| -> Vec<Option<String>> {
        steps.iter().map(|step| each(step).map(|day| day.to_string())).collect()
    };
    let text = |each: fn(&Line) -> &String| -> Vec<&str> { lines.iter().map(|l| each(l).as_str()).collect() };
    let states: Vec<&str> = steps.iter().map(state).collect();
    let from = dates(|step| match step.date {
        Date::Between(from, _) => Some(from),
        _ => None,
    });
    let until = dates(|step| match step.date {
        Date::On(day) | Date::Between(_, day) => Some(day),
        _ => None,
    });
    let latest = dates(|step| match step.date {
        Date::Open { latest, .. } => latest,
        _ => None,
    });
    Ok(df!(
        "step" => text(|l| &l.id), "title" => text(|l| &l.title), "state" => states,
        "from" => from, "until" => until, "latest" => latest, "ended" => dates(|step| step.ended),
        "when" => text(|l| &l.when), "actor" => text(|l| &l.actor), "due" => text(|l| &l.due),
        "said" => text(|l| &l.said), "clause" => text(|l| &l.clause), "note" => text(|l| &l.note),
    )?)
}
