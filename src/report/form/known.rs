//! What the form prints besides the judged tables: district facts, and counts and sums over the schools. A sum with a
//! missing part is unknown.

use std::{collections::HashMap, sync::OnceLock};

use num_traits::ToPrimitive;

use crate::{
    dictionary::{Dictionary, Grain, Section, sections_of},
    exact::exact_of,
    problem::{Error, Result},
    standard::{Check, Formula, Item, Over, Standard, formula::Exact},
    tables::{Status, district::District, facts},
};

/// The national standard, whose wording the form uses.
const NATIONAL: &str = "quality-balance-2017";
pub const SPECIAL: &str = "特殊教育学校";
pub const POINT: &str = "教学点";
/// Schools of more than one compulsory section.
pub const COMBINED: [&str; 2] = ["九年一贯制学校", "十二年一贯制学校"];
/// 50 人及以上 in 表Ⅰ L16 and in the note to 表Ⅱ-2.
pub const LARGER_POINT: f64 = 50.0;

/// A school: its rows of `facts`, one per section.
pub struct School<'a> {
    pub parts: Vec<(Section, facts::Row<'a>)>,
}

impl<'a> School<'a> {
    fn text(&self, fact: impl Fn(facts::Row<'a>) -> Option<&'a str>) -> &'a str {
        self.parts.first().and_then(|(_, row)| fact(*row)).unwrap_or_default()
    }

    pub fn code(&self) -> &'a str {
        self.text(facts::Row::school_code)
    }

    pub fn school_type(&self) -> &'a str {
        self.text(facts::Row::school_type)
    }

    pub fn ownership(&self) -> &'a str {
        self.text(facts::Row::ownership)
    }

    pub fn of_type(&self, school_type: &str) -> bool {
        self.school_type() == school_type
    }

    /// A section fact summed over the compulsory sections, or a school fact unchanged.
    pub fn number(&self, fact: &str) -> Option<f64> {
        let is_of_section = Dictionary::get().fact(fact).is_some_and(|fact| fact.grain == Grain::Section);
        if !is_of_section {
            return self.parts.first()?.1.number(fact);
        }
        let compulsory = self.parts.iter().filter(|(section, _)| *section != Section::Senior);
        let values: Option<Vec<f64>> = compulsory.map(|(_, row)| row.number(fact)).collect();
        values.filter(|values| !values.is_empty()).map(|values| values.iter().sum())
    }

    /// The values that a formula at school grain reads.
    fn exact(&self, fact: &str, known: &Known) -> Exact {
        if let Some((section, fact)) = fact.split_once('.') {
            let part = self.parts.iter().find(|(s, _)| s.id() == section);
            return part.map_or(Exact::Null, |(_, row)| row.exact(fact));
        }
        match Dictionary::get().fact(fact).map(|fact| fact.grain) {
            Some(Grain::Section) => number(self.number(fact)),
            Some(Grain::District) => number(known.district(fact)),
            _ => self.parts.first().map_or(Exact::Null, |(_, row)| row.exact(fact)),
        }
    }
}

/// Everything known about a district, prepared for look-ups.
pub struct Known<'a> {
    pub schools: Vec<School<'a>>,
    pub standard: &'a Standard,
    statuses: HashMap<&'a str, Status>,
    values: HashMap<&'a str, f64>,
    details: HashMap<&'a str, &'a str>,
    district_facts: HashMap<&'a str, f64>,
    national: OnceLock<Result<Standard>>,
}

