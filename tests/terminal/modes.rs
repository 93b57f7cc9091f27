//! Whatever the modes of the terminal are, a question can be answered, and they are left as they were.

use rustix::process::Signal;
use rustix::termios::{InputModes, LocalModes, OptionalActions, tcsetattr};

use crate::seat::{Site, noticed};

#[test]
fn a_terminal_left_raw_by_another_program_can_be_typed_on() {
    let site = Site::new("step \"A\" {\n  run sh work.sh\n  rollback none \"x\"\n}\nconfirm \"Ready\"\n");
    site.write("work.sh", "echo $$ > pid\nwhile test -e a.runbook -a ! -e go; do sleep 0.02; done\n");
    let mut seat = site.sits(&["run", "a.runbook"]);
    site.pid("pid");
    let mut raw = seat.modes();
    raw.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
    raw.input_modes.remove(InputModes::ICRNL);
    tcsetattr(seat.line(), OptionalActions::Now, &raw).unwrap();
    site.write("go", "");
    seat.sees("? Ready");
    seat.waits_for_echo(true);
    seat.hits(b"yes\r");
    assert_eq!(seat.leaves(), Some(0));
    assert_eq!(noticed(&seat.modes()), noticed(&raw), "it is left as it was found");
}

#[test]
fn told_to_end_at_a_hidden_question_it_leaves_the_echo_on() {
    let site = Site::new("ask token: secret \"Token\"\n");
    for signals in [&[Signal::TERM, Signal::TERM, Signal::TERM][..], &[Signal::HUP]] {
        let mut seat = site.sits(&["run", "a.runbook"]);
        let before = noticed(&seat.modes());
        seat.sees("token (not shown): ");
        seat.waits_for_echo(false);
        signals.iter().for_each(|signal| seat.signal(*signal));
        // Signals of one kind may be told as one; then it asks what now.
        let exit = if signals.len() > 1 {
            seat.leaves_or_answers("[1-3, and a note] ", "leave")
        } else {
            seat.leaves()
        };
        assert_eq!((exit, noticed(&seat.modes())), (Some(5), before), "{signals:?}");
    }
}
