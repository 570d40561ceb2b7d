//! `申报表.xlsx`: the national application form, 表Ⅰ to 表Ⅵ, of one district (申报表 to 教督〔2017〕6号).
//!
//! Sheets, rows, columns and the fixed wording are those of the form; thresholds, limits and the names of the
//! indicators come from the standard, so that a local edition fills the same form with its values. The standard says
//! which item belongs to which row of 表Ⅳ to 表Ⅵ (`form = "4.7"`). A row without an item keeps its numbers, which come
//! from the facts, but has no 是否达标; a standard without any such item has no 表Ⅳ to 表Ⅵ, and 表Ⅰ says so.
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

use self::{known::Known, page::Page};
use super::workbook::Workbook;
use crate::{problem::Result, tables::district::District};

/// The workbook.
///
/// # Errors
/// As [`Workbook::bytes`]; the national standard cannot be read, because a file in the user's folder replaces it and is
/// broken.
pub fn write(district: &District) -> Result<Vec<u8>> {
    let own = Known::of(district);
    let known = &own;
    let mut pages: Vec<Page> = vec![basics::page(district, known)];
    if !district.standard.indicators.is_empty() {
        pages.push(resources::reached(district));
        pages.push(resources::schools(district, known));
        pages.push(resources::balance(district));
    }
    if district.standard.fills_the_form() {
        pages.push(requirements::government(district, known));
        pages.push(requirements::quality(district, known));
        pages.push(recognition::page(district, known));
    }
    // The date of the report, not the clock, so that the same run gives the same bytes.
    let mut book = Workbook::new(district.made.date).title(district.words.say("form.title"));
    for page in pages {
        book.add(page.done(district));
    }
    own.broken().map_or_else(|| book.bytes("申报表.xlsx"), Err)
}
