//! `bayannur-2020` compared with its document: 90 items, their points, texts, offices and methods, and what the
//! document leaves open.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    problem::Error,
    standard::{
        AdjustmentRule, Item, Method, Part, Rule, Standard, Text,
        method::Otherwise,
        method::{Base, Deduct, Elements, Levels, Threshold, Tiers},
    },
    words::{Language, Words},
};

use crate::testing::{project, rows, shared};

fn load() -> Standard {
    let words = Words::load(Language::Chinese).unwrap();
    Standard::load("bayannur-2020").unwrap_or_else(|why| panic!("{}", words.error(&why)))
}

fn points(item: &Item) -> f64 {
    match &item.rule {
        Rule::Scored { points, .. } => points.expect("no yearly index"),
        _ => panic!("{} is not scored", item.id),
    }
}

fn parts(item: &Item) -> &[Part] {
    match &item.rule {
        Rule::Scored { parts, .. } => parts,
        _ => panic!("{} is not scored", item.id),
    }
}

fn in_force<'a>(standard: &Standard, item: &'a Item) -> Vec<&'a Part> {
    parts(item).iter().filter(|part| standard.in_force(&part.only)).collect()
}

/// `ids` of items: `"1-5"`, `"29"`.
fn items<'a>(standard: &'a Standard, ids: &str) -> Vec<&'a Item> {
    let (from, to) = ids.split_once('-').unwrap_or((ids, ids));
    let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
    (from..=to).map(|n| standard.item(&n.to_string()).unwrap()).collect()
}

fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn document() -> Option<String> {
    let folder = shared("seeds")?;
    let file = std::fs::read_dir(folder).unwrap().find_map(|entry| {
        let path = entry.unwrap().path();
        path.file_name()?.to_str()?.starts_with("000_").then_some(path)
    });
    Some(std::fs::read_to_string(file.expect("the document is among the seeds")).unwrap())
}

/// The numbers in brackets: `（20分）`, `(5分)`, `（4）`; in the order of the text.
fn printed(text: &str) -> Vec<f64> {
    let text = text.replace(['（', '('], "\n").replace(['）', ')'], "\r");
    text.split('\n')
        .skip(1)
        .filter_map(|rest| rest.split_once('\r'))
        .filter_map(|(inside, _)| inside.trim_end_matches('分').trim().parse().ok())
        .collect()
}

/// The points of an item as its text prints them, and those of its points where it has some.
fn as_printed(id: &str, text: &str) -> (f64, Vec<f64>) {
    let all = printed(text);
    match id {
        // 制度建设（10分）… B工作实施（10分）… 20分: two halves, and the sum at the end.
        "45" => {
            assert!(text.ends_with("20分") && all == [10.0, 5.0, 5.0, 10.0, 5.0, 5.0]);
            (20.0, vec![5.0; 4])
        }
        // （每项2分，共16分）
        "77" | "78" => {
            let after = |mark: &str| text.split(mark).nth(1).unwrap().split('分').next().unwrap();
            let (each, total) = (after("每项").parse().unwrap(), after("共").parse().unwrap());
            (total, vec![each; 8])
        }
        // Printed at the title and again at the end.
        "31" => {
            assert_eq!(all, [5.0, 5.0]);
            (5.0, Vec::new())
        }
        // 89.获奖5分。
        "89" | "90" => (text.chars().nth(5).unwrap().to_digit(10).unwrap().into(), Vec::new()),
        _ => {
            let sum = |of: &[f64]| of.iter().sum::<f64>();
            match &all[..] {
                [only] => (*only, Vec::new()),
                [total, rest @ ..] if rest.len() > 1 && sum(rest) == *total => (*total, rest.to_vec()),
                [rest @ .., total] if rest.len() > 1 && sum(rest) == *total => (*total, rest.to_vec()),
                // No total of its own: 35, 65, 83, 84, 85, 87.
                _ => (sum(&all), all),
            }
        }
    }
}

