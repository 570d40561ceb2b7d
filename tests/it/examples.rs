//! The examples of the library, as `cargo run --example` runs them.

#[allow(dead_code)]
#[path = "../../examples/county_verdict.rs"]
mod county_verdict;

use crate::support::project;

fn county() -> String {
    project("data/demo/大祥区.xlsx").display().to_string()
}

#[test]
fn the_verdict_stands_above_the_largest_gaps() {
    let text = county_verdict::verdict(&county()).unwrap();
    let (verdict, gaps) = text.split_once("\n\n").unwrap();
    assert!(verdict.starts_with("大祥区（430503）") && verdict.contains("结论：未达标"), "{text}");
    assert_eq!(gaps.lines().count(), 6, "a heading and five rows: {text}");
    assert!(gaps.lines().nth(1).unwrap().starts_with("田江小学"), "{text}");
    assert!(county_verdict::verdict("没有.xlsx").unwrap_err().to_string().contains("没有.xlsx"));
}
