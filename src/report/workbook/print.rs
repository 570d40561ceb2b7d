//! Print settings of a sheet.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::text::header_text;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paper {
    A3,
    A4,
}

impl Paper {
    /// Number in the file format's list of papers.
    fn number(self) -> u8 {
        match self {
            Paper::A3 => 8,
            Paper::A4 => 9,
        }
    }
}

/// Left, right, top, bottom, header and footer, in inches.
const NARROW: [f64; 6] = [0.4, 0.4, 0.6, 0.6, 0.3, 0.3];

/// One page wide and as many pages long as needed; landscape unless [`Print::upright`].
#[derive(Debug, Clone)]
pub struct Print {
    paper: Paper,
    upright: bool,
    margins: Option<[f64; 6]>,
    centred: bool,
    repeated: Option<(u32, u32)>,
    area: Option<(u32, u16)>,
    header: String,
    footer: String,
}

impl Print {
    pub fn new(paper: Paper) -> Print {
        Print {
            paper,
            upright: false,
            margins: None,
            centred: false,
            repeated: None,
            area: None,
            header: String::new(),
            footer: String::new(),
        }
    }

    pub fn upright(mut self) -> Print {
        self.upright = true;
        self
    }

    pub fn narrow(self) -> Print {
        self.margins(NARROW)
    }

    /// Left, right, top, bottom, header and footer, in inches.
    pub fn margins(mut self, inches: [f64; 6]) -> Print {
        self.margins = Some(inches);
        self
    }

    pub fn centred(mut self) -> Print {
        self.centred = true;
        self
    }

    /// Rows repeated on every page.
    pub fn repeat(mut self, first: u32, last: u32) -> Print {
        self.repeated = Some((first, last));
        self
    }

    /// Prints only up to this row and column.
    pub fn up_to(mut self, row: u32, column: u16) -> Print {
        self.area = Some((row, column));
        self
    }

    /// Header in the middle: at most `max` characters of `title`.
    pub fn header(mut self, size: u32, title: &str, max: usize) -> Print {
        self.header = format!("&C&{size}{}", header_text(title, max));
        self
    }

    /// Footer at the left: the provenance of the file.
    pub fn made(mut self, made: &str) -> Print {
        self.footer += &format!("&L&7{}", header_text(made, 90));
        self
    }

    /// Footer at the right. `page` contains Excel's codes `&P` and `&N`.
    pub fn page(mut self, page: &str) -> Print {
        self.footer += &format!("&R&8{page}");
        self
    }

    /// Footer in the middle: `name`, and a text with Excel's codes `&P` and `&N`. `words` receives the name escaped for
    /// a footer.
    pub fn footer(mut self, name: &str, words: impl FnOnce(String) -> String) -> Print {
        self.footer = format!("&C&8 {}", words(header_text(name, 60)));
        self
    }

    pub(super) fn apply<'a>(&self, sheet: &'a mut Worksheet) -> Result<&'a mut Worksheet, XlsxError> {
        match self.upright {
            true => sheet.set_portrait(),
            false => sheet.set_landscape(),
        };
        sheet.set_paper_size(self.paper.number()).set_print_fit_to_pages(1, 0);
        sheet.set_print_center_horizontally(self.centred);
        if let Some([left, right, top, bottom, header, footer]) = self.margins {
            sheet.set_margins(left, right, top, bottom, header, footer);
        }
        if !self.header.is_empty() {
            sheet.set_header(&self.header);
        }
        if !self.footer.is_empty() {
            sheet.set_footer(&self.footer);
        }
        if let Some((first, last)) = self.repeated {
            sheet.set_repeat_rows(first, last)?;
        }
        match self.area {
            Some((row, column)) => sheet.set_print_area(0, 0, row, column),
            None => Ok(sheet),
        }
    }
}
