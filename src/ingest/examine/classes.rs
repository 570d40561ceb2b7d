//! Checks on classes, their sizes, and the pupils in them.

use super::{
    Findings, plain,
    view::{View, labels, sum},
};
use crate::tables::facts;

/// The class-size bands with the largest class that each can hold, smallest first.
const BANDS: [(&str, f64); 10] = [
    ("classes_le25", 25.0),
    ("classes_26_30", 30.0),
    ("classes_31_35", 35.0),
    ("classes_36_40", 40.0),
    ("classes_41_45", 45.0),
    ("classes_46_50", 50.0),
    ("classes_51_55", 55.0),
    ("classes_56_60", 60.0),
    ("classes_61_65", 65.0),
    ("classes_ge66", f64::INFINITY),
];

/// `class_bands_differ`: every class is in one band, so the bands add up to 班级数; if some bands are missing, the others
/// add up to no more.
pub fn bands(view: &View, findings: &mut Findings) {
    let Some(classes) = view.numbers(facts::column::classes) else { return };
    if BANDS.iter().all(|(band, _)| view.numbers(band).is_none()) {
        return;
    }
    let bands = BANDS.map(|(band, _)| view.numbers_or_missing(band));
    for row in 0..view.rows() {
        let total = sum(bands.iter().map(|band| band[row]));
        let complete = bands.iter().all(|band| !band[row].is_nan());
        if total > classes[row] || (complete && total < classes[row]) {
            findings.warn("class_bands_differ", row, "classes", || {
                vec![("found", plain(total)), ("expected", plain(classes[row]))]
            });
        }
    }
}

/// `largest_class_exceeds_students`, `largest_class_too_small`, `largest_class_outside_bands`: the largest class has no
/// more pupils than the section; if all classes had its size they would hold at least every pupil; and its size falls
/// in the highest band that has a class.
pub fn largest(view: &View, findings: &mut Findings) {
    let Some(largest) = view.numbers(facts::column::max_class_size) else { return };
    let students = view.numbers_or_missing(facts::column::students);
    let classes = view.numbers_or_missing(facts::column::classes);
    let bands = BANDS.map(|(band, _)| view.numbers_or_missing(band));
    for row in 0..view.rows() {
        let size = largest[row];
        if size > students[row] {
            findings.warn("largest_class_exceeds_students", row, "max_class_size", || {
                vec![("found", plain(size)), ("expected", plain(students[row]))]
            });
        }
        if size * classes[row] < students[row] && classes[row] > 0.0 {
            findings.warn("largest_class_too_small", row, "max_class_size", || {
                vec![
                    ("found", plain(size)),
                    ("classes", plain(classes[row])),
                    ("students", plain(students[row])),
                    ("expected", plain((students[row] / classes[row]).ceil())),
                ]
            });
        }
        let Some(highest) = (0..BANDS.len()).rev().find(|&band| bands[band][row] > 0.0) else { continue };
        let lowest = if highest == 0 { 0.0 } else { BANDS[highest - 1].1 };
        // A higher band that is not given may contain the class.
        let known_above = (highest + 1..BANDS.len()).all(|band| !bands[band][row].is_nan());
        if size <= lowest || (size > BANDS[highest].1 && known_above) {
            findings.warn("largest_class_outside_bands", row, "max_class_size", || {
                let mut args = vec![("found", plain(size))];
                args.extend(labels(BANDS[highest].0, "band", "band_en"));
                args
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::sample::*, BANDS};

    const NONE: [&str; 0] = [];

    #[test]
    fn all_bands_add_to_the_classes() {
        let of = |classes: f64| {
            let all = BANDS.iter().fold(record("a", "primary"), |r, (band, _)| r.with(band, 1.0));
            codes(&[all.with("classes", classes)])
        };
        assert_eq!(of(9.0), ["class_bands_differ: a"]);
        assert_eq!(of(10.0), NONE);
        assert_eq!(of(11.0), ["class_bands_differ: a"]);
    }

    #[test]
    fn some_bands_add_to_no_more_than_the_classes() {
        let of = |classes: f64| {
            let some = [("classes_41_45", 4.0), ("classes_46_50", 2.0), ("classes", classes)];
            codes(&[record("a", "primary").numbers(some)])
        };
        assert_eq!(of(7.0), NONE);
        assert_eq!(of(6.0), NONE);
        assert_eq!(of(5.0), ["class_bands_differ: a"]);
    }

    #[test]
    fn the_largest_class_is_in_the_school() {
        let of = |size: f64| {
            codes(&[record("a", "primary").numbers([("students", 45.0), ("max_class_size", size)])])
        };
        assert_eq!(of(44.0), NONE);
        assert_eq!(of(45.0), NONE);
        assert_eq!(of(46.0), ["largest_class_exceeds_students: a"]);
    }

    #[test]
    fn classes_as_large_as_the_largest_hold_every_pupil() {
        let of = |size: f64| {
            let values = [("students", 400.0), ("classes", 10.0), ("max_class_size", size)];
            codes(&[record("a", "primary").numbers(values)])
        };
        assert_eq!(of(39.0), ["largest_class_too_small: a"]);
        assert_eq!(of(40.0), NONE);
        assert_eq!(of(41.0), NONE);
    }

    #[test]
    fn the_largest_class_is_in_the_highest_band() {
        let of = |size: f64| {
            let zero = BANDS.iter().fold(record("a", "primary"), |r, (band, _)| r.with(band, 0.0));
            let values = [("classes_36_40", 9.0), ("classes_41_45", 1.0), ("classes", 10.0)];
            codes(&[zero.numbers(values).with("max_class_size", size)])
        };
        assert_eq!(of(40.0), ["largest_class_outside_bands: a"]);
        assert_eq!(of(41.0), NONE);
        assert_eq!(of(45.0), NONE);
        assert_eq!(of(46.0), ["largest_class_outside_bands: a"]);
    }

    #[test]
    fn a_band_that_is_not_given_may_hold_the_largest_class() {
        let values = [("classes_41_45", 1.0), ("max_class_size", 52.0)];
        assert_eq!(codes(&[record("a", "primary").numbers(values)]), NONE);
    }
}
