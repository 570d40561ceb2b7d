//! 城区, 镇区, 乡村 side by side: what a pupil has in each, in ratios to the threshold.

use std::collections::HashMap;

use crate::{
    standard::Section,
    tables::{Row, district::District},
};

/// Words of the statistics (城乡类型), as the dictionary has them, with their keys in the catalogues.
const LOCATIONS: [(&str, &str); 3] = [("城区", "urban"), ("镇区", "town"), ("乡村", "rural")];

/// One indicator in one location.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mean {
    /// Total over total: the mean weighted by pupils.
    value: f64,
    schools: usize,
    students: f64,
}

/// One indicator in the three locations.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    indicator: String,
    threshold: f64,
    means: [Option<Mean>; 3],
}

/// One section.
#[derive(Debug, Clone, PartialEq)]
struct Locations {
    lines: Vec<Line>,
    /// Schools in each location, and those of which it is not known.
    schools: [usize; 3],
    unknown: usize,
}

impl Line {
    /// Lowest and highest location, with the lower as a share of the higher.
    fn widest(&self) -> Option<(usize, usize, f64)> {
        let known = || self.means.iter().enumerate().filter_map(|(k, mean)| Some((k, (*mean)?.value)));
        let low = known().min_by(|a, b| a.1.total_cmp(&b.1))?;
        let high = known().max_by(|a, b| a.1.total_cmp(&b.1))?;
        (low.0 != high.0 && high.1 > 0.0).then_some((low.0, high.0, low.1 / high.1))
    }
}

/// `None` where fewer than two locations are known.
fn locations(district: &District, section: Section) -> Option<Locations> {
    let mine = |row: &Row| row.text("section") == Some(section.id());
    let place = |word: &str| LOCATIONS.iter().position(|(location, _)| *location == word);
    let of_school: HashMap<&str, usize> = Row::all(&district.facts)
        .filter(mine)
        .filter_map(|row| Some((row.text("school_code")?, place(row.text("location")?)?)))
        .collect();
    let (mut schools, mut unknown) = ([0; 3], 0);
    for row in Row::all(&district.schools).filter(mine) {
        match of_school.get(row.said("school_code")).and_then(|&at| schools.get_mut(at)) {
            Some(count) => *count += 1,
            None => unknown += 1,
        }
    }
    let line = |indicator: &crate::standard::Indicator| {
        let threshold = *indicator.threshold.get(section).filter(|threshold| **threshold > 0.0)?;
        let mut sums = [(0.0, 0.0, 0); 3];
        for row in Row::all(&district.measures).filter(mine).filter(|r| r.said("indicator") == indicator.id) {
            let (Some(amount), Some(students)) = (row.number("numerator"), row.number("denominator")) else {
                continue;
            };
            let at = of_school.get(row.said("school_code"));
            if let Some(sum) = at.and_then(|&at| sums.get_mut(at)).filter(|_| students > 0.0) {
                *sum = (sum.0 + amount, sum.1 + students, sum.2 + 1);
            }
        }
        let means = sums.map(|(amount, students, schools)| {
            (schools > 0).then(|| Mean { value: indicator.factor * amount / students, schools, students })
        });
        let known = means.iter().flatten().count();
        (known > 1).then(|| Line { indicator: indicator.id.clone(), threshold, means })
    };
    let lines: Vec<Line> = district.standard.indicators.iter().filter_map(line).collect();
    (!lines.is_empty()).then_some(Locations { lines, schools, unknown })
}

pub fn pictures(_district: &District) -> crate::problem::Result<Vec<super::Picture>> {
    Ok(Vec::new())
}
