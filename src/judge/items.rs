//! Judges the items of a standard: indicators, checks, evidence, scores, vetoes.

use std::collections::HashMap;

use num_rational::BigRational;
use num_traits::ToPrimitive;

use crate::{
    exact,
    standard::{Check, Comparison, Item, Over, Part, Rule, Standard},
    tables::{
        Status, answers,
        checks::{Checked, CheckedRow, compares},
        judged::{JudgedCheck, JudgedComposite, JudgedDispersion, JudgedItem},
    },
    words::Words,
};

/// A conclusion or a score that users entered (佐证与评分).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Answer {
    pub met: Option<bool>,
    pub score: Option<f64>,
}

/// The answers of one district and year, by the id of the item or its part.
pub type Answers = HashMap<String, Answer>;

/// The table `answers` by district and year.
pub fn answers(table: &answers::Frame) -> HashMap<(String, i32), Answers> {
    let mut found: HashMap<(String, i32), Answers> = HashMap::new();
    for row in table.rows() {
        let answer = Answer { met: row.met(), score: row.score() };
        let of = (row.district_code().to_string(), row.year());
        found.entry(of).or_default().insert(row.item().to_string(), answer);
    }
    found
}

/// Everything that the items of one district and year depend on.
pub struct District<'a> {
    pub standard: &'a Standard,
    pub words: &'a Words,
    pub dispersions: &'a [JudgedDispersion],
    pub composites: &'a [JudgedComposite],
    pub checked: Vec<&'a Checked>,
    pub answers: Option<&'a Answers>,
}

