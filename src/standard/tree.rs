//! A TOML file as a tree in which every value has its file, line and column.

use std::{collections::BTreeMap, sync::Arc};

use toml::de::{DeTable, DeValue};

use crate::problem::{Place, Problem};

/// A file, a line and a column (from 1, in characters).
#[derive(Debug, Clone, PartialEq)]
pub struct Position {
    file: Arc<str>,
    line: usize,
    column: usize,
}

impl Position {
    pub fn place(&self) -> Place {
        Place {
            file: Some(self.file.to_string()),
            sheet: None,
            cell: Some(format!("{}:{}", self.line, self.column)),
        }
    }

    /// Line and column without the file.
    pub fn short(&self) -> String {
        format!("{}:{}", self.line, self.column)
    }
}

#[derive(Debug, Clone)]
pub struct Node {
    pub at: Position,
    pub value: Value,
}

#[derive(Debug, Clone)]
pub enum Value {
    Table(BTreeMap<String, Entry>),
    List(Vec<Node>),
    Text(String),
    Whole(i64),
    Number(f64),
    Truth(bool),
    /// Dates and other TOML values that standards do not use, as written.
    Other(String),
}

#[derive(Debug, Clone)]
pub struct Entry {
    /// The position of the key.
    pub key: Position,
    pub node: Node,
}

/// Turns byte offsets into positions.
struct Lines<'a> {
    file: Arc<str>,
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(file: &str, text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Lines { file: file.into(), text, starts }
    }

    fn at(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|&start| start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        Position { file: self.file.clone(), line, column }
    }
}

/// Parses TOML; every syntax error is reported, not only the first.
pub fn parse(text: &str, file: &str) -> Result<Node, Vec<Problem>> {
    let text = text.trim_start_matches('\u{feff}');
    let lines = Lines::new(file, text);
    let (table, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        return Err(errors
            .iter()
            .map(|error| {
                let at = lines.at(error.span().map_or(0, |span| span.start));
                Problem::error("standard_syntax", at.place()).with("why", error.message())
            })
            .collect());
    }
    Ok(Node { at: lines.at(0), value: table_value(table.get_ref(), &lines) })
}

fn table_value(table: &DeTable<'_>, lines: &Lines<'_>) -> Value {
    let entries = table.iter().map(|(key, value)| {
        let node = node(value.get_ref(), lines.at(value.span().start), lines);
        (key.get_ref().to_string(), Entry { key: lines.at(key.span().start), node })
    });
    Value::Table(entries.collect())
}

fn node(value: &DeValue<'_>, at: Position, lines: &Lines<'_>) -> Node {
    let value = match value {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => i64::from_str_radix(&number.as_str().replace('_', ""), number.radix())
            .map_or_else(|_| Value::Other(number.to_string()), Value::Whole),
        DeValue::Float(number) => match number.as_str().replace('_', "").parse::<f64>() {
            Ok(number) if number.is_finite() => Value::Number(number),
            _ => Value::Other(number.to_string()),
        },
        DeValue::Boolean(truth) => Value::Truth(*truth),
        DeValue::Datetime(date) => Value::Other(date.to_string()),
        DeValue::Array(list) => {
            Value::List(list.iter().map(|v| node(v.get_ref(), lines.at(v.span().start), lines)).collect())
        }
        DeValue::Table(table) => table_value(table, lines),
    };
    Node { at, value }
}

impl Node {
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(entries) => entries.get(key).map(|e| &e.node),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn list(&self) -> &[Node] {
        match &self.value {
            Value::List(list) => list,
            _ => &[],
        }
    }

    /// The `id` of a table.
    pub fn id(&self) -> Option<&str> {
        self.get("id")?.text()
    }

    /// The non-empty keys of a table in alphabetical order; an empty list counts as empty.
    pub fn keys(&self) -> Vec<String> {
        let Value::Table(entries) = &self.value else { return Vec::new() };
        let says = |entry: &Entry| !matches!(&entry.node.value, Value::List(list) if list.is_empty());
        entries.iter().filter(|(_, entry)| says(entry)).map(|(key, _)| key.clone()).collect()
    }

    /// The value at `path` (`indicator.2.numerator`).
    pub fn find(&self, path: &str) -> Option<&Node> {
        steps(path).try_fold(self, Node::step)
    }

    /// The position of `path`, or of the nearest existing table above it.
    pub fn position(&self, path: &str) -> Position {
        let mut here = self;
        for step in steps(path) {
            match here.step(step) {
                Some(next) => here = next,
                None => break,
            }
        }
        here.at.clone()
    }

    fn step(&self, step: &str) -> Option<&Node> {
        match &self.value {
            Value::List(list) => step.parse::<usize>().ok().and_then(|i| list.get(i)),
            _ => self.get(step),
        }
    }

    /// As it would be written, for messages.
    pub fn shown(&self) -> String {
        match &self.value {
            Value::Text(text) => format!("\"{}\"", text.chars().take(60).collect::<String>()),
            Value::Whole(number) => number.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Truth(truth) => truth.to_string(),
            Value::Other(text) => text.clone(),
            Value::List(_) => "[ … ]".into(),
            Value::Table(_) => "{ … }".into(),
        }
    }

    pub fn into_toml(self) -> toml::Value {
        match self.value {
            Value::Table(entries) => {
                toml::Value::Table(entries.into_iter().map(|(k, e)| (k, e.node.into_toml())).collect())
            }
            Value::List(list) => toml::Value::Array(list.into_iter().map(Node::into_toml).collect()),
            Value::Text(text) | Value::Other(text) => toml::Value::String(text),
            Value::Whole(number) => toml::Value::Integer(number),
            Value::Number(number) => toml::Value::Float(number),
            Value::Truth(truth) => toml::Value::Boolean(truth),
        }
    }
}

fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.split('.').filter(|step| !step.is_empty())
}
