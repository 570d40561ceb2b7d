//! Standards: the two of the program compared with their documents, editions, and the errors of invalid files.

use std::collections::BTreeMap;

use crate::{
    dictionary::Section,
    exact::decimal,
    problem::Error,
    standard::{self, Check, Formula, Over, Rule, Standard, describe, formula::Exact},
    words::{Language, Words},
};

use crate::testing::{project, shared};

fn load(name: &str) -> Standard {
    Standard::load(name).unwrap_or_else(|why| panic!("{}", chinese().error(&why)))
}

fn chinese() -> Words {
    Words::load(Language::Chinese).unwrap()
}

fn parse(text: &str) -> Standard {
    Standard::parse(text, "试.toml").unwrap_or_else(|why| panic!("{}", chinese().error(&why)))
}

/// The messages of an invalid file, in both languages.
fn told(text: &str) -> String {
    let why = Standard::parse(text, "试.toml").expect_err("the file is wrong");
    let english = Words::load(Language::English).unwrap();
    let text = format!("{}\n\n{}", chinese().error(&why), english.error(&why));
    text.replace(&standard::names().unwrap().join(", "), "[standards]")
}

/// A valid standard, which is changed line by line.
const SMALL: &str = r#"id = "small"
version = "1"
title.zh = "小标准"
title.en = "A small standard"
source = "试"

[scope]
sections = ["primary", "junior"]

[[scope.exclude]]
id = "point"
when = "school_type = '教学点' and students < 50"
reason.zh = "不足50人的教学点"
only = { setting = "points", value = "out" }

[apportionment]
facts = ["books"]
weights = { primary = 1, junior = 1.1 }

[school_rule]
at_least = 1
text.zh = "每所学校达标"

[[setting]]
id = "points"
title.zh = "教学点"
value = "out"
values.out.zh = "不计"
values.in.zh = "计入"

[[indicator]]
id = "B1"
title.zh = "生均图书"
unit = "册/人"
numerator = "books"
denominator = "students"
threshold = { primary = 15, junior = 25 }
limit = 0.5
shortfall_unit = "册"

[[group]]
id = "one"
title.zh = "一"

[[item]]
id = "1"
group = "one"
kind = "indicator"
indicator = "B1"
title.zh = "图书"

[[item]]
id = "2"
group = "one"
kind = "check"
title.zh = "规模"
[[item.check]]
id = "size"
title.zh = "在校生数"
over = "school"
numerator = "students"
compare = "<="
required = 2000
unit = "人"

[[item]]
id = "3"
group = "one"
kind = "scored"
points = 100
title.zh = "德育"
[[item.part]]
id = "1"
points = 60
title = "甲"
[[item.part]]
id = "2"
points = 40
title = "乙"

[scoring]
total = 100
item_floor = 0.8
[[scoring.grade]]
name.zh = "合格"
from = 80
to = 100
"#;

/// SMALL with `old` replaced.
fn spoilt(old: &str, new: &str) -> String {
    assert!(SMALL.contains(old), "{old}");
    SMALL.replacen(old, new, 1)
}

#[test]
fn the_national_standard_has_its_32_items_and_vetoes() {
    let standard = load("quality-balance-2017");
    let ids: Vec<&str> =
        standard.items.iter().filter(|i| !matches!(i.rule, Rule::Veto)).map(|i| i.id.as_str()).collect();
    let mut expected: Vec<String> = (1..=7).map(|n| format!("L{n}")).collect();
    expected.extend((1..=15).map(|n| format!("G{n}")));
    expected.extend((1..=9).map(|n| format!("Q{n}")));
    expected.push("S1".into());
    assert_eq!(ids, expected);
    assert_eq!(standard.items.len(), 38, "and six vetoes");

    let threshold = |id: &str| {
        let t = &standard.indicator(id).unwrap().threshold;
        (*t.get(Section::Primary).unwrap(), *t.get(Section::Junior).unwrap())
    };
    let thresholds: Vec<(f64, f64)> = (1..=7).map(|n| threshold(&format!("L{n}"))).collect();
    assert_eq!(
        thresholds,
        [(4.2, 5.3), (1.0, 1.0), (0.9, 0.9), (4.5, 5.8), (7.5, 10.2), (2000.0, 2500.0), (2.3, 2.4)]
    );
    for indicator in &standard.indicators {
        assert_eq!(indicator.limit.get(Section::Primary), Some(&0.5), "{}", indicator.id);
        assert_eq!(indicator.limit.get(Section::Junior), Some(&0.45), "{}", indicator.id);
        assert_eq!(indicator.limit.get(Section::Senior), None);
    }
    let rule = standard.school_rule.as_ref().unwrap();
    assert_eq!((rule.at_least, rule.floor, rule.district_mean), (6, 0.85, false));
    let weights: Vec<f64> = standard.apportionment.as_ref().unwrap().weights.values().copied().collect();
    assert_eq!(weights, [1.0, 1.1, 1.32]);
    assert!(standard.scoring.is_none());
}

