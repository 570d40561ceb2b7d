//! What the program does for every sentence of a standard's document: `data/standards/coverage/<standard>.csv`.
//!
//! The list holds the whole text of the document in its order, so that a reader can check that no rule of it was lost.
//! Whatever carries a sentence is named by its id in the standard file, and a name that the file does not have is an
//! error.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Standard, Text};
use crate::{
    data,
    problem::{Error, Place, Problem, Result},
    words::Language,
};

/// What the program does for a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Carried {
    /// A number or a fact decides it, by a rule of the standard.
    Computed,
    /// People are asked for a mark, a conclusion, a date or a paper.
    Asked,
    /// It is a step of the year, with its date where the document has one.
    Reminded,
    /// It is printed where it is needed: on a marking sheet, in a letter, in a list.
    Printed,
    /// It asks nobody for anything: a title, a name, a purpose.
    Context,
    /// The program does nothing for it.
    None,
}

impl Carried {
    pub const ALL: [Carried; 6] = [
        Carried::Computed,
        Carried::Asked,
        Carried::Reminded,
        Carried::Printed,
        Carried::Context,
        Carried::None,
    ];

    /// As in the column `does`.
    pub fn id(self) -> &'static str {
        match self {
            Carried::Computed => "computed",
            Carried::Asked => "asked",
            Carried::Reminded => "reminded",
            Carried::Printed => "printed",
            Carried::Context => "context",
            Carried::None => "none",
        }
    }
}

/// One sentence of the document.
#[derive(Debug, Clone, Serialize)]
pub struct Sentence {
    /// Its position in the document, from 1.
    pub number: usize,
    /// The item, article or heading that it stands under.
    pub clause: String,
    /// As in the document.
    pub text: String,
    pub does: Carried,
    /// What carries it: `part:6.1`, `step:plans`, `scoring.total` ([`is_known`]).
    pub by: Vec<String>,
    /// What the program does for it, in a phrase.
    pub how: Text,
}

/// A row of the file.
#[derive(Deserialize)]
struct Line {
    number: usize,
    clause: String,
    text: String,
    does: Carried,
    by: String,
    how_zh: String,
    how_en: String,
}

/// The sentences of a standard's document; `None` if the program has no list for it. An edition of another standard is
/// another document, and has a list of its own or none.
///
/// # Errors
/// The list cannot be read, or names something that the standard does not have (`coverage_broken`,
/// `coverage_unknown`).
pub fn coverage(standard: &Standard) -> Result<Option<Vec<Sentence>>> {
    let file = format!("standards/coverage/{}.csv", standard.id);
    let Some(text) = data::text(&file)? else { return Ok(None) };
    let place = |line: u64| Place::cell(data::shown(&file), "", line.to_string());
    let whole = serde_json::to_value(standard).unwrap_or_default();
    let names = names(&whole);
    let mut sentences = Vec::new();
    let mut problems = Vec::new();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    // Line by line, because a text may contain line breaks.
    let mut rows = reader.deserialize::<Line>();
    loop {
        let at = rows.reader().position().line();
        let Some(row) = rows.next() else { break };
        let line = row.map_err(|why| Problem::error("coverage_broken", place(at)).with("why", why))?;
        let by: Vec<String> = line.by.split_whitespace().map(str::to_string).collect();
        for name in by.iter().filter(|name| !is_known(name, &whole, &names)) {
            problems.push(
                Problem::error("coverage_unknown", place(at))
                    .with("found", name)
                    .with("standard", &standard.id),
            );
        }
        sentences.push(Sentence {
            number: line.number,
            clause: line.clause,
            text: line.text,
            does: line.does,
            by,
            how: Text { zh: line.how_zh, en: Some(line.how_en) },
        });
    }
    if problems.is_empty() { Ok(Some(sentences)) } else { Err(Error::Input(problems)) }
}

/// The name before a command of the program, which a standard cannot know: `command:draw`.
const COMMAND: &str = "command:";

/// Lists of a standard whose entries have ids: the name before the id, the list, and the id of an entry, as JSON
/// pointers into the standard as it is shown to programs.
const LISTS: [(&str, &str, &str); 11] = [
    ("item", "/items", "/id"),
    ("group", "/groups", "/id"),
    ("indicator", "/indicators", "/id"),
    ("setting", "/settings", "/id"),
    ("unit", "/units/members", "/name"),
    ("grade", "/scoring/grades", "/name/zh"),
    ("source", "/scoring/components", "/id"),
    ("step", "/steps", "/id"),
    ("paper", "/papers", "/id"),
    ("round", "/rounds", "/id"),
    ("consequence", "/consequences", "/id"),
];

/// The same for lists of an item; the id is `<item>.<id>`.
const LISTS_OF_ITEMS: [(&str, &str); 3] =
    [("part", "/rule/parts"), ("adjust", "/rule/adjustments"), ("check", "/rule/checks")];

/// Everything in a standard that has an id: `item:6`, `part:6.1`, `step:plans`.
pub(super) fn names(whole: &Value) -> BTreeSet<String> {
    let list =
        |value: &Value, at: &str| value.pointer(at).and_then(Value::as_array).cloned().unwrap_or_default();
    let id =
        |value: &Value, at: &str| value.pointer(at).and_then(Value::as_str).unwrap_or_default().to_string();
    let mut names = BTreeSet::new();
    for (kind, entries, key) in LISTS {
        names.extend(list(whole, entries).iter().map(|entry| format!("{kind}:{}", id(entry, key))));
    }
    for item in list(whole, "/items") {
        for (kind, entries) in LISTS_OF_ITEMS {
            let of = id(&item, "/id");
            names
                .extend(list(&item, entries).iter().map(|entry| format!("{kind}:{of}.{}", id(entry, "/id"))));
        }
    }
    names
}

/// Whether something of this name carries sentences: an entry with an id ([`names`]), a command, or a field of the
/// standard that is there, such as `scoring.total` or `notes`.
fn is_known(name: &str, whole: &Value, names: &BTreeSet<String>) -> bool {
    if name.contains(':') {
        return names.contains(name) || name.strip_prefix(COMMAND).is_some_and(|command| !command.is_empty());
    }
    match whole.pointer(&format!("/{}", name.replace('.', "/"))) {
        None | Some(Value::Null) => false,
        Some(Value::Array(list)) => !list.is_empty(),
        Some(_) => true,
    }
}

/// How many sentences there are of each kind, in the order of [`Carried::ALL`].
pub fn counts(sentences: &[Sentence]) -> [(Carried, usize); 6] {
    Carried::ALL.map(|does| (does, sentences.iter().filter(|sentence| sentence.does == does).count()))
}

/// The list for programs: one object per sentence, with `number`, `clause`, `text`, `does`, `by` and `how` in
/// `language`.
pub fn json(sentences: &[Sentence], language: Language) -> Value {
    let one = |sentence: &Sentence| {
        let mut value = serde_json::to_value(sentence).unwrap_or_default();
        value["how"] = sentence.how.get(language).into();
        value
    };
    sentences.iter().map(one).collect()
}
