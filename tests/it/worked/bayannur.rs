//! 巴彦淖尔市 2020: seven 旗县区, the county data beside the workbook.

use super::{Desk, Results, Worked};

const UNIT: &str = "乌拉特前旗";

/// Units in the order of the document: code, 满意度 of private schools (27 ⑦), 分配生 of 1000 places (28 A), 教科研经费 in 万元 (43).
const COUNTIES: [(&str, &str, &str, u32, u32); 7] = [
    (UNIT, "150823", "93", 600, 35),
    ("临河区", "150802", "95", 670, 30),
    ("五原县", "150821", "92", 640, 29),
    ("杭锦后旗", "150826", "91", 700, 31),
    ("乌拉特中旗", "150824", "90", 680, 20),
    ("乌拉特后旗", "150825", "89", 700, 19),
    ("磴口县", "150822", "88", 550, 20),
];

const ITEMS: [Worked; 90] = [
    Worked("1", "1=4", 4.0, ""),
    Worked("2", "1=3.5", 3.5, ""),
    Worked("3", "1=3", 3.0, ""),
    Worked("4", "1=4", 4.0, ""),
    Worked("5", "1=4", 4.0, ""),
    Worked("6", "1.count=2 late=是", 6.0, "10 − 2 × 1 = 8; 8 − 2 = 6"),
    Worked("7", "1.count=0 late=否", 4.0, "5, never full: 4"),
    Worked("8", "1.count=1", 4.0, "5 − 1"),
    Worked("9", "1=2.5", 2.5, ""),
    Worked("10", "1=8", 8.0, ""),
    Worked("11", "1=4", 4.0, ""),
    Worked("12", "1=2", 2.0, ""),
    Worked("13", "1=4", 4.0, ""),
    Worked("14", "1=4", 4.0, ""),
    Worked("15", "1=3", 3.0, ""),
    Worked("16", "1=5", 5.0, ""),
    Worked("17", "1=4", 4.0, ""),
    Worked("18", "1=4.5", 4.5, ""),
    Worked("19", "1=4", 4.0, ""),
    Worked("20", "1=4", 4.0, ""),
    Worked("21", "1.bonus=2 1.fault=1", 17.0, "80 % of 20 is 16; 16 + 2 − 1"),
    Worked("22", "1.bonus=3 1.fault=0 petition=2", 17.0, "16 + 3 − 0 = 19; 19 − 2"),
    Worked("23", "1=4 2=5 3=3 4=4", 16.0, "4 + 5 + 3 + 4"),
    Worked("24", "1=4 2=4 3=3 4=4", 15.0, "4 + 4 + 3 + 4"),
    Worked("25", "1=3 2=2 3=4", 9.0, "3 + 2 + 4"),
    Worked("26", "1=5 2=4", 9.0, "5 + 4"),
    Worked(
        "27",
        "1.count=0 3.count=1 4.count=0 5.count=3 6.count=1",
        13.0,
        "3 + (4 − 3 classes) 1 + 2 + 2 + (2 − 3, not below) 0 + 2 + second of seven: first tier, 5, of 3 points: 3",
    ),
    Worked("28", "B.met=是", 5.0, "A 60 %: second of the three that miss it, 3, of 2 points: 2; B 3"),
    Worked("29", "1.count=1 2.count=0 3.count=4", 12.5, "4.5 + 5 + (5 − 4 × 0.5) 3"),
    Worked("30", "1.count=2 2.count=0", 8.0, "3 + 5"),
    Worked("31", "1.count=1", 4.0, "5 − 1"),
    Worked("32", "1.count=0 2.count=4", 2.0, "2 + (3 − 4, not below) 0"),
    Worked("33", "1.count=0 2.count=2", 8.0, "4 + (6 − 2) 4"),
    Worked("34", "1=4 2=4.5", 8.5, ""),
    Worked("35", "A1.tier=4 A2.tier=3 B.tier=4 C.tier=3 D.tier=0", 14.0, "4 + 3 + 4 + 3 + 0"),
    Worked("36", "1=3 2=2 3=3 4=3 5=3 6=2", 16.0, "3 + 2 + 3 + 3 + 3 + 2"),
    Worked("37", "1=4 2=4 3=5 4=4", 17.0, "4 + 4 + 5 + 4"),
    Worked("38", "1=3 2=3 3=3 4=4 5=3", 16.0, "3 + 3 + 3 + 4 + 3"),
    Worked("39", "1=5 2=4 3=4 4=5", 18.0, "5 + 4 + 4 + 5"),
    Worked("40", "1=5 2=4 3=4 4=4", 17.0, "5 + 4 + 4 + 4"),
    Worked("41", "1=4 2=4 3=3 4=4", 15.0, "4 + 4 + 3 + 4"),
    Worked("42", "1=3 2=3 3=2 4=2 5=3 6=2 7=1 8=1", 17.0, "3 + 3 + 2 + 2 + 3 + 2 + 1 + 1"),
    Worked("43", "", 10.0, "350,000 yuan, 300,000 wanted of its class"),
    Worked("44", "1=4 2=3 3=5 4=5 5=4 6=4", 25.0, "4 + 3 + 5 + 5 + 4 + 93.5 % misses 95: the office's 4"),
    Worked("45", "1=5 2=4 3=4 4=4", 17.0, "5 + 4 + 4 + 4"),
    Worked("46", "1=4 2=4 3=3 4=3 5=4", 18.0, "4 + 4 + 3 + 3 + 4"),
    Worked("47", "1=8 2=9", 17.0, "8 + 9"),
    Worked("48", "1=8 2=4 3=4 accident=是", 0.0, "16; an accident: 0"),
    Worked("49", "1=5 2=4 3=5 4=4 5=5 6=4 accident=否", 27.0, "5 + 4 + 5 + 4 + 5 + 4"),
    Worked("50", "", 5.0, "32 yuan in town, 18 of 20 in the country: 5"),
    Worked("51", "all.tier=8", 8.0, "the tier"),
    Worked("52", "1.tier=5", 5.0, ""),
    Worked("53", "1.tier=4", 4.0, ""),
    Worked("54", "1.1=是", 5.0, "held"),
    Worked("55", "1.1=否", 0.0, "not held"),
    Worked("56", "1=4 2=2 3=3 4=2", 11.0, "4 + 2 + 3 + 2"),
    Worked("57", "1=4 2=3 3=4 4=5", 16.0, "4 + 3 + 4 + 5"),
    Worked("58", "1=5", 5.0, ""),
    Worked("59", "1=3", 3.0, ""),
    Worked("60", "1=4", 4.0, ""),
    Worked("61", "1=8", 8.0, ""),
    Worked("62", "1=6", 6.0, ""),
    Worked("63", "1=4 2=3 3=4", 11.0, "4 + 3 + 4"),
    Worked("64", "1=6 2=5 3=3", 14.0, "6 + 5 + 3"),
    Worked("65", "1=4 2=5 3=4 4=5 event=是", 13.0, "18; an event: − 5"),
    Worked("66", "1.count=3", 0.0, "5 − 3 × 2, not below 0"),
    Worked("67", "1=4", 4.0, ""),
    Worked("68", "1=5", 5.0, ""),
    Worked("69", "1=5 2=2 3=2 4=2 5=2", 13.0, "5 + 2 + 2 + 2 + 2"),
    Worked("70", "1=3 2=2 3=3", 8.0, "3 + 2 + 3"),
    Worked("71", "1=2 2=2 3=2", 6.0, "2 + 2 + 2"),
    Worked("72", "1=2 2=1 3=1", 4.0, "2 + 1 + 1"),
    Worked("73", "1=5", 5.0, ""),
    Worked("74", "1=4", 4.0, ""),
    Worked("75", "1=4", 4.0, ""),
    Worked("76", "1=5", 5.0, ""),
    Worked("77", "1.1=是 1.2=是 1.3=是 1.4=是 1.5=是 1.6=是 1.7=否 1.8=是", 14.0, "7 of 8, 2 each"),
    Worked("78", "1.1=是 1.2=否 1.3=是 1.4=是 1.5=否 1.6=是 1.7=是 1.8=是", 9.0, "6 of 8, 1.5 each"),
    Worked("79", "1=2", 2.0, ""),
    Worked("80", "1.tier=优", 10.0, ""),
    Worked("81", "1.tier=较好", 8.0, ""),
    Worked("82", "1.tier=0", 0.0, "nothing"),
    Worked("83", "1.1=是 1.2=是 1.3=是 1.4=是 1.5=否", 16.0, "4 of 5, 4 each"),
    Worked("84", "applied=是 1=8 2=7", 15.0, "8 + 7"),
    Worked("85", "1=3 2=2", 5.0, "3 + 2"),
    Worked("86", "1=3", 3.0, ""),
    Worked("87", "1=5 2=4", 9.0, "5 + 4"),
    Worked("88", "1=9", 9.0, ""),
    Worked("89", "1.level1=0 1.level2=2 1.level3=1", 5.0, "3 + 2 of the region, 2 of the city: 7, at most 5"),
    Worked("90", "1.level1=0 1.level2=1", 3.0, "one of the city"),
];

