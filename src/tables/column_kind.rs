//! The kinds of columns that a table may have: [`Text`], [`Number`], [`Count`] and the others, each required or, as
//! `Option<Text>`, with nulls.

use polars::prelude::*;

use super::Status;
use crate::dictionary::Section;

/// A value that a column cannot have.
pub struct Stray {
    /// The first such value.
    pub found: String,
    /// Those that the column can have.
    pub expected: String,
}

/// What a column holds, apart from whether it may hold nulls: its type in Polars, and that of its values in Rust.
pub trait Holding: 'static {
    /// A value as code reads it.
    type Value<'a>: Copy;
    /// The values of a whole column.
    type Array: 'static;
    /// A column that still grows.
    type Building;

    /// The type in Polars.
    fn dtype() -> DataType;
    /// The values of the column; `None` where it has another type.
    fn array(column: &Column) -> Option<&Self::Array>;
    /// The value of one row; `None` where it is null.
    fn get(array: &Self::Array, row: usize) -> Option<Self::Value<'_>>;
    /// What a required column gives for a null, which the check at the door has excluded.
    fn absent<'a>() -> Self::Value<'a>;
    /// A new column with memory for this many rows.
    fn building(name: &str, rows: usize) -> Self::Building;
    /// Adds the value of the next row.
    fn push(building: &mut Self::Building, value: Option<Self::Value<'_>>);
    /// The finished column.
    fn finish(building: Self::Building) -> Column;
    /// The first value that the column may not hold although it has the right type: an id that is on no list.
    fn stray(_array: &Self::Array) -> Option<Stray> {
        None
    }
}

