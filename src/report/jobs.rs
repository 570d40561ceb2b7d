//! Files of a result on their way: each is made on its own, all of them in parallel.

use rayon::prelude::*;

use super::{document::Report, format::Format};
use crate::{chart::Picture, problem::Result};

/// Names and contents.
pub type Files = Vec<(String, Vec<u8>)>;

type Making<'a> = Box<dyn Fn() -> Result<Vec<u8>> + Sync + Send + 'a>;

/// Names, and what makes the contents. Those that take longest are added first: two cores are done together then.
#[derive(Default)]
pub struct Jobs<'a>(Vec<(String, Making<'a>)>);

impl<'a> Jobs<'a> {
    pub fn add(&mut self, name: impl Into<String>, make: impl Fn() -> Result<Vec<u8>> + Sync + Send + 'a) {
        self.0.push((name.into(), Box::new(make)));
    }

    /// `NAME.docx` …: a document in a format; nothing where the program was built without it.
    pub fn report(&mut self, name: &str, format: Format, report: &'a Report) {
        if let Some(write) = format.document() {
            self.add(format!("{name}.{}", format.extension()), move || write(report));
        }
    }

    /// `charts/NAME.svg` and `.png` of each picture.
    pub fn charts(&mut self, pictures: &'a [Picture]) {
        for picture in pictures {
            for (format, write) in Format::pictures() {
                self.add(format!("charts/{}.{}", picture.name, format.extension()), move || write(picture));
            }
        }
    }

    /// # Errors
    /// The first of those that making the files gives.
    pub fn make(self) -> Result<Files> {
        self.0.into_par_iter().map(|(name, make)| Ok((name, make()?))).collect()
    }
}