#[test]
fn ninety_items_in_nine_parts_make_950_and_a_bonus_of_10() {
    let standard = load();
    let ids: Vec<&str> = standard.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, (1..=90).map(|n| n.to_string()).collect::<Vec<_>>());

    let tops: Vec<(&str, f64)> = standard
        .groups
        .iter()
        .filter(|g| g.within.is_none())
        .map(|g| (g.id.as_str(), g.points.unwrap()))
        .collect();
    let headed = [
        ("A1", 20.0),
        ("A2", 20.0),
        ("A3", 60.0),
        ("A4", 100.0),
        ("A5", 220.0),
        ("A6", 450.0),
        ("A7", 50.0),
        ("A8", 20.0),
        ("A9", 10.0),
    ];
    assert_eq!(tops, headed);
    let below: Vec<_> = standard.groups.iter().filter(|g| g.within.is_some()).collect();
    assert_eq!(below.len(), 34, "B1 to B35 without B27 and B31, B30 twice");
    let labels: BTreeSet<&str> = below.iter().map(|g| g.label.as_str()).collect();
    let expected: BTreeSet<String> =
        (1..=35).filter(|n| ![27, 31].contains(n)).map(|n| format!("B{n}")).collect();
    assert_eq!(labels, expected.iter().map(String::as_str).collect());

    for group in below {
        let sum: f64 = standard.items.iter().filter(|item| item.heading == group.id).map(points).sum::<f64>();
        let headed = group.points.unwrap();
        // The one heading that does not agree with its items.
        assert_eq!(sum, if group.id == "B17" { headed + 10.0 } else { headed }, "{}", group.id);
    }
    let bonus = |item: &&Item| ["B34", "B35"].contains(&item.heading.as_str());
    assert_eq!(standard.items.iter().filter(bonus).map(points).sum::<f64>(), 10.0);
    assert_eq!(standard.items.iter().map(points).sum::<f64>(), 960.0);
    let scoring = standard.scoring.as_ref().unwrap();
    assert_eq!((scoring.total, scoring.bonus), (Some(940.0), 10.0));
    assert!(scoring.grades.is_empty() && scoring.components.is_empty());
    assert!(standard.groups.iter().filter(|g| g.bonus).map(|g| g.id.as_str()).eq(["A9"]));
}

#[test]
fn every_text_stands_in_the_document() {
    let Some(document) = document() else { return };
    let document = bare(&document);
    let standard = load();
    let mut at = 0;
    for item in &standard.items {
        assert!(!item.requirements.is_empty(), "{}", item.id);
        assert!(item.requirements[0].starts_with(&format!("{}.", item.id)), "{}", item.id);
        for text in &item.requirements {
            let text = bare(text);
            let found = document[at..].find(&text);
            at += found.unwrap_or_else(|| panic!("{}: {text}", item.id)) + text.len();
        }
        for text in &item.procedure {
            assert!(document.contains(&bare(text)), "{}: {text}", item.id);
        }
        assert_eq!(item.procedure.is_empty(), item.id == "34", "{}: the one empty cell", item.id);
        for office in &item.offices {
            assert!(document.contains(office), "{}: {office}", item.id);
        }
    }
    // Nothing is left out: without the texts and headings of the file, the document is its title and 同上.
    let mut known: Vec<String> = standard
        .items
        .iter()
        .flat_map(|item| item.requirements.iter().chain(&item.procedure))
        .map(|t| bare(t))
        .collect();
    known.extend(standard.groups.iter().map(|group| group.title.zh.clone()));
    known.sort_by_key(|text| std::cmp::Reverse(text.len()));
    let rest = known.iter().fold(document.clone(), |rest, text| rest.replace(text, ""));
    let left: String = rest.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c) && *c != '分').collect();
    assert_eq!(
        left,
        "附件市教育局对旗县区教育局年实施素质教育工作实绩督导评估细则试行评估要点评估办法\
         评估办法同上同上同上同上同上评价办法"
    );
}

#[test]
fn every_point_is_the_documents() {
    if document().is_none() {
        return;
    }
    let standard = load();
    for item in &standard.items {
        let (total, of) = as_printed(&item.id, &item.requirements.concat());
        assert_eq!(points(item), total, "{}", item.id);
        let parts = in_force(&standard, item);
        // Marked together, as the document's method wants: 21, 22, 51, the elements of 77, 78 and 83.
        if parts.len() > 1 {
            let found: Vec<f64> = parts.iter().map(|part| part.points.unwrap()).collect();
            assert_eq!(found, of, "{}", item.id);
        } else if !of.is_empty() {
            assert!(["21", "22", "51", "77", "78", "83"].contains(&item.id.as_str()), "{}", item.id);
        }
    }
}

