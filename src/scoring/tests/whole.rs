use super::*;

/// Two headings, one nested in another, a bonus, and items with all kinds of sums.
const SYSTEM: &str = r#"
[scoring]
total = 30
bonus = 5
[[scoring.grade]]
name.zh = "合格"
from = 10
below = 20
[[scoring.grade]]
name.zh = "优秀"
from = 20
to = 30
condition.zh = "成绩突出"

[[group]]
id = "A"
title.zh = "甲"
points = 30
[[group]]
id = "B"
within = "A"
title.zh = "乙"
points = 20
[[group]]
id = "C"
within = "A"
title.zh = "丙"
points = 10
[[group]]
id = "Z"
title.zh = "加分"
points = 5
bonus = true

[[item]]
id = "1"
group = "B"
kind = "scored"
points = 20
title.zh = "一"
[[item.part]]
id = "1"
points = 12
title = "①"
[[item.part]]
id = "2"
points = 8
title = "②"
method = "deduct"
each = 1
counted.zh = "起"
[[item.adjust]]
id = "late"
kind = "deduct"
each = 2
title.zh = "迟报"

[[item]]
id = "2"
group = "C"
kind = "scored"
points = 10
title.zh = "二"
[[item.part]]
id = "1"
points = 10
title = "①"
method = "tiers"
tiers = [10, 8, 6]
entered.zh = "得分率"

[[item]]
id = "3"
group = "Z"
kind = "scored"
points = 5
title.zh = "三"
[[item.part]]
id = "1"
points = 5
title = "①"
"#;

fn full() -> Vec<(usize, &'static str, Cell)> {
    let of = |unit, marks: [f64; 4], late| {
        vec![
            (unit, "1.1", number(marks[0])),
            (unit, "1.2.count", number(marks[1])),
            (unit, "1.late", late),
            (unit, "2.1.value", number(marks[2])),
            (unit, "3.1", number(marks[3])),
        ]
    };
    [of(0, [10.0, 3.0, 90.0, 2.5], YES), of(1, [12.0, 0.0, 80.0, 0.0], NO), of(2, [4.0, 9.0, 80.0, 0.0], NO)]
        .concat()
}

#[test]
fn totals_by_hand() {
    let standard = standard(SYSTEM);
    let scored = scored(&standard, &marks(3, &full()), &Data::new());
    // 甲: 10 + (8 − 3) − 2 = 13; first of three: 10; bonus 2.5.
    assert_eq!(scored.items[0].arithmetic, "10 + 5 − 2 = 13");
    assert_eq!(scored.items[0].parts[1].arithmetic, "8 − 3 × 1 = 5");
    let groups: Vec<(f64, Option<f64>)> = (0..4)
        .map(|group| scored.group(0, group).unwrap())
        .map(|group| (group.score, group.points))
        .collect();
    assert_eq!(groups, [(23.0, Some(30.0)), (13.0, Some(20.0)), (10.0, Some(10.0)), (2.5, Some(5.0))]);
    let first = &scored.standings[0];
    assert_eq!((first.score, first.bonus, first.total), (23.0, 2.5, Some(25.5)));
    // 乙: 12 + 8 = 20; second, shared: rank 2 of 3 is the second tier, 8. 丙: 4 + 0 + 8.
    let totals: Vec<Option<f64>> = scored.standings.iter().map(|standing| standing.total).collect();
    assert_eq!(totals, [Some(25.5), Some(28.0), Some(12.0)]);
    let ranks: Vec<Option<usize>> = scored.standings.iter().map(|standing| standing.rank).collect();
    assert_eq!(ranks, [Some(2), Some(1), Some(3)]);
    let grades: Vec<Option<usize>> = scored.standings.iter().map(|standing| standing.grade).collect();
    assert_eq!(grades, [Some(1), Some(1), Some(0)]);
    assert!(scored.findings.is_empty());
}

#[test]
fn the_words_of_a_grade() {
    let standard = standard(SYSTEM);
    let mut entered = full();
    entered.extend([(0, "condition.1", YES), (1, "condition.1", NO)]);
    let scored = scored(&standard, &marks(3, &entered), &Data::new());
    let of = |unit: usize| (scored.standings[unit].grade, scored.standings[unit].condition);
    assert_eq!((of(0), of(1), of(2)), ((Some(1), Some(true)), (None, Some(false)), (Some(0), None)));
    assert_eq!(scored.findings[0].code, "score_condition_denied");
    // Ranked all the same.
    assert_eq!(scored.standings[1].rank, Some(1));
}

