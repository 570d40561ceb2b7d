//! Arguments, progress, words on the screen; one file a command. Calculates nothing.