#[test]
fn daxiang_has_26_a_items_and_10_b_items_of_100_points() {
    let standard = load("daxiang");
    let ids: Vec<String> = standard.items.iter().map(|i| i.id.clone()).collect();
    assert_eq!(ids, (1..=36).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(standard.items.iter().filter(|i| i.class == "A").count(), 26);
    let mut total = 0.0;
    for item in &standard.items {
        match &item.rule {
            Rule::Scored { points, floor, parts, .. } => {
                assert_eq!(item.class, "B", "{}", item.id);
                assert_eq!(parts.iter().map(|p| p.points).sum::<Option<f64>>(), *points, "{}", item.id);
                assert!(parts.len() >= 2, "{}", item.id);
                assert_eq!(*floor, 0.8);
                total += points.unwrap();
            }
            _ => assert_eq!(item.class, "A", "{}", item.id),
        }
        assert!(!item.departments.is_empty() && !item.offices.is_empty(), "{}", item.id);
        assert!(!item.measures.is_empty() && item.title.en.is_some(), "{}", item.id);
        assert_eq!(item.requirements.is_empty(), item.class == "B", "{}", item.id);
    }
    assert_eq!(total, 100.0);
    let rule = standard.school_rule.as_ref().unwrap();
    assert_eq!((rule.at_least, rule.district_mean), (7, true));
    let backbone = standard.indicator("L2").unwrap();
    assert_eq!(backbone.title.zh, "每百名学生拥有区级及以上骨干教师数");
    assert_eq!(backbone.offices, ["政工股"], "an indicator's work is that of those its item names");
    let grades: Vec<(f64, f64)> =
        standard.scoring.as_ref().unwrap().grades.iter().map(|g| (g.from, g.to)).collect();
    assert_eq!(grades, [(80.0, 85.0), (86.0, 90.0), (91.0, 100.0)]);
    assert_eq!(standard.setting("grade_gap"), "lower_bound");
}

#[test]
fn daxiang_differs_from_the_nation_where_its_document_does() {
    let (nation, daxiang) = (load("quality-balance-2017"), load("daxiang"));
    assert_eq!(check(&nation, "Q4", "training").required.to_string(), "5");
    let training = check(&daxiang, "28", "training");
    assert_eq!(training.required.to_string(), "8");
    assert_eq!(training.over, Over::School, "the rest is the base's");
    assert_eq!(training.title, check(&nation, "Q4", "training").title);

    let town = check(&daxiang, "21", "junior");
    let row = |location: &str| {
        BTreeMap::from([
            ("section", Exact::Text("junior".into())),
            ("location", Exact::Text(location.into())),
            ("ownership", Exact::Text("公办".into())),
            ("boarding", Exact::Truth(false)),
            ("school_type", Exact::Text("初中".into())),
        ])
    };
    let applies = |check: &Check, location| value(check.applies.as_ref().unwrap(), &row(location));
    assert_eq!(applies(town, "城区"), Exact::Truth(false));
    assert_eq!(applies(town, "镇区"), Exact::Truth(true));
    assert_eq!(applies(check(&nation, "G13", "junior"), "城区"), Exact::Truth(true));
    assert!(daxiang.in_force(&town.only));
    assert!(!daxiang.in_force(&check(&daxiang, "21", "junior_urban_and_town").only));
    assert!(daxiang.in_force(&check(&daxiang, "10", "norm_primary_600").only));
    assert!(!daxiang.in_force(&check(&daxiang, "10", "norm_primary_720").only));
}

fn check<'a>(standard: &'a Standard, item: &str, id: &str) -> &'a Check {
    let Rule::Checks { checks } = &standard.item(item).unwrap().rule else { panic!("{item} has no checks") };
    checks.iter().find(|c| c.id == id).unwrap()
}

fn value(formula: &Formula, row: &BTreeMap<&str, Exact>) -> Exact {
    formula.exact(&|id| row.get(id).cloned().unwrap_or(Exact::Null))
}

fn number(text: &str) -> Exact {
    Exact::Number(decimal(text).unwrap())
}

/// A row with the numbers `given`.
fn row<'a>(
    texts: &[(&'a str, &'static str)],
    numbers: &[(&'a str, &'static str)],
) -> BTreeMap<&'a str, Exact> {
    let texts = texts.iter().map(|(id, text)| (*id, Exact::Text(text.to_string())));
    texts.chain(numbers.iter().map(|(id, text)| (*id, number(text)))).collect()
}

