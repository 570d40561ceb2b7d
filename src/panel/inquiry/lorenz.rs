//! Lorenz curves of everything together.

use super::school;
use crate::{
    dictionary::Section,
    equity::{Distribution, Point},
    standard::Standard,
    tables::{lorenz, years::Measured},
};

/// A curve has no more corners than these: a nation's 150,000 schools are a line that no eye tells from this one.
const CORNERS: usize = 2_000;

/// The table [`lorenz`](crate::tables::lorenz) of everything together: (0, 0), a corner a school, (1, 1). Where there are more than 2,000 schools, corners at
/// even steps of the pupils, each where the whole curve has it. No corner where nobody has anything.
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

/// The first corner at or after every step, with the first and the last of all.
fn thinned(corners: Vec<Point>) -> Vec<Point> {
    if corners.len() <= CORNERS {
        return corners;
    }
    let last = corners.len() - 1;
    let mut step = 0;
    let kept = corners.into_iter().enumerate().filter(|(at, corner)| {
        // The last corner stands for the last step, so that there is one corner less before it.
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
