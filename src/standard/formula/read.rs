//! Converts SQL to the small language of formulas; the error names what is not part of it.

use sqlparser::ast::{self, BinaryOperator, UnaryOperator};

use super::{Function, Node, Operator};
use crate::exact::decimal;

pub(super) fn convert(expr: &ast::Expr) -> Result<Node, String> {
    use ast::Expr as E;
    let boxed = |e: &ast::Expr| convert(e).map(Box::new);
    Ok(match expr {
        E::Nested(inner) => convert(inner)?,
        E::Identifier(id) => Node::Fact(id.value.clone()),
        E::CompoundIdentifier(parts) => {
            let ids: Vec<&str> = parts.iter().map(|p| p.value.as_str()).collect();
            match ids[..] {
                ["primary" | "junior" | "senior", _] => Node::Fact(ids.join(".")),
                _ => {
                    return Err(format!(
                        "`{expr}`: only primary., junior. and senior. may stand before a fact"
                    ));
                }
            }
        }
        E::Value(value) => match &value.value {
            ast::Value::Number(text, _) => {
                Node::Number(decimal(text).ok_or_else(|| format!("`{text}` is not a number"))?, text.clone())
            }
            ast::Value::SingleQuotedString(text) => Node::Text(text.clone()),
            ast::Value::Boolean(truth) => Node::Truth(*truth),
            ast::Value::Null => Node::Null,
            other => return Err(format!("`{other}` is not allowed in a formula")),
        },
        E::UnaryOp { op: UnaryOperator::Minus, expr } => Node::Negate(boxed(expr)?),
        E::UnaryOp { op: UnaryOperator::Not, expr } => Node::Not(boxed(expr)?),
        E::BinaryOp { left, op, right } => {
            let op = match op {
                BinaryOperator::Plus => Operator::Add,
                BinaryOperator::Minus => Operator::Subtract,
                BinaryOperator::Multiply => Operator::Multiply,
                BinaryOperator::Divide => Operator::Divide,
                BinaryOperator::Eq => Operator::Equal,
                BinaryOperator::NotEq => Operator::NotEqual,
                BinaryOperator::Lt => Operator::Less,
                BinaryOperator::LtEq => Operator::LessOrEqual,
                BinaryOperator::Gt => Operator::Greater,
                BinaryOperator::GtEq => Operator::GreaterOrEqual,
                BinaryOperator::And => Operator::And,
                BinaryOperator::Or => Operator::Or,
                other => {
                    return Err(format!("the operator `{other}` is not allowed in a formula"));
                }
            };
            Node::Binary(op, boxed(left)?, boxed(right)?)
        }
        E::InList { expr, list, negated } => {
            Node::In(boxed(expr)?, list.iter().map(convert).collect::<Result<_, _>>()?, *negated)
        }
        E::IsNull(inner) => Node::IsNull(boxed(inner)?, false),
        E::IsNotNull(inner) => Node::IsNull(boxed(inner)?, true),
        E::Case { operand: None, conditions, else_result, .. } => Node::Case(
            conditions
                .iter()
                .map(|arm| Ok((convert(&arm.condition)?, convert(&arm.result)?)))
                .collect::<Result<_, String>>()?,
            else_result.as_deref().map(boxed).transpose()?,
        ),
        E::Ceil { expr, .. } => Node::Call(Function::Ceil, vec![convert(expr)?]),
        E::Floor { expr, .. } => Node::Call(Function::Floor, vec![convert(expr)?]),
        E::Function(call) => {
            let name = call.name.to_string().to_lowercase();
            let function = match name.as_str() {
                "coalesce" => Function::Coalesce,
                "nullif" => Function::NullIf,
                "ceil" => Function::Ceil,
                "floor" => Function::Floor,
                _ => {
                    return Err(format!(
                        "the function `{name}` is not allowed: coalesce, nullif, ceil, floor are"
                    ));
                }
            };
            let ast::FunctionArguments::List(list) = &call.args else {
                return Err(format!("`{name}` wants its values in brackets"));
            };
            let args = list
                .args
                .iter()
                .map(|arg| match arg {
                    ast::FunctionArg::Unnamed(ast::FunctionArgExpr::Expr(e)) => convert(e),
                    other => Err(format!("`{other}` is not allowed in a formula")),
                })
                .collect::<Result<Vec<_>, _>>()?;
            let wanted = match function {
                Function::Coalesce => args.len() >= 2,
                Function::NullIf => args.len() == 2,
                _ => args.len() == 1,
            };
            if !wanted {
                return Err(format!("`{name}` has {} values", args.len()));
            }
            Node::Call(function, args)
        }
        other => return Err(format!("`{other}` is not allowed in a formula")),
    })
}