#[test]
fn conditions_of_two_grades_contradict_each_other() {
    let both = SYSTEM.replace("below = 20\n", "below = 20\ncondition.zh = \"成绩一般\"\n");
    let standard = standard(&both);
    let told = |conditions: &[(usize, &'static str, Cell)]| {
        let mut entered = full();
        entered.extend(conditions.iter().copied());
        let scored = scored(&standard, &marks(3, &entered), &Data::new());
        let of = |problem: &&Problem| problem.code.starts_with("score_condition");
        let words = Words::load(Language::Chinese).unwrap();
        scored.findings.iter().filter(of).map(|problem| words.problem(problem)).collect::<Vec<_>>()
    };
    let told_of = told(&[(0, "condition.0", YES), (0, "condition.1", YES)]);
    assert_eq!(told_of.len(), 1);
    assert!(told_of[0].contains("“合格、优秀”"), "{told_of:?}");
    assert_eq!(told(&[(0, "condition.0", YES), (0, "condition.1", NO)]).len(), 1);
    assert_eq!(told(&[(0, "condition.0", NO), (0, "condition.1", YES), (2, "condition.0", YES)]).len(), 0);
}

#[test]
fn what_is_below_the_lowest_grade_is_told() {
    let standard = standard(SYSTEM);
    for (score, told) in [(9.99, true), (10.0, false)] {
        let mut entered: Vec<_> =
            full().into_iter().filter(|(unit, entry, _)| *unit != 2 || *entry != "1.1").collect();
        entered.push((2, "1.1", number(score - 8.0)));
        let scored = scored(&standard, &marks(3, &entered), &Data::new());
        let found = scored.findings.iter().any(|problem| problem.code == "score_below_grades");
        assert_eq!(found, told, "{score}");
    }
}

#[test]
fn a_gap_and_the_bounds_of_grades() {
    let standard = standard(SYSTEM);
    for (score, grade) in [(9.99, None), (10.0, Some(0)), (12.0, Some(0))] {
        // 丙: the deduction leaves nothing of the 8; second of three (shared) has 8; no bonus.
        let mut entered: Vec<_> =
            full().into_iter().filter(|(unit, entry, _)| *unit != 2 || *entry != "1.1").collect();
        entered.push((2, "1.1", number(score - 8.0)));
        let scored = scored(&standard, &marks(3, &entered), &Data::new());
        assert_eq!((scored.standings[2].total, scored.standings[2].grade), (Some(score), grade));
    }
}

#[test]
fn what_is_open_stays_open() {
    let standard = standard(SYSTEM);
    let entered: Vec<_> =
        full().into_iter().filter(|(unit, entry, _)| *unit != 0 || *entry != "1.1").collect();
    let scored = scored(&standard, &marks(3, &entered), &Data::new());
    assert_eq!(scored.items[0].arithmetic, "？ + 5 − 2");
    let standing = &scored.standings[0];
    assert_eq!((standing.score, standing.total, standing.result, standing.rank), (10.0, None, None, None));
    assert_eq!((standing.unmarked, standing.grade), (1, None));
    let group = scored.group(0, 1).unwrap();
    assert_eq!((group.score, group.complete), (0.0, false));
    assert!(scored.group(0, 2).unwrap().complete);
    let ranks: Vec<Option<usize>> = scored.standings.iter().map(|standing| standing.rank).collect();
    assert_eq!(ranks, [None, Some(1), Some(2)]);
}

#[test]
fn last_year_by_any_name() {
    let standard = standard(SYSTEM);
    let mut marks = marks(3, &full());
    marks.units[1].aliases = vec!["乙旗".into()];
    let last = Last::from([("甲".to_string(), (20.0, Some(3))), ("乙旗".to_string(), (21.0, None))]);
    let words = Words::load(Language::Chinese).unwrap();
    let scored = score(&standard, &marks, &Data::new(), &last, &words);
    let of = |unit: usize| (scored.standings[unit].last_result, scored.standings[unit].last_rank);
    assert_eq!((of(0), of(1), of(2)), ((Some(20.0), Some(3)), (Some(21.0), None), (None, None)));
}

/// Departments of a county: each item has a responsible department; supervision is 70 % of the result.
const DEPARTMENTS: &str = r#"
by_department = true
[[units.member]]
name = "甲"
aliases = ["甲局"]
[[units.member]]
name = "乙"

[scoring]
total = 10
[[scoring.component]]
id = "supervision"
title.zh = "督导"
share = 0.7
[[scoring.component]]
id = "other"
title.zh = "其他"
share = 0.3

[[group]]
id = "A"
title.zh = "甲"
[[item]]
id = "1"
group = "A"
kind = "scored"
points = 6
title.zh = "一"
departments = ["甲", "乙"]
[[item.part]]
id = "1"
points = 6
title = "①"
[[item]]
id = "2"
group = "A"
kind = "scored"
points = 3
title.zh = "二"
departments = ["甲"]
[[item.part]]
id = "1"
points = 3
title = "①"
[[item]]
id = "3"
group = "A"
kind = "scored"
points = 1
title.zh = "三"
departments = ["丁"]
[[item.part]]
id = "1"
points = 1
title = "①"
"#;

#[test]
fn a_department_answers_for_its_duties() {
    let standard = standard(DEPARTMENTS);
    let entered = [
        (0, "1.1", number(5.0)),
        (0, "2.1", number(3.0)),
        (1, "1.1", number(6.0)),
        (0, "component.other", number(90.0)),
    ];
    let scored = scored(&standard, &marks(2, &entered), &Data::new());
    assert_eq!(scored.item(1, 1).unwrap().state, State::NotConcerned);
    let (first, second) = (&scored.standings[0], &scored.standings[1]);
    // 8 of 9 points: 88.888888889 %, × 0.7 + 90 × 0.3.
    assert_eq!((first.points, first.percent), (Some(9.0), Some(88.888888889)));
    assert_eq!(first.arithmetic, "88.8889 × 0.7 + 90 × 0.3 ≈ 89.2222");
    assert_eq!(first.result, Some(89.222222222));
    assert_eq!((second.points, second.percent, second.result), (Some(6.0), Some(100.0), None));
    assert_eq!((second.arithmetic.as_str(), second.unmarked, second.rank), ("100 × 0.7 + ？ × 0.3", 1, None));
    let codes: Vec<&str> = scored.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["score_item_of_nobody"]);
}

