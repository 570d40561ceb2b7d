//! The content that the template may use about a district: numbers of the tables, as printed. Field names are names in
//! `data/templates/self-evaluation.*.md.jinja`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    balance::{self, CompositeContent, IndicatorContent},
    duties::{self, Department, Problem},
    percent, say,
};
use crate::{
    dictionary::{Dictionary, SCHOOL_TYPES, Section},
    number,
    report::rules::{self, Day},
    tables::{Status, district::District, facts},
    words::Words,
};

/// The whole content.
#[derive(Debug, Serialize)]
pub struct Content {
    /// Name and code of the district; its year.
    pub name: String,
    pub code: String,
    pub year: i32,
    pub date: Day,
    /// The line about the report's provenance.
    pub made: String,
    pub standard: Rules,
    pub verdict: Conclusion,
    pub county: County,
    pub sections: Vec<SectionContent>,
    /// Groups of items in the standard's order, including those of the indicators.
    pub groups: Vec<Group>,
    /// Items that are not met, and items for which data or evidence are missing.
    pub problems: Vec<Problem>,
    pub departments: Vec<Department>,
    pub excluded: Vec<Excluded>,
    /// Number of findings in the data.
    pub findings: usize,
}

/// The standard's own words.
#[derive(Debug, Serialize)]
pub struct Rules {
    #[serde(flatten)]
    pub words: rules::Rules,
    /// 小学 1 : 初中 1.1 …; empty if nothing is apportioned.
    pub weights: String,
    /// Settings for matters in which sources disagree.
    pub settings: Vec<Chosen>,
    pub reliefs: Vec<String>,
    pub indicators: usize,
    /// Printed decimals: `value`, `mean`, `cv`, `percent`.
    pub print: crate::standard::Print,
    pub notes: Vec<String>,
}

#[derive(Debug, Serialize)]
pub struct Chosen {
    pub title: String,
    pub value: String,
    pub clause: String,
}

#[derive(Debug, Serialize)]
pub struct Conclusion {
    /// `ready`, `not_ready`, `cannot_be_judged`.
    pub outcome: &'static str,
    pub schools: usize,
    pub schools_met: usize,
    pub schools_unmet: usize,
    pub schools_missing: usize,
    pub items: usize,
    pub items_met: usize,
    pub items_unmet: usize,
    pub items_missing: usize,
    pub score: Option<String>,
    pub grade: Option<String>,
    pub score_statement: Option<String>,
    pub grade_note: Option<String>,
    pub borderline: bool,
}

/// A sum over rows; `value` is present if at least one row gives it.
#[derive(Debug, Default, Serialize)]
pub struct Sum {
    pub value: Option<String>,
    /// Number of rows that do not give it.
    pub unknown: usize,
}

#[derive(Debug, Serialize)]
pub struct County {
    /// Schools of every kind; a combined school counts once.
    pub schools: usize,
    pub types: Vec<Counted>,
    /// Schools by 办学性质 and 城乡类型; those without the fact are left out.
    pub private_schools: usize,
    pub ownership_unknown: usize,
    pub locations: Vec<Counted>,
    pub location_unknown: usize,
    pub sections: Vec<Pupils>,
    /// District facts by their dictionary id.
    pub facts: BTreeMap<String, Given>,
}

#[derive(Debug, Serialize)]
pub struct Counted {
    pub name: String,
    pub schools: usize,
}

#[derive(Debug, Serialize)]
pub struct Pupils {
    pub id: String,
    pub name: String,
    /// Number of schools that have the section.
    pub schools: usize,
    pub classes: Sum,
    pub students: Sum,
    pub teachers: Sum,
    /// 教职工
    pub staff: Sum,
}

#[derive(Debug, Serialize)]
pub struct Given {
    pub label: String,
    /// The number as text, without its unit.
    pub value: String,
    pub unit: String,
}