#[test]
fn class_size_is_settled_by_bands_or_by_the_largest_class_and_never_by_nothing() {
    let standard = load("quality-balance-2017");
    let (bands, largest) = (check(&standard, "G5", "classes"), check(&standard, "G5", "largest"));
    let applies = |check: &Check, row: &BTreeMap<&str, Exact>| {
        value(check.applies.as_ref().unwrap(), row) == Exact::Truth(true)
    };
    let school = [("section", "primary"), ("school_type", "小学")];
    let over = ["classes_46_50", "classes_51_55", "classes_56_60", "classes_61_65", "classes_ge66"];
    let with = |first: &'static str, size: &[(&'static str, &'static str)]| {
        let mut numbers: Vec<(&str, &str)> = over.iter().map(|id| (*id, "0")).collect();
        numbers[0].1 = first;
        numbers.extend(size);
        row(&school, &numbers)
    };
    let too_large = with("2", &[("max_class_size", "48")]);
    assert!(applies(bands, &too_large) && !applies(largest, &too_large));
    assert_eq!(value(&bands.numerator, &too_large), number("2"));
    let fine = with("0", &[]);
    assert!(applies(bands, &fine) && !applies(largest, &fine));
    let contradicting = with("0", &[("max_class_size", "46")]);
    assert!(applies(largest, &contradicting), "the larger claim is looked at");
    let size_alone = row(&school, &[("max_class_size", "46")]);
    assert!(!applies(bands, &size_alone) && applies(largest, &size_alone));
    let nothing = row(&school, &[]);
    assert!(!applies(bands, &nothing) && applies(largest, &nothing), "so that it is missing");
    assert_eq!(value(&largest.numerator, &nothing), Exact::Null);
    let junior = row(&[("section", "junior"), ("school_type", "初中")], &[]);
    assert_eq!(value(&largest.required, &junior), number("50"));
    let special = row(&[("section", "primary"), ("school_type", "特殊教育学校")], &[]);
    assert!(!applies(largest, &special));
}

#[test]
fn reliefs_hold_for_the_schools_the_rules_name() {
    let standard = load("quality-balance-2017");
    let visiting = &standard.indicator("L3").unwrap().reliefs[0];
    let small = |kind: &'static str, location: &'static str, pupils: &'static str| {
        let school = [("school_type", kind), ("location", location)];
        value(&visiting.when, &row(&school, &[("students", pupils)]))
    };
    assert_eq!(small("小学", "乡村", "49"), Exact::Truth(false));
    assert_eq!(small("小学", "乡村", "50"), Exact::Truth(true));
    assert_eq!(small("教学点", "乡村", "99"), Exact::Truth(true));
    assert_eq!(small("小学", "乡村", "100"), Exact::Truth(false));
    assert_eq!(small("小学", "城区", "60"), Exact::Truth(false));
    assert_eq!(small("九年一贯制学校", "乡村", "60"), Exact::Null, "its other section is not in the row");
    let mut flagged = row(&[("school_type", "九年一贯制学校"), ("location", "乡村")], &[]);
    flagged.insert("small_rural_school", Exact::Truth(true));
    assert_eq!(value(&visiting.when, &flagged), Exact::Truth(true));

    let size = check(&standard, "G4", "size");
    let limits = |kind: &'static str| {
        let school = row(&[("school_type", kind)], &[]);
        (value(&size.required, &school), value(size.reliefs[0].required.as_ref().unwrap(), &school))
    };
    assert_eq!(limits("小学"), (number("2000"), number("2400")));
    assert_eq!(limits("九年一贯制学校"), (number("2500"), number("3000")));
    assert_eq!(limits("十二年一贯制学校"), (number("2500"), number("2500")));
    let eligible =
        |numbers: &[(&'static str, &'static str)]| value(&size.reliefs[0].when, &row(&[], numbers));
    assert_eq!(eligible(&[("built_year", "2010")]), Exact::Truth(true));
    assert_eq!(
        eligible(&[("built_year", "2011"), ("migrant_students", "50"), ("students", "100")]),
        Exact::Truth(false)
    );
    assert_eq!(eligible(&[("migrant_students", "51"), ("students", "100")]), Exact::Truth(true));
    assert_eq!(eligible(&[]), Exact::Null, "unknown is no relief");

    let music = check(&standard, "G3", "music");
    let rooms = |relief: usize, numbers: &[(&'static str, &'static str)]| {
        value(music.reliefs[relief].numerator.as_ref().unwrap(), &row(&[], numbers))
    };
    assert_eq!(value(&music.required, &row(&[], &[("classes", "13")])), number("2"));
    assert_eq!(rooms(0, &[("classes", "12"), ("music_rooms_ge96", "1")]), number("1"));
    assert_eq!(
        rooms(0, &[("classes", "13"), ("music_rooms_ge96", "1")]),
        Exact::Null,
        "smaller ones unknown"
    );
    let with_smaller = [("classes", "13"), ("music_rooms_ge96", "1"), ("music_rooms_73_96", "1")];
    assert_eq!(rooms(0, &with_smaller), number("2"));
    let small_classes = |primary: &'static str, junior: Option<&'static str>| {
        let mut numbers = vec![("primary.classes", "6"), ("primary.max_class_size", primary)];
        if let Some(junior) = junior {
            numbers.extend([("junior.classes", "3"), ("junior.max_class_size", junior)]);
        }
        value(&music.reliefs[1].when, &row(&[("location", "乡村")], &numbers))
    };
    assert_eq!(small_classes("29", None), Exact::Truth(true));
    assert_eq!(small_classes("30", None), Exact::Truth(false));
    assert_eq!(small_classes("20", Some("31")), Exact::Truth(false));
}

