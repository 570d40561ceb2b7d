//! Pictures of a scoring: who has how much, where it is lost, and who rose or fell since last year.

mod distance;
mod ranks;
#[cfg(test)]
mod tests;
mod totals;

use super::{Picture, frame::Frame};
use crate::{number, problem::Result, tables::scoring::Scoring};

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

fn name<'a>(scoring: &Scoring<'a>, unit: usize) -> &'a str {
    scoring.scored.units.get(unit).map_or("", |unit| unit.name.as_str())
}

fn code<'a>(scoring: &Scoring<'a>, unit: usize) -> &'a str {
    let unit = scoring.scored.units.get(unit);
    unit.map_or("", |unit| unit.code.as_deref().unwrap_or(&unit.name))
}

/// At most two decimals.
fn points(value: f64) -> String {
    number::at_most(value, 2)
}
