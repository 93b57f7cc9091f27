//! The modules inside the binary.

/// A module of the standard library.
#[derive(Clone, Copy, Debug)]
pub struct StdModule {
    /// Its name after `std/`.
    pub name: &'static str,
    /// Its source.
    pub text: &'static str,
}

/// Every module under `std/`, by name.
pub const STDLIB: &[StdModule] = &[];

/// The module that `use "std/name"` takes in.
pub(super) fn find(text: &str) -> Option<&'static StdModule> {
    let name = text.strip_prefix("std/")?;
    STDLIB.iter().find(|module| module.name == name)
}
