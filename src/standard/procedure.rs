//! The procedure of a year: its steps and their dates.

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    Every, Standard, StepKind, Text, raw,
    resolver::{Resolver, listed},
};

/// A step of the year.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    pub id: String,
    pub kind: Option<StepKind>,
    pub title: Text,
    pub actor: Text,
    pub due: Text,
    /// The name of the paper in which it results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Text>,
    /// The document's own words for the date.
    pub said: String,
    pub when: When,
    /// The year in which it is due once; `None` if it is due in every year, or as `every` says.
    pub year: Option<i32>,
    pub every: Option<Every>,
    /// A year in which a step of every so many years is due.
    pub since: Option<i32>,
    pub clause: String,
    pub note: Option<Text>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    By(MonthDay),
    Period {
        from: MonthDay,
        until: MonthDay,
    },
    /// This many days after the end of another step, which stands before it.
    After {
        step: String,
        days: u32,
    },
    Unknown,
}

/// A day of any year; 29 February is the 28th in a year without one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MonthDay {
    pub month: u32,
    pub day: u32,
}

impl Step {
    /// The last day of the step in a year; `None` where the document gives none, or where it depends on the end of
    /// another step.
    pub fn due_in(&self, year: i32) -> Option<NaiveDate> {
        let (When::By(day) | When::Period { until: day, .. }) = &self.when else { return None };
        day.in_year(self.year.unwrap_or(year))
    }

    /// Whether [`Step::due_in`] has a day.
    pub fn is_dated(&self) -> bool {
        matches!(self.when, When::By(_) | When::Period { .. })
    }
}

impl Standard {
    /// The first step of a kind.
    pub fn step_of(&self, kind: StepKind) -> Option<&Step> {
        self.steps.iter().find(|step| step.kind == Some(kind))
    }

    /// The step with this id.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }
}

impl Resolver<'_> {
    pub(super) fn steps(&mut self, written: Vec<raw::Step>) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for (i, step) in written.into_iter().enumerate() {
            let path = format!("step.{i}");
            let when = self.when(&step, &path, &steps);
            self.repetition(&step, &path, &when);
            steps.push(Step {
                kind: step.kind,
                title: self.need(step.title, &path, "title"),
                actor: self.need(step.actor, &path, "actor"),
                due: self.need(step.due, &path, "due"),
                document: step.document,
                said: step.said.unwrap_or_default(),
                clause: step.clause.unwrap_or_default(),
                note: step.note,
                year: step.year,
                every: step.every,
                since: step.since,
                id: step.id,
                when,
            });
        }
        steps
    }

    /// `year` goes with a day, `since` with a number of years.
    fn repetition(&mut self, step: &raw::Step, path: &str, when: &When) {
        if let Some(year) = step.year {
            self.between(f64::from(year), 1900.0, 2200.0, path, "year");
            if !matches!(when, When::By(_)) {
                self.need(None::<()>, path, "by");
            }
        }
        if let (Some(_), Some(_)) = (step.year, step.every) {
            let problem = self.error("standard_one_of_two", path).with("one", "year").with("other", "every");
            self.problems.push(problem);
        }
        if let Some(Every::Years(years)) = step.every {
            self.between(f64::from(years), 1.0, 100.0, path, "every");
        }
        if let Some(since) = step.since {
            self.between(f64::from(since), 1900.0, 2200.0, path, "since");
            if !matches!(step.every, Some(Every::Years(_))) {
                self.need(None::<()>, path, "every");
            }
        }
    }

    fn when(&mut self, step: &raw::Step, path: &str, before: &[Step]) -> When {
        let ways = [step.by.is_some(), step.from.is_some() || step.until.is_some(), step.after.is_some()];
        if ways.iter().filter(|given| **given).count() > 1 {
            let problem =
                self.error("standard_one_of_two", path).with("one", "by").with("other", "from, until; after");
            self.problems.push(problem);
        }
        if step.days.is_some() && step.after.is_none() {
            self.need(None::<()>, path, "after");
        }
        if let Some(by) = &step.by {
            return When::By(self.day(by, &format!("{path}.by")));
        }
        if step.from.is_some() || step.until.is_some() {
            let from = self.need(step.from.clone(), path, "from");
            let until = self.need(step.until.clone(), path, "until");
            let (from, until) =
                (self.day(&from, &format!("{path}.from")), self.day(&until, &format!("{path}.until")));
            if until < from {
                let problem =
                    self.error("standard_day", &format!("{path}.until")).with("found", until.shown());
                self.problems.push(problem);
            }
            return When::Period { from, until };
        }
        let Some(after) = &step.after else { return When::Unknown };
        // Only earlier steps, so there is no circle.
        if !before.iter().any(|earlier| earlier.id == *after) {
            let problem = self
                .error("standard_unknown_step", &format!("{path}.after"))
                .with("found", after)
                .with("allowed", listed(before.iter().map(|step| &step.id)));
            self.problems.push(problem);
        }
        let days = self.need(step.days, path, "days");
        self.between(f64::from(days), 0.0, 366.0, path, "days");
        When::After { step: after.clone(), days }
    }

    fn day(&mut self, written: &str, path: &str) -> MonthDay {
        MonthDay::read(written).unwrap_or_else(|| {
            let problem = self.error("standard_day", path).with("found", written);
            self.problems.push(problem);
            MonthDay { month: 1, day: 1 }
        })
    }
}

impl MonthDay {
    /// Parses `03-01`.
    pub fn read(written: &str) -> Option<MonthDay> {
        let (month, day) = written.trim().split_once('-')?;
        let number = |digits: &str| {
            let plain = digits.len() <= 2 && digits.bytes().all(|digit| digit.is_ascii_digit());
            plain.then(|| digits.parse::<u32>().ok()).flatten()
        };
        let (month, day) = (number(month)?, number(day)?);
        let longest = match month {
            4 | 6 | 9 | 11 => 30,
            2 => 29,
            1..=12 => 31,
            _ => return None,
        };
        (1..=longest).contains(&day).then_some(MonthDay { month, day })
    }

    /// 29 February becomes the 28th in a year without one.
    pub fn in_year(self, year: i32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, self.month, self.day)
            .or_else(|| NaiveDate::from_ymd_opt(year, self.month, self.day.checked_sub(1)?))
    }

    pub fn shown(self) -> String {
        format!("{:02}-{:02}", self.month, self.day)
    }
}
