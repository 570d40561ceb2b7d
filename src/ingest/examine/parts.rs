//! Checks that parts do not exceed their wholes.

use super::{
    Findings, plain,
    view::{Numbers, View, labels, sum},
};
use crate::{
    dictionary::{Dictionary, Grain},
    tables::facts,
};

/// Parts and wholes, where the parts may overlap: each alone is no larger than the whole.
const PARTS: [(&str, &str); 20] = [
    ("backbone_teachers", "teachers"),
    ("pe_teachers", "teachers"),
    ("music_teachers", "teachers"),
    ("art_teachers", "teachers"),
    ("arts_teachers", "teachers"),
    ("arts_teachers_total", "teachers"),
    ("midtitle_teachers", "teachers"),
    ("certified_teachers", "teachers"),
    ("trained_teachers", "teachers"),
    ("female_teachers", "teachers"),
    ("teachers", "staff_total"),
    ("migrant_students", "students"),
    ("catchment_students", "students"),
    ("teachers_72_hours", "teachers"),
    ("entry_classes", "classes"),
    ("entry_classes_over", "entry_classes"),
    ("entry_classes_large", "classes"),
    ("new_dropouts", "students"),
    ("books_added", "books"),
    // 室内体育用房 is part of 教学及辅助用房 and is subtracted from it: if it were larger, a negative area would remain.
    ("indoor_sports_area", "teaching_area"),
];

const DEGREES: [&str; 4] = ["teachers_associate", "teachers_bachelor", "teachers_master", "teachers_doctor"];
const MUSIC_ROOMS: [&str; 4] =
    ["music_rooms_ge96", "music_rooms_73_96", "music_rooms_61_73", "music_rooms_54_61"];
const ART_ROOMS: [&str; 4] = ["art_rooms_ge90", "art_rooms_67_90", "art_rooms_61_67", "art_rooms_54_61"];

/// `degrees_exceed_teachers`: everyone has one highest degree, so the degrees add up to no more than 专任教师 (教育部指标计算说明,
/// the first of its validity rules).
pub fn degrees(view: &View, findings: &mut Findings) {
    let Some(teachers) = view.numbers(facts::column::teachers) else { return };
    parts_add(view, &DEGREES, |row, total| {
        if total > teachers[row] {
            findings.warn("degrees_exceed_teachers", row, "teachers", || {
                vec![("found", plain(total)), ("expected", plain(teachers[row]))]
            });
        }
    });
}

/// `part_exceeds_whole`: checks each of [`PARTS`] alone.
pub fn parts_of_wholes(view: &View, findings: &mut Findings) {
    let dictionary = Dictionary::get();
    for (part, whole) in PARTS {
        let (Some(parts), Some(wholes)) = (view.numbers(part), view.numbers(whole)) else { continue };
        let tell = |row: usize, findings: &mut Findings| {
            findings.warn("part_exceeds_whole", row, part, || {
                let mut args = vec![("found", plain(parts[row])), ("expected", plain(wholes[row]))];
                args.extend(labels(whole, "whole", "whole_en"));
                args
            })
        };
        if dictionary.fact(part).is_some_and(|fact| fact.grain == Grain::School) {
            for rows in view.schools() {
                let over = rows.iter().find(|&&row| parts[row as usize] > wholes[row as usize]);
                if let Some(&row) = over {
                    tell(row as usize, findings);
                }
            }
        } else {
            for row in (0..view.rows()).filter(|&row| parts[row] > wholes[row]) {
                tell(row, findings);
            }
        }
    }
}

/// `subject_teachers_exceed`: 体育 and 艺术 (音乐, 美术, 艺术, or the export's 艺术/计 where the three are missing) are main
/// subjects. Every teacher has one, so together they are no more than 专任教师. Visiting teachers belong to another school
/// and are not counted here.
pub fn subject_teachers(view: &View, findings: &mut Findings) {
    let Some(teachers) = view.numbers(facts::column::teachers) else { return };
    let [pe, music, art, arts, total] =
        ["pe_teachers", "music_teachers", "art_teachers", "arts_teachers", "arts_teachers_total"]
            .map(|fact| view.numbers_or_missing(fact));
    for row in 0..view.rows() {
        let three = sum([music[row], art[row], arts[row]].into_iter());
        let arts = if three.is_nan() { total[row] } else { three };
        let both = pe[row] + arts;
        if both > teachers[row] && pe[row] <= teachers[row] && arts <= teachers[row] {
            findings.warn("subject_teachers_exceed", row, "pe_teachers", || {
                vec![("found", plain(both)), ("expected", plain(teachers[row]))]
            });
        }
    }
}

/// `arts_total_differs`: 艺术/计 = 音乐 + 美术 + 艺术, where all four are given.
pub fn arts_total(view: &View, findings: &mut Findings) {
    let Some(total) = view.numbers(facts::column::arts_teachers_total) else { return };
    let subjects = ["music_teachers", "art_teachers", "arts_teachers"].map(|f| view.numbers_or_missing(f));
    for row in 0..view.rows() {
        let parts: f64 = subjects.iter().map(|subject| subject[row]).sum();
        if !parts.is_nan() && !total[row].is_nan() && parts != total[row] {
            findings.warn("arts_total_differs", row, "arts_teachers_total", || {
                vec![("found", plain(total[row])), ("expected", plain(parts))]
            });
        }
    }
}

