//! One definition per table: from it come the schema, the check at the door, the typed rows, the builder, and the page
//! of `docs/tables.md` that describes it.
//!
//! `table!` writes a module per table:
//!
//! ```text
//! measures::Frame    a Polars frame that has passed the check of the table `measures`
//! measures::Row      one of its rows: a method per column, `row.value()`
//! measures::Values   the values of a new row: a field per column, all of them required
//! measures::Builder  puts new rows together into a `Frame`
//! measures::column   a handle per column: its name for sorting and writing, its values as one slice of memory
//! ```
//!
//! A misspelt column does not compile, nor does a new row that lacks one.

use std::marker::PhantomData;

use polars::prelude::*;

use super::{
    Column as Described, Row as AnyRow, Table as Description,
    column_kind::{Holding, Kind, Quantity, Stray},
    difference::{Difference, DifferenceKind, type_name},
};

/// A table that `table!` defined.
pub trait Defined: 'static {
    /// One of its rows.
    type Row<'a>: Copy + Into<AnyRow<'a>>;
    /// Name, columns, units and meanings.
    fn table() -> Description;
    /// The row of this number, from 0.
    fn row(frame: &DataFrame, index: usize) -> Self::Row<'_>;
    /// Looks for nulls where there must be none, and for ids that are on no list.
    ///
    /// # Errors
    /// Names table, column and value.
    fn check_values(frame: &DataFrame) -> Result<(), Difference>;
}

/// A Polars frame whose columns are exactly those of the definition `T`.
pub struct Frame<T> {
    frame: DataFrame,
    table: PhantomData<fn() -> T>,
}

impl<T> Clone for Frame<T> {
    fn clone(&self) -> Frame<T> {
        Frame { frame: self.frame.clone(), table: PhantomData }
    }
}

impl<T> std::fmt::Debug for Frame<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.frame.fmt(f)
    }
}

impl<T: Defined> Default for Frame<T> {
    fn default() -> Frame<T> {
        Frame::empty()
    }
}

impl<T: Defined> Frame<T> {
    /// The check at the door.
    ///
    /// # Errors
    /// Names the first column that differs from the definition, the first null where there must be none, or the first
    /// id that is on no list.
    pub fn new(frame: DataFrame) -> PolarsResult<Frame<T>> {
        T::table().check(&frame)?;
        T::check_values(&frame)?;
        Ok(Frame { frame, table: PhantomData })
    }

    /// A frame that was read from a file: columns that the definition lacks are left out, such as those of a
    /// standard's own components.
    ///
    /// # Errors
    /// The first difference from the definition.
    pub fn read(frame: &DataFrame) -> Result<Frame<T>, Difference> {
        let table = T::table();
        let column = |wanted: &Described| {
            let differs = |kind| Difference { table: table.name, column: wanted.name.clone(), kind };
            let found = frame.column(&wanted.name).map_err(|_| differs(DifferenceKind::Missing))?;
            match found.dtype() == &wanted.dtype {
                true => Ok(found.clone()),
                false => Err(differs(DifferenceKind::Type {
                    found: type_name(found.dtype()),
                    expected: type_name(&wanted.dtype),
                })),
            }
        };
        let columns: Result<Vec<Column>, Difference> = table.columns.iter().map(column).collect();
        let frame = DataFrame::new(frame.height(), columns?).expect("columns of one frame are of one height");
        T::check_values(&frame)?;
        Ok(Frame { frame, table: PhantomData })
    }

    /// For tests: some of the table's columns, the others without values.
    #[cfg(test)]
    pub fn partial(frame: PolarsResult<DataFrame>) -> Frame<T> {
        let (frame, table) = (frame.unwrap(), T::table());
        let strange = frame.get_column_names().into_iter().find(|name| !table.schema().contains(name));
        assert_eq!(strange, None, "{} has no such column", table.name);
        let columns = table.columns.iter().map(|column| match frame.column(&column.name) {
            Ok(given) => given.cast(&column.dtype).unwrap(),
            Err(_) => Column::full_null(column.name.as_str().into(), frame.height(), &column.dtype),
        });
        let frame = DataFrame::new(frame.height(), columns.collect()).unwrap();
        Frame { frame, table: PhantomData }
    }

