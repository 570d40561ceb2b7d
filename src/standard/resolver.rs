//! The common steps of resolving a standard: required values, bounds, formulas, and problems with their positions.

use super::{
    BySection, Choice, Formula, Setting,
    grain::{self, Reading, Wanted},
    raw,
    tree::Node,
};
use crate::problem::Problem;

/// A file being resolved to a [`super::Standard`].
pub(super) struct Resolver<'a> {
    pub(super) root: &'a Node,
    pub(super) problems: Vec<Problem>,
}

impl Resolver<'_> {
    pub(super) fn error(&self, code: &'static str, path: &str) -> Problem {
        Problem::error(code, self.root.position(path).place())
    }

    /// The non-empty keys of the table at a path, in alphabetical order.
    pub(super) fn keys_at(&self, path: &str) -> Vec<String> {
        self.root.find(path).map(Node::keys).unwrap_or_default()
    }

    /// Line and column of a path, for messages that name a second place.
    pub(super) fn place(&self, path: &str) -> String {
        self.root.position(path).short()
    }

    /// The value, or a problem if it is missing.
    pub(super) fn need<T: Default>(&mut self, value: Option<T>, path: &str, key: &str) -> T {
        if value.is_none() {
            let problem = self.error("standard_missing_key", path).with("key", key);
            self.problems.push(problem);
        }
        value.unwrap_or_default()
    }

    pub(super) fn between(&mut self, value: f64, least: f64, most: f64, path: &str, key: &str) -> f64 {
        if !(least..=most).contains(&value) {
            let problem = self
                .error("standard_out_of_range", &format!("{path}.{key}"))
                .with("key", key)
                .with("found", value)
                .with("allowed", format!("{least}–{most}"));
            self.problems.push(problem);
        }
        value
    }

    /// An optional formula; a wrong one is reported and replaced by null.
    pub(super) fn formula(
        &mut self,
        written: Option<raw::Expression>,
        path: &str,
        reading: Reading,
        wanted: Wanted,
    ) -> Option<Formula> {
        let text = written?.text();
        match text.parse::<Formula>() {
            Ok(formula) => {
                let problems = grain::problems(&formula, reading, wanted, &self.root.position(path));
                self.problems.extend(problems);
                Some(formula)
            }
            Err(why) => {
                let problem = self.error("standard_formula", path).with("formula", text).with("why", why);
                self.problems.push(problem);
                None
            }
        }
    }

    pub(super) fn needed_formula(
        &mut self,
        written: Option<raw::Expression>,
        path: &str,
        key: &str,
        reading: Reading,
        wanted: Wanted,
    ) -> Formula {
        if written.is_none() {
            self.need(None::<()>, path, key);
        }
        self.formula(written, &format!("{path}.{key}"), reading, wanted).unwrap_or_else(Formula::null)
    }

    pub(super) fn sections<T, U>(
        &mut self,
        written: Option<raw::Sections<T>>,
        path: &str,
        mut each: impl FnMut(&mut Self, &T, &str) -> Option<U>,
    ) -> BySection<U> {
        match written {
            None => BySection::Each(Default::default()),
            Some(raw::Sections::Same(value)) => match each(self, &value, path) {
                Some(value) => BySection::Same(value),
                None => BySection::Each(Default::default()),
            },
            Some(raw::Sections::Each(values)) => BySection::Each(
                values
                    .given()
                    .filter_map(|(section, value)| {
                        Some((section, each(self, value, &format!("{path}.{}", section.id()))?))
                    })
                    .collect(),
            ),
        }
    }

    pub(super) fn numbers(&mut self, written: Option<raw::Sections<f64>>, path: &str) -> BySection<f64> {
        self.sections(written, path, |_, value, _| Some(*value))
    }

    pub(super) fn formulas(
        &mut self,
        written: Option<raw::Sections<raw::Expression>>,
        path: &str,
    ) -> BySection<Formula> {
        self.sections(written, path, |resolver, value, path| {
            resolver.formula(Some(value.clone()), path, Reading::Row, Wanted::Number)
        })
    }

    pub(super) fn only(&mut self, only: Option<Choice>, path: &str, settings: &[Setting]) -> Option<Choice> {
        let choice = only?;
        let path = format!("{path}.only");
        match settings.iter().find(|s| s.id == choice.setting) {
            None => {
                let problem = self
                    .error("standard_unknown_setting", &format!("{path}.setting"))
                    .with("found", &choice.setting)
                    .with("allowed", listed(settings.iter().map(|s| &s.id)));
                self.problems.push(problem);
            }
            Some(setting) if !setting.values.contains_key(&choice.value) => {
                let problem = self
                    .error("standard_unknown_choice", &format!("{path}.value"))
                    .with("setting", &setting.id)
                    .with("found", &choice.value)
                    .with("allowed", listed(setting.values.keys()));
                self.problems.push(problem);
            }
            Some(_) => {}
        }
        Some(choice)
    }
}

pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a String>) -> String {
    names.into_iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}
