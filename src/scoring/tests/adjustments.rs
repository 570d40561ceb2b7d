use super::*;

fn with(points: f64, adjust: &str) -> Standard {
    one(points, "", &format!("[[item.adjust]]\nid = \"a\"\ntitle.zh = \"迟报\"\n{adjust}"))
}

/// Score, arithmetic and deduction of a part with `part` points.
fn after(standard: &Standard, part: f64, cell: Cell) -> (Option<f64>, String, Option<f64>) {
    let scored = scored(standard, &marks(1, &[(0, "1.1", number(part)), (0, "1.a", cell)]), &Data::new());
    let item = &scored.items[0];
    (item.score, item.arithmetic.clone(), item.adjusted.first().and_then(|adjusted| adjusted.taken))
}

fn gives(score: f64, text: &str, taken: f64) -> (Option<f64>, String, Option<f64>) {
    (Some(score), text.into(), Some(taken))
}

#[test]
fn once_and_never_below_nothing() {
    let standard = with(10.0, "kind = \"deduct\"\neach = 2");
    assert_eq!(after(&standard, 7.0, NO), gives(7.0, "7", 0.0));
    assert_eq!(after(&standard, 7.0, YES), gives(5.0, "7 − 2 = 5", 2.0));
    assert_eq!(after(&standard, 2.0, YES), gives(0.0, "2 − 2 = 0", 2.0));
    assert_eq!(after(&standard, 1.9, YES), gives(0.0, "1.9 − 2 = −0.1 → 0", 1.9));
    // It is unknown whether it was late, so it is not scored.
    let open = scored(&standard, &marks(1, &[(0, "1.1", number(7.0))]), &Data::new());
    let item = &open.items[0];
    assert_eq!(
        (item.state, item.score, &item.unmarked[..]),
        (State::Unmarked, None, &["1.a".to_string()][..])
    );
    assert_eq!((item.adjusted[0].taken, item.arithmetic.as_str()), (None, "7 − ？"));
}

#[test]
fn counted_and_by_the_office() {
    let counted = with(10.0, "kind = \"deduct\"\neach = 0.5\ncounted.zh = \"起\"");
    assert_eq!(after(&counted, 7.0, number(0.0)), gives(7.0, "7", 0.0));
    assert_eq!(after(&counted, 7.0, number(3.0)), gives(5.5, "7 − 3 × 0.5 = 5.5", 1.5));
    assert_eq!(after(&counted, 7.0, number(14.0)), gives(0.0, "7 − 14 × 0.5 = 0", 7.0));
    assert_eq!(after(&counted, 7.0, number(15.0)), gives(0.0, "7 − 15 × 0.5 = −0.5 → 0", 7.0));
    let range = with(10.0, "kind = \"deduct\"\nleast = 1\nmost = 3");
    assert_eq!(after(&range, 7.0, number(0.0)), gives(7.0, "7", 0.0));
    for (taken, score) in
        [(0.9, None), (1.0, Some(6.0)), (1.1, Some(5.9)), (2.9, Some(4.1)), (3.0, Some(4.0)), (3.1, None)]
    {
        assert_eq!(after(&range, 7.0, number(taken)).0, score, "{taken}");
    }
}

#[test]
fn a_cap_below_full() {
    for standard in [with(10.0, "kind = \"cap\"\nshare = 0.9"), with(10.0, "kind = \"cap\"\npoints = 9")] {
        let at = |part| {
            let scored = scored(&standard, &marks(1, &[(0, "1.1", number(part))]), &Data::new());
            let item = &scored.items[0];
            (item.score, item.arithmetic.clone(), item.adjusted.first().and_then(|adjusted| adjusted.taken))
        };
        assert_eq!(at(8.9), (Some(8.9), "8.9".into(), None));
        assert_eq!(at(9.0), (Some(9.0), "9".into(), None));
        assert_eq!(at(9.1), gives(9.0, "9.1，最高 9：9", 0.1));
    }
}

#[test]
fn nothing_is_scored() {
    let zero = with(10.0, "kind = \"zero\"");
    assert_eq!(after(&zero, 7.0, NO), gives(7.0, "7", 0.0));
    assert_eq!(after(&zero, 7.0, YES), gives(0.0, "不予评分（迟报）：0", 7.0));
    let precondition = with(10.0, "kind = \"precondition\"");
    assert_eq!(after(&precondition, 7.0, YES), gives(7.0, "7", 0.0));
    assert_eq!(after(&precondition, 7.0, NO), gives(0.0, "不评估（没有“迟报”）：0", 7.0));
    // It decides the item, whatever else is missing.
    for (standard, cell) in [(&zero, YES), (&precondition, NO)] {
        let scored = scored(standard, &marks(1, &[(0, "1.a", cell)]), &Data::new());
        let item = &scored.items[0];
        assert_eq!((item.state, item.score, item.unmarked.len()), (State::NotAssessed, Some(0.0), 0));
        assert_eq!(scored.standings[0].total, Some(0.0));
        assert_eq!(scored.standings[0].points, Some(10.0));
    }
}

