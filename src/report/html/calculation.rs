//! The part of the page on the calculation: the standard's rules and formulas, its settings, the inputs.

use serde::Serialize;

use crate::{
    number::calculated,
    standard::{Apportionment, Exclusion, Section, Standard},
    tables::{cells::Cells, district::District},
    words::Words,
};

#[derive(Serialize)]
pub struct Calculation<'a> {
    title: &'a str,
    id: &'a str,
    version: &'a str,
    source: &'a str,
    notes: Vec<&'a str>,
    scope: String,
    scope_clause: &'a str,
    exclusions: Vec<(&'a str, String, &'a str)>,
    apportionment: Option<Shared<'a>>,
    school_rule: Option<(&'a str, &'a str)>,
    indicators: Vec<Formula<'a>>,
    settings: Vec<(&'a str, &'a str, &'a str, &'a str)>,
    decimals: String,
    inputs: Vec<(&'a str, &'a str)>,
    program: &'a str,
}

#[derive(Serialize)]
struct Shared<'a> {
    facts: String,
    weights: String,
    clause: &'a str,
}

#[derive(Serialize)]
struct Formula<'a> {
    id: &'a str,
    title: &'a str,
    unit: String,
    /// One per section, if they differ.
    formulas: Vec<(String, String)>,
    /// One per section.
    thresholds: Vec<String>,
    limits: Vec<String>,
    clause: &'a str,
    reliefs: Vec<(&'a str, &'a str)>,
}

pub fn calculation<'a>(district: &'a District, cells: &Cells<'a>) -> Calculation<'a> {
    let (standard, words) = (district.standard, district.words);
    let language = words.language;
    let print = standard.print;
    let joint = words.say("judge.joint");
    let decimals = [
        ("value", print.value.to_string()),
        ("mean", print.mean.to_string()),
        ("cv", print.cv.to_string()),
        ("percent", print.percent.to_string()),
    ];
    Calculation {
        title: standard.title.get(language),
        id: &standard.id,
        version: &standard.version,
        source: &standard.source,
        notes: standard.remarks(language).collect(),
        scope: standard.scope.sections.iter().map(|s| words.section(s.id())).collect::<Vec<_>>().join(&joint),
        scope_clause: &standard.scope.clause,
        exclusions: (standard.scope.exclude.iter())
            .filter(|exclusion| standard.in_force(&exclusion.only))
            .map(|exclusion: &Exclusion| {
                (exclusion.reason.get(language), exclusion.when.to_string(), exclusion.clause.as_str())
            })
            .collect(),
        apportionment: standard.apportionment.as_ref().map(|a| shared(a, words)),
        school_rule: standard
            .school_rule
            .as_ref()
            .map(|rule| (rule.text.get(language), rule.clause.as_str())),
        indicators: formulas(standard, words),
        settings: (standard.settings.iter())
            .map(|setting| {
                let means = setting.values.get(&setting.value).map_or("", |means| means.get(language));
                (setting.title.get(language), setting.value.as_str(), means, setting.clause.as_str())
            })
            .collect(),
        decimals: words.fill("html.decimals", &decimals),
        inputs: cells.files().into_iter().collect(),
        program: &district.made.program,
    }
}

fn shared<'a>(apportionment: &'a Apportionment, words: &Words) -> Shared<'a> {
    let facts = apportionment.facts.iter().map(|fact| crate::report::calculation::label(fact, words));
    let weights = apportionment.weights.iter();
    let weights = weights.map(|(section, weight)| (words.section(section.id()), calculated(Some(*weight))));
    let (sections, weights): (Vec<String>, Vec<String>) = weights.unzip();
    Shared {
        facts: facts.collect::<Vec<_>>().join(&words.say("judge.comma")),
        weights: format!("{} = {}", sections.join(" : "), weights.join(" : ")),
        clause: &apportionment.clause,
    }
}

fn formulas<'a>(standard: &'a Standard, words: &Words) -> Vec<Formula<'a>> {
    standard
        .indicators
        .iter()
        .map(|indicator| {
            let of = |section: &Section| words.section(section.id());
            let sections = &standard.scope.sections;
            let mut formulas: Vec<(String, String)> = Vec::new();
            for section in sections {
                let Some(numerator) = indicator.numerator.get(*section) else { continue };
                let factor = match indicator.factor {
                    1.0 => String::new(),
                    factor => format!("{} × ", calculated(Some(factor))),
                };
                let whole = format!("{factor}({numerator}) ÷ ({})", indicator.denominator);
                match formulas.iter_mut().find(|(_, same)| *same == whole) {
                    Some((names, _)) => {
                        *names = format!("{names}{}{}", words.say("judge.joint"), of(section))
                    }
                    None => formulas.push((of(section), whole)),
                }
            }
            let by_section = |get: &dyn Fn(Section) -> Option<f64>| -> Vec<String> {
                let each = sections.iter().filter_map(|section| {
                    Some(format!("{} {}", of(section), calculated(Some(get(*section)?))))
                });
                each.collect()
            };
            Formula {
                id: &indicator.id,
                title: indicator.title.get(words.language),
                unit: words.unit(&indicator.unit),
                formulas,
                thresholds: by_section(&|section| indicator.threshold.get(section).copied()),
                limits: by_section(&|section| indicator.limit.get(section).copied()),
                clause: &indicator.clause,
                reliefs: (indicator.reliefs.iter())
                    .map(|relief| (relief.title.get(words.language), relief.clause.as_str()))
                    .collect(),
            }
        })
        .collect()
}
