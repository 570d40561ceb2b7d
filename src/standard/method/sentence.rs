//! A rule in words: the common elements of the sentences of methods and adjustments.

use crate::{
    dictionary::Dictionary,
    number,
    standard::{Check, Part},
    words::{Language, Words},
};

/// The elements of a rule's sentence.
pub struct Sentence<'a> {
    pub words: &'a Words,
    /// The checks of the item.
    pub checks: &'a [Check],
    /// The name of a unit.
    pub units: &'a str,
    /// The points of the part; `None` if they depend on the yearly index.
    pub points: Option<f64>,
}

impl<'a> Sentence<'a> {
    /// The sentence of a part. `units` is the name of a unit.
    pub fn of_part(part: &Part, checks: &'a [Check], units: &'a str, words: &'a Words) -> Self {
        Sentence { words, checks, units, points: part.points }
    }

    /// The sentence of something else than a part.
    pub fn plain(words: &'a Words) -> Self {
        Sentence { words, checks: &[], units: "", points: None }
    }

    pub fn say(&self, key: &str, args: &[(&str, String)]) -> String {
        self.words.fill(&format!("rule.{key}"), args)
    }

    /// `5分`.
    pub fn points(&self, points: f64) -> String {
        let key = if (points - 1.0).abs() < 1e-9 { "one_point" } else { "points" };
        self.say(key, &[("points", number::calculated(Some(points)))])
    }

    /// The points of the part, or that they depend on the yearly index.
    pub fn own_points(&self) -> String {
        self.points.map_or_else(|| self.say("yearly", &[]), |points| self.points(points))
    }

    /// `10、8、6分`, or `优10分、较好8分`.
    pub fn tiers(&self, tiers: &[f64], names: &[String]) -> String {
        let and = self.say("listed", &[]);
        if names.len() == tiers.len() && !names.is_empty() {
            let named = names.iter().zip(tiers).map(|(name, tier)| {
                self.say("named_tier", &[("name", name.clone()), ("points", self.points(*tier))])
            });
            return named.collect::<Vec<_>>().join(&and);
        }
        let points = tiers.iter().map(|tier| number::calculated(Some(*tier))).collect::<Vec<_>>().join(&and);
        self.say("points", &[("points", points)])
    }

    /// The title of a check; its id if the item has no such check.
    pub fn title(&self, id: &str) -> String {
        let check = self.checks.iter().find(|check| check.id == id);
        check.map_or_else(|| id.to_string(), |check| check.title.get(self.words.language).to_string())
    }

    /// The conditions of the checks, joined by "and".
    pub fn conditions(&self, ids: &[String]) -> String {
        let found = ids.iter().filter_map(|id| self.checks.iter().find(|check| check.id == *id));
        found.map(|check| self.condition(check)).collect::<Vec<_>>().join(&self.say("and", &[]))
    }

    /// `普惠率 ≥ 80 %`; a requirement that is not a number is given by its name.
    pub fn condition(&self, check: &Check) -> String {
        let title = check.title.get(self.words.language);
        self.required(check).map_or_else(|| title.to_string(), |required| format!("{title} {required}"))
    }

    /// `≥ 80 %`; `None` if it has neither a number nor a name.
    pub fn required(&self, check: &Check) -> Option<String> {
        let sign = check.compare.sign();
        let unit = self.words.unit(&check.unit);
        let (required, unit) = if !check.required_by_class.is_empty() {
            let each = check.required_by_class.iter().map(|(class, required)| {
                let required = number::calculated(Some(*required));
                self.say("of_class", &[("class", class.clone()), ("required", required)])
            });
            (each.collect::<Vec<_>>().join(&self.say("listed", &[])), unit)
        } else {
            match check.required.columns().into_iter().collect::<Vec<_>>().as_slice() {
                [] => (check.required.to_string(), unit),
                [fact] => {
                    let known = Dictionary::get().fact(fact)?;
                    if *fact != check.required.to_string() {
                        return None;
                    }
                    let label = match self.words.language {
                        Language::Chinese => known.label_zh.clone(),
                        Language::English => known.label_en.clone(),
                    };
                    (label, String::new())
                }
                _ => return None,
            }
        };
        Some(format!("{sign} {required} {unit}").trim_end().to_string())
    }
}
