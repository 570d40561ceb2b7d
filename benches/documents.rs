//! Every document of the demonstration county, and of a hundred counties in one call, as whole processes.
//!
//! `cargo bench --bench documents` prints medians. The time for one county without start-up is the increase from one to
//! six counties in a call; the last line is the time for a hundred counties in one call divided by a hundred times
//! that.

#![allow(clippy::panic, clippy::print_stderr, clippy::print_stdout, clippy::unwrap_used)]

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use junheng::internals::synth;

const COUNTIES: usize = 100;
const SOME: usize = 6;
const ROUNDS: usize = 5;

fn main() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo/大祥区.xlsx");
    let scratch = tempfile::tempdir().unwrap();
    let demonstration = median((0..ROUNDS).map(|_| assessed(std::slice::from_ref(&demo), scratch.path())));
    println!("demonstration county, everything written: {demonstration:.2?}");

    let files: Vec<PathBuf> = (0..COUNTIES).map(|at| made_county(at, scratch.path())).collect();
    let one = median((0..ROUNDS).map(|round| assessed(&files[round..][..1], scratch.path())));
    let some = median((0..ROUNDS).map(|round| assessed(&files[round * SOME..][..SOME], scratch.path())));
    let work = some.saturating_sub(one) / (SOME - 1) as u32;
    println!("one made county:                          {one:.2?}");
    println!(
        "{SOME} made counties in one call:              {some:.2?}, so {work:.2?} a county without start-up"
    );
    let together = assessed(&files, scratch.path());
    println!("{COUNTIES} made counties in one call:            {together:.2?}");
    let ratio = together.as_secs_f64() / (COUNTIES as f64 * work.as_secs_f64());
    println!("over {COUNTIES} times the work without start-up:  {ratio:.2}");
}

/// A county with a code and seed of its own, the size of the demonstration county.
fn made_county(at: usize, folder: &Path) -> PathBuf {
    let settings = synth::Settings {
        seed: at as u64 + 1,
        district_code: format!("{}", 430_100 + at),
        district_name: format!("第{}区", at + 1),
        ..Default::default()
    };
    let file = folder.join(format!("{at}.xlsx"));
    let mut county = synth::county(&settings);
    // A school code belongs to one county, but all invented ones begin with the same digits.
    county.schools.iter_mut().for_each(|school| school.code.replace_range(..4, &format!("{}", 1000 + at)));
    synth::write_wide(&county, &file).unwrap();
    file
}

/// From the files to every table and document, into a new folder.
fn assessed(files: &[PathBuf], scratch: &Path) -> Duration {
    let out = scratch.join("out");
    let start = Instant::now();
    let mut run = Command::new(env!("CARGO_BIN_EXE_junheng"));
    run.arg("assess").args(files).arg("--out").arg(&out).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(run.status().unwrap().success());
    let taken = start.elapsed();
    std::fs::remove_dir_all(&out).unwrap();
    taken
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times[times.len() / 2]
}
