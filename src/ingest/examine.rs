// replaced at merge
pub fn examine(_facts: &super::Facts) -> Vec<crate::problem::Problem> {
    Vec::new()
}
