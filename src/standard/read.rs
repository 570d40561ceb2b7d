//! Finds a standard, reads it together with its base, and applies settings.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use super::{
    Standard, merge, raw, resolve, shape,
    tree::{self, Node, Value},
};
use crate::{
    dictionary::Dictionary,
    encoding,
    problem::{Error, Place, Problem, Result},
};

/// The names of the standards of `data/standards`, sorted.
///
/// # Errors
/// The override folder cannot be read.
pub fn names() -> Result<Vec<String>> {
    crate::data::names("standards")
}

/// The JSON schema of a standard file.
pub fn schema() -> serde_json::Value {
    raw::schema()
}

/// The standard of the file at `path`, or all its problems.
pub fn checked(path: &Path) -> std::result::Result<Standard, Vec<Problem>> {
    Standard::load(&path.display().to_string()).map_err(|error| match error {
        Error::Input(problems) => problems,
        Error::Usage(problem) => vec![*problem],
        why => vec![
            Problem::error("standard_unreadable", Place::file(path.display().to_string()))
                .with("why", why.to_string()),
        ],
    })
}

impl Standard {
    /// Loads a standard by its name in `data/standards`, or by the path of a `.toml` file.
    pub fn load(name_or_path: &str) -> Result<Standard> {
        if name_or_path.ends_with(".toml") {
            let missing = || Error::disk(name_or_path, std::io::ErrorKind::NotFound.into());
            let text = encoding::read(Path::new(name_or_path))?.ok_or_else(missing)?;
            return Standard::parse(&text, name_or_path);
        }
        match by_name(name_or_path)? {
            Some((text, file)) => Standard::parse(&text, &file),
            None => Err(Error::usage(
                Problem::error("standard_unknown", Place::default())
                    .with("found", name_or_path)
                    .with("allowed", names()?.join(", ")),
            )),
        }
    }

    /// Parses a standard. `shown_file` is the file's name in messages; a base that is given as a path is relative to
    /// it.
    pub fn parse(text: &str, shown_file: &str) -> Result<Standard> {
        // Formulas refer to facts, so a broken dictionary is reported first.
        Dictionary::load()?;
        let root = merged(text, shown_file, &mut vec![shown_file.to_string()])?;
        let file: raw::File = root.clone().into_toml().try_into().map_err(|why: toml::de::Error| {
            Problem::error("standard_syntax", Place::file(shown_file)).with("why", why.message())
        })?;
        resolve::resolve(file, &root).map_err(in_order)
    }

    /// Changes the value of a setting.
    pub fn choose(&mut self, setting: &str, value: &str) -> Result<()> {
        let known = self.settings.iter().map(|s| s.id.clone()).collect::<Vec<_>>().join(", ");
        let Some(found) = self.settings.iter_mut().find(|s| s.id == setting) else {
            return Err(Error::usage(
                Problem::error("standard_unknown_setting", Place::default())
                    .with("found", setting)
                    .with("allowed", known),
            ));
        };
        if !found.values.contains_key(value) {
            return Err(Error::usage(
                Problem::error("standard_unknown_choice", Place::default())
                    .with("setting", setting)
                    .with("found", value)
                    .with("allowed", found.values.keys().cloned().collect::<Vec<_>>().join(", ")),
            ));
        }
        found.value = value.to_string();
        Ok(())
    }
}

/// Sorted by their position in the file.
fn in_order(mut problems: Vec<Problem>) -> Error {
    problems.sort_by_key(|problem| {
        let (line, column) =
            problem.place.cell.as_deref().and_then(|c| c.split_once(':')).unwrap_or_default();
        let number = |text: &str| text.parse::<usize>().unwrap_or_default();
        (problem.place.file.clone(), number(line), number(column))
    });
    Error::Input(problems)
}

/// The text of a standard of `data/standards`, and its file's name in messages.
fn by_name(name: &str) -> Result<Option<(Cow<'static, str>, String)>> {
    if name.is_empty() || name.contains(['/', '\\', '.']) {
        return Ok(None);
    }
    let text = crate::data::text(&format!("standards/{name}.toml"))?;
    Ok(text.map(|text| (text, format!("{name}.toml"))))
}

