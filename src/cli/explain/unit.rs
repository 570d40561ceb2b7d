//! One unit of a result of `score`: an item, or a part of one, with its arithmetic and its cells.

use std::path::Path;

use super::{result, screen, shown};
use crate::{
    number,
    problem::{Problem, Result},
    standard::Standard,
    tables::{
        definition::{Defined, Frame},
        scoring_tables::{evidence, item_scores, marks_entered, part_scores},
    },
    words::Words,
};

/// The rows of one unit in a result of `score`.
pub(super) struct UnitExplainer<'a> {
    pub folder: &'a Path,
    pub standard: &'a Standard,
    pub words: &'a Words,
    pub unit: String,
}

impl UnitExplainer<'_> {
    /// A table of the scoring.
    ///
    /// # Errors
    /// The run did not write the table, or it cannot be read.
    pub fn table<T: Defined>(&self) -> Result<Frame<T>> {
        result::table(self.folder, "")
    }

    pub fn say(&self, key: &str, args: &[(&str, String)], first: &str) -> Vec<String> {
        screen::wrap(&self.words.fill(&format!("score.explain.{key}"), args), first, screen::WIDTH)
    }

    /// Explains an item, or only the part asked for.
    pub fn item(&self, item: &str, only: Option<&str>) -> Result<Vec<String>> {
        let words = self.words;
        let scores: item_scores::Frame = self.table()?;
        let Some(score) = scores.rows().find(|row| row.unit() == self.unit && row.item() == item) else {
            let known: Vec<&str> = scores.rows().map(item_scores::Row::item).collect();
            return Err(Problem::error("indicator_unknown", shown(self.folder))
                .with("found", item)
                .with("standard", &self.standard.id)
                .with("known", known.join(" "))
                .into());
        };
        let head =
            [("unit", self.unit.clone()), ("item", item.to_string()), ("title", score.title().to_string())];
        let mut lines = vec![screen::heading(&words.fill("score.explain.head", &head))];
        let total = [
            ("score", print(score.score())),
            ("points", print(score.points())),
            ("arithmetic", score.arithmetic().unwrap_or_default().to_string()),
        ];
        let key = if score.score().is_some() { "item" } else { "open" };
        lines.extend(self.say(key, &total, "  "));
        let parts: part_scores::Frame = self.table()?;
        let marks: marks_entered::Frame = self.table()?;
        let of_item = parts.rows().filter(|row| row.unit() == self.unit && row.item() == item);
        for row in of_item.filter(|row| only.is_none_or(|part| row.part() == Some(part))) {
            let entry = format!("{item}.{}", row.part().unwrap_or_default());
            let entered = marks.rows().find(|mark| mark.unit() == self.unit && mark.entry() == entry);
            lines.extend(self.part(row, entered.map(marks_entered::Row::entered)));
        }
        if only.is_none() {
            lines.extend(self.evidence(item)?);
        }
        Ok(lines)
    }

    /// A part with its arithmetic, or an adjustment with its answer and deduction; and the cell that was filled in.
    fn part(&self, row: part_scores::Row, entered: Option<&str>) -> Vec<String> {
        // A negative score is the deduction of an adjustment.
        let taken = || match (row.score(), entered) {
            (None, _) => self.words.say("score.unmarked"),
            // Without a deduction, the answer is more informative.
            (Some(0.0), Some(entered)) => entered.to_string(),
            (Some(0.0), None) => "0".into(),
            (taken, _) => print(taken).replace('-', "−"),
        };
        let args = [
            ("part", row.part().unwrap_or_default().to_string()),
            ("title", row.part_title().unwrap_or_default().to_string()),
            ("arithmetic", row.arithmetic().map_or_else(taken, str::to_string)),
        ];
        let mut lines = self.say("part", &args, "  · ");
        let cell = joined([row.file(), row.sheet(), row.cell()], " / ");
        if !cell.is_empty() {
            let who = joined([row.office(), row.marker()], " ");
            lines.extend(self.say("mark", &[("who", who), ("cell", cell)], "      "));
        }
        lines
    }

    /// A value computed from data, or entered because there were no data.
    fn evidence(&self, item: &str) -> Result<Vec<String>> {
        let evidence: evidence::Frame = self.table()?;
        let mut lines = Vec::new();
        for row in evidence.rows().filter(|row| row.unit() == self.unit && row.item() == item) {
            let known = row.value().is_some();
            let key = match (row.counts_rows() == Some(true), known, row.computed()) {
                (true, true, true) => "rows_computed",
                (true, true, false) => "rows_entered",
                (true, false, _) => "rows_unknown",
                (false, true, true) => "computed",
                (false, true, false) => "entered",
                (false, false, _) => "unknown",
            };
            let args = [
                ("title", row.check_title().unwrap_or_default().to_string()),
                ("value", print(row.value())),
                ("unit", self.words.unit(row.unit_of_value().unwrap_or_default())),
                ("required", print(row.required())),
            ];
            lines.extend(self.say(key, &args, "  · "));
            for (key, text) in [("missing", row.missing()), ("cells", row.cells())] {
                if let Some(text) = text.filter(|text| !text.is_empty()) {
                    lines.extend(self.say(key, &[("text", text.to_string())], "      "));
                }
            }
        }
        Ok(lines)
    }
}

fn joined<const N: usize>(texts: [Option<&str>; N], between: &str) -> String {
    let texts: Vec<&str> = texts.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    texts.join(between)
}

pub(super) fn print(value: Option<f64>) -> String {
    value.map_or_else(|| "—".into(), |value| number::at_most(value, 4))
}
