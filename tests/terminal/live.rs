//! The screen while steps run: the steps that come, what is due, unfolded output, other widths, and what is left of it.

use crate::room::skipped;
use crate::seat::{Site, noticed};

/// A step that goes on until there is a file `on`, and prints all the while.
const LONG: &str = r#"
step "Copy 漢字" {
  run sh -c "i=0; while test -e a.runbook && ! test -e on; do i=$((i+1)); echo copied e\u0301 $i; sleep 0.05; done"
  rollback none "x"
}
step "Check it" {
  run true
  rollback none "x"
}
confirm "Ready"
"#;

fn long() -> Site {
    Site::new(&LONG.replace("\\u0301", "\u{301}"))
}

/// Whether rows stand below each other, at the foot of the screen.
fn foot(screen: &str, rows: &[&str]) -> bool {
    let last: Vec<&str> = screen.trim_end().lines().rev().take(rows.len()).collect();
    last.len() == rows.len() && last.iter().rev().zip(rows).all(|(row, wanted)| row.contains(wanted))
}

#[test]
fn one_key_unfolds_the_output_and_folds_it_again() {
    let site = long();
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.shows("the folded foot", |screen| {
        foot(screen, &["Copy 漢字  ", "○ Check it", "o shows the output"])
    });
    seat.hits(b"o");
    seat.shows("the output", |screen| {
        foot(screen, &["│ copied e\u{301} ", "│ copied e\u{301} ", "○ Check it", "o folds the output"])
    });
    seat.hits(b"o");
    seat.shows("the folded foot", |screen| {
        foot(screen, &["Copy 漢字  ", "○ Check it", "o shows the output"])
    });
    site.write("on", "");
    seat.answers("? Ready\n", "yes");
    assert_eq!(seat.leaves(), Some(0));
    assert!(!seat.screen().contains("copied"), "what is over is folded: {}", seat.screen());
}

/// Keys that were hit before are no answer, and none that is meant for the question is lost.
#[test]
fn no_key_that_is_meant_for_a_question_is_heard_by_the_screen() {
    let site = long();
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.shows("the foot", |screen| screen.contains("○ Check it"));
    seat.hits(b"no\noo");
    site.write("on", "");
    seat.sees("? Ready\n");
    seat.sees("a note] ");
    for key in "yes, o o o\n".bytes() {
        seat.hits(&[key]);
    }
    seat.sees("Ready: yes (olga: o o o)");
    assert_eq!(seat.leaves(), Some(0));
}

#[test]
fn every_key_at_a_terminal_step_is_the_programs() {
    let script = "echo begun; read first; echo got $first; stty raw -echo; echo raw; dd bs=1 count=3 2>/dev/null | od -c | head -1; kill -9 $$";
    let site = Site::new(&format!(
        "step \"Talk\" terminal {{\n  run sh -c \"{script}\"\n  rollback none \"x\"\n}}\nconfirm \"Ready\"\n"
    ));
    let mut seat = site.sits(&["run", "a.runbook"]);
    let before = noticed(&seat.modes());
    seat.sees("it has the terminal: what it prints is neither masked nor recorded");
    seat.answers("begun", "ooo");
    seat.sees("got ooo");
    seat.sees("raw");
    seat.hits(b"o\x1bo");
    seat.sees("o 033   o");
    seat.answers("? Talk", "3 it died");
    seat.answers("? Ready", "yes");
    assert_eq!((seat.leaves(), noticed(&seat.modes())), (Some(0), before));
}

/// A pager or an editor that is killed leaves neither its modes nor its screen.
#[test]
fn an_editor_that_dies_leaves_the_terminal_sane() {
    let site = Site::new(
        "log \"before it\"\nstep \"Edit\" terminal {\n  run sh edit.sh\n  rollback none \"x\"\n}\n",
    );
    let own_screen = r"printf '\033[?1049h\033[?25l\033[?1000h\033[?2004h\033[2Jall of it\n'";
    site.write("edit.sh", &format!("{own_screen}\nstty raw -echo\nkill -9 $$\n"));
    let mut seat = site.sits(&["run", "a.runbook"]);
    let before = noticed(&seat.modes());
    seat.answers("? Edit", "roll back");
    assert_eq!((seat.leaves(), noticed(&seat.modes())), (Some(1), before));
    let screen = seat.terminal();
    assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
    assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
    assert!(
        seat.screen().contains("before it") && seat.screen().contains("rolled back"),
        "{}",
        seat.screen()
    );
}

