use proptest::prelude::*;

use super::{found::Seen, *};
use crate::{report::sample, words::Language};

fn words() -> Words {
    Words::load(Language::Chinese).unwrap()
}

fn day(month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, 1).unwrap()
}

/// Schools `0` to `9` of one district, all in the data.
fn scope() -> Scope {
    let schools = (0..10).map(|school| school.to_string()).collect();
    let seen = Seen { name: "大祥区".into(), year: 2025, schools, earlier: vec![] };
    Scope { districts: [("430503".to_string(), seen)].into(), ..Scope::default() }
}

fn gap(school: usize) -> Found {
    let key = Key {
        district: "430503".into(),
        school: school.to_string(),
        section: "primary".into(),
        item: "L4".into(),
        check: String::new(),
    };
    let cells = vec![
        (Field::School, Value::Text(format!("{school}小"))),
        (Field::Problem, Value::text("面积不足")),
        (Field::Current, Value::Number(school as f64)),
        (Field::Due, Value::text("2026年6月")),
    ];
    Found { key, cells }
}

fn run(last: Option<Ledger>, schools: &[usize], month: u32) -> Carried {
    let gaps = schools.iter().map(|school| gap(*school)).collect();
    carry(last, gaps, &scope(), (&sample::standard(), day(month)), &words())
}

#[test]
fn solved_new_and_back() {
    let first = run(None, &[1, 2], 1);
    assert_eq!((first.counts.new_now, first.counts.open), (2, 2));
    let second = run(Some(first.ledger), &[2, 3], 2);
    let counts = second.counts;
    assert_eq!((counts.new_now, counts.closed_now, counts.open, counts.closed), (1, 1, 2, 1));
    assert_eq!(second.ledger.entries[0].text_or_empty(Field::Closed), "2026-02-01");
    assert_eq!(second.ledger.entries[2].number, 3);
    let third = run(Some(second.ledger), &[1, 2, 3], 3);
    assert_eq!((third.counts.back_now, third.counts.back, third.counts.closed), (1, 1, 0));
    assert_eq!(third.ledger.entries[0].text_or_empty(Field::Earlier), "2026-02-01");
    let fourth = run(Some(third.ledger), &[1, 2, 3], 7);
    assert_eq!((fourth.counts.back_now, fourth.counts.overdue), (0, 3));
    assert_eq!(fourth.ledger.entries[0].state, State::BackOverdue);
}

#[test]
fn of_a_school_that_is_not_in_the_data_nothing_is_solved() {
    let first = run(None, &[1, 77], 1);
    let second = run(Some(first.ledger), &[], 2);
    assert_eq!((second.counts.closed_now, second.counts.open), (1, 1));
    assert_eq!(second.findings[0].code, "ledger_not_in_data");
}

#[test]
fn a_school_with_another_code_is_known_by_its_name() {
    let first = run(None, &[77], 1);
    let mut renamed = gap(5);
    renamed.cells[0].1 = Value::text("77小");
    let second = carry(Some(first.ledger), vec![renamed], &scope(), (&sample::standard(), day(2)), &words());
    assert_eq!((second.counts.entries, second.counts.new_now), (1, 0));
    assert_eq!(second.ledger.entries[0].key.as_ref().unwrap().school, "5");
}

#[test]
fn the_closing_date_of_people_stands() {
    let mut ledger = run(None, &[1], 1).ledger;
    ledger.entries[0].put(Field::Closed, Some(Value::text("2026.1.15")));
    let second = run(Some(ledger), &[], 2);
    assert_eq!(second.ledger.entries[0].text_or_empty(Field::Closed), "2026.1.15");
}

#[test]
fn every_gap_of_the_demonstration_county_has_a_key_of_its_own() {
    for language in [Language::Chinese, Language::English] {
        let whole = sample::Whole::demo("daxiang", language);
        let scope = Scope::of(&whole.assessment.verdicts, &whole.facts.facts);
        let gaps = found(&whole.assessment.gaps, &scope, &whole.standard, &whole.words);
        assert_eq!(gaps.len(), whole.assessment.gaps.height());
        let again = gaps.iter().filter(|gap| gap.key.check.contains('#')).count();
        assert_eq!(again, 0, "checks are told apart");
        for gap in &gaps {
            let has = |field| gap.cells.iter().any(|(f, v)| *f == field && !v.shown().is_empty());
            assert!(has(Field::Problem) && has(Field::Basis) && has(Field::Department), "{gap:?}");
        }
    }
}

/// A user's edit: entry, column, text.
fn edits() -> impl Strategy<Value = Vec<(usize, usize, String)>> {
    prop::collection::vec((0usize..12, 0usize..5, "[a-z一-龥]{1,6}"), 0..12)
}

const EDITED: [Field; 5] = [Field::Person, Field::Progress, Field::Due, Field::Problem, Field::Current];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn carried_twice_is_carried_once(
        runs in prop::collection::vec(prop::collection::btree_set(0usize..12, 0..8), 1..6), edits in edits(),
    ) {
        let mut last: Option<Ledger> = None;
        let mut numbers: BTreeMap<Key, u64> = BTreeMap::new();
        let mut typed: Vec<(u64, String)> = Vec::new();
        for (month, schools) in (1u32..).zip(&runs) {
            let schools: Vec<usize> = schools.iter().copied().collect();
            if let Some(ledger) = &mut last {
                for (at, field, text) in &edits {
                    let Some(entry) = ledger.entries.get_mut(*at) else { continue };
                    let field = EDITED[*field];
                    // As the reader does it: a later text of the same cell replaces the earlier one.
                    let before = entry.text_or_empty(field);
                    typed.retain(|(number, text)| *number != entry.number || *text != before);
                    entry.put(field, Some(Value::text(text)));
                    if field.say() != Say::People {
                        entry.typed.insert(field);
                    }
                    typed.push((entry.number, text.clone()));
                }
            }
            let once = run(last.take(), &schools, month);
            let twice = run(Some(once.ledger.clone()), &schools, month);
            let as_carried = Ledger { carried: true, ..once.ledger.clone() };
            prop_assert_eq!(&as_carried, &twice.ledger);
            let all: HashSet<u64> = twice.ledger.entries.iter().map(|entry| entry.number).collect();
            prop_assert_eq!(all.len(), twice.ledger.entries.len(), "numbers are unique");
            for entry in &twice.ledger.entries {
                let number = *numbers.entry(entry.key.clone().unwrap()).or_insert(entry.number);
                prop_assert_eq!(number, entry.number, "numbers are stable");
            }
            for (number, text) in &typed {
                let entry = twice.ledger.entries.iter().find(|entry| entry.number == *number).unwrap();
                prop_assert!(entry.cells.values().any(|v| v.shown().contains(text.as_str())), "{} {:?}", text, entry);
            }
            last = Some(twice.ledger);
        }
    }
}
