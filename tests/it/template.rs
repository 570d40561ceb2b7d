//! The whole path from the workbook that `template` writes, filled in, to the verdict "ready".

use std::{collections::BTreeMap, path::Path};

use calamine::{Data, Reader, open_workbook_auto};
use rust_xlsxwriter::{Workbook, Worksheet};
use serde_json::Value;

use crate::support::{junheng, project, rows};

/// A school of the made county: type, place, pupils and classes of 小学 and of 初中.
type School = (&'static str, &'static str, [Option<(f64, f64)>; 2]);

/// Every type that a rule speaks of: a rural school under 100 pupils, a point under 50, a special school.
const SCHOOLS: [School; 7] = [
    ("小学", "城区", [Some((960.0, 24.0)), None]),
    ("小学", "镇区", [Some((480.0, 12.0)), None]),
    ("小学", "乡村", [Some((90.0, 6.0)), None]),
    ("教学点", "乡村", [Some((30.0, 2.0)), None]),
    ("初中", "城区", [None, Some((720.0, 18.0))]),
    ("九年一贯制学校", "镇区", [Some((480.0, 12.0)), Some((240.0, 6.0))]),
    ("特殊教育学校", "城区", [Some((40.0, 4.0)), Some((20.0, 2.0))]),
];

/// What the county says of itself.
const DISTRICT: [(&str, f64); 18] = [
    ("standard_funding_primary", 720.0),
    ("standard_funding_junior", 940.0),
    ("special_school_funding", 480_000.0),
    ("special_school_students", 60.0),
    ("teacher_average_pay", 10.2),
    ("civil_servant_average_pay", 10.1),
    ("rotation_eligible", 100.0),
    ("rotation_actual", 12.0),
    ("rotation_backbone", 3.0),
    ("senior_quota_total", 150.0),
    ("senior_quota_allocated", 90.0),
    ("senior_quota_rural", 40.0),
    ("migrant_eligible", 130.0),
    ("migrant_public", 125.0),
    ("migrant_purchased", 3.0),
    ("disabled_children", 20.0),
    ("disabled_enrolled", 20.0),
    ("satisfaction", 91.5),
];

/// A fact of the dictionary.
struct Fact {
    id: String,
}

/// A fact of a school or of its section: more than anything asks for. `None` is a blank cell.
fn fact(number: usize, school: &School, section: Option<usize>, fact: &Fact) -> Option<String> {
    let (school_type, location, sections) = school;
    let part = |section: usize| sections.get(section).copied().flatten();
    let all = |of: fn((f64, f64)) -> f64| sections.iter().flatten().map(|part| of(*part)).sum::<f64>();
    let (pupils, classes) = (all(|part| part.0), all(|part| part.1));
    if let Some(section) = section {
        let (pupils, classes) = part(section)?;
        let teachers = (pupils / 9.0).ceil();
        let size = (pupils / classes).ceil();
        let value = match fact.id.as_str() {
            "students" | "catchment_students" => pupils,
            "classes" => classes,
            "max_class_size" => size,
            "classes_le25" if size <= 25.0 => classes,
            "classes_36_40" if size > 25.0 => classes,
            "teachers" | "certified_teachers" | "trained_teachers" => teachers,
            "grades" => 3.0,
            "staff_total" => teachers + 2.0,
            "teachers_bachelor" => teachers - 1.0,
            "teachers_master" => 1.0,
            "backbone_teachers" => (pupils * 0.015).ceil(),
            "pe_teachers" | "music_teachers" | "art_teachers" => (pupils * 0.004).ceil(),
            "migrant_students" => (pupils * 0.03).floor(),
            "graduates" => (pupils / 3.0).floor() - 1.0,
            "entry_cohort" => (pupils / 3.0).floor(),
            _ => 0.0,
        };
        return Some(value.to_string());
    }
    let yes_no = |yes: bool| Some(if yes { "是" } else { "否" }.to_string());
    let value = match fact.id.as_str() {
        "district_code" => return Some("430503".into()),
        "district_name" => return Some("大祥区".into()),
        "school_code" => return Some(format!("021430000{number:02}")),
        "school_name" => return Some(format!("第{number}{school_type}")),
        "school_type" => return Some(school_type.to_string()),
        "ownership" => return Some("公办".into()),
        "location" => return Some(location.to_string()),
        "small_rural_school" => return yes_no(*location == "乡村" && (50.0..100.0).contains(&pupils)),
        "small_class_rural_school" => return yes_no(*location == "乡村" && pupils < 100.0),
        "boarding" | "dense_urban_core" => return yes_no(false),
        "year" => 2025.0,
        level if level.starts_with("monitoring_level_") => return Some("Ⅲ".into()),
        "built_year" => 2018.0,
        "teaching_area" => 9.0 * pupils + 100.0,
        "indoor_sports_area" | "gym_area" => 100.0,
        "sports_ground_area" => 14.0 * pupils,
        "equipment_value" => 0.4 * pupils,
        "multimedia_rooms" => (pupils * 0.04).ceil(),
        "music_rooms_ge96" | "art_rooms_ge90" => (classes / 12.0).ceil(),
        // Small schools are funded as if they had 100 pupils.
        "operating_budget" => 0.12 * pupils.max(100.0),
        "training_budget" => 0.012 * pupils.max(100.0),
        _ => 0.0,
    };
    Some(value.to_string())
}

