//! The numbers of one row of the panel.

use sha2::{Digest, Sha256};

use super::places::Cell;
use crate::{
    equity::{Amounts, Bootstrap, Both, Distribution},
    judge,
    standard::Standard,
    tables::{
        Status,
        judged::JudgedDispersion,
        measure_matrix::{Mark, MeasureMatrix},
        panel,
    },
};

/// The numeric columns with their names in [`crate::tables::panel`]; NaN if undefined.
macro_rules! numbers {
    ($($name:ident)*) => {
        #[derive(Debug, Clone, Copy)]
        pub(super) struct Numbers {
            $(pub $name: f64),*
        }
        impl Default for Numbers {
            fn default() -> Numbers {
                Numbers { $($name: f64::NAN),* }
            }
        }
        impl Line {
            /// A row of the panel: `head` identifies it, and this line adds the numbers.
            pub fn values<'a>(&self, head: panel::Values<'a>) -> panel::Values<'a> {
                panel::Values {
                    level: head.level,
                    district_code: head.district_code,
                    district_name: head.district_name,
                    year: head.year,
                    section: head.section,
                    grouping: head.grouping,
                    group: head.group,
                    indicator: head.indicator,
                    schools: self.schools.into(),
                    missing: self.missing.into(),
                    status: self.status,
                    met: self.status.met(),
                    borderline: self.status.met().map(|_| self.borderline),
                    certainty: self.certainty,
                    rank: self.rank.map(i64::from),
                    ranked: self.ranked.map(i64::from),
                    rank_change: self.rank_change,
                    $($name: Some(self.numbers.$name)),*
                }
            }
        }
    };
}

numbers! {
    students mean sd cv minimum p10 p25 median p75 p90 maximum range_ratio
    threshold schools_at_threshold students_at_threshold schools_at_floor students_at_floor limit
    gini gini_corrected theil_t theil_l entropy_2 atkinson palma ratio_90_10 mcloone
    cv_error cv_error_jackknife cv_low cv_high cv_percentile_low cv_percentile_high above_limit
    gini_error gini_error_jackknife gini_low gini_high gini_percentile_low gini_percentile_high
    mean_change cv_change gini_change schools_at_threshold_change
}

/// The numbers of one row, without its identity.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub schools: u32,
    pub missing: u32,
    pub numbers: Numbers,
    pub status: Status,
    pub borderline: bool,
    /// met, unmet or open.
    pub certainty: Option<&'static str>,
    pub rank: Option<u32>,
    pub ranked: Option<u32>,
    pub rank_change: Option<i64>,
}

/// The lines of every indicator of one cell, in order. `judged` are its dispersions; `bootstrap` belongs to the thread,
/// and `stream` distinguishes cells with the same seed.
pub(super) fn lines(
    panel: &MeasureMatrix,
    standard: &Standard,
    cell: &Cell,
    judged: &[JudgedDispersion],
    bootstrap: Option<&mut Bootstrap>,
    stream: u64,
) -> Vec<Line> {
    let mut lines: Vec<Line> = judged.iter().map(|judged| line(panel, standard, cell, judged)).collect();
    let Some(bootstrap) = bootstrap else { return lines };
    let column =
        |of: &dyn Fn(usize) -> f64| cell.rows.iter().map(|&row| of(row as usize)).collect::<Vec<f64>>();
    let schools: Vec<[Vec<f64>; 2]> = (0..panel.width)
        .map(|k| [column(&|row| panel.numerator(row, k)), column(&|row| panel.denominator(row, k))])
        .collect();
    let amounts: Vec<Amounts> = schools
        .iter()
        .zip(judged)
        .map(|([amount, students], judged)| Amounts { amount, students, limit: judged.limit })
        .collect();
    let found = bootstrap.group(stream, &amounts);
    for ((line, judged), both) in lines.iter_mut().zip(judged).zip(&found) {
        line.certainty = line.numbers.resampled(both, judged);
    }
    lines
}

