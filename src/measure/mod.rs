//! Facts → indicator values and dispersion; the apportionment of combined schools; the SQL. Knows no files.
//!
//! Polars evaluates the formulas over a frame of `facts` (all of it, or a chunk of a file too large for memory); the
//! dispersion is calculated by our own code. The result is a [`MeasureMatrix`] and its groups.

pub mod apportion;
pub mod checks;
pub mod dispersion;
pub mod exact;
pub mod rows;
pub mod sql;

use std::collections::HashMap;

use polars::prelude::*;

use crate::{
    standard::{BySection, Formula, Section, Standard},
    tables::{
        facts,
        measure_matrix::{Group, Mark, MeasureMatrix},
    },
};
use apportion::Combined;
use exact::ExactRows;

/// Why a section is not measured: an index into [`crate::standard::Scope::exclude`], or no pupils at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutOfScope {
    Excluded(usize),
    NoPupils,
}

/// Measures one standard. It is given frames, and numbers the groups that it finds in them.
pub struct Measure<'s> {
    pub standard: &'s Standard,
    pub reliefs: bool,
    pub groups: Vec<Group>,
    pub left: Vec<(u32, OutOfScope)>,
    index: HashMap<Group, u32>,
    denominators: Vec<Formula>,
    denominator_of: Vec<usize>,
}

impl<'s> Measure<'s> {
    pub fn new(standard: &'s Standard, reliefs: bool) -> Measure<'s> {
        let mut denominators: Vec<Formula> = Vec::new();
        let denominator_of = standard
            .indicators
            .iter()
            .map(|indicator| {
                denominators.iter().position(|d| *d == indicator.denominator).unwrap_or_else(|| {
                    denominators.push(indicator.denominator.clone());
                    denominators.len() - 1
                })
            })
            .collect();
        Measure {
            standard,
            reliefs,
            groups: Vec::new(),
            left: Vec::new(),
            index: HashMap::new(),
            denominators,
            denominator_of,
        }
    }

    /// The columns of `facts` that measuring reads.
    pub fn columns(&self) -> Vec<String> {
        use facts::column::{
            district_code, district_name, school_code, school_type, section, students, year,
        };

        let mut ids: Vec<String> =
            [section, district_code, district_name, year, school_code, school_type, students]
                .map(str::to_string)
                .into();
        let mut add = |formula: &Formula| ids.extend(formula.facts());
        for indicator in &self.standard.indicators {
            each(&indicator.numerator).for_each(&mut add);
            add(&indicator.denominator);
            if self.reliefs {
                for relief in &indicator.reliefs {
                    add(&relief.when);
                    relief.numerator.iter().flat_map(each).for_each(&mut add);
                }
            }
        }
        self.standard.scope.exclude.iter().for_each(|x| add(&x.when));
        ids.sort();
        ids.dedup();
        ids
    }

    /// Measures the rows of `frame` that are in scope; `first` is the number of its first row in the whole input.
    pub fn add(&mut self, frame: &DataFrame, first: u32, combined: &Combined) -> PolarsResult<MeasureMatrix> {
        let (found, shares) = self.evaluate(frame, combined)?;
        let sections = apportion::sections(frame)?;
        let students = numbers(frame.column(facts::column::students)?)?;
        let excluded = (0..self.standard.scope.exclude.len())
            .map(|k| match found.column(&format!("x{k}")) {
                Ok(column) => Ok(Some(column.bool()?.clone())),
                Err(_) => Ok(None),
            })
            .collect::<PolarsResult<Vec<_>>>()?;
        let width = self.standard.indicators.len();
        let values = |prefix: &str, n: usize| {
            (0..n).map(|k| numbers(found.column(&format!("{prefix}{k}"))?)).collect::<PolarsResult<Vec<_>>>()
        };
        let numerators = values("n", width)?;
        let denominators = values("d", self.denominators.len())?;
        let thresholds = if self.relieves_thresholds() { values("t", width)? } else { Vec::new() };

        let rows = frame.height();
        let mut panel = MeasureMatrix {
            width,
            denominators: self.denominators.len(),
            denominator_of: self.denominator_of.clone(),
            factor: self.standard.indicators.iter().map(|i| i.factor).collect(),
            apportioned: self.apportioned(),
            row: Vec::with_capacity(rows),
            group: Vec::with_capacity(rows),
            ..MeasureMatrix::default()
        };
        let district = frame.column(facts::column::district_code)?.str()?.clone();
        let year = frame.column(facts::column::year)?.i32()?.clone();
        let mut last: [Option<u32>; 3] = [None; 3];
        let mut kept: Vec<u32> = Vec::with_capacity(rows);
        for row in 0..rows {
            let Some(section) = sections[row].filter(|s| self.standard.scope.sections.contains(s)) else {
                continue;
            };
            let number = first + row as u32;
            let out = excluded.iter().position(|x| x.as_ref().is_some_and(|x| x.get(row) == Some(true)));
            if let Some(k) = out {
                self.left.push((number, OutOfScope::Excluded(k)));
                continue;
            }
            if students[row] == 0.0 {
                self.left.push((number, OutOfScope::NoPupils));
                continue;
            }
            let code = district.get(row).unwrap_or("");
            let year = year.get(row).unwrap_or(0);
            let group = match last[section as usize] {
                Some(g)
                    if self.groups[g as usize].district_code == code
                        && self.groups[g as usize].year == year =>
                {
                    g
                }
                _ => self.group(code, year, section),
            };
            last[section as usize] = Some(group);
            panel.row.push(number);
            panel.group.push(group);
            kept.push(row as u32);
        }
        panel.numerator = interleaved(&numerators, &kept);
        panel.denominator = interleaved(&denominators, &kept);
        panel.relieved_threshold = interleaved(&thresholds, &kept);
        if !shares.is_empty() {
            panel.share = kept.iter().map(|&row| shares[row as usize]).collect();
        }
        panel.marks = vec![Mark::default(); panel.rows() * width];
        Ok(panel)
    }

    /// The rows of `matrix` in exact arithmetic, for comparisons too close for binary fractions. The other arguments
    /// are those that the matrix was measured from.
    pub fn exact<'a>(
        &self,
        matrix: &MeasureMatrix,
        frame: &'a DataFrame,
        first: u32,
        combined: &'a Combined,
    ) -> ExactRows<'a>
    where
        's: 'a,
    {
        let (standard, reliefs, row) = (self.standard, self.reliefs, matrix.row.clone());
        ExactRows { standard, reliefs, frame, first, combined, row }
    }

