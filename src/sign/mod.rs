//! SSH signatures and allowed signers, as OpenSSH's `ssh-keygen -Y` has them.
//!
//! Pure: it knows texts and keys, and is told the time. It makes no signature and opens no file.

mod pattern;
mod signature;
mod signers;

pub use pattern::is_in_list;
pub use signature::{ARMOUR, Made, armoured, fingerprint, key_of_line, made, unarmoured};
pub use signers::{Signer, SignersError, read_signers};
