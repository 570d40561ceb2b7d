//! Invented counties, the committed demonstration county, and the workbook to be filled in.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use calamine::{Data, Reader, open_workbook_auto};

use crate::{
    dictionary::Section,
    ingest::{self, Options},
    problem::Error,
    synth::{self, County, Settings, demo::demo},
    testing::project,
};

fn total(county: &County, section: Section, fact: &str) -> f64 {
    county
        .schools
        .iter()
        .filter(|school| school.school_type != "特殊教育学校")
        .filter_map(|school| school.section(section))
        // Flaws write some numbers as text.
        .map(|part| match part.facts.get(fact) {
            Some(synth::Value::Number(number)) => *number,
            Some(synth::Value::Text(text)) => text.parse().unwrap(),
            None => 0.0,
        })
        .sum()
}

/// Sheets of a workbook: cells by address, as text.
fn cells(path: &Path) -> BTreeMap<(String, u32, u32), String> {
    let mut workbook = open_workbook_auto(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut cells = BTreeMap::new();
    for name in workbook.sheet_names() {
        let range = workbook.worksheet_range(&name).unwrap();
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            if *value != Data::Empty {
                cells.insert((name.clone(), top + row as u32, left + column as u32), value.to_string());
            }
        }
    }
    cells
}

#[test]
fn the_demonstration_county_has_its_real_size() {
    let county = demo();
    assert_eq!(total(&county, Section::Primary, "students"), 30_197.0);
    assert_eq!(total(&county, Section::Junior, "students"), 4_347.0);
    let with = |section| {
        let ordinary =
            county.schools.iter().filter(|s| s.school_type != "特殊教育学校" && s.school_type != "教学点");
        ordinary.filter(|school| school.section(section).is_some()).count()
    };
    assert_eq!((with(Section::Primary), with(Section::Junior)), (34, 6));
    assert_eq!(county.schools.iter().filter(|school| school.school_type == "教学点").count(), 8);
    let classes = total(&county, Section::Primary, "classes") + total(&county, Section::Junior, "classes");
    assert!((classes / 766.0 - 1.0).abs() < 0.02, "{classes}");
    assert!(county.flaws.len() >= 10);
}

#[test]
fn the_committed_demonstration_files_are_what_the_generator_writes() {
    let folder = tempfile::tempdir().unwrap();
    let again = tempfile::tempdir().unwrap();
    let files = synth::write(&demo(), folder.path()).unwrap();
    synth::write(&demo(), again.path()).unwrap();
    for file in &files {
        let name = file.strip_prefix(folder.path()).unwrap();
        let committed = project("data/demo").join(name);
        if file.extension().is_some_and(|ending| ending == "xlsx") {
            assert_eq!(cells(file), cells(&committed), "{}", name.display());
            let bytes = std::fs::read(again.path().join(name)).unwrap();
            assert_eq!(std::fs::read(file).unwrap(), bytes, "{}", name.display());
        } else {
            let lines = |path: &Path| -> Vec<String> {
                std::fs::read_to_string(path).unwrap().lines().map(str::to_string).collect()
            };
            assert_eq!(lines(file), lines(&committed));
        }
    }
    let forms = std::fs::read_dir(project("data/demo/forms")).unwrap().count();
    assert_eq!(files.len(), forms + 3 + 1 + 1, "no file of an earlier county is left");
}

/// Run `cargo test --lib synth::tests::rewrite -- --ignored` after a change to the generator.
#[test]
#[ignore = "writes data/demo"]
fn rewrite_the_demonstration_files() {
    synth::write(&demo(), &project("data/demo")).unwrap();
}

#[test]
fn a_seed_gives_one_county_and_another_seed_another() {
    let settings = |seed| Settings { seed, schools: Some(25), ..Settings::default() };
    assert_eq!(synth::county(&settings(7)), synth::county(&settings(7)));
    assert_ne!(synth::county(&settings(7)), synth::county(&settings(8)));
}

#[test]
fn counties_of_any_size_are_consistent() {
    for schools in [1, 2, 9, 40, 700] {
        for seed in 0..4 {
            let county = synth::county(&Settings { seed, schools: Some(schools), ..Settings::default() });
            assert_eq!(county.schools.len(), schools);
            let mut names: Vec<&str> = county.schools.iter().map(|school| school.name.as_str()).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), schools, "names are unique");
            for school in &county.schools {
                let facts = school.sections.iter().flat_map(|part| &part.facts).chain(&school.facts);
                for (fact, value) in facts {
                    let number = value.number().unwrap();
                    assert!(number >= 0.0 && number.is_finite(), "{} {fact} {number}", school.name);
                }
                for part in &school.sections {
                    let of = |fact| part.number(fact);
                    let bands: f64 = part
                        .facts
                        .iter()
                        .filter(|(fact, _)| fact.starts_with("classes_"))
                        .map(|(f, _)| of(f))
                        .sum();
                    assert_eq!(bands, of("classes"), "{}", school.name);
                    assert!(of("max_class_size") * of("classes") >= of("students"));
                    let degrees = of("teachers_associate")
                        + of("teachers_bachelor")
                        + of("teachers_master")
                        + of("teachers_doctor");
                    assert!(degrees <= of("teachers"));
                    for fact in
                        ["backbone_teachers", "certified_teachers", "trained_teachers", "midtitle_teachers"]
                    {
                        assert!(of(fact) <= of("teachers"), "{} {fact}", school.name);
                    }
                    assert!(
                        of("catchment_students") <= of("students")
                            && of("migrant_students") <= of("students")
                    );
                }
            }
        }
    }
}