    /// What a builder of the same definition made.
    pub(super) fn built(columns: Vec<Column>) -> Frame<T> {
        let rows = columns.first().map_or(0, Column::len);
        let frame = DataFrame::new(rows, columns).expect("a builder pushes to all of its columns or to none");
        Frame { frame, table: PhantomData }
    }

    /// The table without rows.
    pub fn empty() -> Frame<T> {
        Frame { frame: T::table().empty(), table: PhantomData }
    }

    /// The row of this number, from 0; `None` beyond the last row.
    pub fn row(&self, index: usize) -> Option<T::Row<'_>> {
        (index < self.frame.height()).then(|| T::row(&self.frame, index))
    }

    /// Every row, in order.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = T::Row<'_>> + ExactSizeIterator + Clone {
        (0..self.frame.height()).map(|index| T::row(&self.frame, index))
    }

    /// The rows for which `keep` holds, in order.
    pub fn filter(&self, keep: impl Fn(T::Row<'_>) -> bool) -> Frame<T> {
        let kept: BooleanChunked = self.rows().map(keep).collect();
        let frame = self.frame.filter(&kept).expect("one answer per row");
        Frame { frame, table: PhantomData }
    }

    /// The rows whose numbers are named, in that order; a number beyond the last row gives no row.
    pub fn take(&self, rows: impl IntoIterator<Item = usize>) -> Frame<T> {
        let height = self.frame.height();
        let rows: Vec<IdxSize> =
            rows.into_iter().filter(|row| *row < height).map(|row| row as IdxSize).collect();
        let frame = self.frame.take(&IdxCa::from_vec("".into(), rows)).expect("rows below the height");
        Frame { frame, table: PhantomData }
    }

    /// So many rows from this number on.
    pub fn slice(&self, from: usize, rows: usize) -> Frame<T> {
        Frame { frame: self.frame.slice(from as i64, rows), table: PhantomData }
    }

    /// The first rows, not more than so many.
    pub fn head(&self, rows: usize) -> Frame<T> {
        self.slice(0, rows)
    }

    /// The rows of `other` after those of this one.
    pub fn append(&mut self, other: &Frame<T>) {
        self.frame.vstack_mut(&other.frame).expect("both have the columns of one definition");
    }

    /// The rows of `other`, whose `source_id`s are numbered on from `offset`, after those of this one.
    ///
    /// # Errors
    /// The table has no `source_id`.
    pub fn with_sources_of(&self, other: &Frame<T>, offset: i32) -> PolarsResult<Frame<T>> {
        let mut moved = other.frame.clone();
        let ids = moved.column("source_id")?.i32()? + offset;
        moved.with_column(ids.into_column())?;
        Ok(Frame { frame: self.frame.vstack(&moved)?, table: PhantomData })
    }

    /// The values of one column.
    pub fn values<K: Kind>(&self, column: Handle<T, K>) -> &<K::Holding as Holding>::Array {
        let found = self.frame.columns().get(column.position).and_then(K::Holding::array);
        found.expect("a frame that passed the check has the columns of its definition")
    }

    /// The same rows in one piece of memory: a look-up by row number then takes the same time everywhere.
    pub fn in_one_piece(mut self) -> Frame<T> {
        self.frame.rechunk_mut();
        self
    }

    /// What writers, SQL and other code for any table work on.
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// For tests, which spoil tables on purpose.
    #[cfg(test)]
    pub fn frame_mut(&mut self) -> &mut DataFrame {
        &mut self.frame
    }

    /// The frame beside the definition that it keeps to.
    pub fn described(&self) -> (Description, &DataFrame) {
        (T::table(), &self.frame)
    }

    /// The Polars frame.
    pub fn into_frame(self) -> DataFrame {
        self.frame
    }

    /// The number of rows.
    pub fn height(&self) -> usize {
        self.frame.height()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.frame.height() == 0
    }
}

/// A column of the table `T`.
pub struct Handle<T, K> {
    name: &'static str,
    position: usize,
    table: PhantomData<fn() -> (T, K)>,
}

impl<T, K> Clone for Handle<T, K> {
    fn clone(&self) -> Handle<T, K> {
        *self
    }
}

impl<T, K> Copy for Handle<T, K> {}

impl<T, K> Handle<T, K> {
    pub(super) const fn new(name: &'static str, position: usize) -> Handle<T, K> {
        Handle { name, position, table: PhantomData }
    }

