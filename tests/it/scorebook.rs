//! `junheng template`: the scorebook to be filled in.

use crate::{
    support::{junheng, project},
    testing::book::Book,
};

#[test]
fn the_program_writes_it_or_says_why_not() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("units.csv"), "名称\n甲县\n乙县\n").unwrap();
    let own = project("tests/it/marking/every-method.toml").display().to_string();
    let yearly = project("tests/it/marking/yearly.toml").display().to_string();
    let run = |arguments: &[&str]| {
        let output = junheng(folder.path(), &[&["template"], arguments].concat());
        let said = String::from_utf8_lossy(&output.stderr) + String::from_utf8_lossy(&output.stdout);
        (output.status.code(), said.into_owned())
    };
    let (code, said) = run(&["--standard", "daxiang", "--units", "units.csv"]);
    assert!(code == Some(2) && said.contains("daxiang") && said.contains("units"), "{said}");
    let (code, said) = run(&["--standard", &own]);
    assert!(code == Some(2) && said.contains("--units"), "{said}");
    let (code, said) = run(&["--standard", &own, "--units", "members"]);
    assert!(code == Some(2) && said.contains("members"), "{said}");
    let (code, said) = run(&["--standard", &own, "--units", "units.csv", "--year", "2026"]);
    assert!(code == Some(0) && said.contains("评分-every-method.xlsx"), "{said}");
    let (code, _) = run(&["--standard", &own, "--units", "units.csv"]);
    assert_eq!(code, Some(1), "what is there is not overwritten");
    let (code, said) = run(&["--standard", &yearly, "--set", "late=counted", "--lang", "en"]);
    assert!(code == Some(0) && said.contains("scoring-yearly.xlsx"), "{said}");
    let mut book = Book::open(&folder.path().join("scoring-yearly.xlsx"));
    let offices = book.offices("2.each");
    assert!(!offices.is_empty() && book.offices("2.once").is_empty());
    for unit in ["教育局", "财政局"] {
        book.column(&offices[0], unit);
    }
}
