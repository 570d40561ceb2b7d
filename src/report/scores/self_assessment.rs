//! What units say of themselves, beside the scores: own mark, fact and evidence of every part.

use serde::Serialize;

use super::view::{View, points};
use crate::{problem::Place, tables::marks::SelfMark};

/// Differences smaller than this are errors of binary fractions.
const DUST: f64 = 1e-9;

/// One part of an item of a unit that handed in a self-assessment.
#[derive(Debug, Clone, PartialEq)]
pub struct SelfLine {
    pub unit: usize,
    pub item: usize,
    pub part: usize,
    pub points: Option<f64>,
    /// The own mark.
    pub mark: Option<f64>,
    pub score: Option<f64>,
    /// Own mark minus score.
    pub difference: Option<f64>,
    pub fact: String,
    pub evidence: String,
    pub reason: String,
    pub place: Option<Place>,
}

impl SelfLine {
    /// Those of all units that handed one in, in the order of the units and items.
    pub fn all(view: &View<'_>) -> Vec<SelfLine> {
        let units = view.scoring.marks.self_reports.iter().map(|report| report.unit);
        units.flat_map(|unit| SelfLine::of(view, unit)).collect()
    }

    /// Those of one unit.
    pub fn of(view: &View<'_>, unit: usize) -> Vec<SelfLine> {
        let Some(own) = view.units().get(unit) else { return Vec::new() };
        let entries = view.scoring.standard.self_entries(|name| own.is_called(name));
        let line = |(item, part): (usize, usize)| {
            let scored = view.item(unit, item);
            let scored = scored.and_then(|item| item.parts.iter().find(|one| one.part == part));
            let said: Option<&SelfMark> = view.scoring.marks.self_mark(unit, item, part);
            let (mark, score) = (said.and_then(|said| said.mark), scored.and_then(|part| part.score));
            let difference = mark.zip(score).map(|(mark, score)| ((mark - score) / DUST).round() * DUST);
            let text = |of: fn(&SelfMark) -> &String| said.map_or_else(String::new, |said| of(said).clone());
            SelfLine {
                unit,
                item,
                part,
                points: scored
                    .and_then(|part| part.points)
                    .or_else(|| view.parts(item).get(part).and_then(|part| part.points)),
                mark,
                score,
                difference: difference.map(|by| if by.abs() < DUST { 0.0 } else { by }),
                fact: text(|said| &said.fact),
                evidence: text(|said| &said.evidence),
                reason: text(|said| &said.reason),
                place: said.map(|said| said.place.clone()),
            }
        };
        entries.into_iter().filter_map(|entry| Some(line((entry.item?, entry.part?)))).collect()
    }
}

/// The self-assessments in the comparison of all units.
#[derive(Debug, Default, Serialize)]
pub struct SelfComparison {
    /// Units that handed one in, and those that did not.
    pub handed_in: usize,
    pub missing: Vec<String>,
    /// Parts with an own mark and a score, and those of them that differ.
    pub compared: usize,
    pub differing: usize,
    /// Largest difference first.
    pub differences: Vec<Difference>,
}

#[derive(Debug, Serialize)]
pub struct Difference {
    #[serde(skip)]
    pub line: SelfLine,
    pub unit: String,
    pub item: String,
    pub part: String,
    pub points: String,
    pub mark: String,
    pub score: String,
    /// With its sign.
    pub difference: String,
    pub fact: String,
    pub evidence: String,
}

impl SelfComparison {
    /// `None` if no unit handed in a self-assessment.
    pub fn of(view: &View<'_>) -> Option<SelfComparison> {
        let handed_in = view.scoring.marks.self_reports.len();
        if handed_in == 0 {
            return None;
        }
        let missing = (0..view.units().len())
            .filter(|unit| view.scoring.marks.self_report(*unit).is_none())
            .map(|unit| view.unit_name(unit).to_string())
            .collect();
        let lines: Vec<SelfLine> =
            SelfLine::all(view).into_iter().filter(|line| line.difference.is_some()).collect();
        let compared = lines.len();
        let size = |line: &SelfLine| line.difference.unwrap_or(0.0).abs();
        let mut differing: Vec<SelfLine> = lines.into_iter().filter(|line| size(line) > DUST).collect();
        differing.sort_by(|a, b| size(b).total_cmp(&size(a)));
        let differences: Vec<Difference> =
            differing.into_iter().map(|line| Difference::of(view, line)).collect();
        Some(SelfComparison { handed_in, missing, compared, differing: differences.len(), differences })
    }
}

impl Difference {
    pub fn of(view: &View<'_>, line: SelfLine) -> Difference {
        let part = view.parts(line.item).get(line.part).map_or("", |part| part.title.as_str());
        Difference {
            unit: view.unit_name(line.unit).to_string(),
            item: view.item_title(line.item),
            part: part.to_string(),
            points: points(line.points),
            mark: points(line.mark),
            score: points(line.score),
            difference: signed(line.difference),
            fact: line.fact.clone(),
            evidence: line.evidence.clone(),
            line,
        }
    }
}

fn signed(difference: Option<f64>) -> String {
    match difference {
        Some(above) if above > 0.0 => format!("+{}", points(difference)),
        _ => points(difference),
    }
}
