//! 大祥区: 36 items, and what is wrong with its list.

use super::*;

#[test]
fn its_36_items_stand_and_its_contradictions_are_findings() {
    let standard = load("daxiang");
    assert_eq!(standard.items.len(), 36);
    assert_eq!(standard.scoring.as_ref().unwrap().total, Some(100.0));
    for (id, words) in [
        ("10", "720元、940元"),
        ("21", "城区初中"),
        ("28", "国家指标为5%"),
        ("30", "120分钟"),
        ("scoring.grade", "85与86、90与91"),
    ] {
        assert!(about(&standard, id).iter().any(|(_, text)| text.contains(words)), "{id}: {words}");
    }
    assert_eq!(about(&standard, "10").len(), 2);
    assert_eq!(about(&standard, "36")[0].0, FindingKind::Silent);
    said_in_both_languages(&standard);
}

#[test]
fn nothing_is_said_twice_as_a_note_and_as_a_finding() {
    let standard = load("daxiang");
    let language = crate::words::Language::Chinese;
    let remarks: Vec<&str> = standard.remarks(language).collect();
    assert_eq!(remarks.len(), standard.notes.len() + standard.document_findings.len());
    assert_eq!(remarks.iter().collect::<BTreeSet<_>>().len(), remarks.len());
    for item in &standard.items {
        let note = item.note.as_ref().map_or("", |note| note.zh.as_str());
        assert!(remarks.iter().all(|remark| *remark != note), "{}", item.id);
    }
}
