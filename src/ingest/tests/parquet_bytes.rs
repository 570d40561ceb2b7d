//! Damaged Parquet files.

use crate::{
    assess::stream,
    ingest::{self, Options, parquet::long},
    standard::Standard,
    testing::county,
};

/// No byte that is another makes a panic, whichever way the file is read.
#[test]
fn a_flipped_byte_is_an_error_and_never_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("county.parquet");
    county(&path);
    let whole = std::fs::read(&path).unwrap();
    let standard = Standard::load("quality-balance-2017").unwrap();
    let (mut refused, all) = (0, 240);
    for at in 0..all {
        let mut bytes = whole.clone();
        // The footer, where the counts and offsets are, is the last third.
        let place =
            if at % 2 == 0 { at * whole.len() / all } else { whole.len() - 1 - at * whole.len() / 3 / all };
        bytes[place] ^= [0x01, 0x80, 0xff, 0x10][at / 2 % 4];
        std::fs::write(&path, bytes).unwrap();
        let read = ingest::read(std::slice::from_ref(&path), &Options::default(), &|_, _, _| {});
        refused += usize::from(read.is_err());
        let _ = stream::rows(&path);
        let _ = stream::parquet(&path, "county.parquet", &standard, false, &|_, _| {});
        let _ = long::is_longer(&path, 10);
        let _ = long::read(&path, "county.parquet", &Options::default(), 10, &mut |_| Ok(()));
    }
    assert!(refused > all / 10, "{refused} of {all}");
}
