//! 教督〔2012〕3号: the mean of eight CVs, and the two examples published with its calculation (`tests/examples`).

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use crate::support::{junheng, project, rows};

const STANDARD: [&str; 2] = ["--standard", "basic-balance-2012"];

/// Writes a wide sheet and assesses it; gives the folder with the tables.
fn assess(sheet: &str, more: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("全县.csv"), sheet).unwrap();
    let args = [&["assess", "全县.csv", "--out", "out", "--no-documents"], &STANDARD[..], more].concat();
    let run = junheng(folder.path(), &args);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let out = folder.path().join("out");
    (folder, out)
}

/// A published file without its comments.
fn published(name: &str) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(project("tests/examples").join(name)).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    csv::Reader::from_reader(lines.join("\n").as_bytes()).deserialize().map(Result::unwrap).collect()
}

fn number(row: &HashMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column}: {row:?}"))
}

fn find<'a>(rows: &'a [HashMap<String, String>], wanted: &[(&str, &str)]) -> &'a HashMap<String, String> {
    let found = rows.iter().find(|row| wanted.iter().all(|(column, value)| row[*column] == *value));
    found.unwrap_or_else(|| panic!("{wanted:?}"))
}

#[test]
fn the_published_books_of_five_schools() {
    let all = published("worked_example_books_5schools.csv");
    let (total, schools) = all.split_last().unwrap();
    assert_eq!((schools.len(), total["school"].as_str()), (5, "总计"));
    let mut sheet = "区县代码,年度,学校代码,学校名称,学校类型,在校生数,图书册数\n".to_string();
    for (i, row) in schools.iter().enumerate() {
        sheet += &format!("430000,2012,{i},{},小学,{},{}\n", row["school"], row["students"], row["books"]);
    }
    let (_folder, out) = assess(&sheet, &[]);
    let dispersion = rows(&out.join("dispersion.csv"));
    let books = find(&dispersion, &[("section", "primary"), ("indicator", "B5")]);
    let (students, mean) = (number(books, "students"), number(books, "mean"));
    let (sd, cv) = (number(books, "sd"), number(books, "cv"));
    assert_eq!((students, number(books, "schools")), (number(total, "students"), 5.0));
    assert!((mean * students - number(total, "books")).abs() < 1e-9);
    // Published: mean 6.33, sum of the terms 10.65, its root 3.26, CV 0.52. Unrounded: 0.515257.
    assert_eq!(format!("{mean:.2} {:.2} {sd:.2} {cv:.2} {cv:.6}", sd * sd), "6.33 10.65 3.26 0.52 0.515257");
    let measures = rows(&out.join("measures.csv"));
    let mut terms = 0.0;
    for row in schools {
        let found = find(&measures, &[("school_name", row["school"].as_str()), ("indicator", "B5")]);
        let value = number(found, "value");
        assert!((value - number(row, "books_per_student_published")).abs() <= 0.01, "{row:?} {value}");
        let term = number(found, "denominator") / students * (value - mean).powi(2);
        // School 2 is published from rounded factors: 0.85 for 0.8460.
        assert!((term - number(row, "difference_term_published")).abs() < 0.01, "{row:?} {term}");
        terms += term;
    }
    assert!((terms - sd * sd).abs() < 1e-9);
    // Seven of the eight are not known: there is no mean of the CVs, and nobody is ready.
    let mean = find(&dispersion, &[("section", "primary"), ("indicator", "CV")]);
    assert_eq!(
        (mean["cv"].as_str(), mean["status"].as_str(), mean["limit"].as_str()),
        ("", "missing", "0.65")
    );
    assert_eq!(outcome(&out), "cannot_be_judged");
}

fn verdict(out: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(out.join("verdict.json")).unwrap();
    let verdict: serde_json::Value = serde_json::from_str(&text).unwrap();
    verdict.get("verdicts").and_then(|all| all.get(0)).or(verdict.get(0)).cloned().unwrap_or(verdict)
}

fn outcome(out: &Path) -> String {
    let verdict = verdict(out);
    let outcome = verdict.get("outcome").unwrap_or_else(|| panic!("{verdict}"));
    outcome.as_str().unwrap().to_string()
}

#[test]
fn the_published_split_of_a_nine_year_school() {
    let all = published("split_example_nine_year_school.csv");
    let row = &all[0];
    let sheet = format!(
        "区县代码,年度,学校代码,学校名称,学校类型,小学在校生数,初中在校生数,图书册数\n\
         430000,2012,1,九年学校,九年一贯制学校,{},{},{}\n",
        row["primary_students"], row["junior_students"], row["books_total"]
    );
    let (_folder, out) = assess(&sheet, &[]);
    let measures = rows(&out.join("measures.csv"));
    let mut sum = 0.0;
    for (section, exact, published) in
        [("primary", "9711.63", "primary_books_published"), ("junior", "13514.37", "junior_books_published")]
    {
        let books = find(&measures, &[("section", section), ("indicator", "B5")]);
        let share = number(books, "numerator");
        assert_eq!(format!("{share:.2}"), exact);
        // The source rounds 58.5038 to 58.5 first and takes the remainder for the junior section.
        assert!((share - number(row, published)).abs() < 1.0);
        assert_eq!(books["denominator"].parse::<f64>().unwrap(), number(row, &format!("{section}_students")));
        sum += share;
    }
    assert!((sum - number(row, "books_total")).abs() < 1e-9);
}

