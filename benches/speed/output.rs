//! A step that prints a lot: kept whole in a file, in bounded memory.

use std::process::{Command, Stdio};

use crate::measure::Taken;
use crate::table::{print, row, verdict};
use crate::{Setting, bowline, measure, word};

pub(crate) fn measure(setting: &Setting) {
    let mebibytes: u32 = if setting.quick { 8 } else { 1024 };
    let bytes = u64::from(mebibytes) << 20;
    let lines =
        format!("yes 'a line of output as programs print them, 64 bytes with its end ...' | head -c {bytes}");
    let zeros = format!("head -c {bytes} /dev/zero");
    let mut most = 0.0_f64;
    let mut rows = vec![row([&format!("{mebibytes} MiB printed"), "s", "MiB/s", "MiB of memory"])];
    for (what, script) in [("lines", lines.as_str()), ("one line of zeros", zeros.as_str())] {
        let through = format!("{script} | cat > /dev/null");
        rows.push(line(&format!("{what}, `| cat > /dev/null`"), mebibytes, shell(&through)));
        let kept = format!("{script} | cat > {}", word(&setting.folder.join("kept")));
        rows.push(line(&format!("{what}, `| cat > file`"), mebibytes, shell(&kept)));
        let taken = step(setting, script);
        most = most.max(taken.mebibytes());
        rows.push(line(&format!("{what}, a step of bowline"), mebibytes, taken));
    }
    print("A step that prints a gigabyte", &rows);
    verdict("memory of bowline", most, 64.0, "MiB");
}

fn line(name: &str, mebibytes: u32, taken: Taken) -> Vec<String> {
    let seconds = taken.wall.as_secs_f64();
    let rate = f64::from(mebibytes) / seconds;
    row([name, &format!("{seconds:.2}"), &format!("{rate:.0}"), &format!("{:.1}", taken.mebibytes())])
}

fn shell(script: &str) -> Taken {
    measure::run(Command::new("sh").args(["-c", script]).stdout(Stdio::null()), 0)
}

fn step(setting: &Setting, script: &str) -> Taken {
    let (file, journal) = (setting.folder.join("output.runbook"), setting.folder.join("journal"));
    std::fs::write(setting.folder.join("print.sh"), script).unwrap();
    let text =
        "runbook \"output\" 1.0.0\nstep \"print\" {\n  run sh print.sh\n  rollback none \"nothing\"\n}\n";
    std::fs::write(&file, text).unwrap();
    let _ = std::fs::remove_dir_all(&journal);
    measure::run(bowline(&journal, &["run", word(&file)]).current_dir(&setting.folder), 0)
}
