//! The real binary below a pseudo-terminal of Python's, and a screen that shows what it draws.

use super::site::Site;

/// Runs a program below a terminal of so many columns. Each word that is waited for is answered once it stands
/// there; the terminal's modes before and after are compared.
const DRIVER: &str = r"
import fcntl, json, os, pty, select, signal, struct, sys, termios, time, tty
columns, talk, words = int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 40, columns, 0, 0))
before = termios.tcgetattr(slave)
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for number in (0, 1, 2):
        os.dup2(slave, number)
    # As at a terminal of one's own, whatever the tests were started by.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    os.execvp(words[0], words)
shown, from_, ended, until = b'', 0, None, time.time() + 90
while ended is None or select.select([master], [], [], 0.05)[0]:
    if time.time() > until:
        os.kill(pid, 9)
    if select.select([master], [], [], 0.02)[0]:
        shown += os.read(master, 65536)
    if talk:
        awaited, typed = talk[0][0].encode(), talk[0][1].encode()
        at = shown.find(awaited, from_)
        if at >= 0:
            from_ = at + len(awaited)
            talk.pop(0)
            if typed == b'HANGUP':
                os.kill(pid, 1)
            else:
                os.write(master, typed)
    if ended is None:
        done, status = os.waitpid(pid, os.WNOHANG)
        ended = os.waitstatus_to_exitcode(status) if done else None
same = termios.tcgetattr(slave) == before
sys.stdout.buffer.write(shown)
sys.stdout.buffer.flush()
sys.stderr.write(json.dumps({'same': same, 'left': len(talk), 'code': ended}))
";

/// What became of a program at a terminal.
pub(crate) struct Session {
    /// All that was written.
    pub(crate) raw: String,
    pub(crate) code: i64,
    /// Whether the terminal was left as it was found.
    pub(crate) restored: bool,
    columns: usize,
}

/// Runs the binary at a terminal; `talk` is what is waited for, and what is then typed.
pub(crate) fn at_terminal(site: &Site, columns: usize, args: &[&str], talk: &[(&str, &str)]) -> Session {
    session(site, columns, args, talk, &[])
}

pub(crate) fn session(
    site: &Site,
    columns: usize,
    args: &[&str],
    talk: &[(&str, &str)],
    env: &[(&str, &str)],
) -> Session {
    let mut command = site.other("python3");
    command.envs(env.iter().copied()).args([
        "-c",
        DRIVER,
        &columns.to_string(),
        &serde_json::to_string(talk).unwrap(),
    ]);
    let unasked: &[&str] = if args.first() == Some(&"run") { &["--yes-to", "briefing"] } else { &[] };
    let output = command.arg(env!("CARGO_BIN_EXE_bowline")).args(args).args(unasked).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    let told: serde_json::Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"));
    let raw = String::from_utf8(output.stdout).unwrap();
    assert_eq!(told["left"], 0, "not all was asked for: {raw}");
    Session { raw, code: told["code"].as_i64().unwrap(), restored: told["same"] == true, columns }
}

impl Session {
    /// What stands on the screen and above it in the end.
    pub(crate) fn screen(&self) -> String {
        drawn(&self.raw, self.columns)
    }

    /// What stood there when that was written for the first time.
    pub(crate) fn screen_at(&self, word: &str) -> String {
        let at = self.raw.find(word).unwrap_or_else(|| panic!("{word} never came: {}", self.raw));
        let moves_up = regex::Regex::new("\u{1b}\\[\\d*A").unwrap();
        let end = moves_up.find(&self.raw[at..]).map_or(self.raw.len(), |up| at + up.start());
        drawn(&self.raw[..end], self.columns)
    }
}

/// What a terminal makes of it that is higher than anything here.
fn drawn(raw: &str, columns: usize) -> String {
    let size = |cells: usize| u16::try_from(cells).unwrap().try_into().unwrap();
    let mut terminal = vt100::Parser::new(size(1000), size(columns), 0);
    terminal.process(raw.as_bytes());
    let rows = terminal.screen().rows(0, u16::try_from(columns).unwrap());
    let rows = rows.map(|row| row.trim_end().to_owned());
    rows.collect::<Vec<_>>().join("\n").trim_end().to_owned() + "\n"
}
