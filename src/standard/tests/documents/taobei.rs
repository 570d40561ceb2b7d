//! 洮北区: 33 items of weight 100, marked by offices.

use super::*;

const SEED: &str = "001_8edf4f027e9bbda6.txt";

/// C27 prints 发展规划, which is the 发展规划科 of the other items.
fn offices(printed: &str) -> Vec<&str> {
    let called = |office| if office == "发展规划" { "发展规划科" } else { office };
    printed.split_whitespace().map(called).collect()
}

#[test]
fn weights_of_33_items_make_100_under_5_and_21_headings() {
    let standard = load("taobei-2023");
    let ids: Vec<String> = standard.items.iter().map(|item| item.id.clone()).collect();
    assert_eq!(ids, (1..=33).map(|n| format!("C{n}")).collect::<Vec<_>>());
    let (top, below) = headings(&standard);
    assert_eq!(top, ["A1", "A2", "A3", "A4", "A5"]);
    assert_eq!(below, (1..=21).map(|n| format!("B{n}")).collect::<Vec<_>>());
    assert_eq!(standard.units.as_ref().unwrap().kind, UnitKind::School);

    let mut of_top: BTreeMap<&str, f64> = BTreeMap::new();
    for item in &standard.items {
        let group = standard.groups.iter().find(|group| group.id == item.heading).unwrap();
        *of_top.entry(group.within.as_deref().unwrap()).or_default() += points(&standard, &item.id).unwrap();
    }
    let sums: Vec<(&str, f64)> = of_top.into_iter().collect();
    assert_eq!(sums, [("A1", 42.0), ("A2", 19.0), ("A3", 5.0), ("A4", 24.0), ("A5", 10.0)]);
    let scoring = standard.scoring.as_ref().unwrap();
    assert_eq!((scoring.total, scoring.grades.len()), (Some(100.0), 0), "the document names no grade");
    marked_by_offices(&standard);
    said_in_both_languages(&standard);
}

#[test]
fn weights_and_offices_are_those_of_the_item_table() {
    let Some(rows) = table("001_items.csv") else { return };
    let standard = load("taobei-2023");
    assert_eq!(rows.len(), 33);
    for row in rows {
        let item = standard.item(&row["C"]).unwrap();
        assert_eq!(item.heading, row["B"], "{}", item.id);
        assert_eq!(points(&standard, &item.id).unwrap().to_string(), row["weight"], "{}", item.id);
        assert_eq!(item.offices, offices(&row["department"]), "{}", item.id);
    }
}

#[test]
fn every_row_of_the_document_stands_whole() {
    let Some(path) = shared(&format!("seeds/{SEED}")) else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let standard = load("taobei-2023");
    let mut rows = 0;
    let (mut first, mut second) = (String::new(), String::new());
    for line in text.lines().filter(|line| line.contains('\t')).skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [a, b, weight, point, procedure, offices] = cells[..] else { panic!("{line}") };
        for (cell, here) in [(a, &mut first), (b, &mut second)] {
            if !cell.trim().is_empty() {
                *here = squeezed(cell);
            }
        }
        let id = point.trim().split('.').next().unwrap();
        let item = standard.item(id).unwrap();
        assert_eq!(squeezed(&item.requirements.concat()), squeezed(point), "{id}");
        assert_eq!(squeezed(&item.procedure.concat()), squeezed(procedure), "{id}");
        assert_eq!(item.offices, self::offices(offices), "{id}");
        assert_eq!(points(&standard, id).unwrap().to_string(), weight.trim(), "{id}");
        let group = standard.groups.iter().find(|group| group.id == item.heading).unwrap();
        assert_eq!(squeezed(&format!("{}.{}", group.label, group.title.zh)), second, "{id}");
        let top = standard.groups.iter().find(|top| Some(&top.id) == group.within.as_ref()).unwrap();
        assert_eq!(squeezed(&format!("{}.{}", top.label, top.title.zh)), first, "{id}");
        rows += 1;
    }
    assert_eq!(rows, 33);
}

#[test]
fn numbers_of_the_document_are_checks() {
    let standard = load("taobei-2023");
    let asked = |item, id| asks(&standard, item, id);
    assert_eq!(asked("C2", "budget"), ">= education_budget_last_year");
    assert_eq!(asked("C2", "per_pupil"), ">= education_budget_per_pupil_last_year");
    assert_eq!(asked("C6", "boarding"), "= case when section = 'primary' then 1000 else 1250 end");
    assert_eq!(asked("C6", "day"), "= case when section = 'primary' then 500 else 625 end");
    assert_eq!(asked("C8", "training"), ">= 5");
    assert_eq!(asked("C9", "rotation"), ">= rotation_required");
    assert_eq!(asked("C18", "quality_places"), ">= 75");
    assert_eq!(asked("C18", "standard_classes"), ">= 95");
    assert_eq!(asked("C18", "new_dropouts"), "= 0");
    assert_eq!(asked("C19", "enrolled"), ">= 95");
    assert_eq!(asked("C19", "resource_rooms"), ">= 1");
    assert_eq!(asked("C22", "entry_classes"), "= 0");
    assert_eq!(asked("C31", "news"), ">= 5");
    assert_eq!(asked("C32", "training"), ">= 3");
    assert_eq!(asked("C32", "activities"), ">= 1");
    assert_eq!(asked("C32", "projects"), ">= 15");
    let accidents: Vec<String> =
        standard.item("C21").unwrap().checks().iter().map(|check| asked("C21", &check.id)).collect();
    assert_eq!(accidents, ["= 0"; 4]);
    for item in &standard.items {
        let settled = parts(&standard, &item.id)[0].method.checks().len();
        assert_eq!(settled, 0, "{}: offices mark, data are evidence", item.id);
    }
}

#[test]
fn the_veto_on_conduct_can_be_the_schools_or_the_teachers() {
    let mut standard = load("taobei-2023");
    let veto = |standard: &Standard| {
        let Rule::Scored { adjustments, .. } = &standard.item("C10").unwrap().rule else { panic!() };
        assert_eq!(adjustments.len(), 1);
        assert_eq!(adjustments[0].rule, AdjustmentRule::Veto);
        standard.in_force(&adjustments[0].only)
    };
    assert!(!veto(&standard), "the document lists matters of single teachers");
    standard.choose("conduct_veto", "school").unwrap();
    assert!(veto(&standard));
}

#[test]
fn what_is_wrong_with_the_document_is_said() {
    let standard = load("taobei-2023");
    for id in ["C2", "C3", "C4", "C8", "C9", "C18", "B16", "C1", "C19", "C27", "scoring.total"] {
        assert!(!about(&standard, id).is_empty(), "{id}");
    }
    for id in ["C1", "C19"] {
        let item = standard.item(id).unwrap();
        let text = item.requirements.concat() + &item.procedure.concat();
        assert!(text.contains(" and "), "{id}: kept as printed");
        assert!(about(&standard, id).iter().any(|(kind, _)| *kind == FindingKind::Misprint), "{id}");
    }
    assert_eq!(
        standard.item("C27").unwrap().offices,
        ["后勤管理中心", "发展规划科"],
        "one office under one name"
    );
}
