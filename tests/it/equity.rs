//! Inequality: published values by the public API; every measure again by numpy; the command on made districts.

use std::{fs::File, path::Path, process::Command};

use junheng::{
    dictionary::Section,
    equity::{Distribution, Grouped, Measure, Statistic},
    panel::{
        self, Level, PanelSpec, Resampling, StudyOptions, convergence::convergence, crosswalk::Crosswalk,
        inquiry, measured,
    },
    report::csv,
    standard::Standard,
    tables::{self, years::InMemoryYears},
    words::{Language, Words},
};
use polars::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::support::{junheng, project, python_with, rows};

fn equal(values: &[f64]) -> Distribution {
    Distribution::of(values.iter().map(|&x| (Some(x), Some(1.0))))
}

#[test]
fn published_values_come_out() {
    let near = |found: f64, published: f64| assert!((found - published).abs() < 5e-8, "{found} {published}");
    // The examples of the R package ineq.
    let ten = equal(&[541.0, 1463.0, 2445.0, 3438.0, 4437.0, 5401.0, 6392.0, 8304.0, 11904.0, 22261.0]);
    near(ten.gini().unwrap(), 0.4620911);
    near(ten.atkinson(0.5).unwrap(), 0.1796591);
    near(ten.herfindahl().unwrap(), 0.1840812);
    // Both concentrations of ten have the corrected Gini of 4/9.
    let mut one_has_half = vec![50.0 / 9.0; 9];
    one_has_half.push(50.0);
    near(equal(&one_has_half).gini_corrected().unwrap(), 0.4444444);
    let halves = [[2.0; 5], [18.0; 5]].concat();
    near(equal(&halves).gini_corrected().unwrap(), 0.4444444);
    // Theil by group adds up.
    let in_groups = Grouped::of(
        ten.schools()
            .iter()
            .enumerate()
            .map(|(at, school)| (at % 3, Some(school.amount), Some(school.students))),
    );
    let parts = in_groups.parts(Measure::TheilT).unwrap();
    assert!((parts.between + parts.within - ten.theil_t().unwrap()).abs() < 1e-12);
}

#[test]
fn as_many_threads_as_there_are_say_the_same() {
    let schools = equal(&(1..60).map(|x| f64::from(x * x % 97)).collect::<Vec<_>>());
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| schools.resample(Statistic::Gini, 500, 0.95, (3, 4), None).unwrap())
    };
    assert_eq!(with(1), with(2));
}

/// A school in a year.
struct School {
    district: String,
    year: i32,
    code: String,
    location: Option<&'static str>,
    owner: Option<&'static str>,
    kind: &'static str,
    students: f64,
    /// Teachers, female teachers, classes, staff.
    amounts: [Option<f64>; 4],
}

const AMOUNTS: [&str; 4] = ["teachers", "female_teachers", "classes", "staff"];

/// Two provinces of two cities with two or three districts, four years: one school alone, one district without any
/// of a thing, ties, zeros, values that are not known, districts without villages.
fn made(seed: u64) -> Vec<School> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut number = move |most: u32| rng.next_u32() % most;
    let mut found = Vec::new();
    for year in 2021..2025 {
        let districts = (0..10u32).map(|at| {
            let (province, city) = (43 + at / 5, 1 + at % 5 / 3);
            (at, format!("{province}{city:02}{:02}", 1 + at))
        });
        for (at, district) in districts {
            let schools = if at == 3 { 1 } else { 4 + number(14) };
            for school in 0..schools {
                let students = f64::from(30 + number(1_500));
                let amount = |share: f64, rest: u32| (students * share).floor() + f64::from(rest);
                let mut amounts = [
                    Some(amount(0.06, number(20))),
                    // None in the villages, often.
                    Some(if number(3) == 0 { 0.0 } else { amount(0.04, number(9)) }),
                    // The same a pupil in many schools.
                    Some(if number(2) == 0 { students / 40.0 } else { amount(0.02, number(4)) }),
                    Some(if at == 5 { 0.0 } else { amount(0.01, number(6)) }),
                ];
                if number(15) == 0 {
                    amounts[number(4) as usize] = None;
                }
                let locations = ["城区", "镇区", if at == 7 { "镇区" } else { "乡村" }];
                found.push(School {
                    district: district.clone(),
                    year,
                    code: format!("{district}{school:03}"),
                    location: (number(12) > 0).then(|| locations[number(3) as usize]),
                    owner: (number(9) > 0).then(|| ["公办", "民办"][usize::from(number(4) == 0)]),
                    kind: ["小学", "教学点"][usize::from(number(5) == 0)],
                    students,
                    amounts,
                });
            }
        }
    }
    found
}

