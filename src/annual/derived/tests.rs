use polars::prelude::*;

use super::*;
use crate::{
    annual::sample::Sample,
    tables::{
        self,
        derived::{changes, ranking},
    },
    words::Language,
};

/// Code, year, section, schools met of 10, worst ratio, whether it passes.
type Stands = (&'static str, i32, &'static str, i64, Option<f64>, Option<bool>);

fn standings(rows: &[Stands]) -> tables::standings::Frame {
    let n = rows.len();
    let each = |of: fn(&Stands) -> i64| rows.iter().map(of).collect::<Vec<_>>();
    tables::standings::Frame::partial(df!(
        "level" => vec!["district"; n],
        "district_code" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        "district_name" => rows.iter().map(|row| format!("县{}", row.0)).collect::<Vec<_>>(),
        "year" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
        "section" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
        "schools" => vec![10i64; n],
        "students" => vec![1000.0; n],
        "schools_met" => each(|row| row.3),
        "schools_unmet" => each(|row| 10 - row.3),
        "schools_missing" => vec![0i64; n],
        "limits" => vec![1i64; n],
        "limits_met" => each(|row| i64::from(row.4.is_some_and(|ratio| ratio <= 1.0))),
        "worst_ratio" => rows.iter().map(|row| row.4).collect::<Vec<_>>(),
        "worst_indicator" => vec!["L5"; n],
        "passes" => rows.iter().map(|row| row.5).collect::<Vec<_>>(),
    ))
}

/// CVs of L5 in 小学: code, year, CV, certainty; the limit is 0.5.
fn panel(rows: &[(&'static str, i32, f64, &'static str)]) -> tables::panel::Frame {
    let n = rows.len();
    tables::panel::Frame::partial(df!(
        "district_code" => rows.iter().map(|row| row.0).collect::<Vec<_>>(),
        "year" => rows.iter().map(|row| row.1).collect::<Vec<_>>(),
        "section" => vec!["primary"; n],
        "indicator" => vec!["L5"; n],
        "cv" => rows.iter().map(|row| row.2).collect::<Vec<_>>(),
        "cv_low" => rows.iter().map(|row| row.2 - 0.05).collect::<Vec<_>>(),
        "cv_high" => rows.iter().map(|row| row.2 + 0.05).collect::<Vec<_>>(),
        "limit" => vec![0.5; n],
        "met" => rows.iter().map(|row| row.2 <= 0.5).collect::<Vec<_>>(),
        "certainty" => rows.iter().map(|row| row.3).collect::<Vec<_>>(),
    ))
}

/// The tables of 2024 derived from such rows.
fn derived(stands: &[Stands], cvs: &[(&'static str, i32, f64, &'static str)]) -> Derived {
    let sample = Sample::usual(Language::Chinese);
    let mut annual = sample.annual();
    annual.standings = standings(stands);
    annual.panel = panel(cvs);
    derive(&annual)
}

/// A value of every district in the ranking, in its order.
fn ranked<'a, V>(found: &'a Derived, of: impl Fn(ranking::Row<'a>) -> V) -> Vec<V> {
    found.ranking.rows().map(of).collect()
}

#[test]
fn equal_ratios_share_the_better_rank_and_districts_without_one_come_last() {
    let found = derived(
        &[
            ("4", 2024, "primary", 10, None, None),
            ("3", 2024, "primary", 10, Some(1.2), Some(false)),
            ("2", 2024, "primary", 10, Some(0.8), Some(true)),
            ("1", 2024, "primary", 10, Some(0.8), Some(true)),
            ("2", 2023, "primary", 10, Some(0.7), Some(true)),
            ("3", 2023, "primary", 10, Some(0.6), Some(true)),
        ],
        &[],
    );
    assert_eq!(ranked(&found, |row| row.district_code()), ["1", "2", "3", "4"]);
    assert_eq!(ranked(&found, |row| row.rank()), [Some(1), Some(1), Some(3), None]);
    assert_eq!(ranked(&found, |row| row.rank_change()), [None, Some(-1), Some(2), None]);
}

#[test]
fn a_district_stands_as_its_worst_section_and_is_unknown_where_one_is() {
    let found = derived(
        &[
            ("1", 2024, "primary", 10, Some(0.8), Some(true)),
            ("1", 2024, "junior", 9, Some(1.1), None),
            ("2", 2024, "primary", 10, Some(0.8), None),
            ("2", 2024, "junior", 9, Some(0.9), Some(false)),
        ],
        &[("2", 2024, 0.45, "open")],
    );
    assert_eq!(ranked(&found, |row| row.section()), [Some(Section::Junior); 2]);
    assert_eq!(ranked(&found, |row| (row.district_code(), row.passes())), [("2", Some(false)), ("1", None)]);
    assert_eq!(ranked(&found, |row| row.limits_open()), [1, 0]);
    let both = found.overview.row(0).unwrap();
    assert_eq!(both.section(), "all");
    assert_eq!((both.districts(), both.schools(), both.schools_met()), (2, 40, 38));
    let counts = (both.districts_passing(), both.districts_failing(), both.districts_undetermined());
    assert_eq!(counts, (0, 1, 1));
}

#[test]
fn a_turn_is_certain_only_where_no_interval_holds_its_limit() {
    let stands = |code| {
        [
            (code, 2023, "primary", 9, Some(1.1), Some(false)),
            (code, 2024, "primary", 10, Some(0.9), Some(true)),
        ]
    };
    let found = derived(
        &[stands("1"), stands("2")].concat(),
        &[
            ("1", 2023, 0.55, "open"),
            ("1", 2024, 0.45, "met"),
            ("2", 2023, 0.6, "unmet"),
            ("2", 2024, 0.49, "open"),
        ],
    );
    let rows: Vec<changes::Row> = found.changes.rows().collect();
    let told: Vec<_> =
        rows.iter().map(|row| (row.district_code(), row.change(), row.certain(), row.indicator())).collect();
    let passes = "newly_passes";
    assert_eq!(
        told,
        [
            ("1", passes, true, None),
            ("1", passes, true, Some("L5")),
            ("2", passes, false, None),
            ("2", passes, false, Some("L5")),
        ]
    );
    assert_eq!([rows[0].before(), rows[0].now(), rows[0].bound()], [9.0, 10.0, 10.0].map(Some));
    assert_eq!([rows[1].before(), rows[1].now(), rows[1].bound()], [0.55, 0.45, 0.5].map(Some));
}

#[test]
fn changes_of_a_year_with_other_districts_are_given_for_those_of_both_years_too() {
    let found = derived(
        &[
            ("1", 2023, "primary", 5, Some(0.9), Some(false)),
            ("1", 2024, "primary", 10, Some(0.9), Some(true)),
            ("2", 2024, "primary", 10, Some(0.9), Some(true)),
        ],
        &[],
    );
    let row = found.overview.rows().find(|row| row.year() == 2024 && row.section() == "primary").unwrap();
    assert_eq!(row.same_districts(), Some(false));
    let changes = (row.schools_change(), row.districts_same(), row.schools_change_same());
    assert_eq!(changes, (Some(10), Some(1), Some(0)));
    assert_eq!((row.met_share(), row.met_share_change()), (Some(1.0), Some(0.5)));
    let first = found.overview.rows().find(|row| row.year() == 2023).unwrap();
    assert_eq!((first.schools_change(), first.same_districts()), (None, None));
}
