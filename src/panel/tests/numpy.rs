//! Panel, decomposition, influence, comparison and convergence of invented districts, recalculated with NumPy.

use std::{fs::File, path::Path, process::Command};

use polars::prelude::*;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    dictionary::Section,
    panel::{
        self, Level, PanelSpec, Resampling, StudyOptions, convergence::convergence, crosswalk::Crosswalk,
        inquiry, measured,
    },
    report::csv,
    standard::Standard,
    tables::{self, years::InMemoryYears},
    testing::{project, python_with},
    words::{Language, Words},
};

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

/// Two provinces of two cities with two or three districts, four years: a single school, a district without any of a
/// resource, ties, zeros, unknown values, districts without villages.
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
                    // Often none in the villages.
                    Some(if number(3) == 0 { 0.0 } else { amount(0.04, number(9)) }),
                    // The same amount per pupil in many schools.
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

    // The properties of the schools, and their locations in the crosswalk.
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