fn facts(schools: &[School]) -> DataFrame {
    let table = tables::facts::table();
    let columns: Vec<Column> = table
        .columns
        .iter()
        .map(|column| {
            let name = column.name.as_str();
            let text = |of: &dyn Fn(&School) -> Option<String>| {
                Column::new(name.into(), schools.iter().map(of).collect::<Vec<_>>())
            };
            let number = |of: &dyn Fn(&School) -> Option<f64>| {
                Column::new(name.into(), schools.iter().map(of).collect::<Vec<_>>())
            };
            match name {
                "section" => text(&|_| Some(Section::Primary.id().into())),
                "district_code" => text(&|s| Some(s.district.clone())),
                "district_name" => text(&|s| Some(format!("县{}", s.district))),
                "year" => Column::new(name.into(), schools.iter().map(|s| s.year).collect::<Vec<_>>()),
                "school_code" => text(&|s| Some(s.code.clone())),
                "school_name" => text(&|s| Some(format!("学校{}", s.code))),
                "location" => text(&|s| s.location.map(Into::into)),
                "ownership" => text(&|s| s.owner.map(Into::into)),
                "school_type" => text(&|s| Some(s.kind.into())),
                "students" => number(&|s| Some(s.students)),
                _ => match AMOUNTS.iter().position(|amount| *amount == name) {
                    Some(at) => number(&|s| s.amounts[at]),
                    None => Column::full_null(name.into(), schools.len(), &column.dtype),
                },
            }
        })
        .collect();
    DataFrame::new(schools.len(), columns).unwrap()
}

fn write(folder: &Path, name: &str, frame: &DataFrame) {
    csv::write(frame, &mut File::create(folder.join(format!("{name}.csv"))).unwrap()).unwrap();
}

