//! What is missing, how much, whose job.
