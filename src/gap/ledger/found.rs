//! The rows of `gaps` as lines of a ledger: who is responsible, what is wrong in words, and by which clause.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    dictionary::Section,
    number,
    standard::{Check, Comparison, Indicator, Item, Over, Rule, Standard},
    tables::{
        facts, gaps,
        ledger::{Field, Key, Value, clean},
        verdict::Verdict,
    },
    words::Words,
};

/// The districts that a run covers. Nothing is known about others, so nothing there is solved.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    pub districts: BTreeMap<String, Seen>,
    /// Districts and items about which the run knows nothing, though it covers the district.
    pub unknown: HashSet<(String, String)>,
    /// What is said of a gap that no longer exists.
    pub resolved: BTreeMap<Key, Vec<(Field, Value)>>,
    /// Whether people close an entry with evidence, though the data still show the gap: a score stays what it was at the
    /// inspection until it is marked again.
    pub evidence_closes: bool,
}

/// A district in its latest year.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    pub name: String,
    pub year: i32,
    /// The codes of all schools in the data, assessed or not.
    pub schools: HashSet<String>,
    /// Earlier years, which are in `gaps.csv` but not in the ledger.
    pub earlier: Vec<i32>,
}

impl Scope {
    pub fn of(verdicts: &[Verdict], facts: &facts::Frame) -> Scope {
        let mut districts: BTreeMap<String, Seen> = BTreeMap::new();
        for verdict in verdicts {
            let seen = districts.entry(verdict.district_code.clone()).or_insert_with(|| Seen {
                name: verdict.district_name.clone(),
                year: verdict.year,
                ..Seen::default()
            });
            if verdict.year != seen.year {
                seen.earlier.push(verdict.year.min(seen.year));
                if verdict.year > seen.year {
                    (seen.year, seen.name) = (verdict.year, verdict.district_name.clone());
                }
            }
        }
        for row in facts.rows() {
            let Some(seen) = row.district_code().and_then(|code| districts.get_mut(code)) else { continue };
            if row.year() == Some(seen.year)
                && let Some(code) = row.school_code().map(clean)
            {
                seen.schools.insert(code);
            }
        }
        Scope { districts, ..Scope::default() }
    }
}

/// A gap to be entered in the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    pub key: Key,
    pub cells: Vec<(Field, Value)>,
}

/// Every gap of the latest years, worst first, each key once.
pub fn found(gaps: &gaps::Frame, scope: &Scope, standard: &Standard, words: &Words) -> Vec<Found> {
    let mut times: HashMap<Key, usize> = HashMap::new();
    let mut found = Vec::new();
    for row in gaps.rows() {
        let Some(seen) = scope.districts.get(row.district_code()) else { continue };
        if row.year() != seen.year {
            continue;
        }
        let gap = Gap::of(row, standard, words);
        let mut key = Key {
            district: clean(row.district_code()),
            school: clean(row.school_code().unwrap_or_default()),
            section: clean(row.section().map_or("", Section::id)),
            item: clean(row.item()),
            check: clean(gap.check_id()),
        };
        let time = times.entry(key.clone()).or_default();
        *time += 1;
        if *time > 1 {
            key.check = format!("{}#{time}", key.check);
        }
        found.push(Found { key, cells: gap.cells(seen) });
    }
    found
}

