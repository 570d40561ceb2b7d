//! Rounds of the year, and marks after rectification: both are kept.

use super::*;
use crate::standard::stages::{staged, unstaged};

/// One item of 20 points that the office marks, in two rounds.
fn in_rounds(rule: &str) -> Standard {
    let rest = format!(
        r#"
[[round]]
id = "spring"
title.zh = "上半年"
items = ["1"]
[[round]]
id = "autumn"
title.zh = "下半年"
items = ["1"]
[[setting]]
id = "round_rule"
title.zh = "怎样合成"
value = "{rule}"
[setting.values]
mean.zh = "平均"
last.zh = "最后"
lower.zh = "较低"
"#
    );
    one(20.0, "", &rest)
}

#[test]
fn a_stage_stands_behind_the_entry() {
    assert_eq!(staged("1.1", "spring"), "1.1@spring");
    assert_eq!(unstaged("1.1@spring"), ("1.1", "spring"));
    assert_eq!((staged("1.1", ""), unstaged("1.1")), ("1.1".to_string(), ("1.1", "")));
}

#[test]
fn two_rounds_make_one_score_by_the_rule() {
    let entered = [(0, "1.1@spring", number(18.0)), (0, "1.1@autumn", number(15.0))];
    // (18 + 15) ÷ 2 = 16.5; the last is 15, and so is the lower.
    for (rule, score, said) in [
        ("mean", 16.5, "上半年：18；下半年：15；平均 16.5"),
        ("last", 15.0, "上半年：18；下半年：15；以最后一次为准 15"),
        ("lower", 15.0, "上半年：18；下半年：15；以较低的一次为准 15"),
    ] {
        let found = scored(&in_rounds(rule), &marks(1, &entered), &Data::new());
        let item = &found.items[0];
        assert_eq!((item.score, item.arithmetic.as_str()), (Some(score), said));
        let rounds: Vec<_> = item.rounds.iter().map(|own| (own.round.as_str(), own.score)).collect();
        assert_eq!(rounds, [("spring", Some(18.0)), ("autumn", Some(15.0))]);
        assert_eq!(found.standings[0].result, Some(score));
    }
}

#[test]
fn a_round_that_is_not_marked_yet_is_open() {
    let entered = [(0, "1.1@spring", number(18.0))];
    let found = scored(&in_rounds("mean"), &marks(1, &entered), &Data::new());
    assert_eq!((found.items[0].score, &found.items[0].unmarked[..]), (None, &["1.1@autumn".to_string()][..]));
    assert_eq!(scored(&in_rounds("last"), &marks(1, &entered), &Data::new()).items[0].score, Some(18.0));
    // Marked once for the whole year, as without rounds.
    let found = scored(&in_rounds("mean"), &marks(1, &[(0, "1.1", number(17.0))]), &Data::new());
    assert_eq!((found.items[0].score, found.items[0].rounds.len()), (Some(17.0), 0));
}

#[test]
fn after_rectification_the_second_mark_counts_and_the_first_is_kept() {
    let method = "method = \"deduct\"\neach = 1\ncounted.zh = \"项\"";
    let standard = one(10.0, method, "");
    // 10 − 4 at first, 10 − 1 afterwards; the second unit was not marked again.
    let entered =
        [(0, "1.1.count", number(4.0)), (0, "1.1.count@recheck", number(1.0)), (1, "1.1.count", number(2.0))];
    let found = scored(&standard, &marks(2, &entered), &Data::new());
    assert_eq!((found.items[0].score, found.items[0].first), (Some(9.0), Some(6.0)));
    assert_eq!((found.items[1].score, found.items[1].first), (Some(8.0), None));
    assert_eq!((found.standings[0].result, found.standings[0].first_result), (Some(9.0), Some(6.0)));
    assert_eq!((found.standings[0].rank, found.standings[1].first_result), (Some(1), None));
    // Where the standard does not mark again, the first stands, and the entry is not asked for.
    let none = "[[setting]]\nid = \"recheck\"\ntitle.zh = \"复评\"\nvalue = \"none\"\n[setting.values]\nnone.zh = \"不\"\nall.zh = \"都\"\n";
    let found = scored(&one(10.0, method, none), &marks(2, &entered), &Data::new());
    assert_eq!((found.items[0].score, found.items[0].first), (Some(6.0), None));
    assert_eq!(found.findings.iter().filter(|own| own.code == "score_entry_not_asked").count(), 1);
}

#[test]
fn points_taken_off_may_be_halves() {
    let method = "method = \"deduct\"\neach = 1\nleast = 1\ncounted.zh = \"扣分合计\"";
    let standard = one(5.0, method, "");
    assert_eq!(super::found(&standard, &[(0, "1.1.count", number(1.5))]), is(3.5, "5 − 1.5 × 1 = 3.5"));
    // Each matter costs 1 point or more, so that less than 1 in all is no deduction of the document: not counted, and said.
    for (off, score) in [(0.0, Some(5.0)), (0.5, None), (0.99, None), (1.0, Some(4.0)), (6.0, Some(0.0))] {
        let found = scored(&standard, &marks(1, &[(0, "1.1.count", number(off))]), &Data::new());
        assert_eq!(found.items[0].score, score, "{off}");
        let told = found.findings.iter().filter(|own| own.code == "score_out_of_bounds").count();
        assert_eq!(told, usize::from(score.is_none()), "{off}");
    }
}