#[test]
fn every_kind_of_flaw_is_planted_and_told() {
    let settings = Settings { flaws: true, schools: Some(40), ..Settings::default() };
    let county = synth::county(&settings);
    let mut codes: Vec<&str> = county.flaws.iter().map(|flaw| flaw.code).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), 15);
    let folder = tempfile::tempdir().unwrap();
    let files = synth::write(&county, folder.path()).unwrap();
    let list = std::fs::read_to_string(files.last().unwrap()).unwrap();
    assert_eq!(list.lines().count(), 16);
    assert!(!list.contains("synth."), "{list}");
}

#[test]
fn a_folder_with_another_county_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let county = |seed| synth::county(&Settings { seed, schools: Some(5), ..Settings::default() });
    synth::write(&county(1), folder.path()).unwrap();
    synth::write(&county(1), folder.path()).unwrap();
    assert!(synth::write(&county(2), folder.path()).is_err());
}

/// The seven indicators of 教督〔2017〕6号, calculated by hand from the county itself: the demonstration must be instructive
/// because of its data, so the program's own measures are not used.
mod indicators {
    use super::*;

    pub type Row = (String, f64, [f64; 7]);

    pub fn rows(county: &County, section: Section) -> Vec<Row> {
        let weight = |section| [1.0, 1.1, 1.32][Section::ALL.iter().position(|s| *s == section).unwrap()];
        let mut rows = Vec::new();
        for school in county.schools.iter().filter(|school| school.school_type != "特殊教育学校") {
            let Some(part) = school.section(section) else { continue };
            let of = |fact: &str| number(&part.facts[fact]);
            let students = of("students");
            if school.school_type == "教学点" && students < 50.0 {
                continue;
            }
            let all: f64 =
                school.sections.iter().map(|p| number(&p.facts["students"]) * weight(p.section)).sum();
            let shared = |fact: &str| number(&school.facts[fact]) * students * weight(section) / all;
            let degree = of("teachers_bachelor") + of("teachers_master") + of("teachers_doctor");
            let degree = degree + if section == Section::Primary { of("teachers_associate") } else { 0.0 };
            let arts = of("pe_teachers") + of("music_teachers") + of("art_teachers") + of("arts_teachers");
            rows.push((
                school.name.clone(),
                students,
                [
                    100.0 * degree / students,
                    100.0 * of("backbone_teachers") / students,
                    100.0 * arts / students,
                    (shared("teaching_area") - shared("indoor_sports_area")) / students,
                    (shared("sports_ground_area") + shared("gym_area")) / students,
                    10_000.0 * shared("equipment_value") / students,
                    100.0 * shared("multimedia_rooms") / students,
                ],
            ));
        }
        rows
    }

    pub fn number(value: &synth::Value) -> f64 {
        match value {
            synth::Value::Number(number) => *number,
            synth::Value::Text(text) => {
                let narrow: String = text
                    .chars()
                    .filter_map(|c| match c {
                        '０'..='９' => char::from_u32(c as u32 - 0xFF10 + 0x30),
                        '0'..='9' | '.' => Some(c),
                        _ => None,
                    })
                    .collect();
                narrow.parse().unwrap()
            }
        }
    }

    pub fn cv(rows: &[Row], indicator: usize) -> f64 {
        let students: f64 = rows.iter().map(|row| row.1).sum();
        let mean = rows.iter().map(|row| row.1 * row.2[indicator]).sum::<f64>() / students;
        let square: f64 = rows.iter().map(|row| row.1 * (row.2[indicator] - mean).powi(2)).sum();
        (square / students).sqrt() / mean
    }

    /// At least six of seven reached, the others at 85 %.
    pub fn short(rows: &[Row], thresholds: &[f64; 7]) -> Vec<String> {
        let up = |row: &&Row| {
            let reached = row.2.iter().zip(thresholds).filter(|(value, t)| value >= t).count();
            reached >= 6 && row.2.iter().zip(thresholds).all(|(value, t)| *value >= 0.85 * t)
        };
        rows.iter().filter(|row| !up(row)).map(|row| row.0.clone()).collect()
    }
}

