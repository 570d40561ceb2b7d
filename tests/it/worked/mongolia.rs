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
    let mut desk = Desk::new("inner-mongolia", CITIES, "2026", &[]);
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

    // Half a point more: 60 is 合格. What was confirmed was the condition of another grade.
    desk.enter("丙市", "6.1", "7");
    let standing = desk.scored("sixty", &[]).standing("丙市");
    assert_eq!((standing["total"].as_str(), standing["grade"].as_str()), ("60", "合格"));
    assert_eq!(standing["condition_confirmed"], "");

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
