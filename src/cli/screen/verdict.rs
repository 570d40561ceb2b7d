//! The verdict of one standard: every district in full, preceded by a list if there are several.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use super::layout::{Column, WIDTH, cut, heading, mark, table, wrap};
use crate::{
    assess::{Assessment, Outcome, Verdict},
    dictionary::Section,
    number,
    standard::Standard,
    tables::{
        OfDistrictYear, Status,
        definition::{Defined, Frame},
        gaps, items,
    },
    words::Words,
};

/// One standard and its results.
pub struct View<'a> {
    pub standard: &'a Standard,
    pub assessment: &'a Assessment,
}

/// With more district-years than this, only the list is shown.
const MAX_DETAILED: usize = 3;
const MAX_DISTRICTS: usize = 40;
const MAX_REASONS: usize = 6;
const MAX_ITEMS: usize = 10;
const MAX_GAPS: usize = 10;
/// Maximum number of lines per reason or item.
const MAX_LINES: usize = 4;

/// The whole screen output for one standard.
pub fn verdicts(view: &View, words: &Words) -> String {
    let verdicts = &view.assessment.verdicts;
    let mut lines = Vec::new();
    if verdicts.len() > 1 {
        lines.extend(list(view, words));
    }
    if verdicts.len() <= MAX_DETAILED {
        for verdict in verdicts {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(Detail { view, verdict, words }.lines());
        }
    }
    lines.join("\n")
}

fn outcome_mark(outcome: Outcome) -> &'static str {
    mark(match outcome {
        Outcome::Ready => Some(true),
        Outcome::NotReady => Some(false),
        Outcome::CannotBeJudged => None,
    })
}

fn outcome(outcome: Outcome, words: &Words) -> String {
    words.say(match outcome {
        Outcome::Ready => "screen.outcome.ready",
        Outcome::NotReady => "screen.outcome.not_ready",
        Outcome::CannotBeJudged => "screen.outcome.cannot_be_judged",
    })
}

fn standard_line(view: &View, words: &Words) -> String {
    let args = [
        ("title", view.standard.title.get(words.language).to_string()),
        ("id", view.standard.id.clone()),
        ("version", view.standard.version.clone()),
    ];
    words.fill("screen.standard", &args)
}

fn list(view: &View, words: &Words) -> Vec<String> {
    let say = |key: &str| words.say(&format!("screen.column.{key}"));
    let verdicts = &view.assessment.verdicts;
    let columns = [
        Column::left(say("district_code")),
        Column::giving(say("district"), 8),
        Column::right(say("year")),
        Column::left(say("outcome")),
        Column::right(say("schools")),
        Column::right(say("met")),
        Column::right(say("unmet")),
        Column::right(say("missing")),
        Column::right(say("items_unmet")),
        Column::right(say("items_missing")),
    ];
    let count = |n: usize| number::count(n as i64);
    let rows: Vec<Vec<String>> = verdicts
        .iter()
        .take(MAX_DISTRICTS)
        .map(|v| {
            let said = format!("{} {}", outcome_mark(v.outcome), words.say(outcome_short(v.outcome)));
            vec![
                v.district_code.clone(),
                v.district_name.clone(),
                v.year.to_string(),
                said,
                count(v.schools),
                count(v.schools_met),
                count(v.schools_unmet),
                count(v.schools_missing),
                count(v.items_unmet),
                count(v.items_missing),
            ]
        })
        .collect();
    let of = |outcome: Outcome| count(verdicts.iter().filter(|v| v.outcome == outcome).count());
    let counts = [
        ("all", count(verdicts.len())),
        ("ready", of(Outcome::Ready)),
        ("not_ready", of(Outcome::NotReady)),
        ("cannot", of(Outcome::CannotBeJudged)),
    ];
    let mut lines = vec![heading(&words.fill("screen.districts", &counts))];
    lines.extend(wrap(&standard_line(view, words), "  ", WIDTH));
    lines.extend(table(&columns, &rows));
    if verdicts.len() > MAX_DISTRICTS {
        let more = count(verdicts.len() - MAX_DISTRICTS);
        lines.push(format!("  {}", words.fill("screen.districts_more", &[("more", more)])));
    }
    lines
}

fn outcome_short(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Ready => "screen.outcome_short.ready",
        Outcome::NotReady => "screen.outcome_short.not_ready",
        Outcome::CannotBeJudged => "screen.outcome_short.cannot_be_judged",
    }
}

/// One district and year.
struct Detail<'a> {
    view: &'a View<'a>,
    verdict: &'a Verdict,
    words: &'a Words,
}