#[test]
fn numpy_says_the_same() {
    let Some(python) = python_with("numpy") else { return };
    let schools = made(5);
    let facts = facts(&schools);
    let held = InMemoryYears::of(&facts).unwrap();
    let words = Words::load(Language::Chinese).unwrap();
    let standard = Standard::load("taiwan-primary").unwrap();
    let resampling = Resampling { replicates: 999, ..Resampling::default() };
    let last = StudyOptions {
        years: Some((2024, 2024)),
        resampling,
        crosswalk: Crosswalk::default(),
        ..StudyOptions::default()
    };
    let wanted = |level| PanelSpec { level, grouping: None };
    let levels = [Level::District, Level::City, Level::Province, Level::All];
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();

    let found = panel::panel(&held, &standard, &last, &levels.map(wanted), &words, &|_, _| {}).unwrap();
    let together = |frames: Vec<DataFrame>| {
        frames
            .into_iter()
            .reduce(|mut all, frame| {
                all.vstack_mut(&frame).unwrap();
                all
            })
            .unwrap()
    };
    write(here, "panel", &together(found.panels.into_iter().map(|panel| panel.into_frame()).collect()));
    let without = Resampling { replicates: 0, ..resampling };
    let all_years = StudyOptions { years: None, resampling: without, ..last.clone() };
    let districts = [wanted(Level::District)];
    let over = panel::panel(&held, &standard, &all_years, &districts, &words, &|_, _| {}).unwrap();
    let lines = convergence(&over.panels[0]);
    write(here, "sigma", lines.sigma.frame());
    write(here, "growth", lines.growth.frame());
    write(here, "convergence", lines.lines.frame());

    let measured = measured::year(&held, 2024, &standard, &last, &words).unwrap();
    let each = |of: &dyn Fn(Level) -> DataFrame| together(levels.map(of).into());
    write(
        here,
        "decomposition",
        &each(&|level| inquiry::decomposition(&measured, level, &standard, &words).into_frame()),
    );
    write(
        here,
        "influence",
        &each(&|level| inquiry::influence(&measured, level, &standard, &words).into_frame()),
    );
    write(
        here,
        "comparison",
        &each(&|level| {
            inquiry::comparison(&measured, wanted(level), resampling, &standard, &words).into_frame()
        }),
    );
    write(here, "lorenz", &inquiry::lorenz(&measured, &standard).into_frame());

    // What the schools are, and where the crosswalk says they lie.
    let mut listed =
        String::from("school_code,district,city,province,year,location,ownership,type,students,");
    listed.push_str(&AMOUNTS.join(","));
    for school in &schools {
        let region = measured.regions.iter().find(|region| region.district_code == school.district).unwrap();
        let amounts =
            school.amounts.map(|amount| amount.map_or_else(String::new, |amount| amount.to_string()));
        listed.push_str(&format!(
            "\n{},{},{},{},{},{},{},{},{},{}",
            school.code,
            school.district,
            region.city_code,
            region.province_code,
            school.year,
            school.location.unwrap_or_default(),
            school.owner.unwrap_or_default(),
            school.kind,
            school.students,
            amounts.join(",")
        ));
    }
    std::fs::write(here.join("schools.csv"), listed).unwrap();

    let run = Command::new(python)
        .arg(project("tests/equity.py"))
        .arg(here)
        .env("PYTHONIOENCODING", "utf-8")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn the_command_tells_what_it_found() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let run = |args: &[&str]| {
        let output = junheng(here, args);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{args:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    };
    let made = ["synth", "--years", "2022..2024", "--districts", "3", "--schools", "6", "--out", "made"];
    run(&made);
    run(&["store", "add", "made/years"]);
    let regions = ["--regions", "made/regions.csv"];
    let said = run(&[&["equity", "--replicates", "200", "--out", "found"], &regions[..]].concat());
    assert!(said.contains("2024") && said.contains("差异系数") && said.contains("影响最大"), "{said}");
    // A text that the catalogue lacks would show as its key.
    assert!(!said.replace("equity.xlsx", "").contains("equity."), "{said}");
    let decomposition = rows(&here.join("found/decomposition.csv"));
    assert!(decomposition.iter().all(|row| row["year"] == "2024"));
    assert!(decomposition.iter().any(|row| row["level"] == "all" && row["part"] == "between_districts"));
    let sigma = rows(&here.join("found/sigma.csv"));
    assert_eq!(sigma.iter().filter(|row| row["indicator"] == sigma[0]["indicator"]).count() % 3, 0);
    for name in ["decomposition", "influence", "comparison", "lorenz", "sigma", "growth", "convergence"] {
        assert!(here.join(format!("found/{name}.parquet")).exists(), "{name}");
    }
    // Again, asked for otherwise: the years that are named, one level, in English.
    let english =
        run(&["equity", "--years", "2023..2024", "--of", "district", "--replicates", "50", "--lang", "en"]);
    assert!(english.contains("CV ") && !english.replace("equity.xlsx", "").contains("equity."), "{english}");
    let years = rows(&here.join("junheng-equity/comparison.csv"));
    assert!(
        years.iter().any(|row| row["year"] == "2023") && years.iter().all(|row| row["level"] == "district")
    );
    let before = std::fs::read(here.join("found/equity.xlsx")).unwrap();
    assert_eq!(before[..2], *b"PK");

    let Some(python) = python_with("openpyxl") else { return };
    let script = "import openpyxl, sys\n\
        book = openpyxl.load_workbook(sys.argv[1])\n\
        assert len(book.sheetnames) == 7, book.sheetnames\n\
        for sheet in book:\n    \
            texts = [str(cell.value) for row in sheet.iter_rows() for cell in row]\n    \
            assert not [t for t in texts if t.startswith('equity.')], (sheet.title, texts[:40])\n    \
            assert sheet.max_row > 3, sheet.title\n";
    let done =
        Command::new(python).args(["-c", script]).arg(here.join("found/equity.xlsx")).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn an_empty_store_is_told_so() {
    let folder = tempfile::tempdir().unwrap();
    let output = junheng(folder.path(), &["equity", "--store", "nowhere"]);
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked") && said.contains("nowhere"), "{said}");
    // The tables' doors hold for no year at all.
    junheng::tables::decomposition::table().check(&junheng::tables::decomposition::table().empty()).unwrap();
}
