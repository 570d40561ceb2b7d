use polars::prelude::*;

use super::*;
use crate::dictionary::Section;
use crate::{
    panel::{Grouping, PanelSpec, Resampling},
    standard::Standard,
    tables::{
        Row,
        measure_matrix::MeasureMatrix,
        years::{Identity, Region},
    },
    words::Language,
};

/// Amount, pupils, location; NaN if unknown.
type School3 = (f64, f64, Option<&'static str>);

/// One indicator of primary schools, in districts of two cities of one province.
fn made(districts: &[(&str, &[School3])]) -> (Measured, Standard, Words) {
    let words = Words::load(Language::Chinese).unwrap();
    let mut standard = Standard::load("quality-balance-2017").unwrap();
    standard.indicators.truncate(1);
    let mut measured = Measured { year: 2025, ..Measured::default() };
    let panel = &mut measured.panel;
    *panel = MeasureMatrix {
        width: 1,
        denominator_of: vec![0],
        denominators: 1,
        factor: vec![100.0],
        ..MeasureMatrix::default()
    };
    for (code, schools) in districts {
        measured.regions.push(Region {
            district_code: code.to_string(),
            district_name: format!("县{code}"),
            city_code: code[..4].into(),
            city_name: format!("市{}", &code[..4]),
            province_code: code[..2].into(),
            province_name: format!("省{}", &code[..2]),
        });
        for (amount, students, location) in *schools {
            let at = measured.rows.len() as u32;
            measured.rows.push(Identity {
                district: measured.regions.len() as u32 - 1,
                section: Section::Primary,
                school_code: format!("S{at}"),
                school_name: format!("学校{at}"),
                location: location.map(str::to_string),
                ownership: Some("公办".into()),
                school_type: None,
            });
            measured.panel.row.push(at);
            measured.panel.group.push(0);
            measured.panel.numerator.push(*amount);
            measured.panel.denominator.push(*students);
        }
    }
    (measured, standard, words)
}

const TOWN: Option<&str> = Some("城区");
const VILLAGE: Option<&str> = Some("乡村");

fn part(frame: &DataFrame, by: &str, measure: &str, part: &str) -> Option<f64> {
    Row::all(frame)
        .find(|row| {
            row.text_or_empty("by") == by
                && row.text_or_empty("measure") == measure
                && row.text_or_empty("part") == part
        })
        .unwrap_or_else(|| panic!("no {by} {measure} {part}"))
        .number("value")
}

fn near(found: Option<f64>, expected: f64) {
    assert!(found.is_some_and(|found| (found - expected).abs() < 1e-12), "{found:?} {expected}");
}

#[test]
fn where_it_lies_and_in_what() {
    // Means 1 and 3 in one city, 5 and 7 in the other; in each district one school above and one below by 1.
    let pair = |mean: f64| vec![(mean - 1.0, 1.0, TOWN), (mean + 1.0, 1.0, VILLAGE)];
    let pairs = [pair(1.0), pair(3.0), pair(5.0), pair(7.0)];
    let codes = ["430101", "430102", "430201", "430202"];
    let districts: Vec<(&str, &[School3])> = codes.into_iter().zip(pairs.iter().map(Vec::as_slice)).collect();
    let (measured, standard, words) = made(&districts);
    let all = decomposition(&measured, Level::All, &standard, &words);
    // By hand in `equity::decomposition`: CV² 6/16 = 4/16 + 1/16 + 1/16, all in one province.
    for (name, expected) in [
        ("total", 0.375),
        ("between_provinces", 0.0),
        ("between_cities", 0.25),
        ("between_districts", 0.0625),
        ("within_districts", 0.0625),
    ] {
        near(part(all.frame(), "region", "cv_squared", name), expected);
    }
    near(part(all.frame(), "city", "cv_squared", "between"), 0.25);
    near(part(all.frame(), "district", "cv_squared", "between"), 0.3125);
    // 乡村 has 2 more than 城区 with a mean of 4: 1/16.
    near(part(all.frame(), "location", "cv_squared", "between"), 0.0625);
    // One school has nothing, so L is undefined in every part.
    assert_eq!(part(all.frame(), "location", "theil_l", "total"), None);
    let city = decomposition(&measured, Level::City, &standard, &words);
    assert!(
        Row::all(city.frame())
            .all(|row| !matches!(row.text_or_empty("part"), "between_cities" | "between_provinces"))
    );
    assert!(Row::all(city.frame()).any(|row| row.text_or_empty("part") == "within_districts"));
    let district = decomposition(&measured, Level::District, &standard, &words);
    assert!(
        Row::all(district.frame())
            .all(|row| matches!(row.text_or_empty("by"), "location" | "ownership" | "type"))
    );
}

#[test]
fn the_largest_share_stands_first() {
    let schools: &[School3] =
        &[(4.0, 100.0, TOWN), (5.0, 100.0, TOWN), (12.0, 100.0, VILLAGE), (f64::NAN, 100.0, VILLAGE)];
    let (measured, standard, words) = made(&[("430101", schools)]);
    let found = influence(&measured, Level::District, &standard, &words);
    let codes: Vec<&str> = Row::all(found.frame()).map(|row| row.text_or_empty("school_code")).collect();
    assert_eq!(codes, ["S2", "S0", "S1"]);
    // Mean 7: squares 9, 4, 25 of 38.
    let first = Row::all(found.frame()).next().unwrap();
    assert!((first.number("cv_squared_share").unwrap() - 25.0 / 38.0).abs() < 1e-12);
    assert_eq!(first.number("value"), Some(12.0));
    // Without it 4 and 5: CV 0.5/4.5.
    let before = (38.0f64 / 3.0).sqrt() / 7.0;
    assert!((first.number("cv_without").unwrap() - (0.5 / 4.5 - before)).abs() < 1e-12);
}

#[test]
fn what_has_no_number_is_null() {
    let nothing: &[School3] = &[(0.0, 100.0, TOWN), (0.0, 100.0, None)];
    let one: &[School3] = &[(3.0, 100.0, None)];
    let none: &[School3] = &[(f64::NAN, 100.0, TOWN), (3.0, 0.0, VILLAGE)];
    let (measured, standard, words) = made(&[("430101", nothing), ("430102", one), ("430103", none)]);
    let parts = decomposition(&measured, Level::District, &standard, &words);
    for row in Row::all(parts.frame()) {
        let alone = row.text_or_empty("district_code") == "430102";
        assert_eq!(row.number("value"), alone.then_some(0.0), "{}", row.text_or_empty("part"));
        assert_eq!(row.number("share"), None);
    }
    let found = influence(&measured, Level::District, &standard, &words);
    assert_eq!(found.height(), 3);
    for row in Row::all(found.frame()) {
        let alone = row.text_or_empty("district_code") == "430102";
        assert_eq!(row.number("theil_part"), alone.then_some(0.0));
        assert_eq!((row.number("cv_without"), row.number("cv_squared_share")), (None, None));
    }
    let wanted = PanelSpec { level: Level::District, grouping: None };
    let compared = comparison(&measured, wanted, Resampling::default(), &standard, &words);
    assert_eq!(compared.height(), 3);
    for row in Row::all(compared.frame()) {
        assert_eq!((row.text_or_empty("first"), row.text_or_empty("second")), ("城区", "乡村"));
        assert_eq!((row.number("gap"), row.number("p"), row.integer("permutations")), (None, None, Some(0)));
    }
    assert_eq!(lorenz(&made(&[("430101", nothing)]).0, &standard).height(), 0);
}

#[test]
fn town_and_village_are_told_apart() {
    let schools: Vec<School3> = (0..5)
        .flat_map(|at| [(40.0 + f64::from(at), 100.0, TOWN), (10.0 + f64::from(at), 100.0, VILLAGE)])
        .collect();
    let (measured, standard, words) = made(&[("430101", &schools)]);
    let of = |level, seed| {
        let wanted = PanelSpec { level, grouping: Some(Grouping::Location) };
        let resampling = Resampling { replicates: 999, level: 0.95, seed };
        let found = comparison(&measured, wanted, resampling, &standard, &words);
        let row = Row::all(found.frame()).next().unwrap();
        assert!((row.number("gap").unwrap() - 30.0).abs() < 1e-9);
        assert!((row.number("ratio").unwrap() - 42.0 / 12.0).abs() < 1e-12);
        row.number("p").unwrap()
    };
    // 2 of 252 divisions are at least as far apart.
    let p = of(Level::District, 1);
    assert!(p < 0.03, "{p}");
    assert_eq!(p, of(Level::District, 1));
    assert_ne!(of(Level::District, 1), of(Level::All, 2));
    let curve = lorenz(&measured, &standard);
    assert_eq!(curve.height(), 11);
    let last = Row::all(curve.frame()).last().unwrap();
    assert_eq!((last.number("students"), last.number("amount")), (Some(1.0), Some(1.0)));
}
