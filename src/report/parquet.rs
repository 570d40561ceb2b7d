//! Tables as Parquet (zstd): the texts and numbers as they are, for programs.

use std::{fs::File, io::Write, path::Path};

use polars::prelude::*;

use crate::problem::{Error, Result};

pub fn write(frame: &DataFrame, out: &mut (impl Write + Send + ?Sized)) -> Result<()> {
    // Written in one piece: a row group is what a reader takes at once, not what happened to be appended.
    let mut frame = frame.clone();
    frame.rechunk_mut();
    ParquetWriter::new(out).with_compression(ParquetCompression::Zstd(None)).finish(&mut frame).map_err(
        |why| match why {
            PolarsError::IO { error, .. } => Error::disk("parquet", std::io::Error::new(error.kind(), error)),
            other => other.into(),
        },
    )?;
    Ok(())
}

/// A table that an earlier run wrote.
pub fn read(path: &Path) -> Result<DataFrame> {
    let file = File::open(path).map_err(|why| Error::disk(path, why))?;
    ParquetReader::new(file).finish().map_err(|why| {
        Error::disk(path, std::io::Error::new(std::io::ErrorKind::InvalidData, why.to_string()))
    })
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
