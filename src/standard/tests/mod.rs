//! Scoring standards: every possible mistake in such a file, and the sums that a finding about the document makes
//! valid.

mod bayannur;
mod coverage;
mod documents;
mod files;
mod mutations;

use super::{
    method::{Deduct, Office, Otherwise, Share, Threshold},
    *,
};
use crate::problem::{Error, Problem};

/// A valid standard, which is changed line by line below.
const SCORED: &str = r#"id = "scored"
version = "1"
title.zh = "评分"
source = "试"

[units]
kind = "district"
title.zh = "旗县区"
[[units.member]]
name = "甲旗"
code = "1"
aliases = ["甲"]
[[units.member]]
name = "乙区"

[[setting]]
id = "reading"
title.zh = "读法"
value = "one"
values.one.zh = "一"
values.two.zh = "二"

[[group]]
id = "A"
title.zh = "一级"
points = 100
[[group]]
id = "B1"
within = "A"
title.zh = "二级一"
points = 60
[[group]]
id = "B2"
within = "A"
title.zh = "二级二"
[[group]]
id = "D"
title.zh = "加分"
bonus = true
points = 10

[[item]]
id = "1"
group = "B1"
kind = "scored"
points = 60
title.zh = "一"
[[item.part]]
id = "1"
points = 20
title = "门槛"
method = "threshold"
check = "senior"
otherwise = 10
[[item.part]]
id = "2"
points = 10
title = "比较"
method = "tiers"
tiers = [10, 8, 6]
tier_names = ["优", "良", "中"]
[[item.part]]
id = "3"
points = 30
title = "扣分"
method = "deduct"
each = 2
counted.zh = "缺一项"
[[item.adjust]]
id = "late"
kind = "deduct"
title.zh = "迟报"
each = 2
[[item.check]]
id = "senior"
title.zh = "在校生"
over = "sum_of_schools"
numerator = "students"
compare = ">="
required = 3
unit = "人"

[[item]]
id = "2"
group = "B2"
kind = "scored"
points = 40
title.zh = "二"
[[item.part]]
id = "1"
points = 30
title = "同比"
method = "trend"
up = 30
same = 20
down = 0
[[item.part]]
id = "2"
points = 10
title = "评定"

[[item]]
id = "3"
group = "D"
kind = "scored"
points = 10
title.zh = "三"
[[item.part]]
id = "1"
points = 10
title = "荣誉"
method = "levels"
[[item.part.level]]
name.zh = "国家级"
first = 5

[scoring]
total = 100
bonus = 10
[[scoring.component]]
id = "items"
title.zh = "督导"
share = 0.7
[[scoring.component]]
id = "other"
title.zh = "其余"
share = 0.3
[[scoring.grade]]
name.zh = "合格"
from = 60
below = 85
[[scoring.grade]]
name.zh = "优秀"
from = 85
to = 100

[[step]]
id = "visit"
kind = "check"
title.zh = "督导"
actor.zh = "督导组"
due.zh = "赋分"
from = "03-01"
until = "04-30"
[[step]]
id = "feedback"
title.zh = "反馈"
actor.zh = "督导组"
due.zh = "清单"
after = "visit"
days = 14
"#;

fn problems(text: &str) -> Vec<Problem> {
    match Standard::parse(text, "试.toml") {
        Ok(_) => Vec::new(),
        Err(Error::Input(problems)) => problems,
        Err(other) => panic!("{other}"),
    }
}

/// SCORED with the first `old` replaced.
fn spoilt(old: &str, new: &str) -> String {
    assert!(SCORED.contains(old), "{old}");
    SCORED.replacen(old, new, 1)
}

/// The codes, with the text of their lines.
fn told(text: &str) -> Vec<(&'static str, String)> {
    let line = |problem: &Problem| {
        assert_eq!(problem.place.file.as_deref(), Some("试.toml"));
        let (line, _) = problem.place.cell.as_deref().unwrap().split_once(':').unwrap();
        text.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap().to_string()
    };
    problems(text).iter().map(|problem| (problem.code, line(problem))).collect()
}

