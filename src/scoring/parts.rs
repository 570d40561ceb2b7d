//! Scores a part by its method, from what is known about the unit.

use super::ScoringContext;
use crate::{
    standard::{
        Item, Part,
        method::{
            Answers, CheckValue, PartInput, PartResult, Ranking,
            numbers::{shown, tidy},
        },
    },
    tables::scored::PartScore,
};

/// What is known about one unit in one item.
pub(super) struct UnitAnswers<'a> {
    pub(super) context: &'a ScoringContext<'a>,
    pub(super) unit: usize,
    pub(super) item: usize,
}

impl Answers for UnitAnswers<'_> {
    fn number(&self, entry: &str) -> Option<(f64, usize)> {
        self.context.entered.number(self.unit, entry)
    }

    fn truth(&self, entry: &str) -> Option<(bool, usize)> {
        self.context.entered.truth(self.unit, entry)
    }

    fn direction(&self, entry: &str) -> Option<(i8, usize)> {
        self.context.entered.direction(self.unit, entry)
    }

    fn check(&self, id: &str) -> Option<&CheckValue> {
        self.context.known(self.unit, self.item, id).map(|known| &known.value)
    }
}

impl ScoringContext<'_> {
    pub(super) fn part(
        &self,
        unit: usize,
        (i, item): (usize, &Item),
        (k, part): (usize, &Part),
        points: Option<f64>,
        ranking: Option<&Ranking>,
    ) -> PartScore {
        let id = format!("{}.{}", item.id, part.id);
        let part_id = id.clone();
        let answers = UnitAnswers { context: self, unit, item: i };
        let found = match points {
            Some(points) => part.method.score(&PartInput {
                id,
                points,
                item,
                ranking,
                unit,
                answers: &answers,
                words: self.words,
            }),
            None => PartResult { arithmetic: self.words.say("score.no_points"), ..PartResult::default() },
        };
        let mut arithmetic = found.arithmetic;
        let mut score = found.score.map(tidy);
        let mut above = false;
        if let (Some(now), Some(points)) = (score, points)
            && now > points + 1e-9
        {
            // The document has a tier, or a score for units below a threshold, above the part's points.
            above = self.standard.scores_may_exceed_points();
            if !above {
                score = Some(points);
                arithmetic = format!("{arithmetic} → {}", shown(points));
            }
        }
        let (mut marks, mut unmarked) = (found.marks, found.unmarked);
        if let Some(late) = self.late_part(unit, &part_id) {
            score = Some(0.0);
            arithmetic = late.arithmetic;
            marks.push(late.mark);
            unmarked.clear();
            above = false;
        }
        if score.is_none() && arithmetic.is_empty() {
            arithmetic = self.words.say("score.unmarked");
        }
        PartScore { part: k, points, score, arithmetic, marks, unmarked, above }
    }
}
