use super::*;

const HEAD: &str = r#"
id = "year"
version = "1"
title.zh = "一年"
source = "试"
[units]
kind = "department"
title.zh = "责任单位"
"#;

/// A standard whose calendar has these steps, each an id and the keys of its date.
pub fn standard(steps: &[(&str, &str)]) -> Standard {
    let mut text = HEAD.to_string();
    for (id, date) in steps {
        text += &format!(
            "[[step]]\nid = \"{id}\"\ntitle.zh = \"{id}\"\nactor.zh = \"甲\"\ndue.zh = \"乙\"\n{date}\n"
        );
    }
    Standard::parse(&text, "试.toml").unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn known(dates: &[(&str, &str)]) -> BTreeMap<String, NaiveDate> {
    dates.iter().map(|(id, date)| (id.to_string(), day(date))).collect()
}

/// As in 阿合奇: a report by a day, a visit in a period, feedback after it, a plan after that.
fn akqi() -> Standard {
    standard(&[
        ("self_report", r#"by = "03-01""#),
        ("visit", "from = \"03-01\"\nuntil = \"04-30\""),
        ("feedback", "after = \"visit\"\ndays = 14"),
        ("plan", "after = \"feedback\"\ndays = 7"),
        ("report", ""),
    ])
}

fn dates(standard: &Standard, year: i32, given: &[(&str, &str)]) -> Vec<Date> {
    steps(standard, year, &known(given)).into_iter().map(|step| step.date).collect()
}

fn codes(standard: &Standard, year: i32, given: &[(&str, &str)]) -> Vec<&'static str> {
    let steps = steps(standard, year, &known(given));
    notes(standard, year, &steps).iter().map(|note| note.code).collect()
}

#[test]
fn what_is_not_known_has_a_latest_day_where_the_document_allows_one() {
    let open = |after, days, latest| Date::Open { after, days, latest: Some(day(latest)) };
    assert_eq!(
        dates(&akqi(), 2026, &[]),
        [
            Date::On(day("2026-03-01")),
            Date::Between(day("2026-03-01"), day("2026-04-30")),
            open(1, 14, "2026-05-14"),
            open(2, 7, "2026-05-21"),
            Date::Unknown,
        ]
    );
}

#[test]
fn a_known_end_dates_the_next_step_and_no_further_one() {
    let dates = |given: &[(&str, &str)]| dates(&akqi(), 2026, given).split_off(2);
    let visit = ("visit", "2026-04-20");
    let latest = Some(day("2026-05-11"));
    assert_eq!(
        dates(&[visit]),
        [Date::On(day("2026-05-04")), Date::Open { after: 2, days: 7, latest }, Date::Unknown],
        "the plan hangs on the day of the feedback, which may come before its last day"
    );
    let all = dates(&[visit, ("feedback", "2026-04-28")]);
    assert_eq!(all, [Date::On(day("2026-05-04")), Date::On(day("2026-05-05")), Date::Unknown]);
    let feedback = dates(&[("feedback", "2026-04-28")]);
    let open = Date::Open { after: 1, days: 14, latest: Some(day("2026-05-14")) };
    assert_eq!(feedback, [open, Date::On(day("2026-05-05")), Date::Unknown]);
}

#[test]
fn days_are_counted_over_the_end_of_february_and_of_the_year() {
    let after = standard(&[("a", ""), ("b", "after = \"a\"\ndays = 14")]);
    let last = |given: &str| dates(&after, 2026, &[("a", given)])[1].clone();
    assert_eq!(last("2026-02-20"), Date::On(day("2026-03-06")));
    assert_eq!(last("2028-02-20"), Date::On(day("2028-03-05")));
    assert_eq!(last("2026-12-25"), Date::On(day("2027-01-08")));
    let none = Date::Open { after: 0, days: 14, latest: None };
    assert_eq!(dates(&after, 2026, &[]), [Date::Unknown, none]);
    let same = standard(&[("a", r#"by = "05-05""#), ("b", "after = \"a\"\ndays = 0")]);
    let latest = Some(day("2026-05-05"));
    assert_eq!(dates(&same, 2026, &[])[1], Date::Open { after: 0, days: 0, latest });
    assert_eq!(dates(&same, 2026, &[("a", "2026-05-04")])[1], Date::On(day("2026-05-04")));
}

#[test]
fn the_29th_of_february_is_the_28th_where_there_is_none() {
    let leap = standard(&[("a", r#"by = "02-29""#), ("b", "from = \"02-29\"\nuntil = \"03-02\"")]);
    let expected =
        |day_: &str| [Date::On(day(day_)), Date::Between(day(day_), day(&format!("{}-03-02", &day_[..4])))];
    assert_eq!(dates(&leap, 2026, &[]), expected("2026-02-28"));
    assert_eq!(dates(&leap, 2028, &[]), expected("2028-02-29"));
    assert_eq!(dates(&leap, 2100, &[]), expected("2100-02-28"));
    assert_eq!(codes(&leap, 2026, &[]), ["calendar_no_29_february"; 2]);
    assert!(codes(&leap, 2028, &[]).is_empty());
}

#[test]
fn a_date_outside_the_steps_own_is_noted() {
    let at = |given: &[(&str, &str)]| codes(&akqi(), 2026, given);
    assert!(at(&[]).is_empty());
    assert!(at(&[("visit", "2026-03-01")]).is_empty() && at(&[("visit", "2026-04-30")]).is_empty());
    assert_eq!(at(&[("visit", "2026-02-28")]), ["calendar_known_early"]);
    assert_eq!(at(&[("visit", "2026-05-01")]), ["calendar_known_late"]);
    assert_eq!(at(&[("visit", "2025-04-20")]), ["calendar_known_early"]);
    assert!(at(&[("self_report", "2026-02-01")]).is_empty(), "early is in time");
    assert_eq!(at(&[("self_report", "2026-03-02")]), ["calendar_known_late"]);
    assert_eq!(at(&[("self_report", "2025-03-01")]), ["calendar_known_year"]);
    assert_eq!(at(&[("report", "2027-01-05")]), ["calendar_known_year"], "it has no dates of its own");
    let visit = ("visit", "2026-04-20");
    assert!(at(&[visit, ("feedback", "2026-05-04")]).is_empty());
    assert_eq!(at(&[visit, ("feedback", "2026-05-05")]), ["calendar_known_late"]);
    assert_eq!(at(&[visit, ("feedback", "2026-04-19")]), ["calendar_known_early"]);
    assert_eq!(at(&[("feedback", "2026-05-15")]), ["calendar_known_late"]);
    let over = standard(&[("a", r#"by = "12-25""#), ("b", "after = \"a\"\ndays = 14")]);
    assert!(codes(&over, 2026, &[("a", "2026-12-25"), ("b", "2027-01-05")]).is_empty());
}

#[test]
fn a_chain_names_what_a_step_hangs_on() {
    assert_eq!(chain(&akqi(), 3), [3, 2, 1]);
    assert_eq!(chain(&akqi(), 0), [0]);
}

/// Every second year counted from 2024: due in 2026, not in 2025 or 2023; a year of its own stands in every calendar.
#[test]
fn a_step_of_another_year_says_so() {
    let some = standard(&[
        ("posts", "by = \"09-01\"\nevery = 2\nsince = 2024"),
        ("goal", "by = \"12-31\"\nyear = 2029"),
        ("check", r#"every = "term""#),
    ]);
    let goal = Date::On(day("2029-12-31"));
    assert_eq!(dates(&some, 2026, &[]), [Date::On(day("2026-09-01")), goal.clone(), Date::Unknown]);
    assert_eq!(dates(&some, 2025, &[]), [Date::NotDue { next: 2026 }, goal.clone(), Date::Unknown]);
    assert_eq!(dates(&some, 2023, &[])[0], Date::NotDue { next: 2024 });
    assert!(codes(&some, 2026, &[("goal", "2029-06-30")]).is_empty());
    assert_eq!(codes(&some, 2026, &[("goal", "2030-01-02")]), ["calendar_known_late"]);
}

mod any {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever is known, the latest day of an open step is never before the day that it gets once the other step
        /// ends within its period, and a later known day never makes a step earlier.
        #[test]
        fn the_latest_day_is_the_latest(offset in 0u64..61, year in 1900i32..=2200) {
            let standard = akqi();
            let Date::Open { latest: Some(latest), .. } = dates(&standard, year, &[])[2] else { panic!() };
            let from = NaiveDate::from_ymd_opt(year, 3, 1).unwrap();
            let visit = from.checked_add_days(Days::new(offset)).unwrap();
            let Date::On(due) = dates(&standard, year, &[("visit", &visit.to_string())])[2] else { panic!() };
            prop_assert!(due <= latest);
            prop_assert_eq!((due - visit).num_days(), 14);
            prop_assert_eq!(due == latest, offset == 60);
        }
    }
}
