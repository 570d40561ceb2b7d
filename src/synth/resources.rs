//! The resources of each school, drawn so that the dispersion of each indicator comes close to a design (typical of
//! twelve published districts) and only a given share of schools is below the threshold.

use crate::chance::{Chance, exp};

/// The seven indicators of 教督〔2017〕6号: thresholds for 小学 and 初中, and the intended dispersion.
pub(super) struct Design {
    pub threshold: [f64; 2],
    pub cv: [f64; 2],
    /// The share of schools below the threshold.
    pub short: f64,
    /// The effect of size: large schools have less per pupil.
    pub size: f64,
}

pub(super) const DEGREE: usize = 0;
pub(super) const BACKBONE: usize = 1;
pub(super) const SPORT_AND_ART: usize = 2;
pub(super) const TEACHING: usize = 3;
pub(super) const SPORTS: usize = 4;
pub(super) const EQUIPMENT: usize = 5;
pub(super) const ROOMS: usize = 6;

pub(super) const DESIGNS: [Design; 7] = [
    Design { threshold: [4.2, 5.3], cv: [0.32, 0.32], short: 0.05, size: -0.2 },
    Design { threshold: [1.0, 1.0], cv: [0.45, 0.42], short: 0.18, size: -0.1 },
    Design { threshold: [0.9, 0.9], cv: [0.38, 0.36], short: 0.07, size: -0.2 },
    Design { threshold: [4.5, 5.8], cv: [0.44, 0.41], short: 0.10, size: -0.4 },
    Design { threshold: [7.5, 10.2], cv: [0.64, 0.42], short: 0.15, size: -0.4 },
    Design { threshold: [2000.0, 2500.0], cv: [0.42, 0.34], short: 0.05, size: -0.2 },
    Design { threshold: [2.3, 2.4], cv: [0.33, 0.33], short: 0.04, size: -0.3 },
];

/// One section to be given resources.
pub(super) struct Place {
    pub students: f64,
    /// How rich the school is in everything, standard normal.
    pub fortune: f64,
}

/// A value per pupil for each section, in multiples of the threshold.
pub(super) fn spread(chance: &mut Chance, places: &[Place], design: &Design, junior: bool) -> Vec<f64> {
    let count = places.len() as f64;
    let mut by_size: Vec<usize> = (0..places.len()).collect();
    by_size.sort_by(|&a, &b| places[a].students.total_cmp(&places[b].students));
    let mut z = vec![0.0; places.len()];
    for (rank, &place) in by_size.iter().enumerate() {
        let size = (2.0 * (rank as f64 + 0.5) / count - 1.0) * 1.7;
        let rest = (1.0 - 0.25 - design.size * design.size).sqrt();
        z[place] = 0.5 * places[place].fortune + design.size * size + rest * chance.normal();
    }

    // The dispersion grows with sigma, so it is found by bisection.
    let target = design.cv[usize::from(junior)];
    let (mut low, mut high) = (0.0, 3.0);
    for _ in 0..50 {
        let middle = (low + high) / 2.0;
        if dispersion(places, &shape(&z, middle)) < target {
            low = middle;
        } else {
            high = middle;
        }
    }
    let values = shape(&z, low);

    // The scale does not affect the dispersion: it is set so that the given share stays below the threshold.
    let mut sorted = values.clone();
    sorted.sort_by(f64::total_cmp);
    let short = (design.short * count + 0.5) as usize;
    let threshold = match (short.checked_sub(1).and_then(|last| sorted.get(last)), sorted.get(short)) {
        (Some(below), Some(above)) => below + 0.6 * (above - below),
        (None, Some(least)) => *least,
        _ => 1.0,
    };
    values.into_iter().map(|value| value / threshold).collect()
}

/// Log-normal above a minimum.
fn shape(z: &[f64], sigma: f64) -> Vec<f64> {
    z.iter().map(|z| 0.6 + exp(sigma * z)).collect()
}

/// The student-weighted CV, only for the bisection; the program's own is in `measure`.
fn dispersion(places: &[Place], values: &[f64]) -> f64 {
    let students: f64 = places.iter().map(|p| p.students).sum();
    let mean = places.iter().zip(values).map(|(p, x)| p.students * x).sum::<f64>() / students;
    let square: f64 = places.iter().zip(values).map(|(p, x)| p.students * (x - mean) * (x - mean)).sum();
    (square / students).sqrt() / mean
}

/// Whole units for `students` at `value` per hundred pupils, on the same side of `threshold` as `value`.
pub(super) fn whole_units(students: f64, value: f64, threshold: f64) -> f64 {
    let exact = students * value / 100.0;
    if value < threshold { exact.floor() } else { exact.round().max((students * threshold / 100.0).ceil()) }
}
