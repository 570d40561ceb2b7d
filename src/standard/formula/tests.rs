use super::*;
use crate::exact::{decimal, exact_of, printed};

fn number(text: &str) -> BigRational {
    decimal(text).unwrap()
}

#[test]
fn decimals_are_exact() {
    assert_eq!(number("4.2"), BigRational::new(21.into(), 5.into()));
    assert_eq!(exact_of(4.2), Some(number("4.2")));
    assert_eq!(exact_of(1545.0700000000002), Some(number("1545.07")));
    assert_eq!(exact_of(-0.0), Some(number("0")));
    assert_eq!(exact_of(2e9), Some(number("2000000000")));
    assert_eq!(exact_of(f64::NAN), None);
}

#[test]
fn exact_reading() {
    let value = |text: &str, students: f64| {
        let formula: Formula = text.parse().unwrap();
        formula.exact(&|id| match id {
            "students" => exact_of(students).map_or(Exact::Null, Exact::Number),
            "school_type" => Exact::Text("小学".into()),
            _ => Exact::Null,
        })
    };
    assert_eq!(value("100.0 * 21 / students", 500.0), Exact::Number(number("4.2")));
    assert_eq!(value("1 / students", 0.0), Exact::Null);
    assert_eq!(value("ceil(students / 12.0)", 25.0), Exact::Number(number("3")));
    assert_eq!(value("coalesce(books, students)", 2.0), Exact::Number(number("2")));
    assert_eq!(value("school_type in ('小学', '初中') and books > 1", 2.0), Exact::Null);
    assert_eq!(value("school_type = '初中' and books > 1", 2.0), Exact::Truth(false));
    assert_eq!(value("case when books > 1 then 1 else 0 end", 2.0), Exact::Number(number("0")));
}

#[test]
fn frames_agree_with_exact() {
    use pl::*;
    let frame = df!("students" => [Some(25.0), Some(0.0), None], "t" => ["a", "b", "c"]).unwrap();
    for text in [
        "ceil(students / 12.0)",
        "10.0 / students",
        "coalesce(students, 7) - 2 * students",
        "case when t in ('a', 'b') then students else 1.5 end",
        "-students + floor(students / 10)",
        "nullif(students, 0)",
    ] {
        let formula: Formula = text.parse().unwrap();
        let got = frame
            .clone()
            .lazy()
            .select([formula.to_polars().cast(DataType::Float64).alias("v")])
            .collect()
            .unwrap();
        let got = got.column("v").unwrap().f64().unwrap();
        for row in 0..3 {
            let students = frame.column("students").unwrap().f64().unwrap().get(row);
            let exact = formula.exact(&|id| match id {
                "students" => students.and_then(exact_of).map_or(Exact::Null, Exact::Number),
                _ => Exact::Text(["a", "b", "c"][row].into()),
            });
            assert_eq!(got.get(row).and_then(exact_of), exact.number(), "{text} row {row}");
        }
    }
}

#[test]
fn what_is_not_allowed_is_named() {
    for text in [
        "students +",
        "random()",
        "select 1",
        "x.students",
        "students; drop table facts",
        "students like 'a'",
    ] {
        assert!(text.parse::<Formula>().is_err(), "{text}");
    }
}

#[test]
fn printing_rounds_half_up() {
    assert_eq!(printed(&number("0.4995"), 3), number("0.5"));
    assert_eq!(printed(&number("4.195"), 2), number("4.2"));
    assert_eq!(printed(&number("-4.195"), 2), number("-4.2"));
}

#[test]
fn sql_is_readable() {
    let formula: Formula = "100.0 * (teachers_bachelor + 1) / primary.students".parse().unwrap();
    let sql = formula.to_sql(&|id| id.replace('.', "_"));
    assert_eq!(sql, "100.0 * (teachers_bachelor + 1) / nullif(primary_students, 0)");
    for text in [
        "a - (b + c) * d",
        "a - b - c",
        "a / nullif(b * c, 0)",
        "not (a = 1 and b = 2) or c in (1, 2)",
        "(a or b) and c is not null",
        "-(a + b)",
        "(a + b) * 2 >= 3",
        "case when a then 1 else 2 end + 1",
    ] {
        let formula: Formula = text.parse().unwrap();
        let again: Formula = formula.to_sql(&str::to_string).parse().unwrap();
        let printed = again.to_sql(&str::to_string);
        assert_eq!(
            printed.replace("nullif(nullif(b * c, 0), 0)", "nullif(b * c, 0)"),
            formula.to_sql(&str::to_string)
        );
    }
    let plain: Formula = "a - (b + c) * d".parse().unwrap();
    assert_eq!(plain.to_sql(&str::to_string), "a - (b + c) * d");
    assert_eq!(formula.facts().into_iter().collect::<Vec<_>>(), ["students", "teachers_bachelor"]);
}
