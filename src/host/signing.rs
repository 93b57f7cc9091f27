//! Signing with a person's SSH key, by OpenSSH's own `ssh-keygen`: it knows agents, passphrases and hardware keys.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Signs a text; the signature as `ssh-keygen -Y sign` writes it. A passphrase is asked for at the terminal.
///
/// # Errors
/// In words why there is none.
pub fn sign(text: &str, key: &Path, namespace: &str) -> Result<String, String> {
    let mut command = Command::new("ssh-keygen");
    command.args(["-q", "-Y", "sign", "-n", namespace, "-f"]).arg(key);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| {
        format!("ssh-keygen of OpenSSH cannot be started ({error}); install it, or sign on another machine")
    })?;
    if let Some(mut stdin) = child.stdin.take() {
        // Should it have ended by now, it says why itself.
        let _ = stdin.write_all(text.as_bytes());
    }
    let done = child.wait_with_output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&done.stderr).trim().to_owned();
    match String::from_utf8(done.stdout) {
        Ok(signature) if done.status.success() && !signature.is_empty() => Ok(signature),
        _ => Err(format!("ssh-keygen did not sign with {}: {said}", key.display())),
    }
}

/// A key that this user may sign with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnKey {
    /// The public key: type, base64, comment.
    pub line: String,
    /// Its file; `None` where an agent holds it.
    pub file: Option<PathBuf>,
}

/// The keys of this user: those of the agent first, then those in the usual files.
#[must_use]
pub fn own_keys() -> Vec<OwnKey> {
    let agent = Command::new("ssh-add").arg("-L").stdin(Stdio::null()).stderr(Stdio::null()).output();
    let listed = agent.ok().filter(|done| done.status.success()).map(|done| done.stdout).unwrap_or_default();
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let mut keys: Vec<OwnKey> =
        listed.lines().map(|line| OwnKey { line: line.to_owned(), file: None }).collect();
    keys.extend(usual_files().into_iter().filter_map(|file| {
        let line = std::fs::read_to_string(file.with_extension("pub")).ok()?;
        Some(OwnKey { line: line.trim().to_owned(), file: Some(file) })
    }));
    keys
}

/// Where OpenSSH looks by itself.
fn usual_files() -> Vec<PathBuf> {
    let Ok(home) = etcetera::home_dir() else { return vec![] };
    let names = ["id_ed25519", "id_ecdsa", "id_rsa", "id_ed25519_sk", "id_ecdsa_sk"];
    names.iter().map(|name| home.join(".ssh").join(name)).filter(|file| file.exists()).collect()
}

impl OwnKey {
    /// Signs a text with it.
    ///
    /// # Errors
    /// In words why there is no signature.
    pub fn sign(&self, text: &str, namespace: &str) -> Result<String, String> {
        if let Some(file) = &self.file {
            return sign(text, file, namespace);
        }
        // ssh-keygen takes the public key from a file, and the private one from the agent.
        let folder = PrivateFolder::new().map_err(|error| error.to_string())?;
        let file = folder.0.join("key.pub");
        std::fs::write(&file, format!("{}\n", self.line)).map_err(|error| error.to_string())?;
        sign(text, &file, namespace)
    }
}

/// A folder of our own that goes away with us.
struct PrivateFolder(PathBuf);

impl PrivateFolder {
    fn new() -> std::io::Result<Self> {
        use std::os::unix::fs::DirBuilderExt;
        let now = jiff::Timestamp::now().as_nanosecond();
        let path = std::env::temp_dir().join(format!("bowline-{}-{now}", std::process::id()));
        std::fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for PrivateFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