#[test]
fn a_real_editor_has_the_terminal() {
    let site = Site::new(
        "step \"Edit\" terminal {\n  run vi -u NONE -n note\n  rollback none \"x\"\n}\nconfirm \"Ready\"\n",
    );
    site.write("note", "");
    let mut seat = site.sits(&["run", "a.runbook"]);
    let before = noticed(&seat.modes());
    seat.shows("the editor", |screen| screen.contains("~\n~\n"));
    seat.hits(b"iwritten o\x1b:wq\r");
    seat.answers("? Ready", "yes");
    assert_eq!(
        (seat.leaves(), noticed(&seat.modes()), site.read("note").as_str()),
        (Some(0), before, "written o\n")
    );
}

/// A terminal that cuts lines instead of breaking them anew.
#[test]
fn the_foot_follows_the_width_of_the_window() {
    let site = long();
    let mut seat = site.sits_down_with(("NO_COLOR", "1"), &["run", "a.runbook", "--yes-to", "briefing"]);
    seat.shows("the foot", |screen| screen.contains("○ Check it"));
    let told = above_the_foot(&seat.screen(), 45);
    for columns in [100, 60, 200, 45] {
        seat.resizes(columns);
        let fits = |row: &str| unicode_width::UnicodeWidthStr::width(row) < usize::from(columns);
        seat.shows("one foot", |screen| {
            foot(screen, &["Copy 漢字  ", "○ Check it", "0 of 2 steps"])
                && screen.matches("○ Check it").count() == 1
                && screen.lines().rev().take(3).all(fits)
        });
        assert_eq!(above_the_foot(&seat.screen(), 45), told, "what was told stays");
    }
    site.write("on", "");
    seat.answers("? Ready\n", "yes");
    assert_eq!(seat.leaves(), Some(0));
    assert_stays_below(&seat.shown());
}

/// The first columns of the rows above the foot.
fn above_the_foot(screen: &str, columns: usize) -> Vec<String> {
    let told = screen.lines().take_while(|row| !row.contains("Copy 漢字"));
    let told: Vec<String> = told.map(|row| row.chars().take(columns).collect()).collect();
    assert!(told.iter().any(|row| row.contains(" t 1.0.0, run ")), "{screen}");
    told
}

/// The cursor never goes further up than over the rows that were drawn just before, and nothing above it is cleared:
/// whatever a terminal does with its lines, none that was told is lost.
fn assert_stays_below(shown: &str) {
    for (at, _) in shown.match_indices("\u{1b}[") {
        let (before, after) = shown.split_at(at + 2);
        let end = after.find(|letter: char| letter.is_ascii_alphabetic()).unwrap();
        let drawn = || before.rfind("\u{1b}[J").map_or(0, |wiped| before[wiped..].matches('\n').count());
        match (after.as_bytes()[end], &after[..end]) {
            (b'A', up) => assert_eq!(up.parse(), Ok(drawn()), "{before:?}"),
            (b'J' | b'K', what) => assert_eq!(what, "", "{before:?}"),
            (letter, _) => assert!(!b"dfFHLMST".contains(&letter), "{before:?}"),
        }
    }
}

#[test]
fn what_is_due_is_counted_down_and_told_when_missed() {
    let site = Site::new(
        r#"
step "First" {
  run true
  rollback none "x"
}
step "Second" due 1s after "First" {
  run sh -c "while test -e a.runbook && ! test -e on; do sleep 0.05; done"
  rollback none "x"
}
step "Third" due 1h after "First" {
  run true
  rollback none "x"
}
"#,
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.shows("both", |screen| screen.contains("overdue by ") && screen.contains("○ Third  due in 59m"));
    site.write("on", "");
    seat.sees("late       \"Second\": it was due at ");
    assert_eq!(seat.leaves(), Some(0));
}

#[test]
fn what_is_tried_again_is_told_meanwhile() {
    let site = Site::new(
        "step \"Flaky\" retry 5 every 2s {\n  run sh -c \"echo tried >> log; test -e on\"\n  rollback none \"x\"\n}\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    seat.shows("the pause", |screen| {
        screen.contains("Flaky  ") && screen.contains("exit code 1; it is tried again")
    });
    site.write("on", "");
    assert_eq!(seat.leaves(), Some(0));
}