/// A column of a table: required (`Text`), or with nulls (`Option<Text>`).
pub trait Kind: 'static {
    /// What the column holds.
    type Holding: Holding;
    /// A value as code reads it: an `Option` where the column may hold nulls.
    type Value<'a>: Copy;
    /// Whether the column may hold nulls.
    const OPTIONAL: bool;
    /// The value for code from the value in the column.
    fn read(value: Option<<Self::Holding as Holding>::Value<'_>>) -> Self::Value<'_>;
    /// The value in the column from the value of code.
    fn write(value: Self::Value<'_>) -> Option<<Self::Holding as Holding>::Value<'_>>;
    /// An empty value: null, or an empty text.
    fn absent<'a>() -> Self::Value<'a>;
}

impl<H: Holding> Kind for H {
    type Holding = H;
    type Value<'a> = H::Value<'a>;
    const OPTIONAL: bool = false;
    fn read(value: Option<H::Value<'_>>) -> H::Value<'_> {
        value.unwrap_or_else(H::absent)
    }
    fn write(value: H::Value<'_>) -> Option<H::Value<'_>> {
        Some(value)
    }
    fn absent<'a>() -> H::Value<'a> {
        H::absent()
    }
}

impl<H: Holding> Kind for Option<H> {
    type Holding = H;
    type Value<'a> = Option<H::Value<'a>>;
    const OPTIONAL: bool = true;
    fn read(value: Option<H::Value<'_>>) -> Option<H::Value<'_>> {
        value
    }
    fn write(value: Option<H::Value<'_>>) -> Option<H::Value<'_>> {
        value
    }
    fn absent<'a>() -> Option<H::Value<'a>> {
        None
    }
}

/// Codes, names, sentences.
pub enum Text {}
/// A quantity; what is not finite is read and written as null.
pub enum Number {}
/// A number of things, in 64 bits.
pub enum Count {}
/// An id of `sources`, a row of a sheet or a rank, in 32 bits.
pub enum Position {}
/// A statistical year.
pub enum Year {}
/// Yes or no.
pub enum YesNo {}
/// `primary`, `junior`, `senior`.
pub enum SectionId {}
/// `met`, `unmet`, `missing`, `not_applicable`.
pub enum StatusId {}

impl Holding for Text {
    type Value<'a> = &'a str;
    type Array = StringChunked;
    type Building = StringChunkedBuilder;
    fn dtype() -> DataType {
        DataType::String
    }
    fn array(column: &Column) -> Option<&StringChunked> {
        column.str().ok()
    }
    fn get(array: &StringChunked, row: usize) -> Option<&str> {
        array.get(row)
    }
    fn absent<'a>() -> &'a str {
        ""
    }
    fn building(name: &str, rows: usize) -> StringChunkedBuilder {
        StringChunkedBuilder::new(name.into(), rows)
    }
    fn push(building: &mut StringChunkedBuilder, value: Option<&str>) {
        building.append_option(value);
    }
    fn finish(building: StringChunkedBuilder) -> Column {
        building.finish().into_column()
    }
}

/// A column of numbers, of any width.
pub trait Quantity: Holding {
    /// The value as a floating-point number.
    fn as_f64(value: Self::Value<'_>) -> f64;
}

/// Numbers of one width.
macro_rules! numeric {
    ($holding:ident, $value:ty, $absent:expr, $polars:ident, $array:ident, $of:ident) => {
        impl Holding for $holding {
            type Value<'a> = $value;
            type Array = $array;
            type Building = PrimitiveChunkedBuilder<$polars>;
            fn dtype() -> DataType {
                $polars::get_static_dtype()
            }
            fn array(column: &Column) -> Option<&$array> {
                column.$of().ok()
            }
            fn get(array: &$array, row: usize) -> Option<$value> {
                array.get(row).filter(|value| finite(*value as f64))
            }
            fn absent<'a>() -> Self::Value<'a> {
                $absent
            }
            fn building(name: &str, rows: usize) -> Self::Building {
                PrimitiveChunkedBuilder::new(name.into(), rows)
            }
            fn push(building: &mut Self::Building, value: Option<$value>) {
                building.append_option(value.filter(|value| finite(*value as f64)));
            }
            fn finish(building: Self::Building) -> Column {
                building.finish().into_column()
            }
        }

        impl Quantity for $holding {
            fn as_f64(value: $value) -> f64 {
                value as f64
            }
        }
    };
}

fn finite(value: f64) -> bool {
    value.is_finite()
}

numeric!(Number, f64, f64::NAN, Float64Type, Float64Chunked, f64);
numeric!(Count, i64, 0, Int64Type, Int64Chunked, i64);
numeric!(Position, i32, 0, Int32Type, Int32Chunked, i32);
numeric!(Year, i32, 0, Int32Type, Int32Chunked, i32);

impl Holding for YesNo {
    type Value<'a> = bool;
    type Array = BooleanChunked;
    type Building = BooleanChunkedBuilder;
    fn dtype() -> DataType {
        DataType::Boolean
    }
    fn array(column: &Column) -> Option<&BooleanChunked> {
        column.bool().ok()
    }
    fn get(array: &BooleanChunked, row: usize) -> Option<bool> {
        array.get(row)
    }
    fn absent<'a>() -> Self::Value<'a> {
        false
    }
    fn building(name: &str, rows: usize) -> BooleanChunkedBuilder {
        BooleanChunkedBuilder::new(name.into(), rows)
    }
    fn push(building: &mut BooleanChunkedBuilder, value: Option<bool>) {
        building.append_option(value);
    }
    fn finish(building: BooleanChunkedBuilder) -> Column {
        building.finish().into_column()
    }
}

/// A closed list of ids, written as texts.
macro_rules! listed {
    ($holding:ident, $value:ty, $absent:expr) => {
        impl Holding for $holding {
            type Value<'a> = $value;
            type Array = <Text as Holding>::Array;
            type Building = <Text as Holding>::Building;
            fn dtype() -> DataType {
                Text::dtype()
            }
            fn array(column: &Column) -> Option<&Self::Array> {
                Text::array(column)
            }
            fn get(array: &Self::Array, row: usize) -> Option<$value> {
                <$value>::from_id(Text::get(array, row)?)
            }
            fn absent<'a>() -> Self::Value<'a> {
                $absent
            }
            fn building(name: &str, rows: usize) -> Self::Building {
                Text::building(name, rows)
            }
            fn push(building: &mut Self::Building, value: Option<$value>) {
                Text::push(building, value.map(<$value>::id));
            }
            fn finish(building: Self::Building) -> Column {
                Text::finish(building)
            }
            fn stray(array: &Self::Array) -> Option<Stray> {
                let found = array.iter().flatten().find(|id| <$value>::from_id(id).is_none())?;
                let expected: Vec<&str> = <$value>::ALL.into_iter().map(<$value>::id).collect();
                Some(Stray { found: found.to_string(), expected: expected.join(", ") })
            }
        }
    };
}

listed!(SectionId, Section, Section::Primary);
listed!(StatusId, Status, Status::Missing);
