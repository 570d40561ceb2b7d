//! The table `facts`: one row per school and section of a year, with a column per fact of the dictionary.
//!
//! Its columns are data (`dictionary.csv`), so most code identifies a fact by an id from the dictionary or a standard.
//! The facts that code itself refers to are listed here, once, with the type that the code relies on; a test compares
//! the list with the dictionary.

use polars::prelude::*;

use super::{
    Column as Described, Row as AnyRow, Table,
    definition::{self, Defined},
    difference::Difference,
};
use crate::{
    dictionary::{Dictionary, Kind, Section},
    exact::exact_of,
    standard::formula::Exact,
};

/// The type of a fact's column.
pub fn dtype_of(kind: Kind, id: &str) -> DataType {
    match kind {
        Kind::Text | Kind::Choice => DataType::String,
        Kind::YesNo => DataType::Boolean,
        Kind::Year if id == "year" => DataType::Int32,
        Kind::Year | Kind::Count | Kind::Amount | Kind::Level => DataType::Float64,
    }
}

/// `section`, every school and section fact of the dictionary in its order (a school fact is repeated on the school's
/// sections, unapportioned), then `source_id` and `source_row` of the row it was read from. Key: `district_code, year,
/// school_code, section`. Where a source has no school code, `school_code` holds the full name.
pub fn table() -> Table {
    let column = |name: &str, dtype, unit: &str, zh: &str, en: &str, optional| Described {
        name: name.into(),
        dtype,
        unit: unit.into(),
        meaning_zh: zh.into(),
        meaning: en.into(),
        optional,
    };
    let mut columns =
        vec![column("section", DataType::String, "", "学段", "primary, junior or senior", false)];
    for fact in Dictionary::get().columns() {
        let dtype = dtype_of(fact.kind, &fact.id);
        columns.push(column(&fact.id, dtype, &fact.unit, &fact.label_zh, &fact.label_en, true));
    }
    let sources = [
        (
            "source_id",
            "`sources` 中的编号；没有来源表的 Parquet 为空",
            "id of a row of `sources`; null for Parquet without one",
        ),
        ("source_row", "表中行号，从 1 起；填报表为空", "row number in the sheet from 1; null in a form"),
    ];
    columns.extend(sources.map(|(name, zh, en)| column(name, DataType::Int32, "", zh, en, true)));
    Table {
        id: "facts",
        name: "facts",
        meaning_zh: "每校每年每学段一行，字典中每个学校级、学段级项目一列",
        meaning: "One row per school, year and section, with a column per fact of the dictionary that is of a school or section.",
        columns,
    }
}

/// Represents the table where a type needs its definition.
#[derive(Debug, Clone, Copy)]
pub enum Definition {}

/// All columns of the table; a study that reads only some of them uses a Polars frame.
pub type Frame = definition::Frame<Definition>;

impl Defined for Definition {
    type Row<'a> = Row<'a>;
    fn table() -> Table {
        table()
    }
    fn row(frame: &DataFrame, index: usize) -> Row<'_> {
        Row { frame, index }
    }
    fn check_values(_: &DataFrame) -> Result<(), Difference> {
        Ok(())
    }
}

/// One row of `facts`, or of some of its columns: an absent fact is `None`.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    frame: &'a DataFrame,
    index: usize,
}

impl<'a> From<Row<'a>> for AnyRow<'a> {
    fn from(row: Row<'a>) -> AnyRow<'a> {
        row.any()
    }
}

impl<'a> Row<'a> {
    /// Every row, in order.
    pub fn all(facts: &'a DataFrame) -> impl DoubleEndedIterator<Item = Row<'a>> + ExactSizeIterator + Clone {
        (0..facts.height()).map(move |index| Row { frame: facts, index })
    }

    /// The section of the school.
    pub fn section(self) -> Option<Section> {
        Section::from_id(self.text("section")?)
    }

    /// A text fact of the dictionary; facts that code refers to have methods of their own.
    pub fn text(self, fact: &str) -> Option<&'a str> {
        self.frame.column(fact).ok()?.str().ok()?.get(self.index)
    }

    /// A numeric fact of the dictionary, finite, of any width.
    pub fn number(self, fact: &str) -> Option<f64> {
        self.any().number(fact)
    }

    /// A yes/no fact of the dictionary.
    pub fn yes_no(self, fact: &str) -> Option<bool> {
        self.frame.column(fact).ok()?.bool().ok()?.get(self.index)
    }

