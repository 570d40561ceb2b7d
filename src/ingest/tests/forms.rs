use super::*;

fn form(folder: &Path, rows: &[(&str, &str, &str)]) -> PathBuf {
    let mut lines = vec![vec!["序号", "类别", "填报项目", "单位", "填报值"]];
    lines.extend(rows.iter().map(|(item, unit, value)| vec!["1", "", *item, *unit, *value]));
    let rows: Vec<&[&str]> = lines.iter().map(Vec::as_slice).collect();
    workbook(folder, "form.xlsx", &[("学校填报数据", &rows)])
}
fn options() -> Options {
    Options { year: Some(2025), district: Some(("430503".into(), "大祥区".into())), ..Options::default() }
}

#[test]
fn unnamed_section_facts_belong_to_the_one_section() {
    let dir = folder();
    let file = form(
        dir.path(),
        &[
            ("学校名称", "", "甲校"),
            ("学校类型", "小学/初中", "小学"),
            ("学校代码", "", "'01"),
            ("小学学生人数", "人", "370"),
            ("初中学生人数", "人", ""),
            ("班级总数", "个", "10"),
            ("教学仪器设备资产值（账面原值）", "元", "1015400"),
            ("图书册数", "㎡", "5"),
        ],
    );
    let a = read_with(&[file], &options()).unwrap();
    assert_eq!(sections(&a, "01"), ["primary"]);
    assert_eq!(number(&a, "01", "primary", "classes"), Some(10.0));
    assert_eq!(number(&a, "01", "primary", "equipment_value"), Some(101.54));
    assert_eq!(number(&a, "01", "primary", "books"), None);
    assert_eq!(found(&a, "unit_unknown").len(), 1);
    assert_eq!(cells(&a, "01", "primary", "classes"), ["E7"]);
}

#[test]
fn on_a_combined_school_they_are_an_error_that_says_so() {
    let dir = folder();
    let file = form(
        dir.path(),
        &[
            ("学校名称", "", "甲校"),
            ("学校类型", "", "九年一贯制"),
            ("小学学生人数", "人", "370"),
            ("初中学生人数", "人", "200"),
            ("班级总数", "个", "10"),
            ("本届毕业学生人数", "人", "50"),
            ("网络多媒体教室间数", "间", "20"),
        ],
    );
    let problems = refused(read_with(&[file], &options()));
    assert_eq!(codes(&problems), ["form_section_unnamed"]);
    let said = Words::load(Language::Chinese).unwrap().problem(&problems[0]);
    assert!(said.contains("小学、初中") && said.contains("班级总数") && !said.contains("毕业"), "{said}");
}

#[test]
fn answers_are_conclusions_or_scores() {
    let dir = folder();
    let file = workbook(
        dir.path(),
        "county.xlsx",
        &[
            ("学校", &[&["学校代码", "学校名称", "学校类型", "在校生数"], &["'01", "甲校", "小学", "300"]]),
            (
                "区县",
                &[
                    &["填报项目", "填报值"],
                    &["区县代码", "'430503"],
                    &["区县名称", "大祥区"],
                    &["年度", "2025"],
                    &["社会认可度", "88.5%"],
                ],
            ),
            (
                "佐证与评分",
                &[
                    &["编号", "指标", "要求", "分值", "结论或得分", "佐证材料", "日期", "填写人"],
                    &["8", "布局", "", "", "达标", "规划图", "2025-06-01", "王"],
                    &["9.1", "", "", "5", "4.5", "", "", ""],
                    &["V1", "", "", "", "无", "", "", ""],
                    &["V2", "", "", "", "存在", "", "", ""],
                    &["11", "", "", "", "×", "", "", ""],
                    &["12", "", "", "", "差不多", "", "", ""],
                    &["13", "", "", "", "", "", "", ""],
                ],
            ),
            ("指标计算说明", &[&["指标名称", "计算公式"], &["甲", "乙"]]),
        ],
    );
    let a = read(&[file]);
    assert_eq!(a.district_facts.frame().column("value").unwrap().f64().unwrap().get(0), Some(88.5));
    let items: Vec<_> = a
        .answers
        .frame()
        .column("item")
        .unwrap()
        .str()
        .unwrap()
        .iter()
        .flatten()
        .map(str::to_string)
        .collect();
    let met: Vec<_> = a.answers.frame().column("met").unwrap().bool().unwrap().iter().collect();
    let score: Vec<_> = a.answers.frame().column("score").unwrap().f64().unwrap().iter().collect();
    assert_eq!(items, ["8", "9.1", "V1", "V2", "11"]);
    assert_eq!(met, [Some(true), None, Some(true), Some(false), Some(false)]);
    assert_eq!(score, [None, Some(4.5), None, None, None]);
    assert_eq!(a.answers.frame().column("district_code").unwrap().str().unwrap().get(0), Some("430503"));
    assert_eq!(codes(&a.findings), ["answer_unreadable"]);
    assert_eq!(text(&a, "01", "primary", "district_name").as_deref(), Some("大祥区"));
}
