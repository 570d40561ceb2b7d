use polars::prelude::*;

use super::{
    enrolment::{Kept, spread},
    trend::{Statistic, WhyNot, project},
    *,
};
use crate::{
    dictionary::Section,
    panel::{Resampling, StudyOptions},
    problem::Error,
    standard::Standard,
    synth,
    tables::{self, years::InMemoryYears},
    words::{Language, Words},
};

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{found} instead of {expected}");
}

#[test]
fn the_projection_by_hand() {
    // Years 1…4 with 2, 4, 5, 8: slope 1.9, through 0; residual variance 0.35. At 6: 11.4 ± t(2) √(0.35 (1 + 1/4 + 3.5²/5)).
    let values = [(2021, 2.0), (2022, 4.0), (2023, 5.0), (2024, 8.0)];
    let found = project(Statistic::Mean, &values, Some(7.0), None, 2026, 0.95).unwrap();
    near(found.slope, 1.9);
    near(found.error, (0.35f64 / 5.0).sqrt());
    near(found.value, 11.4);
    let half = 4.302_652_729_911_275 * (0.35f64 * (1.25 + 12.25 / 5.0)).sqrt();
    assert!((found.high - found.value - half).abs() < 1e-6, "{found:?}");
    assert_eq!(
        (found.warning, found.certainty, found.crossing_year),
        (Some("may_cross"), Some("open"), None)
    );
}

#[test]
fn a_perfect_line_at_the_bound_is_not_beyond_it() {
    // 0.44, 0.46, 0.48: at 0.50 in 2025, beyond it in 2026.
    let values = [(2022, 0.44), (2023, 0.46), (2024, 0.48)];
    let of = |to, limit| project(Statistic::Cv, &values, Some(limit), None, to, 0.95).unwrap();
    assert_eq!(of(2025, 0.50).warning, Some("none"));
    let beyond = of(2027, 0.50);
    assert_eq!((beyond.warning, beyond.certainty), (Some("crosses"), Some("unmet")));
    assert_eq!(beyond.crossing_year, Some(2026));
    assert_eq!(of(2025, 0.499).warning, Some("crosses"));
    assert_eq!(of(2025, 0.501).warning, Some("none"));
    near(beyond.value, 0.54);
    // Values beyond the limit return, or do not.
    let down = [(2022, 0.60), (2023, 0.56), (2024, 0.52)];
    let back = project(Statistic::Cv, &down, Some(0.50), None, 2026, 0.95).unwrap();
    assert_eq!((back.warning, back.crossing_year), (Some("recovers"), Some(2025)));
    let stays = project(Statistic::Cv, &down, Some(0.30), None, 2026, 0.95).unwrap();
    assert_eq!((stays.warning, stays.crossing_year), (Some("stays_unmet"), None));
}

#[test]
fn equal_values_stay_what_they_are() {
    let values = [(2022, 0.1), (2023, 0.1), (2024, 0.1)];
    let found = project(Statistic::Cv, &values, Some(0.1), None, 2030, 0.95).unwrap();
    assert_eq!((found.slope, found.error, found.p), (0.0, 0.0, None));
    assert_eq!((found.value, found.low, found.high), (0.1, 0.1, 0.1));
    assert_eq!((found.warning, found.crossing_year), (Some("none"), None));
}

#[test]
fn shares_and_dispersions_stay_possible() {
    let up = [(2022, 0.9), (2023, 0.95), (2024, 1.0)];
    let found = project(Statistic::SchoolsAtThreshold, &up, Some(1.0), None, 2030, 0.95).unwrap();
    assert_eq!((found.value, found.high, found.warning), (1.0, 1.0, Some("none")));
    let down = [(2022, 0.3), (2023, 0.2), (2024, 0.1)];
    let found = project(Statistic::Cv, &down, Some(0.5), None, 2030, 0.95).unwrap();
    assert_eq!((found.value, found.low), (0.0, 0.0));
}

#[test]
fn two_years_and_none_are_no_trend() {
    let of = |values: &[(i32, f64)]| project(Statistic::Cv, values, Some(0.5), None, 2030, 0.95);
    assert_eq!(of(&[]), Err(WhyNot::NoValue));
    assert_eq!(of(&[(2023, 0.1), (2024, 0.2)]), Err(WhyNot::TooFewYears));
    // Without a bound there is a line, but nothing to warn of.
    let found = project(Statistic::Cv, &[(1, 0.1), (2, 0.2), (3, 0.4)], None, None, 5, 0.95).unwrap();
    assert_eq!((found.met, found.certainty, found.warning, found.crossing_year), (None, None, None, None));
}

