//! A county's verdict through the library: what it is, why, and the largest gaps.
//!
//! ```sh
//! cargo run --example county_verdict                      # the demonstration county
//! cargo run --example county_verdict 全县.xlsx
//! ```

#![allow(clippy::print_stdout)]

use junheng::notebook::{DataFrame, Facts, Result, Show, polars::prelude::*};

fn main() -> Result<()> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "data/demo/大祥区.xlsx".into());
    println!("{}", verdict(&file)?);
    Ok(())
}

/// The verdict by the national standard, and the five largest gaps of schools.
pub fn verdict(file: &str) -> Result<String> {
    let facts = Facts::read([file])?;
    let judged = facts.assess("quality-balance-2017")?;
    Ok(format!("{}\n\n{}", judged.verdict(), plain(&largest(judged.gaps(), 5)?)))
}

/// What schools lack, the largest share of what is required first. Values above a maximum (class sizes) are left out.
fn largest(gaps: DataFrame, count: u32) -> Result<DataFrame> {
    let lacking = (col("required") - col("current")) / col("required") * lit(100.0);
    let sorted = gaps
        .lazy()
        .filter(col("school_name").is_not_null().and(col("current").lt(col("required"))))
        .with_column(lacking.alias("lacking_percent"))
        .sort(["lacking_percent"], SortMultipleOptions::default().with_order_descending(true))
        .limit(count);
    let columns =
        ["school_name", "section", "item", "current", "required", "shortfall", "unit", "lacking_percent"];
    Ok(sorted.select(columns.map(col)).collect()?)
}

/// A table as text in columns.
fn plain(table: &DataFrame) -> String {
    let shown = table.shown();
    shown.into_iter().find(|content| content.mime == "text/plain").map_or_else(String::new, |text| text.body)
}