/// `rooms_exceed_total`: rooms by size add up to no more than all rooms.
pub fn rooms(view: &View, findings: &mut Findings) {
    for (whole, parts) in [("music_rooms", MUSIC_ROOMS), ("art_rooms", ART_ROOMS)] {
        let Some(wholes) = view.numbers(whole) else { continue };
        let bands = parts.map(|part| view.numbers_or_missing(part));
        for rows in view.schools() {
            let over = rows.iter().map(|&row| row as usize).find_map(|row| {
                let total = sum(bands.iter().map(|band| band[row]));
                (total > wholes[row]).then_some((row, total))
            });
            if let Some((row, total)) = over {
                findings.warn("rooms_exceed_total", row, whole, || {
                    vec![("found", plain(total)), ("expected", plain(wholes[row]))]
                });
            }
        }
    }
}

/// `graduates_exceed_cohort`: a graduate either entered with the cohort or transferred in. More graduates than both
/// together are a retention rate above 100 % even by the most generous formula in use (初中三年巩固率).
pub fn graduates(view: &View, findings: &mut Findings) {
    let (Some(graduates), Some(entry)) =
        (view.numbers(facts::column::graduates), view.numbers(facts::column::entry_cohort))
    else {
        return;
    };
    let transfers = view.numbers_or_missing(facts::column::transfers_in);
    for row in 0..view.rows() {
        let most = sum([entry[row], transfers[row]].into_iter());
        if graduates[row] > most && !entry[row].is_nan() {
            findings.warn("graduates_exceed_cohort", row, "graduates", || {
                vec![("found", plain(graduates[row])), ("expected", plain(most))]
            });
        }
    }
}

/// Calls `see` with every row and the sum of its `parts` that are given.
fn parts_add(view: &View, parts: &[&str], mut see: impl FnMut(usize, f64)) {
    let known: Vec<Numbers> = parts.iter().filter_map(|part| view.numbers(part)).collect();
    if known.is_empty() {
        return;
    }
    for row in 0..view.rows() {
        see(row, sum(known.iter().map(|part| part[row])));
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::*;

    fn with<const N: usize>(values: [(&str, f64); N]) -> Vec<String> {
        codes(&[record("a", "junior").numbers(values)])
    }
    const NONE: [&str; 0] = [];

    #[test]
    fn degrees_add_to_no_more_than_teachers() {
        let of = |bachelor: f64| {
            with([
                ("teachers", 31.0),
                ("teachers_associate", 8.0),
                ("teachers_bachelor", bachelor),
                ("teachers_master", 3.0),
            ])
        };
        assert_eq!(of(19.0), NONE);
        assert_eq!(of(20.0), NONE);
        assert_eq!(of(21.0), ["degrees_exceed_teachers: a"]);
    }

    #[test]
    fn degrees_without_teachers_contradict_nothing() {
        assert_eq!(with([("teachers_bachelor", 21.0)]), NONE);
    }

    #[test]
    fn a_part_is_no_larger_than_its_whole() {
        for (part, whole) in super::PARTS {
            let of = |value: f64| with([(whole, 10.0), (part, value)]);
            assert_eq!(of(9.0), NONE, "{part}");
            assert_eq!(of(10.0), NONE, "{part}");
            assert_eq!(of(11.0), ["part_exceeds_whole: a"], "{part}");
        }
    }

    #[test]
    fn subjects_together_are_no_more_than_teachers() {
        let of = |music: f64| with([("teachers", 10.0), ("pe_teachers", 5.0), ("music_teachers", music)]);
        assert_eq!(of(4.0), NONE);
        assert_eq!(of(5.0), NONE);
        assert_eq!(of(6.0), ["subject_teachers_exceed: a"]);
        let of = |arts: f64| with([("teachers", 10.0), ("pe_teachers", 5.0), ("arts_teachers_total", arts)]);
        assert_eq!(of(5.0), NONE);
        assert_eq!(of(6.0), ["subject_teachers_exceed: a"]);
    }

    #[test]
    fn the_exports_total_is_the_sum_of_the_three() {
        let of = |total: f64| {
            with([
                ("music_teachers", 2.0),
                ("art_teachers", 1.0),
                ("arts_teachers", 0.0),
                ("arts_teachers_total", total),
            ])
        };
        assert_eq!(of(2.0), ["arts_total_differs: a"]);
        assert_eq!(of(3.0), NONE);
        assert_eq!(of(4.0), ["arts_total_differs: a"]);
    }

    #[test]
    fn rooms_by_size_are_no_more_than_all() {
        let of =
            |all: f64| with([("music_rooms", all), ("music_rooms_ge96", 1.0), ("music_rooms_73_96", 2.0)]);
        assert_eq!(of(4.0), NONE);
        assert_eq!(of(3.0), NONE);
        assert_eq!(of(2.0), ["rooms_exceed_total: a"]);
    }

    #[test]
    fn who_graduates_came_from_somewhere() {
        let of =
            |graduates: f64| with([("graduates", graduates), ("entry_cohort", 100.0), ("transfers_in", 5.0)]);
        assert_eq!(of(104.0), NONE);
        assert_eq!(of(105.0), NONE);
        assert_eq!(of(106.0), ["graduates_exceed_cohort: a"]);
    }
}