#[test]
fn the_table_of_items_agrees() {
    let Some(table) = shared("items/000_items.csv") else { return };
    let standard = load();
    let table = rows(&table);
    assert_eq!(table.len(), 90);
    for (row, item) in table.iter().zip(&standard.items) {
        assert_eq!(row["item"], item.id);
        assert_eq!(row["points"].parse::<f64>().unwrap(), points(item), "{}", item.id);
        let group = standard.groups.iter().find(|g| g.id == item.heading).unwrap();
        assert_eq!(row["B"].trim_end_matches("(dup)"), group.label, "{}", item.id);
        assert_eq!(group.within.as_ref().unwrap(), &row["A"], "{}", item.id);
        assert_eq!(row["B_header_points"].parse::<f64>().unwrap(), group.points.unwrap(), "{}", item.id);
    }
}

#[test]
fn offices_are_those_that_the_document_names() {
    let standard = load();
    let mut named = 0;
    for (ids, offices) in [
        ("1-22", &["市督导室"][..]),
        ("23", &["市教育局党办", "人事科", "监审科", "基础教育科"]),
        ("24", &["人事科"]),
        ("25", &["市督导室"]),
        ("26", &["人事科"]),
        ("27-28", &["基教科"]),
        ("29", &["基教科", "市督导室"]),
        ("30-33", &["基教科"]),
        ("34-41", &[]),
        ("42-44", &["教研室", "基教科", "市督导室"]),
        ("45-49", &["法规科", "市督导室"]),
        ("50-55", &[]),
        ("56-57", &["语培中心"]),
        ("58-64", &["信息中心"]),
        ("65-68", &[]),
        ("69-72", &["学生资助管理中心"]),
        ("73-76", &["学校后勤管理中心"]),
        ("77-79", &["素质中心"]),
        ("80-82", &["发展规划科"]),
        ("83", &[]),
        ("84-86", &["市政府督导室"]),
        ("87-90", &[]),
    ] {
        for item in items(&standard, ids) {
            assert_eq!(item.offices, offices, "{}", item.id);
            named += 1;
        }
    }
    assert_eq!(named, 90);
}

