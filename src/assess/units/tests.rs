//! Checks decided by data: every check of the four standards can be computed from the dictionary's facts, and a variety
//! of them changes its result exactly at the threshold.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    assess::units,
    dictionary::{Dictionary, Grain, Kind},
    ingest::{self, Options},
    scoring::Last,
    standard::Standard,
    tables::{
        marks::{Marks, Unit},
        scored::{Evidence, Scored},
    },
    words::{Language, Words},
};

const STANDARDS: [&str; 4] = ["bayannur-2020", "taobei-2023", "akqi-2021", "inner-mongolia"];

/// Schools of the county: code, kind, place, sections.
const SCHOOLS: [(&str, &str, &str, &[&str]); 4] = [
    ("01", "小学", "乡村", &["小学"]),
    ("02", "初中", "镇区", &["初中"]),
    ("03", "九年一贯制学校", "城区", &["小学", "初中"]),
    ("04", "高级中学", "城区", &["高中"]),
];

/// Facts by id, or `CODE.fact` for one school, `CODE.SECTION.fact` for one section; 1 by default.
type Values<'a> = BTreeMap<&'a str, f64>;

/// A county with every fact of the dictionary, except those given as `NaN`.
fn county<'a>(more: &[(&'a str, f64)]) -> Values<'a> {
    let usual = [
        ("students", 100.0),
        ("classes", 10.0),
        ("teachers", 20.0),
        ("teachers_on_post", 20.0),
        ("kindergarten_age_population", 100.0),
        ("disabled_children", 100.0),
        ("disabled_students", 5.0),
        ("population", 30.0),
        ("towns", 10.0),
        ("ordinary_senior_places", 100.0),
        ("senior_classes", 100.0),
        ("senior_classes_last_year", 100.0),
    ];
    usual.into_iter().chain(more.iter().copied()).collect()
}

fn files(values: &Values, folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let facts = Dictionary::get();
    let kept = |fact: &str, grain: Grain| {
        facts.facts().iter().any(|one| {
            one.id == fact
                && one.grain == grain
                && matches!(one.kind, Kind::Count | Kind::Amount | Kind::Level)
        })
    };
    let of = |keys: &[String]| {
        let found = keys.iter().find_map(|key| values.get(key.as_str())).copied().unwrap_or(1.0);
        if found.is_nan() { String::new() } else { found.to_string() }
    };
    let (mut names, mut schools) = (
        vec![
            "区县代码",
            "区县名称",
            "年度",
            "学校代码",
            "学校名称",
            "学校类型",
            "城乡类型",
            "办学性质",
            "是否寄宿制学校",
        ]
        .into_iter()
        .map(String::from)
        .collect::<Vec<_>>(),
        Vec::new(),
    );
    for (at, (code, kind, place, own)) in SCHOOLS.iter().enumerate() {
        let mut cells: Vec<String> =
            ["150823", "乌拉特前旗", "2025", code, &format!("第{code}校"), kind, place, "公办", "是"]
                .map(String::from)
                .to_vec();
        for fact in facts.columns() {
            if kept(&fact.id, Grain::School) && fact.id != "year" && fact.id != "built_year" {
                if at == 0 {
                    names.push(fact.label_zh.clone())
                }
                cells.push(of(&[format!("{code}.{}", fact.id), fact.id.clone()]));
            }
            if kept(&fact.id, Grain::Section) {
                for section in ["小学", "初中", "高中"] {
                    if at == 0 {
                        names.push(format!("{section}{}", fact.label_zh))
                    }
                    cells.push(match own.contains(&section) {
                        true => of(&[
                            format!("{code}.{section}.{}", fact.id),
                            format!("{code}.{}", fact.id),
                            fact.id.clone(),
                        ]),
                        false => String::new(),
                    });
                }
            }
        }
        schools.push(cells.join(","));
    }
    let mut county = "填报项目,填报值\n区县代码,150823\n区县名称,乌拉特前旗\n年度,2025\n".to_string();
    for fact in facts.facts().iter().filter(|fact| kept(&fact.id, Grain::District)) {
        county += &format!("{},{}\n", fact.label_zh, of(std::slice::from_ref(&fact.id)));
    }
    let paths = [folder.join("学校.csv"), folder.join("区县.csv")];
    std::fs::write(&paths[0], format!("{}\n{}\n", names.join(","), schools.join("\n"))).unwrap();
    std::fs::write(&paths[1], county).unwrap();
    paths.to_vec()
}

