//! 内蒙古自治区对盟市: points of the yearly index, three grades with their conditions.

use super::{Desk, Worked};

const CITIES: &str = "名称\n甲市\n乙市\n丙市\n";
const POINTS: [(&str, f64); 6] =
    [("1", 20.0), ("2", 15.0), ("3", 25.0), ("4", 15.0), ("5", 15.0), ("6", 10.0)];

/// 18 + 13 + 21 + 13 + 12 + 8 = 85.
const FIRST: [Worked; 6] = [
    Worked("1", "1=18", 18.0, ""),
    Worked("2", "1=13", 13.0, ""),
    Worked("3", "1=21", 21.0, ""),
    Worked("4", "1=13", 13.0, ""),
    Worked("5", "1=12", 12.0, ""),
    Worked("6", "1=8", 8.0, ""),
];
/// 11 + 9 + 15 + 9 + 9 + 6.5 = 59.5.
const THIRD: [Worked; 6] = [
    Worked("1", "1=11", 11.0, ""),
    Worked("2", "1=9", 9.0, ""),
    Worked("3", "1=15", 15.0, ""),
    Worked("4", "1=9", 9.0, ""),
    Worked("5", "1=9", 9.0, ""),
    Worked("6", "1=6.5", 6.5, ""),
];

/// Conditions are those of 不合格, 合格, 优秀 in this order.
fn desk() -> Desk {
    let mut desk = Desk::new("inner-mongolia", CITIES, "2026", &["ranking=points"]);
    desk.points(&POINTS);
    desk.fill("甲市", &FIRST);
    desk.fill("乙市", &FIRST);
    // Half a point less: 84.5.
    desk.enter("乙市", "1.1", "17.5");
    desk.fill("丙市", &THIRD);
    for (unit, condition) in [("甲市", "condition.2"), ("乙市", "condition.1"), ("丙市", "condition.0")]
    {
        desk.enter(unit, condition, "是");
    }
    desk
}

#[test]
fn three_cities_and_three_grades() {
    let mut desk = desk();
    let results = desk.scored("2026", &[]);
    results.items_are("甲市", &FIRST);
    results.items_are("丙市", &THIRD);
    for (unit, total, rank, grade) in
        [("甲市", 85.0, "1", "优秀"), ("乙市", 84.5, "2", "合格"), ("丙市", 59.5, "3", "不合格")]
    {
        assert_eq!(results.total(unit), total);
        let standing = results.standing(unit);
        assert_eq!((standing["rank"].as_str(), standing["grade"].as_str()), (rank, grade), "{unit}");
        assert_eq!((standing["points"].as_str(), standing["condition_confirmed"].as_str()), ("100", "true"));
    }

    // Half a point more: 60 would be 合格, but what was confirmed is the condition of another grade.
    desk.enter("丙市", "6.1", "7");
    let standing = desk.scored("sixty", &[]).standing("丙市");
    assert_eq!((standing["total"].as_str(), standing["grade"].as_str()), ("60", ""));

    // 85 points, but the requirements are not met: the document names no grade for it. The rank stands.
    desk.enter("甲市", "condition.2", "否");
    let results = desk.scored("denied", &[]);
    let standing = results.standing("甲市");
    assert_eq!((standing["total"].as_str(), standing["rank"].as_str()), ("85", "1"));
    assert_eq!((standing["grade"].as_str(), standing["condition_confirmed"].as_str()), ("", "false"));
    assert!(results.told.contains("甲市") && results.told.contains("优秀"), "{}", results.told);
}

#[test]
fn the_same_result_shares_a_rank_and_a_year_has_its_points() {
    let mut desk = desk();
    desk.enter("乙市", "1.1", "18");
    let results = desk.scored("tie", &[]);
    let ranks = ["甲市", "乙市", "丙市"].map(|unit| results.standing(unit)["rank"].clone());
    assert_eq!(ranks, ["1", "1", "3"]);

    // More than the year's 20 points of item 1.
    desk.enter("乙市", "1.1", "20.5");
    let told = desk.refused();
    assert!(
        told.contains("20.5") && told.contains("乙市") && told.contains("自治区教育督导委员会办公室.xlsx"),
        "{told}"
    );

    // Without the yearly index nothing has a total.
    desk.enter("乙市", "1.1", "18");
    let column =
        desk.book.sheet("年度分值").iter().find(|(_, cell)| **cell == crate::testing::book::t("@points"));
    let column = column.unwrap().0.1;
    let row = desk.book.row("年度分值", "3");
    desk.book.sheet("年度分值").remove(&(row, column));
    let results = desk.scored("without", &[]);
    assert!(results.table("standings").iter().all(|row| row["total"].is_empty() && row["rank"].is_empty()));
    assert!(results.told.contains("年度分值"), "{}", results.told);
}