#[test]
fn every_item_is_scored_as_its_text_says() {
    let standard = load();
    let part = |item: &str, part: &str| {
        let item = standard.item(item).unwrap();
        parts(item).iter().find(|p| p.id == part).unwrap_or_else(|| panic!("{}.{part}", item.id))
    };
    // 一项一分 and so on; the step of each.
    for (id, of, step) in [
        ("6", "1", 1.0),
        ("7", "1", 1.0),
        ("8", "1", 1.0),
        ("27", "1", 1.0),
        ("27", "2", 1.0),
        ("27", "6", 1.0),
        ("29", "1", 0.5),
        ("29", "3", 0.5),
        ("30", "2", 1.0),
        ("31", "1", 1.0),
        ("32", "2", 1.0),
        ("33", "1", 1.0),
        ("66", "1", 2.0),
    ] {
        assert!(
            matches!(part(id, of).method, Method::Deduct(Deduct { each, .. }) if each == step),
            "{id}.{of}"
        );
    }
    for (id, of, expected, or_nothing) in [
        ("27", "7", &[5.0, 4.0, 3.0][..], false),
        ("35", "A1", &[4.0, 3.0], true),
        ("35", "D", &[4.0, 3.0], true),
        ("51", "all", &[10.0, 8.0, 6.0], false),
        ("52", "1", &[5.0, 4.0, 3.0], false),
        ("53", "1", &[5.0, 4.0, 3.0], false),
        ("80", "1", &[10.0, 8.0, 6.0], true),
        ("82", "1", &[10.0, 8.0, 6.0], true),
    ] {
        let Method::Tiers(Tiers { tiers, none, .. }) = &part(id, of).method else { panic!("{id}.{of}") };
        assert_eq!((&tiers[..], *none), (expected, or_nothing), "{id}.{of}");
    }
    let otherwise = |id: &str, of: &str| match &part(id, of).method {
        Method::Threshold(Threshold { checks, otherwise }) => (checks.join(" "), otherwise.clone()),
        other => panic!("{id}.{of}: {other:?}"),
    };
    assert_eq!(otherwise("28", "A"), ("allocated".into(), Otherwise::Tiers(vec![4.0, 3.0, 2.0])));
    assert_eq!(otherwise("28", "B"), (String::new(), Otherwise::Tiers(vec![4.0, 3.0, 2.0])));
    assert_eq!(otherwise("43", "1"), ("funds".into(), Otherwise::Office));
    assert_eq!(otherwise("44", "6"), ("satisfaction".into(), Otherwise::Office));
    assert_eq!(otherwise("50", "1"), ("urban_and_town rural".into(), Otherwise::Points(5.0)));
    assert_eq!(otherwise("50", "1_rural"), ("urban town_and_rural".into(), Otherwise::Points(5.0)));
    for id in ["21", "22"] {
        let method = &part(id, "1").method;
        assert!(
            matches!(method, Method::Base(Base { share, fault: Some((1.0, 5.0)) }) if *share == 0.8),
            "{id}"
        );
    }
    for (id, count) in [("77", 8), ("78", 8), ("83", 5)] {
        let method = &part(id, "1").method;
        assert!(
            matches!(method, Method::Elements(Elements { elements, all: false }) if elements.len() == count),
            "{id}"
        );
    }
    for id in ["54", "55"] {
        assert!(matches!(&part(id, "1").method, Method::Elements(Elements { all: true, .. })), "{id}");
    }
    let levels = |id: &str| match &part(id, "1").method {
        Method::Levels(Levels { levels }) => {
            levels.iter().map(|l| (l.name.zh.clone(), l.first, l.more)).collect::<Vec<_>>()
        }
        other => panic!("{id}: {other:?}"),
    };
    assert_eq!(
        levels("89"),
        [("国家级".into(), 5.0, 0.0), ("自治区级".into(), 3.0, 2.0), ("市级".into(), 2.0, 2.0)]
    );
    assert_eq!(levels("90"), [("市级以上".into(), 5.0, 0.0), ("市级".into(), 3.0, 2.0)]);

    let adjustments = |id: &str| match &standard.item(id).unwrap().rule {
        Rule::Scored { adjustments, .. } => adjustments
            .iter()
            .filter(|a| standard.in_force(&a.only))
            .map(|a| (a.id.as_str(), a.rule.clone()))
            .collect::<Vec<_>>(),
        _ => Vec::new(),
    };
    let late = || ("late", AdjustmentRule::Once { each: 2.0 });
    let cap = |points: f64| ("cap", AdjustmentRule::Cap { points: Some(points), share: None });
    assert_eq!(adjustments("6"), [late(), cap(9.0)]);
    assert_eq!(adjustments("7"), [late(), cap(4.0)]);
    assert_eq!(adjustments("22"), [("petition", AdjustmentRule::Range { least: 1.0, most: 3.0 })]);
    assert_eq!(adjustments("48"), [("accident", AdjustmentRule::Zero)]);
    assert_eq!(adjustments("49"), [("accident", AdjustmentRule::Zero)]);
    assert_eq!(adjustments("65"), [("event", AdjustmentRule::Once { each: 5.0 })]);
    assert_eq!(adjustments("84"), [("applied", AdjustmentRule::Precondition)]);
    let adjusted = standard.items.iter().filter(|item| !adjustments(&item.id).is_empty()).count();
    assert_eq!(adjusted, 7, "and no other");
}

#[test]
fn seven_members_in_two_classes_of_item_43() {
    let standard = load();
    let members: BTreeMap<&str, (&str, &str)> = standard
        .units
        .as_ref()
        .unwrap()
        .members
        .iter()
        .map(|m| (m.name.as_str(), (m.code.as_deref().unwrap(), m.class.as_deref().unwrap())))
        .collect();
    let expected = BTreeMap::from([
        ("临河区", ("150802", "30")),
        ("五原县", ("150821", "30")),
        ("磴口县", ("150822", "20")),
        ("乌拉特前旗", ("150823", "30")),
        ("乌拉特中旗", ("150824", "20")),
        ("乌拉特后旗", ("150825", "20")),
        ("杭锦后旗", ("150826", "30")),
    ]);
    assert_eq!(members, expected);
    let checks = standard.item("43").unwrap().checks();
    let required: Vec<(&str, f64)> =
        checks[0].required_by_class.iter().map(|(class, value)| (class.as_str(), *value)).collect();
    assert_eq!((required, checks[0].unit.as_str()), (vec![("20", 20.0), ("30", 30.0)], "万元"));
}

