//! `facts` by column, with the rows of each school: the view that every check reads.

use std::{borrow::Cow, collections::HashMap, sync::OnceLock};

use polars::prelude::*;

use crate::{
    dictionary::{Dictionary, Section},
    tables::facts,
};

/// The column of a numeric fact. NaN means missing, so that comparisons with it are false.
pub enum Numbers<'a> {
    Known(Cow<'a, [f64]>),
    /// Missing in every row.
    Missing,
}

impl std::ops::Index<usize> for Numbers<'_> {
    type Output = f64;
    fn index(&self, row: usize) -> &f64 {
        match self {
            Numbers::Known(values) => &values[row],
            Numbers::Missing => &f64::NAN,
        }
    }
}

impl Numbers<'_> {
    /// The rows in order; empty if all are missing.
    pub fn values(&self) -> &[f64] {
        match self {
            Numbers::Known(values) => values,
            Numbers::Missing => &[],
        }
    }
}

/// `facts` by column.
pub struct View<'a> {
    frame: &'a DataFrame,
    /// Row numbers, grouped by school; [`View::schools`] splits them.
    order: Vec<u32>,
    /// Where each school begins in `order`, and the end of the last one.
    bounds: Vec<u32>,
    /// The district and year of every row, numbered in order of appearance.
    pub groups: Vec<u32>,
    pub group_count: usize,
    /// Whether findings name the year, which they do if there are several.
    several_years: bool,
    students: OnceLock<Vec<f64>>,
    sections: OnceLock<Vec<Option<Section>>>,
}

impl<'a> View<'a> {
    /// A view of any table, without schools.
    pub fn plain(frame: &'a DataFrame) -> View<'a> {
        View {
            frame,
            order: Vec::new(),
            bounds: Vec::new(),
            groups: Vec::new(),
            group_count: 0,
            several_years: false,
            students: OnceLock::new(),
            sections: OnceLock::new(),
        }
    }

    /// A view of `facts`.
    pub fn new(frame: &'a DataFrame) -> View<'a> {
        let mut view = View::plain(frame);
        view.group();
        view.find_schools();
        view
    }

    pub fn rows(&self) -> usize {
        self.frame.height()
    }

    /// The column of `fact`; `None` if no row has a value.
    pub fn numbers(&self, fact: &str) -> Option<Numbers<'a>> {
        let column = self.known(fact)?.f64().ok()?;
        if column.null_count() == 0
            && let Ok(values) = column.cont_slice()
        {
            return Some(Numbers::Known(Cow::Borrowed(values)));
        }
        Some(Numbers::Known(column.iter().map(|value| value.unwrap_or(f64::NAN)).collect()))
    }

    /// Like [`View::numbers`], but all missing instead of `None`, for checks that also work without the column.
    pub fn numbers_or_missing(&self, fact: &str) -> Numbers<'a> {
        self.numbers(fact).unwrap_or(Numbers::Missing)
    }

