use super::*;

#[test]
fn an_office_marks_within_the_points() {
    let standard = one(4.0, "", "");
    for (mark, score) in [(0.0, Some(0.0)), (3.9, Some(3.9)), (4.0, Some(4.0)), (4.1, None), (-0.1, None)] {
        assert_eq!(part_of(&standard, &[(0, "1.1", number(mark))]).score, score, "{mark}");
    }
    let scored = scored(&standard, &marks(1, &[(0, "1.1", number(4.1))]), &Data::new());
    assert_eq!(scored.findings[0].code, "score_out_of_bounds");
    assert_eq!(scored.findings[0].place.cell.as_deref(), Some("D2"));
    assert_eq!((scored.items[0].state, scored.items[0].score), (State::Unmarked, None));
    assert_eq!(scored.items[0].unmarked, ["1.1"]);
    // Letters would be rejected earlier; a yes in place of a number is ignored.
    assert_eq!(part_of(&standard, &[(0, "1.1", YES)]).score, None);
}

#[test]
fn a_threshold_is_full_or_what_the_document_says() {
    let standard =
        one(10.0, "method = \"threshold\"\ncheck = \"c\"\notherwise = 5", &check("required = 30", ">="));
    let at = |value| found(&standard, &[(0, "1.check.c", number(value))]);
    assert_eq!(at(29.9), is(5.0, "未达到（29.9 < 30）：5"));
    assert_eq!(at(30.0), is(10.0, "达到（30 ≥ 30）：10"));
    assert_eq!(at(32.5), is(10.0, "达到（32.5 ≥ 30）：10"));
    // Values that are equal in print are shown in full.
    assert_eq!(at(29.9999999), is(5.0, "未达到（29.9999999 < 30）：5"));
    let part = part_of(&standard, &[]);
    assert_eq!((part.score, part.unmarked), (None, vec!["1.check.c".to_string()]));
}

#[test]
fn every_comparison_has_its_bound() {
    for (compare, scores) in [
        (">=", [0.0, 10.0, 10.0]),
        ("<=", [10.0, 10.0, 0.0]),
        (">", [0.0, 0.0, 10.0]),
        ("<", [10.0, 0.0, 0.0]),
        ("=", [0.0, 10.0, 0.0]),
    ] {
        let standard = one(10.0, "method = \"threshold\"\ncheck = \"c\"", &check("required = 4.2", compare));
        let at = |value| part_of(&standard, &[(0, "1.check.c", number(value))]).score.unwrap();
        assert_eq!([at(4.1), at(4.2), at(4.3)], scores, "{compare}");
    }
}

#[test]
fn data_win_over_what_was_entered_and_say_so() {
    let standard =
        one(10.0, "method = \"threshold\"\ncheck = \"c\"\notherwise = 5", &check("required = 30", ">="));
    let data = Data::from([((0, 0, 0), computed(vec![row(29.0, Some(30.0))]))]);
    let scored = scored(&standard, &marks(1, &[(0, "1.check.c", number(31.0))]), &data);
    assert_eq!(scored.items[0].score, Some(5.0));
    let finding = &scored.findings[0];
    assert_eq!((finding.code, finding.place.cell.as_deref()), ("score_entered_differs", Some("D2")));
    let words = Words::load(Language::Chinese).unwrap();
    assert!(words.placed(finding).contains("区县.xlsx / 区县 / C4"), "{}", words.placed(finding));
    let evidence = &scored.items[0].evidence[0];
    assert!(evidence.computed);
    assert_eq!((evidence.value, evidence.required, evidence.met), (Some(29.0), Some(30.0), Some(false)));
    assert_eq!(evidence.places[0].file.as_deref(), Some("区县.xlsx"));
    // Values that differ only beyond the printed decimals are the same.
    let near = super::scored(&standard, &marks(1, &[(0, "1.check.c", number(29.04))]), &data);
    assert!(near.findings.is_empty(), "{:?}", near.findings);
}

#[test]
fn binary_fractions_do_not_decide_a_threshold() {
    let standard = one(
        10.0,
        "method = \"threshold\"\ncheck = \"c\"",
        &check("required = 4.2", ">=").replace(
            "numerator = \"population\"",
            "numerator = \"population\"\ndenominator = \"population\"\nfactor = 100",
        ),
    );
    // 21 for 500 are 4.2 per hundred; the binary fraction is slightly less.
    let row = CheckedRow {
        numerator: Some(21.0),
        denominator: Some(500.0),
        value: Some(4.199999999999999),
        required: Some(4.2),
        ..CheckedRow::default()
    };
    let data = Data::from([((0, 0, 0), computed(vec![row]))]);
    let scored = scored(&standard, &marks(1, &[]), &data);
    assert_eq!(scored.items[0].score, Some(10.0));
}