/// A panel's rows: code, year, CV.
fn panel(rows: &[(&str, i32, Option<f64>)]) -> tables::panel::Frame {
    rows.iter()
        .map(|&(code, year, cv)| tables::panel::Values {
            level: "district",
            district_code: code,
            district_name: code,
            year,
            section: Section::Primary,
            indicator: "L5",
            cv,
            limit: Some(0.5),
            ..Default::default()
        })
        .collect()
}

fn standard() -> Standard {
    Standard::load("quality-balance-2017").unwrap()
}

#[test]
fn gaps_are_said_and_places_that_are_gone_are_not_carried_on() {
    let years = |code: &'static str, years: &[i32]| -> Vec<(&'static str, i32, Option<f64>)> {
        years.iter().map(|&year| (code, year, Some(0.4 + 0.01 * f64::from(year - 2020)))).collect()
    };
    let mut rows = years("gone", &[2019, 2020, 2021]);
    rows.extend(years("gap", &[2019, 2020, 2022, 2023]));
    rows.extend(years("whole", &[2021, 2022, 2023]));
    rows.extend(years("short", &[2022, 2023]));
    rows.extend([("blank", 2021, None), ("blank", 2022, None), ("blank", 2023, None)]);
    let found = outlook(&panel(&rows), &standard(), 2026, 0.95);
    let text = |name: &str| found.frame().column(name).unwrap().str().unwrap().clone();
    let (code, of, why) = (text("district_code"), text("of"), text("why_not"));
    let slope = found.frame().column("slope").unwrap().f64().unwrap().clone();
    let of_cv = |wanted: &str| {
        let row = (0..found.height()).find(|&row| code.get(row) == Some(wanted) && of.get(row) == Some("cv"));
        let row = row.unwrap();
        (why.get(row).map(str::to_string), slope.get(row))
    };
    assert_eq!(of_cv("gone"), (Some("not_in_last_year".into()), None));
    assert_eq!(of_cv("short"), (Some("too_few_years".into()), None));
    assert_eq!(of_cv("blank"), (Some("no_value".into()), None));
    assert_eq!(of_cv("gap").0.as_deref(), Some("gap"));
    // The years are the x axis, so a gap does not bend the line.
    near(of_cv("gap").1.unwrap(), 0.01);
    assert_eq!(of_cv("whole").0, None);
    // One row for each of the three statistics and each place.
    assert_eq!(found.height(), 5 * 3);
    let urgent = ordered(&found);
    assert!(urgent.height() <= found.height());
}

fn kept(school: &str, section: Section, students: f64) -> Kept {
    Kept {
        kept_code: "430502".into(),
        district_code: "430518".into(),
        school_code: school.into(),
        section,
        students: Some(students),
    }
}

fn line(number: usize) -> Expected {
    Expected {
        district_code: "430518".into(),
        section: None,
        school_code: None,
        year: 2030,
        students: None,
        factor: None,
        line: number,
    }
}

#[test]
fn numbers_are_spread_and_the_narrower_line_wins() {
    let there = [
        kept("a", Section::Primary, 100.0),
        kept("b", Section::Primary, 300.0),
        kept("b", Section::Junior, 50.0),
    ];
    let lines = [
        Expected { section: Some(Section::Primary), students: Some(500.0), ..line(2) },
        Expected { school_code: Some("a".into()), factor: Some(2.0), ..line(3) },
        // Also under its code in the store; a line of an earlier year is superseded by a later one.
        Expected {
            district_code: "430502".into(),
            section: Some(Section::Junior),
            factor: Some(0.5),
            ..line(4)
        },
        Expected { section: Some(Section::Primary), year: 2028, students: Some(1.0), ..line(5) },
    ];
    let (year, after) = spread(&there, &lines, 2025).unwrap();
    assert_eq!(year, 2030);
    // a has 200 by its own line, so b has the rest of the 500.
    assert_eq!(after, [Some(200.0), Some(300.0), Some(25.0)]);
}

