//! iCalendar (RFC 5545). Written here and not with the crate `icalendar` (0.17), which puts the time of writing and a
//! random UID into every alarm, where neither belongs, and would only save [`line`].

use std::fmt::Write;

use chrono::{Datelike, Days, NaiveDate};

use super::Line;
use crate::{
    calendar::{self, Date, DatedStep},
    standard::Standard,
    words::{Language, Words},
};

/// The beginning of every file that this program writes.
pub const BEGINS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//junheng//";

/// Days before the deadline on which a calendar program reminds, at nine in the morning.
const REMIND: u32 = 3;

/// The steps of `year` as an iCalendar. The same steps give the same bytes; a step keeps its UID from run to run, so
/// that a later file, with more dates known, updates an earlier one.
///
/// A deadline is an all-day event on its last day, a period one of all its days. A step whose date depends on an
/// unknown one is a tentative event on its latest possible day; a step without any day is a to-do without a due date.
pub fn ics(standard: &Standard, year: i32, steps: &[DatedStep], words: &Words) -> String {
    let lines = super::lines(standard, steps, words);
    let language = match words.language {
        Language::Chinese => "ZH",
        Language::English => "EN",
    };
    let mut file = File { out: BEGINS.to_string() };
    let name = words.fill("calendar.heading", &heading(standard, year, words));
    let _ = write!(file.out, "{} {}//{language}\r\n", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    file.line("CALSCALE", "GREGORIAN");
    file.property("NAME", &name);
    // For programs that do not read NAME (RFC 7986).
    file.property("X-WR-CALNAME", &name);
    for (dated, line) in steps.iter().zip(&lines) {
        file.dated(&Whole { standard, year, steps, words }, dated, line);
    }
    file.line("END", "VCALENDAR");
    file.out
}

/// The arguments of `calendar.heading`.
fn heading(standard: &Standard, year: i32, words: &Words) -> [(&'static str, String); 2] {
    [("title", standard.title.get(words.language).to_string()), ("year", year.to_string())]
}

struct Whole<'a> {
    standard: &'a Standard,
    year: i32,
    steps: &'a [DatedStep],
    words: &'a Words,
}

impl Whole<'_> {
    /// The known ends of this step and of the steps that it depends on.
    fn known(&self, dated: &DatedStep) -> Vec<NaiveDate> {
        let chain = calendar::chain(self.standard, dated.step);
        self.steps
            .iter()
            .filter(|other| chain.contains(&other.step))
            .filter_map(|other| other.ended)
            .collect()
    }

    /// When the information about the step became known: the last of the dates it depends on, or the first day of the
    /// year if there is none. It is not the time of writing, so that the same dates give the same file; and it moves
    /// forward when a date is entered or postponed, so that programs take the newer file.
    fn stamp(&self, dated: &DatedStep) -> String {
        let first = NaiveDate::from_ymd_opt(self.year, 1, 1).unwrap_or_default();
        let last = self.known(dated).into_iter().fold(first, NaiveDate::max);
        format!("{}T000000Z", compact(last))
    }
}

struct File {
    out: String,
}