#[test]
fn a_threshold_of_several_checks_wants_all() {
    let two = check("required = 30", ">=") + &check("required = 5", "<=").replace("\"c\"", "\"d\"");
    let standard = one(10.0, "method = \"threshold\"\nchecks = [\"c\", \"d\"]", &two);
    let at = |c, d| found(&standard, &[(0, "1.check.c", number(c)), (0, "1.check.d", number(d))]);
    assert_eq!(at(30.0, 5.0), is(10.0, "达到（30 ≥ 30；5 ≤ 5）：10"));
    assert_eq!(at(30.0, 5.1), is(0.0, "未达到（5.1 > 5）：0"));
    // One unmet check decides it; one that is met does not.
    assert_eq!(part_of(&standard, &[(0, "1.check.d", number(6.0))]).score, Some(0.0));
    assert_eq!(part_of(&standard, &[(0, "1.check.d", number(5.0))]).unmarked, ["1.check.c"]);
}

#[test]
fn a_threshold_that_somebody_sees() {
    let standard = one(5.0, "method = \"threshold\"\notherwise = \"office\"", "");
    assert_eq!(found(&standard, &[(0, "1.1.met", YES)]), is(5.0, "达到：5"));
    assert_eq!(found(&standard, &[(0, "1.1.met", NO), (0, "1.1", number(2.5))]), is(2.5, "未达到，2.5"));
    let part = part_of(&standard, &[(0, "1.1.met", NO)]);
    assert_eq!(
        (part.score, part.arithmetic.as_str(), part.unmarked),
        (None, "未达到，未评", vec!["1.1".into()])
    );
    assert_eq!(part_of(&standard, &[(0, "1.1", number(2.0))]).unmarked, ["1.1.met"]);
}

#[test]
fn a_class_asks_more_or_less() {
    let by_class = check("required_by_class = { \"30\" = 300000, \"20\" = 200000 }", ">=");
    let standard = one(10.0, "method = \"threshold\"\ncheck = \"c\"", &by_class);
    let data = Data::from([((0, 0, 0), computed(vec![row(200000.0, None)]))]);
    for (class, score) in [
        (Some("20.0"), Some(10.0)),
        (Some("20"), Some(10.0)),
        (Some("30"), Some(0.0)),
        (Some("40"), None),
        (None, None),
    ] {
        let mut marks = marks(1, &[]);
        marks.units[0].class = class.map(String::from);
        let scored = scored(&standard, &marks, &data);
        assert_eq!(scored.items[0].score, score, "{class:?}");
        let told = scored.findings.iter().filter(|f| f.code == "score_no_class").count();
        assert_eq!(told, usize::from(score.is_none()));
        assert_eq!(scored.items[0].state == State::Unmarked, score.is_none());
    }
}

#[test]
fn what_every_school_must_reach_counts_those_that_do_not() {
    let over =
        check("required = 45", "<=").replace("\"district\"", "\"school\"").replace("population", "students");
    let standard = one(10.0, "method = \"deduct\"\ncheck = \"c\"\neach = 2\ncounted.zh = \"所\"", &over);
    let of = |sizes: &[f64]| {
        let rows = sizes.iter().map(|size| row(*size, Some(45.0))).collect();
        let data = Data::from([((0, 0, 0), computed(rows))]);
        let scored = scored(&standard, &marks(1, &[]), &data);
        (scored.items[0].score, scored.items[0].arithmetic.clone())
    };
    assert_eq!(of(&[44.0, 45.0]), is(10.0, "10 − 0 × 2 = 10"));
    assert_eq!(of(&[44.0, 46.0, 50.0]), is(6.0, "10 − 2 × 2 = 6"));
    // The number is unknown while one row is unknown.
    let mut rows = vec![row(46.0, Some(45.0))];
    rows.push(CheckedRow { required: Some(45.0), missing: vec!["students".into()], ..CheckedRow::default() });
    let data = Data::from([((0, 0, 0), computed(rows))]);
    let open = scored(&standard, &marks(1, &[]), &data);
    assert_eq!((open.items[0].score, &open.items[0].unmarked[..]), (None, &["1.check.c".to_string()][..]));
    assert_eq!(open.items[0].evidence[0].met, Some(false));
    assert_eq!(open.items[0].evidence[0].missing.len(), 1);
    let entered = scored(&standard, &marks(1, &[(0, "1.check.c", number(1.0))]), &data);
    assert_eq!(entered.items[0].score, Some(8.0));
}

