use super::*;
use crate::{scoring::reasons::without_fact, tables::marks::Reason};

/// The numbers and units of every finding, with its office and count.
fn told(standard: &Standard, marks: &Marks) -> Vec<(String, String, String)> {
    let words = Words::load(Language::Chinese).unwrap();
    let scored = scored(standard, marks, &Data::new());
    let of = |finding: &Problem, key: &str| {
        finding.args.iter().find(|(name, _)| *name == key).map(|(_, text)| text.clone()).unwrap()
    };
    let found = without_fact(standard, marks, &scored.items, &words);
    found.iter().map(|one| (of(one, "office"), of(one, "count"), of(one, "marks"))).collect()
}

#[test]
fn points_taken_off_without_a_fact_are_one_note_for_each_office() {
    let standard =
        one(10.0, "", "[[item.adjust]]\nid = \"a\"\ntitle.zh = \"迟报\"\nkind = \"deduct\"\neach = 2");
    // 甲: 7 of 10 and 2 off for lateness; 乙: 10 of 10, on time; 丙: 9 of 10, on time.
    let mut marks = marks(
        3,
        &[
            (0, "1.1", number(7.0)),
            (0, "1.a", YES),
            (1, "1.1", number(10.0)),
            (1, "1.a", NO),
            (2, "1.1", number(9.0)),
            (2, "1.a", NO),
        ],
    );
    let office = "督导室".to_string();
    let said = |count: &str, marks: &str| vec![(office.clone(), count.to_string(), marks.to_string())];
    assert_eq!(told(&standard, &marks), said("3", "1.1 (甲 丙)\u{1f}1.a (甲)").as_slice());
    // A fact for the part leaves the lateness; evidence alone is no fact; another unit's fact says nothing about 丙.
    let reason = |unit: usize, part: Option<usize>, fact: &str| Reason {
        unit,
        part,
        fact: fact.into(),
        evidence: "记录".into(),
        ..Reason::default()
    };
    marks.reasons = vec![reason(0, Some(0), "未开展"), reason(2, Some(0), "")];
    assert_eq!(told(&standard, &marks), said("2", "1.1 (丙)\u{1f}1.a (甲)").as_slice());
    // A fact about the item as a whole covers all of it.
    marks.reasons = vec![reason(0, None, "未开展"), reason(2, None, "缺一次")];
    assert!(told(&standard, &marks).is_empty());
}
