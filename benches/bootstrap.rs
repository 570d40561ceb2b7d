//! The bootstrap of a nation: 1,000 replicates for 58,000 groups (2,900 counties, two sections, ten years) of about 34
//! schools, seven indicators, CV and Gini. Measured on a hundredth (580 groups); the estimate for the whole with the
//! available threads is printed.
//!
//! `cargo bench --bench bootstrap`

#![allow(clippy::panic, clippy::print_stderr, clippy::print_stdout, clippy::unwrap_used)]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use criterion::{Criterion, criterion_group, criterion_main};
use junheng::equity::{Amounts, Bootstrap, Distribution, Statistic};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

const GROUPS: usize = 58_000;
const PART: usize = GROUPS / 100;
const INDICATORS: usize = 7;
const REPLICATES: usize = 1_000;

/// Pupils, and the amounts of each indicator; in a tenth of the groups one school lacks one of them.
struct Group {
    students: Vec<f64>,
    amounts: Vec<Vec<f64>>,
}

fn made(groups: usize) -> Vec<Group> {
    let mut rng = ChaCha8Rng::seed_from_u64(58);
    (0..groups)
        .map(|at| {
            let mut number = |from: u32, to: u32| f64::from(from + rng.next_u32() % (to - from));
            let schools = number(20, 49) as usize;
            let students: Vec<f64> = (0..schools).map(|_| number(60, 2_000)).collect();
            let mut amounts: Vec<Vec<f64>> = (0..INDICATORS)
                .map(|_| students.iter().map(|p| (p * number(400, 1_600) / 10_000.0).floor()).collect())
                .collect();
            if at % 10 == 0 {
                amounts[at / 10 % INDICATORS][schools / 2] = f64::NAN;
            }
            Group { students, amounts }
        })
        .collect()
}

/// CV and Gini of all indicators for every group; returns the sum of the errors, so that nothing is optimized away.
fn resample(groups: &[Group], indicators: usize) -> f64 {
    groups
        .par_iter()
        .enumerate()
        .map_init(
            || Bootstrap::new(REPLICATES, 0.95, 1),
            |bootstrap, (stream, group)| {
                let asked: Vec<Amounts> = group
                    .amounts
                    .iter()
                    .take(indicators)
                    .map(|amount| Amounts { amount, students: &group.students, limit: Some(0.5) })
                    .collect();
                let found = bootstrap.group(stream as u64, &asked);
                found.iter().filter_map(|both| both.cv.as_ref().ok()).map(|cv| cv.error).sum::<f64>()
            },
        )
        .sum()
}

fn nation(c: &mut Criterion) {
    let groups = made(PART);
    for indicators in [INDICATORS, 1] {
        let mut spent: Vec<Duration> = (0..5)
            .map(|_| {
                let begin = Instant::now();
                black_box(resample(&groups, indicators));
                begin.elapsed()
            })
            .collect();
        spent.sort();
        println!(
            "{PART} groups, {indicators} indicators, {REPLICATES} replicates, {} threads: median {:.3} s; \
             {GROUPS} groups (computed, x{}): {:.1} s",
            rayon::current_num_threads(),
            spent[2].as_secs_f64(),
            GROUPS / PART,
            spent[2].as_secs_f64() * (GROUPS / PART) as f64,
        );
    }
    let one = &groups[0];
    let alone = Distribution::of(one.amounts[0].iter().zip(&one.students).map(|(x, p)| (Some(*x), Some(*p))));
    c.bench_function("one group, one indicator, 1,000 replicates", |b| {
        b.iter(|| black_box(alone.resample(Statistic::Cv, REPLICATES, 0.95, (1, 1), None)))
    });
    c.bench_function("one group, seven indicators, 1,000 replicates", |b| {
        b.iter(|| black_box(resample(&groups[1..2], INDICATORS)))
    });
}

criterion_group!(benches, nation);
criterion_main!(benches);
