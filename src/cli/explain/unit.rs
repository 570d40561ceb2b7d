//! One unit of a scoring: an item with the rule's arithmetic and the cells behind, or a part of one.

use std::path::Path;

use polars::prelude::DataFrame;

use super::{screen, shown};
use crate::{
    number,
    problem::{Problem, Result},
    report::parquet,
    standard::Standard,
    tables::Row,
    words::Words,
};

/// What a scoring wrote of one unit.
pub(super) struct UnitExplainer<'a> {
    pub folder: &'a Path,
    pub standard: &'a Standard,
    pub words: &'a Words,
    pub unit: String,
}

impl UnitExplainer<'_> {
    pub fn table(&self, name: &str) -> Result<DataFrame> {
        table(self.folder, name)
    }

    pub fn say(&self, key: &str, args: &[(&str, String)], first: &str) -> Vec<String> {
        screen::wrap(&self.words.text(&format!("score.explain.{key}"), args), first, screen::WIDTH)
    }

    /// An item, or of it only the part asked for.
    pub fn item(&self, item: &str, only: Option<&str>) -> Result<Vec<String>> {
        let words = self.words;
        let of = |row: &Row| row.said("unit") == self.unit && row.said("item") == item;
        let scores = self.table("scores")?;
        let Some(score) = Row::all(&scores).find(|row| of(row)) else {
            return Err(Problem::error("indicator_unknown", shown(self.folder))
                .with("found", item)
                .with("standard", &self.standard.id)
                .with("known", Row::all(&scores).map(|row| row.said("item")).collect::<Vec<_>>().join(" "))
                .into());
        };
        let head = [
            ("unit", self.unit.clone()),
            ("item", item.to_string()),
            ("title", score.said("title").to_string()),
        ];
        let mut lines = vec![screen::heading(&words.text("score.explain.head", &head))];
        let total = [
            ("score", print(score.number("score"))),
            ("points", print(score.number("points"))),
            ("arithmetic", score.said("arithmetic").to_string()),
        ];
        let key = if score.number("score").is_some() { "item" } else { "open" };
        lines.extend(self.say(key, &total, "  "));
        let (parts, marks) = (self.table("parts")?, self.table("marks")?);
        let wanted = |row: &Row| of(row) && only.is_none_or(|part| row.said("part") == part);
        for row in Row::all(&parts).filter(|row| wanted(row)) {
            let entry = format!("{item}.{}", row.said("part"));
            let mut own = Row::all(&marks);
            let entered = own.find(|mark| mark.said("unit") == self.unit && mark.said("entry") == entry);
            lines.extend(self.part(&row, entered.as_ref().map(|mark| mark.said("entered"))));
        }
        if only.is_none() {
            lines.extend(self.evidence(&of)?);
        }
        Ok(lines)
    }

    /// A part with its arithmetic, or an adjustment with what was answered and what that took off; the cell behind.
    fn part(&self, row: &Row, entered: Option<&str>) -> Vec<String> {
        // Below 0: what an adjustment took off.
        let taken = || match (row.number("score"), entered) {
            (None, _) => self.words.say("score.unmarked"),
            // Nothing: then what was answered says more.
            (Some(0.0), Some(entered)) => entered.to_string(),
            (Some(0.0), None) => "0".into(),
            (taken, _) => print(taken).replace('-', "−"),
        };
        let args = [
            ("part", row.said("part").to_string()),
            ("title", row.said("part_title").to_string()),
            ("arithmetic", row.text("arithmetic").map_or_else(taken, str::to_string)),
        ];
        let mut lines = self.say("part", &args, "  · ");
        let cell = joined(&[row.said("file"), row.said("sheet"), row.said("cell")], " / ");
        if !cell.is_empty() {
            let who = joined(&[row.said("office"), row.said("marker")], " ");
            lines.extend(self.say("mark", &[("who", who), ("cell", cell)], "      "));
        }
        lines
    }

    /// What data gave, or somebody entered for want of data.
    fn evidence(&self, of: &dyn Fn(&Row) -> bool) -> Result<Vec<String>> {
        let evidence = self.table("evidence")?;
        let mut lines = Vec::new();
        for row in Row::all(&evidence).filter(|row| of(row)) {
            let key = match (row.number("value"), row.yes("computed")) {
                (Some(_), computed) if row.yes("counts_rows") == Some(true) => match computed {
                    Some(true) => "rows_computed",
                    _ => "rows_entered",
                },
                (None, _) if row.yes("counts_rows") == Some(true) => "rows_unknown",
                (None, _) => "unknown",
                (Some(_), Some(true)) => "computed",
                _ => "entered",
            };
            let args = [
                ("title", row.said("check_title").to_string()),
                ("value", print(row.number("value"))),
                ("unit", self.words.unit(row.said("unit_of_value"))),
                ("required", print(row.number("required"))),
            ];
            lines.extend(self.say(key, &args, "  · "));
            for key in ["missing", "cells"] {
                if let Some(text) = row.text(key).filter(|text| !text.is_empty()) {
                    lines.extend(self.say(key, &[("text", text.to_string())], "      "));
                }
            }
        }
        Ok(lines)
    }
}

fn joined(texts: &[&str], between: &str) -> String {
    let texts: Vec<&str> = texts.iter().copied().filter(|text| !text.is_empty()).collect();
    texts.join(between)
}

pub(super) fn print(value: Option<f64>) -> String {
    value.map_or_else(|| "—".into(), |value| number::at_most(value, 4))
}

/// A table of the folder.
///
/// # Errors
/// The run did not write it; it cannot be read.
pub(super) fn table(folder: &Path, name: &str) -> Result<DataFrame> {
    let path = folder.join(format!("{name}.parquet"));
    if !path.exists() {
        return Err(Problem::error("table_not_written", shown(&path)).with("table", name).into());
    }
    parquet::read(&path)
}
