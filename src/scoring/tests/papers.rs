//! Papers received, what their days decide, and who falls under which consequence.

use chrono::NaiveDate;

use super::*;
use crate::tables::scored::FallsUnder;

/// As 巴彦淖尔 6 and 87: 10 points of which lateness takes off 2, and a part of 5 that lateness takes off whole.
const PAPERS: &str = r#"
[scoring]
total = 15
[[scoring.grade]]
name.zh = "合格"
from = 0
below = 10
[[scoring.grade]]
name.zh = "优秀"
from = 10
to = 15
[[group]]
id = "A"
title.zh = "甲"
[[step]]
id = "plans"
kind = "papers"
title.zh = "上报"
actor.zh = "旗县区"
due.zh = "规划"
by = "06-30"
[[step]]
id = "reports"
title.zh = "报告"
actor.zh = "旗县区"
due.zh = "报告"
[[item]]
id = "6"
group = "A"
kind = "scored"
points = 10
title.zh = "规划"
[[item.part]]
id = "1"
title = "规划"
points = 10
method = "deduct"
each = 1
counted.zh = "缺"
[[item.adjust]]
id = "late"
kind = "deduct"
title.zh = "未按时按要求上报"
each = 2
[[item]]
id = "87"
group = "A"
kind = "scored"
points = 5
title.zh = "报告"
[[item.part]]
id = "1"
title = "报告"
points = 5
[[paper]]
id = "plan"
title.zh = "规划"
step = "plans"
fills = "6.late"
[[paper]]
id = "report"
title.zh = "整改报告"
step = "reports"
fills = ["87.1"]
[[consequence]]
id = "talk"
title.zh = "约谈"
when.fact.zh = "弄虚作假"
clause = "第六条"
[[consequence]]
id = "named"
title.zh = "通报"
when.paper_late = "plan"
[[consequence]]
id = "honours"
title.zh = "表彰"
when.grade = "优秀"
"#;

fn day(text: &str) -> Cell {
    Cell::Date(text.parse::<NaiveDate>().unwrap())
}

/// The scores of items 6 and 87 of one unit in 2020, and the codes of findings about papers.
fn run(entered: &[(usize, &str, Cell)]) -> (Scored, [Option<f64>; 2], Vec<&'static str>) {
    let mut marks = marks(1, entered);
    marks.year = Some(2020);
    let scored = scored(&standard(PAPERS), &marks, &Data::new());
    let scores = [scored.items[0].score, scored.items[1].score];
    let codes = scored.findings.iter().map(|finding| finding.code);
    let codes = codes.filter(|code| code.starts_with("score_paper")).collect();
    (scored, scores, codes)
}

/// 30 June is in time: 10 − 1 × 1 = 9. 1 July is one day late: 10 − 1 × 1 − 2 = 7.
#[test]
fn one_day_after_the_due_date_is_late_and_the_day_itself_is_not() {
    let lacking = (0, "6.1.count", number(1.0));
    let on = |text: &str| run(&[lacking, (0, "paper.plan.received", day(text))]);
    let (scored, scores, codes) = on("2020-06-30");
    assert_eq!((scores[0], codes), (Some(9.0), vec![]));
    assert_eq!((scored.papers[0].state(), scored.papers[0].days_late()), ("in_time", Some(0)));
    let (scored, scores, codes) = on("2020-07-01");
    assert_eq!((scores[0], codes), (Some(7.0), vec![]));
    assert_eq!(scored.items[0].arithmetic, "9 − 2 = 7");
    assert_eq!((scored.papers[0].state(), scored.papers[0].days_late()), ("late", Some(1)));
    let named = FallsUnder {
        unit: 0,
        consequence: 1,
        because: "规划 2020-07-01 收到，截止日期 2020-06-30，迟报 1 天".into(),
    };
    assert!(scored.consequences.contains(&named), "{:?}", scored.consequences);
    // Neither a day nor a hand entry: not in time until it is received, so it is open.
    let (scored, scores, _) = run(&[lacking]);
    assert_eq!((scores[0], scored.papers[0].state()), (None, "not_received"));
    assert_eq!(scored.items[0].unmarked, ["6.late"]);
}

/// "按时按要求": in time but incomplete takes off 2 as well: 10 − 2 = 8.
#[test]
fn what_is_incomplete_is_not_as_required() {
    let in_time = (0, "paper.plan.received", day("2020-06-01"));
    let full = (0, "6.1.count", number(0.0));
    assert_eq!(run(&[full, in_time, (0, "paper.plan.complete", NO)]).1[0], Some(8.0));
    assert_eq!(run(&[full, in_time, (0, "paper.plan.complete", YES)]).1[0], Some(10.0));
}

