//! The verdict of one standard: a district in full, several as a list first.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use super::layout::{Column, WIDTH, cut, heading, table, wrap};
use crate::{
    assess::{Assessment, Outcome, Verdict},
    number,
    standard::Standard,
    tables::Row,
    words::Words,
};

/// One standard and what came of it.
pub struct View<'a> {
    pub standard: &'a Standard,
    pub assessment: &'a Assessment,
}

/// More districts and years than this are listed without details.
const DETAILED: usize = 3;
const LISTED: usize = 40;
const REASONS: usize = 6;
const ITEMS: usize = 10;
const GAPS: usize = 10;
/// Lines for one reason or item.
const LINES: usize = 4;

/// Everything there is to see of one standard.
pub fn verdicts(view: &View, words: &Words) -> String {
    let verdicts = &view.assessment.verdicts;
    let mut lines = Vec::new();
    if verdicts.len() > 1 {
        lines.extend(list(view, words));
    }
    if verdicts.len() <= DETAILED {
        for verdict in verdicts {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(Detail { view, verdict, words }.lines());
        }
    }
    lines.join("\n")
}

fn mark(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "✓",
        Some(false) => "✗",
        None => "—",
    }
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
    words.text("screen.standard", &args)
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
        .take(LISTED)
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
    let mut lines = vec![heading(&words.text("screen.districts", &counts))];
    lines.extend(wrap(&standard_line(view, words), "  ", WIDTH));
    lines.extend(table(&columns, &rows));
    if verdicts.len() > LISTED {
        let more = count(verdicts.len() - LISTED);
        lines.push(format!("  {}", words.text("screen.districts_more", &[("more", more)])));
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

    fn rows(&self, frame: &'a polars::prelude::DataFrame) -> impl Iterator<Item = Row<'a>> + use<'a> {
        let (code, year) = (self.verdict.district_code.as_str(), self.verdict.year);
        Row::all(frame).filter(move |row| row.of(code, year))
    }

    fn column(&self, key: &str) -> String {
        self.words.say(&format!("screen.column.{key}"))
    }

    fn head(&self) -> Vec<String> {
        let (v, words) = (self.verdict, self.words);
        let name = if v.district_name.is_empty() { &v.district_code } else { &v.district_name };
        let args =
            [("district", name.clone()), ("code", v.district_code.clone()), ("year", v.year.to_string())];
        let mut lines = vec![heading(&words.text("screen.title", &args))];
        lines.extend(wrap(&standard_line(self.view, words), "  ", WIDTH));
        if !v.reliefs.is_empty() {
            let reliefs = v.reliefs.join(" ");
            lines.extend(wrap(&words.text("screen.reliefs", &[("reliefs", reliefs)]), "  ", WIDTH));
        }
        lines.push(String::new());
        let near = if v.borderline { " ≈" } else { "" };
        let said = format!("{} {}{near}", outcome_mark(v.outcome), outcome(v.outcome, words));
        lines.push(heading(&words.text("screen.verdict", &[("outcome", said)])));
        if let Some(score) = v.score {
            let args = [
                ("score", number::fixed(Some(score), 1)),
                ("grade", v.grade.clone().unwrap_or_else(|| words.say("screen.no_grade"))),
            ];
            lines.extend(wrap(&words.text("screen.score", &args), "  ", WIDTH));
        }
        if let Some(note) = &v.grade_note {
            lines.extend(wrap(note, "  ", WIDTH));
        }
        for reason in v.reasons.iter().take(REASONS) {
            let mark = if reason.status == "missing" { "— " } else { "✗ " };
            // What fails may stand last in the sentence; of a longer one the whole stands in verdict.json.
            let text = cut(&reason.text, LINES * (WIDTH - 6));
            lines.extend(wrap(&text, &format!("  {mark}"), WIDTH));
        }
        if v.reasons.len() > REASONS {
            lines.push(self.more("screen.reasons_more", v.reasons.len() - REASONS));
        }
        lines
    }

    fn more(&self, key: &str, more: usize) -> String {
        format!("    {}", self.words.text(key, &[("more", number::count(more as i64))]))
    }

    fn schools(&self) -> Vec<String> {
        // Met, not met, not to be judged; in the order the sections come.
        let mut sections: Vec<(&str, [i64; 3])> = Vec::new();
        for row in self.rows(&self.view.assessment.schools) {
            let id = row.said("section");
            let at = sections.iter().position(|(s, _)| *s == id).unwrap_or_else(|| {
                sections.push((id, [0; 3]));
                sections.len() - 1
            });
            let which = match row.yes("met") {
                Some(true) => 0,
                Some(false) => 1,
                None => 2,
            };
            sections[at].1[which] += 1;
        }
        let students: BTreeMap<&str, Option<f64>> = self
            .rows(&self.view.assessment.districts)
            .map(|row| (row.said("section"), row.number("students")))
            .collect();
        // Without thresholds no school is up to standard or not.
        let judged = self.view.standard.judges_schools();
        let rows: Vec<Vec<String>> = sections
            .iter()
            .map(|(id, counts)| {
                let mut row = vec![self.words.section(id), number::count(counts.iter().sum::<i64>())];
                if judged {
                    row.extend(counts.iter().map(|n| number::count(*n)));
                }
                row.push(number::fixed(students.get(id).copied().flatten(), 0));
                row
            })
            .collect();
        let excluded = self.verdict.excluded.len();
        if rows.is_empty() && excluded == 0 {
            return Vec::new();
        }
        let counts: &[&str] = if judged { &["met", "unmet", "missing"] } else { &[] };
        let mut columns = vec![Column::left(self.column("section")), Column::right(self.column("schools"))];
        columns.extend(counts.iter().map(|key| Column::right(self.column(key))));
        columns.push(Column::right(self.column("students")));
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
            lines.extend(wrap(&self.words.text("screen.excluded", &args), "  ", WIDTH));
        }
        lines
    }

    fn dispersion(&self) -> Vec<String> {
        let mut below: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        for row in self.rows(&self.view.assessment.measures) {
            if row.number("threshold").is_none() {
                continue;
            }
            let unmet = i64::from(row.yes("met") == Some(false));
            *below.entry((row.said("section"), row.said("indicator"))).or_default() += unmet;
        }
        let print = self.view.standard.print;
        let rows: Vec<Vec<String>> = self
            .rows(&self.view.assessment.dispersion)
            .map(|row| {
                let (id, of) = (row.said("indicator"), row.said("section"));
                let near = if row.yes("borderline") == Some(true) { "≈" } else { "" };
                vec![
                    self.words.section(of),
                    format!("{id} {}", self.view.standard.title_of(id, self.words.language)),
                    number::fixed(row.number("schools"), 0),
                    below.get(&(of, id)).map_or("—".into(), |n| number::count(*n)),
                    number::fixed(row.number("mean"), print.mean),
                    number::fixed(row.number("cv"), print.cv),
                    number::fixed(row.number("limit"), 2),
                    format!("{}{near}", mark(row.yes("met"))),
                ]
            })
            .collect();
        if rows.is_empty() {
            return rows.into_iter().flatten().collect();
        }
        let columns = [
            Column::left(self.column("section")),
            Column::giving(self.column("indicator"), 12),
            Column::right(self.column("sections")),
            Column::right(self.column("below")),
            Column::right(self.column("mean")),
            Column::right(self.column("cv")),
            Column::right(self.column("limit")),
            Column::left(self.column("within")),
        ];
        let mut lines = vec![heading(&self.words.say("screen.dispersion"))];
        lines.extend(table(&columns, &rows));
        lines
    }

    fn items(&self) -> Vec<String> {
        let v = self.verdict;
        let all: Vec<Row> = self.rows(&self.view.assessment.items).collect();
        if all.is_empty() {
            return Vec::new();
        }
        let counts = [
            ("met", number::count(v.items_met as i64)),
            ("unmet", number::count(v.items_unmet as i64)),
            ("missing", number::count(v.items_missing as i64)),
        ];
        let mut lines = vec![heading(&self.words.text("screen.items", &counts))];
        for (status, mark) in [("unmet", "✗"), ("missing", "—")] {
            let rows: Vec<&Row> = all.iter().filter(|row| row.text("status") == Some(status)).collect();
            if rows.is_empty() {
                continue;
            }
            let wide = rows.iter().map(|row| row.said("item").len()).max().unwrap_or(0).min(8);
            for row in rows.iter().take(ITEMS) {
                let id = row.said("item");
                let title = self.view.standard.title_of(id, self.words.language);
                // The title says what, the detail why; neither may push the other off the line.
                let detail = row.said("detail");
                let title = if detail.is_empty() { title.to_string() } else { cut(title, 46) };
                let first = format!("  {mark} {:wide$} ", cut(id, wide.max(1)));
                let text = format!("{title}  {detail}");
                // What is missing is told by its beginning, what fails may stand last.
                let most = if status == "unmet" { LINES } else { 1 };
                lines.extend(wrap(&cut(text.trim_end(), most * (WIDTH - first.width())), &first, WIDTH));
            }
            if rows.len() > ITEMS {
                let rest: Vec<&str> = rows.iter().skip(ITEMS).map(|row| row.said("item")).collect();
                let args = [("more", number::count(rest.len() as i64)), ("ids", rest.join(" "))];
                lines.push(cut(&format!("    {}", self.words.text("screen.items_more", &args)), WIDTH));
            }
        }
        lines
    }

    fn gaps(&self) -> Vec<String> {
        let all: Vec<Row> = self.rows(&self.view.assessment.gaps).collect();
        if all.is_empty() {
            return Vec::new();
        }
        let rows: Vec<Vec<String>> = all
            .iter()
            .take(GAPS)
            .map(|row| {
                let who = match (row.said("school_name"), row.said("school_code")) {
                    ("", "") => self.words.say("screen.whole_district"),
                    ("", code) => code.to_string(),
                    (name, _) => name.to_string(),
                };
                let id = row.said("item");
                vec![
                    who,
                    self.words.section(row.said("section")),
                    format!("{id} {}", self.view.standard.title_of(id, self.words.language)),
                    number::needed(row.number("shortfall"), row.said("unit"), self.words),
                    row.said("departments").to_string(),
                ]
            })
            .collect();
        let mut columns = vec![
            Column::giving(self.column("who"), 14),
            Column::left(self.column("section")),
            Column::giving(self.column("what"), 12),
            Column::right(self.column("needed")),
        ];
        // Not every standard says whose job it is.
        if rows.iter().any(|row| row.last().is_some_and(|departments| !departments.is_empty())) {
            columns.push(Column::giving(self.column("departments"), 8));
        }
        let args = [("shown", number::count(rows.len() as i64)), ("all", number::count(all.len() as i64))];
        let mut lines = vec![heading(&self.words.text("screen.gaps", &args))];
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

    /// The half that fails may stand last: `12.0%，要求不低于 10.0%；骨干教师占交流教师 15.0%，要求不低于 20.0%`.
    #[test]
    fn what_fails_is_not_cut_off() {
        let mut long = assessment(false);
        let text = format!("{}；骨干教师占 15.0%，不够", "交流轮岗教师占符合条件教师 12.0%".repeat(4));
        let unmet = |row: &Row| row.text("status") == Some("unmet");
        let details: Vec<Option<String>> = Row::all(&long.items)
            .map(|row| if unmet(&row) { Some(text.clone()) } else { row.text("detail").map(String::from) })
            .collect();
        let count = Row::all(&long.items).filter(unmet).count();
        assert!(count > 0);
        long.items.with_column(polars::prelude::Column::new("detail".into(), details)).unwrap();
        long.verdicts[0].reasons[0].text = text;
        let shown: String =
            drawn(&long, Language::Chinese).lines().map(str::trim).collect::<Vec<_>>().join("");
        assert_eq!(shown.matches("15.0%，不够").count(), count.min(ITEMS) + 1, "{shown}");
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