fn units(standard: &Standard) -> Vec<Unit> {
    let kind = standard.units.as_ref().unwrap().kind;
    let unit = |name: &str, code: &str| Unit {
        name: name.into(),
        code: Some(code.into()),
        class: Some("30".into()),
        ..Unit::default()
    };
    match kind {
        crate::standard::UnitKind::School => {
            SCHOOLS.iter().map(|(code, ..)| unit(&format!("第{code}校"), code)).collect()
        }
        crate::standard::UnitKind::Department => standard
            .units
            .iter()
            .flat_map(|units| &units.members)
            .map(|member| Unit { name: member.name.clone(), ..Unit::default() })
            .collect(),
        _ => vec![unit("乌拉特前旗", "150823")],
    }
}

fn scored(standard: &Standard, values: &Values) -> Scored {
    let folder = tempfile::tempdir().unwrap();
    let words = Words::load(Language::Chinese).unwrap();
    let facts = ingest::read(&files(values, folder.path()), &Options::default(), &|_, _, _| {})
        .unwrap_or_else(|why| panic!("{}", words.error(&why)));
    let marks =
        Marks { standard: standard.id.clone(), year: Some(2025), units: units(standard), ..Marks::default() };
    units::run(&marks, Some(&facts), standard, &Last::new(), &words).unwrap()
}

/// Evidence of all units, as `item.check`.
fn evidence<'a>(
    standard: &'a Standard,
    scored: &'a Scored,
) -> impl Iterator<Item = (String, usize, &'a Evidence)> {
    scored.items.iter().flat_map(move |score| {
        let item = &standard.items[score.item];
        let named = move |own: &'a Evidence| {
            (format!("{}.{}", item.id, item.checks()[own.check].id), score.unit, own)
        };
        score.evidence.iter().map(named)
    })
}

#[test]
fn every_check_can_be_computed() {
    for name in STANDARDS {
        let standard = Standard::load(name).unwrap();
        let wanted: BTreeSet<String> = standard
            .items
            .iter()
            .flat_map(|item| item.checks().iter().map(move |check| format!("{}.{}", item.id, check.id)))
            .collect();
        let mut settled = BTreeSet::new();
        // A check used only with another setting is tested with that setting.
        for (setting, value) in
            [None, Some(("classes_counted", "all")), Some(("town_schools", "rural"))].map(Option::unzip)
        {
            let mut standard = standard.clone();
            if let (Some(setting), Some(value)) = (setting, value)
                && standard.choose(setting, value).is_err()
            {
                continue;
            }
            let scored = scored(&standard, &county(&[]));
            for (check, unit, found) in evidence(&standard, &scored) {
                let unit = &scored.units[unit].name;
                assert!(found.missing.is_empty(), "{name} {check} {unit}: {:?}", found.missing);
                if found.computed {
                    assert!(found.met.is_some() && found.value.is_some(), "{name} {check} {unit}: {found:?}");
                    assert!(!found.places.is_empty(), "{name} {check} {unit}: no cell");
                    settled.insert(check);
                }
            }
        }
        let never: Vec<&String> = wanted.difference(&settled).collect();
        assert!(never.is_empty(), "{name}: {never:?}");
        // The checks that the document lets the data decide: none for the cities, whose index is set every year.
        assert_eq!(wanted.is_empty(), name == "inner-mongolia");
    }
}

/// Without any fact nothing is judged, and nothing fails.
#[test]
fn without_facts_no_check_is_judged() {
    let none: Vec<(&str, f64)> =
        Dictionary::get().facts().iter().map(|fact| (fact.id.as_str(), f64::NAN)).collect();
    let some = [("students", 100.0), ("satisfaction", 90.0)];
    let values: Values = none.into_iter().chain(some).collect();
    for name in STANDARDS {
        let standard = Standard::load(name).unwrap();
        for (check, _, found) in evidence(&standard, &scored(&standard, &values)) {
            assert_ne!(found.met, Some(true), "{name} {check}: {found:?}");
        }
    }
}

/// A check, the unit whose evidence is examined, other facts of the county, the fact whose value is changed to just
/// below, at and above the threshold, and whether each is met.
struct Triple {
    standard: &'static str,
    check: &'static str,
    unit: &'static str,
    given: &'static [(&'static str, f64)],
    fact: &'static str,
    values: [f64; 3],
    met: [bool; 3],
}

const MORE: [bool; 3] = [false, true, true];

