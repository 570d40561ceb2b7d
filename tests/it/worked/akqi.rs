//! 阿合奇县: departments, each with the items it is responsible for; supervision is 70 % of the result.

use super::{Desk, Results, Worked};

/// 县财政局 has six of the thirty items: 9 + 5 + 8 + 20 + 12 + 9 = 63 of 70.
const FINANCE: [Worked; 6] = [
    Worked("13", "1=9", 9.0, ""),
    Worked("14", "1=5", 5.0, ""),
    Worked("20", "1=8", 8.0, ""),
    Worked("25", "1=20", 20.0, ""),
    Worked("26", "1=12", 12.0, ""),
    Worked("27", "1=9", 9.0, ""),
];
/// 县审计局 has one: 8 of 10.
const AUDIT: [Worked; 1] = [Worked("20", "1=8", 8.0, "")];

/// 70 points of the finance bureau's items; the other 24 items share 30.
fn points() -> Vec<(String, f64)> {
    let of = |item: u32| match item {
        13 | 20 | 27 => 10.0,
        14 => 5.0,
        25 => 20.0,
        26 => 15.0,
        _ => 1.25,
    };
    (1..=30).map(|item| (item.to_string(), of(item))).collect()
}

fn desk() -> Desk {
    let mut desk = Desk::new("akqi-2021", "members", "2021", &[]);
    let points = points();
    desk.points(&points.iter().map(|(item, points)| (item.as_str(), *points)).collect::<Vec<_>>());
    desk.fill("县财政局", &FINANCE);
    desk.fill("县审计局", &AUDIT);
    desk.enter("县财政局", "component.other", "80");
    desk.enter("县审计局", "component.other", "90");
    desk
}

fn evidence(results: &Results, item: &str, check: &str) -> super::Row {
    results.row("evidence", &[("unit", "县财政局"), ("item", item), ("check", check)])
}

#[test]
fn departments_their_duties_and_seventy_percent() {
    let mut desk = desk();
    desk.data(
        "县.csv",
        "填报项目,填报值\n区县代码,653023\n区县名称,阿合奇县\n年度,2021\n地方教育附加收入,120\n\
         地方教育附加用于职业教育,36\n中等职业学校生均公用经费标准,1999\n一般公共预算教育支出,100\n\
         上年一般公共预算教育支出,100\n",
    );
    desk.data(
        "学校.csv",
        "区县代码,区县名称,年度,学校代码,学校名称,学校类型,在校生数\n653023,阿合奇县,2021,01,县小学,小学,1200\n",
    );
    let results = desk.scored("2021", &[]);
    results.items_are("县财政局", &FINANCE);
    results.items_are("县审计局", &AUDIT);

    // 63 of 70 is 90 %; 0.7 × 90 + 0.3 × 80 = 63 + 24 = 87.
    let finance = results.standing("县财政局");
    assert_eq!((finance["points"].as_str(), finance["total"].as_str()), ("70", "63"));
    assert_eq!((finance["percent"].as_str(), finance["result"].as_str()), ("90", "87"));
    assert_eq!(finance["arithmetic"], "90 × 0.7 + 80 × 0.3 = 87");
    // 8 of 10 is 80 %; 56 + 27 = 83.
    let audit = results.standing("县审计局");
    assert_eq!((audit["points"].as_str(), audit["total"].as_str()), ("10", "8"));
    assert_eq!((audit["result"].as_str(), audit["rank"].as_str()), ("83", ""));
    // The document does not rank, and 10 points are not compared with 70.
    assert_eq!(finance["rank"], "");

    // Nothing is the duty of 县国家安全局; what is not a department's is not unmarked either.
    let scores = results.table("scores");
    let states = |unit: &str, state: &str| {
        scores.iter().filter(|row| row["unit"] == unit && row["state"] == state).count()
    };
    assert_eq!((states("县国家安全局", "not_concerned"), states("县国家安全局", "unmarked")), (30, 0));
    assert_eq!((states("县财政局", "scored"), states("县财政局", "not_concerned")), (6, 24));
    let security = results.standing("县国家安全局");
    assert_eq!((security["result"].as_str(), security["rank"].as_str()), ("", ""));
    // 组织部 has items 1 and 2, both still open.
    assert_eq!(states("县委组织部", "unmarked"), 2);
    assert_eq!(results.standing("县委组织部")["rank"], "");

    // 36 of 120 is the 30 % wanted; 1999 of 2000 yuan is not; no more than last year is no growth.
    let surcharge = evidence(&results, "13", "surcharge");
    assert_eq!((surcharge["value"].as_str(), surcharge["met"].as_str()), ("30", "true"));
    assert!(surcharge["cells"].contains("县.csv") && surcharge["cells"].contains("B5"), "{surcharge:?}");
    assert_eq!(evidence(&results, "13", "funding")["met"], "false");
    let budget = evidence(&results, "25", "budget");
    assert_eq!((budget["value"].as_str(), budget["required"].as_str()), ("100", "100"));
    assert_eq!(budget["met"], "false");

    // A component that nobody entered.
    for sheet in desk.book.offices("component.other") {
        let at = (desk.book.row(&sheet, "component.other"), desk.book.column(&sheet, "县审计局"));
        desk.book.sheet(&sheet).remove(&at);
    }
    let audit = desk.scored("open", &[]).standing("县审计局");
    assert_eq!((audit["total"].as_str(), audit["result"].as_str(), audit["rank"].as_str()), ("8", "", ""));
    assert_eq!(audit["unmarked"], "1");
}

