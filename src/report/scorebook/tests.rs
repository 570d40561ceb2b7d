use super::*;

#[test]
fn a_row_is_as_high_as_its_longest_text() {
    assert_eq!(height([("一", 9.0), ("", 20.0)]), 18.0);
    // Ten characters of two columns each, in eight columns: three lines.
    assert_eq!(height([("一二三四五六七八九十", 9.0)]), 48.0);
    assert_eq!(height([("一\n二", 9.0)]), 33.0);
    assert_eq!(height([("长".repeat(9_000).as_str(), 9.0)]), 405.0);
}
