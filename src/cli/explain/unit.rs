//! One item of one unit of a scoring: the rule's arithmetic, and the cells behind.

use std::path::Path;

use polars::prelude::DataFrame;

use super::{screen, shown};
use crate::{
    number,
    problem::{Problem, Result},
    report::{
        json::{Run, Used},
        parquet,
    },
    standard::Standard,
    tables::Row,
    words::Words,
};

/// The standard of a scoring's folder; `None` where the folder holds none.
pub fn scored(folder: &Path, named: Option<&str>) -> Result<Option<Standard>> {
    let run = Run::load(folder)?;
    let fits = |used: &&Used| named.is_none_or(|name| used.id == name || used.named == name);
    let Some(used) = run.standards.iter().find(fits) else { return Ok(None) };
    // A judged standard is opened by whoever explains it, with its own errors.
    Ok(Standard::load(&used.named).ok().filter(|standard| standard.units.is_some()))
}

/// Score, parts and evidence of an item, in words.
///
/// # Errors
/// The folder lacks the tables; it knows no such unit or item.
pub fn explain(folder: &Path, standard: &Standard, unit: &str, item: &str, words: &Words) -> Result<String> {
    let scores = table(folder, "scores")?;
    let mut units: Vec<(&str, &str)> = Vec::new();
    for row in Row::all(&scores) {
        let found = (row.said("unit"), row.said("unit_code"));
        if !units.contains(&found) {
            units.push(found);
        }
    }
    let Some((name, _)) = units.iter().find(|(name, code)| *name == unit || *code == unit) else {
        let known: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
        return Err(Problem::error("score_unit_unknown", shown(folder))
            .with("found", unit)
            .with("known", known.join(&words.say("score.comma")))
            .into());
    };
    let of = |row: &Row| row.said("unit") == *name && row.said("item").eq_ignore_ascii_case(item.trim());
    let Some(score) = Row::all(&scores).find(|row| of(row)) else {
        let known: Vec<&str> = standard.items.iter().map(|item| item.id.as_str()).collect();
        return Err(Problem::error("indicator_unknown", shown(folder))
            .with("found", item)
            .with("standard", &standard.id)
            .with("known", known.join(" "))
            .into());
    };
    let print = |value: Option<f64>| value.map_or_else(|| "—".into(), |value| number::at_most(value, 4));
    let head = [
        ("unit", name.to_string()),
        ("item", score.said("item").to_string()),
        ("title", score.said("title").to_string()),
    ];
    let mut lines = vec![screen::heading(&words.text("score.explain.head", &head))];
    let key = match score.number("score") {
        Some(_) => "score.explain.item",
        None => "score.explain.open",
    };
    let total = [
        ("score", print(score.number("score"))),
        ("points", print(score.number("points"))),
        ("arithmetic", score.said("arithmetic").to_string()),
    ];
    lines.extend(screen::wrap(&words.text(key, &total), "  ", screen::WIDTH));
    let parts = table(folder, "parts")?;
    for row in Row::all(&parts).filter(|row| of(row)) {
        let arithmetic = match row.text("arithmetic") {
            Some(arithmetic) => arithmetic.to_string(),
            // What an adjustment took off, below 0.
            None => print(row.number("score").map(|taken| if taken == 0.0 { 0.0 } else { taken }))
                .replace('-', "−"),
        };
        let args = [
            ("part", row.said("part").to_string()),
            ("title", row.said("part_title").to_string()),
            ("arithmetic", arithmetic),
        ];
        lines.extend(screen::wrap(&words.text("score.explain.part", &args), "  · ", screen::WIDTH));
        let cell = [row.said("file"), row.said("sheet"), row.said("cell")];
        let cell: Vec<&str> = cell.into_iter().filter(|part| !part.is_empty()).collect();
        if !cell.is_empty() {
            let who: Vec<&str> = [row.said("office"), row.said("marker")]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect();
            let args = [("who", who.join(" ")), ("cell", cell.join(" / "))];
            lines.extend(screen::wrap(&words.text("score.explain.mark", &args), "      ", screen::WIDTH));
        }
    }
    let evidence = table(folder, "evidence")?;
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
            ("unit", words.unit(row.said("unit_of_value"))),
            ("required", print(row.number("required"))),
        ];
        lines.extend(screen::wrap(
            &words.text(&format!("score.explain.{key}"), &args),
            "  · ",
            screen::WIDTH,
        ));
        for (key, column) in [("missing", "missing"), ("cells", "cells")] {
            if let Some(text) = row.text(column).filter(|text| !text.is_empty()) {
                let text = words.text(&format!("score.explain.{key}"), &[("text", text.to_string())]);
                lines.extend(screen::wrap(&text, "      ", screen::WIDTH));
            }
        }
    }
    Ok(lines.join("\n"))
}

fn table(folder: &Path, name: &str) -> Result<DataFrame> {
    let path = folder.join(format!("{name}.parquet"));
    if !path.exists() {
        return Err(Problem::error("table_not_written", shown(&path)).with("table", name).into());
    }
    parquet::read(&path)
}
