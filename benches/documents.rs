//! Every document of the demonstration county, and of a hundred counties in one call.
//!
//! `cargo bench --bench documents` prints medians: the whole process for one county; then, inside one process
//! that is warm (fonts read, typst's library made), one county alone and a hundred counties at once. The last line
//! is what a county costs among a hundred over what it costs alone.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use junheng::{
    assess, ingest, report,
    report::documents::Documents,
    standard::Standard,
    store::Folder,
    synth,
    tables::made::Made,
    words::{Language, Words},
};

const COUNTIES: usize = 100;
const ROUNDS: usize = 5;

fn main() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo/大祥区.xlsx");
    let scratch = tempfile::tempdir().unwrap();

    let process = median((0..ROUNDS).map(|round| {
        let out = scratch.path().join(format!("process-{round}"));
        let start = Instant::now();
        let mut run = Command::new(env!("CARGO_BIN_EXE_junheng"));
        run.arg("assess").arg(&demo).arg("--out").arg(out).stdout(Stdio::null());
        assert!(run.status().unwrap().success());
        start.elapsed()
    }));
    println!("demonstration county, whole process: {process:.2?}");

    let files: Vec<PathBuf> = (0..COUNTIES).map(|at| made_county(at, scratch.path())).collect();
    everything(&files[..1], &scratch.path().join("warm"));
    let alone = median((0..2 * ROUNDS).map(|at| {
        let out = scratch.path().join(format!("alone-{at}"));
        everything(&files[at * COUNTIES / (2 * ROUNDS)..][..1], &out)
    }));
    println!("one made county, warm:               {alone:.2?}");
    let together = everything(&files, &scratch.path().join("together"));
    println!("{COUNTIES} made counties in one call:       {together:.2?}");
    let ratio = together.as_secs_f64() / (COUNTIES as f64 * alone.as_secs_f64());
    println!("a county among {COUNTIES} over one alone:    {ratio:.2}");
}

/// A county of its own code and seed, the size of the demonstration county.
fn made_county(at: usize, folder: &Path) -> PathBuf {
    let settings = synth::Settings {
        seed: at as u64 + 1,
        district_code: format!("{}", 430_100 + at),
        district_name: format!("第{}区", at + 1),
        ..Default::default()
    };
    let file = folder.join(format!("{at}.xlsx"));
    synth::write_wide(&synth::county(&settings), &file).unwrap();
    file
}

/// Reads, judges and writes all tables and documents, as `assess` does.
fn everything(files: &[PathBuf], out: &Path) -> Duration {
    let start = Instant::now();
    let words = Words::load(Language::Chinese).unwrap();
    let standard = Standard::load("quality-balance-2017").unwrap();
    let facts = ingest::read(files, &ingest::Options::default(), &|_, _, _| {}).unwrap();
    let assessment = assess::assess(&facts, &standard, false, &words).unwrap();
    let made = Made {
        program: "junheng".into(),
        inputs: files.iter().map(|file| file.display().to_string()).collect(),
        date: chrono::NaiveDate::from_ymd_opt(2026, 3, 1).unwrap(),
    };
    let mut folder = Folder::begin(out, []).unwrap();
    report::read(&mut folder, &facts, &None, &words).unwrap();
    report::judged(&mut folder, "", &assessment, &standard, &None, &words).unwrap();
    let (inputs, by) = ((&facts, &assessment), (&standard, &made, &words));
    report::documents::write(&mut folder, "", &Documents::ALL, inputs, by, &|_, _| {}).unwrap();
    folder.commit().unwrap();
    start.elapsed()
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<Duration> = times.collect();
    times.sort_unstable();
    times[times.len() / 2]
}