impl District<'_> {
    pub fn items(&self) -> Vec<JudgedItem> {
        (0..self.standard.items.len()).map(|i| self.item(i)).collect()
    }

    fn item(&self, index: usize) -> JudgedItem {
        let item = &self.standard.items[index];
        let mut judged = match &item.rule {
            Rule::Indicator { indicator } => self.indicator(index, indicator),
            Rule::Checks { checks } => self.checks(index, checks),
            Rule::Composite { indicators, .. } => self.composite(index, indicators.len()),
            Rule::Evidence | Rule::Veto => self.answered(index, item),
            Rule::Scored { points, floor, parts, checks, .. } => {
                let judged = self.scored(index, points.unwrap_or_default(), *floor, parts);
                self.beside(judged, checks)
            }
        };
        // The data decide the numbers; the rest of the clause needs a conclusion as well.
        let of_data =
            matches!(item.rule, Rule::Indicator { .. } | Rule::Checks { .. } | Rule::Composite { .. });
        if item.evidence && of_data {
            let answer = self.answered(index, item);
            judged.status = Status::all([judged.status, answer.status]);
            judged.detail = [judged.detail, answer.detail].join(&self.words.say("judge.joint"));
            judged.unanswered.extend(answer.unanswered);
            judged.answer = Some(answer.status);
        }
        judged
    }

    fn empty(&self, item: usize) -> JudgedItem {
        JudgedItem {
            item,
            status: Status::NotApplicable,
            value: None,
            threshold: None,
            points: None,
            score: None,
            detail: String::new(),
            borderline: false,
            checks: Vec::new(),
            unanswered: Vec::new(),
            answer: None,
        }
    }

    /// The CV within its limits; the district's mean where the standard requires it; every school where the school rule
    /// requires every indicator.
    fn indicator(&self, item: usize, id: &str) -> JudgedItem {
        let mut judged = self.empty(item);
        let Some(k) = self.standard.indicators.iter().position(|i| i.id == id) else { return judged };
        let every = self
            .standard
            .school_rule
            .as_ref()
            .is_some_and(|rule| rule.at_least >= self.standard.indicators.len());
        let mut details = Vec::new();
        let mut worst = f64::NEG_INFINITY;
        for found in self.dispersions.iter().filter(|d| d.indicator == k) {
            let schools = match (found.schools_unmet, found.schools_missing, found.schools_met) {
                _ if !every => Status::NotApplicable,
                (0, 0, 0) => Status::NotApplicable,
                (0, 0, _) => Status::Met,
                (0, _, _) => Status::Missing,
                _ => Status::Unmet,
            };
            judged.status = Status::all([judged.status, found.status, found.mean_status, schools]);
            judged.borderline |= found.borderline;
            if let (Some(dispersion), Some(limit)) = (found.dispersion, found.limit)
                && dispersion.cv - limit > worst
            {
                worst = dispersion.cv - limit;
                judged.value = Some(dispersion.cv);
                judged.threshold = Some(limit);
            }
            details.push(self.indicator_detail(found, every));
        }
        judged.detail = details.join(&self.words.say("judge.joint"));
        judged
    }

    fn indicator_detail(&self, found: &JudgedDispersion, every: bool) -> String {
        let words = self.words;
        let section = words.say(&format!("section.{}", found.section.id()));
        let print = &self.standard.print;
        let Some(dispersion) = found.dispersion else {
            return words.fill("judge.indicator_missing", &[("section", section)]);
        };
        let mut text = words.fill(
            "judge.indicator",
            &[
                ("section", section),
                ("mean", printed(dispersion.mean, print.mean)),
                ("cv", printed(dispersion.cv, print.cv)),
                ("limit", found.limit.map_or_else(String::new, |l| format!("{l:.2}"))),
                ("sign", words.say(&format!("judge.cv_{}", found.status.id()))),
            ],
        );
        if found.mean_status == Status::Unmet {
            text += &words.say("judge.mean_unmet");
        }
        if every && found.schools_unmet > 0 {
            text += &words.fill("judge.schools_unmet", &[("n", found.schools_unmet.to_string())]);
        }
        if dispersion.mean == 0.0 {
            text += &words.say("judge.mean_zero");
        }
        if found.schools_missing > 0 {
            text += &words.fill("judge.schools_missing", &[("n", found.schools_missing.to_string())]);
        }
        if found.borderline {
            text += &words.say("judge.borderline");
        }
        text
    }

    /// Every section's mean of the CVs within its limit; missing in a district without a section in scope.
    fn composite(&self, item: usize, count: usize) -> JudgedItem {
        let mut judged = self.empty(item);
        let mut worst = f64::NEG_INFINITY;
        let mut details = Vec::new();
        let own = || self.composites.iter().filter(|c| c.item == item);
        judged.status = Status::all(own().map(|found| found.status));
        for found in own() {
            judged.borderline |= found.borderline;
            // Value and limit are those of the section that decided the status, the worst if there are several.
            let over = found.value.zip(found.limit).map_or(f64::MIN, |(value, limit)| value - limit);
            if found.status == judged.status && over > worst {
                worst = over;
                judged.value = found.value;
                judged.threshold = found.limit;
            }
            details.push(self.composite_detail(found, count));
        }
        judged.detail = match details.is_empty() {
            true => self.words.say("judge.check_none"),
            false => details.join(&self.words.say("judge.joint")),
        };
        judged
    }

    fn composite_detail(&self, found: &JudgedComposite, count: usize) -> String {
        let words = self.words;
        let id = |&k: &usize| self.standard.indicators[k].id.as_str();
        let missing = found.missing.iter().map(id).collect::<Vec<_>>().join(&words.say("judge.comma"));
        let section = words.say(&format!("section.{}", found.section.id()));
        let Some(value) = found.value else {
            let args = [("section", section), ("n", count.to_string()), ("missing", missing)];
            return words.fill("judge.composite_missing", &args);
        };
        let mut text = words.fill(
            "judge.composite",
            &[
                ("section", section),
                ("n", count.to_string()),
                ("value", printed(value, self.standard.print.cv)),
                ("limit", found.limit.map_or_else(String::new, |l| format!("{l:.2}"))),
                ("sign", words.say(&format!("judge.cv_{}", found.status.id()))),
            ],
        );
        if !missing.is_empty() {
            text += &words.fill("judge.composite_partial", &[("missing", missing)]);
        }
        if found.borderline {
            text += &words.say("judge.borderline");
        }
        text
    }

    fn checks(&self, item: usize, checks: &[Check]) -> JudgedItem {
        let mut judged = self.empty(item);
        let mut details = Vec::new();
        for checked in self.checked.iter().filter(|c| c.item == item) {
            let Some(check) = checks.get(checked.check) else { continue };
            let rows: Vec<(CheckedRow, Status)> =
                checked.rows.iter().map(|row| (row.clone(), self.row_status(row, check))).collect();
            let status = Status::all(rows.iter().map(|(_, status)| *status));
            let deciding = deciding(&rows, check.compare);
            judged.borderline |= rows.iter().any(|(row, _)| borderline(row, check));
            // The value of the first unmet check, otherwise of the first check.
            let shown = judged.value.is_none() || (status == Status::Unmet && judged.status != Status::Unmet);
            if let (Some(row), true) = (deciding, shown) {
                judged.value = row.value;
                judged.threshold = row.required;
            }
            // Where data were given in another form (bands, or the largest class), a check without rows is irrelevant.
            if !rows.is_empty() {
                let lists = matches!(check.over, Over::Section | Over::School);
                details.push((
                    status == Status::Met && lists,
                    self.check_detail(check, &rows, status, deciding),
                ));
            }
            judged.status = Status::all([judged.status, status]);
            judged.checks.push(JudgedCheck { check: checked.check, status, rows });
        }
        judged.detail = match details.is_empty() {
            true => self.words.say("judge.check_none"),
            false => {
                // For an unmet item, lists without a violation are left out: for example the largest classes of
                // sections that the bands have not decided, beside ten that are too large.
                let settled = judged.status == Status::Met || details.iter().all(|(met, _)| *met);
                let told = details.into_iter().filter(|(met, _)| settled || !met).map(|(_, text)| text);
                told.collect::<Vec<_>>().join(&self.words.say("judge.joint"))
            }
        };
        judged
    }

    /// What the data say of a scored item, beside its score, which they do not decide.
    fn beside(&self, mut judged: JudgedItem, checks: &[Check]) -> JudgedItem {
        let data = self.checks(judged.item, checks);
        if data.checks.iter().all(|check| check.rows.is_empty()) {
            return judged;
        }
        let mut details = vec![judged.detail, data.detail];
        let full = judged.score.zip(judged.points).is_some_and(|(score, points)| score >= points);
        if full && data.status == Status::Unmet {
            details.push(self.words.say("judge.score_against_data"));
        }
        judged.detail = details.join(&self.words.say("judge.joint"));
        judged.checks = data.checks;
        judged
    }

    fn check_detail(
        &self,
        check: &Check,
        rows: &[(CheckedRow, Status)],
        status: Status,
        deciding: Option<&CheckedRow>,
    ) -> String {
        let words = self.words;
        let title = check.title.get(words.language).to_string();
        let single = !matches!(check.over, Over::Section | Over::School);
        let (unmet, missing) = (
            rows.iter().filter(|(_, s)| *s == Status::Unmet).count(),
            rows.iter().filter(|(_, s)| *s == Status::Missing).count(),
        );
        let missing_facts: Vec<String> = {
            let mut ids: Vec<&String> = rows.iter().flat_map(|(row, _)| &row.missing).collect();
            ids.sort();
            ids.dedup();
            ids.into_iter().map(|id| words.fact(id)).collect()
        };
        let mut text = if single {
            let row = deciding.unwrap_or(&rows[0].0);
            // 99.97 does not reach 100 and must not be printed as 100.
            let decimals = match borderline(row, check) {
                true => (check.decimals..12).find(|d| row.value.is_none_or(|v| !turns(row, check, v, *d))),
                false => None,
            };
            let number = |v: Option<f64>| {
                let print = |v| printed(v, decimals.unwrap_or(check.decimals));
                v.map_or_else(|| "—".to_string(), print)
            };
            words.fill(
                "judge.check_value",
                &[
                    ("check", title),
                    ("value", number(row.value)),
                    ("unit", with_unit(&check.unit, words)),
                    ("compare", words.say(&format!("judge.compare_{}", check.compare.id()))),
                    ("required", number(row.required)),
                ],
            )
        } else {
            words.fill(
                match (check.over, missing == rows.len()) {
                    (_, true) => "judge.check_rows_missing",
                    (Over::School, _) => "judge.check_schools",
                    _ => "judge.check_sections",
                },
                &[("check", title), ("n", rows.len().to_string()), ("unmet", unmet.to_string())],
            )
        };
        if status == Status::Missing || missing > 0 {
            let schools: usize = rows.iter().map(|(row, _)| row.missing_in.len()).sum::<usize>().max(missing);
            text += &words.fill(
                "judge.check_missing",
                &[("facts", missing_facts.join(&words.say("judge.comma"))), ("n", schools.to_string())],
            );
        }
        text
    }

    fn answered(&self, index: usize, item: &Item) -> JudgedItem {
        let mut judged = self.empty(index);
        let answer = self.answers.and_then(|a| a.get(&item.id)).and_then(|a| a.met);
        let (status, key) = match answer {
            Some(true) => (Status::Met, "judge.answer_met"),
            Some(false) => (Status::Unmet, "judge.answer_unmet"),
            None => (Status::Missing, "judge.answer_missing"),
        };
        if answer.is_none() {
            judged.unanswered.push(item.id.clone());
        }
        let key =
            if matches!(item.rule, Rule::Veto) { key.replace("answer", "veto") } else { key.to_string() };
        judged.status = status;
        judged.detail = self.words.say(&key);
        judged
    }

    /// The score of the item, or the sum of its parts; at least `floor` of its points.
    fn scored(&self, index: usize, points: f64, floor: f64, parts: &[Part]) -> JudgedItem {
        let mut judged = self.empty(index);
        let id = &self.standard.items[index].id;
        judged.points = Some(points);
        judged.threshold = Some(points * floor);
        let score_of = |id: &str| self.answers.and_then(|a| a.get(id)).and_then(|a| a.score);
        let by_part: Vec<(String, Option<f64>, f64)> = parts
            .iter()
            .filter(|part| self.standard.in_force(&part.only))
            .map(|part| {
                let id = format!("{id}.{}", part.id);
                let score = score_of(&id);
                (id, score, part.points.unwrap_or_default())
            })
            .collect();
        let whole = score_of(id);
        let total = match whole {
            Some(score) => Some(score),
            None if by_part.is_empty() => None,
            None => by_part.iter().map(|(_, score, _)| *score).sum(),
        };
        let print = |n: f64| format!("{n}");
        let Some(score) = total else {
            judged.status = Status::Missing;
            judged.unanswered = by_part.into_iter().filter(|p| p.1.is_none()).map(|p| p.0).collect();
            if judged.unanswered.is_empty() {
                judged.unanswered.push(id.clone());
            }
            judged.detail = self.words.fill(
                "judge.score_missing",
                &[("points", print(points)), ("ids", judged.unanswered.join(&self.words.say("judge.comma")))],
            );
            return judged;
        };
        let above = whole.is_some_and(|w| w > points || w < 0.0)
            || by_part.iter().any(|(_, s, most)| s.is_some_and(|s| s > *most || s < 0.0));
        judged.value = Some(score);
        // An impossible score is a typing error: it neither meets nor fails, and enters no total.
        if !above {
            judged.score = Some(score);
        }
        // Shares of points are decimals of one or two places, so nine places are compared.
        judged.status = match above {
            true => Status::Missing,
            false if score + 1e-9 < points * floor => Status::Unmet,
            false => Status::Met,
        };
        let key = if above { "judge.score_above" } else { "judge.score" };
        judged.detail = self.words.fill(
            key,
            &[("score", print(score)), ("points", print(points)), ("floor", print(points * floor))],
        );
        judged
    }
}

