//! The library as one shared object, for the notebooks. It is an example of the main package, so that it is made of
//! what the tests have compiled already: `notebooks-rs/run.sh` has it linked.

pub use junheng::*;
