//! 洮北区 2023: schools, thirty-three items with 100 points in all, each marked by its office.

use super::{Desk, Worked};

const UNIT: &str = "洮北九年一贯制学校";
const OTHER: &str = "洮北小学";
const SCHOOLS: &str = "名称,代码\n洮北九年一贯制学校,2208020001\n洮北小学,2208020002\n";

/// Full but for C1 (15), C8 (4), C16 (3), C22 (2) and C32 (3): 100 − 2 − 1 − 0.5 − 1 − 1 = 94.5.
const ITEMS: [Worked; 33] = [
    Worked("C1", "1=13", 13.0, ""),
    Worked("C2", "1=2", 2.0, ""),
    Worked("C3", "1=2", 2.0, ""),
    Worked("C4", "1=2", 2.0, ""),
    Worked("C5", "1=3", 3.0, ""),
    Worked("C6", "1=2", 2.0, ""),
    Worked("C7", "1=2", 2.0, ""),
    Worked("C8", "1=3", 3.0, ""),
    Worked("C9", "1=2", 2.0, ""),
    Worked("C10", "1=4 conduct=否", 4.0, ""),
    Worked("C11", "1=4", 4.0, ""),
    Worked("C12", "1=3", 3.0, ""),
    Worked("C13", "1=4", 4.0, ""),
    Worked("C14", "1=3", 3.0, ""),
    Worked("C15", "1=4", 4.0, ""),
    Worked("C16", "1=2.5", 2.5, ""),
    Worked("C17", "1=2", 2.0, ""),
    Worked("C18", "1=3", 3.0, ""),
    Worked("C19", "1=2", 2.0, ""),
    Worked("C20", "1=3", 3.0, ""),
    Worked("C21", "1=3", 3.0, ""),
    Worked("C22", "1=1", 1.0, ""),
    Worked("C23", "1=2", 2.0, ""),
    Worked("C24", "1=2", 2.0, ""),
    Worked("C25", "1=2", 2.0, ""),
    Worked("C26", "1=3", 3.0, ""),
    Worked("C27", "1=2", 2.0, ""),
    Worked("C28", "1=2", 2.0, ""),
    Worked("C29", "1=3", 3.0, ""),
    Worked("C30", "1=2", 2.0, ""),
    Worked("C31", "1=3", 3.0, ""),
    Worked("C32", "1=2", 2.0, ""),
    Worked("C33", "1=2", 2.0, ""),
];

const HEADINGS: [(&str, f64); 10] = [
    ("A1", 39.0),
    ("A2", 18.5),
    ("A3", 5.0),
    ("A4", 23.0),
    ("A5", 9.0),
    ("B1", 13.0),
    ("B5", 9.0),
    ("B10", 6.5),
    ("B16", 14.0),
    ("B20", 2.0),
];

