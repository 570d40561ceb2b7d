//! The one place that writes to disk: aside first, then renamed, so that nothing is ever half written.
