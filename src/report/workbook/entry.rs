//! What may be typed into a cell.

use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, DataValidationRule, Formula, XlsxError};

/// What may be typed into a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Allowed {
    /// One of these, from a dropdown.
    OneOf(Vec<String>),
    /// A dropdown offers these, if it has room for them; anything else may be typed too.
    Offered(Vec<String>),
    WholeFrom(i32),
    WholeBetween(i32, i32),
    NumberFrom(f64),
    NumberBetween(f64, f64),
    /// From 0 up to the number in another cell, `'年度分值'!$D$4`.
    UpToCell(String),
    /// Any value for which this formula is true.
    Formula(String),
}

/// Excel stores a dropdown as one text of at most 255 characters.
const MAX_LIST: usize = 250;
/// Excel's messages have at most 255 characters.
const MAX_MESSAGE: usize = 200;

impl Allowed {
    /// The rule, with the message for what it refuses. `None` if the list of choices is too long for Excel.
    pub(super) fn rule(&self, message: &str) -> Result<Option<DataValidation>, XlsxError> {
        let new = DataValidation::new;
        let rule = match self {
            Allowed::OneOf(choices) => match kept(choices) {
                Some(kept) if kept.len() == choices.len() => new().allow_list_strings(&kept)?,
                _ => return Ok(None),
            },
            Allowed::Offered(choices) => match kept(choices) {
                Some(kept) => {
                    new().allow_list_strings(&kept)?.set_error_style(DataValidationErrorStyle::Information)
                }
                None => return Ok(None),
            },
            Allowed::WholeFrom(least) => {
                new().allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(*least))
            }
            Allowed::WholeBetween(least, most) => {
                new().allow_whole_number(DataValidationRule::Between(*least, *most))
            }
            Allowed::NumberFrom(least) => {
                new().allow_decimal_number(DataValidationRule::GreaterThanOrEqualTo(*least))
            }
            Allowed::NumberBetween(least, most) => {
                new().allow_decimal_number(DataValidationRule::Between(*least, *most))
            }
            Allowed::UpToCell(cell) => new().allow_decimal_number_formula(DataValidationRule::Between(
                Formula::new("0"),
                Formula::new(cell),
            )),
            Allowed::Formula(formula) => new().allow_custom(Formula::new(formula)),
        };
        if message.is_empty() {
            return Ok(Some(rule));
        }
        let message: String = message.chars().take(MAX_MESSAGE).collect();
        rule.set_error_message(message).map(Some)
    }
}

/// The choices that a dropdown can contain: a choice with a comma would be split. `None` if they are too long together.
fn kept(choices: &[String]) -> Option<Vec<&String>> {
    let fit = |choice: &&String| !choice.is_empty() && !choice.contains([',', '"']);
    let kept: Vec<&String> = choices.iter().filter(fit).collect();
    let length: usize = kept.iter().map(|choice| choice.encode_utf16().count() + 1).sum();
    (!kept.is_empty() && length <= MAX_LIST).then_some(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `came back, overdue` would become two wrong choices in the dropdown.
    #[test]
    fn a_dropdown_has_no_halves_of_choices() {
        let states = ["open", "came back", "came back, overdue"].map(String::from).to_vec();
        assert_eq!(kept(&states), Some(vec![&states[0], &states[1]]));
        assert!(Allowed::Offered(states.clone()).rule("").unwrap().is_some());
        assert!(Allowed::OneOf(states).rule("").unwrap().is_none(), "a choice would be refused");
        assert!(Allowed::OneOf(vec!["长".repeat(MAX_LIST)]).rule("").unwrap().is_none());
    }
}
