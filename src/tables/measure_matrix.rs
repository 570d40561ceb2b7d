//! The measures in compact form: one row per section in scope, one column per indicator.
//!
//! The table `measures` has one row per value and grows to millions for a nation. The rooms exchange this matrix
//! instead, and `measures` is written from it where needed.

use num_rational::BigRational;

use crate::dictionary::Section;

/// A district, a year and a section, which have one dispersion.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Group {
    pub district_code: String,
    pub year: i32,
    pub section: Section,
}

/// Values by row and indicator. Missing values are NaN, which meet nothing and enter no mean.
#[derive(Debug, Clone, Default)]
pub struct MeasureMatrix {
    /// The number of indicators per row.
    pub width: usize,
    /// The row of `facts` (in the whole input, whatever the chunk).
    pub row: Vec<u32>,
    /// Index into the groups.
    pub group: Vec<u32>,
    /// rows × width, row by row: after apportionment, before the factor.
    pub numerator: Vec<f64>,
    /// rows × distinct denominators, row by row.
    pub denominator: Vec<f64>,
    /// The denominator of each indicator among the distinct ones.
    pub denominator_of: Vec<usize>,
    /// The number of distinct denominators.
    pub denominators: usize,
    /// Factor of each indicator.
    pub factor: Vec<f64>,
    /// rows × width, see [`Mark`]. Filled in by judge.
    pub marks: Vec<Mark>,
    /// The section's share of its school's shared resources, by row; empty if no school is combined.
    pub share: Vec<f64>,
    /// Whether each indicator's numerator is a shared resource.
    pub apportioned: Vec<bool>,
    /// rows × width if a relief changes a threshold; otherwise empty.
    pub relieved_threshold: Vec<f64>,
}

impl MeasureMatrix {
    #[inline]
    pub fn rows(&self) -> usize {
        self.row.len()
    }
    #[inline]
    pub fn numerator(&self, row: usize, indicator: usize) -> f64 {
        self.numerator[row * self.width + indicator]
    }
    #[inline]
    pub fn denominator(&self, row: usize, indicator: usize) -> f64 {
        self.denominator[row * self.denominators + self.denominator_of[indicator]]
    }
    /// factor × numerator / denominator; NaN if missing or without pupils.
    #[inline]
    pub fn value(&self, row: usize, indicator: usize) -> f64 {
        let denominator = self.denominator(row, indicator);
        if denominator > 0.0 {
            self.factor[indicator] * self.numerator(row, indicator) / denominator
        } else {
            f64::NAN
        }
    }
    /// The share of a resource given to the school that counts for this row: its section's share if the resource is
    /// shared, otherwise 1.
    pub fn share(&self, row: usize, indicator: usize) -> f64 {
        match self.apportioned.get(indicator) {
            Some(true) => self.share.get(row).copied().filter(|s| *s > 0.0).unwrap_or(1.0),
            _ => 1.0,
        }
    }
    #[inline]
    pub fn mark(&self, row: usize, indicator: usize) -> Mark {
        self.marks[row * self.width + indicator]
    }
}

/// The amount that a numerator lacks for factor × numerator / denominator to be `required`.
pub fn lacking(required: f64, factor: f64, numerator: f64, denominator: f64) -> f64 {
    required * denominator / factor - numerator
}

/// Rounded up to whole units, at least one, if only whole units exist.
pub fn in_units(lacking: f64, whole: bool) -> f64 {
    // A billionth of a teacher is a rounding error.
    if whole { (lacking - 1e-9).ceil().max(1.0) } else { lacking.max(0.0) }
}

/// The rows of each group of a matrix.
#[derive(Debug, Clone, Default)]
pub struct Members {
    start: Vec<u32>,
    rows: Vec<u32>,
}

impl Members {
    /// By a counting sort.
    pub fn new(group_of_row: &[u32], groups: usize) -> Members {
        let mut start = vec![0u32; groups + 1];
        for &g in group_of_row {
            start[g as usize + 1] += 1;
        }
        for g in 0..groups {
            start[g + 1] += start[g];
        }
        let mut next = start.clone();
        let mut rows = vec![0u32; group_of_row.len()];
        for (row, &g) in group_of_row.iter().enumerate() {
            rows[next[g as usize] as usize] = row as u32;
            next[g as usize] += 1;
        }
        Members { start, rows }
    }
    pub fn groups(&self) -> usize {
        self.start.len().saturating_sub(1)
    }
    pub fn rows(&self, group: usize) -> &[u32] {
        &self.rows[self.start[group] as usize..self.start[group + 1] as usize]
    }
}

/// The dispersion of one indicator in one group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    pub schools: usize,
    pub students: f64,
    pub mean: f64,
    pub sd: f64,
    /// NaN if the mean is zero.
    pub cv: f64,
}

/// The judgement of one value. Where the value is missing, at most `JUDGED` is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark(u8);

impl Mark {
    pub const KNOWN: Mark = Mark(1);
    pub const MET: Mark = Mark(2);
    pub const FLOOR: Mark = Mark(4);
    pub const BORDERLINE: Mark = Mark(8);
    /// There is a threshold to meet.
    pub const JUDGED: Mark = Mark(16);

    #[inline]
    pub fn set(&mut self, other: Mark, on: bool) {
        if on {
            self.0 |= other.0;
        }
    }
    #[inline]
    pub fn has(self, other: Mark) -> bool {
        self.0 & other.0 == other.0
    }
}

/// The values in exact arithmetic, for comparisons too close for binary fractions.
pub trait Exact {
    /// factor × numerator / denominator of a row of the matrix; `None` if missing.
    fn value(&self, row: usize, indicator: usize) -> Option<BigRational>;
    /// Numerator and denominator.
    fn parts(&self, row: usize, indicator: usize) -> Option<(BigRational, BigRational)>;
}
