//! Scoring methods: how a part is scored, one file per method.
//!
//! A method contains everything that a reader of the document knows about it: the keys of a standard file, the entries
//! that the office makes, the rule as a sentence, and the arithmetic. A new one is a file in this folder that
//! implements [`ScoringMethod`], a line in `methods!` below, its words under `rule` and `score` in `data/words`, and,
//! if it needs a key that no part has yet, a field of [`raw::Part`].
//!
//! The arithmetic takes values and returns a score with its text; whether the values come from the data or from an
//! office is decided in `scoring`.

pub mod input;
pub mod numbers;
mod ranking;
mod read;
mod sentence;

use serde::{Deserialize, Serialize};

pub use self::{
    input::{Answers, CheckValue, PartInput, PartResult},
    ranking::{RankedBy, Ranking, Stand, UnitComparison, ranks},
    read::PartReader,
    sentence::Sentence,
};
use super::{
    Check,
    entry::{PartEntries, What},
    raw,
    resolver::Resolver,
};

/// The interface of every method.
pub trait ScoringMethod {
    /// The keys of a part that it reads, besides those that every part has.
    fn keys() -> &'static [&'static str]
    where
        Self: Sized;

    /// Reads it from a part of a standard file; errors are reported to the reader.
    fn read(part: &mut PartReader<'_, '_>) -> Self
    where
        Self: Sized;

    /// The ids of the checks whose values it needs.
    fn checks(&self) -> &[String] {
        &[]
    }

    /// The entries that an office makes for it, besides the values of its checks.
    fn entries(&self, part: &mut PartEntries<'_>);

    /// The maximum that may be entered if the points of the part depend on the year.
    fn most_entered(&self, _what: &What, points: f64) -> f64 {
        points
    }

    /// The rule as a sentence.
    fn sentence(&self, text: &Sentence<'_>) -> String;

    /// The best score that it states itself.
    fn best(&self) -> Option<BestScore> {
        None
    }

    /// How it compares the units; `None` if each unit is scored by itself.
    fn comparison(&self) -> Option<UnitComparison<'_>> {
        None
    }

    /// The score of one unit, or the missing entries.
    fn score(&self, part: &PartInput<'_>) -> PartResult;
}

/// The best score that a method states, to be compared with the points of its part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BestScore {
    pub points: f64,
    /// The key that states it.
    pub key: &'static str,
    /// Whether less than the points of the part is an error, too.
    pub is_full_mark: bool,
}

/// Declares the methods: `file::Type`, with their descriptions in the schema.
macro_rules! methods {
    ($($(#[doc = $doc:literal])+ $file:ident::$Method:ident,)+) => {
        $(
            mod $file;
            pub use self::$file::$Method;
        )+

        /// How the score of a part comes about.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum MethodKind {
            $($(#[doc = $doc])+ $Method,)+
        }

        impl MethodKind {
            const ALL: &[MethodKind] = &[$(MethodKind::$Method,)+];

            /// As written in a standard file.
            pub fn id(self) -> &'static str {
                match self {
                    $(MethodKind::$Method => stringify!($file),)+
                }
            }

            fn keys(self) -> &'static [&'static str] {
                match self {
                    $(MethodKind::$Method => $Method::keys(),)+
                }
            }

            fn read(self, part: &mut PartReader<'_, '_>) -> Method {
                match self {
                    $(MethodKind::$Method => Method::$Method($Method::read(part)),)+
                }
            }
        }

        /// How the score of a part comes about. Points are those of the part.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(tag = "method", rename_all = "snake_case")]
        pub enum Method {
            $($Method($Method),)+
        }

        impl std::ops::Deref for Method {
            type Target = dyn ScoringMethod;

            fn deref(&self) -> &Self::Target {
                match self {
                    $(Method::$Method(method) => method,)+
                }
            }
        }
    };
}

methods! {
    /// The office gives a mark up to the points.
    office::Office,
    /// Full points if a value reaches the requirement; otherwise `otherwise`, or `tiers` among the units that do not
    /// reach it.
    threshold::Threshold,
    /// Elements that are present or not, each an equal share; with `all`, all points or none.
    elements::Elements,
    /// A deduction for each thing counted, down to zero.
    deduct::Deduct,
    /// A share of the points for what is in place, a bonus up to the rest, minus faults.
    base::Base,
    /// By comparison of the units: `tiers`, by rank of a value or as the office chooses.
    tiers::Tiers,
    /// Compared with last year: `up`, `same`, `down`.
    trend::Trend,
    /// Points per level of honour, limited to the points of the part.
    levels::Levels,
    /// The points times a percentage.
    share::Share,
}

#[cfg(test)]
pub use self::threshold::Otherwise;

/// Every key that belongs to some method: an edition that changes the method does not inherit them.
pub fn keys() -> impl Iterator<Item = &'static str> {
    MethodKind::ALL.iter().flat_map(|kind| kind.keys().iter().copied())
}

/// Reads the method of a part at `path`.
pub(super) fn read(part: &raw::Part, path: &str, checks: &[Check], resolver: &mut Resolver<'_>) -> Method {
    let kind = part.method.unwrap_or(MethodKind::Office);
    // Keys of another method would be ignored.
    for key in resolver.keys_at(path) {
        let readers: Vec<&str> = MethodKind::ALL
            .iter()
            .filter(|kind| kind.keys().contains(&key.as_str()))
            .map(|kind| kind.id())
            .collect();
        if !readers.is_empty() && !readers.contains(&kind.id()) {
            let problem = resolver
                .error("standard_not_for_method", &format!("{path}.{key}"))
                .with("key", &key)
                .with("method", kind.id())
                .with("allowed", readers.join(", "));
            resolver.problems.push(problem);
        }
    }
    kind.read(&mut PartReader::new(part, path, checks, resolver))
}