/// One 学段 under the standard.
#[derive(Debug, Serialize)]
pub struct SectionContent {
    pub id: String,
    pub name: String,
    pub schools: usize,
    pub students: String,
    pub met: usize,
    pub unmet: usize,
    pub missing: usize,
    /// Share of the schools that are up to standard, with one decimal; `None` without schools.
    pub percent: Option<String>,
    pub at_floor: usize,
    pub schools_unmet: Vec<String>,
    pub schools_missing: Vec<String>,
    pub indicators: Vec<IndicatorContent>,
    /// Means of several CVs, if the standard limits any.
    pub composites: Vec<CompositeContent>,
}

#[derive(Debug, Serialize)]
pub struct Group {
    pub title: String,
    /// `indicator` or `veto` if all items are of this kind, otherwise `other`.
    pub kind: &'static str,
    pub items: Vec<ItemContent>,
    pub met: usize,
    pub unmet: usize,
    pub missing: usize,
    pub not_applicable: usize,
}

#[derive(Debug, Serialize)]
pub struct ItemContent {
    pub id: String,
    pub title: String,
    /// 评估要点, joined.
    pub requirement: String,
    pub kind: String,
    pub status: String,
    /// 达标 …
    pub conclusion: String,
    /// What decided, from the table `items`.
    pub detail: String,
    pub points: Option<String>,
    pub score: Option<String>,
    /// For a missing item: its data are present, but the conclusion is not.
    pub only_evidence: bool,
    /// The schools that fall short.
    pub lacking: Vec<String>,
    pub note: String,
}

#[derive(Debug, Serialize)]
pub struct Excluded {
    pub school: String,
    pub section: String,
    pub reason: String,
}

impl Content {
    pub fn of(district: &District) -> Content {
        let (verdict, words) = (district.verdict, district.words);
        let excluded = verdict.excluded.iter().map(|one| Excluded {
            school: one.school_name.clone(),
            section: words.section(&one.section),
            reason: one.reason.clone(),
        });
        let problems = duties::problems(district);
        Content {
            name: district.name.clone(),
            code: district.code.clone(),
            year: district.year,
            date: district.made.date.into(),
            made: district.made_line(),
            standard: Rules::of(district),
            verdict: Conclusion::of(district),
            county: County::of(district),
            sections: sections(district),
            groups: groups(district),
            departments: duties::departments(&problems),
            problems,
            excluded: excluded.collect(),
            findings: district.findings.len(),
        }
    }
}

impl Rules {
    fn of(district: &District) -> Rules {
        let (standard, language) = (district.standard, district.words.language);
        let chosen = |setting: &crate::standard::Setting| Chosen {
            title: setting.title.get(language).to_string(),
            value: setting
                .values
                .get(&setting.value)
                .map_or(setting.value.as_str(), |text| text.get(language))
                .to_string(),
            clause: setting.clause.clone(),
        };
        Rules {
            words: rules::Rules::of(standard, language),
            weights: standard.apportionment.as_ref().map_or_else(String::new, |apportionment| {
                let weight = |(section, weight): (&Section, &f64)| {
                    format!("{} {}", district.words.section(section.id()), number::fact(*weight, ""))
                };
                apportionment.weights.iter().map(weight).collect::<Vec<_>>().join(" : ")
            }),
            settings: standard.settings.iter().map(chosen).collect(),
            reliefs: district.verdict.reliefs.clone(),
            indicators: standard.indicators.len(),
            print: standard.print,
            notes: standard.remarks(language).map(str::to_string).collect(),
        }
    }
}

impl Conclusion {
    fn of(district: &District) -> Conclusion {
        use crate::tables::verdict::Outcome;
        let verdict = district.verdict;
        Conclusion {
            outcome: match verdict.outcome {
                Outcome::Ready => "ready",
                Outcome::NotReady => "not_ready",
                Outcome::CannotBeJudged => "cannot_be_judged",
            },
            schools: verdict.schools,
            schools_met: verdict.schools_met,
            schools_unmet: verdict.schools_unmet,
            schools_missing: verdict.schools_missing,
            items: district.items.height(),
            items_met: verdict.items_met,
            items_unmet: verdict.items_unmet,
            items_missing: verdict.items_missing,
            score: verdict.score.map(|score| number::fact(score, "")),
            grade: verdict.grade.clone(),
            score_statement: verdict.score_statement.clone(),
            grade_note: verdict.grade_note.clone(),
            borderline: verdict.borderline,
        }
    }
}

