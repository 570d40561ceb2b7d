//! Pipeline files: a whole run pinned down (sources, header mappings, standard, outputs).
