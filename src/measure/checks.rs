//! Evaluates the checks of the items: value and requirement for every row they apply to.

use std::collections::BTreeMap;

use num_rational::BigRational;
use polars::prelude::*;

use super::{dispersion::Sum, exact, rows::Rows};
use crate::{
    dictionary::Section,
    exact::{close, exact_of},
    standard::{Check, CheckRelief, Over, Standard, formula::Exact},
    tables::{
        checks::{Checked, CheckedRow},
        facts,
    },
};

/// Every check in force, with one [`Checked`] per district and year. A check without rows in a district is included: it
/// does not apply there.
pub fn checks(rows: &Rows, standard: &Standard, reliefs: bool) -> PolarsResult<Vec<Checked>> {
    let mut found = Vec::new();
    for (i, item) in standard.items.iter().enumerate() {
        for (k, check) in item.checks().iter().enumerate() {
            if standard.in_force(&check.only) {
                let by_district = Evaluation::new(check, rows.get(check.over), reliefs)?.by_district(rows)?;
                found.extend(by_district.into_iter().map(|((district_code, year), rows)| Checked {
                    district_code,
                    year,
                    item: i,
                    check: k,
                    rows,
                }));
            }
        }
    }
    Ok(found)
}

/// The column that says of a row whether its check applies.
const APPLIES: &str = "applies";

/// One check over one frame.
struct Evaluation<'a> {
    check: &'a Check,
    frame: &'a DataFrame,
    reliefs: &'a [CheckRelief],
    /// `None`: unknown whether it applies.
    applies: Vec<Option<bool>>,
    numerator: Vec<f64>,
    denominator: Option<Vec<f64>>,
    required: Vec<f64>,
    shortfall: Option<Vec<f64>>,
}

