//! When items are marked: once in the year, in each of several rounds (上下半年各一次), and again after rectification.

use serde::Serialize;

use super::{
    Item, Standard, Text,
    entry::{Entry, What},
    raw,
    resolver::{Resolver, listed},
};

/// The stage after rectification (整改复查), in which marks are entered that replace the first ones.
pub const RECHECK: &str = "recheck";
/// Between the id of an entry and its stage: `23.1@spring`.
const AT: char = '@';

/// A round in which some items are marked.
#[derive(Debug, Clone, Serialize)]
pub struct Round {
    pub id: String,
    pub title: Text,
    /// Ids of items.
    pub items: Vec<String>,
    pub clause: String,
}

/// What is marked again after rectification.
#[derive(Debug, Clone, Serialize)]
pub struct Recheck {
    pub title: Text,
    /// Ids of items; empty for all.
    pub items: Vec<String>,
    pub clause: String,
}

/// How the scores of several rounds make one (setting `round_rule`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundRule {
    Mean,
    Last,
    Lower,
}

/// The id of an entry in a stage; the entry itself outside of all stages.
pub fn staged(entry: &str, stage: &str) -> String {
    if stage.is_empty() { entry.to_string() } else { format!("{entry}{AT}{stage}") }
}

/// The entry and its stage, which is empty outside of all stages.
pub fn unstaged(id: &str) -> (&str, &str) {
    id.rsplit_once(AT).unwrap_or((id, ""))
}

impl Standard {
    /// The ids of the stages in which marks can be entered besides those of the year.
    pub fn stages(&self) -> Vec<&str> {
        let rounds = self.rounds.iter().map(|round| round.id.as_str());
        rounds.chain((self.setting(RECHECK) != "none").then_some(RECHECK)).collect()
    }

    /// The title of a stage; `None` for one that the standard does not have.
    pub fn stage_title(&self, stage: &str) -> Option<&Text> {
        let round = self.rounds.iter().find(|round| round.id == stage).map(|round| &round.title);
        let recheck = self.recheck.as_ref().filter(|_| stage == RECHECK).map(|recheck| &recheck.title);
        round.or(recheck)
    }

    /// The rounds in which an item is marked.
    pub fn rounds_of(&self, item: &Item) -> impl Iterator<Item = &Round> {
        self.rounds.iter().filter(|round| round.items.contains(&item.id))
    }

    /// Whether an entry is asked for in a stage. Outside of all stages everything is.
    pub fn is_in_stage(&self, entry: &Entry, stage: &str) -> bool {
        let item = entry.item.and_then(|item| self.items.get(item));
        match (stage, item) {
            ("", _) => true,
            (RECHECK, Some(item)) => self.is_rechecked(item),
            (RECHECK, None) => {
                self.rechecks_all() && matches!(entry.what, What::Component(_) | What::Condition { .. })
            }
            (stage, item) => item.is_some_and(|item| self.rounds_of(item).any(|round| round.id == stage)),
        }
    }

    /// Whether marks after rectification count for an item.
    pub fn is_rechecked(&self, item: &Item) -> bool {
        let named = || self.recheck.as_ref().is_some_and(|recheck| recheck.items.contains(&item.id));
        self.setting(RECHECK) != "none" && (self.rechecks_all() || named())
    }

    fn rechecks_all(&self) -> bool {
        match self.setting(RECHECK) {
            "none" | "items" => false,
            "all" => true,
            _ => self.recheck.as_ref().is_none_or(|recheck| recheck.items.is_empty()),
        }
    }

    /// How rounds are combined: by their mean unless a setting says otherwise.
    pub fn round_rule(&self) -> RoundRule {
        match self.setting("round_rule") {
            "last" => RoundRule::Last,
            "lower" => RoundRule::Lower,
            _ => RoundRule::Mean,
        }
    }
}

impl Resolver<'_> {
    pub(super) fn rounds(&mut self, written: Vec<raw::Round>, items: &[Item]) -> Vec<Round> {
        let mut rounds = Vec::new();
        for (i, round) in written.into_iter().enumerate() {
            let path = format!("round.{i}");
            self.known_items(&round.items, items, &path);
            if round.id == RECHECK || round.id.contains(AT) || round.id.is_empty() {
                let problem = self.error("standard_round_id", &format!("{path}.id")).with("found", &round.id);
                self.problems.push(problem);
            }
            rounds.push(Round {
                title: self.need(round.title, &path, "title"),
                items: round.items,
                clause: round.clause.unwrap_or_default(),
                id: round.id,
            });
        }
        rounds
    }

    pub(super) fn recheck(&mut self, written: raw::Recheck, items: &[Item]) -> Recheck {
        self.known_items(&written.items, items, RECHECK);
        Recheck {
            title: self.need(written.title, RECHECK, "title"),
            items: written.items,
            clause: written.clause.unwrap_or_default(),
        }
    }

    fn known_items(&mut self, named: &[String], items: &[Item], path: &str) {
        for id in named.iter().filter(|id| !items.iter().any(|item| item.id == **id)) {
            let problem = self
                .error("standard_unknown_item", &format!("{path}.items"))
                .with("found", id)
                .with("allowed", listed(items.iter().map(|item| &item.id)));
            self.problems.push(problem);
        }
    }
}
