//! How a value was calculated: its formula with the numbers in place, its apportionment, its facts. `explain` and the
//! web page both use this, so that they always agree. The results themselves come from the tables.

use std::collections::BTreeSet;

use crate::{
    dictionary::Dictionary,
    number::{self, calculated},
    standard::{Apportionment, Formula, Indicator, IndicatorRelief, Item, Standard, formula::Exact},
    tables::{Status, dispersion, facts, items},
    words::{Language, Words},
};

/// Decimals with which the CVs of a mean are shown: twice as many as printed.
const SHOWN: u32 = 6;

/// The calculation of one indicator for one record (a row of `facts`).
#[derive(Debug)]
pub struct Calculation<'a> {
    pub indicator: &'a Indicator,
    /// The relief applied to this record.
    pub relief: Option<&'a IndicatorRelief>,
    pub numerator: &'a Formula,
    /// Set if the numerator reads a resource that several sections of the school share.
    pub apportionment: Option<&'a Apportionment>,
}

impl<'a> Calculation<'a> {
    /// `combined`: the school has further sections. `None` where the indicator has no formula for the section.
    pub fn of(
        standard: &'a Standard,
        indicator: &'a Indicator,
        reliefs: bool,
        record: facts::Row,
        combined: bool,
    ) -> Option<Calculation<'a>> {
        let section = record.section()?;
        let holds =
            |relief: &&IndicatorRelief| relief.when.exact(&|id| record.exact(id)) == Exact::Truth(true);
        let relief = indicator.reliefs.iter().filter(|_| reliefs).find(holds);
        let numerator = relief
            .and_then(|relief| relief.numerator.as_ref())
            .and_then(|formulas| formulas.get(section))
            .or_else(|| indicator.numerator.get(section))?;
        let facts = numerator.facts();
        let shares = |a: &&Apportionment| combined && a.facts.iter().any(|fact| facts.contains(fact));
        let apportionment = standard.apportionment.as_ref().filter(shares);
        Some(Calculation { indicator, relief, numerator, apportionment })
    }

    /// Every fact that the value depends on.
    pub fn facts(&self) -> BTreeSet<String> {
        let mut facts = self.numerator.facts();
        facts.extend(self.indicator.denominator.facts());
        facts
    }
}

/// A formula with the record's numbers in place of its facts.
pub fn with_numbers(formula: &Formula, record: facts::Row) -> String {
    formula.to_sql(&|id| match record.exact(id) {
        Exact::Number(_) => number::fact(record.number(id).unwrap_or_default(), "").replace(',', ""),
        Exact::Text(text) => format!("'{text}'"),
        Exact::Truth(truth) => truth.to_string(),
        Exact::Null => "null".into(),
    })
}

/// Weight × pupils of a section, which determines its share of shared resources.
pub fn weighted(apportionment: &Apportionment, record: facts::Row) -> String {
    let weight = record.section().and_then(|section| apportionment.weights.get(&section));
    format!("{} × {}", calculated(weight.copied()), calculated(record.students()))
}

/// A fact of a record as it was read, with its unit.
pub fn value(record: facts::Row, fact: &str, words: &Words) -> String {
    let unit = Dictionary::get().fact(fact).map(|known| known.unit.as_str()).unwrap_or_default();
    match (record.number(fact), record.text(fact), record.yes_no(fact)) {
        (Some(value), ..) => number::fact(value, unit),
        (_, Some(text), _) => text.to_string(),
        (.., Some(yes)) => words.say(if yes { "explain.yes" } else { "explain.no" }),
        _ => words.say("explain.no_value"),
    }
}

/// The dictionary's label of a fact, in the run's language.
pub fn label(fact: &str, words: &Words) -> String {
    let Some(known) = Dictionary::get().fact(fact) else { return fact.to_string() };
    match words.language {
        Language::Chinese => known.label_zh.clone(),
        Language::English => known.label_en.clone(),
    }
}

/// Facts that the checks of an item read.
pub fn facts_of_checks(item: &Item) -> BTreeSet<String> {
    let formulas = item.checks().iter().flat_map(|check| {
        let optional = [&check.applies, &check.denominator].into_iter().flatten();
        optional.chain([&check.numerator, &check.required])
    });
    formulas.flat_map(Formula::facts).collect()
}

/// The checks of an item that are in force, each as title and formula: `100 × (a) / (b) >= 95 %`.
pub fn checks<'a>(standard: &'a Standard, item: &'a Item, words: &Words) -> Vec<(&'a str, String)> {
    let in_force = item.checks().iter().filter(|check| standard.in_force(&check.only));
    in_force
        .map(|check| {
            let factor = if check.factor == 1.0 { String::new() } else { format!("{} × ", check.factor) };
            let quotient = check.denominator.as_ref().map(|d| format!(" / ({d})")).unwrap_or_default();
            let compare = serde_json::to_value(check.compare).ok();
            let compare = compare.as_ref().and_then(|c| c.as_str()).unwrap_or_default();
            let formula = format!(
                "{factor}({}){quotient} {compare} {} {}",
                check.numerator, check.required, check.unit
            );
            (check.title.get(words.language), formula.trim_end().to_string())
        })
        .collect()
}

/// The mean of the CVs of a composite item, section by section: `(B1 0.312 + B2 0.441) / 2 = 0.376500 <= 0.65`.
/// `dispersion`: the district's and year's rows.
pub fn composite(
    standard: &Standard,
    item: &Item,
    dispersion: &[dispersion::Row],
    words: &Words,
) -> Vec<(String, String)> {
    let Some((_, indicators, _)) = standard.composites().find(|(of, ..)| of.id == item.id) else {
        return Vec::new();
    };
    let cv = |row: Option<&dispersion::Row>| number::fixed(row.and_then(|row| row.cv()), SHOWN);
    let means = dispersion.iter().filter(|row| row.indicator() == item.id);
    means
        .map(|mean| {
            let section = mean.section();
            let of = |id: &String| {
                let mut rows = dispersion.iter();
                let row = rows.find(|row| row.section() == section && row.indicator() == *id);
                format!("{id} {}", cv(row))
            };
            let parts: Vec<String> = indicators.iter().map(of).collect();
            let sign = match mean.cv() > mean.limit() {
                true => ">",
                false => "<=",
            };
            let formula = match mean.cv() {
                Some(_) if mean.status() == Status::Missing => {
                    let limit = [("limit", calculated(mean.limit()))];
                    let mark = words.fill("explain.composite_incomplete", &limit);
                    format!("({}) / {} = {}{mark}", parts.join(" + "), parts.len(), cv(Some(mean)))
                }
                Some(_) => format!(
                    "({}) / {} = {} {sign} {}",
                    parts.join(" + "),
                    parts.len(),
                    cv(Some(mean)),
                    calculated(mean.limit())
                ),
                None => format!("({}) / {} = —", parts.join(" + "), parts.len()),
            };
            (words.section(section.id()), formula)
        })
        .collect()
}

/// The result of an item, from its row of `items`.
pub fn item_line(row: items::Row, words: &Words) -> String {
    let args = [
        ("status", words.say(&format!("explain.status.{}", row.status().id()))),
        ("value", calculated(row.value())),
        ("threshold", calculated(row.threshold())),
        ("score", calculated(row.score())),
        ("points", calculated(row.points())),
        ("detail", row.detail().to_string()),
    ];
    let key = match (row.points(), row.value()) {
        (Some(_), _) => "explain.item_score",
        (_, Some(_)) => "explain.item_value",
        _ => "explain.item_status",
    };
    words.fill(key, &args)
}
