//! The tables of the annexes: values of all schools, schools left out, formulas, settings, files.

use super::{Body, heads, met_of};
use crate::{
    dictionary::{Dictionary, Section},
    number,
    report::{
        document::table::{Cell, text},
        self_evaluation::say,
    },
    standard::{BySection, Formula, Indicator},
    tables::{Status, district::District, measures},
    words::{Language, Words},
};

/// All schools of a section with their values as 表Ⅱ-2 prints them.
pub fn values(district: &District, section: Section) -> Body {
    let (words, print) = (district.words, district.standard.print);
    // Without any threshold, the values are shown but no school is judged.
    let judged = district.standard.judges_schools();
    let has_threshold = |one: &&Indicator| !judged || one.threshold.get(section).is_some();
    let indicators: Vec<_> = district.standard.indicators.iter().filter(has_threshold).collect();
    let mut heads = heads(words, &["#number", "school"]);
    heads.extend(indicators.iter().map(|one| {
        let head = match one.threshold.get(section).map(|t| number::fact(*t, "")) {
            Some(threshold) => {
                say(words, "column.value_of", &[("id", one.id.clone()), ("threshold", threshold)])
            }
            None => one.id.clone(),
        };
        (head, true)
    }));
    if judged {
        heads.push((say(words, "column.indicators_met", &[]), true));
        heads.push((say(words, "column.conclusion", &[]), false));
    }
    let mut measures: std::collections::HashMap<(&str, &str), measures::Row> = Default::default();
    for row in district.measures.rows().filter(|row| row.section() == section) {
        measures.insert((row.school_code(), row.indicator()), row);
    }
    let rows = district.schools.rows().filter(|row| row.section() == section);
    let rows = rows.enumerate().map(|(at, school)| {
        let mut row = vec![text((at + 1).to_string()), text(school.school_name())];
        for one in &indicators {
            let found = measures.get(&(school.school_code(), one.id.as_str()));
            let value = number::fixed(found.and_then(|row| row.value()), print.value);
            row.push(text(value).unmet(found.and_then(|row| row.met()) == Some(false)));
        }
        if !judged {
            return row;
        }
        row.push(met_of(school));
        let status = match school.met() {
            Some(true) => Status::Met,
            Some(false) => Status::Unmet,
            None => Status::Missing,
        };
        row.push(text(words.say(&format!("status.{}", status.id()))).unmet(status == Status::Unmet));
        row
    });
    (heads, rows.collect())
}

pub fn excluded(district: &District) -> Body {
    let words = district.words;
    let rows = district.verdict.excluded.iter().enumerate().map(|(at, one)| {
        vec![
            text((at + 1).to_string()),
            text(&one.school_name),
            text(words.section(&one.section)),
            text(&one.reason),
        ]
    });
    (heads(words, &["#number", "school", "section", "reason"]), rows.collect())
}

pub fn formulas(district: &District) -> Body {
    let (words, language) = (district.words, district.words.language);
    let rows = district.standard.indicators.iter().map(|one| {
        let fraction = |numerator: &Formula| {
            let factor = if one.factor == 1.0 {
                String::new()
            } else {
                format!("{} × ", number::fact(one.factor, ""))
            };
            let numerator = readable(numerator, words);
            let numerator = if numerator.contains(' ') { format!("({numerator})") } else { numerator };
            format!("{factor}{numerator} ÷ {}", readable(&one.denominator, words))
        };
        let formula = match &one.numerator {
            BySection::Same(formula) => fraction(formula),
            BySection::Each(each) => {
                let part = |(section, formula): (&Section, &Formula)| {
                    say(
                        words,
                        "of_section",
                        &[("section", words.section(section.id())), ("what", fraction(formula))],
                    )
                };
                each.iter().map(part).collect::<Vec<_>>().join(&say(words, "joint", &[]))
            }
        };
        let mut row = vec![
            text(format!("{} {}", one.id, one.title.get(language))),
            text(formula),
            text(words.unit(&one.unit)),
        ];
        row.extend(clause(&one.clause, language));
        row
    });
    (heads(words, with_clause(&["indicator", "formula", "unit", "clause"], language)), rows.collect())
}

/// The formula with the facts' own names instead of their ids.
fn readable(formula: &Formula, words: &Words) -> String {
    let source = formula.to_string();
    let mut out = String::new();
    let mut word = String::new();
    let named = |word: &str| match (Dictionary::get().fact(word), words.language) {
        (Some(fact), Language::Chinese) => fact.label_zh.clone(),
        (Some(fact), Language::English) => fact.label_en.clone(),
        (None, _) if word == "coalesce" => say(words, "first_given", &[]),
        (None, _) => word.to_string(),
    };
    for c in source.split_whitespace().collect::<Vec<_>>().join(" ").chars() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        out.push_str(&named(&std::mem::take(&mut word)));
        match c {
            '*' => out.push('×'),
            '/' => out.push('÷'),
            '-' => out.push('−'),
            c => out.push(c),
        }
    }
    out + &named(&word)
}

pub fn settings(district: &District) -> Body {
    let (words, language) = (district.words, district.words.language);
    let rows = district.standard.settings.iter().map(|setting| {
        let chosen =
            setting.values.get(&setting.value).map_or(setting.value.as_str(), |text| text.get(language));
        let mut row = vec![text(setting.title.get(language)), text(chosen)];
        row.extend(clause(&setting.clause, language));
        row
    });
    (heads(words, with_clause(&["setting", "chosen", "clause"], language)), rows.collect())
}

/// Clauses are quoted in Chinese, so an English report leaves out their column.
fn clause(clause: &str, language: Language) -> Option<Cell> {
    (language == Language::Chinese).then(|| text(clause))
}

fn with_clause<'a>(keys: &'a [&'a str], language: Language) -> &'a [&'a str] {
    match (language, keys.split_last()) {
        (Language::English, Some((_, rest))) => rest,
        _ => keys,
    }
}

/// The files from which this district's rows were read.
pub fn sources(district: &District) -> Body {
    let words = district.words;
    let mut used: std::collections::BTreeSet<i32> = Default::default();
    used.extend(district.facts.rows().filter_map(|row| row.source_id()));
    used.extend(district.district_facts.rows().filter_map(|row| row.source_id()));
    used.extend(district.answers.rows().filter_map(|row| row.source_id()));
    used.extend(district.record_sources.rows().filter_map(|row| row.source_id()));
    let rows = district.sources.rows().filter(|row| used.contains(&row.source_id())).map(|row| {
        // Enough to distinguish two files; run.json has the whole hash.
        let sum: String = row.sha256().chars().take(16).collect();
        // A report must not reveal the folders of somebody's computer.
        let file = row.file().rsplit(['/', '\\']).next().unwrap_or_default();
        vec![text(file), text(row.sheet()), text(sum)]
    });
    (heads(words, &["file", "sheet", "sha256"]), rows.collect())
}
