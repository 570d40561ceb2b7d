//! Invented counties to try the program on.