    /// As the column is named in files.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<T: Defined, K: Kind> Handle<T, K>
where
    K::Holding: Quantity,
{
    /// The number that a row has in this column; `None` where the cell is empty.
    pub fn number(self, row: T::Row<'_>) -> Option<f64> {
        let (frame, index) = row.into().place();
        let array = frame.columns().get(self.position).and_then(K::Holding::array)?;
        K::Holding::get(array, index).map(K::Holding::as_f64).filter(|value| value.is_finite())
    }
}

/// One value of a frame that has passed the check.
#[inline]
pub(super) fn value<K: Kind>(frame: &DataFrame, position: usize, row: usize) -> K::Value<'_> {
    let array = frame.columns().get(position).and_then(K::Holding::array);
    K::read(array.and_then(|array| K::Holding::get(array, row)))
}

pub(super) fn check_column<K: Kind>(
    table: &'static str,
    name: &'static str,
    frame: &DataFrame,
) -> Result<(), Difference> {
    let differs = |kind| Err(Difference { table, column: name.to_string(), kind });
    let Ok(column) = frame.column(name) else { return differs(DifferenceKind::Missing) };
    if !K::OPTIONAL && column.null_count() > 0 {
        return differs(DifferenceKind::Nulls { count: column.null_count() });
    }
    match K::Holding::array(column).and_then(K::Holding::stray) {
        Some(Stray { found, expected }) => differs(DifferenceKind::Value { found, expected }),
        None => Ok(()),
    }
}

pub(super) fn describe<K: Kind>(name: &str, unit: &str, zh: &str, en: &str) -> Described {
    Described {
        name: name.into(),
        dtype: K::Holding::dtype(),
        unit: unit.into(),
        meaning_zh: zh.into(),
        meaning: en.into(),
        optional: K::OPTIONAL,
    }
}