#[test]
fn a_mark_for_another_departments_duty_is_refused() {
    let mut desk = desk();
    desk.enter("县审计局", "13.1", "5");
    let told = desk.refused();
    assert!(told.contains("县审计局") && told.contains("13"), "{told}");
}

/// The value of a check may be entered where no data file has it; without what is required it is not judged.
#[test]
fn numbers_entered_by_hand_stand_beside_the_marks() {
    let mut desk = desk();
    desk.enter("县财政局", "13.check.surcharge", "29.9");
    desk.enter("县财政局", "27.check.pay", "9.5");
    let results = desk.scored("one", &[]);
    let surcharge = evidence(&results, "13", "surcharge");
    assert_eq!((surcharge["met"].as_str(), surcharge["computed"].as_str()), ("false", "false"));
    assert!(surcharge["cells"].contains("督导委员会办公室.xlsx"), "{surcharge:?}");
    assert_eq!(evidence(&results, "27", "pay")["met"], "");
    desk.enter("县财政局", "27.check.pay.required", "9.5");
    assert_eq!(evidence(&desk.scored("two", &[]), "27", "pay")["met"], "true");
}

/// The visit may be ended any day until 30 April; fourteen days later the opinion, seven after that the plan.
#[test]
fn a_visit_that_is_over_moves_what_follows() {
    let folder = tempfile::tempdir().unwrap();
    for (known, feedback, plan) in
        [(None, "2026-05-14", "2026-05-21"), (Some("visit=2026-04-10"), "2026-04-24", "2026-05-01")]
    {
        let mut call = vec!["calendar", "--standard", "akqi-2021", "--year", "2026", "--out", "c.csv"];
        known.iter().for_each(|known| call.extend(["--known", known]));
        let run = crate::support::junheng(folder.path(), &call);
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
        let rows = crate::support::rows(&folder.path().join("c.csv"));
        for (step, date) in [("feedback", feedback), ("plan", plan)] {
            let row = rows.iter().find(|row| row["step"] == step).unwrap();
            // Its end is known once the step before it is over.
            let column = if known.is_some() && step == "feedback" { "until" } else { "latest" };
            assert_eq!(row[column], date, "{step} {known:?} {row:?}");
        }
    }
}