/// Article 13: self-assessment, monitoring, inspection and the check after rectification, with shares of the year.
#[test]
fn four_sources_with_the_shares_of_the_year() {
    let mut desk = desk();
    let call = ["template", "--standard", "inner-mongolia", "--units", "单位.csv", "--year", "2026"];
    let written = crate::support::junheng(
        desk.folder.path(),
        &[&call[..], &["--self-assessment", "--out", "自评"]].concat(),
    );
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    // 甲市: 19 + 14 + 23 + 14 + 13 + 9 = 92 of 100; 乙市 leaves the last item blank.
    let marks = [("1.1", 19.0), ("2.1", 14.0), ("3.1", 23.0), ("4.1", 14.0), ("5.1", 13.0), ("6.1", 9.0)];
    for (city, count) in [("甲市", 6), ("乙市", 5)] {
        let path = desk.folder.path().join(format!("自评/自评-inner-mongolia-{city}.xlsx"));
        let mut own = crate::testing::book::Book::open(&path);
        for (row, mark) in &marks[..count] {
            let at = (own.row("自评表", row), 7);
            own.sheet("自评表").insert(at, super::Cell::Number(*mark));
        }
        std::fs::write(desk.folder.path().join(super::IN).join(format!("{city}自评.xlsx")), own.bytes())
            .unwrap();
    }
    // Without shares nothing is weighed, and that is said.
    let results = desk.scored("unweighed", &[]);
    assert_eq!(
        (results.standing("甲市")["result"].as_str(), results.standing("甲市")["arithmetic"].as_str()),
        ("85", "")
    );
    assert!(results.told.contains("没有加权"), "{}", results.told);

    for (city, monitoring, recheck) in [("甲市", "90", "80"), ("乙市", "70", "60"), ("丙市", "50", "40")]
    {
        desk.enter(city, "component.monitoring", monitoring);
        desk.enter(city, "component.recheck", recheck);
    }
    let shares = |desk: &mut Desk, shares: [f64; 4]| {
        let ids = ["source.self", "source.monitoring", "source.visit", "source.recheck"];
        for (id, share) in ids.into_iter().zip(shares) {
            desk.points(&[(id, share)]);
        }
    };
    shares(&mut desk, [10.0, 30.0, 40.0, 20.0]);
    let results = desk.scored("weighed", &[]);
    // 92 × 0.1 + 90 × 0.3 + 85 × 0.4 + 80 × 0.2 = 9.2 + 27 + 34 + 16 = 86.2.
    let first = results.standing("甲市");
    assert_eq!(
        (first["result"].as_str(), first["arithmetic"].as_str(), first["grade"].as_str()),
        ("86.2", "92 × 0.1 + 90 × 0.3 + 85 × 0.4 + 80 × 0.2 = 86.2", "优秀")
    );
    assert_eq!(first["component_self"], "92");
    // 乙市 has not marked itself in full, 丙市 handed nothing in: their results are open.
    for city in ["乙市", "丙市"] {
        assert_eq!(
            (results.standing(city)["result"].as_str(), results.standing(city)["unmarked"].as_str()),
            ("", "1")
        );
    }
    // Parts of 1 do as well.
    shares(&mut desk, [0.1, 0.3, 0.4, 0.2]);
    assert_eq!(desk.scored("parts", &[]).standing("甲市")["result"], "86.2");
    // 110 % is refused with the cell and the sum.
    shares(&mut desk, [20.0, 30.0, 40.0, 20.0]);
    let told = desk.refused();
    assert!(told.contains("110") && told.contains("年度分值.xlsx") && told.contains("自查自评 20"), "{told}");
    shares(&mut desk, [20.0, 30.0, 40.0, 200.0]);
    assert!(desk.refused().contains("整改复查"));
}
