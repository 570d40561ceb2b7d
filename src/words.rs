//! The texts that the program shows to people, from `data/words/zh/*.toml` and `en/*.toml`, one file per room. No such
//! text is written in code.

use std::{collections::BTreeMap, str::FromStr};

use crate::{
    data,
    dictionary::Dictionary,
    problem::{BETWEEN, Error, Level, Place, Problem, Result},
};

/// The language of the screen and of what is written for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    /// 中文.
    Chinese,
    /// English.
    English,
}

impl FromStr for Language {
    type Err = String;
    fn from_str(s: &str) -> Result<Self, String> {
        match s {
            "zh" => Ok(Language::Chinese),
            "en" => Ok(Language::English),
            other => Err(format!("{other}: zh, en")),
        }
    }
}

/// A catalogue of texts with `{name}` placeholders, by dotted key.
#[derive(Debug, Clone)]
pub struct Words {
    /// The language of the texts.
    pub language: Language,
    texts: BTreeMap<String, String>,
}

impl Words {
    /// The catalogue of `language`.
    ///
    /// # Errors
    /// A file of the override folder cannot be read, or is not valid TOML (`words_broken`).
    pub fn load(language: Language) -> Result<Words> {
        let folder = folder(language);
        let mut texts = BTreeMap::new();
        for name in data::names(folder)? {
            let name = format!("{folder}/{name}.toml");
            let text = data::text(&name)?.unwrap_or_default();
            let table: toml::Table = text.parse().map_err(|why: toml::de::Error| {
                Problem::error("words_broken", Place::file(data::shown(&name)))
                    .with("why", why.to_string().trim_end())
            })?;
            flatten("", &table, &mut texts);
        }
        Ok(Words { language, texts })
    }

    /// The embedded catalogue of `language`, in which the error about a broken override catalogue is reported.
    pub fn embedded(language: Language) -> Words {
        let folder = folder(language);
        let mut texts = BTreeMap::new();
        for name in data::embedded_names(folder) {
            let text = data::embedded(&format!("{folder}/{name}.toml")).unwrap_or_default();
            flatten("", &text.parse().unwrap_or_default(), &mut texts);
        }
        Words { language, texts }
    }

    /// The text of `key` with its placeholders filled. A missing key is returned as it is, so that a gap in the
    /// catalogue is visible and never hides a message.
    pub fn fill(&self, key: &str, args: &[(&str, String)]) -> String {
        let Some(text) = self.texts.get(key) else {
            let list: Vec<String> = args.iter().map(|(k, v)| format!("{k}={v}")).collect();
            return format!("{key} {}", list.join(" ")).trim_end().to_string();
        };
        fill(text, args)
    }

    /// The text of `key`, which has no placeholders.
    pub fn say(&self, key: &str) -> String {
        self.fill(key, &[])
    }

    /// A unit of a standard or the dictionary in the run's language; a unit that is not in the catalogue is returned
    /// unchanged.
    pub fn unit(&self, unit: &str) -> String {
        self.texts.get(&format!("unit.{unit}")).map_or_else(|| unit.to_string(), String::clone)
    }

    /// The unit after the number 1: English distinguishes 1 person from 2 people.
    pub fn unit_of_one(&self, unit: &str) -> String {
        self.texts.get(&format!("unit.one.{unit}")).map_or_else(|| self.unit(unit), String::clone)
    }

    /// 小学, 初中, 高中 in the run's language; anything else is returned unchanged.
    pub fn section(&self, id: &str) -> String {
        self.texts.get(&format!("report.section.{id}")).map_or_else(|| id.to_string(), String::clone)
    }

    /// The label of a fact in the run's language; the id of a fact that the dictionary lacks.
    pub fn fact(&self, id: &str) -> String {
        let fact = Dictionary::get().fact(id);
        fact.map_or_else(
            || id.to_string(),
            |fact| match self.language {
                Language::Chinese => fact.label_zh.clone(),
                Language::English => fact.label_en.clone(),
            },
        )
    }