const HEAD: &str = "区县代码,年度,学校代码,学校名称,学校类型,办学性质,在校生数,教学及辅助用房面积,室内体育用房面积,\
                    体育场面积,教学仪器设备值,计算机台数,图书册数,专任教师数,专科学历教师数,本科学历教师数,硕士学历教师数,\
                    博士学历教师数,中级及以上职称教师数\n";

/// Two schools of 1,000 pupils: the one has 10,000 × (1 − d) of a resource, the other 10,000 × (1 + d), so that its CV is d.
fn two_schools(code: u32, kind: &str, cvs: [f64; 8]) -> String {
    let mut sheet = String::new();
    for (i, sign) in [-1.0, 1.0].into_iter().enumerate() {
        let has = |k: usize| (10_000.0 * (1.0 + sign * cvs[k])).round();
        sheet += &format!(
            "430000,2012,{},{kind}{i},{kind},公办,1000,{},0,{},{},{},{},{},0,{},0,0,{}\n",
            code + i as u32,
            has(0),
            has(1),
            has(2),
            has(3),
            has(4),
            has(5),
            has(6),
            has(7)
        );
    }
    sheet
}

const AT_065: [f64; 8] = [0.5, 0.6, 0.7, 0.8, 0.5, 0.6, 0.7, 0.8];
const AT_055: [f64; 8] = [0.4, 0.5, 0.6, 0.7, 0.4, 0.5, 0.6, 0.7];

/// The same with another last CV.
fn last(mut cvs: [f64; 8], cv: f64) -> [f64; 8] {
    cvs[7] = cv;
    cvs
}

#[test]
fn under_on_and_over_the_limits_of_both_sections() {
    for (primary, junior, said, borderline, ready) in [
        (last(AT_065, 0.7999), last(AT_055, 0.6999), ["met", "met"], false, "ready"),
        (AT_065, AT_055, ["met", "met"], false, "ready"),
        // 0.6500125 prints as 0.650.
        (last(AT_065, 0.8001), AT_055, ["unmet", "met"], true, "not_ready"),
        (last(AT_065, 0.804), AT_055, ["unmet", "met"], false, "not_ready"),
        (AT_065, last(AT_055, 0.704), ["met", "unmet"], false, "not_ready"),
    ] {
        let sheet = HEAD.to_string()
            + &two_schools(1, "小学", primary)
            + &two_schools(5, "初中", junior)
            // None of these counts: private, of the province, of an enterprise, a teaching point.
            + "430000,2012,11,民办一小,小学,民办,9000,1,0,1,1,1,1,1,0,1,0,0,1\n\
               430000,2012,12,师范附小,小学,省级教育部门,9000,1,0,1,1,1,1,1,0,1,0,0,1\n\
               430000,2012,13,矿山小学,小学,地方企业,9000,1,0,1,1,1,1,1,0,1,0,0,1\n\
               430000,2012,14,山里教学点,教学点,公办,90,1,0,1,1,1,1,1,0,1,0,0,1\n";
        let (folder, out) = assess(&sheet, &[]);
        let dispersion = rows(&out.join("dispersion.csv"));
        for (section, cvs, said) in [("primary", primary, said[0]), ("junior", junior, said[1])] {
            let mean = find(&dispersion, &[("section", section), ("indicator", "CV")]);
            let wanted = cvs.iter().sum::<f64>() / 8.0;
            assert!((number(mean, "cv") - wanted).abs() < 1e-12, "{mean:?}");
            assert_eq!((mean["status"].as_str(), mean["schools"].as_str()), (said, "2"), "{mean:?}");
            assert_eq!((mean["mean"].as_str(), mean["sd"].as_str()), ("", ""));
            for (k, cv) in cvs.iter().enumerate() {
                let one = find(&dispersion, &[("section", section), ("indicator", &format!("B{}", k + 1))]);
                assert!((number(one, "cv") - cv).abs() < 1e-12, "{one:?}");
                assert_eq!((one["limit"].as_str(), one["met"].as_str()), ("", ""));
            }
        }
        assert_eq!(outcome(&out), ready);
        assert_eq!(verdict(&out)["borderline"], borderline, "{primary:?}");
        let verdict = verdict(&out);
        let excluded = verdict["excluded"].as_array().unwrap().iter();
        let excluded: Vec<&str> = excluded.filter_map(|one| one["school_name"].as_str()).collect();
        assert_eq!(excluded, ["民办一小", "师范附小", "矿山小学", "山里教学点"]);
        let items = rows(&out.join("items.csv"));
        assert_eq!(
            (items.len(), items[0]["item"].as_str(), items[0]["kind"].as_str()),
            (1, "CV", "composite")
        );
        let gaps = rows(&out.join("gaps.csv"));
        let over = said.iter().filter(|said| **said == "unmet").count();
        assert_eq!(gaps.len(), over);
        for gap in &gaps {
            let limit = if gap["section"] == "primary" { 0.65 } else { 0.55 };
            assert_eq!((gap["item"].as_str(), number(gap, "required")), ("CV", limit));
            assert!((number(gap, "current") - limit - number(gap, "shortfall")).abs() < 1e-9);
            assert!(number(gap, "shortfall") > 0.0 && gap["measures"].contains("最少补"), "{gap:?}");
        }
        let told = junheng(folder.path(), &["explain", "out", "-", "CV"]);
        let told = String::from_utf8(told.stdout).unwrap();
        assert!(told.contains("B1 0.500000 + B2 0.600000"), "{told}");
    }
}

