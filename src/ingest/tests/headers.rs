use super::*;

#[test]
fn sections_before_behind_and_above() {
    let dir = folder();
    let before = csv(
        dir.path(),
        "a.csv",
        &format!("{HOME},小学在校生数,初中在校生数\n430503,大祥区,2025,01,甲校,九年一贯制,300,200\n"),
    );
    let behind = csv(
        dir.path(),
        "b.csv",
        &format!("{HOME},在校生数（小学）,在校生数（初中）\n430503,大祥区,2025,01,甲校,九年一贯制,300,200\n"),
    );
    let above = csv(
        dir.path(),
        "c.csv",
        "区县代码,区县名称,年度,学校代码,学校名称,学校类型,小学,,初中\n,,,,,,在校生数,班级数,在校生数\n430503,大祥区,2025,01,甲校,九年一贯制,300,7,200\n",
    );
    for file in [before, behind, above] {
        let a = read(&[file]);
        assert_eq!(number(&a, "01", "primary", "students"), Some(300.0));
        assert_eq!(number(&a, "01", "junior", "students"), Some(200.0));
    }
}

#[test]
fn a_row_a_section() {
    let dir = folder();
    let file = csv(
        dir.path(),
        "a.csv",
        "区县代码,区县名称,年度,学校代码,学校名称,学段,在校生数,体育馆面积\n430503,大祥区,2025,01,甲校,小学,300,50\n430503,大祥区,2025,01,甲校,初中部,200,\n430503,大祥区,2025,02,乙园,幼儿园,9,\n",
    );
    let a = read(&[file]);
    assert_eq!(sections(&a, "01"), ["primary", "junior"]);
    assert_eq!(number(&a, "01", "junior", "students"), Some(200.0));
    // A school's own fact is on all its sections, whichever row gave it.
    assert_eq!(number(&a, "01", "junior", "gym_area"), Some(50.0));
    assert_eq!(cells(&a, "01", "junior", "students"), ["G3"]);
    assert_eq!(found(&a, "section_unreadable").len(), 1);
}

#[test]
fn the_header_may_stand_under_a_title_that_gives_the_year() {
    let dir = folder();
    let file = workbook(
        dir.path(),
        "a.xlsx",
        &[(
            "学校",
            &[
                &["大祥区2025学年义务教育学校情况"],
                &[],
                &[
                    "区县代码",
                    "区县名称",
                    "学校代码",
                    "学校 名称\n",
                    "学校类型",
                    "在校生数（人）",
                    "教学仪器设备值（元）",
                    "教学及辅助用房面积（㎡）",
                ],
                &["430503", "大祥区", "'01", "甲校", "小学", "300", "1015400", "512㎡"],
                &["合计", "", "", "", "", "300", "1015400"],
                &["注：学年初报表"],
            ],
        )],
    );
    let a = read(&[file]);
    assert_eq!(a.facts.height(), 1);
    assert_eq!(number(&a, "01", "primary", "equipment_value"), Some(101.54));
    assert_eq!(number(&a, "01", "primary", "teaching_area"), Some(512.0));
    assert_eq!(cells(&a, "01", "primary", "students"), ["F4"]);
    assert_eq!(text(&a, "01", "primary", "district_code").as_deref(), Some("430503"));
}

#[test]
fn two_columns_of_one_fact_are_never_chosen_between() {
    let dir = folder();
    let file = csv(
        dir.path(),
        "a.csv",
        &format!("{HOME},在校生数,学生人数\n430503,大祥区,2025,01,甲校,小学,300,301\n"),
    );
    let problems = refused(read_with(&[file], &Options::default()));
    assert_eq!(codes(&problems), ["fact_two_headers"]);
    let said = Words::load(Language::Chinese).unwrap().problem(&problems[0]);
    assert!(said.contains("[sources.columns]\nstudents = \"在校生数\""), "{said}");
    assert!(said.contains("G: 在校生数、H: 学生人数"), "{said}");
}

#[test]
fn a_header_of_two_facts_is_never_guessed() {
    let dir = folder();
    let file = csv(
        dir.path(),
        "a.csv",
        &format!("{HOME},在校生数,公用经费\n430503,大祥区,2025,01,甲校,小学,300,30\n"),
    );
    let problems = refused(read_with(&[file], &Options::default()));
    assert_eq!(codes(&problems), ["header_two_facts"]);
    assert!(Words::load(Language::Chinese).unwrap().problem(&problems[0]).contains("operating_outturn"));
}

#[test]
fn school_section_and_pupils_are_needed() {
    let dir = folder();
    for (header, row, code) in [
        ("年度,学校类型,在校生数,班级数", "2025,小学,300,9", "table_lacks_school"),
        ("年度,学校名称,在校生数", "2025,甲校,300", "table_lacks_section"),
        ("年度,学校名称,学校类型,在校生总数", "2025,甲校,小学,300", "table_lacks_students"),
        ("姓名,电话", "张三,123", "file_not_understood"),
    ] {
        let file = csv(dir.path(), "a.csv", &format!("{header}\n{row}\n"));
        let options = Options { district: Some(("430503".into(), "大祥区".into())), ..Options::default() };
        let problems = refused(read_with(&[file], &options));
        assert_eq!(codes(&problems)[0], code);
    }
    let file = csv(dir.path(), "a.csv", "年度,学校名称,学校类型,在校生总数\n2025,甲校,小学,300\n");
    let problems = refused(read_with(&[file], &Options::default()));
    let said = Words::load(Language::English).unwrap().problem(&problems[0]);
    assert!(said.contains("students = \"在校生总数\""), "{said}");
}

#[test]
fn a_summary_beside_the_schools_is_passed_over() {
    let dir = folder();
    let file = workbook(
        dir.path(),
        "a.xlsx",
        &[
            ("汇总", &[&["学段", "班级数", "在校生数"], &["小学", "9", "300"]]),
            (
                "学校",
                &[
                    &["区县代码", "年度", "学校名称", "学校类型", "在校生数"],
                    &["430503", "2025", "甲校", "小学", "300"],
                ],
            ),
            ("填表说明", &[&["请如实填写"]]),
        ],
    );
    let a = read(&[file]);
    assert_eq!(a.facts.height(), 1);
    assert_eq!(codes(&a.findings), ["sheet_passed_over"]);
}

#[test]
fn an_unknown_header_is_a_finding_with_its_nearest_facts() {
    let dir = folder();
    let file = csv(
        dir.path(),
        "a.csv",
        &format!("{HOME},在校生数,教师数,备注\n430503,大祥区,2025,01,甲校,小学,300,20,\n"),
    );
    let a = read(&[file]);
    let said = found(&a, "header_unknown");
    assert_eq!(said.len(), 1);
    assert!(said[0].args.iter().any(|(k, v)| *k == "nearest" && v.contains("专任教师数")));
    assert_eq!(number(&a, "01", "primary", "teachers"), None);
}

#[test]
fn a_header_and_nothing_under_it_is_an_error() {
    let dir = folder();
    let file = csv(dir.path(), "a.csv", &format!("{HOME},在校生数\n"));
    assert_eq!(codes(&refused(read_with(&[file], &Options::default()))), ["table_without_rows"]);
}
