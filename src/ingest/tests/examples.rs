use super::*;

#[test]
fn the_wide_sheet_and_the_gbk_file_give_the_same_facts() {
    let (Some(xlsx), Some(csv)) =
        (shared("examples/county/county.xlsx"), shared("examples/county/county-gbk.csv"))
    else {
        return;
    };
    let (a, b) = (read(&[xlsx]), read(&[csv]));
    let apart = ["source_id", "source_row"];
    assert!(a.facts.frame().drop_many(apart).equals_missing(&b.facts.frame().drop_many(apart)));
    assert_eq!(a.facts.height(), 53);
    assert_eq!(a.district_facts.height(), 18);
    assert_eq!(b.district_facts.height(), 0);
    // Four teaching points whose largest class was made larger than the school.
    assert_eq!(codes(&a.findings), ["largest_class_exceeds_students"; 4]);
    assert_eq!(sections(&a, "2143000041"), ["primary", "junior", "senior"]);
    assert_eq!(number(&a, "2143000041", "junior", "students"), Some(235.0));
    assert_eq!(number(&a, "2143000041", "senior", "teaching_area"), Some(7055.72));
    assert_eq!(number(&a, "2143000041", "senior", "teachers"), None);
    assert_eq!(cells(&a, "2143000041", "junior", "students"), ["AG43"]);
    assert_eq!(cells(&a, "2143000041", "junior", "teaching_area"), ["BD43"]);
    assert_eq!(cells(&b, "2143000041", "junior", "students"), ["AG43"]);
    assert_eq!(cells(&a, "", "", "satisfaction"), ["B22"]);
}

#[test]
fn the_exports_join_by_code() {
    let Some(export) = shared("examples/county/export") else { return };
    let a = read(&[export]);
    assert_eq!(a.facts.height(), 35 + 15 + 3);
    assert_eq!(codes(&a.findings), Vec::<&str>::new());
    assert_eq!(sections(&a, "2143000041"), ["primary", "junior", "senior"]);
    assert_eq!(number(&a, "2143000041", "junior", "students"), Some(235.0));
    assert_eq!(number(&a, "2143000000", "primary", "arts_teachers_total"), Some(3.0));
    assert_eq!(number(&a, "2143000000", "primary", "indoor_sports_area"), Some(118.85));
    assert_eq!(number(&a, "2143000000", "primary", "gym_area"), None);
    assert_eq!(number(&a, "2143000000", "primary", "teachers_master"), Some(3.0));
    assert_eq!(text(&a, "2143000000", "primary", "ownership").as_deref(), Some("民办"));
    assert_eq!(text(&a, "2143000001", "primary", "ownership").as_deref(), Some("县级教育部门"));
    let places = cells_of(&a, "430503", 2025, "2143000041", "junior", "backbone_teachers");
    assert_eq!(places.len(), 1);
    assert!(places[0].file.as_ref().unwrap().ends_with("初中.xlsx"));
    assert_eq!(places[0].cell.as_deref(), Some("U19"));
    // A school fact is in each of the three.
    assert_eq!(cells_of(&a, "430503", 2025, "2143000041", "junior", "equipment_value").len(), 3);
}

#[test]
fn the_forms_say_what_the_wide_sheet_says() {
    let (Some(forms), Some(wide)) = (shared("examples/county/forms"), shared("examples/county/county.xlsx"))
    else {
        return;
    };
    let (a, b) = (read(&[forms]), read(&[wide]));
    assert_eq!(a.facts.height(), 34);
    assert_eq!(codes(&a.findings), Vec::<&str>::new());
    let schools: Vec<(String, String)> = {
        let codes = a.facts.frame().column("school_code").unwrap().str().unwrap();
        let sections = a.facts.frame().column("section").unwrap().str().unwrap();
        codes
            .iter()
            .zip(sections.iter())
            .map(|(c, s)| (c.unwrap().to_string(), s.unwrap().to_string()))
            .collect()
    };
    let mut compared = 0;
    for (school, section) in &schools {
        for column in a.facts.frame().columns().iter().filter(|c| c.dtype() == &DataType::Float64) {
            let fact = column.name().as_str();
            if let Some(value) = number(&a, school, section, fact) {
                assert_eq!(Some(value), number(&b, school, section, fact), "{school} {fact}");
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 34 * 19);
    assert!(
        a.district_facts
            .frame()
            .column("value")
            .unwrap()
            .equals(b.district_facts.frame().column("value").unwrap())
    );
    assert_eq!(cells(&a, "2143000000", "primary", "students"), ["E6"]);
    assert_eq!(cells(&a, "2143000000", "primary", "teaching_area"), ["E18"]);
}

#[test]
fn all_shapes_of_one_county_together_are_one_county() {
    let Some(county) = shared("examples/county") else { return };
    let a = read(&[county]);
    assert_eq!(a.facts.height(), 53);
    assert_eq!(number(&a, "2143000000", "primary", "arts_teachers_total"), Some(3.0));
    assert_eq!(number(&a, "2143000000", "primary", "gym_area"), Some(174.76));
    assert!(!found(&a, "schools_given_twice").is_empty());
    assert_eq!(found(&a, "file_skipped").len(), 4);
    let students = cells(&a, "2143000000", "primary", "students");
    assert_eq!(students.len(), 4, "{students:?}");
}

#[test]
fn empty_forms_are_no_schools() {
    let (Some(school), Some(district)) =
        (shared("forms/学校填报表格.xlsx"), shared("forms/区县填报表格.xlsx"))
    else {
        return;
    };
    let options = Options { year: Some(2025), ..Options::default() };
    let problems = refused(read_with(&[school, district], &options));
    assert_eq!(codes(&problems), ["no_schools"]);
}

#[test]
fn a_sheet_that_holds_too_little_is_read() {
    let Some(file) = shared("forms/沈阳市中小学导入数据.xlsx") else { return };
    let problems = refused(read_with(std::slice::from_ref(&file), &Options::default()));
    assert_eq!(codes(&problems)[..2], ["year_missing", "sections_not_split"]);
    let options = Options { year: Some(2025), ..Options::default() };
    let a = read_with(&[file], &options).unwrap();
    assert_eq!(a.facts.frame().column("district_code").unwrap().n_unique().unwrap(), 13);
    assert_eq!(number(&a, "210102003", "primary", "students"), Some(318.0));
    assert_eq!(sections(&a, "210102001"), ["primary", "junior"]);
    assert_eq!(number(&a, "210102001", "primary", "students"), None);
    assert_eq!(text(&a, "210102001", "primary", "district_code").as_deref(), Some("210102"));
    assert!(found(&a, "sections_not_split").len() > 10);
    let unknown = found(&a, "header_unknown");
    assert!(unknown.iter().any(|p| p.place.cell.as_deref() == Some("M1")));
}
