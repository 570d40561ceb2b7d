//! 内蒙古自治区: 17 articles, six areas, three grades, the calendar.

use super::*;

const SEED: &str = "004_2c34805fe727ab6d.txt";

#[test]
fn six_areas_without_points_and_three_grades_with_their_words() {
    let standard = load("inner-mongolia");
    assert_eq!(standard.items.len(), 6);
    assert_eq!(standard.groups.len(), 1);
    let units = standard.units.as_ref().unwrap();
    assert_eq!((units.kind, units.members.len()), (UnitKind::City, 0), "the document does not list them");
    marked_by_offices(&standard);
    said_in_both_languages(&standard);
    let scoring = standard.scoring.as_ref().unwrap();
    assert_eq!(scoring.total, None);
    let grades: Vec<(&str, f64, f64, bool)> =
        scoring.grades.iter().map(|g| (g.name.zh.as_str(), g.from, g.to, g.open)).collect();
    assert_eq!(
        grades,
        [("不合格", 0.0, 60.0, true), ("合格", 60.0, 85.0, true), ("优秀", 85.0, 100.0, false)]
    );
    assert!(scoring.grades.iter().all(|grade| grade.condition.as_ref().is_some_and(|c| c.en.is_some())));
    let grade = |total: f64| scoring.grades.iter().find(|grade| grade.holds(total)).unwrap().name.zh.as_str();
    assert_eq!([59.99, 60.0, 60.01].map(grade), ["不合格", "合格", "合格"]);
    assert_eq!([84.99, 85.0, 85.01].map(grade), ["合格", "优秀", "优秀"]);
}

#[test]
fn all_17_articles_stand_in_the_file() {
    let Some(document) = document(SEED) else { return };
    let standard = load("inner-mongolia");
    let start = document.find("第一条").unwrap();
    let mut left = document[start..].to_string();
    let texts = standard.notes.iter().map(|note| squeezed(&note.zh)).filter(|text| text.starts_with('第'));
    let items = standard.items.iter().map(|item| squeezed(&item.requirements.concat()));
    let mut articles = 0;
    for text in texts.chain(items) {
        assert_eq!(left.matches(&text).count(), 1, "{text}");
        articles += usize::from(text.starts_with('第'));
        left = left.replace(&text, "");
    }
    assert_eq!(articles, 17);
    let chapters =
        ["第二章评价的内容", "第三章评价的实施", "第四章评价结果的运用", "第五章附则", "[bookmark:抄送]"];
    assert_eq!(left, chapters.concat());
    for item in &standard.items {
        assert!(document.contains(&squeezed(&item.title.zh)), "{}", item.id);
    }
    for grade in &standard.scoring.as_ref().unwrap().grades {
        for words in grade.condition.as_ref().unwrap().zh.split('，') {
            assert!(document.contains(words), "{words}");
        }
    }
}

#[test]
fn the_calendar_follows_the_articles() {
    let standard = load("inner-mongolia");
    let day = |month, day| MonthDay { month, day };
    let steps: Vec<(&str, When, &str)> =
        standard.steps.iter().map(|e| (e.id.as_str(), e.when.clone(), e.clause.as_str())).collect();
    assert_eq!(
        steps,
        [
            ("index", When::Unknown, "办法第五条"),
            ("notice", When::By(day(3, 1)), "办法第七条"),
            ("monitoring", When::Period { from: day(4, 11), until: day(4, 20) }, "办法第九条"),
            ("self_report", When::By(day(4, 30)), "办法第八条"),
            ("visit", When::Unknown, "办法第十条"),
            ("feedback", When::Unknown, "办法第十一条"),
            ("plan", When::Unknown, "办法第十二条"),
            ("rectification", When::Unknown, "办法第十二条"),
            ("recheck", When::Unknown, "办法第十二条"),
            ("report", When::Unknown, "办法第十三条"),
            ("publication", When::Unknown, "办法第十三条"),
            ("submission", When::Unknown, "办法第十四条"),
            ("honours", When::Unknown, "办法第十四条"),
            ("accountability", When::Unknown, "办法第十五条"),
            ("county_evaluation", When::Unknown, "办法第十六条"),
        ]
    );
    dates_are_the_documents_words(&standard, SEED);
}

#[test]
fn articles_of_the_table_are_met() {
    let Some(rows) = table("004_articles.csv") else { return };
    let standard = load("inner-mongolia");
    let dated: Vec<(String, String)> = rows
        .iter()
        .filter(|row| row["kind"] == "deadline")
        .map(|row| (row["article"].clone(), row["deadline_or_threshold"].clone()))
        .collect();
    let when = |id: &str| &standard.steps.iter().find(|event| event.id == id).unwrap().when;
    let by = |id: &str| match when(id) {
        When::By(day) => day.shown(),
        When::Period { from, until } => format!("{}–{}", from.shown(), until.shown()),
        other => panic!("{id}: {other:?}"),
    };
    assert_eq!(dated[0], ("7".into(), by("notice")));
    assert_eq!(dated[1], ("8".into(), by("self_report")));
    assert!(dated[2].1.starts_with("04月中旬"));
    assert_eq!(by("monitoring"), "04-11–04-20");
    let grades = rows.iter().find(|row| row["kind"] == "grade").unwrap();
    assert_eq!(grades["deadline_or_threshold"], "85/60");
}

#[test]
fn what_is_wrong_with_the_document_is_said() {
    let standard = load("inner-mongolia");
    for id in ["scoring.total", "scoring.grade", "step.monitoring", "step.rectification", "units", "document"]
    {
        assert!(!about(&standard, id).is_empty(), "{id}");
    }
}
