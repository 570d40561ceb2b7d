use super::*;

#[test]
fn twice_and_equal_is_once() {
    let dir = folder();
    let a =
        csv(dir.path(), "a.csv", &format!("{HOME},在校生数,班级数\n430503,大祥区,2025,01,甲校,小学,300,9\n"));
    let b = csv(
        dir.path(),
        "b.csv",
        &format!("{HOME},在校生数,专任教师数\n430503,大祥区,2025,01,甲校,小学,300,20\n"),
    );
    let a = read(&[a, b]);
    assert_eq!(a.facts.height(), 1);
    assert_eq!(number(&a, "01", "primary", "teachers"), Some(20.0));
    assert_eq!(found(&a, "same_school_twice").len(), 1);
    assert_eq!(a.record_sources.frame().column("role").unwrap().str().unwrap().get(0), Some("also"));
    assert_eq!(cells(&a, "01", "primary", "students"), ["G2", "G2"]);
    assert_eq!(cells(&a, "01", "primary", "teachers"), ["H2"]);
}

#[test]
fn twice_and_different_shows_both_cells() {
    let dir = folder();
    let file = csv(
        dir.path(),
        "a.csv",
        &format!(
            "{HOME},在校生数\n430503,大祥区,2025,01,甲校,小学,300\n430503,大祥区,2025,01,甲校,小学,301\n"
        ),
    );
    let problems = refused(read_with(&[file], &Options::default()));
    assert_eq!(codes(&problems), ["two_values"]);
    let said = Words::load(Language::Chinese).unwrap().error(&Error::Input(problems));
    assert!(
        said.contains("G2") && said.contains("G3") && said.contains("300") && said.contains("301"),
        "{said}"
    );
}

#[test]
fn without_codes_the_full_name_joins_and_a_part_of_it_never() {
    let dir = folder();
    let coded = csv(
        dir.path(),
        "a.csv",
        "区县代码,年度,学校代码,学校名称,学校类型,在校生数\n430503,2025,01,城南 小学,小学,300\n",
    );
    let named = csv(
        dir.path(),
        "b.csv",
        "区县代码,年度,学校名称,学校类型,在校生数,班级数\n430503,2025,城南小学,小学,300,9\n430503,2025,城南小学分校,小学,40,2\n",
    );
    let a = read(&[coded.clone(), named]);
    assert_eq!(a.facts.height(), 2);
    assert_eq!(number(&a, "01", "primary", "classes"), Some(9.0));
    assert_eq!(number(&a, "城南小学分校", "primary", "classes"), Some(2.0));
    let twins = csv(
        dir.path(),
        "c.csv",
        "区县代码,年度,学校代码,学校名称,学校类型,在校生数\n430503,2025,02,城南小学,小学,100\n",
    );
    let named = dir.path().join("b.csv");
    let problems = refused(read_with(&[coded, twins, named], &Options::default()));
    assert_eq!(codes(&problems)[0], "name_fits_several");
}

#[test]
fn sites_are_added_to_their_parents() {
    let dir = folder();
    let file = csv(
        dir.path(),
        "a.csv",
        &format!(
            "{HOME},是否计校数,所属学校代码,在校生数,最大班额,专任教师数,体育馆面积\n\
                 430503,大祥区,2025,01,中心小学,小学,1,,300,45,,100\n\
                 430503,大祥区,2025,02,东教学点,教学点,0,01,40,20,3,10.5\n\
                 430503,大祥区,2025,03,西教学点,教学点,否,02,5,5,1,\n\
                 430503,大祥区,2025,04,南教学点,教学点,0,99,7,7,1,\n"
        ),
    );
    let a = read(&[file]);
    assert_eq!(a.facts.height(), 2);
    assert_eq!(number(&a, "01", "primary", "students"), Some(345.0));
    assert_eq!(number(&a, "01", "primary", "max_class_size"), Some(45.0));
    assert_eq!(number(&a, "01", "primary", "gym_area"), Some(110.5));
    // A part is no total.
    assert_eq!(number(&a, "01", "primary", "teachers"), None);
    assert_eq!(number(&a, "04", "primary", "students"), Some(7.0));
    assert_eq!(found(&a, "site_added").len(), 2);
    assert_eq!(found(&a, "site_without_parent").len(), 1);
    assert_eq!(cells(&a, "01", "primary", "students"), ["I2", "I3", "I4"]);
}

