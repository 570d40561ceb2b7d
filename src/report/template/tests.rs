use std::collections::BTreeMap;

use calamine::{Data, Reader, Xlsx, open_workbook};

use super::*;
use crate::standard::{
    Apportionment, BySection, Check, Comparison, Exclusion, Indicator, IndicatorRelief, Method, Over, Part,
    Print, Scope, Section, Text, method::Office,
};

fn text(zh: &str) -> Text {
    Text { zh: zh.into(), en: None }
}

fn item(id: &str, title: &str, rule: Rule) -> Item {
    Item {
        id: id.into(),
        form: None,
        group: text(""),
        heading: String::new(),
        title: text(title),
        class: String::new(),
        rule,
        evidence: false,
        requirements: vec!["=1+1".into(), "有文件".into()],
        procedure: vec![],
        measures: vec![],
        departments: vec![],
        offices: vec![],
        due: None,
        clause: String::new(),
        note: None,
    }
}

fn check(id: &str, over: Over, applies: Option<&str>, numerator: &str, required: &str) -> Check {
    Check {
        id: id.into(),
        title: text(id),
        over,
        applies: applies.map(|formula| formula.parse().unwrap()),
        numerator: numerator.parse().unwrap(),
        denominator: None,
        factor: 1.0,
        compare: Comparison::AtLeast,
        required: required.parse().unwrap(),
        required_by_class: Default::default(),
        unit: String::new(),
        shortfall: None,
        shortfall_unit: String::new(),
        whole: false,
        decimals: 1,
        reliefs: vec![],
        only: None,
        clause: String::new(),
    }
}

fn standard() -> Standard {
    let formula = |text: &str| text.parse().unwrap();
    let degrees = BTreeMap::from([
        (Section::Primary, formula("teachers_associate + teachers_bachelor")),
        (Section::Junior, formula("teachers_bachelor")),
    ]);
    let indicator = Indicator {
        id: "L1".into(),
        title: text("每百名学生拥有高于规定学历教师数"),
        unit: "人/百人".into(),
        numerator: BySection::Each(degrees),
        denominator: formula("students"),
        factor: 100.0,
        threshold: BySection::Same(4.2),
        limit: BySection::Same(0.5),
        shortfall_unit: "人".into(),
        whole: true,
        reliefs: vec![IndicatorRelief {
            id: "rural".into(),
            when: formula("coalesce(small_rural_school, location = '乡村')"),
            numerator: Some(BySection::Same(formula(
                "teachers_bachelor + coalesce(visiting_pe_teachers, 0)",
            ))),
            threshold: None,
            title: text(""),
            clause: String::new(),
        }],
        departments: vec![],
        offices: vec![],
        measures: vec![],
        due: None,
        clause: String::new(),
    };
    let retention = check(
        "retention",
        Over::SumOfSections,
        Some("section = 'junior' and students > 0"),
        "graduates + certified_teachers",
        "95",
    );
    let sizes = check("sizes", Over::Section, Some("section = 'primary'"), "classes_46_50", "0");
    let pay = check("pay", Over::District, None, "teacher_average_pay", "civil_servant_average_pay");
    let mut taught = item("9", "课程", Rule::Checks { checks: vec![pay] });
    taught.evidence = true;
    let parts = [("1", 3.0), ("2", 2.5)];
    let parts = parts.map(|(id, points)| Part {
        id: id.into(),
        points: Some(points),
        title: format!("要点{id}"),
        offices: vec![],
        method: Method::Office(Office),
        only: None,
    });
    Standard {
        id: "small".into(),
        version: "1".into(),
        title: text("小标准"),
        source: "试".into(),
        extends: None,
        notes: vec![],
        scope: Scope {
            sections: vec![Section::Primary, Section::Junior],
            exclude: vec![Exclusion {
                id: "point".into(),
                when: formula("school_type = '教学点' and students < 50"),
                reason: text(""),
                clause: String::new(),
                only: None,
            }],
            clause: String::new(),
        },
        apportionment: Some(Apportionment {
            facts: vec!["teaching_area".into()],
            weights: BTreeMap::from([
                (Section::Primary, 1.0),
                (Section::Junior, 1.1),
                (Section::Senior, 1.32),
            ]),
            clause: String::new(),
        }),
        school_rule: None,
        indicators: vec![indicator],
        items: vec![
            item("1", "学历", Rule::Indicator { indicator: "L1".into() }),
            item("7", "巩固率", Rule::Checks { checks: vec![retention, sizes] }),
            item(
                "8",
                "优先发展",
                Rule::Scored {
                    points: Some(5.5),
                    floor: 0.8,
                    parts: parts.into(),
                    adjustments: vec![],
                    checks: vec![],
                },
            ),
            taught,
            item("10", "规划", Rule::Evidence),
            item("V1", "违规择校", Rule::Veto),
        ],
        settings: vec![],
        scoring: None,
        print: Print::default(),
        groups: vec![],
        units: None,
        steps: vec![],
        papers: vec![],
        consequences: vec![],
        self_report: None,
        rounds: vec![],
        recheck: None,
        document_findings: vec![],
    }
}

