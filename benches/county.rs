//! The demonstration county from its files to the verdict, and the steps in between.
//!
//! `cargo bench --bench county`

#![allow(clippy::panic, clippy::print_stderr, clippy::print_stdout, clippy::unwrap_used)]

use std::{hint::black_box, path::Path};

use criterion::{Criterion, criterion_group, criterion_main};
use junheng::{internals::dispersion, notebook::Facts};

fn county(c: &mut Criterion) {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    let read = |name: &str| Facts::read([demo.join(name)]).unwrap();
    for (title, name) in [("sheet", "大祥区.xlsx"), ("exports", "exports"), ("forms", "forms")] {
        c.bench_function(&format!("read {title}"), |b| b.iter(|| black_box(read(name))));
    }
    let facts = read("大祥区.xlsx");
    c.bench_function("assess by daxiang", |b| b.iter(|| black_box(facts.assess("daxiang").unwrap())));
    c.bench_function("sheet to verdict", |b| {
        b.iter(|| black_box(read("大祥区.xlsx").assess("daxiang").unwrap()))
    });
}

fn kernel(c: &mut Criterion) {
    let schools: Vec<(f64, f64)> =
        (1..=100_000u32).map(|i| (f64::from(i * 7 % 997), f64::from(50 + i * 13 % 1950))).collect();
    c.bench_function("dispersion of 100,000 schools", |b| b.iter(|| black_box(dispersion(100.0, &schools))));
}

criterion_group!(benches, county, kernel);
criterion_main!(benches);
