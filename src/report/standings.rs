//! Standings as JSON: the output of `score --json`.

use serde_json::{Value, json};

use crate::{
    standard::Standard,
    tables::scored::{Scored, Standing, State},
    words::Words,
};

/// Every unit with its total, rank, grade and unmarked entries, in the order of the ranks.
pub fn json(standard: &Standard, scored: &Scored, words: &Words) -> Value {
    let grades = standard.scoring.as_ref().map_or(&[][..], |scoring| &scoring.grades);
    let item = |index: usize| standard.items.get(index).map(|item| item.id.clone());
    let unit = |standing: &Standing| {
        let unit = scored.units.get(standing.unit);
        let open =
            scored.items.iter().filter(|score| score.unit == standing.unit && score.state == State::Unmarked);
        json!({
            "unit": unit.map(|unit| unit.name.clone()),
            "code": unit.and_then(|unit| unit.code.clone()),
            "points": standing.points,
            "score": standing.score,
            "bonus": standing.bonus,
            "total": standing.total,
            "result": standing.result,
            "rank": standing.rank,
            "last_rank": standing.last_rank,
            "grade": standing.grade.and_then(|k| grades.get(k)).map(|grade| grade.name.get(words.language)),
            "vetoed": standing.vetoed.iter().filter_map(|index| item(*index)).collect::<Vec<_>>(),
            "unmarked": open.filter_map(|score| item(score.item)).collect::<Vec<_>>(),
        })
    };
    let finding = |problem: &crate::problem::Problem| json!({ "level": problem.level.id(), "code": problem.code, "message": words.placed(problem) });
    json!({
        "standard": standard.id,
        "year": scored.year,
        "units": by_rank(scored).into_iter().map(unit).collect::<Vec<_>>(),
        "findings": scored.findings.iter().map(finding).collect::<Vec<_>>(),
    })
}

/// Ranked units first, the others as they are listed.
pub fn by_rank(scored: &Scored) -> Vec<&Standing> {
    let mut standings: Vec<&Standing> = scored.standings.iter().collect();
    standings.sort_by_key(|standing| (standing.rank.unwrap_or(usize::MAX), standing.unit));
    standings
}