/// Sums of the items above, by hand.
const HEADINGS: [(&str, f64); 42] = [
    ("B1", 18.5),
    ("B2", 14.0),
    ("B3", 16.5),
    ("B4", 16.0),
    ("B5", 16.5),
    ("B6", 17.0),
    ("B7", 66.0),
    ("B8", 61.0),
    ("B9", 14.0),
    ("B10", 16.0),
    ("B11", 17.0),
    ("B12", 16.0),
    ("B13", 18.0),
    ("B14", 17.0),
    ("B15", 15.0),
    ("B16", 52.0),
    ("B17", 52.0),
    ("B18", 27.0),
    ("B19", 27.0),
    ("B20", 27.0),
    ("B21", 51.0),
    ("B22", 13.0),
    ("B23", 9.0),
    ("B24", 31.0),
    ("B25", 18.0),
    ("B26", 25.0),
    ("B28", 18.0),
    ("B29", 16.0),
    ("B30", 15.0),
    ("B30-2", 8.0),
    ("B32", 9.0),
    ("B33", 9.0),
    ("B34", 5.0),
    ("B35", 3.0),
    ("A1", 18.5),
    ("A2", 14.0),
    ("A3", 49.0),
    ("A4", 83.0),
    ("A5", 174.0),
    ("A6", 350.0),
    ("A7", 39.0),
    ("A8", 18.0),
];

