//! What holds for every picture of a scoring, from 3 units to 120 and in both languages.

use crate::{
    chart::{Kind, scoring_pictures, tests::collisions},
    report::scores::sample::sample,
    words::Language,
};

#[test]
fn no_text_stands_on_another_with_any_number_of_units() {
    for units in [3, 7, 40, 120] {
        for language in [Language::Chinese, Language::English] {
            let whole = sample(units, language, true);
            let pictures = scoring_pictures(&whole.scoring()).unwrap();
            assert_eq!(pictures.len(), 3);
            let found: Vec<String> = pictures.iter().flat_map(collisions).collect();
            assert!(
                found.is_empty(),
                "{units} {language:?}: {} {:#?}",
                found.len(),
                &found[..found.len().min(20)]
            );
        }
    }
}

#[test]
fn many_headings_have_room_too() {
    let mut whole = sample(7, Language::Chinese, false);
    // 33 headings of the second level, as in the largest document.
    let model = whole.standard.groups[1].clone();
    for at in 0..30 {
        let mut group = model.clone();
        group.id = format!("B{}", at + 10);
        group.label.clone_from(&group.id);
        group.title.zh = "义务教育学校标准化建设与经费保障机制".into();
        whole.standard.groups.push(group);
        let index = whole.standard.groups.len() - 1;
        for unit in 0..7 {
            let score = ((unit + at) % 11) as f64;
            whole.scored.groups.push(crate::tables::scored::GroupScore {
                unit,
                group: index,
                points: Some(10.0),
                score,
                complete: true,
            });
        }
    }
    let pictures = scoring_pictures(&whole.scoring()).unwrap();
    let found: Vec<String> = pictures.iter().flat_map(collisions).collect();
    assert!(found.is_empty(), "{found:#?}");
    assert!(pictures[1].live().contains("B39"), "headings are columns");
}

#[test]
fn without_last_year_there_are_no_rank_changes() {
    let whole = sample(7, Language::Chinese, false);
    let kinds: Vec<Kind> =
        scoring_pictures(&whole.scoring()).unwrap().iter().map(|picture| picture.kind).collect();
    assert_eq!(kinds, [Kind::Totals, Kind::Distance]);
}

#[test]
fn what_is_not_marked_in_full_is_not_ranked() {
    let whole = sample(7, Language::Chinese, true);
    let pictures = scoring_pictures(&whole.scoring()).unwrap();
    let totals = &pictures[0];
    assert!(totals.title.contains("1 个尚未评完"), "{}", totals.title);
    assert!(totals.live().contains(">北川县</text>"), "a unit without a rank has no number before its name");
    assert!(!pictures[2].live().contains("北川县"), "nor a line from last year");
    // A heading that is not complete is hatched, without a share.
    assert!(pictures[1].live().contains("北川县，B1 依法行政：未评完"));
}

#[test]
fn pictures_of_seven_units() {
    let whole = sample(7, Language::Chinese, true);
    for picture in scoring_pictures(&whole.scoring()).unwrap() {
        insta::assert_snapshot!(picture.name.clone(), picture.live());
    }
}