impl County {
    fn of(district: &District) -> County {
        let words = district.words;
        let (mut seen, mut private, mut ownership_unknown) = (BTreeSet::new(), 0, 0);
        let (mut types, mut locations) = (BTreeMap::new(), BTreeMap::new());
        let mut location_unknown = 0;
        for row in district.facts.rows() {
            if !seen.insert(row.school_code()) {
                continue;
            }
            *types.entry(row.school_type().unwrap_or_default()).or_insert(0) += 1;
            match row.ownership() {
                Some("民办") => private += 1,
                Some(_) => {}
                None => ownership_unknown += 1,
            }
            match row.location() {
                Some(location) => *locations.entry(location).or_insert(0) += 1,
                None => location_unknown += 1,
            }
        }
        // In the dictionary's order; unknown types come last, under their own names.
        let counted = |known: &[&str], of: &BTreeMap<&str, usize>, group: &str| -> Vec<Counted> {
            let name = |id: &str| {
                let key = format!("self_evaluation.{group}.{id}");
                match (id, words.has(&key)) {
                    ("", _) => say(words, "not_given", &[]),
                    (_, true) => words.say(&key),
                    _ => id.to_string(),
                }
            };
            let own = of.keys().filter(|id| !known.contains(id)).copied();
            let order = known.iter().copied().chain(own);
            order.filter_map(|id| Some(Counted { name: name(id), schools: *of.get(id)? })).collect()
        };
        County {
            schools: seen.len(),
            types: counted(&SCHOOL_TYPES, &types, "type"),
            private_schools: private,
            ownership_unknown,
            locations: counted(&["城区", "镇区", "乡村"], &locations, "location"),
            location_unknown,
            sections: pupils(district),
            facts: district_facts(district),
        }
    }
}

/// Every section, including the senior one of combined schools.
fn pupils(district: &District) -> Vec<Pupils> {
    let rows = |section: Section| district.facts.rows().filter(move |row| row.section() == Some(section));
    let sum = |section: Section, fact: &str| {
        let given: Vec<f64> = rows(section).filter_map(|row| row.number(fact)).collect();
        let value = (!given.is_empty()).then(|| number::fixed(Some(given.iter().sum()), 0));
        Sum { value, unknown: rows(section).count() - given.len() }
    };
    [Section::Primary, Section::Junior, Section::Senior]
        .into_iter()
        .map(|section| Pupils {
            id: section.id().into(),
            name: district.words.section(section.id()),
            schools: rows(section).count(),
            classes: sum(section, facts::column::classes),
            students: sum(section, facts::column::students),
            teachers: sum(section, facts::column::teachers),
            staff: sum(section, facts::column::staff_total),
        })
        .filter(|pupils| pupils.schools > 0)
        .collect()
}

fn district_facts(district: &District) -> BTreeMap<String, Given> {
    let dictionary = Dictionary::get();
    district
        .district_facts
        .rows()
        .filter_map(|row| {
            let (id, value) = (row.fact(), row.value()?);
            let fact = dictionary.fact(id)?;
            let label = match district.words.language {
                crate::words::Language::Chinese => &fact.label_zh,
                crate::words::Language::English => &fact.label_en,
            };
            let given = Given {
                label: label.to_string(),
                value: number::fact(value, ""),
                unit: district.words.unit(&fact.unit),
            };
            Some((id.to_string(), given))
        })
        .collect()
}

