//! What is on disk: [`folder`], the one place that writes results, and the store of many districts' years.

pub mod folder;
pub mod yearly;

pub use folder::{Folder, refuse_existing, write_file};
