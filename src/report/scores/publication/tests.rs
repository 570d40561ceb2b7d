//! What the notice, the yearly report and the evaluation of a unit say.

use super::{document, *};
use crate::{
    report::{
        document::plain_text,
        scores::sample::{Whole, any, sample},
    },
    tables::{ledger, scored::Rectification},
    words::Language,
};

fn line(unit: usize, state: ledger::State, closed: &str) -> Rectification {
    Rectification {
        unit,
        item: "1 政策落实".into(),
        problem: "台账不全".into(),
        due: "2026-06-30".into(),
        state,
        closed: closed.into(),
        evidence: String::new(),
    }
}

/// The sample, with a ledger of rectification.
fn whole(language: Language) -> Whole {
    let mut whole = sample(7, language, true);
    whole.scored.rectification = vec![
        line(0, ledger::State::Closed, "2026-05-01"),
        line(0, ledger::State::Overdue, ""),
        line(1, ledger::State::Open, ""),
    ];
    whole
}

/// Calls `see` with what the papers of a scoring say.
fn published<T>(whole: &Whole, see: impl FnOnce(&View<'_>, &Publication<'_>) -> T) -> T {
    let view = View::of(whole.scoring());
    let evaluations: Vec<Evaluation> =
        (0..view.units().len()).map(|unit| Evaluation::of(&view, unit)).collect();
    let all = Comparison::of(&view);
    see(&view, &Publication::of(&view, &all, &evaluations))
}

fn said(language: Language, template: &'static str) -> String {
    published(&whole(language), |view, content| {
        let report = match template {
            "score-evaluation" => {
                let own = content.own.iter().find(|own| own.at == 0).unwrap();
                document::of_unit(view, own, None).unwrap()
            }
            template => document::of_all(view, template, content, &[], None).unwrap(),
        };
        plain_text::text(&report, usize::MAX)
    })
}

#[test]
fn notice_in_chinese() {
    insta::assert_snapshot!(said(Language::Chinese, "score-notice"));
}

#[test]
fn notice_in_english() {
    insta::assert_snapshot!(said(Language::English, "score-notice"));
}

#[test]
fn report_in_chinese() {
    insta::assert_snapshot!(said(Language::Chinese, "score-report"));
}

#[test]
fn evaluation_in_chinese() {
    insta::assert_snapshot!(said(Language::Chinese, "score-evaluation"));
}

#[test]
fn evaluation_in_english() {
    insta::assert_snapshot!(said(Language::English, "score-evaluation"));
}

#[test]
fn the_state_of_rectification_adds_up() {
    published(&whole(Language::Chinese), |_, content| {
        // 3 lines: 1 closed, 2 open, of which 1 is overdue.
        let all = &content.progress;
        assert_eq!((all.lines, all.closed, all.open, all.overdue), (3, 1, 2, 1));
        let sum = |of: fn(&Progress) -> usize| content.own.iter().map(|own| of(&own.progress)).sum::<usize>();
        assert_eq!((sum(|p| p.lines), sum(|p| p.closed), sum(|p| p.open)), (3, 1, 2));
    });
}

/// Every paper of every standard that is shipped is written, without a place that its template forgot.
#[test]
fn every_shipped_standard_closes_its_year() {
    for language in [Language::Chinese, Language::English] {
        for name in ["akqi-2021", "bayannur-2020", "inner-mongolia", "taobei-2023"] {
            let whole = any::under(name, 3, language);
            published(&whole, |view, content| {
                for template in ["score-notice", "score-report"] {
                    let report = document::of_all(view, template, content, &[], None).unwrap();
                    let said = plain_text::text(&report, usize::MAX);
                    for unit in view.units() {
                        assert!(said.contains(&unit.name), "{name} {template}: {}", unit.name);
                    }
                    assert!(!said.contains("scores.") && !said.contains("{{"), "{name}: {said}");
                }
                for own in &content.own {
                    document::of_unit(view, own, None).unwrap();
                }
            });
        }
    }
}

#[test]
fn units_without_items_are_listed() {
    let whole = any::under("akqi-2021", 26, Language::Chinese);
    let view = View::of(whole.scoring());
    let names: Vec<String> = Comparison::of(&view).without_items.into_iter().map(|own| own.unit).collect();
    // No item of annex 2 follows from their duties in annex 1, which has none of 国家安全局.
    let known = view.scoring.standard.members_without_items();
    let known: Vec<&str> = known.iter().map(|member| member.name.as_str()).collect();
    for name in ["县民政局", "县司法局", "县国家安全局"] {
        assert!(known.contains(&name), "{known:?}");
    }
    assert_eq!(known.len(), 3);
    // Those among the units that are evaluated.
    let evaluated = |name: &&&str| view.units().iter().any(|unit| unit.is_called(name));
    assert_eq!(names, known.iter().filter(evaluated).copied().collect::<Vec<_>>());
}