#[test]
fn the_file_they_are_made_of_is_in_order() {
    assert_eq!(problems(SCORED), []);
}

/// The original text, its replacement, the resulting code, and the line that it names.
const WRONG: [(&str, &str, &str, &str); 48] = [
    ("otherwise = 10", "otherwise = 10\neach = 1", "standard_not_for_method", "each = 1"),
    ("each = 2\ncounted", "each = 2\ntiers = [2, 1]\ncounted", "standard_not_for_method", "tiers = [2, 1]"),
    (
        "points = 10\ntitle = \"评定\"",
        "points = 10\nlevel = []\nall = true\ntitle = \"评定\"",
        "standard_not_for_method",
        "all = true",
    ),
    ("otherwise = 10", "otherwise = 10\ntiers = [9, 8]", "standard_one_of_two", "tiers = [9, 8]"),
    (
        "tiers = [10, 8, 6]",
        "tiers = [10, 8, 6]\ncheck = \"senior\"\nentered.zh = \"率\"",
        "standard_one_of_two",
        "entered.zh = \"率\"",
    ),
    ("below = 85", "below = 85\nto = 84", "standard_one_of_two", "[[scoring.grade]]"),
    ("below = 85\n", "", "standard_one_of_two", "[[scoring.grade]]"),
    (
        "kind = \"deduct\"\ntitle.zh = \"迟报\"\neach = 2",
        "kind = \"deduct\"\ntitle.zh = \"迟报\"",
        "standard_one_of_two",
        "[[item.adjust]]",
    ),
    (
        "kind = \"deduct\"\ntitle.zh = \"迟报\"\neach = 2",
        "kind = \"cap\"\ntitle.zh = \"迟报\"\npoints = 9\nshare = 0.9",
        "standard_one_of_two",
        "[[item.adjust]]",
    ),
    ("from = \"03-01\"", "by = \"04-30\"\nfrom = \"03-01\"", "standard_one_of_two", "[[step]]"),
    (
        "title.zh = \"迟报\"\neach = 2",
        "title.zh = \"迟报\"\neach = 2\nshare = 0.9",
        "standard_not_for_kind",
        "share = 0.9",
    ),
    ("\"良\", ", "", "standard_tier_names", "tier_names = [\"优\", \"中\"]"),
    ("\"优\", \"良\"", "\"优\", \"优\"", "standard_tier_name", "tier_names = [\"优\", \"优\", \"中\"]"),
    ("\"优\", \"良\"", "\"优\", \"10\"", "standard_tier_name", "tier_names = [\"优\", \"10\", \"中\"]"),
    ("tiers = [10, 8, 6]", "tiers = [10, 6, 8]", "standard_tiers_order", "tiers = [10, 6, 8]"),
    ("tiers = [10, 8, 6]", "tiers = [10, 8, 8]", "standard_tiers_order", "tiers = [10, 8, 8]"),
    ("tiers = [10, 8, 6]", "tiers = [10, 8, -1]", "standard_tiers_order", "tiers = [10, 8, -1]"),
    ("check = \"senior\"", "check = \"junior\"", "standard_unknown_check", "check = \"junior\""),
    (
        "check = \"senior\"",
        "checks = [\"senior\", \"junior\"]",
        "standard_unknown_check",
        "checks = [\"senior\", \"junior\"]",
    ),
    ("id = \"late\"", "id = \"3\"", "standard_adjust_id", "id = \"3\""),
    ("id = \"late\"", "id = \"check\"", "standard_adjust_id", "id = \"check\""),
    ("id = \"late\"", "id = \"3.count\"", "standard_entry_twice", "[[item]]"),
    ("bonus = true\npoints = 10", "bonus = true\npoints = 9", "standard_group_total", "points = 9"),
    ("tiers = [10, 8, 6]", "tiers = [9, 8, 6]", "standard_tiers_points", "tiers = [9, 8, 6]"),
    ("tiers = [10, 8, 6]", "tiers = [11, 8, 6]", "standard_tiers_points", "tiers = [11, 8, 6]"),
    ("otherwise = 10", "otherwise = 21", "standard_tiers_points", "otherwise = 21"),
    ("otherwise = 10", "tiers = [21, 8]", "standard_tiers_points", "tiers = [21, 8]"),
    ("up = 30", "up = 25", "standard_tiers_points", "up = 25"),
    ("from = 85", "from = 86", "standard_grade_gap", "[[scoring.grade]]"),
    ("below = 85", "to = 84", "standard_grade_gap", "[[scoring.grade]]"),
    ("from = 85", "from = 84", "standard_grade_bounds", "[[scoring.grade]]"),
    ("to = 100", "to = 101", "standard_grade_bounds", "[[scoring.grade]]"),
    ("share = 0.3", "share = 0.2", "standard_component_shares", "[[scoring.component]]"),
    ("after = \"visit\"", "after = \"vist\"", "standard_unknown_step", "after = \"vist\""),
    ("after = \"visit\"", "after = \"feedback\"", "standard_unknown_step", "after = \"feedback\""),
    ("from = \"03-01\"", "from = \"02-30\"", "standard_day", "from = \"02-30\""),
    ("from = \"03-01\"", "from = \"+3-01\"", "standard_day", "from = \"+3-01\""),
    ("until = \"04-30\"", "until = \"02-28\"", "standard_day", "until = \"02-28\""),
    ("days = 14", "days = 367", "standard_out_of_range", "days = 367"),
    ("days = 14", "days = 4294967296", "standard_out_of_range", "days = 4294967296"),
    ("after = \"visit\"\n", "", "standard_missing_key", "[[step]]"),
    ("days = 14", "days = 14\nyear = 2030", "standard_missing_key", "[[step]]"),
    ("days = 14", "days = 14\nsince = 2024", "standard_missing_key", "[[step]]"),
    ("days = 14", "days = 14\nevery = 0", "standard_out_of_range", "every = 0"),
    ("name = \"乙区\"", "name = \"甲\"", "standard_member_twice", "[[units.member]]"),
    ("name = \"乙区\"", "name = \"乙区\"\ncode = \"1\"", "standard_member_twice", "[[units.member]]"),
    ("within = \"A\"", "within = \"B2\"", "standard_unknown_group", "within = \"B2\""),
    (
        "method = \"deduct\"\neach = 2",
        "method = \"base\"\nbase = 0.8\nfault = [1, 2, 3]",
        "standard_list_length",
        "fault = [1, 2, 3]",
    ),
];

