//! The templates of the documents: `data/templates`, or the user's own templates of the same names (`--templates DIR`).

use std::path::Path;

use minijinja::{
    AutoEscape, Environment, ErrorKind, UndefinedBehavior, default_auto_escape_callback, escape_formatter,
    syntax::SyntaxConfig, value::Serde,
};
use serde::Serialize;

use super::escape::inert;
use crate::{
    data, encoding,
    problem::{Error, Place, Problem, Result},
};

/// The text of a template: from `folder` if it has a file of this name, otherwise from `data/templates` (or the
/// `--data` folder).
///
/// # Errors
/// The folder does not exist, or its file cannot be read as text.
pub fn text(name: &str, folder: Option<&Path>) -> Result<String> {
    if let Some(folder) = folder {
        if !folder.is_dir() {
            let place = Place::file(folder.display().to_string());
            return Err(Error::usage(Problem::error("templates_not_a_folder", place)));
        }
        if let Some(own) = encoding::read(&folder.join(name))? {
            return Ok(own);
        }
    }
    let built_in = data::text(&format!("templates/{name}"))?;
    built_in
        .map(|text| text.into_owned())
        .ok_or_else(|| Problem::error("template_not_there", Place::file(name)).into())
}

/// Fills the template. Values are escaped in `.html` and `.xml`, and in marked-up text (`.md.jinja`) so that they
/// contain no mark; elsewhere they are unchanged. Printing a name that the context lacks is an error, not an unnoticed
/// gap; asking whether it is defined is allowed.
///
/// # Errors
/// The template is invalid, or prints an undefined name; the problem names the file and its line.
pub fn render(name: &str, text: &str, context: &impl Serialize) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.set_auto_escape_callback(|name| match name.ends_with(".md.jinja") {
        true => AutoEscape::Custom("marked-up text".into()),
        false => default_auto_escape_callback(name),
    });
    environment.set_formatter(|out, state, value| match state.auto_escape() {
        AutoEscape::Custom(_) if value.is_safe() => Ok(write!(out, "{value}")?),
        AutoEscape::Custom(_) => Ok(out.write_str(&inert(&value.to_string()))?),
        _ => escape_formatter(out, state, value),
    });
    let broken = |why: minijinja::Error| {
        let said = match (why.kind(), why.detail()) {
            (ErrorKind::UndefinedError, None) => "undefined value".to_string(),
            (kind, Some(detail)) => format!("{kind}: {detail}"),
            (kind, None) => kind.to_string(),
        };
        let line = why.line().map_or_else(|| "?".into(), |line| line.to_string());
        Error::from(Problem::error("template_broken", Place::file(name)).with("line", line).with("why", said))
    };
    // A line that contains only a tag leaves no blank line behind.
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(broken)?);
    environment.add_template(name, text).map_err(broken)?;
    environment.get_template(name).and_then(|template| template.render(Serde(context))).map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, Words};

    fn said(result: Result<String>) -> String {
        let words = Words::load(Language::English).unwrap();
        result.unwrap_or_else(|error| words.error(&error))
    }

    /// Escapes values, lists and results of macros; texts that are already marked up are unchanged.
    #[test]
    fn nothing_printed_into_marked_up_text_is_a_mark() {
        #[derive(Serialize)]
        struct Context {
            name: &'static str,
            names: [&'static str; 2],
            #[serde(serialize_with = "crate::report::escape::marked_up")]
            sentences: Vec<String>,
        }
        let context = Context {
            name: "# 一【待填】\n",
            names: ["::page", "二"],
            sentences: vec!["为⟦0.490|1⟧。".into(), "完。".into()],
        };
        for (text, wanted) in [
            ("{{ name }}", r"\# 一\【待填\】"),
            (r#"{{ names | join("、") }}"#, r"\:\:page、二"),
            (
                "{% macro own(x) %}【待填：{{ x }}】{% endmacro %}{{ own(name) }}",
                r"【待填：\# 一\【待填\】】",
            ),
            (r#"{{ sentences | join(" ") }}"#, "为⟦0.490|1⟧。 完。"),
            ("{% for one in sentences %}{{ one }}{% endfor %}", "为⟦0.490|1⟧。完。"),
            ("{{ -2 }} {{ names | length }}", r"\-2 2"),
        ] {
            assert_eq!(said(render("a.md.jinja", text, &context)), wanted);
        }
    }

    #[test]
    fn html_is_escaped_and_other_text_is_not() {
        let context = serde_json::json!({ "name": "<b>" });
        assert_eq!(said(render("a.html", "{{ name }}", &context)), "&lt;b&gt;");
        assert_eq!(said(render("a.typ", "{{ name }}", &context)), "<b>");
    }

    #[test]
    fn what_is_wrong_names_file_and_line() {
        let context = serde_json::json!({ "name": "x" });
        for (text, line) in [("a\n{{ nane }}", "2"), ("a\nb\n{% if %}", "3")] {
            let said = said(render("own.html", text, &context));
            assert!(said.contains("own.html") && said.contains(line), "{said}");
        }
        assert_eq!(said(render("a.typ", "{% if nane %}x{% endif %}y", &context)), "y");
    }

    #[test]
    fn a_file_of_the_folder_stands_for_the_built_in_one() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("own.html"), "own").unwrap();
        std::fs::write(folder.path().join("broken.html"), [0xff, 0xfe, 0x00]).unwrap();
        assert_eq!(said(text("own.html", Some(folder.path()))), "own");
        assert!(said(text("broken.html", Some(folder.path()))).contains("broken.html"));
        assert!(said(text("no-such.html", None)).contains("no-such.html"));
        let absent = folder.path().join("absent");
        assert!(said(text("own.html", Some(&absent))).contains("absent"));
    }
}