    /// Whether the catalogue has a text of this key.
    pub fn has(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// All keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// The texts whose keys start with `start`, by the rest of their keys.
    pub fn under(&self, start: &str) -> impl Iterator<Item = (&str, String)> {
        self.keys().filter_map(move |key| Some((key.strip_prefix(start)?, self.say(key))))
    }

    /// The message of a problem, without its place.
    pub fn problem(&self, problem: &Problem) -> String {
        let text = self.fill(&format!("problem.{}", problem.code), &problem.args);
        if text.contains(BETWEEN) { text.replace(BETWEEN, &self.say("judge.comma")) } else { text }
    }

    /// An error as the user reads it: one line per problem, with the place first.
    pub fn error(&self, error: &Error) -> String {
        match error {
            Error::Input(problems) => {
                // Notes never stop a run.
                let shown = problems.iter().filter(|p| p.level > Level::Note);
                shown.map(|p| self.placed(p)).collect::<Vec<_>>().join("\n")
            }
            Error::Usage(problem) => self.placed(problem),
            Error::Disk { path, source } => {
                self.fill("problem.disk", &[("path", path.clone()), ("why", source.to_string())])
            }
            Error::Output(why) => self.fill("problem.output", &[("why", why.to_string())]),
            Error::Engine(why) => self.fill("problem.engine", &[("why", why.to_string())]),
            Error::Defect { what, why } => {
                self.fill("problem.defect", &[("what", what.clone()), ("why", why.clone())])
            }
        }
    }

    /// The message of a problem, with its place first.
    pub fn placed(&self, problem: &Problem) -> String {
        let place = problem.place.to_string();
        let message = self.problem(problem);
        if place.is_empty() { message } else { format!("{place}: {message}") }
    }
}

fn folder(language: Language) -> &'static str {
    match language {
        Language::Chinese => "words/zh",
        Language::English => "words/en",
    }
}

/// Replaces in one pass, so that braces within a value are printed as they are.
fn fill(text: &str, args: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('{') {
        out.push_str(&rest[..start]);
        let tail = &rest[start + 1..];
        match tail.find('}').and_then(|end| {
            let value = args.iter().find(|(name, _)| *name == &tail[..end])?;
            Some((end, &value.1))
        }) {
            Some((end, value)) => {
                out.push_str(value);
                rest = &tail[end + 1..];
            }
            None => {
                out.push('{');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

fn flatten(prefix: &str, table: &toml::Table, into: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, into),
            toml::Value::String(text) => {
                into.insert(key, text.clone());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn both_catalogues_have_the_same_keys() {
        let (zh, en) = (Words::load(Language::Chinese).unwrap(), Words::load(Language::English).unwrap());
        let zh: Vec<&str> = zh.keys().collect();
        let en: Vec<&str> = en.keys().collect();
        assert_eq!(zh, en);
    }

    #[test]
    fn the_embedded_catalogue_is_the_catalogue() {
        for language in [Language::Chinese, Language::English] {
            assert_eq!(Words::embedded(language).texts, Words::load(language).unwrap().texts);
        }
    }

    #[test]
    fn places_are_filled_once() {
        let args = [("a", "{b}".to_string()), ("b", "x".to_string())];
        assert_eq!(fill("{a} {b} {c}", &args), "{b} x {c}");
    }

    fn sources(folder: &Path, into: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, into);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                into.push(text.split("#[cfg(test)]").next().unwrap_or_default().to_string());
            }
        }
    }

    /// The literal that follows each `start`, where a literal follows.
    fn literals<'a>(text: &'a str, start: &str) -> Vec<&'a str> {
        let pieces = text.split(start).skip(1);
        pieces.filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next()).collect()
    }

    #[test]
    fn every_key_that_is_said_is_in_both_catalogues() {
        let mut texts = Vec::new();
        sources(&crate::testing::project("src"), &mut texts);
        let mut keys = Vec::new();
        for text in &texts {
            for start in ["Problem::error(", "Problem::warning(", "Problem::note("] {
                keys.extend(literals(text, start).into_iter().map(|code| format!("problem.{code}")));
            }
            for start in ["words.say(", "words.fill("] {
                keys.extend(literals(text, start).into_iter().map(str::to_string));
            }
            // The rule of a scoring method as a sentence, and its arithmetic.
            for (name, prefix) in [("text.say(", "rule."), ("part.say(", "score.")] {
                for before in [' ', '(', '&'] {
                    let found = literals(text, &format!("{before}{name}"));
                    keys.extend(found.into_iter().map(|key| format!("{prefix}{key}")));
                }
            }
        }
        keys.retain(|key| !key.contains('{'));
        assert!(keys.len() > 150, "{}", keys.len());
        for language in [Language::Chinese, Language::English] {
            let words = Words::load(language).unwrap();
            let lacking: Vec<&String> = keys.iter().filter(|key| !words.has(key)).collect();
            assert!(lacking.is_empty(), "{language:?}: {lacking:?}");
        }
    }
}