#[test]
fn departments_are_those_of_the_item_table() {
    let Some(path) = shared("items/003_items.csv") else { return };
    let standard = load("daxiang");
    let split = |text: &str| text.split(';').map(str::to_string).collect::<Vec<_>>();
    let mut rows = 0;
    for line in csv::Reader::from_path(path).unwrap().deserialize::<BTreeMap<String, String>>() {
        let line = line.unwrap();
        let item = standard.item(&line["item"]).unwrap();
        let same = |text: &str| text.replace('（', "(").replace('）', ")");
        let departments: Vec<String> = item.departments.iter().map(|d| same(d)).collect();
        assert_eq!(departments, split(&line["departments"]), "{}", item.id);
        assert_eq!(item.offices, split(&line["bureau_office"]), "{}", item.id);
        assert_eq!(item.class, line["class"], "{}", item.id);
        assert_eq!(item.group.zh, line["dimension"], "{}", item.id);
        if let (Rule::Scored { points, parts, .. }, Some((total, sum))) =
            (&item.rule, line["points"].split_once('='))
        {
            assert_eq!(points.unwrap().to_string(), total);
            let each: Vec<String> = parts.iter().map(|p| p.points.unwrap().to_string()).collect();
            assert_eq!(each.join("+"), sum, "{}", item.id);
        }
        rows += 1;
    }
    assert_eq!(rows, 36);
}

#[test]
fn every_word_of_daxiang_stands_in_its_document() {
    let Some(path) = shared("seeds/003_956f970e9311ed85.txt") else { return };
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let document = squeezed(&std::fs::read_to_string(path).unwrap());
    for item in load("daxiang").items {
        let mut texts = vec![item.title.zh];
        texts.extend(item.requirements.into_iter().chain(item.measures));
        texts.extend(item.departments.into_iter().chain(item.offices));
        if let Rule::Scored { parts, .. } = item.rule {
            texts.extend(parts.into_iter().map(|part| part.title));
        }
        for text in texts {
            assert!(document.contains(&squeezed(&text)), "{}: {text}", item.id);
        }
    }
}

#[test]
fn the_schema_file_is_the_format() {
    let path = project("data/standards/schema.json");
    let schema = serde_json::to_string_pretty(&standard::schema()).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == schema, "schema.json is not up to date: UPDATE_SCHEMA=1 cargo test --lib schema");
}

#[test]
fn a_standard_is_found_by_name_or_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("small.toml");
    std::fs::write(&path, SMALL).unwrap();
    assert_eq!(load(path.to_str().unwrap()).id, "small");
    assert_eq!(standard::checked(&path).unwrap().id, "small");
    let edition = folder.path().join("edition.toml");
    std::fs::write(&edition, "id = \"edition\"\nextends = \"small.toml\"\ntitle.zh = \"版\"\n").unwrap();
    let edition = load(edition.to_str().unwrap());
    assert_eq!((edition.items.len(), edition.title.en), (3, None), "a title is replaced in both languages");

    let unknown = Standard::load("nation").unwrap_err();
    assert!(matches!(unknown, Error::Usage(_)));
    let told = chinese().error(&unknown);
    assert!(told.contains("nation") && told.contains(&standard::names().unwrap().join(", ")), "{told}");
    assert!(Standard::load("../standards/daxiang").is_err());
    assert!(matches!(Standard::load("no-such.toml"), Err(Error::Disk { .. })));
    assert_eq!(
        standard::checked(&folder.path().join("no-such.toml")).unwrap_err()[0].code,
        "standard_unreadable"
    );
}

