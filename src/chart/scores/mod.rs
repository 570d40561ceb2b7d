//! Pictures of a scoring: who has how much, where it is lost, and who rose or fell since last year.

mod distance;
mod ranks;
#[cfg(test)]
mod tests;
mod totals;

use super::{Picture, frame::Frame};
use crate::{
    number,
    problem::Result,
    tables::{scored::Standing, scoring::Scoring},
};

/// Every picture of a scoring, in the order a report shows them. A picture without data is left out.
///
/// # Errors
/// The font cannot be used.
pub fn of_scores(scoring: &Scoring<'_>) -> Result<Vec<Picture>> {
    let drawn = [totals::picture(scoring)?, distance::picture(scoring)?, ranks::picture(scoring)?];
    Ok(drawn.into_iter().flatten().collect())
}

/// A canvas with its head: title, what is shown, standard and year.
fn frame(scoring: &Scoring<'_>, title: &str, what: &str) -> Result<Frame> {
    let args = [
        ("what", what.to_string()),
        ("standard", scoring.said(&scoring.standard.title).to_string()),
        ("year", scoring.scored.year.map_or(String::new(), |year| year.to_string())),
    ];
    let key =
        if scoring.scored.year.is_some() { "chart.scores.subtitle_year" } else { "chart.scores.subtitle" };
    Frame::under(title, &scoring.words.text(key, &args), scoring.made_line())
}

/// Units by rank, those without one after them by what they have so far.
fn in_order<'a>(scoring: &Scoring<'a>) -> Vec<&'a Standing> {
    let mut all: Vec<&Standing> = scoring.scored.standings.iter().collect();
    let score = |own: &Standing| own.result.unwrap_or(own.score + own.bonus);
    all.sort_by(|a, b| {
        let (rank_a, rank_b) = (a.rank.unwrap_or(usize::MAX), b.rank.unwrap_or(usize::MAX));
        rank_a.cmp(&rank_b).then(score(b).total_cmp(&score(a))).then(a.unit.cmp(&b.unit))
    });
    all
}

fn name<'a>(scoring: &Scoring<'a>, unit: usize) -> &'a str {
    scoring.scored.units.get(unit).map_or("", |unit| unit.name.as_str())
}

fn code<'a>(scoring: &Scoring<'a>, unit: usize) -> &'a str {
    let unit = scoring.scored.units.get(unit);
    unit.map_or("", |unit| unit.code.as_deref().unwrap_or(&unit.name))
}

/// `B17 依法行政`
fn heading(scoring: &Scoring<'_>, group: usize) -> String {
    let Some(group) = scoring.standard.groups.get(group) else { return String::new() };
    let title = scoring.said(&group.title);
    if title.starts_with(&group.label) { title.to_string() } else { format!("{} {title}", group.label) }
}

/// At most two decimals.
fn points(value: f64) -> String {
    let text = number::fixed(Some(value), 2);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_string() } else { text }
}
