//! SHA-256 in hexadecimal digits.

use std::{fs::File, io, path::Path};

use sha2::{Digest, Sha256};

/// The hexadecimal digits of a hash that was computed incrementally.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The hash of some bytes.
pub fn of(bytes: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(bytes))
}

/// The hash of a file, read in chunks.
///
/// # Errors
/// The file cannot be read.
pub fn of_file(path: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    let mut pieces = io::BufReader::with_capacity(1 << 20, File::open(path)?);
    loop {
        let piece = io::BufRead::fill_buf(&mut pieces)?;
        if piece.is_empty() {
            return Ok(hex(&hash.finalize()));
        }
        hash.update(piece);
        let length = piece.len();
        io::BufRead::consume(&mut pieces, length);
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_file_has_the_hash_of_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        std::fs::write(&path, "abc").unwrap();
        // FIPS 180-2, appendix B.1.
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!((super::of("abc").as_str(), super::of_file(&path).unwrap().as_str()), (known, known));
    }
}
