use super::*;
use crate::{
    ingest::{self, Options},
    scoring::Last,
    standard::Standard,
    tables::{
        marks::Marks,
        scored::{Scored, State},
    },
    words::Language,
};

/// Two counties in two years, with one more school in the second year.
const SCHOOLS: &str = "\
区县代码,区县名称,年度,学校代码,学校名称,学校类型,小学在校生数,初中在校生数
150802,临河区,2024,0101,临河一小,小学,300,
150802,临河区,2025,0101,临河一小,小学,310,
150802,临河区,2025,0102,临河九年学校,九年一贯制,200,900
150823,乌拉特前旗,2025,0201,前旗一小,小学,250,
";

fn facts(folder: &std::path::Path) -> Facts {
    let path = folder.join("学校.csv");
    std::fs::write(&path, SCHOOLS).unwrap();
    let mut facts = ingest::read(&[path], &Options::default(), &|_, _, _| {}).unwrap();
    *facts.district_facts.frame_mut() = df!(
        "district_code" => ["150802", "150802", "150823", "150823"],
        "year" => [2024i32, 2025, 2025, 2025],
        "fact" => ["education_budget", "education_budget", "education_budget", "education_budget_last_year"],
        "value" => [90.0, 100.0, 80.0, 80.0],
        "source_id" => [0i32, 0, 0, 0],
        "cell" => ["C3", "C4", "C5", "C6"],
    )
    .unwrap();
    facts
}

fn standard(kind: &str, members: &str) -> Standard {
    let text = format!(
        r#"
id = "sample"
version = "1"
source = "样例"
title.zh = "样例"
[units]
kind = "{kind}"
title.zh = "单位"
{members}
[scoring]
total = 15
[[group]]
id = "A"
title.zh = "甲"
[[item]]
id = "1"
group = "A"
kind = "scored"
points = 5
title.zh = "教育支出只增不减"
[[item.part]]
id = "1"
points = 5
title = "①"
method = "trend"
up = 5
same = 5
down = 0
check = "budget"
[[item.check]]
id = "budget"
title.zh = "教育支出"
over = "district"
numerator = "education_budget"
compare = ">="
required = "education_budget_last_year"
unit = "万元"
[[item]]
id = "2"
group = "A"
kind = "scored"
points = 10
title.zh = "规模"
[[item.part]]
id = "1"
points = 10
title = "①"
method = "threshold"
check = "size"
otherwise = 4
[[item.check]]
id = "size"
title.zh = "在校生数"
over = "school"
numerator = "students"
compare = "<="
required = 1000
unit = "人"
"#
    );
    let words = Words::load(Language::Chinese).unwrap();
    Standard::parse(&text, "sample.toml").unwrap_or_else(|why| panic!("{}", words.error(&why)))
}

fn unit(name: &str, code: Option<&str>) -> Unit {
    Unit { name: name.into(), code: code.map(String::from), ..Unit::default() }
}

fn run(standard: &Standard, units: Vec<Unit>, year: Option<i32>) -> Scored {
    let folder = tempfile::tempdir().unwrap();
    let marks = Marks { units, year, ..Marks::default() };
    let words = Words::load(Language::Chinese).unwrap();
    super::super::run(&marks, Some(&facts(folder.path())), standard, &Last::new(), &words).unwrap()
}

fn codes(scored: &Scored) -> Vec<&str> {
    scored.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn counties_by_code_name_and_alias() {
    let units = vec![
        unit("临河", Some("150802")),
        Unit { aliases: vec!["乌拉特前旗".into()], ..unit("前旗", None) },
        unit("五原县", None),
    ];
    let scored = run(&standard("district", ""), units, None);
    // The newest year of the data.
    assert_eq!(scored.year, Some(2025));
    let first = &scored.items[0];
    assert_eq!(first.arithmetic, "上升（上年 90，本年 100）：5");
    let cells: Vec<&str> =
        first.evidence[0].places.iter().filter_map(|place| place.cell.as_deref()).collect();
    assert_eq!(cells, ["C4", "C3"]);
    // 临河九年学校 has 1,100 pupils: this one school fails the check, and its cells are shown.
    let second = &scored.items[1];
    assert_eq!((second.score, second.arithmetic.as_str()), (Some(4.0), "未达到（未达到的有 1 所）：4"));
    let cells: Vec<&str> =
        second.evidence[0].places.iter().filter_map(|place| place.cell.as_deref()).collect();
    assert_eq!(cells, ["G4", "H4"]);
    // Last year's of 乌拉特前旗 is given.
    assert_eq!(scored.items[2].arithmetic, "持平（上年 80，本年 80）：5");
    assert_eq!(scored.items[3].arithmetic, "达到（各校（学段）都达到）：10");
    assert_eq!((scored.items[4].state, scored.items[5].state), (State::Unmarked, State::Unmarked));
    assert_eq!(codes(&scored), ["scoring_unit_without_data"]);
}

#[test]
fn a_county_that_is_not_scored_is_told() {
    let scored = run(&standard("district", ""), vec![unit("临河区", None)], Some(2025));
    assert_eq!(codes(&scored), ["scoring_data_without_unit"]);
}

#[test]
fn another_year_and_one_that_is_not_there() {
    let scored = run(&standard("district", ""), vec![unit("临河区", None)], Some(2024));
    // Nothing is known of 2023.
    assert_eq!(scored.items[0].unmarked, ["1.check.budget.required"]);
    assert_eq!(scored.items[1].score, Some(10.0));
    let scored = run(&standard("district", ""), vec![unit("临河区", None)], Some(2023));
    assert_eq!(codes(&scored), ["scoring_year_without_data"]);
    assert_eq!(scored.items[1].state, State::Unmarked);
}

#[test]
fn schools_have_their_own_rows_and_the_countys_values() {
    let units = vec![unit("九年学校", Some("0102")), unit("临河一小", None)];
    let scored = run(&standard("school", ""), units, None);
    assert_eq!(scored.items[0].score, Some(5.0));
    assert_eq!(scored.items[1].arithmetic, "未达到（1,100 > 1,000）：4");
    assert_eq!(scored.items[3].arithmetic, "达到（310 ≤ 1,000）：10");
    assert_eq!(codes(&scored), ["scoring_data_without_unit"]);
}

#[test]
fn departments_have_the_countys_values_where_there_is_one_county() {
    let scored = run(&standard("department", ""), vec![unit("教育局", None)], Some(2024));
    assert_eq!(scored.items[1].score, Some(10.0));
    let scored = run(&standard("department", ""), vec![unit("教育局", None)], Some(2025));
    assert_eq!(codes(&scored), ["scoring_several_counties"]);
    assert_eq!(scored.items[1].score, None);
}

#[test]
fn a_name_of_two_schools_is_nobodys() {
    let units = vec![Unit { aliases: vec!["临河九年学校".into()], ..unit("临河一小", None) }];
    let scored = run(&standard("school", ""), units, None);
    assert_eq!(codes(&scored)[0], "scoring_unit_ambiguous");
    assert_eq!(scored.items[1].score, None);
}