/// Defines a table. The doc comment says what one row is, in English; the text after the name says it in Chinese.
///
/// ```text
/// table! {
///     /// One row per school and section.
///     schools, "每校每学段一行" {
///         school_code: Text, "", "学校代码", "code of the school";
///         met: Option<YesNo>, "", "是否达标", "by the rule for a school; null where it cannot be judged";
///     }
/// }
/// ```
macro_rules! table {
    ($(#[doc = $doc:literal])+ $name:ident, $zh:literal $(, file $file:literal)? {
        $($column:ident: $kind:ty, $unit:literal, $meaning_zh:literal, $meaning_en:literal;)+
    }) => {
        $(#[doc = $doc])+
        #[allow(non_camel_case_types, non_upper_case_globals, dead_code, clippy::too_many_arguments)]
        pub mod $name {
            #[allow(unused_imports)]
            use $crate::tables::{
                column_kind::{
                    Count, Holding, Kind, Number, Position, SectionId, StatusId, Text, Year, YesNo,
                },
                definition::{self, Defined, Handle},
            };

            /// Stands for the table where a type needs its definition.
            #[derive(Debug, Clone, Copy)]
            pub enum Definition {}

            enum At { $($column),+ }

            /// A Polars frame with exactly these columns.
            pub type Frame = definition::Frame<Definition>;

            /// Name, columns, units and meanings.
            pub fn table() -> $crate::tables::Table {
                <Definition as Defined>::table()
            }

            impl Defined for Definition {
                type Row<'a> = Row<'a>;
                fn table() -> $crate::tables::Table {
                    $crate::tables::Table {
                        id: stringify!($name),
                        name: $crate::tables::definition::file_name!($name $(, $file)?),
                        meaning_zh: $zh,
                        meaning: concat!($($doc),+),
                        columns: vec![$(
                            definition::describe::<$kind>(stringify!($column), $unit, $meaning_zh, $meaning_en)
                        ),+],
                    }
                }
                fn row(frame: &polars::prelude::DataFrame, index: usize) -> Row<'_> {
                    Row { frame, index }
                }
                fn check_values(
                    frame: &polars::prelude::DataFrame,
                ) -> Result<(), $crate::tables::difference::Difference> {
                    $(definition::check_column::<$kind>(stringify!($name), stringify!($column), frame)?;)+
                    Ok(())
                }
            }

            /// One row.
            #[derive(Debug, Clone, Copy)]
            pub struct Row<'a> {
                frame: &'a polars::prelude::DataFrame,
                index: usize,
            }

            impl<'a> From<Row<'a>> for $crate::tables::Row<'a> {
                fn from(row: Row<'a>) -> $crate::tables::Row<'a> {
                    row.any()
                }
            }

            // A column may be called `new`.
            #[allow(clippy::new_ret_no_self, clippy::wrong_self_convention)]
            impl<'a> Row<'a> {
                $(
                    #[doc = $meaning_en]
                    #[inline]
                    pub fn $column(self) -> <$kind as Kind>::Value<'a> {
                        definition::value::<$kind>(self.frame, At::$column as usize, self.index)
                    }
                )+
                /// For code that works on the rows of any table.
                pub fn any(self) -> $crate::tables::Row<'a> {
                    $crate::tables::Row::new(self.frame, self.index)
                }
                /// The number of the row, from 0.
                pub fn index(self) -> usize {
                    self.index
                }
                /// The values of a new row like this one.
                pub fn to_values(self) -> Values<'a> {
                    Values { $($column: self.$column()),+ }
                }
            }

            /// The values of a new row.
            #[derive(Debug, Clone, Copy)]
            pub struct Values<'a> {
                $(#[doc = $meaning_en] pub $column: <$kind as Kind>::Value<'a>,)+
            }

            impl Default for Values<'_> {
                /// Nulls, empty texts, and what stands first in a list.
                fn default() -> Self {
                    Values { $($column: <$kind as Kind>::absent()),+ }
                }
            }

            /// New rows on their way into a table.
            pub struct Builder {
                $($column: <<$kind as Kind>::Holding as Holding>::Building),+
            }

            impl Builder {
                /// Room for so many rows; more may come.
                pub fn new(rows: usize) -> Builder {
                    Builder { $($column: <<$kind as Kind>::Holding as Holding>::building(stringify!($column), rows)),+ }
                }
                /// Adds a row.
                pub fn push(&mut self, row: Values<'_>) {
                    $(<<$kind as Kind>::Holding as Holding>::push(&mut self.$column, <$kind as Kind>::write(row.$column));)+
                }
                /// The table with all rows that were added.
                pub fn finish(self) -> Frame {
                    Frame::built(vec![$(<<$kind as Kind>::Holding as Holding>::finish(self.$column)),+])
                }
            }

            impl<'a> FromIterator<Values<'a>> for Frame {
                fn from_iter<I: IntoIterator<Item = Values<'a>>>(rows: I) -> Frame {
                    let rows = rows.into_iter();
                    let mut builder = Builder::new(rows.size_hint().0);
                    rows.for_each(|row| builder.push(row));
                    builder.finish()
                }
            }

            /// A handle per column.
            pub mod column {
                #[allow(unused_imports)]
                use super::{Count, Definition, Handle, Number, Position, SectionId, StatusId, Text, Year, YesNo};
                $(
                    #[doc = $meaning_en]
                    pub const $column: Handle<Definition, $kind> =
                        Handle::new(stringify!($column), super::At::$column as usize);
                )+
            }
        }
    };
}
pub(crate) use table;

/// The table's name, or the name that its file has instead.
macro_rules! file_name {
    ($name:ident) => {
        stringify!($name)
    };
    ($name:ident, $file:literal) => {
        $file
    };
}
pub(crate) use file_name;

/// A row that belongs to one district and year.
pub trait OfDistrictYear {
    /// The code of the district.
    fn district_code(&self) -> &str;
    /// The year.
    fn year(&self) -> i32;

    /// Whether the row belongs to this district and year.
    fn is_of(&self, district_code: &str, year: i32) -> bool {
        self.district_code() == district_code && self.year() == year
    }
}

/// Names the tables whose rows belong to one district and year.
macro_rules! of_district_year {
    ($($name:ident),+ $(,)?) => { $(
        impl $crate::tables::definition::OfDistrictYear for $name::Row<'_> {
            fn district_code(&self) -> &str {
                $name::Row::district_code(*self)
            }
            fn year(&self) -> i32 {
                $name::Row::year(*self)
            }
        }
    )+ };
}
pub(crate) use of_district_year;

impl<T: Defined> Frame<T>
where
    for<'a> T::Row<'a>: OfDistrictYear,
{
    /// The rows of one district and year.
    pub fn of(&self, district_code: &str, year: i32) -> Frame<T> {
        self.filter(|row| row.is_of(district_code, year))
    }
}