    pub fn texts(&self, fact: &str) -> Option<&'a StringChunked> {
        self.known(fact)?.str().ok()
    }

    pub fn truths(&self, fact: &str) -> Option<&'a BooleanChunked> {
        self.known(fact)?.bool().ok()
    }

    pub fn text(&self, fact: &str, row: usize) -> Option<&'a str> {
        self.texts(fact)?.get(row)
    }

    pub fn integer(&self, column: &str, row: usize) -> Option<i32> {
        self.frame.column(column).ok()?.i32().ok()?.get(row)
    }

    /// The rows of each school, in the order of sections.
    pub fn schools(&self) -> impl Iterator<Item = &[u32]> + Clone {
        self.bounds.windows(2).map(|pair| &self.order[pair[0] as usize..pair[1] as usize])
    }

    /// The pupils of every school over its sections, as far as known; NaN if unknown.
    pub fn school_students(&self) -> &[f64] {
        self.students.get_or_init(|| {
            let students = self.numbers_or_missing(facts::column::students);
            self.schools().map(|rows| sum(rows.iter().map(|&row| students[row as usize]))).collect()
        })
    }

    /// The section of every row.
    pub fn sections(&self) -> &[Option<Section>] {
        self.sections.get_or_init(|| match self.texts(facts::column::section) {
            Some(ids) => ids.iter().map(|id| Section::from_id(id?)).collect(),
            None => vec![None; self.rows()],
        })
    }

    /// The rows of each district and year, grouped by school.
    pub fn districts(&self) -> impl Iterator<Item = &[u32]> {
        self.order.chunk_by(|&a, &b| self.groups[a as usize] == self.groups[b as usize])
    }

    /// The arguments that every message may use: the school, its section, its district.
    pub fn about(&self, row: usize) -> Vec<(&'static str, String)> {
        let code = self.text(facts::column::school_code, row).unwrap_or_default();
        let mut school = self.text(facts::column::school_name, row).unwrap_or(code).to_string();
        if self.several_years
            && let Some(year) = self.integer(facts::column::year, row)
        {
            school.push_str(&format!(" ({year})"));
        }
        let section = self.sections()[row];
        let district = self
            .text(facts::column::district_name, row)
            .or_else(|| self.text(facts::column::district_code, row));
        vec![
            ("school", school),
            ("section", section.map_or("", Section::label_zh).to_string()),
            ("section_en", section.map_or("", Section::id).to_string()),
            ("district", district.unwrap_or_default().to_string()),
        ]
    }

    fn known(&self, fact: &str) -> Option<&'a Column> {
        let column = self.frame.column(fact).ok()?;
        (column.null_count() < column.len()).then_some(column)
    }

    fn group(&mut self) {
        let rows = self.rows();
        let codes = self.texts(facts::column::district_code);
        let years = self.frame.column(facts::column::year).ok().and_then(|c| c.i32().ok());
        let mut numbers: HashMap<(Option<&str>, Option<i32>), u32> = HashMap::new();
        let mut last = None;
        let mut first_year = None;
        self.groups = Vec::with_capacity(rows);
        for row in 0..rows {
            let key = (codes.and_then(|c| c.get(row)), years.and_then(|c| c.get(row)));
            let number = match last {
                Some((known, number)) if known == key => number,
                _ => {
                    let next = numbers.len() as u32;
                    *numbers.entry(key).or_insert(next)
                }
            };
            last = Some((key, number));
            self.several_years |= *first_year.get_or_insert(key.1) != key.1;
            self.groups.push(number);
        }
        self.group_count = numbers.len();
    }

    /// Groups the rows by district, year and code. If the rows already come in that order, runs of equal keys are the
    /// schools; otherwise they are sorted first.
    fn find_schools(&mut self) {
        let rows = self.rows();
        let codes = self.texts(facts::column::school_code);
        let groups = &self.groups;
        let key = |row: u32| (groups[row as usize], codes.and_then(|c| c.get(row as usize)));
        let mut order: Vec<u32> = (0..rows as u32).collect();
        let mut bounds = bounds(&order, key);
        if bounds.is_none() {
            order.sort_by(|&a, &b| key(a).cmp(&key(b)));
            bounds = self::bounds(&order, key);
        }
        self.order = order;
        self.bounds = bounds.unwrap_or_default();
    }
}

/// Where the runs of equal keys begin, and the end of the last one; `None` if the keys are not sorted. Each row without
/// a code is a school of its own, because nothing links it to another.
fn bounds<'k>(order: &[u32], key: impl Fn(u32) -> (u32, Option<&'k str>)) -> Option<Vec<u32>> {
    let mut bounds = Vec::with_capacity(order.len() + 1);
    let mut last = None;
    for (at, &row) in order.iter().enumerate() {
        let here = key(row);
        match last {
            Some(last) if last > here => return None,
            Some(last) if last == here && here.1.is_some() => {}
            _ => bounds.push(at as u32),
        }
        last = Some(here);
    }
    bounds.push(order.len() as u32);
    Some(bounds)
}

/// The sum of the known values; NaN if there are none.
pub fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.filter(|v| !v.is_nan()).fold(f64::NAN, |sum, v| if sum.is_nan() { v } else { sum + v })
}

/// The labels of a fact in both languages, as arguments with these names.
pub fn labels(fact: &str, zh: &'static str, en: &'static str) -> [(&'static str, String); 2] {
    match Dictionary::get().fact(fact) {
        Some(fact) => [(zh, fact.label_zh.clone()), (en, fact.label_en.clone())],
        None => [(zh, fact.to_string()), (en, fact.to_string())],
    }
}

#[cfg(test)]
mod tests {
    use super::{super::sample::*, *};

    #[test]
    fn schools_are_found_in_any_order_of_rows() {
        let records = [record("b", "primary"), record("a", "primary"), record("b", "junior")];
        let facts = facts(&records);
        let view = View::new(facts.facts.frame());
        let schools: Vec<Vec<u32>> = view.schools().map(<[u32]>::to_vec).collect();
        assert_eq!(schools, [vec![1], vec![0, 2]]);
    }

    #[test]
    fn what_is_missing_adds_nothing() {
        assert_eq!(sum([1.0, f64::NAN, 2.0].into_iter()), 3.0);
        assert!(sum([f64::NAN].into_iter()).is_nan());
    }
}
