//! What the final result is made of: a part of [`super::resolve`].

use std::collections::BTreeMap;

use serde::Serialize;

pub use super::raw::SourceKind;
use super::{Scoring, Standard, Text, raw, resolver::Resolver};
use crate::problem::Place;

/// A source of the final result.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Component {
    pub id: String,
    pub title: Text,
    pub kind: SourceKind,
    /// `None` if it is entered every year.
    pub share: Option<f64>,
}

impl Component {
    /// Whether its value is entered in the scorebook.
    pub fn is_entered(&self) -> bool {
        matches!(self.kind, SourceKind::Entered | SourceKind::Recheck)
    }
}

impl Scoring {
    /// The shares of the sources, with those entered for the year; `None` if there are no sources or if a share is not
    /// known, so that the items' total is the result.
    pub fn shares(&self, entered: &BTreeMap<String, (f64, Place)>) -> Option<Vec<f64>> {
        let share = |one: &Component| one.share.or_else(|| entered.get(&one.id).map(|(share, _)| *share));
        let shares: Option<Vec<f64>> = self.components.iter().map(share).collect();
        shares.filter(|shares| !shares.is_empty())
    }
}

impl Standard {
    /// The sources whose shares are entered every year.
    pub fn yearly_sources(&self) -> impl Iterator<Item = &Component> {
        let sources = self.scoring.iter().flat_map(|scoring| &scoring.components);
        sources.filter(|source| source.share.is_none())
    }
}

impl Resolver<'_> {
    pub(super) fn sources(&mut self, written: Vec<raw::Component>) -> Vec<Component> {
        let kind = |k: usize, own: &raw::Component| {
            own.kind.unwrap_or(if k == 0 { SourceKind::Items } else { SourceKind::Entered })
        };
        let sources: Vec<Component> = written
            .into_iter()
            .enumerate()
            .map(|(k, own)| Component { kind: kind(k, &own), id: own.id, title: own.title, share: own.share })
            .collect();
        for (i, source) in sources.iter().enumerate() {
            let path = format!("scoring.source.{i}");
            if let Some(share) = source.share {
                self.between(share, 0.0, 1.0, &path, "share");
            }
            let twice = |kind| source.kind == kind && sources[..i].iter().any(|one| one.kind == kind);
            if twice(SourceKind::Items) || twice(SourceKind::SelfAssessment) {
                let problem = self.error("standard_source_twice", &format!("{path}.kind"));
                self.problems.push(problem.with("found", &source.title.zh));
            }
        }
        let fixed: f64 = sources.iter().filter_map(|source| source.share).sum();
        let yearly = sources.iter().any(|source| source.share.is_none());
        if !sources.is_empty() && (yearly && fixed >= 1.0 || !yearly && (fixed - 1.0).abs() > 1e-9) {
            let problem = self.error("standard_component_shares", "scoring.source").with("found", fixed);
            self.problems.push(problem);
        }
        sources
    }
}