impl<'a> Detail<'a> {
    fn lines(&self) -> Vec<String> {
        let mut lines = self.head();
        for part in [self.schools(), self.dispersion(), self.items(), self.gaps()] {
            if !part.is_empty() {
                lines.push(String::new());
                lines.extend(part);
            }
        }
        if lines.iter().any(|line| line.contains('≈')) {
            lines.push(String::new());
            lines.extend(wrap(&self.words.say("screen.borderline_somewhere"), "  ", WIDTH));
        }
        lines
    }

    /// The rows of this district and year.
    fn rows<T: Defined>(&self, table: &'a Frame<T>) -> impl Iterator<Item = T::Row<'a>> + use<'a, T>
    where
        T::Row<'a>: OfDistrictYear,
    {
        let (code, year) = (self.verdict.district_code.as_str(), self.verdict.year);
        table.rows().filter(move |row| row.is_of(code, year))
    }

    fn heading(&self, key: &str) -> String {
        self.words.say(&format!("screen.column.{key}"))
    }

    fn head(&self) -> Vec<String> {
        let (v, words) = (self.verdict, self.words);
        let name = if v.district_name.is_empty() { &v.district_code } else { &v.district_name };
        let args =
            [("district", name.clone()), ("code", v.district_code.clone()), ("year", v.year.to_string())];
        let mut lines = vec![heading(&words.fill("screen.title", &args))];
        lines.extend(wrap(&standard_line(self.view, words), "  ", WIDTH));
        if !v.reliefs.is_empty() {
            let reliefs = v.reliefs.join(" ");
            lines.extend(wrap(&words.fill("screen.reliefs", &[("reliefs", reliefs)]), "  ", WIDTH));
        }
        lines.push(String::new());
        let near = if v.borderline { " ≈" } else { "" };
        let said = format!("{} {}{near}", outcome_mark(v.outcome), outcome(v.outcome, words));
        lines.push(heading(&words.fill("screen.verdict", &[("outcome", said)])));
        if let Some(statement) = &v.score_statement {
            lines.extend(wrap(statement, "  ", WIDTH));
        }
        if let Some(note) = &v.grade_note {
            lines.extend(wrap(note, "  ", WIDTH));
        }
        for reason in v.reasons.iter().take(MAX_REASONS) {
            let mark = if reason.status == "missing" { "— " } else { "✗ " };
            // The part that fails may be at the end of the sentence, so it is wrapped rather than cut; verdict.json has
            // the whole of longer ones.
            let text = cut(&reason.text, MAX_LINES * (WIDTH - 6));
            lines.extend(wrap(&text, &format!("  {mark}"), WIDTH));
        }
        if v.reasons.len() > MAX_REASONS {
            lines.push(self.more("screen.reasons_more", v.reasons.len() - MAX_REASONS));
        }
        lines
    }

    fn more(&self, key: &str, more: usize) -> String {
        format!("    {}", self.words.fill(key, &[("more", number::count(more as i64))]))
    }

    fn schools(&self) -> Vec<String> {
        // Met, not met, cannot be judged; in the order of the sections.
        let mut sections: Vec<(Section, [i64; 3])> = Vec::new();
        for row in self.rows(&self.view.assessment.schools) {
            let section = row.section();
            let at = sections.iter().position(|(known, _)| *known == section).unwrap_or_else(|| {
                sections.push((section, [0; 3]));
                sections.len() - 1
            });
            let which = match row.met() {
                Some(true) => 0,
                Some(false) => 1,
                None => 2,
            };
            sections[at].1[which] += 1;
        }
        let students: BTreeMap<Section, f64> =
            self.rows(&self.view.assessment.districts).map(|row| (row.section(), row.students())).collect();
        // A standard without thresholds judges no school.
        let judged = self.view.standard.judges_schools();
        let rows: Vec<Vec<String>> = sections
            .iter()
            .map(|(section, counts)| {
                let mut row =
                    vec![self.words.section(section.id()), number::count(counts.iter().sum::<i64>())];
                if judged {
                    row.extend(counts.iter().map(|n| number::count(*n)));
                }
                row.push(number::fixed(students.get(section).copied(), 0));
                row
            })
            .collect();
        let excluded = self.verdict.excluded.len();
        if rows.is_empty() && excluded == 0 {
            return Vec::new();
        }
        let counts: &[&str] = if judged { &["met", "unmet", "missing"] } else { &[] };
        let mut columns = vec![Column::left(self.heading("section")), Column::right(self.heading("schools"))];
        columns.extend(counts.iter().map(|key| Column::right(self.heading(key))));
        columns.push(Column::right(self.heading("students")));
        let mut lines = vec![heading(&self.words.say("screen.schools"))];
        lines.extend(table(&columns, &rows));
        if excluded > 0 {
            let mut reasons: Vec<(&str, i64)> = Vec::new();
            for school in &self.verdict.excluded {
                match reasons.iter_mut().find(|(reason, _)| *reason == school.reason) {
                    Some((_, count)) => *count += 1,
                    None => reasons.push((&school.reason, 1)),
                }
            }
            let list: Vec<String> = reasons.iter().map(|(reason, n)| format!("{reason} {n}")).collect();
            let args = [
                ("count", number::count(excluded as i64)),
                ("reasons", list.join(&self.words.say("judge.joint"))),
            ];
            lines.extend(wrap(&self.words.fill("screen.excluded", &args), "  ", WIDTH));
        }
        lines
    }

    fn dispersion(&self) -> Vec<String> {
        let mut below: BTreeMap<(Section, &str), i64> = BTreeMap::new();
        let measures = self.rows(&self.view.assessment.measures);
        for row in measures.filter(|row| row.threshold().is_some()) {
            *below.entry((row.section(), row.indicator())).or_default() +=
                i64::from(row.met() == Some(false));
        }
        let print = self.view.standard.print;
        let rows: Vec<Vec<String>> = self
            .rows(&self.view.assessment.dispersion)
            .map(|row| {
                let (id, section) = (row.indicator(), row.section());
                let near = if row.borderline() == Some(true) { "≈" } else { "" };
                vec![
                    self.words.section(section.id()),
                    format!("{id} {}", self.view.standard.title_of(id, self.words.language)),
                    number::count(row.schools()),
                    below.get(&(section, id)).map_or("—".into(), |n| number::count(*n)),
                    number::fixed(row.mean(), print.mean),
                    number::fixed(row.cv(), print.cv),
                    number::fixed(row.limit(), 2),
                    format!("{}{near}", mark(row.met())),
                ]
            })
            .collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let columns = [
            Column::left(self.heading("section")),
            Column::giving(self.heading("indicator"), 12),
            Column::right(self.heading("sections")),
            Column::right(self.heading("below")),
            Column::right(self.heading("mean")),
            Column::right(self.heading("cv")),
            Column::right(self.heading("limit")),
            Column::left(self.heading("within")),
        ];
        let mut lines = vec![heading(&self.words.say("screen.dispersion"))];
        lines.extend(table(&columns, &rows));
        lines
    }

    fn items(&self) -> Vec<String> {
        let v = self.verdict;
        let all: Vec<items::Row> = self.rows(&self.view.assessment.items).collect();
        if all.is_empty() {
            return Vec::new();
        }
        let counts = [
            ("met", number::count(v.items_met as i64)),
            ("unmet", number::count(v.items_unmet as i64)),
            ("missing", number::count(v.items_missing as i64)),
        ];
        let mut lines = vec![heading(&self.words.fill("screen.items", &counts))];
        for status in [Status::Unmet, Status::Missing] {
            let mark = mark(status.met());
            let rows: Vec<&items::Row> = all.iter().filter(|row| row.status() == status).collect();
            if rows.is_empty() {
                continue;
            }
            let wide = rows.iter().map(|row| row.item().len()).max().unwrap_or(0).min(8);
            for row in rows.iter().take(MAX_ITEMS) {
                let id = row.item();
                let title = self.view.standard.title_of(id, self.words.language);
                // Both the title and the reason must fit on the line.
                let detail = row.detail();
                let title = if detail.is_empty() { title.to_string() } else { cut(title, 46) };
                let first = format!("  {mark} {:wide$} ", cut(id, wide.max(1)));
                let text = format!("{title}  {detail}");
                // The beginning of the sentence says what is missing; what fails may be at its end.
                let maximum = if status == Status::Unmet { MAX_LINES } else { 1 };
                lines.extend(wrap(&cut(text.trim_end(), maximum * (WIDTH - first.width())), &first, WIDTH));
            }
            if rows.len() > MAX_ITEMS {
                let rest: Vec<&str> = rows.iter().skip(MAX_ITEMS).map(|row| row.item()).collect();
                let args = [("more", number::count(rest.len() as i64)), ("ids", rest.join(" "))];
                lines.push(cut(&format!("    {}", self.words.fill("screen.items_more", &args)), WIDTH));
            }
        }
        lines
    }

    fn gaps(&self) -> Vec<String> {
        let all: Vec<gaps::Row> = self.rows(&self.view.assessment.gaps).collect();
        if all.is_empty() {
            return Vec::new();
        }
        let rows: Vec<Vec<String>> = all
            .iter()
            .take(MAX_GAPS)
            .map(|row| {
                let names = [row.school_name(), row.school_code()];
                let who = names.into_iter().flatten().find(|name| !name.is_empty()).map(str::to_string);
                let id = row.item();
                vec![
                    who.unwrap_or_else(|| self.words.say("screen.whole_district")),
                    row.section().map_or_else(String::new, |section| self.words.section(section.id())),
                    format!("{id} {}", self.view.standard.title_of(id, self.words.language)),
                    number::needed(row.shortfall(), row.unit(), self.words),
                    row.departments().to_string(),
                ]
            })
            .collect();
        let mut columns = vec![
            Column::giving(self.heading("who"), 14),
            Column::left(self.heading("section")),
            Column::giving(self.heading("what"), 12),
            Column::right(self.heading("needed")),
        ];
        // Not every standard names departments.
        if rows.iter().any(|row| row.last().is_some_and(|departments| !departments.is_empty())) {
            columns.push(Column::giving(self.heading("departments"), 8));
        }
        let args = [("shown", number::count(rows.len() as i64)), ("all", number::count(all.len() as i64))];
        let mut lines = vec![heading(&self.words.fill("screen.gaps", &args))];
        lines.extend(table(&columns, &rows));
        lines
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::*;
    use crate::{
        report::sample::{assessment, standard, verdict},
        words::Language,
    };

    fn drawn(assessment: &Assessment, language: Language) -> String {
        verdicts(&View { standard: &standard(), assessment }, &Words::load(language).unwrap())
    }

    #[test]
    fn one_district_in_full() {
        insta::assert_snapshot!(drawn(&assessment(false), Language::Chinese));
    }

    #[test]
    fn one_district_in_english() {
        insta::assert_snapshot!(drawn(&assessment(false), Language::English));
    }

    #[test]
    fn many_districts_are_a_list() {
        let mut many = assessment(false);
        let outcomes = [Outcome::Ready, Outcome::NotReady, Outcome::CannotBeJudged];
        many.verdicts = (0..45).map(|i| verdict(&format!("4305{i:02}"), "某县", outcomes[i % 3])).collect();
        let text = drawn(&many, Language::Chinese);
        let shown: Vec<&str> = text.lines().take(6).chain(text.lines().rev().take(1)).collect();
        insta::assert_snapshot!(shown.join("\n"));
        assert_eq!(text.lines().count(), 45);
    }

    /// The part that fails may be at the end of the sentence: `12.0%，要求不低于 10.0%；骨干教师占交流教师 15.0%，要求不低于 20.0%`.
    #[test]
    fn what_fails_is_not_cut_off() {
        let mut long = assessment(false);
        let text = format!("{}；骨干教师占 15.0%，不够", "交流轮岗教师占符合条件教师 12.0%".repeat(4));
        let unmet = |row: &items::Row| row.status() == Status::Unmet;
        let details: Vec<&str> =
            long.items.rows().map(|row| if unmet(&row) { text.as_str() } else { row.detail() }).collect();
        let details = polars::prelude::Column::new("detail".into(), details);
        let count = long.items.rows().filter(unmet).count();
        assert!(count > 0);
        long.items.frame_mut().with_column(details).unwrap();
        long.verdicts[0].reasons[0].text = text;
        let shown: String =
            drawn(&long, Language::Chinese).lines().map(str::trim).collect::<Vec<_>>().join("");
        assert_eq!(shown.matches("15.0%，不够").count(), count.min(MAX_ITEMS) + 1, "{shown}");
    }

    #[test]
    fn nothing_is_wider_than_the_screen() {
        let mut wide = assessment(true);
        wide.verdicts[0].district_name = "大".repeat(60);
        wide.verdicts[0].reasons[0].text = "因为".repeat(100);
        let twice = [wide.verdicts[0].clone(), wide.verdicts[0].clone()];
        for verdicts in [twice[..1].to_vec(), twice.to_vec()] {
            wide.verdicts = verdicts;
            for language in [Language::Chinese, Language::English] {
                for line in drawn(&wide, language).lines() {
                    assert!(line.width() <= WIDTH, "{} columns: {line}", line.width());
                }
            }
        }
    }
}