#[rustfmt::skip]
const TRIPLES: [Triple; 24] = [
    // 67 % of the senior-high places.
    Triple { standard: "bayannur-2020", check: "28.allocated", unit: "乌拉特前旗", given: &[("ordinary_senior_places", 300.0)],
        fact: "ordinary_senior_places_allocated", values: [200.0, 201.0, 202.0], met: MORE },
    // 300,000 yuan in the class of 30.
    Triple { standard: "bayannur-2020", check: "43.funds", unit: "乌拉特前旗", given: &[],
        fact: "research_funds", values: [29.99, 30.0, 30.01], met: MORE },
    // Oversized classes, of which none is allowed; the school's own column.
    Triple { standard: "bayannur-2020", check: "27.entry_classes", unit: "乌拉特前旗", given: &[("entry_classes_over", 0.0), ("01.entry_classes", 6.0)],
        fact: "02.entry_classes", values: [11.0, 12.0, 13.0], met: [true, true, false] },
    // 30 yuan per pupil in town and county seat: 400 pupils (100 in 02, 200 in 03, 100 in 04) require 12,000 yuan.
    Triple { standard: "bayannur-2020", check: "50.urban_and_town", unit: "乌拉特前旗", given: &[("02.sports_funds", 0.1), ("04.sports_funds", 0.1)],
        fact: "03.sports_funds", values: [0.99, 1.0, 1.01], met: MORE },
    Triple { standard: "bayannur-2020", check: "50.rural", unit: "乌拉特前旗", given: &[("01.students", 200.0)],
        fact: "01.sports_funds", values: [0.399, 0.4, 0.401], met: MORE },
    // 0.9 PE and arts teachers per hundred pupils: 9 for 1000 pupils, of whom 1 + 1 + 1 for the arts.
    Triple { standard: "bayannur-2020", check: "51.teachers", unit: "乌拉特前旗", given: &[("01.students", 1000.0)],
        fact: "01.pe_teachers", values: [5.0, 6.0, 7.0], met: MORE },
    // 25 books per primary pupil, 35 per junior pupil: 100 × 25 + 100 × 35 in the nine-year school.
    Triple { standard: "bayannur-2020", check: "60.books", unit: "乌拉特前旗", given: &[("books", 9000.0)],
        fact: "03.books", values: [5999.0, 6000.0, 6001.0], met: MORE },
    // 1 % of that per year.
    Triple { standard: "bayannur-2020", check: "60.books_added", unit: "乌拉特前旗", given: &[("books_added", 99.0)],
        fact: "03.books_added", values: [59.0, 60.0, 61.0], met: MORE },
    // 10 Mbps per rural class: 10 classes.
    Triple { standard: "bayannur-2020", check: "58.bandwidth_rural", unit: "乌拉特前旗", given: &[],
        fact: "01.internet_bandwidth", values: [99.0, 100.0, 101.0], met: MORE },
    // 45 % vocational: 90 of 200.
    Triple { standard: "bayannur-2020", check: "38.vocational", unit: "乌拉特前旗", given: &[("ordinary_senior_entrants", 110.0)],
        fact: "vocational_entrants", values: [89.0, 90.0, 91.0], met: MORE },
    // All teachers with 72 hours: 20 in every section of every school.
    Triple { standard: "bayannur-2020", check: "23.hours_72", unit: "乌拉特前旗", given: &[("teachers_72_hours", 20.0)],
        fact: "02.teachers_72_hours", values: [18.0, 19.0, 20.0], met: [false, false, true] },
    // 5 % of the operating budget for training.
    Triple { standard: "taobei-2023", check: "C8.training", unit: "第01校", given: &[("operating_budget", 50.0)],
        fact: "training_budget", values: [2.49, 2.5, 2.51], met: MORE },
    // 15 projects per hundred teachers: 6 for 40.
    Triple { standard: "taobei-2023", check: "C32.projects", unit: "第01校", given: &[("teachers_on_post", 40.0)],
        fact: "research_projects", values: [5.0, 6.0, 7.0], met: MORE },
    // Exactly 1000 yuan per primary boarder.
    Triple { standard: "taobei-2023", check: "C6.boarding", unit: "第01校", given: &[],
        fact: "living_subsidy_boarding", values: [999.0, 1000.0, 1001.0], met: [false, true, false] },
    Triple { standard: "taobei-2023", check: "C6.boarding", unit: "第02校", given: &[],
        fact: "living_subsidy_boarding", values: [1249.0, 1250.0, 1251.0], met: [false, true, false] },
    // 19 of 20 classes with 45 pupils or fewer: 4 smaller ones and 15 of 41–45.
    Triple { standard: "taobei-2023", check: "C18.standard_classes", unit: "第01校", given: &[("classes", 20.0), ("classes_51_55", 0.0), ("classes_56_60", 0.0), ("classes_61_65", 0.0), ("classes_ge66", 0.0)],
        fact: "classes_41_45", values: [14.0, 15.0, 16.0], met: MORE },
    // At least last year's value; 阿合奇 requires more than last year's.
    Triple { standard: "taobei-2023", check: "C2.budget", unit: "第01校", given: &[("education_budget_last_year", 100.0)],
        fact: "education_budget", values: [99.9, 100.0, 100.1], met: MORE },
    Triple { standard: "akqi-2021", check: "25.budget", unit: "县财政局", given: &[("education_budget_last_year", 100.0)],
        fact: "education_budget", values: [99.9, 100.0, 100.1], met: [false, false, true] },
    // 30 % of the surcharge for vocational schools.
    Triple { standard: "akqi-2021", check: "13.surcharge", unit: "县财政局", given: &[("local_surcharge", 120.0)],
        fact: "local_surcharge_vocational", values: [35.9, 36.0, 36.1], met: MORE },
    // The region's requirement is a fact of its own.
    Triple { standard: "akqi-2021", check: "7.retention", unit: "县公安局", given: &[("compulsory_retention_required", 95.5)],
        fact: "compulsory_retention", values: [95.4, 95.5, 95.6], met: MORE },
    // Below last year's dropout.
    Triple { standard: "akqi-2021", check: "7.dropout", unit: "县公安局", given: &[("compulsory_dropout_last_year", 0.5)],
        fact: "compulsory_dropout", values: [0.4, 0.5, 0.6], met: [true, false, false] },
    // One health worker per 600 pupils: 2 for 900 + 100 + 200 pupils of compulsory education.
    Triple { standard: "akqi-2021", check: "30.health_staff", unit: "县公安局", given: &[("02.students", 100.0), ("03.小学.students", 100.0), ("03.初中.students", 100.0), ("health_staff", 1.0), ("03.health_staff", 0.0)],
        fact: "01.students", values: [899.0, 900.0, 901.0], met: [true, true, false] },
    // 10 % of those due for rotation move.
    Triple { standard: "akqi-2021", check: "28.rotation", unit: "县人社局", given: &[("rotation_eligible", 100.0)],
        fact: "rotation_actual", values: [9.0, 10.0, 11.0], met: MORE },
    // A special school is required from 300,000 inhabitants.
    Triple { standard: "akqi-2021", check: "21.special_school", unit: "县发改委", given: &[("population", 30.0)],
        fact: "special_schools", values: [0.0, 1.0, 2.0], met: MORE },
];