#[test]
fn one_school_is_in_one_district() {
    let dir = folder();
    let rows = |name: &str| {
        format!(
            "{HOME},在校生数\n430503,大祥区,2025,01,甲校,小学,300\n430502,双清区,2025,01,{name},小学,300\n"
        )
    };
    let same = csv(dir.path(), "a.csv", &rows("甲校"));
    assert_eq!(codes(&refused(read_with(&[same], &Options::default()))), ["school_in_two_districts"]);
    let other = csv(dir.path(), "b.csv", &rows("乙校"));
    let a = read(&[other]);
    assert_eq!(a.facts.height(), 2);
    assert_eq!(found(&a, "code_in_two_districts").len(), 1);
}

#[test]
fn a_row_that_only_looks_like_a_note_is_a_school() {
    let dir = folder();
    let file = workbook(
        dir.path(),
        "a.xlsx",
        &[(
            "学校",
            &[
                &["区县代码", "年度", "学校名称", "学校类型", "在校生数"],
                &["430503", "2025", "甲", "乙", "1"],
                &["430503", "2025", "*甲校", "小学", "300"],
                &["430503", "2025", "", "小学", "7"],
                &["", "", "", "全区合计", "307"],
                &["合计", "", "", "", "307"],
                &["", "", "注：甲校暂停招生", "", ""],
            ],
        )],
    );
    let a = read(&[file]);
    assert_eq!(a.facts.height(), 1);
    assert_eq!(number(&a, "*甲校", "primary", "students"), Some(300.0));
    let said = found(&a, "row_without_school");
    assert_eq!(said.iter().map(|p| p.place.cell.as_deref().unwrap()).collect::<Vec<_>>(), ["4"]);
}

#[test]
fn every_bad_file_is_told_at_once() {
    let dir = folder();
    let a = csv(dir.path(), "a.csv", "姓名,电话\n张三,1\n");
    let b = csv(dir.path(), "b.csv", "学校名称,学校类型,在校生数\n甲校,小学,300\n");
    let c = dir.path().join("no.xlsx");
    let problems = refused(read_with(&[a, b, c], &Options::default()));
    let mut said = codes(&problems);
    said.sort_unstable();
    assert_eq!(said, ["district_missing", "file_not_understood", "path_missing", "year_missing"]);
}

#[test]
fn a_folder_is_its_files() {
    let dir = folder();
    std::fs::create_dir(dir.path().join("b")).unwrap();
    csv(dir.path(), "a.csv", &format!("{HOME},在校生数\n430503,大祥区,2025,01,甲校,小学,300\n"));
    csv(&dir.path().join("b"), "a.csv", &format!("{HOME},在校生数\n430503,大祥区,2024,01,甲校,小学,290\n"));
    for name in ["~$a.xlsx", ".hidden.csv", "readme.txt"] {
        std::fs::write(dir.path().join(name), "x").unwrap();
    }
    let seen = std::sync::Mutex::new(Vec::new());
    let watch = |file: &str, _: usize, total: usize| seen.lock().unwrap().push((file.to_string(), total));
    let a = ingest::read(&[dir.path().to_path_buf()], &Options::default(), &watch).unwrap();
    assert_eq!(a.facts.height(), 2);
    assert_eq!(codes(&a.findings), ["file_skipped"]);
    assert_eq!(seen.lock().unwrap().len(), 2);
    assert!(seen.lock().unwrap().iter().all(|(_, total)| *total == 2));
}
