//! Lorenz curves over all places together.

use super::school;
use crate::{
    dictionary::Section,
    equity::{Distribution, Point},
    standard::Standard,
    tables::{lorenz, years::Measured},
};

/// The maximum number of corners: with 150,000 schools of a nation, more would make no visible difference.
const CORNERS: usize = 2_000;

/// The table [`mod@crate::tables::lorenz`] over all places together: (0, 0), one corner per school, (1, 1). With
/// more than 2,000 schools, only corners at even steps of the pupils are kept, unchanged. No corners if no school has
/// anything.
pub fn lorenz(measured: &Measured, standard: &Standard) -> lorenz::Frame {
    let mut table = lorenz::Builder::new(0);
    for section in Section::ALL {
        for (at, indicator) in standard.indicators.iter().enumerate().take(measured.panel.width) {
            let of_section = measured.rows.iter().zip(0u32..).filter(|(row, _)| row.section == section);
            let known = of_section.filter_map(|(_, row)| school(measured, row, at));
            let all = Distribution::of(known.map(|school| (Some(school.amount), Some(school.students))));
            for corner in thinned(all.lorenz().unwrap_or_default()) {
                table.push(lorenz::Values {
                    year: measured.year,
                    section,
                    indicator: &indicator.id,
                    students: corner.students,
                    amount: corner.amount,
                });
            }
        }
    }
    table.finish()
}

/// The first corner at or after every step, and the first and last of all.
fn thinned(corners: Vec<Point>) -> Vec<Point> {
    if corners.len() <= CORNERS {
        return corners;
    }
    let last = corners.len() - 1;
    let mut step = 0;
    let kept = corners.into_iter().enumerate().filter(|(at, corner)| {
        // The last corner serves the last step, so there is one corner fewer before it.
        let keep = *at == last || corner.students * (CORNERS - 2) as f64 >= f64::from(step);
        while keep && corner.students * (CORNERS - 2) as f64 >= f64::from(step) {
            step += 1;
        }
        keep
    });
    kept.map(|(_, corner)| corner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nations_curve_keeps_its_shape() {
        let school = |i: u32| (Some(f64::from(i % 97 + 1)), Some(f64::from(i % 13 + 1)));
        let all = Distribution::of((0..50_000).map(school)).lorenz().unwrap();
        let kept = thinned(all.clone());
        assert!(kept.len() <= CORNERS && kept.len() > CORNERS / 2, "{}", kept.len());
        assert_eq!((kept[0], kept[kept.len() - 1]), (all[0], all[all.len() - 1]));
        assert!(kept.iter().all(|corner| all.contains(corner)));
        let under = |points: &[Point]| -> f64 {
            points
                .windows(2)
                .map(|w| (w[1].students - w[0].students) * (w[1].amount + w[0].amount) / 2.0)
                .sum()
        };
        assert!((under(&kept) - under(&all)).abs() < 1e-5);
        assert_eq!(thinned(all[..10].to_vec()), all[..10]);
    }
}