#[test]
fn thresholds_are_the_documents() {
    let standard = load();
    let mut found = BTreeMap::new();
    for item in &standard.items {
        for check in item.checks().iter().filter(|check| check.required_by_class.is_empty()) {
            found.insert(format!("{}.{}", item.id, check.id), check.required.to_string());
        }
    }
    let expected = [
        ("23.hours_72", "100"),
        ("27.all_classes", "0"),
        ("27.class_size", "0"),
        ("27.entry_classes", "0"),
        ("27.parallel", "0"),
        ("28.allocated", "67"),
        ("36.enrolment", "98"),
        ("36.inclusive", "80"),
        ("36.public", "50"),
        ("38.vocational", "45"),
        ("40.disabled", "96"),
        ("44.satisfaction", "95"),
        ("45.rooms", "95"),
        ("50.rural", "20"),
        ("50.town_and_rural", "20"),
        ("50.urban", "30"),
        ("50.urban_and_town", "30"),
        ("51.teachers", "0.9"),
        ("54.schools", "85"),
        ("58.bandwidth", "100"),
        ("58.bandwidth_rural", "10"),
        ("58.cameras", "90"),
        ("58.campus_network", "100"),
        ("58.internet", "100"),
        ("58.multimedia", "100"),
        ("58.pupil_space", "80"),
        ("58.school_space", "100"),
        ("58.teacher_space", "95"),
        ("58.video", "100"),
        ("60.books", "100"),
        ("60.books_added", "1"),
        ("71.aided", "100"),
        ("82.rooms", "1"),
    ];
    let expected: BTreeMap<String, String> =
        expected.into_iter().map(|(id, required)| (id.into(), required.into())).collect();
    assert_eq!(found, expected);
}

/// Whatever is chosen, the parts in force make up the item, and every entry has an id of its own.
#[test]
fn every_choice_leaves_every_item_whole() {
    let settings = load().settings;
    assert!(settings.iter().all(|setting| !setting.clause.is_empty()));
    for setting in &settings {
        for value in setting.values.keys() {
            let mut standard = load();
            standard.choose(&setting.id, value).unwrap();
            for item in &standard.items {
                let sum: f64 = in_force(&standard, item).iter().map(|part| part.points.unwrap()).sum();
                assert_eq!(sum, points(item), "{}: {} = {value}", item.id, setting.id);
            }
            let entries = standard.entries();
            let ids: BTreeSet<&str> = entries.iter().map(|entry| entry.id.as_str()).collect();
            assert_eq!(ids.len(), entries.len());
        }
    }
}

#[test]
fn what_contradicts_itself_is_said_and_not_mended() {
    let standard = load();
    let said: BTreeSet<&str> = standard.document_findings.iter().map(|f| f.about.as_str()).collect();
    for about in [
        "document",
        "scoring.total",
        "A6",
        "B17",
        "45",
        "B30-2",
        "27.7",
        "28.A",
        "28.B",
        "32",
        "34",
        "35",
        "51",
        "6.cap",
        "7.cap",
        "B6",
        "21",
        "B2",
        "B8",
        "B18",
        "43",
        "44.6",
        "65.event",
        "84",
        "89",
        "90",
    ] {
        assert!(said.contains(about), "{about}");
    }
    for heading in
        ["B1", "B3", "B4", "B5", "B10", "B11", "B12", "B13", "B14", "B15", "B22", "B23", "B30", "B32", "B33"]
    {
        assert!(said.contains(heading), "{heading}: compared, without steps");
    }
    for finding in &standard.document_findings {
        assert!(finding.text.en.as_ref().is_some_and(|en| !en.is_empty()), "{}", finding.about);
    }
    let both = |text: &Text| text.en.as_ref().is_some_and(|en| !en.is_empty() && *en != text.zh);
    assert!(standard.items.iter().all(|item| both(&item.title)));
    assert!(standard.groups.iter().all(|group| both(&group.title)));
}

/// Without its finding, a contradiction of the document is an error of the file.
#[test]
fn a_contradiction_without_its_finding_is_an_error() {
    let text = std::fs::read_to_string(project("data/standards/bayannur-2020.toml")).unwrap();
    for (about, code) in [
        ("B17", "standard_group_total"),
        ("scoring.total", "standard_scoring_total"),
        ("27.7", "standard_tiers_points"),
        ("28.A", "standard_tiers_points"),
        ("28.B", "standard_tiers_points"),
        ("51", "standard_tiers_points"),
    ] {
        let kept: Vec<&str> = text
            .split("[[document_finding]]")
            .filter(|finding| !finding.starts_with(&format!("\nabout = \"{about}\"\n")))
            .collect();
        let without = kept.join("[[document_finding]]");
        assert_ne!(without, text, "{about}");
        let Err(Error::Input(problems)) = Standard::parse(&without, "试.toml") else { panic!("{about}") };
        assert!(problems.iter().all(|problem| problem.code == code), "{about}: {problems:?}");
        assert!(!problems.is_empty());
    }
}
