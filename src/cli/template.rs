//! `template`: the workbook to fill in.

use std::path::Path;

use super::{Exit, TemplateArguments, screen};
use crate::report::template;
use crate::{problem::Result, standard::Standard, store, words::Words};

pub fn execute(arguments: &TemplateArguments, words: &Words) -> Result<Exit> {
    let standard = Standard::load(&arguments.standard)?;
    let name = format!("template-{}.xlsx", standard.id);
    let path = arguments.out.as_deref().unwrap_or(Path::new(&name));
    // Somebody may have filled it in.
    store::refuse_existing(path)?;
    store::write_file(path, |aside| template::write(&standard, words, aside))?;
    screen::say(&words.text("cli.template_done.written", &[("file", path.display().to_string())]));
    Ok(Exit::Done)
}