/// A fact, by what the dictionary calls it.
fn named(label: &str) -> Option<Fact> {
    let found = rows(&project("data/dictionary.csv")).into_iter().find(|row| row["label_zh"] == label);
    found.map(|row| Fact { id: row["id"].clone() })
}

/// 小学专任教师数（人） → the section and the fact.
fn asked(header: &str) -> (Option<usize>, Fact) {
    let header = header.split('（').next().unwrap();
    let sections = ["小学", "初中", "高中"].into_iter().enumerate();
    let splits = sections.filter_map(|(k, section)| Some((Some(k), header.strip_prefix(section)?)));
    let found = splits.chain([(None, header)]).find_map(|(section, label)| Some((section, named(label)?)));
    found.unwrap_or_else(|| panic!("the template asks for {header}"))
}

fn write(sheet: &mut Worksheet, row: u32, column: u32, text: &str, as_text: bool) {
    match text.parse::<f64>() {
        Ok(number) if !as_text => sheet.write_number(row, column as u16, number).unwrap(),
        _ => sheet.write_string(row, column as u16, text).unwrap(),
    };
}

/// Fills the workbook in, sheet by sheet, under its own headers. `answer` gives what is written in 结论或得分
/// from the id and the points of the row.
fn fill(template: &Path, path: &Path, answer: &dyn Fn(&str, Option<f64>) -> String) {
    let mut blank = open_workbook_auto(template).unwrap();
    let mut filled = Workbook::new();
    for name in blank.sheet_names() {
        let range = blank.worksheet_range(&name).unwrap();
        let sheet = filled.add_worksheet().set_name(&name).unwrap();
        let text =
            |row: u32, column: u32| range.get_value((row, column)).map_or(String::new(), Data::to_string);
        let (rows, columns) = range.end().unwrap();
        for row in 0..=rows {
            for column in (0..=columns).filter(|column| !text(row, *column).is_empty()) {
                write(sheet, row, column, &text(row, column), name != "佐证与评分" || column != 3);
            }
        }
        match name.as_str() {
            "学校" => {
                for column in 0..=columns {
                    let (section, wanted) = asked(&text(0, column));
                    for (row, school) in (1..).zip(&SCHOOLS) {
                        if let Some(value) = fact(row as usize, school, section, &wanted) {
                            write(sheet, row, column, &value, wanted.id.ends_with("_code"));
                        }
                    }
                }
            }
            "区县" => {
                for row in 1..=rows {
                    let item = text(row, 0);
                    // The line before what only the application form prints.
                    let Some(wanted) = named(&item) else {
                        assert!(item.contains("申报表"), "{item}");
                        continue;
                    };
                    let own = DISTRICT.iter().find(|(id, _)| *id == wanted.id).map(|(_, v)| v.to_string());
                    let value = own.or_else(|| fact(0, &SCHOOLS[0], None, &wanted)).unwrap();
                    write(sheet, row, 1, &value, wanted.id.ends_with("_code"));
                }
            }
            "佐证与评分" => {
                for row in 1..=rows {
                    let item = text(row, 0);
                    write(sheet, row, 4, &answer(&item, text(row, 3).parse().ok()), false);
                    write(sheet, row, 5, &format!("大祥教发〔2025〕{row}号"), true);
                    write(sheet, row, 6, "2025-11-01", true);
                    write(sheet, row, 7, "张老师", true);
                }
            }
            _ => {}
        }
    }
    filled.save(path).unwrap();
}