/// The file merged into everything that it extends. `above` contains the files being merged, to detect a circle.
fn merged(text: &str, shown: &str, above: &mut Vec<String>) -> Result<Node> {
    let mut node = tree::parse(text, shown).map_err(in_order)?;
    former_names(&mut node);
    let problems = shape::problems(&node, &raw::schema());
    if !problems.is_empty() {
        return Err(in_order(problems));
    }
    let Some(extends) = node.get("extends") else {
        return without_base(node).map_err(in_order);
    };
    let wanted = extends.text().unwrap_or_default();
    let base = if wanted.ends_with(".toml") {
        let beside: PathBuf = Path::new(shown).with_file_name(wanted);
        encoding::read(&beside)?.map(|text| (Cow::Owned(text), beside.display().to_string()))
    } else {
        by_name(wanted)?
    };
    let Some((text, file)) = base else {
        return Err(Problem::error("standard_extends_unknown", extends.at.place())
            .with("found", wanted)
            .with("allowed", names()?.join(", "))
            .into());
    };
    if above.contains(&file) {
        return Err(Problem::error("standard_extends_circle", extends.at.place())
            .with("circle", format!("{} → {file}", above.join(" → ")))
            .into());
    }
    above.push(file.clone());
    let base = merged(&text, &file, above)?;
    merge::merge(base, node).map_err(in_order)
}

/// Standards written before `[[step]]` have `[[calendar]]`, and their findings are about `calendar.ID`;
/// likewise `[[scoring.source]]`.
fn former_names(root: &mut Node) {
    let Value::Table(entries) = &mut root.value else { return };
    if !entries.contains_key("step")
        && let Some(steps) = entries.remove("calendar")
    {
        entries.insert("step".into(), steps);
    }
    // `[[scoring.source]]` was `[[scoring.component]]`.
    if let Some(Value::Table(scoring)) = entries.get_mut("scoring").map(|entry| &mut entry.node.value)
        && !scoring.contains_key("source")
        && let Some(sources) = scoring.remove("component")
    {
        scoring.insert("source".into(), sources);
    }
    let Some(Value::List(findings)) = entries.get_mut("document_finding").map(|entry| &mut entry.node.value)
    else {
        return;
    };
    for finding in findings {
        let Value::Table(keys) = &mut finding.value else { continue };
        let Some(Value::Text(about)) = keys.get_mut("about").map(|entry| &mut entry.node.value) else {
            continue;
        };
        if let Some(id) = about.strip_prefix("calendar.") {
            *about = format!("step.{id}");
        } else if let Some(id) = about.strip_prefix("scoring.component.") {
            *about = format!("scoring.source.{id}");
        }
    }
}

fn without_base(node: Node) -> std::result::Result<Node, Vec<Problem>> {
    let items = node.get("item").map_or(&[][..], Node::list);
    let mut problems: Vec<Problem> = items
        .iter()
        .filter_map(|item| item.get("from"))
        .map(|from| Problem::error("standard_from_without_extends", from.at.place()).with("found", "from"))
        .collect();
    if let Some(items) = node.get("items") {
        problems
            .push(Problem::error("standard_from_without_extends", items.at.place()).with("found", "items"));
    }
    if problems.is_empty() { Ok(node) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, Words};

    #[test]
    fn files_conform_to_the_schema_beside_them() {
        let schema = crate::data::text("standards/schema.json").unwrap().unwrap();
        let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
        for name in names().unwrap() {
            let text = crate::data::text(&format!("standards/{name}.toml")).unwrap().unwrap();
            assert_eq!(shape::problems(&tree::parse(&text, &name).unwrap(), &schema), []);
            let spoilt = text.replacen("\n[scope]", "\n[scopes]", 1);
            let problems = shape::problems(&tree::parse(&spoilt, &name).unwrap(), &schema);
            assert_eq!(problems.len(), usize::from(spoilt != text));
        }
    }

    #[test]
    fn every_standard_of_the_program_is_in_order() {
        let words = Words::load(Language::Chinese).unwrap();
        assert!(names().unwrap().len() >= 2);
        for name in names().unwrap() {
            let standard = Standard::load(&name).unwrap_or_else(|why| panic!("{}", words.error(&why)));
            assert_eq!(standard.id, name, "a standard is found by its id");
        }
    }
}