/// The workbook of all seven: each is marked as the first is, but for what is compared, item 43 and item 66 of 磴口县.
/// `left_out`: entries that settings leave out of the workbook.
fn desk(settings: &[&'static str], left_out: &[&str]) -> Desk {
    let mut desk = Desk::new("bayannur-2020", "members", "2020", settings);
    let mut schools = "区县代码,区县名称,年度,学校代码,学校名称,学校类型,城乡类型,在校生数,起始年级班级数,\
                       起始年级超班额班级数,46-50人班级数,51-55人班级数,56-60人班级数,61-65人班级数,\
                       66人及以上班级数,学校体育经费\n"
        .to_string();
    for (unit, code, satisfaction, allocated, funds) in COUNTIES {
        for worked in ITEMS.iter().filter(|worked| !left_out.contains(&worked.0)) {
            for (entry, said) in worked.entries() {
                desk.enter(unit, &entry, said);
            }
        }
        desk.enter(unit, "27.7.value", satisfaction);
        // Town 32 yuan a pupil, country 18. Two parallel classes too many and one over its size.
        for (number, kind, place, students, sports) in [
            ("01", "小学", "城区", 1000, "8,1,2,0,0,0,0,3.2"),
            ("02", "初中", "镇区", 500, "10,0,0,0,0,0,0,1.6"),
            ("03", "小学", "乡村", 500, "2,0,0,0,0,0,0,0.9"),
        ] {
            schools += &format!(
                "{code},{unit},2020,{code}{number},{unit}{number}校,{kind},{place},{students},{sports}\n"
            );
        }
        desk.data(
            &format!("{unit}.csv"),
            &format!(
                "填报项目,填报值\n区县代码,{code}\n区县名称,{unit}\n年度,2020\n普通高中招生计划总数,1000\n\
                 普通高中分配生名额数,{allocated}\n教科研经费,{funds}\n师生满意度,93.5\n"
            ),
        );
    }
    desk.data("学校.csv", &schools);
    // What the office gives where the money is short.
    desk.enter("五原县", "43.1", "7");
    desk.enter("乌拉特后旗", "43.1", "6");
    desk.enter("磴口县", "66.1.count", "0");
    desk
}

#[test]
fn ninety_items_by_hand() {
    let desk = desk(&[], &[]);
    let results = desk.scored("2020", &[]);
    results.items_are(UNIT, &ITEMS);
    results.headings_are(UNIT, &HEADINGS);
    let standing = results.standing(UNIT);
    // 18.5 + 14 + 49 + 83 + 174 + 350 + 39 + 18, and the bonus of 5 + 3.
    assert_eq!((standing["score"].as_str(), standing["bonus"].as_str()), ("745.5", "8"));
    assert_eq!((standing["total"].as_str(), standing["points"].as_str()), ("753.5", "950"));
    assert_eq!(standing["unmarked"], "0");
    assert_eq!(results.number("totals", &[("unit", UNIT), ("group", "A9")], "score"), 8.0);

    // Against the first: 27 ⑦ ranks 1–7 of seven over three tiers are 5, 5, 5, 4, 4, 3, 3, and no more than its 3
    // points; 28 A is 2 where it is met, and 4, 3, 2 where not, no more than its 2; 43.
    let others = [
        ("临河区", 753.5, "2"),
        ("五原县", 750.5, "6"), // 43: 29 of 30, the office's 7, − 3
        ("杭锦后旗", 753.5, "2"),
        ("乌拉特中旗", 753.5, "2"), // 43: 20 of 20 of its class
        ("乌拉特后旗", 749.5, "7"), // 43: 19 of 20, the office's 6, − 4
        ("磴口县", 758.5, "1"),     // 66: no violation, + 5
        (UNIT, 753.5, "2"),
    ];
    for (unit, total, rank) in others {
        assert_eq!(results.total(unit), total, "{unit}");
        assert_eq!(results.standing(unit)["rank"], rank, "{unit}");
    }
    assert_eq!(results.number("parts", &[("unit", "五原县"), ("item", "28"), ("part", "A")], "score"), 2.0);

    // The arithmetic of each kind of rule.
    for (item, part, said) in
        [("6", "1", "10 − 2 × 1 = 8"), ("21", "1", "0.8 × 20 + 2 − 1 = 17"), ("29", "3", "5 − 4 × 0.5 = 3")]
    {
        let row = results.row("parts", &[("unit", UNIT), ("item", item), ("part", part)]);
        assert_eq!(row["arithmetic"], said, "{item}");
    }
    assert_eq!(
        results.row("scores", &[("unit", UNIT), ("item", "65")])["arithmetic"],
        "4 + 5 + 4 + 5 − 5 = 13"
    );
    the_numbers_behind(&results);

    // The tiers of 27 ⑦ and 28 A are above what the parts are worth: nothing scores more than its points.
    let above: Vec<String> = results
        .table("above")
        .iter()
        .filter(|row| row["unit"] == UNIT)
        .map(|row| format!("{}.{} {} of {}", row["item"], row["part"], row["score"], row["points"]))
        .collect();
    assert!(above.is_empty(), "{above:?}");

    // Offices that mark together stand with their item.
    let who = |item: &str| results.row("scores", &[("unit", UNIT), ("item", item)])["marked_by"].clone();
    assert!(who("24").contains("人事科"), "{}", who("24"));
    assert!(who("73").contains("学校后勤管理中心"), "{}", who("73"));
}

/// What data settle, with the cells it comes from.
fn the_numbers_behind(results: &Results) {
    let of = |item: &str, check: &str| {
        results.row("evidence", &[("unit", UNIT), ("item", item), ("check", check)])
    };
    for (item, check, value, required, met, cell) in [
        ("27", "entry_classes", 3.0, "0", "false", "学校.csv"),
        ("28", "allocated", 60.0, "67", "false", "乌拉特前旗.csv"),
        ("43", "funds", 35.0, "30", "true", "乌拉特前旗.csv"),
        ("44", "satisfaction", 93.5, "95", "false", "乌拉特前旗.csv"),
        ("50", "urban_and_town", 32.0, "30", "true", "学校.csv"),
        ("50", "rural", 18.0, "20", "false", "学校.csv"),
    ] {
        let found = of(item, check);
        assert_eq!(found["value"].parse(), Ok(value), "{item} {check}");
        assert_eq!((found["required"].as_str(), found["met"].as_str()), (required, met), "{item} {check}");
        assert_eq!(found["computed"], "true");
        assert!(found["cells"].contains(cell), "{}", found["cells"]);
    }
    assert!(of("28", "allocated")["cells"].contains("B6"), "{}", of("28", "allocated")["cells"]);
    // Nobody gave the hours of training: it stands beside no mark, and says what is missing.
    let hours = of("23", "hours_72");
    assert!(hours["value"].is_empty() && hours["missing"].contains("72学时"), "{hours:?}");
}

#[test]
fn last_years_ranks() {
    let mut desk = desk(&[], &[]);
    // A year ago item 66 was in order with the first: 753.5 + 5, as 磴口县's 758.5.
    desk.enter(UNIT, "66.1.count", "0");
    assert_eq!(desk.scored("2019", &[]).standing(UNIT)["rank"], "1");
    desk.enter(UNIT, "66.1.count", "3");
    let results = desk.scored("2020", &["--last-year", "2019"]);
    let standing = results.standing(UNIT);
    assert_eq!((standing["rank"].as_str(), standing["last_rank"].as_str()), ("2", "1"));
    assert_eq!(standing["last_result"], "758.5");
    let first = results.standing("磴口县");
    assert_eq!((first["rank"].as_str(), first["last_rank"].as_str()), ("1", "1"));
}

/// Item 23 is marked by four offices: one of them is enough. What is entered and what the data say may differ: the
/// data count, and it is said.
#[test]
fn one_office_for_all_and_a_number_that_differs() {
    let mut desk = desk(&[], &[]);
    let offices = desk.book.offices("23.1");
    assert_eq!(offices, ["市教育局党办", "人事科", "监审科", "基础教育科"]);
    for office in offices.iter().filter(|office| *office != "人事科") {
        for entry in ["23.1", "23.2", "23.3", "23.4"] {
            for (unit, ..) in COUNTIES {
                let at = (desk.book.row(office, entry), desk.book.column(office, unit));
                desk.book.sheet(office).remove(&at);
            }
        }
    }
    desk.enter(UNIT, "43.check.funds", "34");
    let results = desk.scored("2020", &[]);
    assert_eq!(results.total(UNIT), 753.5);
    let row = results.row("scores", &[("unit", UNIT), ("item", "23")]);
    assert_eq!((row["score"].as_str(), row["marked_by"].as_str()), ("16", "人事科"));
    let funds = results.row("evidence", &[("unit", UNIT), ("item", "43")]);
    assert_eq!((funds["value"].as_str(), funds["computed"].as_str()), ("35", "true"));
    for word in ["基教科.xlsx", "34", "35", "乌拉特前旗.csv"] {
        assert!(results.told.contains(word), "{word} in\n{}", results.told);
    }
}

/// Every choice the document leaves open: its value, entries that go, entries that come, the total it makes.
#[test]
fn each_setting_makes_its_own_total() {
    type Variant = (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)], f64);
    let variants: [Variant; 10] = [
        // 27 ⑦ has its 5, 28 A its 3: + 2 + 1.
        ("above_points=as_written", &[], &[], 756.5),
        // Item 7: 4.5, 5.
        ("below_full=half", &[], &[], 754.0),
        ("below_full=none", &[], &[], 754.5),
        // Of 1 + 0 + 2 classes over their size and 2 too many: ② 4 − 4 for 1.
        ("classes_counted=all", &[], &[], 752.5),
        // 5 × 80 % + 5 × 90 % is the 8.5 it was; with 81 % 0.05 more.
        ("satisfaction=share", &["34"], &[("34.1_share.value", "81"), ("34.2_share.value", "90")], 753.55),
        // Town with country: 25 of 20. Full.
        ("town_schools=rural", &[], &[], 758.5),
        // The second tier of 20 for that of 10; the three points 6 + 5 + 2.
        ("item_51=scaled", &["51"], &[("51.scaled.tier", "16")], 761.5),
        ("item_51=parts", &["51"], &[("51.1", "6"), ("51.2", "5"), ("51.3", "2")], 758.5),
        // The meet was held and gets 4 for 5; the festival was not, whatever it is marked.
        (
            "held_events=office",
            &["54", "55"],
            &[("54.held", "是"), ("54.1_office", "4"), ("55.held", "否"), ("55.1_office", "5")],
            752.5,
        ),
        // The office gives 28 A the first tier, 4, and 27 ⑦ the last, 3: no more than the 2 and 3 they are.
        ("tier_split=marked", &[], &[("27.7.tier", "3"), ("28.A.tier", "4")], 753.5),
    ];
    for (setting, gone, entered, total) in variants {
        let mut desk = desk(&[setting], gone);
        for (entry, said) in entered {
            desk.enter(UNIT, entry, said);
        }
        assert_eq!(desk.scored("out", &[]).total(UNIT), total, "{setting}");
    }
    // Items 45 to 47 have 17 + 18 + 17 = 52 of 60, which count 52 × 50/60 of the heading's 50.
    let desk = desk(&["heading_b17=scaled"], &[]);
    let results = desk.scored("out", &[]);
    assert!((results.total(UNIT) - (753.5 - 52.0 + 52.0 * 50.0 / 60.0)).abs() < 1e-6);
    assert_eq!(results.standing(UNIT)["points"], "940");
}