#[test]
fn each_mistake_is_told_at_its_line_and_nothing_else() {
    for (old, new, code, line) in WRONG {
        let mut told = told(&spoilt(old, new));
        // If the unknown thing is used elsewhere, that is reported, too.
        if code == "standard_unknown_group" {
            told.retain(|(code, _)| *code != "standard_group_total");
        }
        assert_eq!(told, [(code, line.to_string())], "{old} → {new}");
    }
}

#[test]
fn every_code_has_words_in_both_languages() {
    for language in [crate::words::Language::Chinese, crate::words::Language::English] {
        let words = crate::words::Words::load(language).unwrap();
        for (old, new, ..) in WRONG {
            for problem in problems(&spoilt(old, new)) {
                assert!(words.has(&format!("problem.{}", problem.code)), "{}", problem.code);
                let message = words.problem(&problem);
                assert!(!message.contains(['{', '}']), "{message}");
            }
        }
    }
}

#[test]
fn points_are_everywhere_or_nowhere() {
    let yearly = spoilt("points = 10\ntitle = \"评定\"", "title = \"评定\"");
    assert_eq!(told(&yearly), [("standard_yearly_points", "[[item.part]]".to_string())]);
    let item = spoilt("points = 40\n", "");
    let told = told(&item);
    assert_eq!(told, vec![("standard_yearly_points", "[[item.part]]".to_string()); 2]);
    // The whole standard with a yearly index: nothing to add up.
    let no_points: String =
        SCORED.lines().filter(|line| !line.starts_with("points =")).collect::<Vec<_>>().join("\n");
    let yearly = no_points.replace("total = 100\nbonus = 10\n", "").replace("otherwise = 10\n", "");
    assert_eq!(problems(&yearly), []);
}