#[test]
fn lines_that_cannot_be_are_told_by_their_number() {
    let there = [kept("a", Section::Primary, 100.0), kept("b", Section::Primary, 300.0)];
    let code = |lines: &[Expected]| match spread(&there, lines, 2025) {
        Err(Error::Input(problems)) => {
            let line = problems[0].args.iter().find(|(name, _)| *name == "line").unwrap().1.clone();
            (problems[0].code, line)
        }
        other => panic!("{other:?}"),
    };
    let with = |change: fn(&mut Expected)| {
        let mut one = Expected { factor: Some(1.0), ..line(7) };
        change(&mut one);
        vec![one]
    };
    let said = |code: &'static str| (code, "7".to_string());
    assert_eq!(code(&with(|l| l.district_code = "430519".into())), said("enrolment_no_district"));
    assert_eq!(code(&with(|l| l.school_code = Some("c".into()))), said("enrolment_no_school"));
    assert_eq!(code(&with(|l| l.section = Some(Section::Junior))), said("enrolment_no_section"));
    assert_eq!(code(&with(|l| l.factor = Some(-0.1))), said("enrolment_negative"));
    assert_eq!(code(&with(|l| l.students = Some(5.0))), said("enrolment_both"));
    assert_eq!(code(&with(|l| l.factor = None)), said("enrolment_neither"));
    assert_eq!(code(&with(|l| l.year = 2025)), said("enrolment_past"));
    let twice = [Expected { factor: Some(1.0), ..line(6) }, Expected { factor: Some(1.1), ..line(7) }];
    assert_eq!(code(&twice), said("enrolment_twice"));
    let few = [
        Expected { students: Some(10.0), ..line(7) },
        Expected { school_code: Some("a".into()), students: Some(20.0), ..line(2) },
    ];
    assert_eq!(code(&few), said("enrolment_too_few"));
}

fn shocked(facts: &DataFrame, enrolment: &Enrolment) -> tables::shocks::Frame {
    let words = Words::load(Language::Chinese).unwrap();
    let asked =
        StudyOptions { resampling: Resampling { replicates: 0, ..Default::default() }, ..Default::default() };
    shocks(&InMemoryYears::of(facts).unwrap(), &standard(), &asked, enrolment, &words).unwrap()
}

fn year() -> DataFrame {
    let settings = synth::Decade { years: 2024..=2024, districts: 2, schools: 20, ..Default::default() };
    synth::decade(&settings).unwrap().remove(0)
}

fn numbers(frame: &DataFrame, name: &str) -> Vec<Option<f64>> {
    frame.column(name).unwrap().f64().unwrap().iter().collect()
}

#[test]
fn without_a_change_nothing_changes() {
    let found = shocked(&year(), &Enrolment::Rate { rate: 0.0, to_year: 2030 });
    assert!(found.height() > 0);
    for what in ["students", "mean", "cv"] {
        let (before, after) = (
            numbers(found.frame(), &format!("{what}_before")),
            numbers(found.frame(), &format!("{what}_after")),
        );
        assert_eq!(before, after, "{what}");
    }
    for warning in ["warning", "mean_warning"] {
        let said = found.frame().column(warning).unwrap().str().unwrap().clone();
        assert!(said.iter().flatten().all(|said| said == "none" || said == "stays_unmet"));
    }
}

#[test]
fn half_the_pupils_have_twice_as_much_each_and_are_as_unequal() {
    // Schools that would fall below the minimum size are left out.
    let facts = year();
    let large: BooleanChunked = facts
        .column("students")
        .unwrap()
        .f64()
        .unwrap()
        .iter()
        .map(|p| p.is_some_and(|p| p >= 200.0))
        .collect();
    let found = shocked(&facts.filter(&large).unwrap(), &Enrolment::Rate { rate: -0.5, to_year: 2025 });
    let (before, after) = (numbers(found.frame(), "mean_before"), numbers(found.frame(), "mean_after"));
    let pairs: Vec<(f64, f64)> = before.into_iter().zip(after).filter_map(|(a, b)| a.zip(b)).collect();
    assert!(pairs.len() > 10);
    pairs.iter().for_each(|&(before, after)| near(after, 2.0 * before));
    for (before, after) in
        numbers(found.frame(), "cv_before").into_iter().zip(numbers(found.frame(), "cv_after"))
    {
        near(after.unwrap(), before.unwrap());
    }
}

