//! Checks a file against the JSON schema: unknown keys, wrong types, values outside a closed list, missing keys. Every
//! problem is found, with its line and column. Supports the part of JSON Schema that `raw` generates.

use serde_json::Value as Json;

use super::tree::{Node, Position, Value};
use crate::{nearest::nearest, problem::Problem};

/// The problems with the structure of `node`; empty if it conforms.
pub fn problems(node: &Node, schema: &Json) -> Vec<Problem> {
    let mut shape = Shape { root: schema, problems: Vec::new() };
    shape.check(node, schema, "");
    shape.duplicates(node);
    shape.problems
}

struct Shape<'a> {
    root: &'a Json,
    problems: Vec<Problem>,
}

impl<'a> Shape<'a> {
    fn resolve(&self, schema: &'a Json) -> &'a Json {
        match schema.get("$ref").and_then(Json::as_str) {
            Some(reference) => {
                let found = reference.strip_prefix('#').and_then(|pointer| self.root.pointer(pointer));
                found.map_or(schema, |s| self.resolve(s))
            }
            None => schema,
        }
    }

    fn check(&mut self, node: &Node, schema: &'a Json, key: &str) {
        let schema = self.resolve(schema);
        if let Some(branches) = schema.get("anyOf").and_then(Json::as_array) {
            let fitting = branches.iter().find(|branch| fits(node, self.resolve(branch)));
            match fitting.or(branches.last()) {
                Some(branch) => return self.check(node, branch, key),
                None => return,
            }
        }
        if let Some(words) = words(schema) {
            if !node.text().is_some_and(|text| words.contains(&text)) {
                self.problems.push(
                    Problem::error("standard_not_allowed", node.at.place())
                        .with("key", key)
                        .with("found", node.shown())
                        .with("allowed", words.join(", ")),
                );
            }
            return;
        }
        if !fits(node, schema) {
            self.problems.push(
                Problem::error(wants(schema), node.at.place()).with("key", key).with("found", node.shown()),
            );
            return;
        }
        match &node.value {
            Value::List(list) => {
                let bound = |name: &str| schema.get(name).and_then(Json::as_u64);
                let (least, most) = (bound("minItems").unwrap_or(0), bound("maxItems").unwrap_or(u64::MAX));
                if !(least..=most).contains(&(list.len() as u64)) {
                    self.problems.push(
                        Problem::error("standard_list_length", node.at.place())
                            .with("key", key)
                            .with("found", list.len())
                            .with("expected", least),
                    );
                }
                if let Some(items) = schema.get("items") {
                    list.iter().for_each(|node| self.check(node, items, key));
                }
            }
            Value::Table(entries) => {
                let known = schema.get("properties").and_then(Json::as_object);
                let others = schema.get("additionalProperties");
                for (name, entry) in entries {
                    match (known.and_then(|k| k.get(name)), others) {
                        (Some(schema), _) => self.check(&entry.node, schema, name),
                        (None, Some(schema)) if schema.is_object() => self.check(&entry.node, schema, name),
                        _ => self.unknown(&entry.key, name, known),
                    }
                }
                for name in schema.get("required").and_then(Json::as_array).into_iter().flatten() {
                    let name = name.as_str().unwrap_or_default();
                    if !entries.contains_key(name) {
                        self.problems
                            .push(Problem::error("standard_missing_key", node.at.place()).with("key", name));
                    }
                }
            }
            Value::Whole(number)
                if schema.get("minimum").and_then(Json::as_i64).is_some_and(|least| *number < least) =>
            {
                self.problems.push(
                    Problem::error("standard_negative", node.at.place())
                        .with("key", key)
                        .with("found", number),
                );
            }
            Value::Whole(number)
                if schema.get("format").and_then(Json::as_str) == Some("uint32")
                    && *number > i64::from(u32::MAX) =>
            {
                self.problems.push(
                    Problem::error("standard_out_of_range", node.at.place())
                        .with("key", key)
                        .with("found", number)
                        .with("allowed", format!("0–{}", u32::MAX)),
                );
            }
            _ => {}
        }
    }

    fn unknown(&mut self, at: &Position, name: &str, known: Option<&serde_json::Map<String, Json>>) {
        let known: Vec<&str> = known.into_iter().flatten().map(|(key, _)| key.as_str()).collect();
        let near = nearest(name, known.iter().copied());
        let code = if near.is_empty() { "standard_unknown_key" } else { "standard_misspelt_key" };
        self.problems.push(
            Problem::error(code, at.place())
                .with("found", name)
                .with("nearest", near.join(", "))
                .with("allowed", known.join(", ")),
        );
    }

    /// Checks that ids are unique in their list.
    fn duplicates(&mut self, node: &Node) {
        match &node.value {
            Value::List(list) => {
                for (i, item) in list.iter().enumerate() {
                    let first =
                        list[..i].iter().find(|earlier| item.id().is_some() && earlier.id() == item.id());
                    if let Some(first) = first {
                        self.problems.push(
                            Problem::error("standard_duplicate_id", item.at.place())
                                .with("id", item.id().unwrap_or_default())
                                .with("first", first.at.short()),
                        );
                    }
                    self.duplicates(item);
                }
            }
            Value::Table(entries) => entries.values().for_each(|entry| self.duplicates(&entry.node)),
            _ => {}
        }
    }
}

fn types(schema: &Json) -> Vec<&str> {
    match schema.get("type") {
        Some(Json::String(one)) => vec![one.as_str()],
        Some(Json::Array(many)) => many.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}

fn fits(node: &Node, schema: &Json) -> bool {
    let types = types(schema);
    let any = |wanted: &[&str]| types.is_empty() || types.iter().any(|t| wanted.contains(t));
    match &node.value {
        Value::Table(_) => any(&["object"]),
        Value::List(_) => any(&["array"]),
        Value::Text(_) => any(&["string"]),
        Value::Whole(_) => any(&["integer", "number"]),
        Value::Number(_) => any(&["number"]),
        Value::Truth(_) => any(&["boolean"]),
        Value::Other(_) => false,
    }
}

/// The values of a closed list: `enum`, or `oneOf` with `const`s that carry descriptions.
fn words(schema: &Json) -> Option<Vec<&str>> {
    if let Some(list) = schema.get("enum").and_then(Json::as_array) {
        return Some(list.iter().filter_map(Json::as_str).collect());
    }
    let branches = schema.get("oneOf").and_then(Json::as_array)?;
    Some(
        branches
            .iter()
            .flat_map(|branch| match branch.get("const").and_then(Json::as_str) {
                Some(word) => vec![word],
                None => words(branch).unwrap_or_default(),
            })
            .collect(),
    )
}

fn wants(schema: &Json) -> &'static str {
    match types(schema)[..] {
        ["string", "number"] => "standard_wants_formula",
        ["string"] => "standard_wants_text",
        ["integer"] => "standard_wants_whole",
        ["number"] => "standard_wants_number",
        ["boolean"] => "standard_wants_truth",
        ["array"] => "standard_wants_list",
        _ => "standard_wants_table",
    }
}
