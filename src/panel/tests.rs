//! The panel on made facts.