#[test]
fn the_demonstration_county_is_instructive() {
    let county = demo();
    let primary = indicators::rows(&county, Section::Primary);
    let junior = indicators::rows(&county, Section::Junior);
    assert_eq!((primary.len(), junior.len()), (36, 6));
    let mut over = Vec::new();
    for indicator in 0..7 {
        let (p, j) = (indicators::cv(&primary, indicator), indicators::cv(&junior, indicator));
        eprintln!("L{} {p:.3} {j:.3}", indicator + 1);
        over.extend((p > 0.50).then_some((Section::Primary, indicator)));
        over.extend((j > 0.45).then_some((Section::Junior, indicator)));
    }
    let mut short = indicators::short(&primary, &[4.2, 1.0, 0.9, 4.5, 7.5, 2000.0, 2.3]);
    short.extend(indicators::short(&junior, &[5.3, 1.0, 0.9, 5.8, 10.2, 2500.0, 2.4]));
    eprintln!("{short:?}");
    assert_eq!(over, [(Section::Primary, 4)], "primary sports areas, and nothing else");
    assert!((10..=15).contains(&short.len()), "{}", short.len());
}

/// The three layouts of a county, in its folder.
const SHAPES: [&str; 3] = ["exports", "forms", "大祥区.xlsx"];

/// Code and school of every finding on a county's files, notes included.
fn findings(input: &Path) -> BTreeSet<(String, String)> {
    let found = match ingest::read(&[input.to_path_buf()], &Options::default(), &|_, _, _| {}) {
        Ok(facts) => facts.findings,
        // A value that no total may contain is an error.
        Err(Error::Input(problems)) => problems,
        Err(why) => panic!("{}: {why}", input.display()),
    };
    found.into_iter().map(|p| (p.code.to_string(), p.school_code.unwrap_or_default())).collect()
}

/// Flaws that are read as intended: there is nothing to find.
const READ: [&str; 6] = [
    "number_as_text",
    "full_width_digits",
    "thousands_separator",
    "unit_in_cell",
    "missing_mark",
    // Any fact may be missing; a standard that needs it reports it.
    "blank_required",
];

/// The findings that `check` must report for a layout of `county`: the planted flaws visible in it, by code and school.
fn planted(county: &County, shape: &str) -> BTreeSet<(String, String)> {
    let in_exports = [
        "degrees_exceed_teachers",
        "part_exceeds_whole",
        "unit_slip",
        "students_without_teachers",
        "negative_value",
        "identical_rows",
    ];
    let mut planted = BTreeSet::new();
    for flaw in county.flaws.iter().filter(|flaw| !READ.contains(&flaw.code)) {
        let shown = match shape {
            "exports" => in_exports.contains(&flaw.code) && flaw.fact != "operating_outturn",
            "forms" => flaw.code != "same_school_twice",
            _ => true,
        };
        if shown {
            planted.insert((flaw.code.to_string(), flaw.school_code.clone()));
        }
    }
    planted
}

/// The findings in every layout are exactly the flaws that were planted.
fn flaws_are_found(county: &County, folder: &Path) {
    for shape in SHAPES {
        let planted = planted(county, shape);
        let mut found = findings(&folder.join(shape));
        // A class that is too small may fit no band: the same flaw, reported twice.
        found.retain(|(code, school)| {
            let too_small = ("largest_class_too_small".to_string(), school.clone());
            code != "largest_class_outside_bands" || !planted.contains(&too_small)
        });
        // Of two schools with the same numbers, either may be the copy: the second is named.
        for flaw in county.flaws.iter().filter(|flaw| flaw.code == "identical_rows") {
            let original = county.schools.iter().find(|school| school.name == flaw.written).unwrap();
            if found.remove(&(flaw.code.to_string(), original.code.clone())) {
                found.insert((flaw.code.to_string(), flaw.school_code.clone()));
            }
        }
        assert_eq!(found, planted, "{shape}");
    }
}

#[test]
fn the_flaws_of_the_demonstration_are_found_and_nothing_else() {
    flaws_are_found(&demo(), &project("data/demo"));
}

#[test]
fn a_county_with_flaws_has_those_and_one_without_has_none() {
    let folder = tempfile::tempdir().unwrap();
    for seed in [1u64, 4, 5] {
        for flaws in [true, false] {
            let county = synth::county(&Settings { seed, flaws, ..Settings::default() });
            let own = folder.path().join(format!("{seed}-{flaws}"));
            synth::write(&county, &own).unwrap();
            assert_eq!(county.flaws.is_empty(), !flaws);
            flaws_are_found(&county, &own);
        }
    }
}
