//! The kinds of columns that a table may have: [`Text`], [`Number`], [`Count`] and the others, each required or, as
//! `Option<Text>`, with nulls.

use polars::prelude::*;

use super::Status;
use crate::dictionary::Section;

/// What one column holds, null or not: the Polars type and the Rust value.
pub trait Holding: 'static {
    type Value<'a>: Copy;
    /// The values of a whole column.
    type Array: 'static;
    type Building;

    fn dtype() -> DataType;
    /// `None` where the column has another type.
    fn array(column: &Column) -> Option<&Self::Array>;
    fn get(array: &Self::Array, row: usize) -> Option<Self::Value<'_>>;
    /// What a required column gives where there is none: the check at the door has excluded it.
    fn absent<'a>() -> Self::Value<'a>;
    fn building(name: &str, rows: usize) -> Self::Building;
    fn push(building: &mut Self::Building, value: Option<Self::Value<'_>>);
    fn finish(building: Self::Building) -> Column;
    /// Whether a value of the right type is none of those that the column may hold; the first such value.
    fn stray(_array: &Self::Array) -> Option<String> {
        None
    }
}

/// A column of a table: required (`Text`), or with nulls (`Option<Text>`).
pub trait Kind: 'static {
    type Holding: Holding;
    type Value<'a>: Copy;
    const OPTIONAL: bool;
    fn read(value: Option<<Self::Holding as Holding>::Value<'_>>) -> Self::Value<'_>;
    fn write(value: Self::Value<'_>) -> Option<<Self::Holding as Holding>::Value<'_>>;
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
/// How many there are: 64 bits.
pub enum Count {}
/// An id of `sources`, a row of a sheet, a rank: 32 bits.
pub enum Position {}
/// A statistical year.
pub enum Year {}
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

/// What holds numbers, of whatever width.
pub trait Quantity: Holding {
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
            type Array = StringChunked;
            type Building = StringChunkedBuilder;
            fn dtype() -> DataType {
                DataType::String
            }
            fn array(column: &Column) -> Option<&StringChunked> {
                column.str().ok()
            }
            fn get(array: &StringChunked, row: usize) -> Option<$value> {
                <$value>::from_id(array.get(row)?)
            }
            fn absent<'a>() -> Self::Value<'a> {
                $absent
            }
            fn building(name: &str, rows: usize) -> StringChunkedBuilder {
                StringChunkedBuilder::new(name.into(), rows)
            }
            fn push(building: &mut StringChunkedBuilder, value: Option<$value>) {
                building.append_option(value.map(<$value>::id));
            }
            fn finish(building: StringChunkedBuilder) -> Column {
                building.finish().into_column()
            }
            fn stray(array: &StringChunked) -> Option<String> {
                array.iter().flatten().find(|id| <$value>::from_id(id).is_none()).map(str::to_string)
            }
        }
    };
}

listed!(SectionId, Section, Section::Primary);
listed!(StatusId, Status, Status::Missing);