impl District<'_> {
    /// The status by the unrounded value, or by the printed value (setting `comparison`).
    fn row_status(&self, row: &CheckedRow, check: &Check) -> Status {
        match row_status(row, check.compare) {
            Status::Missing => Status::Missing,
            exact if self.standard.setting("comparison") != "printed" || !borderline(row, check) => exact,
            Status::Met => Status::Unmet,
            _ => Status::Met,
        }
    }
}

/// The unit after its number: `9.10万元`, `9.10 yuan`, `52.0%`.
fn with_unit(unit: &str, words: &Words) -> String {
    let shown = words.unit(unit);
    if unit == "%" || shown.is_empty() { shown } else { words.say("judge.unit_gap") + &shown }
}

/// A calculated number as the form prints it: rounded half away from zero, on the decimal that it stands for.
fn printed(value: f64, decimals: u32) -> String {
    let rounded = rounded(value, decimals).and_then(|exact| exact.to_f64());
    rounded.map_or_else(|| "—".to_string(), |value| format!("{value:.*}", decimals as usize))
}

/// Rounds a decimal of twelve digits, so that the noise of binary fractions does not count.
fn rounded(value: f64, decimals: u32) -> Option<BigRational> {
    let exact = value.is_finite().then(|| exact::decimal(&format!("{value:.11e}"))).flatten()?;
    Some(exact::printed(&exact, decimals))
}

