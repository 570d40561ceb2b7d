//! Files of a result to be created: each on its own, all of them in parallel.

use rayon::prelude::*;

use super::{document::Report, format::Format};
use crate::{chart::Picture, problem::Result};

/// Names and contents.
pub type Files = Vec<(String, Vec<u8>)>;

type Making<'a> = Box<dyn Fn() -> Result<Vec<u8>> + Sync + Send + 'a>;

/// Names, and the functions that create the contents. The slowest are added first, so that all cores finish at about
/// the same time.
#[derive(Default)]
pub struct Jobs<'a>(Vec<(String, Making<'a>)>);

impl<'a> Jobs<'a> {
    pub fn add(&mut self, name: impl Into<String>, make: impl Fn() -> Result<Vec<u8>> + Sync + Send + 'a) {
        self.0.push((name.into(), Box::new(make)));
    }

    /// Adds `NAME.docx` …: a document in a format; nothing if the program was built without its writer.
    pub fn report(&mut self, name: &str, format: Format, report: &'a Report) {
        if let Some(write) = format.document() {
            self.add(format!("{name}.{}", format.extension()), move || write(report));
        }
    }

    /// Adds `charts/NAME.svg` and `.png` for each picture.
    pub fn charts(&mut self, pictures: &'a [Picture]) {
        for picture in pictures {
            for (format, write) in Format::pictures() {
                self.add(format!("charts/{}.{}", picture.name, format.extension()), move || write(picture));
            }
        }
    }

    /// # Errors
    /// The first error that creating the files returns.
    pub fn make(self) -> Result<Files> {
        self.0.into_par_iter().map(|(name, make)| Ok((name, make()?))).collect()
    }
}
