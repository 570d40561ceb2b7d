//! Says where `notebooks-rs/run.sh` had the library made.

use std::env;

fn main() {
    println!("cargo::rerun-if-env-changed=JUNHENG_LINKED");
    println!("cargo::rerun-if-env-changed=JUNHENG_DEPENDENCIES");
    match (env::var("JUNHENG_LINKED"), env::var("JUNHENG_DEPENDENCIES")) {
        (Ok(linked), Ok(dependencies)) => {
            println!("cargo::rustc-link-search=all={linked}");
            println!("cargo::rustc-link-search=dependency={dependencies}");
        }
        _ => println!(
            "cargo::error=start Jupyter by notebooks-rs/run.sh --open: it has the library made first"
        ),
    }
}
