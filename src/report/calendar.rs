//! The calendar as a table and as an .ics file that calendar programs open.

use crate::{calendar::Step, standard::Standard, tables::made::Made, words::Words};

/// An iCalendar (RFC 5545) of the steps.
pub fn ics(_standard: &Standard, _year: i32, _steps: &[Step], _made: &Made, _words: &Words) -> String {
    todo!()
}
