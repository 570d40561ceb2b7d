//! `junheng` for notebooks. A notebook's cells are libraries of their own; linked statically, each would have its own
//! copy of what Polars keeps once a process, and a table made in one cell could not be used in the next. This
//! crate is the same library as one shared object (`linked.rs`), which all cells link to.

// Not among the dependencies: it lies in the folder that build.rs names.
extern crate junheng_linked;

pub use junheng_linked::*;