impl<'a> Evaluation<'a> {
    fn new(check: &'a Check, frame: &'a DataFrame, reliefs: bool) -> PolarsResult<Evaluation<'a>> {
        let reliefs = if reliefs { &check.reliefs[..] } else { &[] };
        let (mut numerator, mut required) = (check.numerator.to_polars(), check.required.to_polars());
        for relief in reliefs.iter().rev() {
            let applies = || when(relief.when.to_polars());
            if let Some(instead) = &relief.numerator {
                numerator = applies().then(instead.to_polars()).otherwise(numerator);
            }
            if let Some(instead) = &relief.required {
                required = applies().then(instead.to_polars()).otherwise(required);
            }
        }
        let number = |e: Expr, name: &str| e.cast(DataType::Float64).alias(name);
        let mut wanted =
            vec![lit(0.0).alias("height"), number(numerator, "numerator"), number(required, "required")];
        let optional = [("denominator", check.denominator.as_ref()), ("shortfall", check.shortfall.as_ref())];
        wanted.extend(optional.iter().filter_map(|(name, f)| Some(number(f.as_ref()?.to_polars(), name))));
        if let Some(applies) = &check.applies {
            wanted.push(applies.to_polars().cast(DataType::Boolean).alias(APPLIES));
        }
        // `with_columns` keeps the height even if every formula is a constant.
        let found = frame.clone().lazy().with_columns(wanted).collect()?;
        let values = |name: &str| super::numbers(found.column(name)?);
        Ok(Evaluation {
            check,
            frame,
            reliefs,
            applies: match &check.applies {
                Some(_) => found.column(APPLIES)?.bool()?.iter().collect(),
                None => vec![Some(true); frame.height()],
            },
            numerator: values("numerator")?,
            required: values("required")?,
            denominator: check.denominator.as_ref().map(|_| values("denominator")).transpose()?,
            shortfall: check.shortfall.as_ref().map(|_| values("shortfall")).transpose()?,
        })
    }

    fn by_district(&self, rows: &Rows) -> PolarsResult<BTreeMap<(String, i32), Vec<CheckedRow>>> {
        let mut members: BTreeMap<(String, i32), Vec<usize>> =
            super::rows::keys(&rows.districts)?.into_iter().map(|key| (key, Vec::new())).collect();
        let (code, year) = (
            self.frame.column(facts::column::district_code)?.str()?,
            self.frame.column(facts::column::year)?.i32()?,
        );
        for (row, applies) in self.applies.iter().enumerate() {
            if *applies != Some(false) {
                let key = (code.get(row).unwrap_or("").to_string(), year.get(row).unwrap_or(0));
                members.entry(key).or_default().push(row);
            }
        }
        Ok(members
            .into_iter()
            .map(|(key, members)| {
                let rows = match self.check.over {
                    Over::SumOfSections | Over::SumOfSchools if members.is_empty() => Vec::new(),
                    Over::SumOfSections | Over::SumOfSchools => vec![self.summed(&members)],
                    _ => members.iter().map(|&row| self.single(row)).collect(),
                };
                (key, rows)
            })
            .collect())
    }

    fn text(&self, column: &str, row: usize) -> Option<String> {
        Some(self.frame.column(column).ok()?.str().ok()?.get(row)?.to_string())
    }

    fn single(&self, row: usize) -> CheckedRow {
        let known = |v: f64| v.is_finite().then_some(v);
        let numerator = known(self.numerator[row]).filter(|_| self.applies[row] == Some(true));
        let denominator = self.denominator.as_ref().and_then(|d| known(d[row]));
        let value = match &self.denominator {
            None => numerator.map(|n| self.check.factor * n),
            Some(_) => {
                numerator.zip(denominator).filter(|(_, d)| *d != 0.0).map(|(n, d)| self.check.factor * n / d)
            }
        };
        let required = known(self.required[row]);
        let exact = value
            .zip(required)
            .filter(|(v, r)| close(*v, *r))
            .and_then(|_| Some((self.exact_value(&[row])?, self.exact_required(row)?)));
        CheckedRow {
            school_code: self.text(facts::column::school_code, row),
            school_name: self.text(facts::column::school_name, row),
            section: self.text(facts::column::section, row).as_deref().and_then(Section::from_id),
            numerator,
            denominator,
            value,
            required,
            shortfall: self.shortfall.as_ref().and_then(|s| known(s[row])),
            exact,
            missing: if value.is_none() || required.is_none() { self.missing(row) } else { Vec::new() },
            missing_in: Vec::new(),
        }
    }

    fn summed(&self, members: &[usize]) -> CheckedRow {
        let unknown: Vec<usize> = members
            .iter()
            .copied()
            .filter(|&row| {
                self.applies[row].is_none()
                    || !self.numerator[row].is_finite()
                    || self.denominator.as_ref().is_some_and(|d| !d[row].is_finite())
            })
            .collect();
        let sum = |values: &[f64]| {
            unknown.is_empty().then(|| members.iter().map(|&row| values[row]).collect::<Sum>().get())
        };
        let numerator = sum(&self.numerator);
        let denominator = self.denominator.as_ref().and_then(|d| sum(d));
        let value = match &self.denominator {
            None => numerator.map(|n| self.check.factor * n),
            Some(_) => {
                numerator.zip(denominator).filter(|(_, d)| *d != 0.0).map(|(n, d)| self.check.factor * n / d)
            }
        };
        // The requirement of a sum is a single number, the same in every row.
        let required = members.first().map(|&row| self.required[row]).filter(|r| r.is_finite());
        let exact = value
            .zip(required)
            .filter(|(v, r)| close(*v, *r))
            .and_then(|_| Some((self.exact_value(members)?, self.exact_required(*members.first()?)?)));
        let mut missing: Vec<String> = unknown.iter().flat_map(|&row| self.missing(row)).collect();
        missing.sort();
        missing.dedup();
        let mut missing_in: Vec<(String, String)> = unknown
            .iter()
            .map(|&row| {
                (
                    self.text(facts::column::school_code, row).unwrap_or_default(),
                    self.text(facts::column::school_name, row).unwrap_or_default(),
                )
            })
            .collect();
        missing_in.dedup();
        let shortfall = self.shortfall.as_ref().and_then(|s| sum(s));
        CheckedRow {
            numerator,
            denominator,
            value,
            required,
            shortfall,
            exact,
            missing,
            missing_in,
            ..CheckedRow::default()
        }
    }

    /// The facts in the row's formulas that are null.
    fn missing(&self, row: usize) -> Vec<String> {
        let null = |id: &String| exact::cell(self.frame, id, row) == Exact::Null;
        let formulas = self.check.applies.iter().chain([&self.check.numerator, &self.check.required]);
        let mut ids: Vec<String> = formulas
            .chain(self.check.denominator.iter())
            .flat_map(|formula| formula.columns())
            .filter(null)
            .map(|id| id.rsplit('.').next().unwrap_or(&id).to_string())
            .collect();
        ids.sort();
        ids.dedup();
        ids
    }

    fn relief(&self, row: usize, which: fn(&CheckRelief) -> bool) -> Option<&CheckRelief> {
        let lookup = |id: &str| exact::cell(self.frame, id, row);
        self.reliefs.iter().find(|r| which(r) && r.when.exact(&lookup) == Exact::Truth(true))
    }

    fn exact_required(&self, row: usize) -> Option<BigRational> {
        let relief = self.relief(row, |r| r.required.is_some()).and_then(|r| r.required.as_ref());
        relief.unwrap_or(&self.check.required).exact(&|id| exact::cell(self.frame, id, row)).number()
    }

    fn exact_value(&self, rows: &[usize]) -> Option<BigRational> {
        let zero = || BigRational::from_integer(0.into());
        let (mut numerator, mut denominator) = (zero(), zero());
        for &row in rows {
            let lookup = |id: &str| exact::cell(self.frame, id, row);
            let relief = self.relief(row, |r| r.numerator.is_some()).and_then(|r| r.numerator.as_ref());
            numerator += relief.unwrap_or(&self.check.numerator).exact(&lookup).number()?;
            if let Some(formula) = &self.check.denominator {
                denominator += formula.exact(&lookup).number()?;
            }
        }
        let factor = exact_of(self.check.factor)?;
        match self.check.denominator {
            None => Some(factor * numerator),
            Some(_) if denominator == zero() => None,
            Some(_) => Some(factor * numerator / denominator),
        }
    }
}