/// A bug of ours must not cost anybody their terminal. (A word that only a build for tests obeys.)
#[test]
#[cfg(debug_assertions)]
fn a_panic_gives_the_terminal_back() {
    let site = Site::new(
        "step \"A\" {\n  run sh -c \"echo begun; sleep 0.5; echo 'bowline, panic!'; sleep 20\"\n  rollback none \"x\"\n}\n",
    );
    let mut seat = site.sits(&["run", "a.runbook"]);
    let before = noticed(&seat.modes());
    seat.sees("this is a bug in bowline");
    assert_eq!((seat.leaves(), noticed(&seat.modes())), (Some(70), before));
    let mut seat = site.sits(&["resume", &site.run_id()]);
    seat.answers("? A\n", "leave");
    assert_eq!(seat.leaves(), Some(4));
}

/// What `script` records is read with `cat`: on a screen of that size it shows the lines of the run, and nothing else.
#[test]
fn a_recording_of_script_reads_as_the_run_did() {
    let site = long();
    let mut seat = site.shell();
    seat.answers("READY> ", "script -q -c 'bowline run a.runbook --yes-to briefing' recording; echo over");
    if std::process::Command::new("script").arg("--version").output().is_err() {
        return skipped("there is no script here (apt install bsdutils)");
    }
    seat.sees("○ Check it");
    site.write("on", "");
    seat.answers("? Ready\n", "yes");
    seat.sees("completed");
    seat.sees("\nover\n");
    let (rows, columns) = seat.terminal().size();
    let mut reader = vt100::Parser::new(rows, columns, 0);
    reader.process(site.read("recording").replace('\n', "\r\n").as_bytes());
    let read = reader.screen().contents();
    for told in
        [" t 1.0.0, run ", "✓ step Copy 漢字 (", "✓ step Check it (", "✓ Ready: yes (olga)", "completed"]
    {
        assert_eq!(read.matches(told).count(), 1, "{told}:\n{read}");
    }
    let drawn = ["○ Check it", "copied e", " of 2 steps · ", "shows the output"];
    assert!(!drawn.iter().any(|row| read.contains(row)), "{read}");
}

/// A terminal that breaks lines anew, as most do: tmux, where it is there. It tells a new size a moment after it has
/// taken it.
#[test]
fn in_tmux_the_foot_follows_the_window() {
    let Some(tmux) = Tmux::start() else { return skipped("there is no tmux here") };
    tmux.keys(&["clear; echo ready", "Enter"]);
    tmux.shows("the shell", |screen| screen.lines().any(|line| line == "ready"));
    let command = format!("clear; {} run a.runbook --yes-to briefing", env!("CARGO_BIN_EXE_bowline"));
    tmux.keys(&[&command, "Enter"]);
    tmux.shows("the foot", |screen| foot(screen, &["Copy 漢字  ", "○ Check it", "o shows the output"]));
    let told = above_the_foot(&tmux.tell(&["capture-pane", "-p", "-t", "a"]), 100);
    for (columns, lines) in [("60", "40"), ("40", "12"), ("41", "11"), ("90", "30"), ("50", "40")] {
        tmux.tell(&["resize-window", "-t", "a", "-x", columns, "-y", lines]);
        let fits = |row: &str| unicode_width::UnicodeWidthStr::width(row) < columns.parse().unwrap();
        tmux.shows("the foot", |screen| {
            foot(screen, &["Copy 漢字  ", "○ Check it", "0 of 2 steps"])
                && screen.trim_end().lines().rev().take(3).all(fits)
        });
        tmux.still_has(&told);
    }
    tmux.site.write("on", "");
    tmux.shows("the question", |screen| screen.contains("? Ready\n"));
    tmux.keys(&["yes", "Enter"]);
    tmux.shows("the end", |screen| screen.contains("completed"));
    tmux.still_has(&told);
}

