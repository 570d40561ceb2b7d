//! Items that are marked more than once: in rounds, whose scores are combined, and after rectification.

use super::ScoringContext;
use crate::{
    problem::Problem,
    standard::{
        Item,
        method::numbers::{shown, tidy},
        stages::{RECHECK, Round, RoundRule, staged, unstaged},
    },
    tables::scored::{ItemScore, PartScore, RoundScore, State},
};

impl<'a> ScoringContext<'a> {
    /// The same where marks after rectification come before the first ones.
    pub(super) fn after_rectification(&self) -> ScoringContext<'a> {
        let mut stages = vec![RECHECK];
        stages.extend(self.standard.rounds.iter().rev().map(|round| round.id.as_str()));
        stages.push("");
        self.in_stages(&stages)
    }

    /// Whether anything is marked again for a unit after rectification: an item, a source or a condition.
    pub(super) fn is_marked_again(&self, unit: usize) -> bool {
        self.entered.is_begun(unit, RECHECK)
    }

    /// The same with marks of other stages: of the first stage that has one for the entry.
    fn in_stages(&self, stages: &[&str]) -> ScoringContext<'a> {
        let mut context = ScoringContext {
            standard: self.standard,
            marks: self.marks,
            data: self.data,
            words: self.words,
            entered: self.entered.in_stages(stages),
            papers: self.papers.clone(),
            known: Default::default(),
        };
        // What is odd about the values of checks has been reported for the year.
        context.resolve_all(&mut Vec::new());
        context
    }

    /// The scores of all items and units, in their order; items of rounds combined.
    pub(super) fn all_items(&self, findings: &mut Vec<Problem>) -> Vec<ItemScore> {
        let standard = self.standard;
        // Without a mark of any round there is nothing to combine, and no check to determine again.
        let marked = |index: usize, item: &Item| {
            standard.rounds_of(item).any(|round| self.is_marked_in(index, &round.id))
        };
        let in_rounds = standard.items.iter().enumerate().any(|(index, item)| marked(index, item));
        let rounds: Vec<(&Round, ScoringContext)> = standard
            .rounds
            .iter()
            .filter(|_| in_rounds)
            .map(|round| (round, self.in_stages(&[&round.id])))
            .collect();
        let mut items = Vec::new();
        for (index, item) in standard.items.iter().enumerate() {
            if !marked(index, item) {
                items.extend(self.items(index, item, findings));
                continue;
            }
            // A round that nobody has marked yet is still open.
            let of_item: Vec<(&Round, Vec<ItemScore>)> = rounds
                .iter()
                .filter(|(round, _)| round.items.contains(&item.id))
                .map(|(round, context)| (*round, context.items(index, item, &mut Vec::new())))
                .collect();
            items.extend((0..self.marks.units.len()).filter_map(|unit| {
                let own = of_item.iter().filter_map(|(round, scores)| Some((*round, scores.get(unit)?)));
                self.combined(&own.collect::<Vec<_>>())
            }));
        }
        items.sort_by_key(|score| (score.unit, score.item));
        items
    }

    /// The scores after rectification, beside the first ones, where this context has the marks after rectification.
    pub(super) fn rechecked(&self, first: &[ItemScore]) -> Vec<ItemScore> {
        let standard = self.standard;
        let is_rechecked =
            |index: usize, item: &Item| standard.is_rechecked(item) && self.is_marked_in(index, RECHECK);
        let mut items = first.to_vec();
        for (index, item) in
            standard.items.iter().enumerate().filter(|(index, item)| is_rechecked(*index, item))
        {
            for again in self.items(index, item, &mut Vec::new()) {
                let marked = self.entered.is_marked(index, again.unit, RECHECK);
                let before = items.iter_mut().find(|own| (own.unit, own.item) == (again.unit, index));
                if let (true, Some(before)) = (marked, before) {
                    let (score, rounds) = (before.score, std::mem::take(&mut before.rounds));
                    *before = ItemScore { first: score, rounds, ..again };
                }
            }
        }
        items
    }

    /// Items that are marked for the whole year and in rounds, too: the marks of the year do not count.
    pub(super) fn marked_twice(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        for (index, item) in self.standard.items.iter().enumerate() {
            let rounds: Vec<&Round> =
                self.standard.rounds_of(item).filter(|round| self.is_marked_in(index, &round.id)).collect();
            if rounds.is_empty() || !self.is_marked_in(index, "") {
                continue;
            }
            let units = (0..self.marks.units.len()).filter(|unit| self.entered.is_marked(index, *unit, ""));
            let own = |mark: &&crate::tables::marks::Mark| {
                let (entry, stage) = unstaged(&mark.entry);
                stage.is_empty() && entry.strip_prefix(&item.id).is_some_and(|rest| rest.starts_with('.'))
            };
            let place = self.marks.marks.iter().find(own).map(|mark| mark.place.clone()).unwrap_or_default();
            let rounds = rounds.iter().map(|round| round.title.get(self.words.language).to_string());
            found.push(
                Problem::warning("score_year_and_rounds", place)
                    .with("item", &item.id)
                    .list("rounds", rounds)
                    .list("units", units.map(|unit| self.name(unit).to_string())),
            );
        }
        found
    }

    /// Whether anything of an item is marked in a stage, for any unit.
    fn is_marked_in(&self, item: usize, stage: &str) -> bool {
        (0..self.marks.units.len()).any(|unit| self.entered.is_marked(item, unit, stage))
    }

    fn combined(&self, rounds: &[(&Round, &ItemScore)]) -> Option<ItemScore> {
        let (_, first) = rounds.first()?;
        if first.state == State::NotConcerned {
            return Some((*first).clone());
        }
        let rule = self.standard.round_rule();
        let scores: Vec<Option<f64>> = rounds.iter().map(|(_, own)| own.score).collect();
        let score = combine(&scores, rule);
        let mut unmarked = Vec::new();
        for (round, own) in rounds.iter().filter(|(_, own)| own.score.is_none() && score.is_none()) {
            unmarked.extend(own.unmarked.iter().map(|entry| staged(entry, &round.id)));
        }
        let parts = (0..first.parts.len()).filter_map(|k| {
            let own: Vec<(&Round, &PartScore)> =
                rounds.iter().filter_map(|(round, own)| Some((*round, own.parts.get(k)?))).collect();
            let scores: Vec<Option<f64>> = own.iter().map(|(_, part)| part.score).collect();
            let score = combine(&scores, rule);
            let (_, first) = own.first()?;
            let told = own.iter().map(|(round, part)| (*round, part.arithmetic.clone()));
            Some(PartScore {
                score,
                arithmetic: self.joined(told.collect()),
                marks: own.iter().flat_map(|(_, part)| part.marks.clone()).collect(),
                unmarked: own
                    .iter()
                    .filter(|_| score.is_none())
                    .flat_map(|(round, part)| part.unmarked.iter().map(|entry| staged(entry, &round.id)))
                    .collect(),
                above: own.iter().any(|(_, part)| part.above),
                ..(*first).clone()
            })
        });
        let told = rounds
            .iter()
            .map(|(round, own)| (*round, own.score.map_or_else(|| self.words.say("score.unmarked"), shown)));
        let list = self.joined(told.collect());
        let key = match rule {
            RoundRule::Mean => "score.rounds.mean",
            RoundRule::Last => "score.rounds.last",
            RoundRule::Lower => "score.rounds.lower",
        };
        let arithmetic = match score {
            Some(score) => self.say(key, &[("list", list), ("score", shown(score))]),
            None => list,
        };
        let assessed = rounds.iter().any(|(_, own)| own.state != State::NotAssessed);
        Some(ItemScore {
            state: match score {
                Some(_) if assessed => State::Scored,
                Some(_) => State::NotAssessed,
                None => State::Unmarked,
            },
            score,
            arithmetic,
            parts: parts.collect(),
            adjusted: rounds.iter().flat_map(|(_, own)| own.adjusted.clone()).collect(),
            unmarked,
            above: rounds.iter().any(|(_, own)| own.above),
            rounds: rounds
                .iter()
                .map(|(round, own)| RoundScore { round: round.id.clone(), score: own.score })
                .collect(),
            ..(*first).clone()
        })
    }

    /// `上半年：18；下半年：20`
    fn joined(&self, told: Vec<(&Round, String)>) -> String {
        let one = |(round, text): (&Round, String)| {
            let title = round.title.get(self.words.language).to_string();
            self.say("score.rounds.one", &[("round", title), ("text", text)])
        };
        told.into_iter().map(one).collect::<Vec<_>>().join(&self.words.say("score.joint"))
    }
}

/// One score of several; `None` while one that is needed is missing.
fn combine(scores: &[Option<f64>], rule: RoundRule) -> Option<f64> {
    match rule {
        RoundRule::Mean => {
            let sum: f64 = scores.iter().copied().sum::<Option<f64>>()?;
            Some(tidy(sum / scores.len().max(1) as f64))
        }
        RoundRule::Last => scores.iter().rev().flatten().next().copied(),
        RoundRule::Lower => {
            let all: Option<Vec<f64>> = scores.iter().copied().collect();
            all?.into_iter().reduce(f64::min)
        }
    }
}
