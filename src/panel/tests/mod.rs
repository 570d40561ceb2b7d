//! The panel on invented facts.

mod numpy;
mod taiwan;

use proptest::prelude::*;

use super::*;
use crate::{
    assess,
    ingest::Facts,
    measure::Measure,
    problem::{BETWEEN, Error},
    tables::{row::Row, years::InMemoryYears},
    words::Language,
};
use polars::prelude::*;

fn words() -> Words {
    Words::load(Language::Chinese).unwrap()
}

fn standard() -> Standard {
    Standard::load("quality-balance-2017").unwrap()
}

/// A section of a school.
#[derive(Debug, Clone)]
struct School {
    district: &'static str,
    year: i32,
    code: String,
    section: &'static str,
    kind: &'static str,
    location: &'static str,
    owner: &'static str,
    students: f64,
    /// Determines its resources; 0: books, computers and others are missing.
    chance: u64,
}

fn school(district: &'static str, year: i32, number: u64) -> School {
    School {
        district,
        year,
        code: format!("S{number:03}"),
        section: "primary",
        kind: "小学",
        location: ["城区", "镇区", "乡村"][number as usize % 3],
        owner: ["7 县级教育部门", "民办"][usize::from(number.is_multiple_of(5))],
        students: 100.0 + 37.0 * (number % 11) as f64,
        chance: number + 1,
    }
}

/// Two years of three districts: one has combined schools.
fn schools() -> Vec<School> {
    let mut all = Vec::new();
    for year in [2023, 2024] {
        for (district, from) in [("430502", 0), ("430503", 40), ("430621", 80)] {
            all.extend(
                (from..from + 8).map(|number| school(district, year, number + u64::from(year == 2024))),
            );
            let nine =
                School {
                    kind: "九年一贯制学校", code: "N1".into(), ..school(district, year, from + 20)
                };
            all.push(School { section: "junior", students: 333.0, ..nine.clone() });
            all.push(nine);
        }
    }
    all
}

fn frame(schools: &[School], standard: &Standard) -> DataFrame {
    let measured = Measure::new(standard, false).columns();
    let table = tables::facts::table();
    let columns = table.columns.iter().map(|column| {
        let name = column.name.as_str();
        let text = |of: &dyn Fn(&School) -> String| {
            Column::new(name.into(), schools.iter().map(of).collect::<Vec<String>>())
        };
        match name {
            "section" => text(&|s| s.section.into()),
            "district_code" => text(&|s| s.district.into()),
            "district_name" => text(&|s| format!("{}区", s.district)),
            "school_code" => text(&|s| s.code.clone()),
            "school_name" => text(&|s| format!("{}学校", s.code)),
            "school_type" => text(&|s| s.kind.into()),
            "location" => text(&|s| s.location.into()),
            "ownership" => text(&|s| s.owner.into()),
            "year" => Column::new(name.into(), schools.iter().map(|s| s.year).collect::<Vec<i32>>()),
            "students" => Column::new(name.into(), schools.iter().map(|s| s.students).collect::<Vec<f64>>()),
            _ if column.dtype == DataType::Float64 && measured.iter().any(|m| m == name) => {
                let letters: u64 = name.bytes().map(u64::from).sum();
                let value = |s: &School| {
                    let turn = (s.chance * 7919 + letters * 104_729) % 97;
                    (s.chance > 0).then(|| s.students * (0.02 + turn as f64 / 500.0))
                };
                Column::new(name.into(), schools.iter().map(value).collect::<Vec<Option<f64>>>())
            }
            _ => Column::full_null(name.into(), schools.len(), &column.dtype),
        }
    });
    DataFrame::new(schools.len(), columns.collect()).unwrap()
}

fn quick() -> StudyOptions {
    StudyOptions {
        resampling: Resampling { replicates: 0, ..Resampling::default() },
        ..StudyOptions::default()
    }
}

