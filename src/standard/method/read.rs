//! Reads a method from a part of a standard file: required keys, and bounds of numbers.

use crate::standard::{
    Check, raw,
    resolver::{Resolver, listed},
};

/// A part as it is written, and the receiver of its problems.
pub struct PartReader<'a, 'r> {
    pub written: &'a raw::Part,
    /// The check that it names; reported if the item has no such check.
    pub check: Option<String>,
    path: &'a str,
    checks: &'a [Check],
    resolver: &'a mut Resolver<'r>,
}

impl<'a, 'r> PartReader<'a, 'r> {
    pub(super) fn new(
        written: &'a raw::Part,
        path: &'a str,
        checks: &'a [Check],
        resolver: &'a mut Resolver<'r>,
    ) -> Self {
        let mut reader = PartReader { written, check: None, path, checks, resolver };
        reader.check = written.check.clone().map(|id| reader.known_check(id, "check"));
        reader
    }

    /// The value, or a problem if the key is missing.
    pub fn need<T: Default>(&mut self, value: Option<T>, key: &str) -> T {
        self.resolver.need(value, self.path, key)
    }

    /// A required number above zero.
    pub fn positive(&mut self, value: Option<f64>, key: &str) -> f64 {
        let value = self.need(value, key);
        self.between(value, 1e-9, f64::MAX, key)
    }

    /// A required number that is not negative.
    pub fn not_negative(&mut self, value: Option<f64>, key: &str) -> f64 {
        let value = self.need(value, key);
        self.between(value, 0.0, f64::MAX, key)
    }

    /// A required share, from 0 to 1.
    pub fn share(&mut self, value: Option<f64>, key: &str) -> f64 {
        let value = self.need(value, key);
        self.between(value, 0.0, 1.0, key)
    }

    /// The value; reported if it is outside the bounds. `key` may be a path: `level.0.first`.
    pub fn between(&mut self, value: f64, least: f64, most: f64, key: &str) -> f64 {
        let (path, key) = match key.rsplit_once('.') {
            Some((further, key)) => (format!("{}.{further}", self.path), key),
            None => (self.path.to_string(), key),
        };
        self.resolver.between(value, least, most, &path, key)
    }

    /// The required points of the tiers, from the best down, none negative.
    pub fn tiers(&mut self) -> Vec<f64> {
        let written = self.written.tiers.clone();
        let tiers = self.need(written.filter(|tiers| !tiers.is_empty()), "tiers");
        if tiers.windows(2).any(|pair| pair[0] <= pair[1]) || tiers.iter().any(|tier| *tier < 0.0) {
            let found: Vec<String> = tiers.iter().map(f64::to_string).collect();
            self.problem("standard_tiers_order", "tiers", &[("found", found.join(", "))]);
        }
        tiers
    }

    /// The id of a check as written; reported if the item has no such check.
    pub fn known_check(&mut self, id: String, key: &str) -> String {
        if !self.checks.iter().any(|check| check.id == id) {
            let allowed = listed(self.checks.iter().map(|check| &check.id));
            self.problem("standard_unknown_check", key, &[("found", id.clone()), ("allowed", allowed)]);
        }
        id
    }

    /// Two keys that exclude each other; reported at `other`.
    pub fn one_of_two(&mut self, one: &str, other: &str) {
        self.problem("standard_one_of_two", other, &[("one", one.into()), ("other", other.into())]);
    }

    pub fn problem(&mut self, code: &'static str, key: &str, args: &[(&'static str, String)]) {
        let problem = self.resolver.error(code, &format!("{}.{key}", self.path));
        let problem = args.iter().fold(problem, |problem, (name, value)| problem.with(name, value));
        self.resolver.problems.push(problem);
    }
}