fn row_status(row: &CheckedRow, compare: Comparison) -> Status {
    match row.met(compare) {
        Some(true) => Status::Met,
        Some(false) => Status::Unmet,
        None => Status::Missing,
    }
}

/// The row furthest on the wrong side of its bound, or the one nearest to it.
fn deciding(rows: &[(CheckedRow, Status)], compare: Comparison) -> Option<&CheckedRow> {
    let distance = |row: &CheckedRow| {
        let (value, required) = row.value.zip(row.required)?;
        Some(match compare {
            Comparison::AtLeast | Comparison::More => required - value,
            Comparison::AtMost | Comparison::Less => value - required,
            Comparison::Equal => (value - required).abs(),
        })
    };
    rows.iter()
        .filter_map(|(row, _)| Some((row, distance(row)?)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(row, _)| row)
}

/// Whether the printed value would give another status.
fn borderline(row: &CheckedRow, check: &Check) -> bool {
    row.value.is_some_and(|value| turns(row, check, value, check.decimals))
}

/// Whether `value` rounded to this many decimals gives another status.
fn turns(row: &CheckedRow, check: &Check, value: f64, decimals: u32) -> bool {
    let (Some(printed), Some(required)) = (rounded(value, decimals), row.required.and_then(exact::exact_of))
    else {
        return false;
    };
    compares(&printed, check.compare, &required) != (row_status(row, check.compare) == Status::Met)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: f64, required: f64) -> CheckedRow {
        CheckedRow { value: Some(value), required: Some(required), ..CheckedRow::default() }
    }

    #[test]
    fn every_comparison_under_on_and_over() {
        use Comparison::*;
        for (compare, under, on, over) in [
            (AtLeast, Status::Unmet, Status::Met, Status::Met),
            (AtMost, Status::Met, Status::Met, Status::Unmet),
            (More, Status::Unmet, Status::Unmet, Status::Met),
            (Less, Status::Met, Status::Unmet, Status::Unmet),
            (Equal, Status::Unmet, Status::Met, Status::Unmet),
        ] {
            let found = [94.9, 95.0, 95.1].map(|value| row_status(&row(value, 95.0), compare));
            assert_eq!(found, [under, on, over], "{compare:?}");
        }
        assert_eq!(row_status(&CheckedRow::default(), AtLeast), Status::Missing);
    }

    #[test]
    fn the_worst_row_decides() {
        let rows: Vec<_> = [2.0, 9.0, 5.0].map(|v| (row(v, 4.0), Status::Met)).into();
        assert_eq!(deciding(&rows, Comparison::AtLeast).unwrap().value, Some(2.0));
        assert_eq!(deciding(&rows, Comparison::AtMost).unwrap().value, Some(9.0));
    }
}
