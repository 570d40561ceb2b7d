use super::*;
use crate::report::sample::Whole;

/// The report's text, block by block, as people read it.
fn text(report: &Report) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    for block in &report.blocks {
        let plain = |pieces: &[Piece]| grammar::plain(pieces);
        let _ = match block {
            Block::Title(pieces) => writeln!(out, "TITLE {}", plain(pieces)),
            Block::Line(pieces) => writeln!(out, "LINE {}", plain(pieces)),
            Block::Contents => writeln!(out, "CONTENTS"),
            Block::Page => writeln!(out, "PAGE"),
            Block::Heading(level, pieces) => {
                writeln!(out, "\n{} {}", "#".repeat(usize::from(*level)), plain(pieces))
            }
            Block::Paragraph(pieces) => writeln!(out, "{}", plain(pieces)),
            Block::Entry(pieces) => writeln!(out, "- {}", plain(pieces)),
            Block::Note(pieces) => writeln!(out, "> {}", plain(pieces)),
            Block::Table(table) => {
                let heads: Vec<&str> = table.columns.iter().map(|column| column.title.as_str()).collect();
                let _ = writeln!(out, "TABLE {}\n  | {}", plain(&table.caption), heads.join(" | "));
                for row in &table.rows {
                    let cell = |cell: &tables::Cell| {
                        format!("{}{}", plain(&cell.pieces), if cell.unmet { " *" } else { "" })
                    };
                    let _ = writeln!(out, "  | {}", row.iter().map(cell).collect::<Vec<_>>().join(" | "));
                }
                Ok(())
            }
            Block::Figure { picture, caption } => writeln!(out, "FIGURE {} {}", picture.name, plain(caption)),
        };
    }
    out
}

fn made(whole: &Whole) -> String {
    let district = whole.district();
    match report(&district, &[], None) {
        Ok(report) => text(&report),
        Err(error) => panic!("{}", whole.words.error(&error)),
    }
}

#[test]
fn the_demonstration_county_in_chinese() {
    insta::assert_snapshot!(made(&Whole::demo("quality-balance-2017", Language::Chinese)));
}

#[test]
fn the_demonstration_county_in_english() {
    insta::assert_snapshot!(made(&Whole::demo("quality-balance-2017", Language::English)));
}

#[test]
fn by_the_list_of_daxiang() {
    insta::assert_snapshot!(made(&Whole::demo("daxiang", Language::Chinese)));
}
