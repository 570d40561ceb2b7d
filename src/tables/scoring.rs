//! A completed scoring, as the source of its tables, charts and documents.

use crate::{
    standard::{Standard, UnitKind},
    tables::{
        marks::Marks,
        provenance::Provenance,
        scored::{Scored, Standing},
    },
    words::Words,
};

#[derive(Clone, Copy)]
pub struct Scoring<'a> {
    pub standard: &'a Standard,
    pub marks: &'a Marks,
    pub scored: &'a Scored,
    pub made: &'a Provenance,
    pub words: &'a Words,
}

impl<'a> Scoring<'a> {
    /// The one line under every document: program, standard, inputs, date.
    pub fn made_line(&self) -> String {
        self.made.line(Some(self.standard), self.words)
    }

    /// A text of the standard in the run's language.
    pub fn said<'t>(&self, text: &'t crate::standard::Text) -> &'t str {
        text.get(self.words.language)
    }

    /// Units by rank, followed by those without a rank, by their score so far; where units are not ranked, in the order
    /// of the units.
    pub fn in_order(&self) -> Vec<&'a Standing> {
        let mut all: Vec<&'a Standing> = self.scored.standings.iter().collect();
        if !self.standard.ranks_units() {
            all.sort_by_key(|own| own.unit);
            return all;
        }
        let score = |own: &Standing| own.result.unwrap_or(own.score + own.bonus);
        all.sort_by(|a, b| {
            let (rank_a, rank_b) = (a.rank.unwrap_or(usize::MAX), b.rank.unwrap_or(usize::MAX));
            rank_a.cmp(&rank_b).then(score(b).total_cmp(&score(a))).then(a.unit.cmp(&b.unit))
        });
        all
    }

    /// The measure word for units: 所 for schools, 个 for others; empty in English.
    pub fn measure(&self) -> String {
        let school = self.standard.units.as_ref().is_some_and(|units| units.kind == UnitKind::School);
        self.words.say(if school { "scores.measure.school" } else { "scores.measure.other" })
    }

    /// `B17 依法行政`; empty if there is no such heading.
    pub fn group_title(&self, group: usize) -> String {
        let group = self.standard.groups.get(group);
        group.map_or(String::new(), |group| labelled(&group.label, self.said(&group.title)))
    }
}

/// `27 义教招生`; the label is not repeated if the title begins with it.
pub fn labelled(label: &str, title: &str) -> String {
    if label.is_empty() || title.starts_with(label) { title.to_string() } else { format!("{label} {title}") }
}
