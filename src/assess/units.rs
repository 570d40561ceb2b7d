//! The scoring job: marks and facts → computed checks → scores. It calls the rooms in order and calculates nothing
//! itself.

mod data;

use crate::{
    ingest::Facts,
    problem::{Place, Problem, Result},
    scoring::{self, Data, Last},
    standard::Standard,
    tables::{marks::Marks, scored::Scored},
    words::Words,
};

/// Scores the units of `marks`, deciding from `facts` whatever the facts can decide. The year is that of the marks,
/// otherwise the newest year of the facts.
///
/// # Errors
/// Those of the engine, which valid tables do not cause.
pub fn run(
    marks: &Marks,
    facts: Option<&Facts>,
    standard: &Standard,
    last: &Last,
    words: &Words,
) -> Result<Scored> {
    let (mut computed, mut findings) = (Data::new(), Vec::new());
    let mut year = marks.year;
    if let Some(facts) = facts {
        let years = data::years(&facts.facts);
        year = year.or_else(|| years.last().copied());
        match year {
            Some(year) if years.contains(&year) => {
                (computed, findings) = data::of(facts, year, standard, &marks.units, words)?;
            }
            Some(year) => {
                let known: Vec<String> = years.iter().map(i32::to_string).collect();
                findings.push(
                    Problem::warning("scoring_year_without_data", Place::default())
                        .with("year", year)
                        .with("known", known.join(&words.say("score.comma"))),
                );
            }
            None => {}
        }
    }
    let mut scored = scoring::score(standard, marks, &computed, last, words);
    scored.year = year;
    findings.append(&mut scored.findings);
    scored.findings = findings;
    Ok(scored)
}

#[cfg(test)]
mod tests;
