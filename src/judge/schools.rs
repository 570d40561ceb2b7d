//! Compares values with thresholds and floors, and applies the school rule.

use num_rational::BigRational;

use crate::{
    exact::{CLOSE, exact_of},
    standard::{Indicator, Section, Standard},
    tables::{
        Status,
        measure_matrix::{Exact, Group, Mark, MeasureMatrix},
    },
};

/// Marks every value of the matrix. `exact` refers to the same rows.
pub fn mark(panel: &mut MeasureMatrix, groups: &[Group], standard: &Standard, exact: &dyn Exact) {
    let floor = standard.school_rule.as_ref().map_or(1.0, |rule| rule.floor);
    let printed = standard.setting("comparison") == "printed";
    let bounds: [Vec<Option<Bounds>>; 3] = Section::ALL.map(|section| {
        let indicators = standard.indicators.iter();
        indicators.map(|i| Some(Bounds::new(threshold(i, section)?, floor, standard.print.value))).collect()
    });
    let section_of: Vec<Section> = groups.iter().map(|g| g.section).collect();
    let (width, relieved) = (panel.width, !panel.relieved_threshold.is_empty());
    let mut marks = std::mem::take(&mut panel.marks);
    for (row, marks) in marks.chunks_exact_mut(width.max(1)).enumerate() {
        let bounds = &bounds[section_of[panel.group[row] as usize] as usize];
        for (k, (mark, bounds)) in marks.iter_mut().zip(bounds).enumerate() {
            let value = panel.value(row, k);
            let instead = if relieved { panel.relieved_threshold[row * width + k] } else { f64::NAN };
            let instead = instead.is_finite().then(|| Bounds::new(instead, floor, standard.print.value));
            let Some(bounds) = instead.as_ref().or(bounds.as_ref()) else {
                mark.set(Mark::KNOWN, value.is_finite());
                continue;
            };
            mark.set(Mark::JUDGED, true);
            if value.is_finite() {
                mark.set(Mark::KNOWN, true);
                bounds.mark(mark, value, printed, &|| {
                    exact_quotient(panel, row, k).or_else(|| exact.value(row, k))
                });
            }
        }
    }
    panel.marks = marks;
}

/// The exact value if numerator and denominator are whole numbers (people and rooms, which are nearly all values on a
/// threshold), without returning to the facts.
fn exact_quotient(panel: &MeasureMatrix, row: usize, k: usize) -> Option<BigRational> {
    let integer = |v: f64| (v.fract() == 0.0 && v.abs() < 1e12).then_some(v as i64);
    let (numerator, denominator) = (integer(panel.numerator(row, k))?, integer(panel.denominator(row, k))?);
    let factor = integer(panel.factor[k])?;
    (denominator > 0)
        .then(|| BigRational::new((i128::from(factor) * i128::from(numerator)).into(), denominator.into()))
}

/// The threshold of an indicator in a section, without reliefs.
pub fn threshold(indicator: &Indicator, section: Section) -> Option<f64> {
    indicator.threshold.get(section).copied()
}

/// The bounds that a value is compared with.
struct Bounds {
    threshold: f64,
    floor: f64,
    floor_share: f64,
    decimals: u32,
    printed: f64,
    printed_floor: f64,
    /// Above this every comparison holds, below the other none does, printed or not.
    clearly_met: f64,
    clearly_below: f64,
}

impl Bounds {
    fn new(threshold: f64, floor_share: f64, decimals: u32) -> Bounds {
        let floor = super::floor_of(threshold, floor_share);
        let printed = super::prints_as(threshold, decimals).0;
        let printed_floor = super::prints_as(floor, decimals).0;
        let clear = |bound: f64| 2.0 * CLOSE * bound.abs().max(1.0);
        let (highest, lowest) = (threshold.max(printed), floor.min(printed_floor));
        Bounds {
            threshold,
            floor,
            floor_share,
            decimals,
            printed,
            printed_floor,
            clearly_met: highest + clear(highest),
            clearly_below: lowest - clear(lowest),
        }
    }

