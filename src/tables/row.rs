//! One row of a table by column name. A value that is missing, null or of another type is `None`; the types are checked
//! when a table is received ([`crate::tables`]).

use polars::prelude::{AnyValue, DataFrame};

/// One row of any table.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    frame: &'a DataFrame,
    index: usize,
}

impl<'a> Row<'a> {
    /// One row by its position.
    pub fn new(frame: &'a DataFrame, index: usize) -> Row<'a> {
        Row { frame, index }
    }

    /// Every row of a table, in order.
    pub fn all(frame: &'a DataFrame) -> impl Iterator<Item = Row<'a>> + Clone {
        (0..frame.height()).map(move |index| Row { frame, index })
    }

    /// The table, and the number of the row in it.
    pub(super) fn place(self) -> (&'a DataFrame, usize) {
        (self.frame, self.index)
    }

    fn value(&self, column: &str) -> Option<AnyValue<'a>> {
        self.frame.column(column).ok()?.get(self.index).ok()
    }

    /// A text.
    pub fn text(&self, column: &str) -> Option<&'a str> {
        self.frame.column(column).ok()?.str().ok()?.get(self.index)
    }

    /// A text; empty where there is none.
    pub fn text_or_empty(&self, column: &str) -> &'a str {
        self.text(column).unwrap_or_default()
    }

    /// A finite number.
    pub fn number(&self, column: &str) -> Option<f64> {
        self.value(column)?.extract::<f64>().filter(|v| v.is_finite())
    }

    /// A whole number.
    pub fn integer(&self, column: &str) -> Option<i64> {
        self.value(column)?.extract::<i64>()
    }

    /// Yes or no.
    pub fn boolean(&self, column: &str) -> Option<bool> {
        self.frame.column(column).ok()?.bool().ok()?.get(self.index)
    }
}
