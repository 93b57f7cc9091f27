//! From text to tree: the only module that names pest. Total: every text has a tree.

pub mod tree;