fn sections(district: &District) -> Vec<SectionContent> {
    let print = district.standard.print;
    district
        .districts
        .rows()
        .map(|row| {
            let section = row.section();
            let names = |met: Option<bool>| -> Vec<String> {
                district
                    .schools
                    .rows()
                    .filter(|school| school.section() == section && school.met() == met)
                    .map(|school| school.school_name().to_string())
                    .collect()
            };
            let schools = count(row.schools());
            let met = count(row.schools_met());
            let unmet = names(Some(false));
            // Without a threshold, a school lacks nothing.
            let missing = if district.standard.judges_schools() { names(None) } else { Vec::new() };
            SectionContent {
                id: section.id().into(),
                name: district.words.section(section.id()),
                schools,
                students: number::fixed(Some(row.students()), 0),
                met,
                unmet: unmet.len(),
                missing: missing.len(),
                percent: percent(met, (schools.saturating_sub(missing.len()), schools), print.percent),
                at_floor: count(row.schools_at_floor()),
                schools_unmet: unmet,
                schools_missing: missing,
                indicators: balance::indicators(district, section),
                composites: balance::composites(district, section),
            }
        })
        .collect()
}

pub(super) fn count(found: i64) -> usize {
    usize::try_from(found).unwrap_or(0)
}

fn groups(district: &District) -> Vec<Group> {
    let (words, language) = (district.words, district.words.language);
    let mut groups: Vec<Group> = Vec::new();
    for row in district.items.rows() {
        let id = row.item();
        let Some(item) = district.standard.item(id) else { continue };
        let (group, kind) = (item.group.get(language).to_string(), item.kind());
        let own = match kind {
            // Both are in the chapter on balance.
            "indicator" | "composite" => "indicator",
            "veto" => kind,
            _ => "other",
        };
        let at = match groups.iter().position(|known| known.title == group) {
            Some(at) => at,
            None => {
                groups.push(Group {
                    title: group,
                    kind: own,
                    items: vec![],
                    met: 0,
                    unmet: 0,
                    missing: 0,
                    not_applicable: 0,
                });
                groups.len() - 1
            }
        };
        let Some(group) = groups.get_mut(at) else { continue };
        if group.kind != own {
            group.kind = "other";
        }
        let status = row.status();
        match status {
            Status::Met => group.met += 1,
            Status::Unmet => group.unmet += 1,
            Status::Missing => group.missing += 1,
            Status::NotApplicable => group.not_applicable += 1,
        }
        let only_evidence = status == Status::Missing && duties::only_evidence(district, id);
        group.items.push(ItemContent {
            id: id.to_string(),
            title: item.title.get(language).to_string(),
            requirement: joined(&item.requirements, words),
            kind: kind.into(),
            status: status.id().into(),
            conclusion: conclusion(status, kind, only_evidence, words),
            only_evidence,
            detail: row.detail().to_string(),
            points: row.points().map(|points| number::fact(points, "")),
            score: row.score().map(|score| number::fact(score, "")),
            lacking: duties::lacking(district, id),
            note: item.note.as_ref().map_or_else(String::new, |note| note.get(language).to_string()),
        });
    }
    groups
}

/// Joins the sentences of a list without their final marks.
fn joined(sentences: &[String], words: &Words) -> String {
    let ends = ['。', '；', ';', '.', ' '];
    let bare: Vec<&str> = sentences.iter().map(|one| one.trim_end_matches(ends)).collect();
    bare.join(&say(words, "joint", &[]))
}

/// 达标, 未达标 …; for a veto, whether it was confirmed absent.
fn conclusion(status: Status, kind: &str, only_evidence: bool, words: &Words) -> String {
    let lacks_answer = status == Status::Missing && matches!(kind, "evidence" | "scored" | "veto");
    match (kind, lacks_answer) {
        (_, true) => say(words, &format!("conclusion.{kind}_missing"), &[]),
        ("veto", _) => say(words, &format!("conclusion.veto_{}", status.id()), &[]),
        _ if only_evidence => say(words, "conclusion.evidence_missing", &[]),
        _ => words.say(&format!("status.{}", status.id())),
    }
}
