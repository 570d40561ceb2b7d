//! 阿合奇县: 30 items for 26 departments, both annexes, the plan, the calendar.

use super::*;

const SEED: &str = "002_3cc2d5c2ad6db554.txt";
const OFFICE: &str = "县人民政府教育督导委员会办公室";

#[test]
fn thirty_items_under_6_and_15_headings_for_26_departments() {
    let standard = load("akqi-2021");
    let ids: Vec<String> = standard.items.iter().map(|item| item.id.clone()).collect();
    assert_eq!(ids, (1..=30).map(|n| n.to_string()).collect::<Vec<_>>());
    let (top, below) = headings(&standard);
    assert_eq!((top.len(), below.len()), (6, 15));
    let units = standard.units.as_ref().unwrap();
    assert_eq!((units.kind, units.by_department, units.members.len()), (UnitKind::Department, true, 26));
    let without: Vec<&str> =
        units.members.iter().filter(|m| m.duties.is_empty()).map(|m| m.name.as_str()).collect();
    assert_eq!(without, ["县国家安全局"], "the document gives it none");
    for item in &standard.items {
        assert_eq!(points(&standard, &item.id), None, "{}: points are the yearly index's", item.id);
        assert_eq!(item.offices, [OFFICE], "{}", item.id);
        assert!(!item.departments.is_empty(), "{}", item.id);
        for department in &item.departments {
            let known = department == OFFICE || units.members.iter().any(|m| m.name == *department);
            assert!(known, "{}: {department}", item.id);
        }
    }
    assert!(standard.notes.iter().any(|note| note.zh.contains("推定")), "departments are derived by us");
    marked_by_offices(&standard);
    said_in_both_languages(&standard);
    let scoring = standard.scoring.as_ref().unwrap();
    let shares: Vec<f64> = scoring.components.iter().filter_map(|component| component.share).collect();
    assert_eq!((scoring.total, shares), (None, vec![0.7, 0.3]));
}

#[test]
fn departments_are_those_of_the_item_table() {
    let Some(rows) = table("002_items.csv") else { return };
    let standard = load("akqi-2021");
    let members = &standard.units.as_ref().unwrap().members;
    // Its short names are the members' aliases, but for the office that is none of them.
    let full = |short: &str| match short {
        "县政府教育督导委员会办公室" => OFFICE.to_string(),
        _ => {
            let is = |m: &&standard::Member| m.name == short || m.aliases.iter().any(|alias| alias == short);
            members.iter().find(is).unwrap_or_else(|| panic!("{short}")).name.clone()
        }
    };
    assert_eq!(rows.len(), 30);
    for row in rows {
        let item = standard.item(&row["item"]).unwrap();
        let departments: Vec<String> = row["department_derived"].split(';').map(full).collect();
        assert_eq!(item.departments, departments, "{}", item.id);
        let group = standard.groups.iter().find(|group| group.id == item.heading).unwrap();
        let top = standard.groups.iter().find(|top| Some(&top.id) == group.within.as_ref()).unwrap();
        let label = group.label.replace('（', "(").replace('）', ")");
        assert_eq!(
            (top.label.as_str(), label.as_str()),
            (row["L1"].as_str(), row["L2"].as_str()),
            "{}",
            item.id
        );
    }
}

/// What stands between the end of one text and the start of the next in annex 1 and 2, and nothing else.
#[test]
fn every_word_of_both_annexes_stands_in_the_file() {
    let Some(document) = document(SEED) else { return };
    let standard = load("akqi-2021");
    let start = document.rfind("附件1").unwrap();
    let (mut duties, items) = document[start..].split_at(document[start..].rfind("附件2").unwrap());
    let mut left = items.to_string();
    for text in standard.items.iter().map(|item| squeezed(&item.requirements.concat())) {
        assert_eq!(left.matches(&text).count(), 1, "{text}");
        left = left.replace(&text, "");
    }
    for group in standard.groups.iter().rev() {
        let heading = match group.within {
            None => format!("{}、{}", group.label, group.title.zh),
            Some(_) => format!("{}{}", group.label, group.title.zh),
        };
        assert!(left.contains(&heading), "{heading}");
        left = left.replace(&heading, "");
    }
    let rest = "附件2阿合奇县履行教育职责评价指标体系一级指标二级指标三级指标抄送：县党办，人大办，政协办。";
    assert_eq!(left, format!("{rest}阿合奇县人民政府办公室2021年6月9日印发"));

    // Annex 1, heading by heading: the members' duties, and in notes those of the two that are none.
    let members = &standard.units.as_ref().unwrap().members;
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for member in members.iter().filter(|member| !member.duties.is_empty()) {
        let name = match member.name.as_str() {
            "县委编办" | "县人社局" => "县委编办、县人社局",
            name => name,
        };
        let text = squeezed(&member.duties.concat());
        let before = texts.insert(name.to_string(), text.clone());
        assert!(before.is_none_or(|before| before == text), "{name}");
    }
    for note in &standard.notes {
        if let Some((name, text)) = note.zh.strip_prefix("附件1 ").and_then(|note| note.split_once('：')) {
            texts.insert(name.to_string(), squeezed(text));
        }
    }
    assert_eq!(texts.len(), 26);
    duties = duties.strip_prefix("附件1阿合奇县履行教育职责分工").unwrap();
    while !duties.is_empty() {
        let found = texts.iter().find_map(|(name, text)| {
            let rest = duties.strip_prefix(name.as_str())?;
            let rest = rest.strip_prefix('：').or_else(|| rest.strip_prefix(':'))?;
            Some((name.clone(), rest.strip_prefix(text.as_str())?))
        });
        let (name, rest) = found.unwrap_or_else(|| panic!("{}", duties.chars().take(60).collect::<String>()));
        texts.remove(&name);
        duties = rest;
    }
    assert_eq!(texts, BTreeMap::new());
}