/// A sum or a bound that does not agree, its code, and the id that a finding must name.
const SUMS: [(&str, &str, &str, &str); 8] = [
    ("points = 30\ntitle = \"扣分\"", "points = 25\ntitle = \"扣分\"", "standard_parts_total", "1"),
    (
        "title.zh = \"二级一\"\npoints = 60",
        "title.zh = \"二级一\"\npoints = 50",
        "standard_group_total",
        "B1",
    ),
    ("title.zh = \"一级\"\npoints = 100", "title.zh = \"一级\"\npoints = 90", "standard_group_total", "A"),
    ("total = 100", "total = 110", "standard_scoring_total", "scoring.total"),
    ("bonus = 10", "bonus = 5", "standard_scoring_total", "scoring.bonus"),
    ("tiers = [10, 8, 6]", "tiers = [12, 8, 6]", "standard_tiers_points", "1.2"),
    ("otherwise = 10", "otherwise = 25", "standard_tiers_points", "1.1"),
    ("from = 85", "from = 86", "standard_grade_gap", "scoring.grade"),
];

#[test]
fn what_the_document_says_against_itself_is_its_own() {
    let finding = |about: &str, kind: &str| {
        format!("\n[[document_finding]]\nabout = \"{about}\"\nkind = \"{kind}\"\nzh = \"原文如此\"\n")
    };
    for (old, new, code, about) in SUMS {
        let text = spoilt(old, new);
        let codes = |more: &str| -> Vec<&'static str> {
            let mut codes: Vec<_> = problems(&(text.clone() + more)).iter().map(|p| p.code).collect();
            // A heading whose points change also affects its parent.
            codes.dedup();
            codes
        };
        let named = ("about", about.to_string());
        assert!(problems(&text).iter().any(|p| p.code == code && p.args.contains(&named)), "{about}");
        let mut owned = finding(about, "contradiction");
        if about == "B1" {
            owned += &finding("A", "contradiction");
        }
        assert_eq!(codes(&owned), Vec::<&str>::new(), "{old} → {new}");
        let standard = Standard::parse(&(text.clone() + &owned), "试.toml").unwrap();
        assert_eq!(standard.document_findings[0].about, about);
        let silent = if code == "standard_grade_gap" { vec![] } else { vec![code] };
        assert_eq!(codes(&finding(about, "silent")), silent, "that something is not said owns no sum");
        assert_eq!(codes(&finding("2", "contradiction")), [code], "a finding about something else owns none");
    }
}

#[test]
fn a_finding_is_about_something_that_is_there() {
    for (about, there) in [
        ("A", true),
        ("1", true),
        ("1.2", true),
        ("1.late", true),
        ("scoring.total", true),
        ("scoring.component.other", true),
        ("step.visit", true),
        ("units", true),
        ("document", true),
        ("C", false),
        ("1.4", false),
        ("step.report", false),
        ("scoring.component.third", false),
        ("scoring", false),
    ] {
        let text =
            format!("{SCORED}\n[[document_finding]]\nabout = \"{about}\"\nkind = \"silent\"\nzh = \"略\"\n");
        let expected = match there {
            true => vec![],
            false => vec![("standard_finding_about", format!("about = \"{about}\""))],
        };
        assert_eq!(told(&text), expected, "{about}");
    }
}