#[test]
fn a_combined_school_is_apportioned_anew() {
    // One nine-year school of 100 + 100 pupils with 210 ㎡ by weight: 小学 100, 初中 110 of 210. With 200 + 100: 200 and 110
    // of 310.
    let mut facts = year();
    let types = facts.column("school_type").unwrap().str().unwrap().clone();
    let at = (0..facts.height())
        .find(|&row| types.get(row) == Some("九年一贯制学校"))
        .expect("twenty schools have a combined one");
    let code = facts.column("school_code").unwrap().str().unwrap().get(at).unwrap().to_string();
    let own: BooleanChunked = facts
        .column("school_code")
        .unwrap()
        .str()
        .unwrap()
        .iter()
        .map(|c| c == Some(code.as_str()))
        .collect();
    facts = facts.filter(&own).unwrap();
    assert_eq!(facts.height(), 2);
    facts.with_column(Column::new("students".into(), vec![100.0, 100.0])).unwrap();
    facts.with_column(Column::new("multimedia_rooms".into(), vec![21.0, 21.0])).unwrap();
    let district = facts.column("district_code").unwrap().str().unwrap().get(0).unwrap().to_string();
    let lines = vec![Expected {
        district_code: district,
        section: Some(Section::Primary),
        students: Some(200.0),
        ..line(2)
    }];
    let found = shocked(&facts, &Enrolment::Given(lines));
    let (section, indicator) = (
        found.frame().column("section").unwrap().str().unwrap(),
        found.frame().column("indicator").unwrap().str().unwrap(),
    );
    let rooms = |wanted: &str, name: &str| {
        let row = (0..found.height())
            .find(|&row| section.get(row) == Some(wanted) && indicator.get(row) == Some("L7"))
            .unwrap();
        numbers(found.frame(), name)[row].unwrap()
    };
    // Rooms per hundred pupils.
    near(rooms("primary", "mean_before"), 21.0 * 100.0 / 210.0);
    near(rooms("junior", "mean_before"), 21.0 * 110.0 / 210.0);
    near(rooms("primary", "mean_after"), 21.0 * 200.0 / 310.0 / 2.0);
    near(rooms("junior", "mean_after"), 21.0 * 110.0 / 310.0);
}

#[test]
fn a_school_without_pupils_leaves() {
    let facts = year();
    let code = facts.column("school_code").unwrap().str().unwrap().get(0).unwrap().to_string();
    let district = facts.column("district_code").unwrap().str().unwrap().get(0).unwrap().to_string();
    let lines = vec![Expected {
        district_code: district.clone(),
        school_code: Some(code),
        factor: Some(0.0),
        ..line(2)
    }];
    let schools = |frame: &DataFrame| -> i64 {
        let (code, count) = (
            frame.column("district_code").unwrap().str().unwrap().clone(),
            frame.column("schools").unwrap().i64().unwrap().clone(),
        );
        (0..frame.height())
            .filter(|&row| code.get(row) == Some(&district))
            .filter_map(|row| count.get(row))
            .sum()
    };
    let before = shocked(&facts, &Enrolment::Rate { rate: 0.0, to_year: 2030 });
    let after = shocked(&facts, &Enrolment::Given(lines));
    assert!(schools(after.frame()) < schools(before.frame()));
}

proptest::proptest! {
    #[test]
    fn a_district_keeps_the_number_it_is_given(
        students in proptest::collection::vec(0.0..3_000.0f64, 1..20),
        wanted in 0.0..50_000.0f64,
    ) {
        let there: Vec<Kept> = students
            .iter()
            .enumerate()
            .map(|(at, students)| kept(&at.to_string(), Section::Primary, *students))
            .collect();
        proptest::prop_assume!(students.iter().sum::<f64>() > 0.0);
        let given = Expected { students: Some(wanted), ..line(2) };
        let (_, after) = spread(&there, &[given], 2025).unwrap();
        let sum: f64 = after.iter().flatten().sum();
        proptest::prop_assert!((sum - wanted).abs() <= 1e-9 * wanted.max(1.0));
    }

    #[test]
    fn the_interval_holds_the_line_and_warnings_fit(
        values in proptest::collection::vec(0.0..1.0f64, 3..12),
        bound in 0.01..1.0f64,
        ahead in 1..20i32,
    ) {
        let values: Vec<(i32, f64)> = (2015..).zip(values).collect();
        let last = values.last().copied().unwrap();
        for of in Statistic::ALL {
            let found = project(of, &values, Some(bound), None, last.0 + ahead, 0.95).unwrap();
            proptest::prop_assert!(found.low <= found.value && found.value <= found.high);
            let changes = matches!(found.warning, Some("crosses" | "recovers"));
            // A value on the other side at the end crossed on the way, or in the last year.
            proptest::prop_assert!(!changes || found.crossing_year.is_some());
            proptest::prop_assert!(found.certainty != Some("met") || found.met == Some(true));
            proptest::prop_assert!(found.certainty != Some("unmet") || found.met == Some(false));
        }
    }
}