fn sheets() -> BTreeMap<String, Vec<Vec<String>>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("template.xlsx");
    write(&standard(), &Words::load(Language::Chinese).unwrap(), &path).unwrap();
    let mut workbook: Xlsx<_> = open_workbook(&path).unwrap();
    let mut sheets = BTreeMap::new();
    for name in workbook.sheet_names() {
        // A formula would show here, whatever its result is.
        assert!(workbook.worksheet_formula(&name).unwrap().used_cells().next().is_none());
        let range = workbook.worksheet_range(&name).unwrap();
        let text = |cell: &Data| cell.to_string();
        sheets.insert(name, range.rows().map(|row| row.iter().map(text).collect()).collect());
    }
    sheets
}

#[test]
fn it_asks_for_what_the_formulas_name_and_nothing_else() {
    let sheets = sheets();
    let (bands, headers): (Vec<String>, Vec<String>) = sheets["学校"][0]
        .iter()
        .cloned()
        .partition(|header| header.ends_with("班级数（个）") && header != "小学班级数（个）");
    assert_eq!(bands.len(), 10, "one band asked is all bands asked");
    let expected = [
        "区县代码",
        "区县名称",
        "年度",
        "学校代码",
        "学校名称",
        "学校类型",
        "办学性质",
        "城乡类型",
        "是否寄宿制学校",
        "建校年份",
        "是否50人及以上但不足100人的乡村小规模学校和教学点",
        "小学在校生数（人）",
        "小学班级数（个）",
        "小学专科学历教师数（人）",
        "小学本科学历教师数（人）",
        "小学体育交流轮岗兼职走教教师数（人）",
        "初中在校生数（人）",
        "初中本科学历教师数（人）",
        "初中体育交流轮岗兼职走教教师数（人）",
        "初中持有教师资格证教师数（人）",
        "初中毕业生数（人）",
        "高中在校生数（人）",
    ];
    assert_eq!(headers, expected);
    let district: Vec<&str> = sheets["区县"].iter().map(|row| row[0].as_str()).collect();
    assert_eq!(
        district,
        [
            "填报项目",
            "区县代码",
            "区县名称",
            "年度",
            "义务教育学校教师年平均工资收入",
            "当地公务员年平均工资收入"
        ]
    );
}

#[test]
fn every_item_that_needs_an_answer_has_a_row() {
    let sheets = sheets();
    let rows = &sheets["佐证与评分"];
    assert_eq!(rows[0][..], ANSWER_HEADERS);
    let found: Vec<(&str, &str)> = rows[1..].iter().map(|row| (row[0].as_str(), row[3].as_str())).collect();
    assert_eq!(found, [("8.1", "3"), ("8.2", "2.5"), ("9", ""), ("10", ""), ("V1", "")]);
    assert_eq!(rows[3][2], "=1+1\n有文件");
    assert!(sheets["填表说明"].len() > 15);
}

#[test]
fn what_the_dictionary_notes_is_explained_in_both_languages() {
    for language in [Language::Chinese, Language::English] {
        let words = Words::load(language).unwrap();
        for fact in Dictionary::get().facts().iter().filter(|fact| !fact.note.is_empty()) {
            let stand_in = ["counted", "parent_code", "arts_teachers_total"].contains(&fact.id.as_str())
                || fact.id.starts_with("built_by_");
            assert!(stand_in || words.has(&format!("template.note.{}", fact.id)), "{}", fact.id);
        }
    }
}

#[test]
fn what_only_the_application_form_prints_stands_behind_a_line() {
    let asked = |name: &str| Asked::of(&Standard::load(name).unwrap());
    let national = asked("quality-balance-2017");
    let ids = |facts: &[&Fact]| facts.iter().map(|fact| fact.id.clone()).collect::<Vec<_>>();
    let (judged, printed) = (ids(&national.district), ids(&national.form_district));
    assert!(judged.contains(&"satisfaction".to_string()) && !judged.contains(&"population".to_string()));
    for fact in
        ["population", "villages", "monitoring_level_pe", "questionnaires", "parent_interviews_satisfied"]
    {
        assert!(printed.contains(&fact.to_string()), "{fact}");
    }
    assert!(judged.iter().all(|fact| !printed.contains(fact)));
    let sections: Vec<_> =
        national.form_sections.iter().map(|(section, facts)| (*section, ids(facts))).collect();
    let both = vec!["grades".to_string(), "staff_total".to_string()];
    assert_eq!(sections, [(Section::Primary, both.clone()), (Section::Junior, both)]);
    let measured_only = asked("taiwan-primary");
    assert!(measured_only.form_district.is_empty());
    assert!(measured_only.form_sections.iter().all(|(_, facts)| facts.is_empty()));
}
