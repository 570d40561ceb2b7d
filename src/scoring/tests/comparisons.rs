use super::*;

const TIERS: &str = "method = \"tiers\"\ntiers = [10, 8, 6]\nentered.zh = \"得分率（%）\"";

fn values(values: &[f64]) -> Vec<(usize, &'static str, Cell)> {
    values.iter().enumerate().map(|(unit, value)| (unit, "1.1.value", number(*value))).collect()
}

fn scores(scored: &Scored) -> Vec<Option<f64>> {
    scored.items.iter().map(|item| item.score).collect()
}

#[test]
fn seven_units_over_three_tiers() {
    let standard = one(10.0, TIERS, "");
    let marks = marks(7, &values(&[90.0, 95.0, 70.0, 80.0, 85.0, 60.0, 65.0]));
    let scored = scored(&standard, &marks, &Data::new());
    // Ranks 2, 1, 5, 4, 3, 7, 6.
    let by_hand = [10.0, 10.0, 8.0, 8.0, 10.0, 6.0, 6.0].map(Some);
    assert_eq!(scores(&scored), by_hand);
    assert_eq!(scored.items[0].arithmetic, "第2名／共7个（90），第1档：10");
    // Lower values are better.
    let lower = one(10.0, &format!("{TIERS}\nbetter = \"lower\""), "");
    let scored = super::scored(&lower, &marks, &Data::new());
    assert_eq!(scored.items[5].arithmetic, "第1名／共7个（60），第1档：10");
    assert_eq!(scored.items[1].score, Some(6.0));
}

#[test]
fn equal_values_share_the_better_tier() {
    let standard = one(10.0, TIERS, "");
    let found = scored(&standard, &marks(3, &values(&[80.0, 90.0, 90.0])), &Data::new());
    // Ranks 3, 1, 1: no unit has the second tier.
    assert_eq!(scores(&found), [6.0, 10.0, 10.0].map(Some));
    assert_eq!(found.items[1].arithmetic, "并列第1名／共3个（90），第1档：10");
    // Nearly equal values do not.
    let apart = scored(&standard, &marks(3, &values(&[80.0, 90.0, 89.999])), &Data::new());
    assert_eq!(scores(&apart), [6.0, 10.0, 8.0].map(Some));
}

#[test]
fn one_value_that_is_missing_holds_up_all() {
    let standard = one(10.0, TIERS, "");
    let found = scored(&standard, &marks(3, &values(&[80.0, 90.0])), &Data::new());
    assert_eq!(scores(&found), [None; 3]);
    assert!(found.items.iter().all(|item| item.state == State::Unmarked));
    assert_eq!(found.items[0].arithmetic, "比较尚未完成，以下单位还没有数值：丙");
    assert_eq!(
        (found.items[0].unmarked.len(), &found.items[2].unmarked[..]),
        (0, &["1.1.value".to_string()][..])
    );
    assert_eq!(found.standings[0].unmarked, 1);
    assert_eq!(found.standings[0].total, None);
}

#[test]
fn those_that_fail_a_threshold_are_ranked_among_themselves() {
    let method = "method = \"threshold\"\ncheck = \"c\"\ntiers = [4, 3, 2]";
    let standard = one(2.0, method, &check("required = 67", ">="));
    let entered = |values: &[f64]| -> Vec<(usize, &'static str, Cell)> {
        values.iter().enumerate().map(|(unit, value)| (unit, "1.check.c", number(*value))).collect()
    };
    // No part goes above its points, so a unit that fails never has more than one that reaches.
    let limited = scored(&standard, &marks(5, &entered(&[67.0, 66.0, 70.0, 50.0, 60.0])), &Data::new());
    assert_eq!(scores(&limited), [Some(2.0); 5]);
    assert!(limited.items[1].arithmetic.ends_with("第1档：4 → 2"), "{}", limited.items[1].arithmetic);
    // As written: a unit below the threshold may score more than one that reaches it.
    let mut standard = one(2.0, method, &(check("required = 67", ">=") + SETTINGS));
    standard.choose("above_points", "as_written").unwrap();
    let found = scored(&standard, &marks(5, &entered(&[67.0, 66.0, 70.0, 50.0, 60.0])), &Data::new());
    assert_eq!(scores(&found), [2.0, 4.0, 2.0, 2.0, 3.0].map(Some));
    assert_eq!(found.items[1].arithmetic, "未达到（66 < 67），第1名／共3个（66），第1档：4");
    assert!(found.items[1].above && !found.items[0].above && !found.items[3].above);
    let told: Vec<_> = found.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(told, ["score_above_points"]);
    // While one value is unknown, the units to compare are unknown; a unit that reaches the threshold is scored.
    let open = scored(&standard, &marks(3, &entered(&[67.0, 66.0])), &Data::new());
    assert_eq!(scores(&open), [Some(2.0), None, None]);
    assert_eq!(open.items[1].arithmetic, "未达到（66 < 67），比较尚未完成，以下单位还没有数值：丙");
}

const SETTINGS: &str = r#"
[[setting]]
id = "above_points"
title.zh = "高于分值"
value = "as_written"
[setting.values]
as_written.zh = "照写"
capped.zh = "为限"
[[setting]]
id = "tier_split"
title.zh = "分档"
value = "equal"
[setting.values]
equal.zh = "均分"
marked.zh = "科室定"
"#;

