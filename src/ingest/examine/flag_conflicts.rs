//! Checks 是/否 flags against the number that they stand for, and years against the present.

use super::{Findings, plain, view::View};
use crate::tables::facts;

/// `built_by_contradicts`: 是否2010年（2016年）及之前规划并建成 against 建校年份. `built_by_2010_not_2016`: a school built by 2010 is
/// built by 2016. `built_in_future`: a school that counts in `year` was built by then.
pub fn years(view: &View, findings: &mut Findings) {
    let built = view.numbers(facts::column::built_year);
    let flags = [("built_by_2010", 2010.0), ("built_by_2016", 2016.0)]
        .map(|(fact, limit)| (fact, limit, view.truths(fact)));
    if built.is_none() && flags.iter().all(|(.., flag)| flag.is_none()) {
        return;
    }
    for rows in view.schools() {
        let row = rows[0] as usize;
        let year = built.as_ref().map_or(f64::NAN, |built| built[row]);
        if !year.is_nan() && view.integer(facts::column::year, row).is_some_and(|now| year > f64::from(now)) {
            findings.warn("built_in_future", row, "built_year", || vec![("found", plain(year))]);
        }
        for (fact, limit, flag) in &flags {
            let Some(said) = flag.and_then(|flag| flag.get(row)) else { continue };
            if !year.is_nan() && said != (year <= *limit) {
                findings.warn("built_by_contradicts", row, fact, || {
                    vec![("found", yes_no(said)), ("found_en", yes_no_en(said)), ("expected", plain(year))]
                });
            }
        }
        let [by_2010, by_2016] = [0, 1].map(|i| flags[i].2.and_then(|flag| flag.get(row)));
        if by_2010 == Some(true) && by_2016 == Some(false) {
            findings.warn("built_by_2010_not_2016", row, "built_by_2016", Vec::new);
        }
    }
}

/// `small_rural_contradicts`: 50人及以上但不足100人的乡村小规模学校 against 城乡类型 and the school's pupils.
/// `small_class_rural_contradicts`: 最大班额低于30人的农村小规模学校 against 城乡类型 and 最大班额; 农村 may include 镇区, so only 城区 contradicts
/// a yes.
pub fn small_rural(view: &View, findings: &mut Findings) {
    let (small, small_class) = (
        view.truths(facts::column::small_rural_school),
        view.truths(facts::column::small_class_rural_school),
    );
    if small.is_none() && small_class.is_none() {
        return;
    }
    let locations = view.texts(facts::column::location);
    let largest = view.numbers_or_missing(facts::column::max_class_size);
    let students = view.school_students();
    for (rows, &pupils) in view.schools().zip(students) {
        let row = rows[0] as usize;
        let location = locations.and_then(|column| column.get(row));
        let args = |said: bool, size: f64| {
            let known = |value: f64| if value.is_nan() { "—".to_string() } else { plain(value) };
            vec![
                ("found", yes_no(said)),
                ("found_en", yes_no_en(said)),
                ("location", location.unwrap_or("—").to_string()),
                ("students", known(pupils)),
                ("largest", known(size)),
            ]
        };
        if let Some(said) = small.and_then(|column| column.get(row)) {
            let rural = location.map(|place| place == "乡村");
            let fits = (!pupils.is_nan()).then_some((50.0..100.0).contains(&pupils));
            if contradicts(said, &[rural, fits]) {
                findings.warn("small_rural_contradicts", row, "small_rural_school", || args(said, f64::NAN));
            }
        }
        if let Some(said) = small_class.and_then(|column| column.get(row)) {
            let sizes = || rows.iter().map(|&row| largest[row as usize]);
            let size = sizes().fold(f64::NAN, f64::max);
            let all_known = !sizes().any(f64::is_nan);
            let rural = match (location, said) {
                (None, _) => None,
                (Some(place), true) => Some(place != "城区"),
                (Some(place), false) => Some(place == "乡村"),
            };
            let low = if size >= 30.0 { Some(false) } else { all_known.then_some(true) };
            // A 小规模学校 has fewer than 100 pupils (国办发〔2018〕27号); only a no contradicts that.
            let few = if said { Some(true) } else { (!pupils.is_nan()).then_some(pupils < 100.0) };
            if contradicts(said, &[rural, low, few]) {
                findings.warn("small_class_rural_contradicts", row, "small_class_rural_school", || {
                    args(said, size)
                });
            }
        }
    }
}

