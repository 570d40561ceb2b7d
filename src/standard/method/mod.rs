//! Scoring methods: how the score of a part comes about, one file per method.
//!
//! A method is everything that a reader of the document knows of it: the keys by which a standard file writes it, what
//! the office enters, the rule as a sentence, and the arithmetic. A new one is a file here that implements
//! [`ScoringMethod`], a line in [`methods!`] below, its words under `rule` and `score` in `data/words`, and, where it
//! needs a key that no part has yet, a field of [`raw::Part`].
//!
//! The arithmetic takes values and gives a score with its text; where values come from, the data or an office, is the
//! business of `score`.

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

/// What every method can do.
pub trait ScoringMethod {
    /// The keys of a part that it reads, besides those that every part has.
    fn keys() -> &'static [&'static str]
    where
        Self: Sized;

    /// Reads it from a part of a standard file; what is wrong is reported to the reader.
    fn read(part: &mut PartReader<'_, '_>) -> Self
    where
        Self: Sized;

    /// The ids of the checks whose values it needs.
    fn checks(&self) -> &[String] {
        &[]
    }

    /// What an office enters for it, besides the values of its checks.
    fn entries(&self, part: &mut PartEntries<'_>);

    /// The most that may be entered where the points of the part come with the year.
    fn most_entered(&self, _what: &What, points: f64) -> f64 {
        points
    }

    /// The rule as a sentence.
    fn sentence(&self, text: &Sentence<'_>) -> String;

    /// The best score that it names itself.
    fn best(&self) -> Option<BestScore> {
        None
    }

    /// How it compares the units; `None` where each unit is scored by itself.
    fn comparison(&self) -> Option<UnitComparison<'_>> {
        None
    }

    /// The score of one unit, or what is still to be entered.
    fn score(&self, part: &PartInput<'_>) -> PartResult;
}

/// The best score that a method names, to be held against the points of its part.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BestScore {
    pub points: f64,
    /// The key that says it.
    pub key: &'static str,
    /// Less than the points of the part is as wrong as more.
    pub is_full_mark: bool,
}

/// Declares the methods: `file::Type`, with what the schema says of it.
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

            /// As a standard file writes it.
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
    /// The office marks within the points.
    office::Office,
    /// Full points where a value reaches what is required; else `otherwise`, or `tiers` among those that do not.
    threshold::Threshold,
    /// Elements that are there or not, each an equal share; with `all`, all or nothing.
    elements::Elements,
    /// So much off for each thing counted, down to zero.
    deduct::Deduct,
    /// A share of the points for what is in place, a bonus up to the rest, less faults.
    base::Base,
    /// By comparison of the units: `tiers`, by rank of a value or as the office chooses.
    tiers::Tiers,
    /// Year on year: `up`, `same`, `down`.
    trend::Trend,
    /// So much a level of honour, at most the points.
    levels::Levels,
    /// The points times a percentage.
    share::Share,
}

pub use self::{threshold::Otherwise, tiers::Compared};

/// Every key that belongs to some method: an edition that changes the method does not inherit them.
pub fn keys() -> impl Iterator<Item = &'static str> {
    MethodKind::ALL.iter().flat_map(|kind| kind.keys().iter().copied())
}

/// The method of a part that stands at `path`.
pub(super) fn read(part: &raw::Part, path: &str, checks: &[Check], resolver: &mut Resolver<'_>) -> Method {
    let kind = part.method.unwrap_or(MethodKind::Office);
    // What belongs to another method would be read by nobody.
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