fn desk(settings: &[&'static str], table: &[Worked]) -> Desk {
    let mut desk = Desk::new("taobei-2023", SCHOOLS, "2023", settings);
    for unit in [UNIT, OTHER] {
        for worked in table {
            for (entry, said) in worked
                .entries()
                .filter(|(entry, _)| entry != "C10.conduct" || settings.contains(&"conduct_veto=school"))
            {
                desk.enter(unit, &entry, said);
            }
        }
    }
    // The second school has all of C16, C22 and C32 and loses the same elsewhere: 94.5 + 2.5.
    for (entry, said) in [("C16.1", "3"), ("C22.1", "2"), ("C32.1", "3")] {
        desk.enter(OTHER, entry, said);
    }
    desk
}

#[test]
fn thirty_three_points_by_hand() {
    let desk = desk(&[], &ITEMS);
    // Both sections of the first school have boarders; the pupils of the primary one get what juniors should (1250).
    desk.data(
        "学校.csv",
        "区县代码,区县名称,年度,学校代码,学校名称,学校类型,是否寄宿制学校,小学在校生数,初中在校生数,\
         小学寄宿生生活补助标准,初中寄宿生生活补助标准,小学起始年级大班额班级数,初中起始年级大班额班级数,\
         公用经费预算总额,教师培训经费,在研课题数,在岗教师数,报送新闻信息条数\n\
         220802,洮北区,2023,2208020001,洮北九年一贯制学校,九年一贯制,是,500,400,1250,1250,1,0,50,2.4,6,40,5\n\
         220802,洮北区,2023,2208020002,洮北小学,小学,是,300,,1000,,0,,20,1,5,40,4\n",
    );
    desk.data(
        "区.csv",
        "填报项目,填报值\n区县代码,220802\n区县名称,洮北区\n年度,2023\n符合交流条件教师总数,100\n实际交流轮岗教师数,12\n",
    );
    let results = desk.scored("2023", &[]);
    results.items_are(UNIT, &ITEMS);
    results.headings_are(UNIT, &HEADINGS);
    for (unit, total, rank) in [(UNIT, 94.5, ""), (OTHER, 97.0, "")] {
        assert_eq!(results.total(unit), total);
        let standing = results.standing(unit);
        assert_eq!((standing["rank"].as_str(), standing["points"].as_str()), (rank, "100"));
    }
    let evidence = |unit: &str, item: &str, check: &str, value: &str, met: &str| {
        let row = results.row("evidence", &[("unit", unit), ("item", item), ("check", check)]);
        assert_eq!(
            (row["value"].as_str(), row["met"].as_str()),
            (value, met),
            "{unit} {item} {check} {row:?}"
        );
        row["cells"].clone()
    };
    // 2.4 of 50 is 4.8 %, below 5; 1 of 20 is 5 %.
    assert!(evidence(UNIT, "C8", "training", "4.8", "false").contains("N2"));
    evidence(OTHER, "C8", "training", "5", "true");
    // 6 and 5 projects with 40 teachers: 15 % and 12.5 %.
    evidence(UNIT, "C32", "projects", "15", "true");
    evidence(OTHER, "C32", "projects", "12.5", "false");
    evidence(UNIT, "C31", "news", "5", "true");
    evidence(OTHER, "C31", "news", "4", "false");
    // One of the two sections misses it, the primary one, and stands for the school.
    assert!(evidence(UNIT, "C6", "boarding", "1250", "false").contains("J2"));
    evidence(OTHER, "C6", "boarding", "1000", "true");
    evidence(UNIT, "C22", "entry_classes", "1", "false");
    // 12 % of the teachers moved; what the province wants is not given.
    let rotation = results.row("evidence", &[("unit", UNIT), ("item", "C9"), ("check", "rotation")]);
    assert_eq!((rotation["met"].as_str(), rotation["required"].as_str()), ("", ""));
    assert!(rotation["missing"].contains("规定的教师交流比例"), "{rotation:?}");
}

#[test]
fn a_veto_takes_the_rank() {
    let mut desk = desk(&["conduct_veto=school", "ranking=points"], &ITEMS);
    desk.enter(UNIT, "C10.conduct", "是");
    let results = desk.scored("veto", &[]);
    let standing = results.standing(UNIT);
    // C10 is 0: 94.5 − 4.
    assert_eq!((standing["total"].as_str(), standing["vetoed"].as_str()), ("90.5", "C10"));
    assert_eq!((standing["rank"].as_str(), standing["grade"].as_str()), ("", ""));
    assert_eq!(results.standing(OTHER)["rank"], "1");

    // The other reading: only the teacher is failed. Nothing is asked of the school.
    let mut desk = super::taobei::desk(&[], &ITEMS);
    assert!(desk.book.offices("C10.conduct").is_empty());
    assert_eq!(desk.scored("teacher", &[]).total(UNIT), 94.5);

    // Two offices mark C10 and differ.
    desk.book.set("人事科", "C10.1", UNIT, super::cell("3"));
    let (row, column) = (desk.book.row("人事科", "C10.1"), desk.book.column("人事科", UNIT));
    let told = desk.refused();
    let cell =
        |row: u32, column: u32| format!("{}{}", char::from(b'A' + u8::try_from(column).unwrap()), row + 1);
    let other = cell(desk.book.row("执法办", "C10.1"), desk.book.column("执法办", UNIT));
    for word in ["执法办.xlsx", "人事科.xlsx", "4", "3", UNIT, &cell(row, column), &other] {
        assert!(told.contains(word), "{word} in\n{told}");
    }
}
