//! The demonstration county, assessed from each of its three shapes.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use crate::support::{junheng, project, rows};

/// The three shapes of the county, in its folder.
const SHAPES: [&str; 3] = ["exports", "forms", "大祥区.xlsx"];

type Table = BTreeMap<Vec<String>, HashMap<String, String>>;

/// A table by its keys.
fn table(folder: &Path, name: &str, keys: &[&str]) -> Table {
    let rows = rows(&folder.join(name));
    let count = rows.len();
    let table: Table =
        rows.into_iter().map(|row| (keys.iter().map(|key| row[*key].clone()).collect(), row)).collect();
    assert_eq!(table.len(), count, "{name}: every key once");
    table
}

/// Equal to 1e-9 where they are numbers.
fn alike(a: &str, b: &str) -> bool {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()),
        _ => a == b,
    }
}

#[test]
fn the_three_shapes_give_one_result() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = junheng(folder.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    let standard = ["--standard", "daxiang"];
    for shape in SHAPES {
        let input = project("data/demo").join(shape);
        let mut arguments = vec!["assess", input.to_str().unwrap(), "--out", shape, "--no-documents"];
        arguments.extend(standard);
        run(&arguments);
    }
    // The pipeline reads the exports and the county's form.
    run(&["run", project("pipelines/demo.toml").to_str().unwrap(), "--out", "pipeline", "--no-documents"]);

    let tables: [(&str, &[&str], usize); 3] = [
        ("measures.csv", &["school_code", "section", "indicator"], 42 * 7),
        ("schools.csv", &["school_code", "section"], 42),
        ("dispersion.csv", &["section", "indicator"], 14),
    ];
    for (name, keys, rows) in tables {
        let first = table(&folder.path().join("exports"), name, keys);
        assert_eq!(first.len(), rows, "{name}");
        for other in ["forms", "大祥区.xlsx", "pipeline"] {
            let second = table(&folder.path().join(other), name, keys);
            assert!(first.keys().eq(second.keys()), "{name} of {other}");
            for (key, row) in &first {
                for (column, value) in row {
                    let there = &second[key][column];
                    assert!(alike(value, there), "{name} of {other}, {key:?}, {column}: {value}, {there}");
                }
            }
        }
    }
    // The exports have no district facts; with the county's form beside them they have.
    let settled = |shape: &str| {
        let items = table(&folder.path().join(shape), "items.csv", &["item"]);
        items.into_values().filter(|item| item["status"] == "met" || item["status"] == "unmet").count()
    };
    assert!(settled("exports") < settled("pipeline"));
    assert_eq!(settled("forms"), settled("大祥区.xlsx"));
}
