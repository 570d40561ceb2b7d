//! The file formats that results are written in. A new one is an entry of [`Format`] and a file that writes it: the
//! compiler asks for its extension and its writers, and the commands, their flags and their lists of files follow.

use std::io::Write;

use polars::prelude::DataFrame;

use super::{csv, document, document::Report, parquet};
use crate::{chart::Picture, problem::Result};

/// A file format of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    Csv,
    Parquet,
    Html,
    Docx,
    Pdf,
    Svg,
    Png,
}

pub type TableWriter = fn(&DataFrame, &mut (dyn Write + Send)) -> Result<()>;
pub type DocumentWriter = fn(&Report) -> Result<Vec<u8>>;
pub type PictureWriter = fn(&Picture) -> Result<Vec<u8>>;

/// What a format is for, and what writes it.
enum Writer {
    Table(TableWriter),
    Document(DocumentWriter),
    Picture(PictureWriter),
    /// Documents, but the program was built without their writer.
    #[cfg(not(feature = "pdf"))]
    LeftOut,
}

impl Format {
    pub const ALL: [Format; 7] =
        [Format::Csv, Format::Parquet, Format::Html, Format::Docx, Format::Pdf, Format::Svg, Format::Png];

    /// The extension of its files; also its name in flags and pipeline files.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
            Format::Html => "html",
            Format::Docx => "docx",
            Format::Pdf => "pdf",
            Format::Svg => "svg",
            Format::Png => "png",
        }
    }

    fn writer(self) -> Writer {
        match self {
            Format::Csv => Writer::Table(|frame, out| csv::write(frame, out)),
            Format::Parquet => Writer::Table(|frame, out| parquet::write(frame, out)),
            Format::Html => Writer::Document(document::html::write),
            Format::Docx => Writer::Document(document::docx::write),
            #[cfg(feature = "pdf")]
            Format::Pdf => Writer::Document(document::pdf::write),
            #[cfg(not(feature = "pdf"))]
            Format::Pdf => Writer::LeftOut,
            Format::Svg => Writer::Picture(|picture| Ok(picture.svg()?.into_bytes())),
            Format::Png => Writer::Picture(Picture::png),
        }
    }

    /// Every table is written in each of these.
    pub fn tables() -> impl Iterator<Item = (Format, TableWriter)> {
        Format::ALL.into_iter().filter_map(|format| match format.writer() {
            Writer::Table(write) => Some((format, write)),
            _ => None,
        })
    }

    /// The formats in which documents can be written.
    pub fn documents() -> impl DoubleEndedIterator<Item = Format> {
        Format::ALL
            .into_iter()
            .filter(|format| !matches!(format.writer(), Writer::Table(_) | Writer::Picture(_)))
    }

    /// Every picture is written in each of these.
    pub fn pictures() -> impl Iterator<Item = (Format, PictureWriter)> {
        Format::ALL.into_iter().filter_map(|format| match format.writer() {
            Writer::Picture(write) => Some((format, write)),
            _ => None,
        })
    }

    /// The writer of documents; `None` if the program was built without it, or if this is not a document format.
    pub fn document(self) -> Option<DocumentWriter> {
        match self.writer() {
            Writer::Document(write) => Some(write),
            _ => None,
        }
    }

    /// Whether a file of this name contains a table.
    pub fn is_table(name: &str) -> bool {
        Format::tables()
            .any(|(format, _)| name.rsplit_once('.').is_some_and(|(_, end)| end == format.extension()))
    }
}