#[test]
fn elements_are_equal_shares_or_all_or_nothing() {
    let five = "method = \"elements\"\nelements = [\"组织\", \"计划\", \"措施\", \"落实\", \"成果\"]";
    let of = |standard: &Standard, present: usize| {
        let entries: Vec<String> = (1..=5).map(|n| format!("1.1.{n}")).collect();
        let cells: Vec<(usize, &str, Cell)> = entries
            .iter()
            .enumerate()
            .map(|(n, entry)| (0, entry.as_str(), Cell::Truth(n < present)))
            .collect();
        found(standard, &cells)
    };
    let shares = one(20.0, five, "");
    assert_eq!(of(&shares, 0), is(0.0, "20 ÷ 5 × 0 = 0"));
    assert_eq!(of(&shares, 4), is(16.0, "20 ÷ 5 × 4 = 16"));
    assert_eq!(of(&shares, 5), is(20.0, "20 ÷ 5 × 5 = 20"));
    let all = one(20.0, &format!("{five}\nall = true"), "");
    assert_eq!(of(&all, 4), is(0.0, "5 项缺 1 项：0"));
    assert_eq!(of(&all, 5), is(20.0, "5 项齐全：20"));
    assert_eq!(part_of(&all, &[(0, "1.1.2", NO)]).unmarked, ["1.1.1", "1.1.3", "1.1.4", "1.1.5"]);
    let thirds = one(10.0, "method = \"elements\"\nelements = [\"甲\", \"乙\", \"丙\"]", "");
    let two = [(0, "1.1.1", YES), (0, "1.1.2", YES), (0, "1.1.3", NO)];
    assert_eq!(found(&thirds, &two), is(6.666666667, "10 ÷ 3 × 2 ≈ 6.6667"));
}

#[test]
fn deductions_go_down_to_nothing() {
    let standard = one(20.0, "method = \"deduct\"\neach = 1\ncounted.zh = \"起\"", "");
    let at = |count| found(&standard, &[(0, "1.1.count", number(count))]);
    assert_eq!(at(0.0), is(20.0, "20 − 0 × 1 = 20"));
    assert_eq!(at(3.0), is(17.0, "20 − 3 × 1 = 17"));
    assert_eq!(at(19.0), is(1.0, "20 − 19 × 1 = 1"));
    assert_eq!(at(20.0), is(0.0, "20 − 20 × 1 = 0"));
    assert_eq!(at(23.0), is(0.0, "20 − 23 × 1 = −3 → 0"));
    assert_eq!(part_of(&standard, &[(0, "1.1.count", number(1.5))]).score, None);
    let halves = one(5.0, "method = \"deduct\"\neach = 0.5\ncounted.zh = \"项\"", "");
    assert_eq!(found(&halves, &[(0, "1.1.count", number(3.0))]), is(3.5, "5 − 3 × 0.5 = 3.5"));
}

#[test]
fn a_base_share_with_bonus_and_fault() {
    let standard = one(4.0, "method = \"base\"\nbase = 0.8\nfault = [1, 5]", "");
    let at =
        |bonus, fault| found(&standard, &[(0, "1.1.bonus", number(bonus)), (0, "1.1.fault", number(fault))]);
    assert_eq!(at(0.0, 0.0), is(3.2, "0.8 × 4 = 3.2"));
    assert_eq!(at(0.5, 1.0), is(2.7, "0.8 × 4 + 0.5 − 1 = 2.7"));
    assert_eq!(at(0.8, 0.0), is(4.0, "0.8 × 4 + 0.8 = 4"));
    assert_eq!(at(0.81, 0.0).0, None);
    assert_eq!(at(0.0, 3.2), is(0.0, "0.8 × 4 − 3.2 = 0"));
    assert_eq!(at(0.0, 3.3), is(0.0, "0.8 × 4 − 3.3 = −0.1 → 0"));
    assert_eq!(at(0.0, 0.9).0, None);
    assert_eq!(at(0.0, 5.1).0, None);
    assert_eq!(part_of(&standard, &[(0, "1.1.bonus", number(0.0))]).unmarked, ["1.1.fault"]);
}