/// A yes is contradicted by one condition that is known to fail, a no by conditions that are all known to hold.
fn contradicts(said: bool, conditions: &[Option<bool>]) -> bool {
    if said { conditions.contains(&Some(false)) } else { conditions.iter().all(|c| *c == Some(true)) }
}

fn yes_no(said: bool) -> String {
    if said { "是" } else { "否" }.to_string()
}

fn yes_no_en(said: bool) -> String {
    if said { "yes" } else { "no" }.to_string()
}

#[cfg(test)]
mod tests {
    use super::super::sample::*;

    const NONE: [&str; 0] = [];

    #[test]
    fn built_by_2010_agrees_with_the_year() {
        let of = |said: bool, year: f64| {
            codes(&[record("a", "primary").with("built_by_2010", said).with("built_year", year)])
        };
        assert_eq!(of(true, 2009.0), NONE);
        assert_eq!(of(true, 2010.0), NONE);
        assert_eq!(of(true, 2011.0), ["built_by_contradicts: a"]);
        assert_eq!(of(false, 2010.0), ["built_by_contradicts: a"]);
        assert_eq!(of(false, 2011.0), NONE);
    }

    #[test]
    fn built_by_2010_is_built_by_2016() {
        let of = |later: bool| {
            codes(&[record("a", "primary").with("built_by_2010", true).with("built_by_2016", later)])
        };
        assert_eq!(of(true), NONE);
        assert_eq!(of(false), ["built_by_2010_not_2016: a"]);
    }

    #[test]
    fn no_school_is_built_in_the_future() {
        let of = |year: f64| codes(&[record("a", "primary").with("built_year", year)]);
        assert_eq!(of(2024.0), NONE);
        assert_eq!(of(2025.0), NONE);
        assert_eq!(of(2026.0), ["built_in_future: a"]);
    }

    fn small(said: bool, location: &str, pupils: f64) -> Vec<String> {
        let school = record("a", "primary").with("small_rural_school", said).with("location", location);
        codes(&[school.with("students", pupils)])
    }

    #[test]
    fn a_rural_school_of_50_to_99_agrees_with_its_pupils() {
        for (pupils, fits) in [(49.0, false), (50.0, true), (99.0, true), (100.0, false)] {
            assert_eq!(small(true, "乡村", pupils).is_empty(), fits, "{pupils}");
            assert_eq!(small(false, "乡村", pupils).is_empty(), !fits, "{pupils}");
        }
        assert_eq!(small(true, "镇区", 60.0), ["small_rural_contradicts: a"]);
        assert_eq!(small(false, "镇区", 60.0), NONE);
    }

    #[test]
    fn small_classes_agree_with_the_largest() {
        let of = |said: bool, location: &str, largest: f64| {
            let school =
                record("a", "primary").with("small_class_rural_school", said).with("location", location);
            codes(&[school.numbers([("students", 80.0), ("max_class_size", largest)])])
        };
        assert_eq!(of(true, "乡村", 29.0), NONE);
        assert_eq!(of(true, "乡村", 30.0), ["small_class_rural_contradicts: a"]);
        assert_eq!(of(true, "镇区", 29.0), NONE);
        assert_eq!(of(true, "城区", 29.0), ["small_class_rural_contradicts: a"]);
        assert_eq!(of(false, "乡村", 29.0), ["small_class_rural_contradicts: a"]);
        assert_eq!(of(false, "乡村", 30.0), NONE);
        assert_eq!(of(false, "镇区", 29.0), NONE);
    }
}
