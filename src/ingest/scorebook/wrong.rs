//! Why a cell of a scorebook is invalid.

/// Why a cell is invalid: the code of the problem, and the arguments of its message.
#[derive(Debug, Clone, PartialEq)]
pub struct Wrong {
    pub code: &'static str,
    pub args: Vec<(&'static str, String)>,
}

pub fn wrong<T>(code: &'static str, args: &[(&'static str, String)]) -> Result<T, Wrong> {
    Err(Wrong { code, args: args.to_vec() })
}
