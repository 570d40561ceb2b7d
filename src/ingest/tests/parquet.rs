use super::*;

fn write(path: &Path, frame: &mut DataFrame) {
    ParquetWriter::new(std::fs::File::create(path).unwrap()).finish(frame).unwrap();
}
fn panel() -> DataFrame {
    df!(
        "district_code" => [430503i64, 430503],
        "year" => [2025i64, 2025],
        "school_code" => ["01", "02"],
        "section" => ["primary", "junior"],
        "students" => [300i32, 200],
        "teachers" => [20.0f32, 15.5],
        "boarding" => [1i64, 0],
        "made_up" => [1, 2],
    )
    .unwrap()
}

#[test]
fn made_elsewhere() {
    let dir = folder();
    let path = dir.path().join("panel.parquet");
    write(&path, &mut panel());
    let a = read(std::slice::from_ref(&path));
    assert_eq!(number(&a, "01", "primary", "students"), Some(300.0));
    assert_eq!(number(&a, "02", "junior", "teachers"), Some(15.5));
    assert_eq!(number(&a, "02", "junior", "gym_area"), None);
    assert_eq!(text(&a, "01", "primary", "district_code").as_deref(), Some("430503"));
    let said = ["parquet_column_unknown", "fractional_count", "school_types_missing"];
    assert_eq!(codes(&a.findings), said);
    assert_eq!(cells(&a, "02", "junior", "students"), ["E2"]);
}

#[test]
fn what_is_wrong_with_it_is_named() {
    let dir = folder();
    let path = dir.path().join("panel.parquet");
    let said = |frame: &mut DataFrame| {
        write(&path, frame);
        let problems = refused(read_with(std::slice::from_ref(&path), &Options::default()));
        codes(&problems)[0].to_string()
    };
    assert_eq!(said(&mut panel().drop("section").unwrap()), "parquet_column_missing");
    assert_eq!(said(&mut panel().drop("district_code").unwrap()), "parquet_column_missing");
    let mut words = panel();
    words.with_column(Column::new("students".into(), ["many", "few"])).unwrap();
    assert_eq!(said(&mut words), "parquet_column_type");
    let mut gaps = panel();
    gaps.with_column(Column::new("school_code".into(), [Some("01"), None])).unwrap();
    assert_eq!(said(&mut gaps), "parquet_key_missing");
    let mut kinder = panel();
    kinder.with_column(Column::new("section".into(), ["primary", "nursery"])).unwrap();
    assert_eq!(said(&mut kinder), "parquet_section_unknown");
    let mut twice = panel().vstack(&panel()).unwrap();
    assert_eq!(said(&mut twice), "key_twice");
    std::fs::write(&path, "PAR1 and nothing more PAR1").unwrap();
    let problems = refused(read_with(std::slice::from_ref(&path), &Options::default()));
    assert_eq!(codes(&problems), ["parquet_unreadable"]);
}

#[test]
fn a_runs_own_facts_keep_their_cells() {
    let Some(county) = shared("examples/county/county.xlsx") else { return };
    let a = read(&[county]);
    let dir = folder();
    for (name, frame) in [
        ("facts", a.facts.frame()),
        ("sources", a.sources.frame()),
        ("columns", a.columns.frame()),
        ("record_sources", a.record_sources.frame()),
        ("district_facts", a.district_facts.frame()),
        ("answers", a.answers.frame()),
    ] {
        write(&dir.path().join(format!("{name}.parquet")), &mut frame.clone());
    }
    let b = read(&[dir.path().to_path_buf()]);
    assert!(a.facts.frame().equals_missing(b.facts.frame()));
    assert!(a.district_facts.frame().equals_missing(b.district_facts.frame()));
    assert_eq!(super::cells(&b, "2143000041", "junior", "students"), ["AG43"]);
    let said = codes(&b.findings);
    assert_eq!((said[0], &said[1..]), ("run_folder", &codes(&a.findings)[..]));
}