/// The subject of a row.
#[derive(Clone, Copy)]
enum What<'a> {
    /// A school's value of an indicator.
    Value(&'a Indicator),
    Dispersion(&'a Indicator),
    /// A mean of several CVs.
    Composite(&'a Item),
    Mean(&'a Indicator),
    Check(&'a Check),
    Evidence,
    Score,
}

struct Gap<'a> {
    row: gaps::Row<'a>,
    standard: &'a Standard,
    words: &'a Words,
    item: Option<&'a Item>,
    what: What<'a>,
}

impl<'a> Gap<'a> {
    fn of(row: gaps::Row<'a>, standard: &'a Standard, words: &'a Words) -> Gap<'a> {
        let id = row.item();
        let item = standard.item(id);
        let indicator = match item.map(|item| &item.rule) {
            Some(Rule::Indicator { indicator }) => standard.indicator(indicator),
            _ => standard.indicator(id),
        };
        let what = what(row, item, indicator, standard, words);
        Gap { row, standard, words, item, what }
    }

    fn check_id(&self) -> &str {
        match self.what {
            What::Check(check) => &check.id,
            What::Dispersion(_) => "cv",
            What::Composite(_) => "composite",
            What::Mean(_) => "mean",
            What::Evidence => "evidence",
            What::Value(_) | What::Score => "",
        }
    }

    /// The title of the check, if the item's own name does not say it.
    fn check_title(&self) -> String {
        let several = self.item.is_some_and(|item| item.checks().len() > 1 || item.evidence);
        match self.what {
            What::Check(check) if several => check.title.get(self.words.language).to_string(),
            What::Dispersion(_) => self.words.say("judge.gap_cv"),
            What::Mean(_) => self.words.say("judge.gap_mean"),
            What::Evidence if several || self.item.is_some_and(|item| !item.checks().is_empty()) => {
                self.words.say("gap.evidence")
            }
            _ => String::new(),
        }
    }

    fn cells(&self, seen: &Seen) -> Vec<(Field, Value)> {
        let (row, words) = (self.row, self.words);
        let school = if row.school_code().unwrap_or_default().is_empty() {
            words.say("screen.whole_district")
        } else {
            row.school_name().unwrap_or_default().to_string()
        };
        let title = self.standard.title_of(row.item(), words.language);
        let (departments, offices) = self.standard.responsible(row.item());
        let mut cells = vec![
            (Field::Source, Value::Text(words.say("ledger.source.self"))),
            (Field::School, Value::Text(school)),
            (Field::Section, Value::Text(words.section(row.section().map_or("", Section::id)))),
            (Field::Item, Value::Text(format!("{} {title}", row.item()).trim().to_string())),
            (Field::Check, Value::Text(self.check_title())),
            (Field::Problem, Value::Text(self.problem())),
            (Field::Unit, Value::Text(words.unit(row.unit()))),
            (Field::Basis, Value::text(self.clause())),
            (Field::Measures, Value::text(row.measures())),
            (Field::Department, Value::Text(departments.join("、"))),
            (Field::Office, Value::Text(offices.join("、"))),
            (Field::Due, Value::text(row.due().unwrap_or_default())),
            (Field::DistrictCode, Value::text(row.district_code())),
            (Field::District, Value::text(&seen.name)),
            (Field::Year, Value::Number(f64::from(seen.year))),
            (Field::SchoolCode, Value::text(row.school_code().unwrap_or_default())),
        ];
        for (field, number) in [
            (Field::Current, row.current()),
            (Field::Required, row.required()),
            (Field::Shortfall, row.shortfall()),
        ] {
            cells.extend(number.map(|number| (field, Value::Number(number))));
        }
        cells.iter_mut().for_each(|(_, value)| {
            if let Value::Text(text) = value {
                *text = clean(text);
            }
        });
        cells
    }

    fn clause(&self) -> &str {
        let of_what = match self.what {
            What::Check(check) => check.clause.as_str(),
            What::Value(indicator) | What::Dispersion(indicator) | What::Mean(indicator) => {
                match self.item.map(|item| item.clause.as_str()) {
                    Some(clause) if !clause.is_empty() => clause,
                    _ => &indicator.clause,
                }
            }
            What::Composite(_) | What::Evidence | What::Score => "",
        };
        let of_item = self.item.map_or("", |item| item.clause.as_str());
        [of_what, of_item, &self.standard.source].into_iter().find(|c| !c.is_empty()).unwrap_or_default()
    }

    /// 问题描述: 生均教学及辅助用房面积 4.18 ㎡，要求不低于 4.5 ㎡，还需 119.9 ㎡.
    fn problem(&self) -> String {
        let (row, words) = (self.row, self.words);
        let (current, required) = (row.current(), row.required());
        let language = words.language;
        let (name, unit, decimals, compare) = match self.what {
            What::Value(indicator) => {
                let print = self.standard.print.value;
                (indicator.title.get(language), &indicator.unit, print, Comparison::AtLeast)
            }
            What::Mean(indicator) => {
                let print = self.standard.print.mean;
                (indicator.title.get(language), &indicator.unit, print, Comparison::AtLeast)
            }
            What::Dispersion(indicator) => {
                let print = self.standard.print.cv;
                (indicator.title.get(language), &String::new(), print, Comparison::AtMost)
            }
            What::Composite(item) => {
                let print = self.standard.print.cv;
                (item.title.get(language), &String::new(), print, Comparison::AtMost)
            }
            What::Check(check) => (check.title.get(language), &check.unit, check.decimals, check.compare),
            What::Score => {
                let args = [("current", number::fixed(current, 1)), ("required", number::fixed(required, 1))];
                let key = if current.is_some() { "ledger.problem.score" } else { "ledger.problem.no_score" };
                return words.fill(key, &args);
            }
            What::Evidence => return words.say("ledger.problem.evidence"),
        };
        let with_unit = |value: Option<f64>| {
            let text = number::fixed(value, decimals.max(decimals_needed(value)));
            format!("{text} {}", words.unit(unit)).trim_end().to_string()
        };
        let of = match self.what {
            What::Dispersion(_) => format!("{name} {}", words.say("judge.gap_cv")),
            What::Mean(_) => format!("{name} {}", words.say("judge.gap_mean")),
            _ => name.to_string(),
        };
        let args = [
            ("what", of),
            ("current", with_unit(current)),
            ("compare", words.say(&format!("ledger.compare.{}", compare.id()))),
            ("required", with_unit(required)),
            ("needed", number::needed(row.shortfall(), row.unit(), words)),
        ];
        let key = match (current, row.shortfall()) {
            (None, _) => "ledger.problem.missing",
            (_, None) => "ledger.problem.value",
            (_, Some(_)) if matches!(self.what, What::Dispersion(_)) => "ledger.problem.dispersion",
            // Too many pupils in a school or class: the value is over its maximum.
            (Some(current), Some(_)) if required.is_some_and(|r| current > r) => "ledger.problem.over",
            (_, Some(_)) => "ledger.problem.needed",
        };
        words.fill(key, &args)
    }
}

/// A floor of 85 % has more decimals than its threshold: 3.825 is not printed as 3.83.
fn decimals_needed(value: Option<f64>) -> u32 {
    let is_exact = |decimals: &u32| {
        value.is_none_or(|v| {
            let scaled = v * 10f64.powi(*decimals as i32);
            (scaled - scaled.round()).abs() < 1e-9 * scaled.abs().max(1.0)
        })
    };
    (0..=3).find(is_exact).unwrap_or(0)
}

/// Finds the check of a row: the table names only the item, so the other columns identify the check.
fn what<'a>(
    row: gaps::Row<'_>,
    item: Option<&'a Item>,
    indicator: Option<&'a Indicator>,
    standard: &Standard,
    words: &Words,
) -> What<'a> {
    let of_district = row.school_code().unwrap_or_default().is_empty();
    let named = row.school_name().unwrap_or_default();
    if let Some(indicator) = indicator {
        return match () {
            () if !of_district => What::Value(indicator),
            () if named == words.say("judge.gap_mean") => What::Mean(indicator),
            () if row.required().is_some() => What::Dispersion(indicator),
            () => What::Evidence,
        };
    }
    let Some(item) = item else { return What::Evidence };
    match item.rule {
        Rule::Scored { .. } => return What::Score,
        Rule::Evidence | Rule::Veto => return What::Evidence,
        Rule::Composite { .. } if row.required().is_some() => return What::Composite(item),
        _ => {}
    }
    let unit = row.unit();
    let fits = |check: &&Check| {
        let over = match check.over {
            Over::Section => !of_district && row.section().is_some(),
            Over::School => !of_district && row.section().is_none(),
            _ => of_district,
        };
        // Several checks of the district are named in the column of the school.
        let name = named == check.title.get(words.language) || named.is_empty() || !of_district;
        over && name && check.shortfall_unit == unit && standard.in_force(&check.only)
    };
    // Checks that differ only in their section have it in their id (`staff_each_junior`).
    let section = row.section().map_or("", Section::id);
    let of_section = |check: &&Check| !section.is_empty() && check.id.contains(section);
    let all = || item.checks().iter().filter(fits);
    all().find(of_section).or_else(|| all().next()).map_or(What::Evidence, What::Check)
}
