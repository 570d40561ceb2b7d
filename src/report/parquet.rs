//! Tables as Parquet (zstd), with texts and numbers unchanged, for programs.

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use polars::prelude::*;

use crate::{
    catch_panic,
    problem::{Error, Result},
};

pub fn write(frame: &DataFrame, out: &mut (impl Write + Send + ?Sized)) -> Result<()> {
    // Written in one piece, because readers take a row group at once: it should not reflect how the rows happened to be
    // appended.
    let mut frame = frame.clone();
    frame.rechunk_mut();
    let mut out = Watched { out, refused: None };
    let written =
        ParquetWriter::new(&mut out).with_compression(ParquetCompression::Zstd(None)).finish(&mut frame);
    match (written, out.refused) {
        (Ok(_), _) => Ok(()),
        (Err(_), Some(why)) => Err(Error::disk("parquet", why)),
        (Err(why), None) => Err(why.into()),
    }
}

/// Keeps the original I/O error, which the Parquet library wraps.
struct Watched<W> {
    out: W,
    refused: Option<io::Error>,
}

impl<W> Watched<W> {
    fn keep<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|why| {
            let kind = why.kind();
            self.refused.get_or_insert(why);
            kind.into()
        })
    }
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        self.keep(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.keep(flushed)
    }
}

/// A table that an earlier run wrote.
pub fn read(path: &Path) -> Result<DataFrame> {
    let file = File::open(path).map_err(|why| Error::disk(path, why))?;
    let damaged = |why: String| Error::disk(path, std::io::Error::new(std::io::ErrorKind::InvalidData, why));
    match catch_panic::run(|| ParquetReader::new(file).finish()) {
        Some(read) => read.map_err(|why| damaged(why.to_string())),
        None => Err(damaged("Parquet".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        let frame =
            df!("名" => [Some("=a"), None], "v" => [Some(1.0 / 3.0), None], "n" => [1i32, 2]).unwrap();
        write(&frame, &mut File::create(&path).unwrap()).unwrap();
        assert!(read(&path).unwrap().equals_missing(&frame));
    }

    #[test]
    fn half_a_file_is_an_error_with_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.parquet");
        std::fs::write(&path, "PAR1").unwrap();
        assert!(read(&path).unwrap_err().to_string().contains("t.parquet"));
    }
}