#[test]
fn one_value_missing_and_no_mean_is_met() {
    let sheet = HEAD.to_string() + &two_schools(1, "小学", [0.1; 8]) + &two_schools(5, "初中", [0.1; 8]);
    let school = sheet.lines().nth(4).unwrap();
    let mut fields: Vec<&str> = school.split(',').collect();
    assert_eq!(fields[12], "11000", "the books of {school}");
    fields[12] = "";
    let (_folder, out) = assess(&sheet.replacen(school, &fields.join(","), 1), &[]);
    let dispersion = rows(&out.join("dispersion.csv"));
    let junior = find(&dispersion, &[("section", "junior"), ("indicator", "CV")]);
    assert_eq!((junior["status"].as_str(), junior["met"].as_str()), ("missing", ""));
    assert_eq!(find(&dispersion, &[("section", "primary"), ("indicator", "CV")])["status"], "met");
    assert_eq!(outcome(&out), "cannot_be_judged");
    let items = rows(&out.join("items.csv"));
    assert!(items[0]["detail"].contains("缺数据的指标：B5"), "{items:?}");
}

#[test]
fn a_county_without_a_school_in_scope_is_not_ready() {
    let sheet = HEAD.to_string() + "430000,2012,14,山里教学点,教学点,公办,90,1,0,1,1,1,1,1,0,1,0,0,1\n";
    let (_folder, out) = assess(&sheet, &[]);
    assert_eq!(outcome(&out), "cannot_be_judged");
    assert_eq!(rows(&out.join("items.csv"))[0]["status"], "not_applicable");
}

#[test]
fn every_document_of_the_demonstration_county_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let county = project("data/demo/大祥区.xlsx");
    let args = [&["assess", county.to_str().unwrap(), "--out", "out"], &STANDARD[..]].concat();
    let run = junheng(folder.path(), &args);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let screen = String::from_utf8(run.stdout).unwrap();
    assert!(screen.contains("CV 综合差异系数"), "{screen}");
    let out = folder.path().join("out");
    for name in ["report.html", "申报表.xlsx", "gaps.xlsx", "report.docx", "charts/cv.svg"] {
        assert!(out.join(name).metadata().is_ok_and(|file| file.len() > 1_000), "{name}");
    }
    // Of one school the computers are not known: the mean of the eight is not the county's.
    let dispersion = rows(&out.join("dispersion.csv"));
    assert_eq!(find(&dispersion, &[("section", "primary"), ("indicator", "CV")])["status"], "missing");
    assert_eq!(find(&dispersion, &[("section", "junior"), ("indicator", "CV")])["status"], "met");
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    // No school is judged: said once, and not "不适用 0 / 0" for each.
    assert_eq!(page.matches("不判定学校是否达标；以下为各校数值").count(), 1);
    assert!(!page.contains("0 / 0</td>"));
    let mean = find(&dispersion, &[("section", "primary"), ("indicator", "CV")]);
    let item = &rows(&out.join("items.csv"))[0];
    assert_eq!((item["status"].as_str(), item["threshold"].as_str()), ("missing", "0.65"));
    assert_eq!(item["value"], mean["cv"], "value and limit of the section that cannot be judged");
    let told = |school: &str, asked: &str| {
        let told = junheng(folder.path(), &["explain", "out", school, asked]);
        String::from_utf8(told.stdout).unwrap()
    };
    let composite = told("-", "CV");
    assert!(composite.contains("上限 0.65；部分学校缺数据，数值不完整，不作判定"), "{composite}");
    let measures = rows(&out.join("measures.csv"));
    let known = find(&measures, &[("section", "primary"), ("indicator", "B6")]);
    assert!(!known["value"].is_empty());
    let value = told(&known["school_code"], "B6");
    assert!(value.contains("标准未规定本项达标值") && !value.contains("缺数据"), "{value}");
    assert!(page.contains("data-opens=\"i/CV\""));
    assert!(!page.contains("data-opens=\"d/primary/CV\""), "a mean of CVs has no schools of its own");
}