#[test]
fn settings_are_chosen_from_what_there_is() {
    let mut standard = load("quality-balance-2017");
    assert_eq!(standard.setting("retention"), "a");
    standard.choose("retention", "b").unwrap();
    assert_eq!(standard.setting("retention"), "b");
    assert!(standard.in_force(&check(&standard, "Q1", "b").only));
    assert!(!standard.in_force(&check(&standard, "Q1", "a").only));
    let words = chinese();
    let wrong = standard.choose("retention", "d").unwrap_err();
    insta::assert_snapshot!(words.error(&wrong), @"设置“retention”没有“d”这个选项。可选：a, b, c");
    let wrong = standard.choose("retentoin", "a").unwrap_err();
    assert!(words.error(&wrong).contains("comparison, small_points, rooms"));
}

#[test]
fn an_edition_says_only_what_differs() {
    let folder = tempfile::tempdir().unwrap();
    let written = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_string()
    };
    written("small.toml", SMALL);
    let merged = load(&written(
        "merged.toml",
        r#"id = "merged"
extends = "small.toml"
[school_rule]
floor = 0.9
[[setting]]
id = "points"
value = "in"
[[indicator]]
id = "B1"
threshold.junior = 30
[[item]]
id = "2"
[[item.check]]
id = "size"
required = 1500
[[item]]
id = "4"
from = "2"
title.zh = "另一项"
"#,
    ));
    let rule = merged.school_rule.as_ref().unwrap();
    assert_eq!((rule.at_least, rule.floor, rule.text.zh.as_str()), (1, 0.9, "每所学校达标"));
    assert_eq!(merged.setting("points"), "in");
    let threshold = &merged.indicator("B1").unwrap().threshold;
    assert_eq!((threshold.get(Section::Primary), threshold.get(Section::Junior)), (Some(&15.0), Some(&30.0)));
    assert_eq!(merged.items.iter().map(|i| i.id.as_str()).collect::<Vec<_>>(), ["1", "2", "3", "4"]);
    assert_eq!(check(&merged, "2", "size").required.to_string(), "1500");
    assert_eq!(check(&merged, "4", "size").required.to_string(), "2000", "from takes the base's item");
    assert_eq!(merged.extends.as_deref(), Some("small.toml"));

    let edition = "id = \"replaced\"\nextends = \"small.toml\"\nitems = \"replace\"\n\
                   [[item]]\nid = \"9\"\nfrom = \"2\"\n[[item]]\nid = \"3\"\nfrom = \"3\"\n";
    let replaced = load(&written("replaced.toml", edition));
    assert_eq!(replaced.items.len(), 2);
    assert_eq!(replaced.items[0].title.zh, "规模");

    // A mistake that only shows after merging is reported at its own place, here in the edition.
    let why = Standard::load(&written(
        "wrong.toml",
        "id = \"wrong\"\nextends = \"small.toml\"\n[[item]]\nid = \"2\"\n[[item.check]]\nid = \"size\"\nrequired = \"pupils\"\n",
    ));
    let told = chinese().error(&why.unwrap_err());
    assert!(told.contains("wrong.toml / 7:12"), "{told}");

    written("a.toml", "id = \"a\"\nextends = \"b.toml\"\n");
    let circle = written("b.toml", "id = \"b\"\nextends = \"a.toml\"\n");
    let told = chinese().error(&Standard::load(&circle).unwrap_err());
    assert!(told.contains("extends 相互循环") && told.contains("a.toml / 2:11"), "{told}");
}

/// 沈阳市: the national standard except for three numbers, and the resulting descriptions.
#[test]
fn shenyang_differs_in_three_values_and_their_words_alone() {
    let json = |name: &str| describe::json(&load(name), Language::Chinese);
    let (mut nation, mut city) = (json("quality-balance-2017"), json("shenyang"));
    for key in ["id", "version", "title", "source", "extends"] {
        assert_ne!(nation[key], city[key], "{key}");
        nation[key] = serde_json::Value::Null;
        city[key] = serde_json::Value::Null;
    }
    let same: Vec<String> = differences(&nation, &city, "");
    assert_eq!(
        same,
        [
            "items.G2.checks",
            "items.G2.clause",
            "items.G2.evidence",
            "items.G2.kind",
            "items.G2.requirements",
            // A check has the clause of its item.
            "items.G7.checks.funds_6000.clause",
            "items.G7.checks.funds_8000.clause",
            "items.G7.clause",
            "items.G7.requirements",
            "settings.special_funding.clause",
            "settings.special_funding.value",
        ]
    );
    let city = load("shenyang");
    assert_eq!(city.setting("special_funding"), "8000");
    let in_force: Vec<_> =
        city.item("G7").unwrap().checks().iter().filter(|check| city.in_force(&check.only)).collect();
    assert_eq!(in_force.iter().map(|check| check.required.to_string()).collect::<Vec<_>>(), ["8000"]);
    for (id, fact, norm) in [
        ("norm_primary", "standard_funding_primary", "1150"),
        ("norm_junior", "standard_funding_junior", "1350"),
    ] {
        let check = check(&city, "G2", id);
        assert_eq!((check.numerator.to_string(), check.required.to_string()), (fact.into(), norm.into()));
        assert_eq!(check.clause, "沈阳市指标，政府保障程度第2项");
    }
    assert!(city.item("G2").unwrap().evidence, "the other three unities are settled by evidence as before");
    let text = std::fs::read_to_string(project("data/standards/shenyang.toml")).unwrap();
    let values = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    assert!(values.count() <= 24, "an edition says only what differs");
}