#[test]
fn tiers_above_the_points_may_be_capped() {
    let method = "method = \"threshold\"\ncheck = \"c\"\ntiers = [4, 3, 2]";
    let mut standard = one(2.0, method, &(check("required = 67", ">=") + SETTINGS));
    standard.choose("above_points", "capped").unwrap();
    let entered =
        [(0, "1.check.c", number(66.0)), (1, "1.check.c", number(65.0)), (2, "1.check.c", number(64.0))];
    let found = scored(&standard, &marks(3, &entered), &Data::new());
    assert_eq!(scores(&found), [2.0, 2.0, 2.0].map(Some));
    assert!(found.items[0].arithmetic.ends_with("第1档：4 → 2"), "{}", found.items[0].arithmetic);
    assert!(found.findings.is_empty() && !found.items[0].above);
}

#[test]
fn the_office_may_choose_every_tier() {
    let mut standard = one(10.0, TIERS, SETTINGS);
    standard.choose("tier_split", "marked").unwrap();
    let asked: Vec<(String, bool)> =
        standard.entries().into_iter().map(|entry| (entry.id, entry.optional)).collect();
    assert_eq!(asked, [("1.1.value".to_string(), true), ("1.1.tier".to_string(), false)]);
    let found = scored(&standard, &marks(2, &[(0, "1.1.tier", number(8.0))]), &Data::new());
    assert_eq!(scores(&found), [Some(8.0), None]);
    assert_eq!(found.items[0].arithmetic, "第2档：8");
    assert_eq!(found.items[1].unmarked, ["1.1.tier"]);
    let method = "method = \"threshold\"\ncheck = \"c\"\ntiers = [4, 3, 2]";
    let mut standard = one(4.0, method, &(check("required = 67", ">=") + SETTINGS));
    standard.choose("tier_split", "marked").unwrap();
    let entered =
        [(0, "1.check.c", number(66.0)), (0, "1.1.tier", number(3.0)), (1, "1.check.c", number(67.0))];
    let found = scored(&standard, &marks(2, &entered), &Data::new());
    assert_eq!(scores(&found), [Some(3.0), Some(4.0)]);
    assert_eq!(found.items[0].arithmetic, "未达到（66 < 67），第2档：3");
}

#[test]
fn tiers_that_an_office_chooses_and_names() {
    let method =
        "method = \"tiers\"\ntiers = [5, 4, 3]\ntier_names = [\"优\", \"较好\", \"有\"]\nnone = true";
    let standard = one(5.0, method, "");
    let at = |tier| found(&standard, &[(0, "1.1.tier", number(tier))]);
    assert_eq!(at(5.0), is(5.0, "优：5"));
    assert_eq!(at(3.0), is(3.0, "有：3"));
    assert_eq!(at(0.0), is(0.0, "没有，不给分：0"));
    assert_eq!(at(2.0).0, None);
    let plain = one(5.0, "method = \"tiers\"\ntiers = [5, 4, 3]", "");
    assert_eq!(found(&plain, &[(0, "1.1.tier", number(4.0))]), is(4.0, "第2档：4"));
    assert_eq!(found(&plain, &[(0, "1.1.tier", number(0.0))]).0, None);
}

#[test]
fn who_has_nothing_is_not_compared() {
    let standard = one(10.0, &format!("{TIERS}\nnone = true"), "");
    let found = scored(&standard, &marks(4, &values(&[3.0, 0.0, 2.0, 1.0])), &Data::new());
    assert_eq!(scores(&found), [10.0, 0.0, 8.0, 6.0].map(Some));
    assert_eq!(found.items[1].arithmetic, "没有，不给分：0");
}

#[test]
fn who_is_not_assessed_is_neither_compared_nor_waited_for() {
    let precondition = "[[item.adjust]]\nid = \"applied\"\nkind = \"precondition\"\ntitle.zh = \"申报\"";
    let standard = one(10.0, TIERS, precondition);
    let mut entered = values(&[80.0, 90.0]);
    entered.extend([(0, "1.applied", YES), (1, "1.applied", YES), (2, "1.applied", NO)]);
    let found = scored(&standard, &marks(3, &entered), &Data::new());
    assert_eq!(scores(&found), [8.0, 10.0, 0.0].map(Some));
    assert_eq!(found.items[2].state, State::NotAssessed);
    assert_eq!(found.items[2].arithmetic, "不评估（没有“申报”）：0");
    assert_eq!(found.items[2].unmarked.len(), 0);
}

#[test]
fn by_a_check_fewer_is_better_where_it_is_a_bound_above() {
    let method = "method = \"tiers\"\ntiers = [10, 8]\ncheck = \"c\"";
    for (compare, first) in [(">=", 8.0), (">", 8.0), ("<=", 10.0), ("<", 10.0)] {
        let standard = one(10.0, method, &check("required = 50", compare));
        let entered = [(0, "1.check.c", number(1.0)), (1, "1.check.c", number(2.0))];
        let found = scored(&standard, &marks(2, &entered), &Data::new());
        assert_eq!(found.items[0].score, Some(first), "{compare}");
    }
    // For a check of every school, the value is the number of schools that fail it.
    let over =
        check("required = 3", ">=").replace("\"district\"", "\"school\"").replace("population", "students");
    let standard = one(10.0, method, &over);
    let data = Data::from([
        ((0, 0, 0), computed(vec![row(9.0, Some(3.0)), row(1.0, Some(3.0))])),
        ((1, 0, 0), computed(vec![row(4.0, Some(3.0)), row(3.0, Some(3.0))])),
    ]);
    let found = scored(&standard, &marks(2, &[]), &data);
    assert_eq!(scores(&found), [8.0, 10.0].map(Some));
}