#[test]
fn a_project_not_applied_for_an_entry_forgotten_and_a_mark_too_high() {
    let mut desk = desk(&[], &[]);
    // 84 without an application is not assessed, whatever it was marked: 753.5 − 15.
    desk.enter(UNIT, "84.applied", "否");
    let results = desk.scored("without", &[]);
    assert_eq!(results.total(UNIT), 738.5);
    let row = results.row("scores", &[("unit", UNIT), ("item", "84")]);
    assert_eq!((row["state"].as_str(), row["score"].as_str()), ("not_assessed", "0"));

    // 临河区 is not marked in one point of item 45 (5): no total, no rank; the others keep theirs.
    for sheet in desk.book.offices("45.1") {
        let at = (desk.book.row(&sheet, "45.1"), desk.book.column(&sheet, "临河区"));
        desk.book.sheet(&sheet).remove(&at);
    }
    let results = desk.scored("open", &[]);
    let open = results.standing("临河区");
    assert_eq!((open["total"].as_str(), open["rank"].as_str(), open["unmarked"].as_str()), ("", "", "1"));
    assert_eq!(results.number("totals", &[("unit", "临河区"), ("group", "B17")], "score"), 35.0);
    let unmarked = results.row("unmarked", &[("unit", "临河区")]);
    assert_eq!((unmarked["entry"].as_str(), unmarked["item"].as_str()), ("45.1", "45"));
    assert!(
        unmarked["offices"].contains("法规科") && unmarked["offices"].contains("市督导室"),
        "{unmarked:?}"
    );
    assert_eq!(results.standing("磴口县")["rank"], "1");
    assert!(results.told.contains("未评"), "{}", results.told);

    // 3.5 of 3.
    desk.enter(UNIT, "9.1", "3.5");
    let told = desk.refused();
    for word in ["市督导室.xlsx", "乌拉特前旗", "3.5", "9.1"] {
        assert!(told.contains(word), "{word} in\n{told}");
    }
}