#[test]
fn headings_without_points_are_counted_by_what_stands_under_them() {
    let inner = spoilt("title.zh = \"二级一\"\npoints = 60", "title.zh = \"二级一\"");
    assert_eq!(problems(&inner), []);
    let wrong = inner.replace("title.zh = \"一级\"\npoints = 100", "title.zh = \"一级\"\npoints = 99");
    assert_eq!(told(&wrong), [("standard_group_total", "points = 99".to_string())]);
}

#[test]
fn headings_that_stand_in_one_another_are_told_and_end() {
    let circle = SCORED.replacen("id = \"A\"\n", "id = \"A\"\nwithin = \"B1\"\n", 1).replacen(
        "within = \"A\"\ntitle.zh = \"二级二\"",
        "within = \"B2\"\ntitle.zh = \"二级二\"",
        1,
    );
    let unknown = problems(&circle).into_iter().filter(|problem| problem.code == "standard_unknown_group");
    assert_eq!(unknown.count(), 2);
}

#[test]
fn parts_add_up_in_every_choice() {
    let only = |value: &str| format!("only = {{ setting = \"reading\", value = \"{value}\" }}\n");
    let part = |id: &str, points: u32, value: &str| {
        format!("[[item.part]]\nid = \"{id}\"\npoints = {points}\ntitle = \"评\"\n{}", only(value))
    };
    let with = |second: u32| {
        let parts = format!("{}{}", part("2", 10, "one"), part("3", second, "two"));
        spoilt("[[item.part]]\nid = \"2\"\npoints = 10\ntitle = \"评定\"\n", &parts)
    };
    assert_eq!(problems(&with(10)), []);
    assert_eq!(told(&with(11)), [("standard_parts_total", "points = 40".to_string())]);
}

#[test]
fn two_entries_of_one_id_are_told() {
    // Part 1.1 of item 4 and part 1 of item 4.1.
    let item = |id: &str, part: &str| {
        format!(
            "[[item]]\nid = \"{id}\"\ngroup = \"D\"\nkind = \"scored\"\npoints = 0\ntitle.zh = \"四\"\n\
             [[item.part]]\nid = \"{part}\"\npoints = 0\ntitle = \"评\"\n"
        )
    };
    let text = SCORED.to_string() + &item("4", "1.1") + &item("4.1", "1");
    assert_eq!(told(&text), [("standard_entry_twice", "[[item]]".to_string())]);
    assert_eq!(problems(&(SCORED.to_string() + &item("4", "2.1") + &item("4.1", "1"))), []);
}

/// An edition of SCORED, both on disk.
fn edition(own: &str) -> Standard {
    edition_of(SCORED, own)
}

/// An edition of a base similar to SCORED, both on disk.
fn edition_of(base: &str, own: &str) -> Standard {
    let folder = tempfile::tempdir().unwrap();
    let base = base.to_string() + "\n[[document_finding]]\nabout = \"2\"\nkind = \"silent\"\nzh = \"略\"\n";
    std::fs::write(folder.path().join("scored.toml"), base).unwrap();
    let path = folder.path().join("own.toml");
    std::fs::write(&path, format!("id = \"own\"\nversion = \"1\"\nextends = \"scored.toml\"\n{own}"))
        .unwrap();
    Standard::load(path.to_str().unwrap()).unwrap_or_else(|why| {
        panic!("{}", crate::words::Words::load(crate::words::Language::Chinese).unwrap().error(&why))
    })
}

#[test]
fn a_new_method_inherits_no_key_of_the_old_one() {
    let names = "tier_names = [\"优\", \"良\", \"中\"]";
    let base = SCORED.replacen(names, "entered.zh = \"率\"\nunit = \"%\"\nbetter = \"lower\"", 1);
    let own = "[[item]]\nid = \"1\"\n[[item.part]]\nid = \"2\"\nmethod = \"office\"\n";
    let standard = edition_of(&base, own);
    let Rule::Scored { parts, .. } = &standard.item("1").unwrap().rule else { panic!() };
    assert_eq!(parts[1].method, Method::Office(Office));
}

