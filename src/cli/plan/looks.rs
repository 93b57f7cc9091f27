//! `plan --probe`: the looks of a plan asked of the real system, and nothing else.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::cli::Stop;
use crate::cli::config::Found;
use crate::cli::drive::targets;
use crate::cli::inputs::Complete;
use crate::event::Actor;
use crate::host::mask::Mask;
use crate::host::{LocalHost, LocalSetup, search_path};
use crate::plan::Plan;
use crate::probe::{Asking, Probe, probe};

/// Asks the looks. What they print is kept nowhere.
///
/// # Errors
/// Where a target is not set up, the working folder is gone, or there is no place for what programs print.
pub(super) fn asked(plan: &Plan, complete: &Complete, found: &Found, dir: &Path) -> Result<Probe, Stop> {
    let internal = |error: std::io::Error| Stop::internal(error.to_string());
    // What programs print stands in a folder of this process, and is gone with it.
    let mut folder = tempfile::Builder::new();
    folder.prefix("bowline-probe-").permissions(Permissions::from_mode(0o700));
    let (path, outputs) = (search_path(), folder.tempdir().map_err(internal)?);
    let mask = Mask::default();
    mask.learn(complete.secrets.iter().map(String::as_str));
    let mut number = 0;
    let door = || {
        number += 1;
        let own = outputs.path().join(number.to_string());
        // A run of its own each: what is stopped is known by the name of its run, on the whole machine.
        let run = format!("{}-{number}", outputs.path().file_name().unwrap_or_default().display());
        let setup = LocalSetup {
            dir: dir.to_owned(),
            path: path.clone(),
            hidden: complete.hidden.clone(),
            mask: mask.clone(),
            targets: targets::targets(found),
            ..LocalSetup::new(&run, &own, somebody())
        };
        LocalHost::new(setup).map_err(|error| error.to_string())
    };
    let asking = Asking { door, dir: dir.to_owned(), path: path.clone(), plan };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(internal)?;
    Ok(runtime.block_on(probe(asking, complete.values.clone())))
}

/// Nobody acts in a probe.
fn somebody() -> Actor {
    Actor { name: "plan --probe".into(), from_file: false }
}

/// Where the command was given: what relative paths mean.
///
/// # Errors
/// Where the working folder is gone.
#[expect(clippy::disallowed_methods, reason = "the command line is told where it was started")]
pub(super) fn here() -> Result<PathBuf, Stop> {
    std::env::current_dir().map_err(|error| Stop::usage(format!("the working folder is gone: {error}")))
}