    /// A fact as formulas read it: text, boolean or number; null if it is missing.
    pub fn exact(self, fact: &str) -> Exact {
        let text = || self.text(fact).map(|text| Exact::Text(text.into()));
        let truth = || self.yes_no(fact).map(Exact::Truth);
        let number = || self.number(fact).and_then(exact_of).map(Exact::Number);
        text().or_else(truth).or_else(number).unwrap_or(Exact::Null)
    }

    fn position(self, column: &str) -> Option<i32> {
        self.frame.column(column).ok()?.i32().ok()?.get(self.index)
    }

    /// For code that works on the rows of any table.
    pub fn any(self) -> AnyRow<'a> {
        AnyRow::new(self.frame, self.index)
    }

    /// The number of the row, from 0.
    pub fn index(self) -> usize {
        self.index
    }

    /// The name of the school; its code where it has no name.
    pub fn school(self) -> &'a str {
        self.school_name().or(self.school_code()).unwrap_or_default()
    }

    /// Whether the row is of this district and year.
    pub fn is_of(self, district_code: &str, year: i32) -> bool {
        self.district_code() == Some(district_code) && self.year() == Some(year)
    }
}

/// A fact that code refers to, with the type of its value.
macro_rules! known {
    (text $row:ident $fact:ident) => {
        $row.text(stringify!($fact))
    };
    (number $row:ident $fact:ident) => {
        $row.number(stringify!($fact))
    };
    (yes_no $row:ident $fact:ident) => {
        $row.yes_no(stringify!($fact))
    };
    (position $row:ident $fact:ident) => {
        $row.position(stringify!($fact))
    };
    (type text) => {
        Option<&'a str>
    };
    (type number) => {
        Option<f64>
    };
    (type yes_no) => {
        Option<bool>
    };
    (type position) => {
        Option<i32>
    };
    (dtype text) => {
        DataType::String
    };
    (dtype number) => {
        DataType::Float64
    };
    (dtype yes_no) => {
        DataType::Boolean
    };
    (dtype position) => {
        DataType::Int32
    };
}

/// The facts that code refers to: a method of [`Row`] for each, and a name for code that works on whole columns.
macro_rules! facts {
    ($($kind:ident $fact:ident;)+) => {
        impl<'a> Row<'a> {
            $(
                #[doc = concat!("The fact `", stringify!($fact), "` of the dictionary.")]
                pub fn $fact(self) -> known!(type $kind) {
                known!($kind self $fact)
            })+
        }

        /// The names of the columns that code refers to.
        #[allow(non_upper_case_globals)]
        pub mod column {
            /// The section of the school.
            pub const section: &str = "section";
            $(
                #[doc = concat!("The fact `", stringify!($fact), "` of the dictionary.")]
                pub const $fact: &str = stringify!($fact);)+
        }

        /// Name and type of every fact that code refers to.
        #[cfg(test)]
        fn known() -> Vec<(&'static str, DataType)> {
            vec![$((stringify!($fact), known!(dtype $kind))),+]
        }
    };
}

facts! {
    text district_code;
    text district_name;
    position year;
    text school_code;
    text school_name;
    text school_type;
    text location;
    text ownership;
    number students;
    number teachers;
    number staff_total;
    number classes;
    number max_class_size;
    number arts_teachers_total;
    number graduates;
    number entry_cohort;
    number transfers_in;
    number built_year;
    yes_no built_by_2010;
    yes_no built_by_2016;
    yes_no small_rural_school;
    yes_no small_class_rural_school;
    position source_id;
    position source_row;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yes_or_no_is_no_number_in_a_formula() {
        let facts = Frame::partial(df!(
            "location" => ["乡村"], "small_rural_school" => [true], "students" => [3.0],
        ));
        let row = facts.row(0).unwrap();
        assert_eq!(row.exact("small_rural_school"), Exact::Truth(true));
        assert_eq!(row.exact("location"), Exact::Text("乡村".into()));
        assert_eq!(row.exact("students"), exact_of(3.0).map_or(Exact::Null, Exact::Number));
        assert_eq!(row.exact("classes"), Exact::Null);
    }

    #[test]
    fn what_code_knows_is_in_the_dictionary() {
        let table = table();
        for (fact, dtype) in known() {
            let column = table.columns.iter().find(|column| column.name == fact);
            assert_eq!(column.map(|column| &column.dtype), Some(&dtype), "{fact}");
        }
    }
}