#[test]
fn the_plan_itself_stands_in_the_notes() {
    let Some(document) = document(SEED) else { return };
    let standard = load("akqi-2021");
    let plan = &document[document.find("为建立“督政").unwrap()..document.find("附件：1.").unwrap()];
    let mut left = plan.to_string();
    for note in &standard.notes {
        let text = squeezed(&note.zh);
        assert!(plan.contains(&text) == left.contains(&text), "{text}");
        left = left.replace(&text, "");
    }
    // What is left are the names of the leading group, and the list of its members, who are the units.
    assert!(left.starts_with("阿合奇县履行教育职责督导评价领导小组如下"), "{left}");
    assert!(left.chars().count() < 350, "{left}");
    for member in &standard.units.as_ref().unwrap().members {
        let named =
            std::iter::once(&member.name).chain(&member.aliases).any(|name| left.contains(name.as_str()));
        assert!(named, "{}", member.name);
    }
}

#[test]
fn numbers_of_the_document_are_checks() {
    let standard = load("akqi-2021");
    let asked = |item, id| asks(&standard, item, id);
    assert_eq!(asked("5", "inclusive"), ">= 80");
    assert_eq!(asked("6", "towns"), ">= 100");
    assert_eq!(asked("7", "retention"), ">= compulsory_retention_required");
    assert_eq!(asked("7", "dropout"), "< compulsory_dropout_last_year");
    assert_eq!(asked("9", "target"), ">= senior_gross_enrolment_required");
    assert_eq!(asked("9", "growth"), "> senior_gross_enrolment_last_year");
    assert_eq!(asked("13", "surcharge"), ">= 30");
    assert_eq!(asked("13", "funding"), ">= 2000");
    assert_eq!(asked("14", "funding"), ">= 12000");
    assert_eq!(asked("19", "target"), ">= disabled_enrolment_required");
    assert_eq!(asked("25", "budget"), "> education_budget_last_year");
    assert_eq!(asked("25", "per_pupil"), "> education_budget_per_pupil_last_year");
    assert_eq!(asked("27", "pay"), ">= civil_servant_average_pay");
    assert_eq!(asked("28", "rotation"), ">= 10");
    assert_eq!(asked("28", "backbone"), ">= 20");
    assert_eq!(asked("28", "secretaries"), ">= 100");
    let health = check(&standard, "30", "health_staff");
    assert_eq!(
        (health.over, health.factor, asked("30", "health_staff")),
        (Over::SumOfSchools, 600.0, ">= 1".into())
    );
    let applies = check(&standard, "21", "special_school").applies.as_ref().unwrap().to_string();
    assert_eq!(applies, "population >= 30");
}

#[test]
fn the_calendar_has_the_steps_of_the_plan() {
    let standard = load("akqi-2021");
    let day = |month, day| MonthDay { month, day };
    let after = |step: &str, days| When::After { step: step.into(), days };
    let steps: Vec<(&str, When, &str)> =
        standard.steps.iter().map(|e| (e.id.as_str(), e.when.clone(), e.clause.as_str())).collect();
    assert_eq!(
        steps,
        [
            ("notice", When::Unknown, "实施方案第五条第1项"),
            ("self_report", When::By(day(3, 1)), "实施方案第五条第2项"),
            ("third_party", When::Unknown, "实施方案第二条、第五条第3项"),
            ("visit", When::Period { from: day(3, 1), until: day(4, 30) }, "实施方案第五条第3项"),
            ("feedback", after("visit", 14), "实施方案第五条第4项"),
            ("plan", after("feedback", 7), "实施方案第五条第5项"),
            ("follow_up", When::Unknown, "实施方案第五条第5项"),
            ("report", When::Unknown, "实施方案第五条第6项"),
            ("publication", When::Unknown, "实施方案第五条第6项"),
            ("submission", When::Unknown, "实施方案第六条"),
            ("accountability", When::Unknown, "实施方案第六条"),
            ("department_reports", When::Unknown, "附件1"),
            ("policy_lessons", When::Unknown, "附件2第1项"),
            ("health_examination", When::Unknown, "附件1"),
        ]
    );
    dates_are_the_documents_words(&standard, SEED);
}

#[test]
fn what_is_wrong_with_the_document_is_said() {
    let standard = load("akqi-2021");
    for id in ["document", "1", "7", "9", "10", "14", "18", "19", "26", "A3", "step.follow_up", "step.report"]
    {
        assert!(!about(&standard, id).is_empty(), "{id}");
    }
    let units = about(&standard, "units").iter().map(|(_, text)| *text).collect::<String>();
    for word in ["国家安全局", "生态环境局", "（三）（三）", "“（一）”", "合写一条"]
    {
        assert!(units.contains(word), "{word}");
    }
}