fn line(panel: &MeasureMatrix, standard: &Standard, cell: &Cell, judged: &JudgedDispersion) -> Line {
    let k = judged.indicator;
    let mut line = Line {
        schools: judged.dispersion.map_or(0, |d| d.schools as u32),
        missing: judged.schools_missing as u32,
        numbers: Numbers::default(),
        status: judged.status,
        borderline: judged.borderline,
        certainty: None,
        rank: None,
        ranked: None,
        rank_change: None,
    };
    let numbers = &mut line.numbers;
    numbers.limit = judged.limit.unwrap_or(f64::NAN);
    numbers.threshold = judge::schools::threshold(&standard.indicators[k], cell.section).unwrap_or(f64::NAN);
    let Some(dispersion) = judged.dispersion else { return line };
    (numbers.students, numbers.mean) = (dispersion.students, dispersion.mean);
    (numbers.sd, numbers.cv) = (dispersion.sd, dispersion.cv);
    numbers.reached(panel, &cell.rows, k, standard.school_rule.is_some());
    let schools = cell.rows.iter().map(|&row| {
        let known = |v: f64| v.is_finite().then_some(v);
        let row = row as usize;
        (known(panel.numerator(row, k)), known(panel.denominator(row, k)))
    });
    let distribution = Distribution::of(schools);
    numbers.measured(&distribution, panel.factor[k]);
    line
}

impl Numbers {
    /// The shares of the schools and of their pupils at threshold and floor; null if the indicator has none.
    fn reached(&mut self, panel: &MeasureMatrix, rows: &[u32], k: usize, has_floor: bool) {
        let (mut schools, mut students) = ([0.0; 3], [0.0; 3]);
        let mut judged = false;
        for &row in rows {
            let (mark, row) = (panel.mark(row as usize, k), row as usize);
            judged |= mark.has(Mark::JUDGED);
            if !mark.has(Mark::KNOWN) {
                continue;
            }
            for (at, on) in [true, mark.has(Mark::MET), mark.has(Mark::FLOOR)].into_iter().enumerate() {
                if on {
                    schools[at] += 1.0;
                    students[at] += panel.denominator(row, k);
                }
            }
        }
        if !judged || schools[0] == 0.0 {
            return;
        }
        self.schools_at_threshold = schools[1] / schools[0];
        self.students_at_threshold = students[1] / students[0];
        if has_floor {
            self.schools_at_floor = schools[2] / schools[0];
            self.students_at_floor = students[2] / students[0];
        }
    }

    fn measured(&mut self, distribution: &Distribution, factor: f64) {
        let Ok(found) = distribution.profile() else { return };
        self.minimum = factor * found.minimum;
        self.p10 = factor * found.p10;
        self.p25 = factor * found.p25;
        self.median = factor * found.median;
        self.p75 = factor * found.p75;
        self.p90 = factor * found.p90;
        self.maximum = factor * found.maximum;
        let number = |value: Option<f64>| value.unwrap_or(f64::NAN);
        self.range_ratio = number(found.range_ratio);
        self.gini = number(found.gini);
        self.gini_corrected = number(found.gini_corrected);
        self.theil_t = number(found.theil_t);
        self.theil_l = number(found.theil_l);
        self.entropy_2 = number(found.entropy_2);
        self.atkinson = number(found.atkinson);
        self.palma = number(found.palma);
        self.ratio_90_10 = number(found.ratio_90_10);
        self.mcloone = number(found.mcloone);
    }

    /// The intervals, and the certainty of the CV's comparison with its limit. A CV that lacks a school is never
    /// certain.
    fn resampled(&mut self, both: &Both, judged: &JudgedDispersion) -> Option<&'static str> {
        if let Ok(gini) = &both.gini {
            let interval = gini.bca.unwrap_or(gini.percentile);
            (self.gini_error, self.gini_error_jackknife) = (gini.error, gini.jackknife_error);
            (self.gini_low, self.gini_high) = (interval.low, interval.high);
            (self.gini_percentile_low, self.gini_percentile_high) =
                (gini.percentile.low, gini.percentile.high);
        }
        let cv = both.cv.as_ref().ok()?;
        let interval = cv.bca.unwrap_or(cv.percentile);
        (self.cv_error, self.cv_error_jackknife) = (cv.error, cv.jackknife_error);
        (self.cv_low, self.cv_high) = (interval.low, interval.high);
        (self.cv_percentile_low, self.cv_percentile_high) = (cv.percentile.low, cv.percentile.high);
        self.above_limit = cv.above.unwrap_or(f64::NAN);
        let limit = judged.limit.filter(|_| judged.status != Status::Missing)?;
        Some(match () {
            () if interval.high <= limit => "met",
            () if interval.low > limit => "unmet",
            () => "open",
        })
    }
}

/// A number derived from the cell's key, so that its draws do not depend on what else is requested or on the order.
pub(super) fn stream(level: &str, code: &str, year: i32, cell: &Cell) -> u64 {
    let group = cell.group.as_deref().unwrap_or("");
    let key = format!("{level}\0{code}\0{year}\0{}\0{group}", cell.section.id());
    let hash = Sha256::digest(key.as_bytes());
    hash.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