#[test]
fn year_on_year() {
    let seen = one(5.0, "method = \"trend\"\nup = 5\nsame = 3\ndown = 0", "");
    for (direction, score, text) in [(1, 5.0, "上升：5"), (0, 3.0, "持平：3"), (-1, 0.0, "下降：0")]
    {
        assert_eq!(found(&seen, &[(0, "1.1.trend", Cell::Direction(direction))]), is(score, text));
    }
    let year = check("required = \"population\"", ">=");
    let computed_trend = one(5.0, "method = \"trend\"\nup = 5\nsame = 3\ndown = 0\ncheck = \"c\"", &year);
    for (now, score, text) in [
        (99.9, 0.0, "下降（上年 100，本年 99.9）：0"),
        (100.0, 3.0, "持平（上年 100，本年 100）：3"),
        (100.1, 5.0, "上升（上年 100，本年 100.1）：5"),
    ] {
        let data = Data::from([((0, 0, 0), computed(vec![row(now, Some(100.0))]))]);
        let scored = scored(&computed_trend, &marks(1, &[]), &data);
        assert_eq!((scored.items[0].score, scored.items[0].arithmetic.clone()), is(score, text));
    }
    // Last year's value is not in the data, so it is entered.
    let data = Data::from([((0, 0, 0), computed(vec![row(101.0, None)]))]);
    let open = scored(&computed_trend, &marks(1, &[]), &data);
    assert_eq!(open.items[0].unmarked, ["1.check.c.required"]);
    let entered = scored(&computed_trend, &marks(1, &[(0, "1.check.c.required", number(101.0))]), &data);
    assert_eq!(entered.items[0].score, Some(3.0));
}

#[test]
fn honours_of_levels_up_to_the_points() {
    let standard = one(
        5.0,
        "method = \"levels\"",
        "[[item.part.level]]\nname.zh = \"国家级\"\nfirst = 5\n[[item.part.level]]\nname.zh = \"自治区级\"\nfirst = 3\n[[item.part.level]]\nname.zh = \"市级\"\nfirst = 2\nmore = 2",
    );
    let of = |counts: [f64; 3]| {
        let cells = [
            (0, "1.1.level1", number(counts[0])),
            (0, "1.1.level2", number(counts[1])),
            (0, "1.1.level3", number(counts[2])),
        ];
        found(&standard, &cells)
    };
    assert_eq!(of([0.0, 0.0, 0.0]), is(0.0, "0"));
    assert_eq!(of([0.0, 0.0, 1.0]), is(2.0, "2"));
    assert_eq!(of([0.0, 0.0, 2.0]), is(4.0, "2 + 1 × 2 = 4"));
    assert_eq!(of([0.0, 1.0, 1.0]), is(5.0, "3 + 2 = 5"));
    assert_eq!(of([1.0, 1.0, 0.0]), is(5.0, "5 + 3 = 8 → 5"));
    assert_eq!(part_of(&standard, &[(0, "1.1.level2", number(1.0))]).unmarked, ["1.1.level1", "1.1.level3"]);
}

#[test]
fn a_percentage_of_the_points() {
    let standard = one(10.0, "method = \"share\"\nentered.zh = \"满意度（%）\"", "");
    let at = |percent| found(&standard, &[(0, "1.1.value", number(percent))]);
    assert_eq!(at(0.0), is(0.0, "10 × 0% = 0"));
    assert_eq!(at(93.5), is(9.35, "10 × 93.5% = 9.35"));
    assert_eq!(at(100.0), is(10.0, "10 × 100% = 10"));
    assert_eq!(at(100.1).0, None);
    let by_check = check("required = 0", ">=").replace("unit = \"人\"", "unit = \"%\"");
    let standard = one(10.0, "method = \"share\"\ncheck = \"c\"", &by_check);
    let data = Data::from([((0, 0, 0), computed(vec![row(101.0, Some(0.0))]))]);
    let scored = scored(&standard, &marks(1, &[]), &data);
    assert_eq!(
        (scored.items[0].score, scored.items[0].arithmetic.clone()),
        is(10.0, "10 × 101% = 10.1 → 10")
    );
}
