//! The examples of the library, as `cargo run --example` runs them.

#[allow(dead_code)]
#[path = "../../examples/county_verdict.rs"]
mod county_verdict;
#[allow(dead_code)]
#[path = "../../examples/own_chart.rs"]
mod own_chart;

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

#[test]
fn the_chart_has_a_point_for_every_primary_section_and_the_line_of_the_threshold() {
    let svg = own_chart::chart(&county()).unwrap();
    assert_eq!(svg.matches("<circle").count(), 36, "{svg}");
    assert_eq!(svg.matches("<polyline fill=\"none\" opacity=\"1\" stroke=\"#FF0000\"").count(), 1, "{svg}");
    assert!(svg.contains("小学：生均体育运动场馆面积与学校规模"));
    assert!(own_chart::chart("没有.xlsx").unwrap_err().to_string().contains("没有.xlsx"));
}
