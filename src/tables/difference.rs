//! How a frame differs from the definition of its table.

use polars::prelude::{DataType, PolarsError};

use crate::problem::{Place, Problem};

/// The first difference that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The id of the table.
    pub table: &'static str,
    /// The column of the definition.
    pub column: String,
    /// What differs.
    pub kind: DifferenceKind,
}

/// What differs in a column.
#[derive(Debug, Clone, PartialEq)]
pub enum DifferenceKind {
    /// The frame has no such column.
    Missing,
    /// The column has another type.
    Type {
        /// Its type, as `docs/tables.md` names it.
        found: String,
        /// The type of the definition.
        expected: String,
    },
    /// Values are missing in a column that must have them all.
    Nulls {
        /// How many are missing.
        count: usize,
    },
    /// The column contains a value that it cannot have.
    Value {
        /// The value.
        found: String,
        /// Those that the column can have.
        expected: String,
    },
}

/// The name of a type in `docs/tables.md`.
pub(super) fn type_name(dtype: &DataType) -> String {
    match dtype {
        DataType::String => "text".into(),
        DataType::Float64 => "float64".into(),
        DataType::Int64 => "int64".into(),
        DataType::Int32 => "int32".into(),
        DataType::Boolean => "boolean".into(),
        other => other.to_string(),
    }
}

impl Difference {
    /// For a file that should have come from this program: the user should generate it again.
    pub(crate) fn problem(&self, place: Place) -> Problem {
        let problem = match &self.kind {
            DifferenceKind::Missing => Problem::error("table_column_missing", place),
            DifferenceKind::Type { found, expected } => {
                Problem::error("table_column_type", place).with("found", found).with("expected", expected)
            }
            DifferenceKind::Nulls { count } => {
                Problem::error("table_column_nulls", place).with("found", count)
            }
            DifferenceKind::Value { found, expected } => {
                Problem::error("table_column_value", place).with("found", found).with("expected", expected)
            }
        };
        problem.with("table", self.table).with("column", &self.column)
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Difference { table, column, kind } = self;
        write!(f, "table {table}, column {column}: {kind:?}")
    }
}

impl std::error::Error for Difference {}

/// Between rooms a difference is a defect of this program.
impl From<Difference> for PolarsError {
    fn from(difference: Difference) -> PolarsError {
        PolarsError::SchemaMismatch(difference.to_string().into())
    }
}