#[test]
fn an_edition_says_otherwise_without_the_keys_of_the_base() {
    let method = |own: &str| {
        let standard = edition(own);
        let Rule::Scored { parts, .. } = &standard.item("1").unwrap().rule else { panic!() };
        parts.iter().map(|part| part.method.clone()).collect::<Vec<_>>()
    };
    let part = |id: &str, keys: &str| format!("[[item]]\nid = \"1\"\n[[item.part]]\nid = \"{id}\"\n{keys}\n");
    assert_eq!(method(&part("3", "method = \"office\""))[2], Method::Office(Office));
    let share = "method = \"share\"\nentered.zh = \"率\"";
    assert!(matches!(&method(&part("3", share))[2], Method::Share(Share { check: None, .. })));
    assert!(
        matches!(&method(&part("3", "each = 5"))[2], Method::Deduct(Deduct { each: 5.0, .. })),
        "the rest is the base's"
    );
    let tiers = method(&part("1", "tiers = [9, 8]"));
    assert!(
        matches!(&tiers[0], Method::Threshold(Threshold { checks, otherwise: Otherwise::Tiers(_) }) if checks == &["senior"])
    );
    let calendar =
        edition("[[step]]\nid = \"visit\"\nby = \"04-15\"\n[[step]]\nid = \"feedback\"\ndays = 10\n");
    assert_eq!(calendar.steps[0].when, When::By(MonthDay { month: 4, day: 15 }));
    assert_eq!(calendar.steps[1].when, When::After { step: "visit".into(), days: 10 });
    let until = edition("[[step]]\nid = \"visit\"\nuntil = \"05-15\"\n");
    let (from, until_) = (MonthDay { month: 3, day: 1 }, MonthDay { month: 5, day: 15 });
    assert_eq!(until.steps[0].when, When::Period { from, until: until_ });
}

#[test]
fn files_that_still_say_calendar_are_read() {
    let finding = "[[document_finding]]\nabout = \"step.visit\"\nkind = \"silent\"\nzh = \"年份未写。\"\n";
    let new = format!("{SCORED}{finding}");
    let old = new.replace("[[step]]", "[[calendar]]").replace("\"step.visit\"", "\"calendar.visit\"");
    assert_ne!(old, new);
    let shown = |text: &str| {
        let standard = Standard::parse(text, "试.toml").unwrap();
        describe::json(&standard, crate::words::Language::Chinese)
    };
    assert_eq!(shown(&old), shown(&new));
    // Both keys in one file would be two lists of steps.
    let both = format!("{new}[[calendar]]\nid = \"x\"\n");
    assert_eq!(told(&both)[0].0, "standard_unknown_key");
}

#[test]
fn papers_and_consequences_name_what_is_there() {
    let paper = "[[paper]]\nid = \"p\"\ntitle.zh = \"报告\"\nstep = \"visit\"\nfills = \"1.late\"\n";
    let own = "[[consequence]]\nid = \"c\"\ntitle.zh = \"约谈\"\nwhen.paper_late = \"p\"\n";
    let text = format!("{SCORED}{paper}{own}");
    assert_eq!(problems(&text), []);
    for (old, new, code) in [
        ("step = \"visit\"", "step = \"vist\"", "standard_paper_step"),
        ("fills = \"1.late\"", "fills = \"1.lat\"", "standard_paper_fills"),
        ("when.paper_late = \"p\"", "when.paper_late = \"q\"", "standard_consequence_paper"),
        ("when.paper_late = \"p\"", "when.grade = \"良\"", "standard_consequence_grade"),
        ("when.paper_late = \"p\"", "when.grade = \"合格\"\nwhen.vetoed = true", "standard_consequence_when"),
        ("when.paper_late = \"p\"", "clause = \"一\"", "standard_consequence_when"),
    ] {
        let found = told(&text.replacen(old, new, 1));
        assert_eq!(found.iter().map(|(code, _)| *code).collect::<Vec<_>>(), [code], "{new}");
    }
}

