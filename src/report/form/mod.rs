//! `申报表.xlsx`: the national application form, 表Ⅰ to 表Ⅵ, of one district (申报表 to 教督〔2017〕6号).
//!
//! Sheets, rows, columns and the fixed wording are those of the form; thresholds, limits and the names of the
//! indicators are the standard's own, so that a local edition fills the same form with its values. Which item
//! stands for which row of 表Ⅳ to 表Ⅵ is said by the standard (`form = "4.7"`). A row without an item keeps its
//! numbers, which come from the facts, and has no 是否达标; a standard without any such item has no 表Ⅳ to 表Ⅵ,
//! and 表Ⅰ says so.
//!
//! | file | sheets |
//! |---|---|
//! | [`basics`] | 表1 |
//! | [`resources`] | 表2-1, 表2-2, 表3 |
//! | [`requirements`] | 表4, 表5, by the sentences of [`sentence`] |
//! | [`recognition`] | 表6 |

mod basics;
mod known;
mod page;
mod recognition;
mod remark;
mod requirements;
mod resources;
mod sentence;
#[cfg(test)]
mod tests;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::{known::Known, page::Page};
use crate::{
    problem::{Error, Result},
    tables::district::District,
};

/// The workbook.
///
/// # Errors
/// The disk's, where a temporary file is refused; nothing in the data makes one.
pub fn write(district: &District) -> Result<Vec<u8>> {
    let known = Known::of(district);
    made(district, &known).map_err(|why| match why {
        XlsxError::IoError(why) => Error::disk("申报表.xlsx", why),
        other => Error::disk("申报表.xlsx", std::io::Error::other(other.to_string())),
    })
}

fn made(district: &District, known: &Known) -> std::result::Result<Vec<u8>, XlsxError> {
    let mut pages: Vec<Page> = vec![basics::page(district, known)?];
    if !district.standard.indicators.is_empty() {
        pages.push(resources::reached(district)?);
        pages.push(resources::schools(district, known)?);
        pages.push(resources::balance(district)?);
    }
    if district.standard.fills_the_form() {
        pages.push(requirements::government(district, known)?);
        pages.push(requirements::quality(district, known)?);
        pages.push(recognition::page(district, known)?);
    }
    let mut workbook = Workbook::new();
    let mut properties = DocProperties::new().set_title(district.words.say("form.title"));
    // The day of the report, not the clock's: the same run gives the same bytes.
    let date = district.made.date.format("%Y-%m-%d").to_string();
    if let Ok(day) = ExcelDateTime::parse_from_str(&date) {
        properties = properties.set_creation_datetime(&day);
    }
    workbook.set_properties(&properties);
    for page in pages {
        workbook.push_worksheet(page.done(district)?);
    }
    workbook.save_to_buffer()
}