#[test]
fn evidence_that_is_not_met_beside_full_points_is_told_once() {
    let standard = one(2.0, "", &check("required = 0", "="));
    let entered = [
        (0, "1.1", number(2.0)),
        (0, "1.check.c", number(3.0)),
        (1, "1.1", number(2.0)),
        (1, "1.check.c", number(0.0)),
    ];
    let found = scored(&standard, &marks(2, &entered), &Data::new());
    let told: Vec<_> =
        found.findings.iter().filter(|own| own.code == "score_full_against_evidence").collect();
    assert_eq!(told.len(), 1);
    let said = Words::load(Language::Chinese).unwrap().problem(told[0]);
    assert!(said.contains("甲（得 2 分，数值 3）") && !said.contains('乙'), "{said}");
}

#[test]
fn marks_of_the_year_beside_rounds_do_not_count_and_it_is_said() {
    let entered = [
        (0, "1.1", number(11.0)),
        (0, "1.1@spring", number(18.0)),
        (0, "1.1@autumn", number(15.0)),
        (1, "1.1", number(12.0)),
    ];
    let found = scored(&in_rounds("mean"), &marks(2, &entered), &Data::new());
    // (18 + 15) ÷ 2 = 16.5; the second unit has no round, so it is open.
    assert_eq!((found.items[0].score, found.items[1].score), (Some(16.5), None));
    let told: Vec<_> = found.findings.iter().filter(|own| own.code == "score_year_and_rounds").collect();
    assert_eq!((told.len(), told[0].place.cell.as_deref()), (1, Some("D2")));
    let said = Words::load(Language::Chinese).unwrap().problem(told[0]);
    assert!(said.contains("甲") && said.contains("乙") && said.contains("上半年"), "{said}");
    assert!(
        !scored(&in_rounds("mean"), &marks(1, &entered[1..3]), &Data::new())
            .findings
            .iter()
            .any(|own| own.code == "score_year_and_rounds")
    );
}

const SOURCES: &str = r#"
[[scoring.source]]
id = "visit"
kind = "items"
title.zh = "实地检查"
share = 0.8
[[scoring.source]]
id = "again"
kind = "recheck"
title.zh = "整改复查"
share = 0.2
[[scoring.grade]]
name.zh = "不合格"
from = 0
below = 60
condition.zh = "达不到"
[[scoring.grade]]
name.zh = "合格"
from = 60
to = 100
condition.zh = "基本达到"
"#;

/// As 内蒙古: the items weigh 0.8, the check after rectification 0.2.
fn of_sources() -> Standard {
    one(100.0, "", SOURCES)
}

#[test]
fn a_source_or_a_condition_after_rectification_replaces_the_first() {
    let first = [
        (0, "1.1", number(50.0)),
        (0, "component.again", number(40.0)),
        (0, "condition.0", YES),
        (1, "1.1", number(50.0)),
        (1, "component.again", number(40.0)),
    ];
    // 50 × 0.8 + 40 × 0.2 = 48: 不合格.
    let found = scored(&of_sources(), &marks(2, &first), &Data::new());
    let standing = &found.standings[0];
    assert_eq!((standing.result, standing.grade, standing.first_result), (Some(48.0), Some(0), None));
    // 50 × 0.8 + 100 × 0.2 = 60: 合格, whose condition alone is confirmed now. The first result is kept.
    let again = [(0, "component.again@recheck", number(100.0)), (0, "condition.1@recheck", YES)];
    let found = scored(&of_sources(), &marks(2, &[&first[..], &again].concat()), &Data::new());
    let standing = &found.standings[0];
    assert_eq!((standing.result, standing.grade, standing.condition), (Some(60.0), Some(1), Some(true)));
    assert_eq!((standing.first_result, standing.first_grade), (Some(48.0), Some(0)));
    assert!(
        !found.findings.iter().any(|own| own.code.starts_with("score_condition")),
        "{:?}",
        found.findings
    );
    // The other was not marked again.
    assert_eq!((found.standings[1].result, found.standings[1].first_result), (Some(48.0), None));
    // 80 × 0.8 + 100 × 0.2 = 84, and before 50 × 0.8 + 40 × 0.2 = 48.
    let item = [(0, "1.1@recheck", number(80.0)), (0, "component.again@recheck", number(100.0))];
    let found = scored(&of_sources(), &marks(2, &[&first[..2], &item].concat()), &Data::new());
    assert_eq!((found.standings[0].result, found.standings[0].first_result), (Some(84.0), Some(48.0)));
}

#[test]
fn a_source_that_weighs_nothing_need_not_be_known() {
    let mut marks = marks(1, &[(0, "1.1", number(50.0))]);
    let yearly = one(100.0, "", &SOURCES.replace("share = 0.8\n", "").replace("share = 0.2\n", ""));
    marks.shares = [("visit", 1.0), ("again", 0.0)]
        .map(|(id, share)| (id.to_string(), (share, Place::default())))
        .into();
    let found = scored(&yearly, &marks, &Data::new());
    // 50 × 1; the other weighs 0.
    let standing = &found.standings[0];
    assert_eq!(
        (standing.result, standing.arithmetic.as_str(), standing.unmarked),
        (Some(50.0), "50 × 1 = 50", 0)
    );
}
