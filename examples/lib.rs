//! What the examples share; each of them is a folder or a file beside this one.

pub mod tour;