impl File {
    fn dated(&mut self, whole: &Whole<'_>, dated: &DatedStep, line: &Line) {
        let words = whole.words;
        // First and last day, and whether they are certain.
        let days = match (&dated.date, dated.ended) {
            (Date::On(day), _) => Some((*day, *day, "deadline")),
            (Date::Between(from, until), _) => Some((*from, *until, "period")),
            (Date::Open { .. } | Date::NotDue { .. } | Date::Unknown, Some(ended)) => {
                Some((ended, ended, "ended"))
            }
            (Date::Open { latest: Some(latest), .. }, None) => Some((*latest, *latest, "open")),
            (Date::NotDue { .. }, None) => return,
            (Date::Open { latest: None, .. } | Date::Unknown, None) => None,
        };
        let kind = if days.is_some() { "VEVENT" } else { "VTODO" };
        let state = days.map_or("undated", |(_, _, state)| state);
        let args = [("title", line.title.clone()), ("actor", line.actor.clone())];
        let summary = words.fill(&format!("calendar.summary.{state}"), &args);
        self.line("BEGIN", kind);
        // A to-do that becomes an event is a different component, and a program may refuse to change one into the
        // other.
        let what = if days.is_some() { "" } else { "todo-" };
        self.property("UID", &format!("{what}{}-{}-{}@junheng", whole.standard.id, whole.year, line.id));
        self.line("DTSTAMP", &whole.stamp(dated));
        self.line("SEQUENCE", &whole.known(dated).len().to_string());
        if let Some((first, last, _)) = days {
            self.line("DTSTART;VALUE=DATE", &compact(first));
            // The day after the last one (section 3.6.1).
            let over = last.checked_add_days(Days::new(1)).unwrap_or(last);
            self.line("DTEND;VALUE=DATE", &compact(over));
        }
        self.property("SUMMARY", &summary);
        self.property("DESCRIPTION", &description(whole, line));
        let categories = [whole.standard.id.clone(), words.say(&format!("calendar.category.{state}"))];
        self.line("CATEGORIES", &categories.map(|category| escaped(&category)).join(","));
        self.line(
            "STATUS",
            match days {
                Some((_, _, "open")) => "TENTATIVE",
                Some(_) => "CONFIRMED",
                None => "NEEDS-ACTION",
            },
        );
        if days.is_some() {
            // Nobody is busy all day because something is due.
            self.line("TRANSP", "TRANSPARENT");
        }
        if days.is_some() && dated.ended.is_none() {
            self.line("BEGIN", "VALARM");
            self.line("ACTION", "DISPLAY");
            self.property("DESCRIPTION", &summary);
            // From the midnight after the last day back to nine in the morning of the third day before it.
            self.line("TRIGGER;RELATED=END", &format!("-P{REMIND}DT15H"));
            self.line("END", "VALARM");
        }
        self.line("END", kind);
    }

    fn property(&mut self, name: &str, value: &str) {
        self.line(name, &escaped(value));
    }

    fn line(&mut self, name: &str, value: &str) {
        fold(&format!("{name}:{value}"), &mut self.out);
    }
}

/// What is due, by whom, when and why, one line each.
fn description(whole: &Whole<'_>, line: &Line) -> String {
    let words = whole.words;
    let source = format!("{}　{}", whole.standard.title.get(words.language), line.clause);
    let entries = [
        ("when", line.when.as_str()),
        ("due", &line.due),
        ("actor", &line.actor),
        ("said", &line.said),
        ("clause", source.trim_end()),
        ("note", &line.note),
    ];
    let lines = entries.iter().filter(|(_, what)| !what.is_empty()).map(|(name, what)| {
        let name = words.say(&format!("calendar.entry.{name}"));
        words.fill("standard.entry", &[("name", name), ("what", what.to_string())])
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `20260301`.
fn compact(day: NaiveDate) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

/// A TEXT value (section 3.3.11), which may not contain other control characters.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c if c.is_control() && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

/// Octets of a line without its end (section 3.1).
const MAX_LINE_BYTES: usize = 75;

/// Folds `line` into lines of at most 75 octets, with a blank before each continuation; no character is split.
fn fold(line: &str, out: &mut String) {
    let mut used = 0;
    for c in line.chars() {
        if used + c.len_utf8() > MAX_LINE_BYTES {
            out.push_str("\r\n ");
            used = 1;
        }
        out.push(c);
        used += c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_has_a_meaning_is_escaped() {
        assert_eq!(escaped("a;b,c\\d\r\n\u{7}e：f"), "a\\;b\\,c\\\\d\\ne：f");
    }

    #[test]
    fn a_line_of_75_octets_is_whole() {
        let folded = |line: &str| {
            let mut out = String::new();
            fold(line, &mut out);
            out
        };
        assert_eq!(folded(&"a".repeat(75)), "a".repeat(75) + "\r\n");
        assert_eq!(folded(&"a".repeat(76)), "a".repeat(75) + "\r\n a\r\n");
        assert_eq!(folded(&"学".repeat(26)), "学".repeat(25) + "\r\n 学\r\n");
        let shifted = "a".to_string() + &"学".repeat(25);
        assert_eq!(folded(&shifted), "a".to_string() + &"学".repeat(24) + "\r\n 学\r\n");
    }

    proptest! {
        #[test]
        fn folded_lines_are_short_and_unfold(line in "[^\r\n]{0,300}") {
            let mut out = String::new();
            fold(&line, &mut out);
            let lines: Vec<&str> = out.strip_suffix("\r\n").unwrap().split("\r\n").collect();
            prop_assert!(lines.iter().all(|line| line.len() <= MAX_LINE_BYTES));
            prop_assert!(lines.iter().skip(1).all(|line| line.starts_with(' ')));
            prop_assert_eq!(out.replace("\r\n ", ""), line + "\r\n");
        }
    }
}
