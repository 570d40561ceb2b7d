//! Files that are changed at random and must be read or refused. 500 at every run; `tests/exhaustive.sh` does all 10,000.

use std::{panic::AssertUnwindSafe, path::Path, sync::mpsc, time::Duration};

use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use crate::problem::Error;

/// Longest time that one file may take, in any build.
const HANG: Duration = Duration::from_secs(10);

/// How many mutations this run does, from which seed on.
pub fn count() -> u64 {
    std::env::var("JUNHENG_MUTATIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(500)
}

/// Gives `count` mutations to `read`, each as a file of the original's name in a folder of its own. `read` gets the
/// file; what it returns must be the file's contents or a problem, not a panic and not an engine's error, within
/// [`HANG`].
pub fn survive_each<T>(
    count: u64,
    mutated: impl Fn(&mut ChaCha8Rng) -> (String, Vec<u8>),
    read: impl Fn(&Path) -> Result<T, Error> + Clone + Send + 'static,
) {
    // One thread reads on; it is left behind with a file that hangs.
    let (files, to_read) = mpsc::channel::<std::path::PathBuf>();
    let (results, read_back) = mpsc::channel();
    std::thread::spawn(move || {
        for path in to_read {
            let outcome = std::panic::catch_unwind(AssertUnwindSafe(|| match read(&path) {
                Ok(_) => Ok(true),
                Err(Error::Input(problems)) if !problems.is_empty() => Ok(false),
                Err(other) => Err(other.to_string()),
            }));
            if results.send(outcome).is_err() {
                return;
            }
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let mut whole = 0u64;
    for seed in 0..count {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let (name, bytes) = mutated(&mut random);
        let path = folder.path().join(&name);
        std::fs::write(&path, bytes).unwrap();
        files.send(path.clone()).unwrap();
        match read_back.recv_timeout(HANG) {
            Ok(Ok(Ok(readable))) => whole += u64::from(readable),
            Ok(Ok(Err(why))) => panic!("seed {seed} of {name}: {why}"),
            Ok(Err(_)) => panic!("seed {seed} of {name}: panicked"),
            Err(_) => panic!("seed {seed} of {name}: not read in {HANG:?}"),
        }
        std::fs::remove_file(&path).unwrap();
    }
    // If all were refused, or none, the mutations test nothing.
    if count >= 100 {
        assert!((count / 20..count).contains(&whole), "{whole} of {count} were still readable");
    }
    eprintln!("{count} mutations, {whole} still readable");
}