const DISTRICTS: PanelSpec = PanelSpec { level: Level::District, grouping: None };
const ALL: PanelSpec = PanelSpec { level: Level::All, grouping: None };

fn of(schools: &[School], asked: &StudyOptions, wanted: &[PanelSpec]) -> PanelResult {
    let standard = standard();
    let held = InMemoryYears::of(&frame(schools, &standard)).unwrap();
    panel(&held, &standard, asked, wanted, &words(), &|_, _| {}).unwrap()
}

fn merged() -> StudyOptions {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("crosswalk.csv");
    std::fs::write(
        &path,
        "from_code,to_code,to_name\n430502,430503,合区\n430621,430503,合区\n430503,430503,合区\n",
    )
    .unwrap();
    StudyOptions { crosswalk: Crosswalk::read(Some(&path), None).unwrap(), ..quick() }
}

fn refused(asked: &StudyOptions, schools: &[School]) -> Vec<Problem> {
    let standard = standard();
    let held = InMemoryYears::of(&frame(schools, &standard)).unwrap();
    match panel(&held, &standard, asked, &[DISTRICTS], &words(), &|_, _| {}) {
        Err(Error::Input(problems)) => problems,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_district_is_what_assess_gives_to_the_last_bit() {
    let standard = standard();
    let mut schools = schools();
    // One school's resources are missing; two districts lie on the limit of 0.5.
    schools[3].chance = 0;
    for (number, x) in [(1, 0.1), (2, 0.3)] {
        schools.push(School {
            district: "430700",
            students: 100.0,
            chance: 97 * (x * 10.0) as u64,
            ..school("430700", 2024, number)
        });
    }
    let facts = frame(&schools, &standard);
    let given = Facts {
        facts: tables::facts::Frame::new(facts.clone()).unwrap(),
        district_facts: Default::default(),
        answers: Default::default(),
        sources: Default::default(),
        columns: Default::default(),
        record_sources: Default::default(),
        findings: Vec::new(),
    };
    let expected = assess::assess(&given, &standard, false, &words()).unwrap().dispersion;
    let found = of(&schools, &quick(), &[DISTRICTS]).panels.remove(0);
    assert_eq!(found.height(), expected.height());
    let bits = |row: &Row, name: &str| row.number(name).map(f64::to_bits);
    let mut known = 0;
    for row in Row::all(found.frame()) {
        let same = |other: &Row| {
            ["district_code", "section", "indicator"].iter().all(|c| other.text(c) == row.text(c))
                && other.integer("year") == row.integer("year")
        };
        let other = Row::all(expected.frame()).find(same).unwrap();
        for name in ["students", "mean", "sd", "cv", "limit"] {
            if name != "students" || row.number(name).is_some() {
                assert_eq!(bits(&row, name), bits(&other, name), "{name}");
            }
        }
        assert_eq!(
            (row.integer("schools"), row.text("status"), row.boolean("met")),
            (other.integer("schools"), other.text("status"), other.boolean("met"))
        );
        known += usize::from(row.number("cv").is_some());
    }
    assert!(known > 80, "{known}");
    assert!(
        Row::all(found.frame())
            .any(|row| row.text("status") == Some("missing") && row.integer("missing") == Some(1))
    );
}

#[test]
fn a_year_that_is_missing_in_the_middle() {
    let mut all = schools();
    for year in [2022, 2025] {
        all.extend((0..5).map(|number| school("430502", year, number)));
        all.extend((0..5).map(|number| school("430503", year, number)));
    }
    all.retain(|s| !(s.district == "430503" && s.year == 2023));
    let found = of(&all, &quick(), &[DISTRICTS]);
    let changes = |district: &str, year: i64| -> Vec<Option<f64>> {
        Row::all(found.panels[0].frame())
            .filter(|r| r.text("district_code") == Some(district) && r.integer("year") == Some(year))
            .filter(|r| r.text("section") == Some("primary"))
            .map(|r| r.number("cv_change"))
            .collect()
    };
    assert!(changes("430503", 2024).iter().all(Option::is_none));
    assert!(changes("430503", 2025).iter().all(Option::is_some));
    assert!(changes("430502", 2023).iter().all(Option::is_some));
    assert!(changes("430502", 2022).iter().all(Option::is_none));
    let status = |district: &str, year: i64| {
        Row::all(found.coverage.frame())
            .filter(|r| r.text("district_code") == Some(district) && r.integer("year") == Some(year))
            .filter(|r| r.text("fact").is_none())
            .map(|r| (r.text_or_empty("section"), r.integer("of").unwrap(), r.text_or_empty("status")))
            .collect::<Vec<_>>()
    };
    assert_eq!(status("430503", 2023), [("primary", 0, "none"), ("junior", 0, "none")]);
    assert_eq!(status("430503", 2024), [("primary", 9, "complete"), ("junior", 1, "complete")]);
}

#[test]
fn coverage_knows_what_is_not_known() {
    let mut all = schools();
    all[0].chance = 0;
    let found = of(&all, &quick(), &[DISTRICTS]).coverage;
    let row = |fact: &str| {
        let mine = |r: &Row| {
            r.text("district_code") == Some("430502")
                && r.integer("year") == Some(2023)
                && r.text("section") == Some("primary")
                && r.text("fact") == Some(fact)
        };
        Row::all(found.frame())
            .find(mine)
            .map(|r| (r.integer("known").unwrap(), r.integer("of").unwrap(), r.text_or_empty("status")))
    };
    assert_eq!(row("students"), Some((9, 9, "complete")));
    assert_eq!(row("teaching_area"), Some((8, 9, "partly")));
    assert_eq!(row("district_name"), None);
}

#[test]
fn ranks_begin_with_the_smallest_cv_and_equal_ones_share_the_better() {
    // The second district repeats the first.
    let mut all: Vec<School> = (0..6).map(|n| school("430502", 2024, n)).collect();
    all.extend((0..6).map(|n| school("430503", 2024, n)));
    all.extend((0..6).map(|n| school("430621", 2024, n * n + 50)));
    let found = of(&all, &quick(), &[DISTRICTS]).panels.remove(0);
    let first = found.frame().column("indicator").unwrap().str().unwrap().get(0).unwrap().to_string();
    let mut rows: Vec<(f64, i64)> = Row::all(found.frame())
        .filter(|r| r.text("indicator") == Some(&first))
        .map(|r| (r.number("cv").unwrap(), r.integer("rank").unwrap()))
        .collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let ranks: Vec<i64> = rows.iter().map(|row| row.1).collect();
    assert!(ranks == [1, 1, 3] || ranks == [1, 2, 2], "{rows:?}");
    assert!(Row::all(found.frame()).all(|r| r.integer("ranked") == Some(3)));
}

#[test]
fn who_is_asked_for_and_not_there_is_told_the_nearest() {
    let asked = StudyOptions { districts: vec!["430502".into(), "430504区".into()], ..quick() };
    let problems = refused(&asked, &schools());
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code, "panel_no_district");
    let nearest = &problems[0].args.iter().find(|a| a.0 == "nearest").unwrap().1;
    assert!(nearest.starts_with(&["430502区", "430503区"].join(BETWEEN)), "{nearest}");
    let asked = StudyOptions { years: Some((2030, 2031)), ..quick() };
    let problems = refused(&asked, &schools());
    assert_eq!(problems[0].code, "panel_no_years");
    assert!(problems[0].args.contains(&("there", ["2023", "2024"].join(BETWEEN))));
    assert_eq!(refused(&quick(), &[])[0].code, "panel_nothing_kept");
}

#[test]
fn districts_asked_for_are_found_under_old_names_and_new() {
    for name in ["430502", "430503", "合区", "430621区"] {
        let asked = StudyOptions { districts: vec![name.into()], ..merged() };
        let found = of(&schools(), &asked, &[DISTRICTS]).panels.remove(0);
        assert!(Row::all(found.frame()).all(|r| r.text("district_code") == Some("430503")), "{name}");
        assert_eq!(found.height(), 2 * 2 * 7, "{name}");
    }
}

#[test]
fn what_was_joined_is_told() {
    let found = of(&schools(), &merged(), &[DISTRICTS]).joined;
    let rows: Vec<_> = Row::all(found.frame())
        .filter(|r| r.integer("year") == Some(2024))
        .map(|r| {
            (
                r.text_or_empty("from_code"),
                r.text_or_empty("to_code"),
                r.integer("schools"),
                r.integer("line"),
                r.text_or_empty("kind"),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("430502", "430503", Some(10), Some(2), "merged"),
            ("430503", "430503", Some(10), Some(4), "renamed"),
            ("430621", "430503", Some(10), Some(3), "merged"),
        ]
    );
}

#[test]
fn names_that_want_a_crosswalk_are_told() {
    let standard = standard();
    let facts = frame(&schools(), &standard);
    let renamed = |code: &str, year: i32| match (code, year) {
        ("430502", 2023) => "旧名县",
        ("430502", _) => "新名区",
        _ => "同名区",
    };
    let codes: Vec<String> = Row::all(&facts).map(|r| r.text_or_empty("district_code").to_string()).collect();
    let years: Vec<i32> = Row::all(&facts).map(|r| r.integer("year").unwrap() as i32).collect();
    let names: Vec<&str> = codes.iter().zip(&years).map(|(code, year)| renamed(code, *year)).collect();
    let mut facts = facts;
    facts.with_column(Column::new("district_name".into(), names)).unwrap();
    let held = InMemoryYears::of(&facts).unwrap();
    let found = panel(&held, &standard, &quick(), &[DISTRICTS], &words(), &|_, _| {}).unwrap();
    // 430503 and 430621 are in two cities: two districts with one name.
    let told: Vec<&str> = found.findings.iter().map(|p| p.code).collect();
    assert_eq!(told, ["crosswalk_suggest_name"]);
    assert_eq!(found.suggested.height(), 1);
    let row = Row::all(found.suggested.frame()).next().unwrap();
    assert_eq!(
        (row.text_or_empty("from_code"), row.text_or_empty("from_name"), row.text_or_empty("to_name")),
        ("430502", "旧名县", "新名区")
    );
    assert_eq!((row.integer("from_year"), row.integer("to_year")), (Some(2023), Some(2023)));
}

#[test]
fn neither_threads_nor_what_else_is_asked_change_an_interval() {
    let asked = StudyOptions {
        resampling: Resampling { replicates: 60, ..Resampling::default() },
        ..StudyOptions::default()
    };
    let whole = of(&schools(), &asked, &[ALL, DISTRICTS]).panels.remove(1);
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let alone = one.install(|| of(&schools(), &asked, &[DISTRICTS]).panels.remove(0));
    assert!(whole.frame().equals_missing(alone.frame()));
    let only = StudyOptions { districts: vec!["430503".into()], years: Some((2024, 2024)), ..asked };
    let only = of(&schools(), &only, &[DISTRICTS]).panels.remove(0);
    let mut intervals = 0;
    for row in Row::all(only.frame()) {
        let same = |other: &Row| {
            other.text("district_code") == Some("430503")
                && other.integer("year") == Some(2024)
                && ["section", "indicator"].iter().all(|c| other.text(c) == row.text(c))
        };
        let other = Row::all(whole.frame()).find(same).unwrap();
        for name in ["cv_low", "cv_high", "gini_percentile_low", "cv_error", "above_limit"] {
            assert_eq!(row.number(name), other.number(name));
        }
        assert_eq!(row.text("certainty"), other.text("certainty"));
        intervals += usize::from(row.number("cv_low").is_some());
    }
    assert!(intervals > 5);
    // Another seed gives other draws.
    let seed = StudyOptions {
        resampling: Resampling { seed: 2, replicates: 60, ..Resampling::default() },
        ..StudyOptions::default()
    };
    assert!(!whole.frame().equals_missing(of(&schools(), &seed, &[DISTRICTS]).panels[0].frame()));
}

#[test]
fn one_school_has_no_interval_and_no_certainty() {
    let asked = StudyOptions {
        resampling: Resampling { replicates: 50, ..Resampling::default() },
        ..StudyOptions::default()
    };
    let found = of(&[school("430502", 2024, 3)], &asked, &[DISTRICTS]).panels.remove(0);
    // An invented resource that is the difference of two facts may be negative.
    let more: Vec<Row> = Row::all(found.frame()).filter(|row| row.number("mean") > Some(0.0)).collect();
    assert!(more.len() > 3);
    for row in more {
        assert_eq!(
            (row.number("cv"), row.number("gini"), row.text("status")),
            (Some(0.0), Some(0.0), Some("met"))
        );
        assert_eq!(
            (row.number("cv_low"), row.text("certainty"), row.number("gini_corrected")),
            (None, None, None)
        );
    }
}

#[test]
fn standings_add_up() {
    let found = of(&schools(), &quick(), &[DISTRICTS, ALL]).standings;
    for row in Row::all(found.frame()) {
        let count = |name: &str| row.integer(name).unwrap();
        assert_eq!(
            count("schools"),
            count("schools_met") + count("schools_unmet") + count("schools_missing")
        );
        assert_eq!(count("limits"), 7);
        let ready = count("schools_met") == count("schools") && count("limits_met") == 7;
        assert_eq!(row.boolean("passes"), Some(ready));
        assert!(row.number("worst_ratio").is_some() && row.text("worst_indicator").is_some());
    }
    assert_eq!(found.height(), 2 * (3 * 2 + 2));
}

#[test]
fn levels_and_groups_without_a_known_region() {
    let city = PanelSpec { level: Level::City, grouping: Some(Grouping::Location) };
    let found = of(&schools(), &quick(), &[city]);
    let rows: Vec<(String, Option<String>)> = Row::all(found.panels[0].frame())
        .map(|r| (r.text_or_empty("district_code").to_string(), r.text("group").map(str::to_string)))
        .collect();
    assert!(rows.iter().all(|r| r.0 == "4305" || r.0 == "4306"));
    assert!(
        Row::all(found.panels[0].frame())
            .all(|r| r.text("status") == Some("not_applicable") && r.number("limit").is_none())
    );
    let first: Vec<&str> = rows.iter().step_by(7).take(3).filter_map(|r| r.1.as_deref()).collect();
    assert_eq!(first, ["城区", "镇区", "乡村"]);
    let mut unknown = schools();
    unknown.iter_mut().for_each(|s| s.district = "06");
    let found = of(&unknown, &quick(), &[city]);
    assert_eq!((found.panels[0].height(), found.findings[0].code), (0, "panel_no_regions"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// The level `all` equals the single district that a crosswalk makes of all districts.
    #[test]
    fn all_is_every_school_pooled(turn in 0usize..60, silent in 0usize..60) {
        let mut all = schools();
        let of_all = silent % all.len();
        all[of_all].chance = 0;
        let whole = of(&all, &quick(), &[ALL]).panels.remove(0);
        // The order of the rows does not matter.
        let at = turn % all.len();
        all.rotate_left(at);
        let again = of(&all, &quick(), &[ALL]).panels.remove(0);
        prop_assert!(whole.frame().equals_missing(again.frame()));
        let pooled = of(&all, &merged(), &[DISTRICTS]).panels.remove(0);
        prop_assert_eq!(whole.height(), pooled.height());
        for (a, b) in Row::all(whole.frame()).zip(Row::all(pooled.frame())) {
            for name in ["schools", "missing", "mean", "cv", "limit", "schools_at_threshold"] {
                prop_assert_eq!(a.number(name).map(f64::to_bits), b.number(name).map(f64::to_bits), "{}", name);
            }
            prop_assert_eq!(a.text("status"), b.text("status"));
            for name in ["gini", "theil_t", "p10", "median", "cv_change"] {
                let (a, b) = (a.number(name), b.number(name));
                prop_assert!(a.is_some() == b.is_some() && a.zip(b).is_none_or(|(a, b)| (a - b).abs() < 1e-12), "{}", name);
            }
        }
    }

    /// Every school is in exactly one group, and the groups' means make up the whole's.
    #[test]
    fn groups_part_the_schools(silent in 0usize..60, which in 0usize..3) {
        let mut all = schools();
        let of_all = silent % all.len();
        all[of_all].chance = 0;
        let grouping = Grouping::ALL[which];
        let found = of(&all, &quick(), &[ALL, PanelSpec { level: Level::All, grouping: Some(grouping) }]);
        for row in Row::all(found.panels[0].frame()) {
            let mine: Vec<Row> = Row::all(found.panels[1].frame())
                .filter(|r| ["section", "indicator"].iter().all(|c| r.text(c) == row.text(c)))
                .filter(|r| r.integer("year") == row.integer("year"))
                .collect();
            for name in ["schools", "missing"] {
                prop_assert_eq!(mine.iter().filter_map(|r| r.integer(name)).sum::<i64>(), row.integer(name).unwrap());
            }
            let students: f64 = mine.iter().filter_map(|r| r.number("students")).sum();
            prop_assert!((students - row.number("students").unwrap()).abs() < 1e-6);
            let amount: f64 = mine.iter().filter_map(|r| Some(r.number("mean")? * r.number("students")?)).sum();
            prop_assert!((amount / students - row.number("mean").unwrap()).abs() < 1e-9);
        }
    }
}

/// Years whose facts can be read only a limited number of times.
struct Failing {
    held: InMemoryYears,
    left: std::sync::atomic::AtomicUsize,
}

impl YearSource for Failing {
    fn kept(&self) -> &[crate::tables::years::StoredYear] {
        self.held.kept()
    }
    fn facts(&self, of: &crate::tables::years::StoredYear, columns: Option<&[String]>) -> Result<DataFrame> {
        use std::sync::atomic::Ordering::Relaxed;
        match self.left.fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1)) {
            Ok(_) => self.held.facts(of, columns),
            Err(_) => Err(Error::disk("facts.parquet", std::io::ErrorKind::Interrupted.into())),
        }
    }
    fn table(&self, of: &crate::tables::years::StoredYear, table: &tables::Table) -> Result<DataFrame> {
        self.held.table(of, table)
    }
}

/// A CV that lies on its limit is compared exactly, from the facts: if these cannot be read a second time, the run
/// stops and no binary fraction decides.
#[test]
fn a_disk_error_in_the_exact_comparison_stops_the_run() {
    let mut standard = standard();
    let schools: Vec<School> =
        schools().into_iter().filter(|s| s.year == 2024 && s.district == "430502").collect();
    let frame = frame(&schools, &standard);
    let run = |standard: &Standard, left: usize| {
        let years = Failing { held: InMemoryYears::of(&frame).unwrap(), left: left.into() };
        panel(&years, standard, &quick(), &[DISTRICTS], &words(), &|_, _| {})
    };
    let found = run(&standard, 1).unwrap();
    let row = Row::all(found.panels[0].frame()).find(|row| row.number("cv").is_some()).unwrap();
    let at = standard.indicators.iter().position(|i| Some(i.id.as_str()) == row.text("indicator")).unwrap();
    standard.indicators[at].limit = crate::standard::BySection::Same(row.number("cv").unwrap());
    assert!(matches!(run(&standard, 1), Err(Error::Disk { .. })));
    assert!(run(&standard, 100).is_ok());
}
