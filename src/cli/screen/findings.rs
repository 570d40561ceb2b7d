//! Findings in the data: errors first, and the same finding about many schools only once.

use super::layout;
use crate::{
    number,
    problem::{Level, Problem},
    words::Words,
};

/// Maximum number of schools that are named; the table `findings` contains all.
const MAX_NAMES: usize = 3;
/// Placeholders that say what a finding is about. Findings of one code that agree in these differ only in school, value
/// and cell.
const ABOUT: [&str; 11] =
    ["item", "check", "entry", "part", "fact", "column", "header", "year", "section", "indicator", "field"];

/// The number of problems per level, then at most `maximum` problems, errors first.
pub fn findings(problems: &[Problem], maximum: usize, words: &Words) -> String {
    let of = |level: Level| problems.iter().filter(move |p| p.level == level);
    let counted = |level: Level| number::count(of(level).count() as i64);
    let counts = [
        ("errors", counted(Level::Error)),
        ("warnings", counted(Level::Warning)),
        ("notes", counted(Level::Note)),
    ];
    let mut lines = vec![layout::heading(&words.fill("screen.findings", &counts))];
    let gravest = [Level::Error, Level::Warning, Level::Note];
    // With no maximum, every finding is listed with its cell.
    let all = maximum == usize::MAX;
    let mut groups: Vec<Vec<&Problem>> = Vec::new();
    for problem in gravest.into_iter().flat_map(of) {
        match groups.iter_mut().find(|group| !all && group.first().is_some_and(|first| same(first, problem)))
        {
            Some(group) => group.push(problem),
            None => groups.push(vec![problem]),
        }
    }
    let mut shown = 0;
    for group in groups.iter().take(maximum) {
        let Some(first) = group.first() else { continue };
        shown += group.len();
        let level = words.say(&format!("screen.level.{}", first.level.id()));
        let first = if all { (*first).clone() } else { short(first, words) };
        lines.extend(layout::message(&words.placed(&first), &format!("  {level}  ")));
        if group.len() > 1 {
            let more = words.fill("screen.findings_same", &alike(group, words));
            lines.extend(layout::wrap(&more, "        ", layout::WIDTH));
        }
    }
    if problems.len() > shown {
        let more = number::count((problems.len() - shown) as i64);
        lines.push(format!("  {}", words.fill("screen.findings_more", &[("more", more)])));
    }
    lines.join("\n")
}

/// The school or unit that a finding names.
fn whose(problem: &Problem) -> Option<&str> {
    let named = problem.args.iter().find(|(name, _)| ["unit", "school"].contains(name));
    named.map(|(_, value)| value.as_str()).or(problem.school_code.as_deref()).filter(|name| !name.is_empty())
}

/// Whether two findings differ only in school, value and cell.
fn same(one: &Problem, other: &Problem) -> bool {
    let about = |problem: &Problem| -> Vec<(&'static str, String)> {
        problem.args.iter().filter(|(name, _)| ABOUT.contains(name)).cloned().collect()
    };
    one.level == other.level
        && one.code == other.code
        && one.fact == other.fact
        && whose(one).is_some()
        && whose(other).is_some()
        && about(one) == about(other)
}

/// Only the first of its cells: a school may have five, each with its file.
fn short(problem: &Problem, words: &Words) -> Problem {
    let mut problem = problem.clone();
    let comma = words.say("score.comma");
    for (_, value) in problem.args.iter_mut().filter(|(name, _)| *name == "cells") {
        if let Some((first, _)) = value.split_once(&comma) {
            *value = format!("{first} …");
        }
    }
    problem
}

fn alike(group: &[&Problem], words: &Words) -> [(&'static str, String); 3] {
    let mut names: Vec<&str> = Vec::new();
    for name in group.iter().filter_map(|problem| whose(problem)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut first = names.iter().take(MAX_NAMES).copied().collect::<Vec<_>>().join(&words.say("score.comma"));
    if names.len() > MAX_NAMES {
        first += " …";
    }
    [
        ("count", number::count(group.len() as i64)),
        ("schools", number::count(names.len() as i64)),
        ("names", first),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{problem::Place, words::Language};

    #[test]
    fn findings_are_counted_and_errors_come_first() {
        let words = Words::load(Language::Chinese).unwrap();
        let problems: Vec<Problem> = (0..5)
            .map(|i| Problem::note("out_busy", Place::sheet("县.xlsx", i.to_string())))
            .chain([Problem::error("file_exists", Place::default())])
            .collect();
        insta::assert_snapshot!(findings(&problems, 3, &words), @r"
        ■ 数据问题：错误 1，警告 0，提示 5
          错误  文件已存在，不会覆盖（里面可能有填好的数据）；请用 --out 指定另一个文件名
          提示  县.xlsx / 0: 另一个程序正在向这个文件夹写结果；请等它结束，或用 --out 指定另一个文件夹
          提示  县.xlsx / 1: 另一个程序正在向这个文件夹写结果；请等它结束，或用 --out 指定另一个文件夹
          ……另有 3 条，见 findings 表
        ");
    }

    #[test]
    fn the_same_of_many_schools_is_shown_once() {
        let words = Words::load(Language::Chinese).unwrap();
        let differs = |unit: &str, item: &str| {
            Problem::warning("score_entered_differs", Place::sheet("评分.xlsx", "教育科"))
                .with("unit", unit)
                .with("item", item)
                .with("check", "班额")
                .with("found", "55")
                .with("computed", "57")
                .with("cells", "县.xlsx / 学校 / C4、县.xlsx / 学校 / D4")
        };
        let mut problems: Vec<Problem> = ["甲校", "乙校", "丙校", "丁校"]
            .iter()
            .flat_map(|unit| [differs(unit, "C4"), differs(unit, "C4")])
            .collect();
        problems.push(differs("甲校", "C5"));
        problems.push(Problem::note("out_busy", Place::default()));
        insta::assert_snapshot!(findings(&problems, 2, &words), @r"
        ■ 数据问题：错误 0，警告 9，提示 1
          警告  评分.xlsx / 教育科: 甲校 第 C4 项“班额”：工作簿填的是 55，数据算出来是 57（县.xlsx / 学校 /
                C4 …）；按数据计分
                同样的共 8 条，涉及 4 个单位：甲校、乙校、丙校 …；逐条见 findings 表
          警告  评分.xlsx / 教育科: 甲校 第 C5 项“班额”：工作簿填的是 55，数据算出来是 57（县.xlsx / 学校 /
                C4 …）；按数据计分
          ……另有 1 条，见 findings 表
        ");
        // `check` lists every one with its cells.
        let all = findings(&problems, usize::MAX, &words);
        assert_eq!((all.matches("D4").count(), all.contains("同样")), (9, false), "{all}");
    }
}