    fn group(&mut self, district: &str, year: i32, section: Section) -> u32 {
        let group = Group { district_code: district.to_string(), year, section };
        let groups = &mut self.groups;
        *self.index.entry(group.clone()).or_insert_with(|| {
            groups.push(group);
            groups.len() as u32 - 1
        })
    }

    /// For each indicator, whether its numerator reads a fact that combined schools share.
    fn apportioned(&self) -> Vec<bool> {
        let shared = |id: &String| self.standard.apportionment.as_ref().is_some_and(|a| a.facts.contains(id));
        let indicators = self.standard.indicators.iter();
        indicators.map(|i| each(&i.numerator).any(|formula| formula.facts().iter().any(shared))).collect()
    }

    pub fn relieves_thresholds(&self) -> bool {
        self.reliefs
            && self.standard.indicators.iter().any(|i| i.reliefs.iter().any(|r| r.threshold.is_some()))
    }

    /// The columns x0… (excluded), n0… (numerators), d0… (denominators), t0… (thresholds).
    fn evaluate(&self, frame: &DataFrame, combined: &Combined) -> PolarsResult<(DataFrame, Vec<f64>)> {
        let mut lazy = frame.clone().lazy();
        let mut share = Vec::new();
        if let Some(rule) = &self.standard.apportionment
            && let Some(shares) = combined.shares(frame, rule)?
        {
            let mut shared = frame.clone();
            shared.with_column(Column::new("share".into(), &shares))?;
            share = shares;
            let parts: Vec<Expr> = rule
                .facts
                .iter()
                .filter(|id| frame.column(id).is_ok())
                .map(|id| col(id.as_str()) * col("share"))
                .collect();
            lazy = shared.lazy().with_columns(parts);
        }
        let mut wanted = Vec::new();
        for (k, exclusion) in self.standard.scope.exclude.iter().enumerate() {
            if self.standard.in_force(&exclusion.only) {
                wanted.push(exclusion.when.to_polars().alias(format!("x{k}")));
            }
        }
        let relieves = self.relieves_thresholds();
        let number = |number: &f64| lit(*number);
        for (k, indicator) in self.standard.indicators.iter().enumerate() {
            let reliefs = if self.reliefs { &indicator.reliefs[..] } else { &[] };
            let mut numerator = by_section(&indicator.numerator, Formula::to_polars);
            let mut threshold = relieves.then(|| by_section(&indicator.threshold, number));
            // The first relief that applies takes precedence: the innermost branch is built last.
            for relief in reliefs.iter().rev() {
                if let Some(instead) = &relief.numerator {
                    numerator = when(relief.when.to_polars())
                        .then(by_section(instead, Formula::to_polars))
                        .otherwise(numerator);
                }
                if let (Some(instead), Some(before)) = (&relief.threshold, threshold.clone()) {
                    threshold = Some(
                        when(relief.when.to_polars()).then(by_section(instead, number)).otherwise(before),
                    );
                }
            }
            wanted.push(numerator.cast(DataType::Float64).alias(format!("n{k}")));
            if let Some(threshold) = threshold {
                wanted.push(threshold.cast(DataType::Float64).alias(format!("t{k}")));
            }
        }
        for (k, denominator) in self.denominators.iter().enumerate() {
            wanted.push(denominator.to_polars().cast(DataType::Float64).alias(format!("d{k}")));
        }
        Ok((lazy.select(wanted).collect()?, share))
    }
}

fn each<T>(by_section: &BySection<T>) -> Box<dyn Iterator<Item = &T> + '_> {
    match by_section {
        BySection::Same(value) => Box::new(std::iter::once(value)),
        BySection::Each(map) => Box::new(map.values()),
    }
}

fn by_section<T>(values: &BySection<T>, expression: impl Fn(&T) -> Expr) -> Expr {
    match values {
        BySection::Same(value) => expression(value),
        BySection::Each(map) => {
            map.iter().fold(lit(NULL).cast(DataType::Float64), |rest, (section, value)| {
                when(col(facts::column::section).eq(lit(section.id())))
                    .then(expression(value))
                    .otherwise(rest)
            })
        }
    }
}

/// The rows `kept` of some columns, row by row.
fn interleaved(columns: &[Vec<f64>], kept: &[u32]) -> Vec<f64> {
    let width = columns.len();
    let mut out = vec![0.0; width * kept.len()];
    for (k, column) in columns.iter().enumerate() {
        for (value, &row) in out.iter_mut().skip(k).step_by(width).zip(kept) {
            *value = column[row as usize];
        }
    }
    out
}

/// A column of numbers with NaN for null.
pub fn numbers(column: &Column) -> PolarsResult<Vec<f64>> {
    let values = column.f64()?;
    let mut out = Vec::with_capacity(values.len());
    if values.null_count() == 0 {
        values.downcast_iter().for_each(|chunk| out.extend_from_slice(chunk.values()));
    } else {
        out.extend(values.iter().map(|v| v.unwrap_or(f64::NAN)));
    }
    Ok(out)
}