/// Paths at which two values differ; list entries are identified by their ids.
fn differences(a: &serde_json::Value, b: &serde_json::Value, path: &str) -> Vec<String> {
    use serde_json::Value;
    let at = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            let null = Value::Null;
            let of = |map: &serde_json::Map<String, Value>, key: &str| map.get(key).unwrap_or(&null).clone();
            keys.into_iter().flat_map(|key| differences(&of(a, key), &of(b, key), &at(key))).collect()
        }
        (Value::Array(a), Value::Array(b))
            if a.len() == b.len() && a.iter().chain(b).all(|one| one["id"].is_string()) =>
        {
            let pairs = a.iter().zip(b);
            pairs.flat_map(|(a, b)| differences(a, b, &at(a["id"].as_str().unwrap_or_default()))).collect()
        }
        (a, b) if a == b => Vec::new(),
        _ => vec![path.to_string()],
    }
}

#[test]
fn an_id_misspelt_in_an_edition_names_the_nearest() {
    let edition = |what: &str| format!("id = \"x\"\nextends = \"quality-balance-2017\"\n{what}");
    let all: Vec<String> = [
        "[[indicator]]\nid = \"L22\"\nthreshold = 1.2\n",
        "[[indicator]]\nid = \"backbone\"\nthreshold = 1.2\n",
        "[[item]]\nid = \"G77\"\nclause = \"第七条\"\n",
        "[[item]]\nid = \"Q4\"\n[[item.check]]\nid = \"trainning\"\nrequired = 8\n",
        "[[setting]]\nid = \"special_fundings\"\nvalue = \"8000\"\n",
        "[[scope.exclude]]\nid = \"small_pont\"\nwhen = \"students < 100\"\n",
    ]
    .iter()
    .map(|what| told(&edition(what)))
    .collect();
    insta::assert_snapshot!(all.join("\n----\n"));
}

/// The kind `composite`: all CVs or the named ones, one limit per section.
#[test]
fn a_mean_of_cvs_is_told_what_is_wrong_with_it() {
    let small = load("basic-balance-2012");
    let (item, ids, limit) = small.composites().next().unwrap();
    assert_eq!((item.id.as_str(), ids.len()), ("CV", 8));
    let limits = [Section::Primary, Section::Junior].map(|section| limit.get(section).copied());
    assert_eq!(limits, [Some(0.65), Some(0.55)]);
    let apportioned = &small.apportionment.as_ref().unwrap().facts;
    assert!(["computers", "books", "equipment_value"].iter().all(|id| apportioned.contains(&id.to_string())));
    assert!(!apportioned.contains(&"multimedia_rooms".to_string()));
    let item = |what: &str| {
        format!(
            "id = \"x\"\nextends = \"basic-balance-2012\"\nitems = \"replace\"\n[[item]]\nid = \"CV\"\n\
             group = \"balance\"\ntitle.zh = \"综合\"\n{what}\n"
        )
    };
    let two = parse(&item("kind = \"composite\"\nlimit = 0.5\nindicators = [\"B1\", \"B5\"]"));
    assert_eq!(two.composites().next().unwrap().1, ["B1", "B5"]);
    let all: Vec<String> = [
        "kind = \"composite\"",
        "kind = \"composite\"\nlimit = { primary = 0.65 }",
        "kind = \"composite\"\nlimit = 0.5\nindicators = [\"B1\", \"B9\"]",
        "kind = \"composite\"\nlimit = 0.5\nindicators = [\"B1\", \"B1\"]",
        "kind = \"composite\"\nlimit = 0.5\nindicators = []",
        "kind = \"evidence\"\nlimit = 0.5",
    ]
    .iter()
    .map(|what| told(&item(what)))
    .collect();
    insta::assert_snapshot!(all.join("\n----\n"));
}

#[test]
fn an_indicator_without_thresholds_is_only_measured() {
    let text = spoilt("threshold = { primary = 15, junior = 25 }\nlimit = 0.5\n", "");
    let standard = parse(&text);
    assert_eq!(standard.indicators[0].threshold.get(Section::Primary), None);
    assert_eq!(standard.indicators[0].limit.get(Section::Primary), None);
}