/// The template of `standard` filled in and assessed: the verdict, the folder's items and answers by id.
fn assessed(
    standard: &str,
    answer: &dyn Fn(&str, Option<f64>) -> String,
) -> (Value, BTreeMap<String, BTreeMap<String, String>>, usize) {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = junheng(folder.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    };
    run(&["template", "--standard", standard, "--out", "blank.xlsx"]);
    fill(&folder.path().join("blank.xlsx"), &folder.path().join("filled.xlsx"), answer);
    let found = run(&["check", "filled.xlsx", "--json"]);
    let found: Value = serde_json::from_slice(&found.stdout).unwrap();
    assert_eq!(found, Value::Array(Vec::new()), "everything in the template is read, and nothing is doubted");
    run(&["assess", "filled.xlsx", "--standard", standard, "--out", "out", "--no-documents"]);
    let verdict = std::fs::read(folder.path().join("out/verdict.json")).unwrap();
    let mut verdicts: Value = serde_json::from_slice(&verdict).unwrap();
    assert_eq!(verdicts.as_array().unwrap().len(), 1);
    let items = rows(&folder.path().join("out/items.csv"));
    let items = items.into_iter().map(|row| (row["item"].clone(), row.into_iter().collect())).collect();
    let answers = rows(&folder.path().join("out/answers.csv"));
    assert!(answers.iter().all(|row| !row["document"].is_empty() && row["who"] == "张老师"));
    (verdicts[0].take(), items, answers.len())
}

/// Eighty-five parts of a hundred of every part, and half a point more in one: 85.5 of 100.
fn task_list(item: &str, points: Option<f64>) -> String {
    match points {
        Some(points) => {
            let hundredths = (points * 85.0).round() + if item == "32.2" { 50.0 } else { 0.0 };
            (hundredths / 100.0).to_string()
        }
        None => "达标".into(),
    }
}

#[test]
fn the_task_list_filled_in_is_ready_with_a_grade() {
    let (verdict, items, answers) = assessed("daxiang", &task_list);
    assert_eq!(verdict["outcome"], "ready", "{:#}", verdict["reasons"]);
    assert_eq!(verdict["reasons"], Value::Array(Vec::new()));
    // The point of 30 pupils and the special school are in nobody's dispersion.
    assert_eq!((&verdict["schools"], &verdict["schools_met"]), (&6.into(), &6.into()));
    assert_eq!((&verdict["items_met"], items.len()), (&36.into(), 36));
    assert_eq!((&verdict["score"], &verdict["grade"]), (&85.5.into(), &"合格".into()));
    let note = verdict["grade_note"].as_str().unwrap();
    assert!(note.contains("85.5") && note.contains("合格") && note.contains("良好"), "{note}");
    assert_eq!((items["32"]["score"].as_str(), items["32"]["points"].as_str()), ("17.5", "20"));
    assert_eq!(answers, 42 + 10, "parts of the scored items, and conclusions");
}

#[test]
fn a_total_on_a_grades_bound_needs_no_note() {
    let (verdict, ..) = assessed("daxiang", &|item, points| match item {
        "32.2" => "5.1".into(),
        _ => task_list(item, points),
    });
    assert_eq!((&verdict["score"], &verdict["grade"]), (&85.0.into(), &"合格".into()));
    assert_eq!(verdict["grade_note"], Value::Null);
}

#[test]
fn the_national_standard_filled_in_is_ready() {
    let answer = |item: &str, _: Option<f64>| if item.starts_with('V') { "无" } else { "达标" }.to_string();
    let (verdict, items, answers) = assessed("quality-balance-2017", &answer);
    assert_eq!(verdict["outcome"], "ready", "{:#}", verdict["reasons"]);
    assert_eq!(answers, 18);
    assert!(items.values().all(|item| item["status"] == "met"), "{items:#?}");
    assert_eq!(verdict["grade"], Value::Null);
}

#[test]
fn one_veto_is_enough() {
    let answer = |item: &str, _: Option<f64>| match item {
        "V3" => "有".to_string(),
        _ if item.starts_with('V') => "无".to_string(),
        _ => "达标".to_string(),
    };
    let (verdict, items, _) = assessed("quality-balance-2017", &answer);
    assert_eq!(verdict["outcome"], "not_ready");
    assert_eq!(items["V3"]["status"], "unmet");
    assert_eq!(verdict["reasons"].as_array().unwrap().len(), 1, "{:#}", verdict["reasons"]);
}