#[test]
fn a_hand_entry_that_contradicts_the_day_is_named() {
    let full = (0, "6.1.count", number(0.0));
    let late = (0, "paper.plan.received", day("2020-07-01"));
    let (_, scores, codes) = run(&[full, late, (0, "6.late", NO)]);
    assert_eq!((scores[0], codes), (Some(8.0), vec!["score_paper_contradicts"]));
    assert_eq!(run(&[full, late, (0, "6.late", YES)]).2, Vec::<&str>::new());
    // In time, and nobody said that it is complete: by hand it may be late for not being as required.
    let in_time = (0, "paper.plan.received", day("2020-06-30"));
    let (_, scores, codes) = run(&[full, in_time, (0, "6.late", YES)]);
    assert_eq!((scores[0], codes), (Some(8.0), vec![]));
    let complete = (0, "paper.plan.complete", YES);
    let (_, scores, codes) = run(&[full, in_time, complete, (0, "6.late", YES)]);
    assert_eq!((scores[0], codes), (Some(10.0), vec!["score_paper_contradicts"]));
}

/// 规划最终按整改后结果评估: what was lacking may be there after rectification, but a late paper stays late.
#[test]
fn rectification_completes_a_paper_but_makes_it_no_earlier() {
    let lacking = (0, "6.1.count", number(3.0));
    let mended = [(0, "6.1.count@recheck", number(1.0)), (0, "6.late@recheck", NO)];
    let with = |received: &str, complete: Cell| {
        let register = [(0, "paper.plan.received", day(received)), (0, "paper.plan.complete", complete)];
        run(&[&[lacking][..], &mended, &register].concat())
    };
    // Late: 10 − 3 − 2 = 5 at first, 10 − 1 − 2 = 7 after rectification, whatever is said of lateness.
    let (scored, scores, codes) = with("2020-07-01", YES);
    assert_eq!((scored.items[0].first, scores[0]), (Some(5.0), Some(7.0)));
    assert_eq!(codes, ["score_paper_contradicts"]);
    // In time but not as required: 5 at first; as required after rectification: 10 − 1 = 9.
    let (scored, scores, codes) = with("2020-06-30", NO);
    assert_eq!((scored.items[0].first, scores[0], codes), (Some(5.0), Some(9.0), vec![]));
    // Nobody says anything of lateness again: 10 − 1 − 2 = 7.
    let late = (0, "paper.plan.received", day("2020-07-01"));
    assert_eq!(run(&[lacking, mended[0], late]).1[0], Some(7.0));
}

/// The document gives no date for the report; the register does. Late: none of the 5; in time: the office's mark.
#[test]
fn a_part_gets_nothing_for_a_late_paper() {
    let mark = (0, "87.1", number(4.0));
    let due = (0, "paper.report.due", day("2020-12-10"));
    let on = |text: &str| (0, "paper.report.received", day(text));
    assert_eq!(run(&[mark, due, on("2020-12-10")]).1[1], Some(4.0));
    let (_, scores, codes) = run(&[mark, due, on("2020-12-11")]);
    assert_eq!((scores[1], codes), (Some(0.0), vec!["score_paper_contradicts"]));
    let (scored, scores, codes) = run(&[due, on("2020-12-11")]);
    assert_eq!((scores[1], codes), (Some(0.0), vec![]));
    assert!(scored.items[1].unmarked.is_empty());
    let (_, scores, codes) = run(&[mark, on("2020-12-11")]);
    assert_eq!((scores[1], codes), (Some(4.0), vec!["score_paper_without_due"]), "late by which day?");
}

#[test]
fn who_falls_under_what_is_listed() {
    // 10 + 4 = 14: 优秀.
    let base = [(0, "6.1.count", number(0.0)), (0, "6.late", NO), (0, "87.1", number(4.0))];
    let listed = |more: &[(usize, &str, Cell)]| {
        let all: Vec<_> = base.iter().chain(more).copied().collect();
        let found = run(&all).0.consequences;
        found.into_iter().map(|own| (own.consequence, own.because)).collect::<Vec<_>>()
    };
    assert_eq!(listed(&[]), [(2, "等级为优秀".to_string())]);
    assert_eq!(listed(&[(0, "consequence.talk", YES)])[0], (0, "弄虚作假".to_string()));
    assert_eq!(listed(&[(0, "consequence.talk", NO)]).len(), 1);
}
