use proptest::prelude::*;

use super::*;

/// A part of every method with 10 points each, and an item that deducts.
fn system() -> Standard {
    let methods = [
        "",
        "method = \"deduct\"\neach = 1.5\ncounted.zh = \"起\"",
        "method = \"base\"\nbase = 0.8\nfault = [1, 5]",
        "method = \"elements\"\nelements = [\"甲\", \"乙\", \"丙\"]",
        "method = \"tiers\"\ntiers = [10, 8, 6]\nentered.zh = \"值\"",
        "method = \"trend\"\nup = 10\nsame = 5\ndown = 0",
        "method = \"share\"\nentered.zh = \"率\"",
        "method = \"threshold\"\notherwise = \"office\"",
        "method = \"levels\"\n[[item.part.level]]\nname.zh = \"国家级\"\nfirst = 5\nmore = 2",
    ];
    let mut text = "[scoring]\ntotal = 90\n[[group]]\nid = \"A\"\ntitle.zh = \"甲\"\n".to_string();
    for (n, method) in methods.iter().enumerate() {
        let id = n + 1;
        text += &format!(
            "[[item]]\nid = \"{id}\"\ngroup = \"A\"\nkind = \"scored\"\npoints = 10\ntitle.zh = \"{id}\"\n[[item.part]]\nid = \"1\"\ntitle = \"①\"\npoints = 10\n{method}\n[[item.adjust]]\nid = \"late\"\nkind = \"deduct\"\neach = 0.5\ncounted.zh = \"次\"\ntitle.zh = \"迟\"\n"
        );
    }
    standard(&text)
}

/// All marks of one unit, in the units of each entry.
fn unit() -> impl Strategy<Value = Vec<(&'static str, Cell)>> {
    let tenths = |most: i32| (0..=most).prop_map(|n| number(f64::from(n) / 10.0));
    let counts = || (0..12i32).prop_map(|n| number(f64::from(n)));
    let truth = || any::<bool>().prop_map(Cell::Truth);
    let scores = (
        tenths(100),
        counts(),
        tenths(20),
        prop_oneof![Just(number(0.0)), (10..=50i32).prop_map(|n| number(f64::from(n) / 10.0))],
    );
    let seen =
        (truth(), truth(), truth(), tenths(30), -1..=1i8, tenths(1000), truth(), tenths(100), counts());
    (scores, seen, proptest::collection::vec(0..4i32, 9)).prop_map(|(a, b, late)| {
        let lates =
            ["1.late", "2.late", "3.late", "4.late", "5.late", "6.late", "7.late", "8.late", "9.late"];
        let mut all = vec![
            ("1.1", a.0),
            ("2.1.count", a.1),
            ("3.1.bonus", a.2),
            ("3.1.fault", a.3),
            ("4.1.1", b.0),
            ("4.1.2", b.1),
            ("4.1.3", b.2),
            ("5.1.value", b.3),
            ("6.1.trend", Cell::Direction(b.4)),
            ("7.1.value", b.5),
            ("8.1.met", b.6),
            ("8.1", b.7),
            ("9.1.level1", b.8),
        ];
        all.extend(lates.into_iter().zip(late).map(|(entry, n)| (entry, number(f64::from(n)))));
        all
    })
}

fn entered(units: &[Vec<(&'static str, Cell)>]) -> Vec<(usize, &'static str, Cell)> {
    let each = |(unit, cells): (usize, &Vec<(&'static str, Cell)>)| {
        cells.iter().map(|(entry, cell)| (unit, *entry, *cell)).collect::<Vec<_>>()
    };
    units.iter().enumerate().flat_map(each).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn scores_stay_within_the_points_and_ranks_are_a_competition(units in proptest::collection::vec(unit(), 1..6)) {
        let standard = system();
        let scored = scored(&standard, &marks(units.len(), &entered(&units)), &Data::new());
        for item in &scored.items {
            let score = item.score.expect("everything is entered");
            prop_assert!((0.0..=10.0).contains(&score), "{} {}", item.item, item.arithmetic);
            let taken: f64 = item.adjusted.iter().filter_map(|adjusted| adjusted.taken).sum();
            let parts: f64 = item.parts.iter().filter_map(|part| part.score).sum();
            prop_assert!((parts - taken - score).abs() < 1e-6, "{}", item.arithmetic);
        }
        for standing in &scored.standings {
            let result = standing.result.unwrap();
            let better = scored.standings.iter().filter(|other| other.result.unwrap() > result).count();
            prop_assert_eq!(standing.rank, Some(better + 1));
            let sum: f64 = scored.items.iter().filter(|item| item.unit == standing.unit).filter_map(|item| item.score).sum();
            prop_assert!((sum - result).abs() < 1e-6);
        }
    }

    #[test]
    fn order_changes_nothing(units in proptest::collection::vec(unit(), 2..5), turn in 1..4usize) {
        let standard = system();
        let plain = marks(units.len(), &entered(&units));
        let count = units.len();
        // Units rotated, marks reversed.
        let mut other = plain.clone();
        other.units.rotate_left(turn % count);
        for mark in &mut other.marks {
            mark.unit = (mark.unit + count - turn % count) % count;
        }
        other.marks.reverse();
        let (first, second) = (scored(&standard, &plain, &Data::new()), scored(&standard, &other, &Data::new()));
        for standing in &first.standings {
            let there = (standing.unit + count - turn % count) % count;
            let same = &second.standings[there];
            prop_assert_eq!((standing.result, standing.rank), (same.result, same.rank));
        }
    }

    #[test]
    fn more_violations_never_score_more(unit in unit(), more in 1..5i32) {
        let standard = system();
        let plain = entered(&[unit]);
        let worse: Vec<_> = plain
            .iter()
            .map(|(unit, entry, cell)| match cell {
                Cell::Number(count) if *entry == "2.1.count" || entry.ends_with("late") => {
                    (*unit, *entry, number(count + f64::from(more)))
                }
                _ => (*unit, *entry, *cell),
            })
            .collect();
        let total = |cells: &[(usize, &'static str, Cell)]| {
            scored(&standard, &marks(1, cells), &Data::new()).standings[0].total.unwrap()
        };
        prop_assert!(total(&worse) <= total(&plain));
    }
}