    #[inline]
    fn mark(&self, mark: &mut Mark, value: f64, printed: bool, exact: &dyn Fn() -> Option<BigRational>) {
        // Nearly all values are far from every bound.
        if value > self.clearly_met {
            mark.set(Mark::MET, true);
            mark.set(Mark::FLOOR, true);
            return;
        }
        if value < self.clearly_below {
            return;
        }
        let floor = || Some(exact_of(self.threshold)? * exact_of(self.floor_share)?);
        let met = super::reaches(value, self.threshold, || Some((exact()?, exact_of(self.threshold)?)));
        let as_printed = super::reaches(value, self.printed, || {
            Some((exact()?, super::prints_as(self.threshold, self.decimals).1()?))
        });
        let at_floor = super::reaches(value, self.floor, || Some((exact()?, floor()?)));
        let floor_as_printed = super::reaches(value, self.printed_floor, || {
            Some((exact()?, super::prints_as(self.floor, self.decimals).1()?))
        });
        mark.set(Mark::MET, if printed { as_printed } else { met });
        mark.set(Mark::FLOOR, if printed { floor_as_printed } else { at_floor });
        mark.set(Mark::BORDERLINE, met != as_printed || at_floor != floor_as_printed);
    }
}

/// The result of one section of a school by the standard's school rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judged {
    /// The number of indicators with a threshold, and how many of them are known, met, and at least at the floor.
    pub thresholds: usize,
    pub known: usize,
    pub met: usize,
    pub at_floor: usize,
    pub status: Status,
}

/// Applies the school rule: 6 of 7 and the rest at 85 %, or whatever the standard requires. A missing value prevents a
/// decision unless the others already decide.
pub fn judge(panel: &MeasureMatrix, row: usize, standard: &Standard) -> Judged {
    let marks = &panel.marks[row * panel.width..(row + 1) * panel.width];
    let marks = || marks.iter().filter(|m| m.has(Mark::JUDGED));
    let count = |what: Mark| marks().filter(|m| m.has(what)).count();
    let (thresholds, known) = (marks().count(), count(Mark::KNOWN));
    let (met, at_floor) = (count(Mark::MET), count(Mark::FLOOR));
    let status = match &standard.school_rule {
        _ if thresholds == 0 => Status::NotApplicable,
        None => Status::NotApplicable,
        Some(rule) => {
            let missing = thresholds - known;
            let needed = rule.at_least.min(thresholds);
            if met + missing < needed || at_floor < known {
                Status::Unmet
            } else if missing > 0 {
                Status::Missing
            } else {
                Status::Met
            }
        }
    };
    Judged { thresholds, known, met, at_floor, status }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::decimal;

    fn marked(value: f64, exact: &str) -> Mark {
        let mut mark = Mark::default();
        Bounds::new(4.2, 0.85, 2).mark(&mut mark, value, false, &|| decimal(exact));
        mark
    }

    #[test]
    fn under_on_and_over_the_threshold_and_the_floor() {
        for (value, exact, met, floor, borderline) in [
            (4.19, "4.19", false, true, false),
            (4.195, "4.195", false, true, true),
            (4.1949999, "4.1949999", false, true, false),
            (4.2, "4.2", true, true, false),
            (4.200_000_000_000_001, "4.2", true, true, false),
            (4.199_999_999_999_999, "4.2", true, true, false),
            (4.21, "4.21", true, true, false),
            (3.569_999_999, "3.569999999", false, false, true),
            (3.565, "3.565", false, false, true),
            (3.564_999_9, "3.5649999", false, false, false),
            (3.57, "3.57", false, true, false),
            (3.58, "3.58", false, true, false),
        ] {
            let mark = marked(value, exact);
            assert_eq!(
                (mark.has(Mark::MET), mark.has(Mark::FLOOR), mark.has(Mark::BORDERLINE)),
                (met, floor, borderline),
                "{value}"
            );
        }
    }
}