impl<'a> Known<'a> {
    pub fn of(district: &'a District) -> Known<'a> {
        let mut schools: Vec<School> = Vec::new();
        let mut at: HashMap<&str, usize> = HashMap::new();
        for row in district.facts.rows() {
            let Some(section) = row.section() else { continue };
            let code = row.school_code().unwrap_or_default();
            let index = *at.entry(code).or_insert_with(|| {
                schools.push(School { parts: Vec::new() });
                schools.len() - 1
            });
            if let Some(school) = schools.get_mut(index) {
                school.parts.push((section, row));
            }
        }
        let items = || district.items.rows();
        Known {
            schools,
            standard: district.standard,
            statuses: items().map(|row| (row.item(), row.status())).collect(),
            values: items().filter_map(|row| Some((row.item(), row.value()?))).collect(),
            details: items().map(|row| (row.item(), row.detail())).collect(),
            district_facts: district
                .district_facts
                .rows()
                .filter_map(|row| Some((row.fact(), row.value()?)))
                .collect(),
            national: OnceLock::new(),
        }
    }

    pub fn district(&self, fact: &str) -> Option<f64> {
        self.district_facts.get(fact).copied()
    }

    /// The sum of a section fact over the rows that `keep` selects; unknown if a row lacks it, or if there are no rows.
    pub fn sum(&self, fact: &str, keep: impl Fn(&School, Section) -> bool) -> Option<f64> {
        self.sum_where(fact, |school, section, _| Some(keep(school, section)))
    }

    /// The same; unknown if it is unknown whether a row counts.
    fn sum_where(
        &self,
        fact: &str,
        keep: impl Fn(&School, Section, facts::Row) -> Option<bool>,
    ) -> Option<f64> {
        let mut total = None;
        for school in &self.schools {
            for (section, row) in &school.parts {
                if keep(school, *section, *row)? {
                    total = Some(total.unwrap_or(0.0) + row.number(fact)?);
                }
            }
        }
        total
    }

    /// The sum of a section fact over the rows to which a check applies.
    pub fn sum_of(&self, fact: &str, check: &Check) -> Option<f64> {
        self.sum_where(fact, |_, section, row| self.applies_to_section(check, section, row))
    }

    fn applies_to_section(&self, check: &Check, section: Section, row: facts::Row) -> Option<bool> {
        let Some(applies) = &check.applies else { return Some(true) };
        let value = applies.exact(&|fact| match fact {
            "section" => Exact::Text(section.id().into()),
            _ => match self.district(fact) {
                Some(value) => number(Some(value)),
                None => row.exact(fact),
            },
        });
        value.truth()
    }

    /// Whether a check at school grain applies to the school; `None` if that is unknown.
    pub fn applies_to_school(&self, check: &Check, school: &School) -> Option<bool> {
        let Some(applies) = &check.applies else { return Some(true) };
        applies.exact(&|fact| school.exact(fact, self)).truth()
    }

    /// The value that a check requires of a school, without reliefs.
    pub fn required_of(&self, check: &Check, school: &School) -> Option<f64> {
        check.required.exact(&|fact| school.exact(fact, self)).number()?.to_f64()
    }

    /// The standard's items for a row of the form.
    pub fn items(&self, row: &str) -> impl Iterator<Item = &'a Item> {
        let row = row.to_string();
        self.standard.items.iter().filter(move |item| item.form.as_deref() == Some(&row))
    }

    /// Why the national standard could not be read, if it was needed.
    pub fn broken(self) -> Option<Error> {
        self.national.into_inner().and_then(Result::err)
    }

    /// The checks in force of a row's items, or those of the national standard if the standard has no item for the row.
    pub fn checks(&self, row: &str) -> Vec<&Check> {
        fn in_force<'s>(standard: &'s Standard, row: &str) -> Vec<&'s Check> {
            let items = standard.items.iter().filter(|item| item.form.as_deref() == Some(row));
            items.flat_map(Item::checks).filter(|check| standard.in_force(&check.only)).collect()
        }
        if self.items(row).next().is_some() {
            return in_force(self.standard, row);
        }
        let national = self.national.get_or_init(|| Standard::load(NATIONAL));
        national.as_ref().map(|standard| in_force(standard, row)).unwrap_or_default()
    }

    /// 是否达标: the status of all items of the row together; `None` if the standard has no item for it.
    pub fn status(&self, row: &str) -> Option<Status> {
        self.items(row).next()?;
        let of = |item: &Item| self.statuses.get(item.id.as_str()).copied().unwrap_or(Status::Missing);
        Some(Status::all(self.items(row).map(of)))
    }

    pub fn status_of(&self, item: &Item) -> Status {
        self.statuses.get(item.id.as_str()).copied().unwrap_or(Status::Missing)
    }

    pub fn detail(&self, item: &Item) -> &'a str {
        self.details.get(item.id.as_str()).copied().unwrap_or_default()
    }

    /// The deciding value of the row, if exactly one of its items has one.
    pub fn value(&self, row: &str) -> Option<f64> {
        let mut values = self.items(row).filter_map(|item| self.values.get(item.id.as_str()).copied());
        values.next().filter(|_| values.next().is_none())
    }
}

/// Whether the section belongs to the school's type, for ordinary schools only (no special or vocational ones).
pub fn is_ordinary(school: &School, section: Section) -> bool {
    sections_of(school.school_type()).contains(&section)
}

/// A requirement that is a constant, or its value for `facts`.
pub fn constant(formula: &Formula, facts: &[(&str, &str)]) -> Option<f64> {
    let value = formula.exact(&|fact| match facts.iter().find(|(name, _)| *name == fact) {
        Some((_, text)) => Exact::Text(text.to_string()),
        None => Exact::Null,
    });
    value.number()?.to_f64()
}

/// A check that reads `fact`.
pub fn naming<'c>(checks: &[&'c Check], fact: &str) -> Option<&'c Check> {
    checks.iter().find(|check| check.numerator.facts().contains(fact)).copied()
}

/// Only checks over schools can be evaluated for a single school.
pub fn over_schools<'c>(checks: &[&'c Check]) -> Option<&'c Check> {
    checks.iter().find(|check| matches!(check.over, Over::School | Over::SumOfSchools)).copied()
}

fn number(value: Option<f64>) -> Exact {
    value.and_then(exact_of).map_or(Exact::Null, Exact::Number)
}