/// The points come with the yearly index.
const YEARLY: &str = r#"
[scoring]
[[scoring.grade]]
name.zh = "一般"
from = 60
below = 85
[[scoring.grade]]
name.zh = "优秀"
from = 85
to = 100
[[group]]
id = "A"
title.zh = "甲"
[[item]]
id = "1"
group = "A"
kind = "scored"
title.zh = "一"
[[item.part]]
id = "1"
title = "①"
[[item]]
id = "2"
group = "A"
kind = "scored"
title.zh = "二"
[[item.part]]
id = "1"
title = "①"
method = "base"
base = 0.8
"#;

#[test]
fn points_of_the_year() {
    let standard = standard(YEARLY);
    let entered = |first, bonus| [(0, "1.1", number(first)), (0, "2.1.bonus", number(bonus))];
    let mut open = marks(1, &entered(50.0, 4.0));
    let without = scored(&standard, &open, &Data::new());
    assert_eq!(
        (without.items[0].score, &without.items[0].unmarked[..]),
        (None, &["1.points".to_string()][..])
    );
    assert_eq!(without.standings[0].points, None);
    open.yearly_points =
        [("1", 60.0), ("2", 40.0)].map(|(id, points)| (id.to_string(), (points, Place::default()))).into();
    let found = scored(&standard, &open, &Data::new());
    assert_eq!(found.items[1].arithmetic, "0.8 × 40 + 4 = 36");
    assert_eq!((found.standings[0].total, found.standings[0].grade), (Some(86.0), Some(1)));
    assert!(found.findings.is_empty());
    // Above the points of the year, which is invalid.
    for (first, bonus) in [(60.1, 4.0), (50.0, 8.1)] {
        let above = Marks { marks: marks(1, &entered(first, bonus)).marks, ..open.clone() };
        let found = scored(&standard, &above, &Data::new());
        assert_eq!((found.findings[0].code, found.standings[0].total), ("score_out_of_bounds", None));
    }
    // 50 + 0.8 × 140 + 4 = 166 of 60 + 140 = 200 points is 83 of 100, and that is reported.
    open.yearly_points.insert("2".into(), (140.0, Place::default()));
    let found = scored(&standard, &open, &Data::new());
    assert_eq!(found.findings[0].code, "score_yearly_total");
    assert_eq!((found.standings[0].total, found.standings[0].result), (Some(166.0), Some(83.0)));
    assert_eq!(found.standings[0].arithmetic, "166 × 100 ÷ 200 = 83");
    assert_eq!(found.standings[0].grade, Some(0), "not the grade of 166");
}

#[test]
fn equal_results_share_a_rank() {
    let standard = one(10.0, "", "");
    let entered: Vec<(usize, &str, Cell)> =
        [7.0, 0.3, 7.0, 5.0].iter().enumerate().map(|(unit, score)| (unit, "1.1", number(*score))).collect();
    let scored = scored(&standard, &marks(4, &entered), &Data::new());
    let ranks: Vec<Option<usize>> = scored.standings.iter().map(|standing| standing.rank).collect();
    assert_eq!(ranks, [Some(1), Some(4), Some(1), Some(3)]);
}
