//! The OpenSSH client: its words, and the connections that are shared while a run goes on.
//!
//! The user's own configuration decides how a host is reached; here stands only what a run needs of
//! its own. Nothing is asked: there is no terminal, so a password comes from an agent or an askpass.

use std::collections::BTreeMap;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// A shared connection that nobody uses ends by itself after so many seconds, should we be killed.
const PERSIST: u32 = 60;

/// Closing the connections may take so long.
const CLOSING: Duration = Duration::from_secs(2);

/// A host that does not answer is given up after so many seconds, where the user's configuration says nothing of it.
const CONNECT: u32 = 30;

/// The client says what its configuration comes to within this, or it is not asked any further. Long: on a busy machine it
/// must not pass for one that says nothing, since a silent host would then be waited for without end.
const ASKED: Duration = Duration::from_secs(10);

/// The longest folder in which a socket fits: 40 digits and what ssh adds while it makes it, of 108 bytes.
const LONGEST: usize = 45;

/// A host, and how the client reaches it.
pub(super) struct Client<'a> {
    pub(super) destination: &'a str,
    /// A configuration of its own.
    pub(super) config: Option<&'a Path>,
    /// Where shared connections have their sockets.
    pub(super) sockets: Option<&'a Path>,
    /// Heard nothing for so long, the target stops what runs.
    pub(super) silence: Duration,
    /// Whether the configuration bounds by itself how long a host may take to answer.
    pub(super) bounded: bool,
}

/// The words that hand a line to the login shell of a host. The line must hold no `'`, `!` or end of line, so that
/// every login shell takes it for the same.
pub(super) fn words(client: &Client<'_>, line: &str) -> Vec<String> {
    let Client { destination, config, sockets, silence, bounded } = *client;
    let alive = (silence.as_secs() / 3).max(1);
    let mut options = vec![
        "RemoteCommand=none".to_owned(),
        "ClearAllForwardings=yes".to_owned(),
        "PermitLocalCommand=no".to_owned(),
        // A connection of which nothing is heard ends about when the target stops what runs.
        format!("ServerAliveInterval={alive}"),
        "ServerAliveCountMax=2".to_owned(),
    ];
    if !bounded {
        options.push(format!("ConnectTimeout={CONNECT}"));
    }
    if let Some(sockets) = sockets {
        options.push("ControlMaster=auto".to_owned());
        options.push(format!("ControlPersist={PERSIST}"));
        options.push(format!("ControlPath={}/%C", sockets.display()));
    }
    let mut words = start(config);
    words.extend(["-T".to_owned(), "-x".to_owned()]);
    words.extend(options.into_iter().flat_map(|option| ["-o".to_owned(), option]));
    words.extend(["--".to_owned(), destination.to_owned(), format!("exec sh -c '{line}'")]);
    words
}

fn start(config: Option<&Path>) -> Vec<String> {
    let config = config.map(|config| ["-F".to_owned(), config.display().to_string()]);
    std::iter::once("ssh".to_owned()).chain(config.into_iter().flatten()).collect()
}

/// The connections of a run; closed when dropped.
#[derive(Debug, Default)]
pub(in super::super) struct Connections {
    /// `None` inside: no folder could be made, so connections are not shared.
    folder: OnceLock<Option<PathBuf>>,
    /// The destinations with their configurations, and whether these bound how long a host may take to answer.
    used: Mutex<BTreeMap<(String, Option<PathBuf>), bool>>,
}

impl Connections {
    /// The folder of the sockets, for a connection to that destination; and whether its configuration bounds how long the
    /// host may take to answer.
    pub(super) fn to(&self, destination: &str, config: Option<&Path>) -> (Option<PathBuf>, bool) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (destination.to_owned(), config.map(Path::to_owned));
        let bounded = *used.entry(place).or_insert_with(|| is_bounded(destination, config));
        (self.folder.get_or_init(private_folder).clone(), bounded)
    }

    fn close(&self, folder: &Path) {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let closing = used.keys().filter_map(|(destination, config)| {
            let words = start(config.as_deref());
            let path = format!("ControlPath={}/%C", folder.display());
            let (program, rest) = words.split_first()?;
            let mut command = Command::new(program);
            command.args(rest).args(["-o", &path, "-O", "exit", "--", destination]);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
        });
        let mut closing: Vec<_> = closing.collect();
        let end = Instant::now() + CLOSING;
        closing.iter_mut().for_each(|child| end_by(child, end));
    }
}

/// Waits until a child has ended, and ends it at that time.
fn end_by(child: &mut Child, end: Instant) {
    while Instant::now() < end && matches!(child.try_wait(), Ok(None)) {
        std::thread::sleep(Duration::from_millis(5));
    }
    // Ended already is what we want.
    let _ = child.kill();
    let _ = child.wait();
}

/// Whether the client's configuration bounds how long a host may take to answer. A client that does not say so is left alone.
fn is_bounded(destination: &str, config: Option<&Path>) -> bool {
    let words = start(config);
    let Some((program, rest)) = words.split_first() else { return true };
    let mut command = Command::new(program);
    command.args(rest).args(["-G", "--", destination]);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return true };
    end_by(&mut child, Instant::now() + ASKED);
    // What it says fits into the pipe.
    let said = child.wait_with_output().map(|output| output.stdout).unwrap_or_default();
    !String::from_utf8_lossy(&said).lines().any(|line| line == "connecttimeout none")
}

impl Drop for Connections {
    fn drop(&mut self) {
        if let Some(Some(folder)) = self.folder.get() {
            self.close(folder);
            // Best effort: nothing of worth is in it.
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// A folder that only we can enter, with a short path: that of a socket is at most 108 bytes.
fn private_folder() -> Option<PathBuf> {
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let places = [runtime, Some(std::env::temp_dir()), Some(PathBuf::from("/tmp"))];
    let fitting = |place: &PathBuf| place.as_os_str().len() + 20 <= LONGEST;
    places.into_iter().flatten().filter(fitting).find_map(|place| {
        let folder = place.join(format!("bowline-{}", super::wrapper::mark().get(..8)?));
        std::fs::DirBuilder::new().mode(0o700).create(&folder).ok().map(|()| folder)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_destination_is_never_an_option_and_the_line_is_one_word() {
        let client = Client {
            destination: "ops@db",
            config: Some(Path::new("/c f")),
            sockets: Some(Path::new("/s")),
            silence: Duration::from_secs(30),
            bounded: false,
        };
        let text = words(&client, "x $y").join(" ");
        assert!(text.starts_with("ssh -F /c f -T -x -o RemoteCommand=none"), "{text}");
        assert!(text.contains("ServerAliveInterval=10 -o ServerAliveCountMax=2"), "{text}");
        assert!(text.contains("ControlPersist=60 -o ControlPath=/s/%C"), "{text}");
        assert!(text.ends_with("-- ops@db exec sh -c 'x $y'"), "{text}");
        assert!(text.contains("ConnectTimeout=30"), "{text}");
        let text = words(&Client { bounded: true, ..client }, "x $y").join(" ");
        assert!(!text.contains("ConnectTimeout"), "{text}");
    }

    #[test]
    fn sockets_stand_in_a_folder_of_their_own_that_goes_with_the_run() {
        let connections = Connections::default();
        let folder = private_folder().unwrap();
        connections.folder.set(Some(folder.clone())).unwrap();
        assert!(folder.as_os_str().len() <= LONGEST);
        drop(connections);
        assert!(!folder.exists());
    }
}