#[test]
fn every_mistake_of_shape_is_told_at_its_line_and_column() {
    parse(SMALL);
    let text = spoilt("[school_rule]\nat_least = 1", "[school_rule]\nat_leest = 1\nfloor = \"85%\"")
        .replacen("over = \"school\"", "over = \"schools\"", 1)
        .replacen("numerator = \"books\"", "numerator = true", 1)
        .replacen("sections = [\"primary\", \"junior\"]", "sections = \"primary\"", 1)
        .replacen("values.out.zh", "values.out.cn", 1)
        .replacen("[[item]]\nid = \"3\"", "[[item]]\nid = \"2\"", 1)
        .replacen("at_leest = 1", "at_leest = 1\nat_least = -1\ntext = \"达标\"", 1);
    let text = text.replacen("text.zh = \"每所学校达标\"\n", "", 1);
    insta::assert_snapshot!(told(&text));
}

#[test]
fn a_file_that_is_not_toml_is_told_where() {
    insta::assert_snapshot!(told("id = \"small\nversion = 1\n[scope\n"));
}

#[test]
fn every_mistake_of_meaning_is_told_at_its_line_and_column() {
    let text = spoilt("numerator = \"books\"", "numerator = \"book + primary.books\"")
        .replacen("threshold = { primary = 15, junior = 25 }", "threshold = { primary = 15 }", 1)
        .replacen("facts = [\"books\"]", "facts = [\"book\"]", 1)
        .replacen("weights = { primary = 1, junior = 1.1 }", "weights = { primary = 1 }", 1)
        .replacen("at_least = 1", "at_least = 2", 1)
        .replacen("indicator = \"B1\"", "indicator = \"B2\"", 1)
        .replacen("value = \"out\"\nvalues", "value = \"aus\"\nvalues", 1)
        .replacen(
            "only = { setting = \"points\", value = \"out\" }",
            "only = { setting = \"point\", value = \"out\" }",
            1,
        )
        .replacen("points = 40", "points = 30", 1)
        .replacen("total = 100", "total = 120", 1)
        .replacen("to = 100", "to = 70", 1)
        .replacen("group = \"one\"\nkind = \"check\"", "group = \"two\"\nkind = \"check\"\npoints = 5", 1)
        .replacen("title.zh = \"规模\"\n", "", 1);
    insta::assert_snapshot!(told(&text));
}

#[test]
fn an_item_stands_for_a_row_that_the_form_has() {
    let with = |row: &str| spoilt("kind = \"check\"", &format!("form = \"{row}\"\nkind = \"check\""));
    for row in ["4.1", "4.15", "5.9", "6"] {
        assert_eq!(
            parse(&with(row)).items.iter().filter(|item| item.form.as_deref() == Some(row)).count(),
            1
        );
    }
    for row in ["4.0", "4.16", "5.10", "4.01", "7", "6.1", ""] {
        assert!(told(&with(row)).contains("申报表没有"), "{row}: {}", told(&with(row)));
    }
}

#[test]
fn formulas_read_only_what_their_grain_has() {
    let size = "over = \"school\"\nnumerator = \"students\"";
    let with = |over: &str, formula: &str| {
        told(&spoilt(size, &format!("over = \"{over}\"\nnumerator = \"{formula}\"")))
            .lines()
            .next()
            .unwrap()
            .to_string()
    };
    let all: Vec<String> = [
        ("school", "studnets"),
        ("school", "students +"),
        ("school", "sum(students)"),
        ("school", "section"),
        ("school", "max_class_size"),
        ("school", "primary.books"),
        ("school", "school_type"),
        ("school", "students > 5"),
        ("section", "primary.students"),
        ("district", "students"),
        ("school", "first.students"),
    ]
    .iter()
    .map(|(over, formula)| with(over, formula))
    .chain([
        told(&spoilt("when = \"school_type = '教学点' and students < 50\"", "when = \"satisfaction < 50\"")),
        told(&spoilt("when = \"school_type = '教学点' and students < 50\"", "when = \"students - 50\"")),
    ])
    .collect();
    insta::assert_snapshot!(all.join("\n"));
    // Allowed: a district's fact beside a school's, one section of a school, a section's name.
    for (over, formula) in [
        ("school", "students - standard_funding_primary"),
        ("sum_of_schools", "junior.max_class_size"),
        ("sum_of_sections", "case when section = 'primary' then students else 0 end"),
        ("district", "satisfaction"),
    ] {
        parse(&spoilt(size, &format!("over = \"{over}\"\nnumerator = \"{formula}\"")));
    }
}

#[test]
fn what_is_extended_must_be_there() {
    let all: Vec<String> = [
        "id = \"x\"\nextends = \"nation\"\n",
        "id = \"x\"\nextends = \"nation.toml\"\n",
        "id = \"x\"\nextends = \"quality-balance-2017\"\n[[item]]\nid = \"1\"\nfrom = \"G33\"\n",
        "id = \"x\"\n[[item]]\nid = \"1\"\nfrom = \"G3\"\n",
        "id = \"x\"\n",
    ]
    .iter()
    .map(|text| told(text))
    .collect();
    insta::assert_snapshot!(all.join("\n----\n"));
}