#[test]
fn each_turns_at_its_threshold() {
    let standards: BTreeMap<&str, Standard> =
        STANDARDS.iter().map(|name| (*name, Standard::load(name).unwrap())).collect();
    for triple in &TRIPLES {
        let standard = &standards[triple.standard];
        for (value, met) in triple.values.iter().zip(triple.met) {
            let given = [triple.given, &[(triple.fact, *value)]].concat();
            let scored = scored(standard, &county(&given));
            let found: Vec<Option<bool>> = evidence(standard, &scored)
                .filter(|(check, unit, _)| check == triple.check && scored.units[*unit].name == triple.unit)
                .map(|(.., found)| found.met)
                .collect();
            let what = format!("{} {} {} {value}", triple.standard, triple.check, triple.fact);
            assert_eq!(found, [Some(met)], "{what}");
        }
    }
}

/// Below 300,000 inhabitants no special school is required; without the region's figure retention is not judged.
#[test]
fn what_does_not_apply_and_what_is_not_known() {
    let standard = Standard::load("akqi-2021").unwrap();
    let found = |values: &Values, wanted: &str| {
        let scored = scored(&standard, values);
        let all: Vec<Evidence> = evidence(&standard, &scored)
            .filter(|(check, ..)| check == wanted)
            .map(|(.., own)| own.clone())
            .collect();
        all.first().cloned()
    };
    let school = found(&county(&[("population", 29.9), ("special_schools", 0.0)]), "21.special_school");
    assert!(school.is_none_or(|own| own.met != Some(false)));
    let retention = found(&county(&[("compulsory_retention_required", f64::NAN)]), "7.retention").unwrap();
    assert_eq!((retention.value, retention.met), (Some(1.0), None));
    assert_eq!(retention.missing, ["规定的义务教育巩固率"]);
}