#[test]
fn a_step_is_found_by_its_kind() {
    let standard = Standard::parse(SCORED, "试.toml").unwrap();
    assert_eq!(standard.step_of(StepKind::Check).map(|step| step.id.as_str()), Some("visit"));
    assert!(standard.step_of(StepKind::Plan).is_none());
}

#[test]
fn a_finding_of_the_base_goes_with_what_it_is_about() {
    assert_eq!(edition("").document_findings.len(), 1);
    let own = "items = \"replace\"\n[scoring]\ntotal = 0\nbonus = 0\n[[group]]\nid = \"A\"\npoints = 0\n\
               [[group]]\nid = \"B1\"\npoints = 0\n[[group]]\nid = \"D\"\npoints = 0\n";
    assert!(edition(own).document_findings.is_empty());
}

#[test]
fn grades_reach_up_to_total_and_bonus() {
    let without = SCORED.replacen(
        "[[scoring.component]]\nid = \"items\"\ntitle.zh = \"督导\"\nshare = 0.7\n[[scoring.component]]\nid = \"other\"\ntitle.zh = \"其余\"\nshare = 0.3\n",
        "",
        1,
    );
    assert_eq!(problems(&without.replacen("to = 100", "to = 110", 1)), []);
    assert_eq!(told(&without.replacen("to = 100", "to = 111", 1))[0].0, "standard_grade_bounds");
}

#[test]
fn show_tells_all_of_a_scored_system() {
    let more = r#"
[[document_finding]]
about = "B1"
kind = "contradiction"
zh = "标60分。"
en = "Headed 60."
[[document_finding]]
about = "step.visit"
kind = "silent"
zh = "年份未写。"
"#;
    let adjustments = r#"each = 2
[[item.adjust]]
id = "times"
kind = "deduct"
title.zh = "投诉"
each = 0.5
counted.zh = "每起属实的投诉"
[[item.adjust]]
id = "range"
kind = "deduct"
title.zh = "材料不实"
least = 1
most = 3
offices = ["督导室"]
[[item.adjust]]
id = "none"
kind = "zero"
title.zh = "没有报送"
[[item.adjust]]
id = "first"
kind = "precondition"
title.zh = "有方案"
[[item.adjust]]
id = "cap"
kind = "cap"
title.zh = "缺材料"
share = 0.9
only = { setting = "reading", value = "two" }
[[item.adjust]]
id = "veto"
kind = "veto"
title.zh = "责任事故"
"#;
    let text = SCORED
        .replacen("title.zh = \"迟报\"\neach = 2\n", &format!("title.zh = \"迟报\"\n{adjustments}"), 1)
        .replacen(
            "name = \"乙区\"",
            "name = \"乙区\"\naliases = [\"乙\", \"市辖乙区\"]\nclass = \"30\"\nduties = [\"一项。\", \"二项。\"]",
            1,
        )
        .replacen("below = 85", "below = 85\ncondition.zh = \"基本达到\"", 1)
        .replacen("title = \"门槛\"", "title = \"门槛\"\noffices = [\"基教科\"]", 1)
        .replacen("title.zh = \"一\"", "title.zh = \"一\"\nrequirements = [\"1.一（60分）。\"]\nprocedure = [\"查资料。\", \"看现场。\"]", 1);
    let standard = Standard::parse(&(text + more), "试.toml").unwrap();
    let words = |language| crate::words::Words::load(language).unwrap();
    let (chinese, english) = (crate::words::Language::Chinese, crate::words::Language::English);
    insta::assert_snapshot!("show_zh", describe::text(&standard, &words(chinese)));
    insta::assert_snapshot!("show_en", describe::text(&standard, &words(english)));
    insta::assert_snapshot!("show_json", format!("{:#}", describe::json(&standard, chinese)));
}
