//! The measures in their compact form: one row a section in scope, one column an indicator.
//!
//! The table `measures` has a row a value and grows to millions for a nation; what the rooms hand on
//! among themselves is this, and `measures` is written from it where it is wanted.

use num_rational::BigRational;

use crate::dictionary::Section;

/// A district, a year and a section: what has one dispersion.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Group {
    pub district_code: String,
    pub year: i32,
    pub section: Section,
}

/// Values by row and indicator. Missing is NaN: it meets nothing and enters no mean.
#[derive(Debug, Clone, Default)]
pub struct MeasureMatrix {
    /// Indicators a row.
    pub width: usize,
    /// Row of `facts` (in the whole input, whatever the chunk).
    pub row: Vec<u32>,
    /// Index into the groups.
    pub group: Vec<u32>,
    /// rows × width, row by row: after apportionment, before the factor.
    pub numerator: Vec<f64>,
    /// rows × distinct denominators, row by row.
    pub denominator: Vec<f64>,
    /// Which of the distinct denominators an indicator has.
    pub denominator_of: Vec<usize>,
    /// How many distinct denominators there are.
    pub denominators: usize,
    /// Factor of each indicator.
    pub factor: Vec<f64>,
    /// rows × width: what [`Mark`] says. Filled by judge.
    pub marks: Vec<Mark>,
    /// The section's share of its school's shared resources, by row; empty where no school is combined.
    pub share: Vec<f64>,
    /// Indicators whose numerator is a shared resource.
    pub apportioned: Vec<bool>,
    /// rows × width where a relief changes a threshold; empty otherwise.
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
    /// factor × numerator / denominator; NaN where missing or where there are no pupils.
    #[inline]
    pub fn value(&self, row: usize, indicator: usize) -> f64 {
        let denominator = self.denominator(row, indicator);
        if denominator > 0.0 {
            self.factor[indicator] * self.numerator(row, indicator) / denominator
        } else {
            f64::NAN
        }
    }
    /// What part of a resource that the school gets comes to this row: its share where the resource is shared, else all.
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

/// The dispersion of one indicator in one group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dispersion {
    pub schools: usize,
    pub students: f64,
    pub mean: f64,
    pub sd: f64,
    /// NaN where the mean is zero.
    pub cv: f64,
}

/// What judge says of one value; nothing set where the value is missing.
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
    /// factor × numerator / denominator of a row of the panel; `None` where missing.
    fn value(&self, row: usize, indicator: usize) -> Option<BigRational>;
    /// Numerator and denominator.
    fn parts(&self, row: usize, indicator: usize) -> Option<(BigRational, BigRational)>;
}
