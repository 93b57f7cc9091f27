//! Hosts: OpenSSH's own server, several of it on ports of the loopback, for whoever runs the tests.

use std::fmt::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::processes::{Process, all, within};

/// No host lives longer than that, whatever becomes of its test; in seconds.
const LIFETIME: &str = "240";

/// Some hosts, and the configuration by which `ssh` reaches them.
pub(crate) struct Hosts {
    folder: tempfile::TempDir,
    hosts: Vec<Host>,
}

struct Host {
    name: &'static str,
    port: u16,
    server: Child,
}

impl Hosts {
    /// Hosts of these names; `None` where there is no server, which is then said.
    pub(crate) fn start(names: &[&'static str]) -> Option<Self> {
        let sshd = sshd()?;
        let folder = tempfile::tempdir().unwrap();
        for key in ["host", "user"] {
            let file = folder.path().join(key);
            let words = ["-q", "-t", "ed25519", "-N", "", "-f"];
            assert!(Command::new("ssh-keygen").args(words).arg(file).status().unwrap().success());
        }
        let hosts = names.iter().map(|name| Host::start(folder.path(), &sshd, name)).collect();
        let hosts = Self { folder, hosts };
        hosts.configure();
        Some(hosts)
    }

    /// How the client finds them: a file beside the keys.
    fn configure(&self) {
        let at = self.folder.path().display();
        let user = whoami();
        let mut text = String::new();
        for host in &self.hosts {
            write!(text, "Host {}\n  Port {}\n", host.name, host.port).unwrap();
        }
        write!(
            text,
            "Host *\n  HostName 127.0.0.1\n  User {user}\n  IdentityFile {at}/user\n  IdentitiesOnly yes\n  \
             UserKnownHostsFile {at}/known\n  StrictHostKeyChecking accept-new\n"
        )
        .unwrap();
        std::fs::write(self.config(), text).unwrap();
    }

    /// The client's configuration.
    pub(crate) fn config(&self) -> PathBuf {
        self.folder.path().join("ssh_config")
    }

    /// A target for each host, with that silence.
    pub(crate) fn targets(&self, silence: &str) -> String {
        let mut text = "[targets]\n".to_owned();
        for Host { name, .. } in &self.hosts {
            let config = self.config();
            writeln!(
                text,
                "{name} = {{ ssh = \"{name}\", config = \"{}\", silence = \"{silence}\" }}",
                config.display()
            )
            .unwrap();
        }
        text
    }

    /// How often somebody logged in, on all hosts together.
    pub(crate) fn logins(&self) -> usize {
        self.hosts.iter().map(|host| self.logins_of(host.name)).sum()
    }

    /// How often somebody logged in on that host.
    pub(crate) fn logins_of(&self, name: &str) -> usize {
        let log = std::fs::read_to_string(self.folder.path().join(format!("{name}.log"))).unwrap();
        log.matches("Accepted publickey").count()
    }

    fn host(&self, name: &str) -> &Host {
        self.hosts.iter().find(|host| host.name == name).unwrap()
    }

    pub(crate) fn port(&self, name: &str) -> u16 {
        self.host(name).port
    }

    /// Cuts every connection of a host: its sessions are killed, the programs in them are not.
    pub(crate) fn cut(&self, name: &str) {
        let sessions = self.host(name).sessions();
        assert!(!sessions.is_empty());
        sessions.iter().for_each(|session| session.kill("KILL"));
    }
}

impl Host {
    fn start(folder: &Path, sshd: &Path, name: &'static str) -> Self {
        let at = folder.display();
        let config = folder.join("sshd_config");
        let text = format!(
            "HostKey {at}/host\nAuthorizedKeysFile {at}/user.pub\nPasswordAuthentication no\n\
             KbdInteractiveAuthentication no\nUsePAM no\nStrictModes no\nPidFile none\n"
        );
        std::fs::write(&config, text).unwrap();
        // Where the server separates its privileges.
        let _ = std::fs::create_dir_all("/run/sshd");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = std::fs::File::create(folder.join(format!("{name}.log"))).unwrap();
        let mut server = Command::new("timeout");
        server.arg(LIFETIME).arg(sshd).arg("-D").arg("-e").arg("-f").arg(&config);
        server.args(["-o", &format!("Port={port}"), "-o", "ListenAddress=127.0.0.1"]);
        let server = server.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        let host = Self { name, port, server };
        let listens = || TcpStream::connect(("127.0.0.1", port)).is_ok();
        assert!(within(Duration::from_secs(20), listens), "sshd does not listen");
        host
    }

    /// The server's processes for connections.
    fn sessions(&self) -> Vec<Process> {
        let (all, mut found, mut above) = (all(), vec![], vec![self.server.id()]);
        while let Some(pid) = above.pop() {
            for one in all.iter().filter(|one| one.parent == pid && one.name.starts_with("sshd")) {
                above.push(one.pid);
                found.push(one.pid);
            }
        }
        // The first is the listener itself.
        all.into_iter().filter(|one| found.iter().skip(1).any(|pid| *pid == one.pid)).collect()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.sessions().iter().for_each(|session| session.kill("KILL"));
        let listener = all().into_iter().find(|one| one.parent == self.server.id());
        listener.iter().for_each(|listener| listener.kill("TERM"));
        let _ = self.server.wait();
    }
}

fn sshd() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let found = folders.map(|folder| folder.join("sshd")).find(|file| file.is_file());
    if found.is_none() {
        let required = std::env::var("BOWLINE_COMPONENTS").is_ok_and(|value| value == "required");
        assert!(!required, "no sshd (apt install openssh-server)");
        let test = std::thread::current().name().unwrap_or_default().to_owned();
        eprintln!("skipped: no sshd (apt install openssh-server): {test}");
    }
    found
}

fn whoami() -> String {
    let output = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
