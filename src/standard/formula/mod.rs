//! A formula: a SQL scalar expression over dictionary ids, with four interpretations that agree.
//!
//! [`Formula::to_polars`] for frames, [`Formula::exact`] in rational numbers for close comparisons, [`Formula::to_sql`]
//! for any SQL engine, [`Formula::facts`] for provenance. The language is deliberately small: numbers, texts, facts,
//! `+ - * /`, comparisons, `and or not`, `in`, `is [not] null`, `case when`, and the functions `coalesce`, `nullif`,
//! `ceil`, `floor`. Nulls behave as in SQL; a division by zero is null.
//!
//! In formulas at school grain, a fact may be qualified by a section, `primary.students`; an unqualified section fact
//! is the sum over the school's compulsory sections.

mod read;

use std::{collections::BTreeSet, fmt, str::FromStr};

use num_rational::BigRational;
use num_traits::Zero;
use polars::prelude as pl;
use sqlparser::{dialect::GenericDialect, parser::Parser};

/// A checked formula, with the text it was parsed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Formula {
    text: String,
    root: Node,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Number(BigRational, String),
    Text(String),
    Null,
    Truth(bool),
    /// `students`, or `primary.students`.
    Fact(String),
    Negate(Box<Node>),
    Not(Box<Node>),
    Binary(Operator, Box<Node>, Box<Node>),
    In(Box<Node>, Vec<Node>, bool),
    IsNull(Box<Node>, bool),
    Case(Vec<(Node, Node)>, Option<Box<Node>>),
    Call(Function, Vec<Node>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Function {
    Coalesce,
    NullIf,
    Ceil,
    Floor,
}

/// A value in exact arithmetic.
#[derive(Debug, Clone, PartialEq)]
pub enum Exact {
    Null,
    Number(BigRational),
    Text(String),
    Truth(bool),
}

impl Exact {
    pub fn number(self) -> Option<BigRational> {
        match self {
            Exact::Number(n) => Some(n),
            _ => None,
        }
    }
    pub fn truth(self) -> Option<bool> {
        match self {
            Exact::Truth(t) => Some(t),
            _ => None,
        }
    }
}

/// The maximum length in bytes; the standards of the program have formulas of up to 600.
const MAX_FORMULA_BYTES: usize = 4_000;
/// The maximum nesting of parentheses, `not` and signs.
const DEEPEST: usize = 24;

impl FromStr for Formula {
    type Err = String;

    /// The error says what was found and what is allowed; the caller adds file, line and column.
    fn from_str(text: &str) -> Result<Self, String> {
        // The parser and this module are recursive, so formulas are limited to what fits on a thread's stack.
        if text.len() > MAX_FORMULA_BYTES {
            return Err(format!(
                "a formula has at most {MAX_FORMULA_BYTES} bytes; this one has {}",
                text.len()
            ));
        }
        let parser = Parser::new(&GenericDialect {}).with_recursion_limit(DEEPEST);
        let mut parser = parser.try_with_sql(text).map_err(|e| e.to_string())?;
        let parsed = parser.parse_expr().map_err(|e| e.to_string())?;
        let rest = parser.peek_token();
        if rest.token != sqlparser::tokenizer::Token::EOF {
            return Err(format!("`{rest}` after the end of the formula"));
        }
        Ok(Formula { text: text.to_string(), root: read::convert(&parsed)? })
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'de> serde::Deserialize<'de> for Formula {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// A plain number is a formula, too: `required = 2000`.
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Whole(i64),
            Number(f64),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Whole(number) => number.to_string(),
            Written::Number(number) => number.to_string(),
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl serde::Serialize for Formula {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl schemars::JsonSchema for Formula {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Formula".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": ["string", "number"],
            "description": "A SQL scalar expression over dictionary ids: + - * /, comparisons, and/or/not, in, is null, case when, coalesce, nullif, ceil, floor."
        })
    }
}

impl Formula {
    /// A placeholder for a wrong formula that has been reported.
    pub(crate) fn null() -> Formula {
        Formula { text: "null".into(), root: Node::Null }
    }

    /// The ids that it reads; qualified ones without their section.
    pub fn facts(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.root.visit(&mut |id| {
            found.insert(id.rsplit('.').next().unwrap_or(id).to_string());
        });
        found
    }

    /// The columns that it reads, with sections as in `primary.students`.
    pub fn columns(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        self.root.visit(&mut |id| {
            found.insert(id.to_string());
        });
        found
    }

    pub fn to_polars(&self) -> pl::Expr {
        self.root.to_polars()
    }

    /// Evaluates the formula in exact arithmetic. `lookup` returns a column's value; texts and booleans compare as in
    /// SQL.
    pub fn exact(&self, lookup: &dyn Fn(&str) -> Exact) -> Exact {
        self.root.exact(lookup)
    }

    /// Standard SQL; `rename` maps an id to its name in the query.
    pub fn to_sql(&self, rename: &dyn Fn(&str) -> String) -> String {
        self.root.to_sql(rename)
    }
}

impl Node {
    fn visit(&self, see: &mut impl FnMut(&str)) {
        match self {
            Node::Fact(id) => see(id),
            Node::Number(..) | Node::Text(_) | Node::Null | Node::Truth(_) => {}
            Node::Negate(a) | Node::Not(a) | Node::IsNull(a, _) => a.visit(see),
            Node::Binary(_, a, b) => {
                a.visit(see);
                b.visit(see);
            }
            Node::In(a, list, _) => {
                a.visit(see);
                list.iter().for_each(|n| n.visit(see));
            }
            Node::Case(arms, otherwise) => {
                for (when, then) in arms {
                    when.visit(see);
                    then.visit(see);
                }
                if let Some(node) = otherwise {
                    node.visit(see);
                }
            }
            Node::Call(_, args) => args.iter().for_each(|n| n.visit(see)),
        }
    }

    fn to_polars(&self) -> pl::Expr {
        let null = || pl::lit(pl::NULL).cast(pl::DataType::Float64);
        match self {
            Node::Number(_, text) => pl::lit(text.parse::<f64>().unwrap_or(f64::NAN)),
            Node::Text(text) => pl::lit(text.clone()),
            Node::Null => pl::lit(pl::NULL),
            Node::Truth(truth) => pl::lit(*truth),
            Node::Fact(id) => pl::col(id.as_str()),
            Node::Negate(a) => pl::lit(0.0) - a.to_polars(),
            Node::Not(a) => a.to_polars().not(),
            Node::Binary(op, a, b) => {
                let (l, r) = (a.to_polars(), b.to_polars());
                match op {
                    Operator::Add => l + r,
                    Operator::Subtract => l - r,
                    Operator::Multiply => l * r,
                    Operator::Divide => pl::when(r.clone().neq(pl::lit(0.0))).then(l / r).otherwise(null()),
                    Operator::Equal => l.eq(r),
                    Operator::NotEqual => l.neq(r),
                    Operator::Less => l.lt(r),
                    Operator::LessOrEqual => l.lt_eq(r),
                    Operator::Greater => l.gt(r),
                    Operator::GreaterOrEqual => l.gt_eq(r),
                    Operator::And => l.and(r),
                    Operator::Or => l.or(r),
                }
            }
            Node::In(a, list, negated) => {
                let found = list
                    .iter()
                    .map(|n| a.to_polars().eq(n.to_polars()))
                    .reduce(|x, y| x.or(y))
                    .unwrap_or_else(|| pl::lit(false));
                if *negated { found.not() } else { found }
            }
            Node::IsNull(a, false) => a.to_polars().is_null(),
            Node::IsNull(a, true) => a.to_polars().is_not_null(),
            Node::Case(arms, otherwise) => {
                let last = otherwise.as_ref().map_or_else(|| pl::lit(pl::NULL), |n| n.to_polars());
                arms.iter().rev().fold(last, |rest, (when, then)| {
                    pl::when(when.to_polars()).then(then.to_polars()).otherwise(rest)
                })
            }
            Node::Call(function, args) => {
                let mut given: Vec<pl::Expr> = args.iter().map(Node::to_polars).collect();
                match function {
                    Function::Coalesce => pl::coalesce(&given),
                    Function::NullIf => {
                        let (a, b) = (given.remove(0), given.remove(0));
                        pl::when(a.clone().eq(b)).then(pl::lit(pl::NULL)).otherwise(a)
                    }
                    Function::Ceil | Function::Floor => {
                        let x = given.remove(0);
                        let whole = x.clone().cast(pl::DataType::Int64).cast(pl::DataType::Float64);
                        let (off, step) = match function {
                            Function::Ceil => (x.gt(whole.clone()), 1.0),
                            _ => (x.lt(whole.clone()), -1.0),
                        };
                        pl::when(off).then(whole.clone() + pl::lit(step)).otherwise(whole)
                    }
                }
            }
        }
    }

    fn exact(&self, lookup: &dyn Fn(&str) -> Exact) -> Exact {
        match self {
            Node::Number(n, _) => Exact::Number(n.clone()),
            Node::Text(text) => Exact::Text(text.clone()),
            Node::Null => Exact::Null,
            Node::Truth(truth) => Exact::Truth(*truth),
            Node::Fact(id) => lookup(id),
            Node::Negate(a) => a.exact(lookup).number().map_or(Exact::Null, |n| Exact::Number(-n)),
            Node::Not(a) => a.exact(lookup).truth().map_or(Exact::Null, |t| Exact::Truth(!t)),
            Node::Binary(op, a, b) => op.exact(a.exact(lookup), b.exact(lookup)),
            Node::In(a, list, negated) => {
                let value = a.exact(lookup);
                let found = list.iter().fold(Exact::Truth(false), |found, n| {
                    Operator::Or.exact(found, Operator::Equal.exact(value.clone(), n.exact(lookup)))
                });
                found.truth().map_or(Exact::Null, |t| Exact::Truth(t != *negated))
            }
            Node::IsNull(a, not) => Exact::Truth((a.exact(lookup) == Exact::Null) != *not),
            Node::Case(arms, otherwise) => arms
                .iter()
                .find(|(when, _)| when.exact(lookup) == Exact::Truth(true))
                .map(|(_, then)| then)
                .or(otherwise.as_deref())
                .map_or(Exact::Null, |n| n.exact(lookup)),
            Node::Call(function, args) => {
                let mut values = args.iter().map(|n| n.exact(lookup));
                let first = values.next().unwrap_or(Exact::Null);
                match function {
                    Function::Coalesce if first != Exact::Null => first,
                    Function::Coalesce => values.find(|v| *v != Exact::Null).unwrap_or(Exact::Null),
                    Function::NullIf if values.next().as_ref() == Some(&first) => Exact::Null,
                    Function::NullIf => first,
                    Function::Ceil => first.number().map_or(Exact::Null, |n| Exact::Number(n.ceil())),
                    Function::Floor => first.number().map_or(Exact::Null, |n| Exact::Number(n.floor())),
                }
            }
        }
    }

    fn to_sql(&self, rename: &dyn Fn(&str) -> String) -> String {
        let sql = |n: &Node| n.to_sql(rename);
        let inside = |n: &Node, rank: u8| if n.binds() < rank { format!("({})", sql(n)) } else { sql(n) };
        match self {
            Node::Number(_, text) => text.clone(),
            Node::Text(text) => format!("'{}'", text.replace('\'', "''")),
            Node::Null => "null".into(),
            Node::Truth(truth) => truth.to_string(),
            Node::Fact(id) => rename(id),
            Node::Negate(a) => format!("-{}", inside(a, u8::MAX)),
            Node::Not(a) => format!("not {}", inside(a, u8::MAX)),
            Node::Binary(Operator::Divide, a, b) => {
                format!("{} / nullif({}, 0)", inside(a, Operator::Divide.binds()), sql(b))
            }
            // The right operand of an operator of the same precedence keeps its parentheses: a - (b + c).
            Node::Binary(op, a, b) => {
                format!("{} {} {}", inside(a, op.binds()), op.sql(), inside(b, op.binds() + 1))
            }
            Node::In(a, list, negated) => format!(
                "{} {}in ({})",
                inside(a, Operator::Equal.binds() + 1),
                if *negated { "not " } else { "" },
                list.iter().map(sql).collect::<Vec<_>>().join(", ")
            ),
            Node::IsNull(a, not) => {
                format!(
                    "{} is {}null",
                    inside(a, Operator::Equal.binds() + 1),
                    if *not { "not " } else { "" }
                )
            }
            Node::Case(arms, otherwise) => {
                let mut out = "case".to_string();
                for (when, then) in arms {
                    out += &format!(" when {} then {}", sql(when), sql(then));
                }
                if let Some(node) = otherwise {
                    out += &format!(" else {}", sql(node));
                }
                out + " end"
            }
            Node::Call(function, args) => format!(
                "{}({})",
                match function {
                    Function::Coalesce => "coalesce",
                    Function::NullIf => "nullif",
                    Function::Ceil => "ceil",
                    Function::Floor => "floor",
                },
                args.iter().map(sql).collect::<Vec<_>>().join(", ")
            ),
        }
    }
}

impl Node {
    /// The precedence of its outermost operator; names, numbers and calls have the highest.
    fn binds(&self) -> u8 {
        match self {
            Node::Binary(op, ..) => op.binds(),
            Node::Not(_) => 3,
            Node::In(..) | Node::IsNull(..) => 4,
            Node::Negate(_) => 7,
            _ => 8,
        }
    }
}

impl Operator {
    fn binds(self) -> u8 {
        match self {
            Operator::Or => 1,
            Operator::And => 2,
            Operator::Add | Operator::Subtract => 5,
            Operator::Multiply | Operator::Divide => 6,
            _ => 4,
        }
    }

    fn sql(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Equal => "=",
            Operator::NotEqual => "<>",
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::And => "and",
            Operator::Or => "or",
        }
    }

    fn exact(self, left: Exact, right: Exact) -> Exact {
        use Exact::{Null, Number, Text, Truth};
        match (self, left, right) {
            (Operator::And, Truth(false), _) | (Operator::And, _, Truth(false)) => Truth(false),
            (Operator::Or, Truth(true), _) | (Operator::Or, _, Truth(true)) => Truth(true),
            (Operator::And, Truth(a), Truth(b)) => Truth(a && b),
            (Operator::Or, Truth(a), Truth(b)) => Truth(a || b),
            (Operator::Add, Number(a), Number(b)) => Number(a + b),
            (Operator::Subtract, Number(a), Number(b)) => Number(a - b),
            (Operator::Multiply, Number(a), Number(b)) => Number(a * b),
            (Operator::Divide, Number(_), Number(b)) if b.is_zero() => Null,
            (Operator::Divide, Number(a), Number(b)) => Number(a / b),
            (op, Number(a), Number(b)) => op.ordered(a.cmp(&b)),
            (op, Text(a), Text(b)) => op.ordered(a.cmp(&b)),
            (Operator::Equal, Truth(a), Truth(b)) => Truth(a == b),
            (Operator::NotEqual, Truth(a), Truth(b)) => Truth(a != b),
            _ => Null,
        }
    }

    fn ordered(self, order: std::cmp::Ordering) -> Exact {
        use std::cmp::Ordering::*;
        Exact::Truth(match self {
            Operator::Equal => order == Equal,
            Operator::NotEqual => order != Equal,
            Operator::Less => order == Less,
            Operator::LessOrEqual => order != Greater,
            Operator::Greater => order == Greater,
            Operator::GreaterOrEqual => order != Less,
            _ => return Exact::Null,
        })
    }
}

#[cfg(test)]
mod tests;