#[test]
fn show_in_both_languages() {
    let standard = parse(SMALL);
    insta::assert_snapshot!("show_small", describe::text(&standard, &chinese()));
    let text = describe::text(&load("daxiang"), &Words::load(Language::English).unwrap());
    assert!(!text.contains("standard."), "every word is in the catalogue");
    let text = describe::text(&load("daxiang"), &chinese());
    assert!(text.contains("8.1 党委、政府确保教育优先发展指导思想明确、举措措施扎实有效（3分）"));
    assert!(!text.contains("standard."));
}

#[test]
fn json_has_every_item_with_all_its_fields() {
    let whole = describe::json(&load("daxiang"), Language::Chinese);
    assert_eq!(whole["id"], "daxiang");
    assert_eq!(whole["title"], "大祥区推进义务教育优质均衡发展工作任务清单");
    let items = whole["items"].as_array().unwrap();
    assert_eq!(items.len(), 36);
    assert_eq!(items[7]["points"], 10.0);
    assert_eq!(items[7]["parts"][0]["points"], 3.0);
    assert!(items[0]["points"].is_null());
    let mut kinds = BTreeMap::new();
    for item in items {
        *kinds.entry(item["kind"].as_str().unwrap()).or_insert(0) += 1;
        assert!(item["title"].is_string() && item["group"].is_string());
        for key in ["class", "requirements", "measures", "departments", "offices", "clause", "evidence"] {
            assert!(!item[key].is_null(), "{key}");
        }
    }
    assert_eq!(kinds, BTreeMap::from([("check", 18), ("evidence", 1), ("indicator", 7), ("scored", 10)]));
    assert_eq!(items[10]["checks"][0]["compare"], ">=");
    for key in ["settings", "indicators", "scope", "notes", "scoring"] {
        assert!(!whole[key].is_null(), "{key}");
    }
    let english = describe::json(&load("daxiang"), Language::English);
    assert_eq!(english["items"][10]["title"], "Music and art rooms per 12 classes");
    let nation = describe::json(&load("quality-balance-2017"), Language::Chinese);
    assert_eq!(nation["items"].as_array().unwrap().last().unwrap()["kind"], "veto");
    assert!(nation["scoring"].is_null());
}

/// Every formula of every standard can be evaluated on a frame with the facts' own types, and gives the right kind of
/// value.
#[test]
fn formulas_run_on_frames_with_the_types_of_facts() {
    use crate::{
        dictionary::{Dictionary, Grain},
        standard::{BySection, names},
        tables,
    };
    use polars::prelude::*;

    let mut frame = tables::facts::table().empty();
    for fact in Dictionary::get().facts() {
        let number = |name: &str| Column::new_empty(name.into(), &DataType::Float64);
        match fact.grain {
            Grain::District => _ = frame.with_column(number(&fact.id)).unwrap(),
            Grain::Section => {
                for section in Section::ALL {
                    frame.with_column(number(&format!("{}.{}", section.id(), fact.id))).unwrap();
                }
            }
            Grain::School => {}
        }
    }
    let run = |formula: &Formula, wanted: DataType| {
        let out = frame.clone().lazy().select([formula.to_polars().alias("value")]).collect();
        let dtype =
            out.unwrap_or_else(|why| panic!("{formula}: {why}")).column("value").unwrap().dtype().clone();
        assert_eq!(dtype, wanted, "{formula}");
    };
    let number = |formula: &Formula| run(formula, DataType::Float64);
    let truth = |formula: &Formula| run(formula, DataType::Boolean);
    let each = |formulas: &BySection<Formula>| {
        Section::ALL.iter().filter_map(|s| formulas.get(*s)).for_each(number);
    };
    for name in names().unwrap() {
        let standard = load(&name);
        standard.scope.exclude.iter().for_each(|e| truth(&e.when));
        for indicator in &standard.indicators {
            each(&indicator.numerator);
            number(&indicator.denominator);
            for relief in &indicator.reliefs {
                truth(&relief.when);
                relief.numerator.iter().for_each(each);
            }
        }
        for item in &standard.items {
            let Rule::Checks { checks } = &item.rule else { continue };
            for check in checks {
                check.applies.iter().for_each(truth);
                [&check.numerator, &check.required].into_iter().for_each(number);
                check.denominator.iter().chain(&check.shortfall).for_each(number);
                for relief in &check.reliefs {
                    truth(&relief.when);
                    relief.numerator.iter().chain(&relief.required).for_each(number);
                }
            }
        }
    }
}