#[test]
fn a_veto_takes_grade_and_rank() {
    let grade = "[[scoring.grade]]\nname.zh = \"合格\"\nfrom = 0\nto = 10\n";
    let text = one_with_grades(grade, "[[item.adjust]]\nid = \"a\"\nkind = \"veto\"\ntitle.zh = \"师德\"");
    let entered = [(0, "1.1", number(9.0)), (0, "1.a", YES), (1, "1.1", number(3.0)), (1, "1.a", NO)];
    let scored = scored(&text, &marks(2, &entered), &Data::new());
    let (vetoed, other) = (&scored.standings[0], &scored.standings[1]);
    assert_eq!(
        (vetoed.total, vetoed.rank, vetoed.grade, &vetoed.vetoed[..]),
        (Some(0.0), None, None, &[0][..])
    );
    assert_eq!((other.total, other.rank, other.grade, other.vetoed.len()), (Some(3.0), Some(1), Some(0), 0));
    assert_eq!(scored.items[0].arithmetic, "一票否决（师德）：0");
}

fn one_with_grades(grades: &str, rest: &str) -> Standard {
    standard(&format!(
        "[scoring]\ntotal = 10\n{grades}\n[[group]]\nid = \"A\"\ntitle.zh = \"甲\"\n[[item]]\nid = \"1\"\ngroup = \"A\"\nkind = \"scored\"\npoints = 10\ntitle.zh = \"一\"\n[[item.part]]\nid = \"1\"\ntitle = \"一\"\npoints = 10\n{rest}"
    ))
}

#[test]
fn in_the_order_written() {
    let first = "[[item.adjust]]\nid = \"a\"\nkind = \"cap\"\npoints = 9\ntitle.zh = \"不得满分\"\n";
    let second = "[[item.adjust]]\nid = \"b\"\nkind = \"deduct\"\neach = 2\ntitle.zh = \"迟报\"\n";
    let of = |rest: &str| {
        let standard = one(10.0, "", rest);
        let scored = scored(&standard, &marks(1, &[(0, "1.1", number(10.0)), (0, "1.b", YES)]), &Data::new());
        (scored.items[0].score, scored.items[0].arithmetic.clone())
    };
    assert_eq!(of(&(first.to_string() + second)), is(7.0, "10，最高 9：9 − 2 = 7"));
    assert_eq!(of(&(second.to_string() + first)), is(8.0, "10 − 2 = 8"));
}

#[test]
fn only_with_its_choice() {
    let setting = "[[setting]]\nid = \"late\"\ntitle.zh = \"迟报\"\nvalue = \"off\"\n[setting.values]\non.zh = \"扣\"\noff.zh = \"不扣\"\n";
    let adjust = "[[item.adjust]]\nid = \"a\"\nkind = \"deduct\"\neach = 2\ntitle.zh = \"迟报\"\nonly = { setting = \"late\", value = \"on\" }\n";
    let mut standard = one(10.0, "", &format!("{adjust}{setting}"));
    let marks = marks(1, &[(0, "1.1", number(10.0)), (0, "1.a", YES)]);
    let off = scored(&standard, &marks, &Data::new());
    assert_eq!(off.items[0].score, Some(10.0));
    assert_eq!(off.findings[0].code, "score_entry_not_asked");
    standard.choose("late", "on").unwrap();
    let on = scored(&standard, &marks, &Data::new());
    assert_eq!((on.items[0].score, on.findings.len()), (Some(8.0), 0));
}

#[test]
fn a_check_of_another_choice_is_neither_asked_nor_shown() {
    let setting = "[[setting]]\nid = \"town\"\ntitle.zh = \"镇区\"\nvalue = \"urban\"\n[setting.values]\nurban.zh = \"城\"\nrural.zh = \"乡\"\n";
    let part = |choice: &str, check: &str| {
        format!(
            "method = \"threshold\"\ncheck = \"{check}\"\nonly = {{ setting = \"town\", value = \"{choice}\" }}\n"
        )
    };
    let second = format!("[[item.part]]\nid = \"2\"\ntitle = \"二\"\npoints = 10\n{}", part("rural", "d"));
    let checks = check("required = 30", ">=") + &check("required = 20", ">=").replace("\"c\"", "\"d\"");
    let mut standard = one(10.0, &part("urban", "c"), &(second + &checks + setting));
    for (choice, id, shown) in [("urban", "1.check.c", 0), ("rural", "1.check.d", 1)] {
        standard.choose("town", choice).unwrap();
        let scored = scored(&standard, &marks(1, &[(0, id, number(25.0))]), &Data::new());
        let item = &scored.items[0];
        assert_eq!(item.evidence.iter().map(|evidence| evidence.check).collect::<Vec<_>>(), [shown]);
        assert_eq!(item.score, Some(if choice == "urban" { 0.0 } else { 10.0 }));
    }
}
