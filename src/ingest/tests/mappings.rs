use crate::ingest::{Headers, Mapping};

use super::*;

fn sum(headers: &[&str]) -> Headers {
    Headers::Sum(headers.iter().map(|h| h.to_string()).collect())
}
fn with(mapping: Mapping) -> Options {
    Options { mappings: vec![mapping], ..Options::default() }
}

#[test]
fn sums_constants_and_offsets() {
    let dir = folder();
    let file = csv(
        dir.path(),
        "110_a.csv",
        "學年度,縣市代碼,縣市名稱,學校代碼,學校名稱,1年級男,1年級女,職員\n110,01,新北市,011301,甲,3 ,2 ,9\n110,01,新北市,011302,乙,4,,9\n110,01,新北市,011303,丙,,,9\n110,01,新北市,011304,丁,4,many,9\n",
    );
    let mut mapping = Mapping {
        file: "110_*.csv".into(),
        section: crate::dictionary::Section::from_id("primary"),
        year_offset: Some(1911),
        ignore: vec!["職員".into()],
        ..Mapping::default()
    };
    for (fact, header) in [
        ("year", "學年度"),
        ("district_code", "縣市代碼"),
        ("district_name", "縣市名稱"),
        ("school_code", "學校代碼"),
        ("school_name", "學校名稱"),
    ] {
        mapping.columns.insert(fact.into(), Headers::One(header.into()));
    }
    mapping.columns.insert("students".into(), sum(&["1年級男", "1年級女"]));
    mapping.constants.insert("ownership".into(), "公办".into());
    let a = read_with(std::slice::from_ref(&file), &with(mapping.clone())).unwrap();
    assert_eq!(number(&a, "011301", "primary", "students"), Some(5.0));
    assert_eq!(number(&a, "011302", "primary", "students"), Some(4.0));
    assert_eq!(number(&a, "011303", "primary", "students"), None);
    assert_eq!(number(&a, "011304", "primary", "students"), None);
    assert_eq!(text(&a, "011301", "primary", "ownership").as_deref(), Some("公办"));
    assert_eq!(codes(&a.findings), ["cell_unreadable", "school_types_missing"]);
    let places = cells_of(&a, "01", 2021, "011301", "primary", "students");
    assert_eq!(places.iter().map(|p| p.cell.as_deref().unwrap()).collect::<Vec<_>>(), ["F2", "G2"]);
    mapping.columns.insert("classes".into(), Headers::One("班級數".into()));
    let problems = refused(read_with(&[file], &with(mapping)));
    assert_eq!(codes(&problems), ["mapping_header_missing"]);
    assert!(problems[0].args.iter().any(|(_, v)| v.contains("1年級男")));
}

#[test]
fn a_header_that_stands_twice_is_told_apart() {
    let dir = folder();
    let file =
        csv(dir.path(), "a.csv", "区县代码,年度,学校名称,学校类型,合计,合计\n430503,2025,甲校,小学,300,9\n");
    let mut mapping = Mapping { file: "a.csv".into(), ..Mapping::default() };
    mapping.columns.insert("students".into(), Headers::One("合计".into()));
    let problems = refused(read_with(std::slice::from_ref(&file), &with(mapping.clone())));
    assert!(codes(&problems).contains(&"mapping_header_twice"));
    mapping.columns.insert("students".into(), Headers::One("合计#1".into()));
    mapping.columns.insert("classes".into(), Headers::One("合计#2".into()));
    let a = read_with(&[file], &with(mapping)).unwrap();
    assert_eq!(number(&a, "甲校", "primary", "students"), Some(300.0));
    assert_eq!(number(&a, "甲校", "primary", "classes"), Some(9.0));
}

#[test]
fn eight_years_of_twelve_columns_to_add_up() {
    let Some(first) = shared("data/taiwan-primary/103_basec.csv") else { return };
    let mut options = Options::default();
    let mut files = Vec::new();
    for year in [103, 109, 110] {
        let name = format!("{year}_basec.csv");
        files.push(first.with_file_name(&name));
        let mut mapping = Mapping {
            file: name,
            section: crate::dictionary::Section::from_id("primary"),
            year: Some(year),
            year_offset: Some(1911),
            ..Mapping::default()
        };
        for (fact, header) in [
            ("district_code", "縣市代碼"),
            ("district_name", "縣市名稱"),
            ("school_code", "學校代碼"),
            ("school_name", "學校名稱"),
        ] {
            mapping.columns.insert(fact.into(), Headers::One(header.into()));
        }
        let pupils: Vec<String> =
            (1..=6).flat_map(|g| ["男", "女"].map(|s| format!("{g}年級{s}學生數"))).collect();
        mapping.columns.insert("students".into(), Headers::Sum(pupils));
        mapping.columns.insert("teachers".into(), sum(&["男專任教師", "女專任教師"]));
        options.mappings.push(mapping);
    }
    let a = read_with(&files, &options).unwrap();
    let sums = a
        .facts
        .frame()
        .clone()
        .lazy()
        .filter(col("students").gt(lit(0)))
        .group_by_stable([col("year")])
        .agg([col("students").sum(), col("teachers").sum(), len().cast(DataType::Float64).alias("n")])
        .collect()
        .unwrap();
    let expected = std::fs::read_to_string(first.with_file_name("expected-national.csv")).unwrap();
    for i in 0..3 {
        let at =
            |name: &str| sums.column(name).unwrap().cast(&DataType::Float64).unwrap().f64().unwrap().get(i);
        let year = at("year").unwrap() as i32 - 1911;
        let line = expected.lines().find(|l| l.starts_with(&format!("{year},teachers,"))).unwrap();
        let values: Vec<f64> = line.split(',').skip(2).map(|v| v.parse().unwrap()).collect();
        assert_eq!([at("n"), at("students"), at("teachers")], [values[0], values[1], values[2]].map(Some));
    }
}

#[test]
fn merged_headers_are_named_by_their_path() {
    let Some(file) = shared("data/taiwan-junior/junior110_merged_header.xlsx") else { return };
    let mut mapping = Mapping {
        file: "junior110*".into(),
        header_rows: Some((3, 5)),
        section: crate::dictionary::Section::from_id("junior"),
        year_offset: Some(1911),
        ..Mapping::default()
    };
    for (fact, header) in [
        ("district_code", "縣市代碼"),
        ("district_name", "縣市名稱"),
        ("school_code", "學校代碼"),
        ("school_name", "學校名稱"),
        ("classes", "班級數/合計"),
        ("students", "學生數/合計"),
    ] {
        mapping.columns.insert(fact.into(), Headers::One(header.into()));
    }
    mapping.columns.insert("teachers".into(), sum(&["專任教師/男", "專任教師/女"]));
    let a = read_with(&[file], &with(mapping)).unwrap();
    assert_eq!(a.facts.height(), 965);
    let total = |fact: &str| a.facts.frame().column(fact).unwrap().f64().unwrap().sum().unwrap();
    assert_eq!(total("students"), 586_914.0);
    assert_eq!(a.facts.frame().column("year").unwrap().i32().unwrap().get(0), Some(2021));
    assert_eq!(number(&a, "724505", "junior", "teachers"), Some(12.0));
}
