//! The committed notebooks can be read without running them, and contain the results that they were checked for.
//! `notebooks-rs/run.sh` runs them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::project;

fn json(name: &str) -> Value {
    let path = project(&format!("notebooks-rs/{name}"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|why| panic!("{name}: {why}"))
}

/// A text of a notebook: one string or its lines.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

fn each(of: &Value, key: &str) -> Vec<Value> {
    of[key].as_array().cloned().unwrap_or_default()
}

/// Names and values of the lines `核对 NAME = VALUE`.
fn keys(notebook: &Value) -> BTreeMap<String, String> {
    let outputs = each(notebook, "cells").into_iter().flat_map(|cell| each(&cell, "outputs"));
    let printed: String = outputs.map(|output| text(&output["text"])).collect();
    let lines = printed.lines().filter_map(|line| line.strip_prefix("核对 ")?.split_once(" = "));
    lines.map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

#[test]
fn outputs_are_committed_and_say_what_was_checked() {
    let expected = json("expected.json");
    for name in ["1-county", "2-annual", "3-decomposition"] {
        let file = format!("{name}.ipynb");
        let notebook = json(&file);
        let mut found = keys(&notebook);
        let mut wanted = &expected[name];
        if let Some(data) = found.remove("data") {
            wanted = &wanted[data.as_str()];
        }
        let wanted: BTreeMap<String, String> =
            wanted.as_object().unwrap().iter().map(|(name, value)| (name.clone(), text(value))).collect();
        assert!(!wanted.is_empty(), "{name}");
        assert_eq!(found, wanted, "{name}");
    }
}

#[test]
fn every_cell_was_run_in_order_and_none_failed() {
    for name in ["1-county", "2-annual", "3-decomposition"] {
        let file = format!("{name}.ipynb");
        let cells = each(&json(&file), "cells");
        let code: Vec<&Value> = cells.iter().filter(|cell| cell["cell_type"] == "code").collect();
        for (at, cell) in code.iter().enumerate() {
            assert_eq!(cell["execution_count"], at + 1, "{name}: cell {}", at + 1);
            for output in each(cell, "outputs") {
                assert_ne!(output["output_type"], "error", "{name}: cell {}", at + 1);
            }
        }
        let pictures = code
            .iter()
            .flat_map(|cell| each(cell, "outputs"))
            .filter(|output| {
                let html = text(&output["data"]["text/html"]);
                !output["data"]["image/svg+xml"].is_null() || html.contains("<svg")
            })
            .count();
        assert!(pictures >= 3, "{name}: {pictures} cells with pictures");
        let size = std::fs::metadata(project(&format!("notebooks-rs/{file}"))).unwrap().len();
        assert!(size < 350_000, "{name}: {size} bytes");
    }
}