/// A tmux of its own, with a shell in the folder of a runbook.
struct Tmux {
    site: Site,
}

impl Tmux {
    fn start() -> Option<Self> {
        let tmux = Self { site: long() };
        let shell = ["new-session", "-d", "-s", "a", "-x", "100", "-y", "40", "bash --norc --noprofile"];
        tmux.command(&shell).status().ok().filter(std::process::ExitStatus::success)?;
        Some(tmux)
    }

    fn command(&self, words: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new("tmux");
        command.args(["-f", "/dev/null", "-u", "-S"]).arg(self.site.path("tmux")).args(words);
        command.current_dir(self.site.path(".")).env("BOWLINE_JOURNAL", self.site.path("journal"));
        command.env("USER", "olga").env("LC_ALL", "C.UTF-8");
        command
    }

    fn tell(&self, words: &[&str]) -> String {
        let output = self.command(words).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn keys(&self, keys: &[&str]) {
        self.tell(&[&["send-keys", "-t", "a"], keys].concat());
    }

    /// Whether the rows are still there, however they are broken now, on the screen or above it.
    fn still_has(&self, rows: &[String]) {
        let bare = |text: &str| text.split_whitespace().collect::<String>();
        let all = self.tell(&["capture-pane", "-p", "-S", "-", "-t", "a"]);
        for row in rows {
            assert!(bare(&all).contains(&bare(row)), "{row:?} is lost:\n{all}");
        }
    }

    fn shows(&self, what: &str, is: impl Fn(&str) -> bool) {
        let began = std::time::Instant::now();
        loop {
            let screen = self.tell(&["capture-pane", "-p", "-t", "a"]);
            if is(&screen) {
                return;
            }
            assert!(began.elapsed().as_secs() < 30, "{what} never stood on the screen:\n{screen}");
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _ = self.command(&["kill-server"]).output();
    }
}

/// Checks, gates and the point of no return come as steps do; on a screen of 24 rows the rest is counted.
#[test]
fn all_that_comes_is_told_before_it_does() {
    let step = |name: &str| {
        format!(
            "step \"{name}\" {{\n  run sh -c \"until test -e {name}; do sleep 0.02; done\"\n  rollback none \"x\"\n}}\n"
        )
    };
    let commit = "commit \"Customers are on it\" {\n  \"\"\"\n  Fix forward.\n  \"\"\"\n}\n";
    let body = [
        &step("A"),
        "check \"Queue is normal\" within 1m every 50ms {\n  look run test -e queue\n}\n",
        "gate \"Ready\" {\n  check \"Room\" { look run true }\n}\n",
        commit,
        "attempt \"Fast\" {\n",
        &step("B"),
        "} otherwise {\n",
        &step("Slow"),
        "}\n",
        &step("C"),
        &step("D"),
    ];
    let site = Site::new(&body.concat());
    let mut seat = site.sits(&["run", "a.runbook"]);
    let comes =
        ["○ check Queue is normal", "○ gate Ready", "○ point of no return: Customers are on it", "○ B"];
    let first = [&["A  "], &comes[..], &["○ C", "0 of 5 steps · then 1 more"]].concat();
    seat.shows("all of it", |screen| foot(screen, &first));
    assert!(
        !seat.screen().contains("○ Slow") && !seat.screen().contains("○ check Room"),
        "{}",
        seat.screen()
    );
    site.write("A", "");
    let next = [&["Queue is normal  "], &comes[1..], &["○ C", "○ D", "1 of 5 steps"]].concat();
    seat.shows("what comes behind the check that looks", |screen| foot(screen, &next));
    site.write("queue", "");
    seat.shows("the rest", |screen| foot(screen, &["B  ", "○ C", "○ D", "1 of 5 steps"]));
    ["B", "C", "D"].iter().for_each(|name| site.write(name, ""));
    assert_eq!(seat.leaves(), Some(0));
}
