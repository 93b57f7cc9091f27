//! Values of inputs that come from outside before a run: a program's output, a file.

use std::ffi::OsString;
use std::path::Path;

/// A larger value is refused, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// Standard output of a program, without its last line end. Its standard error goes to ours, and
/// it has no standard input.
///
/// # Errors
/// In words: it does not start, it fails, its output is no text or too large.
pub fn from_command(words: &[String], dir: &Path) -> Result<String, String> {
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    let failed = |error: std::io::Error| format!("`{program}` gave no value: {error}");
    let command = duct::cmd(OsString::from(program), arguments).dir(dir).stdin_null();
    limited(command.reader().map_err(failed)?, LARGEST).map_err(failed)
}

/// Contents of a file, without the last line end.
///
/// # Errors
/// In words: it cannot be read, is no text or too large.
pub fn from_file(path: &Path) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("{} cannot be read: {error}", path.display());
    limited(std::fs::File::open(path).map_err(failed)?, LARGEST).map_err(failed)
}

fn limited(source: impl std::io::Read, largest: u64) -> std::io::Result<String> {
    use std::io::Read;
    let mut text = String::new();
    let mut source = source.take(largest + 1);
    source.read_to_string(&mut text)?;
    if text.len() as u64 > largest {
        return Err(std::io::Error::other(format!("it is larger than {largest} bytes")));
    }
    let line = text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    Ok(line.unwrap_or(&text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(script: &str) -> Result<String, String> {
        from_command(&["sh".into(), "-c".into(), script.into()], Path::new("/"))
    }

    #[test]
    fn the_output_of_a_program_is_a_value() {
        assert_eq!(command("pwd").as_deref(), Ok("/"));
        assert_eq!(command("printf 'a\\n\\n'").as_deref(), Ok("a\n"));
    }

    #[test]
    fn a_program_that_fails_gives_no_value() {
        assert!(command("echo half; exit 3").unwrap_err().contains("exited with code 3"));
        assert!(command("printf '\\377'").is_err());
        assert!(command("head -c 2000000 /dev/zero").unwrap_err().contains("larger"));
        assert!(from_command(&["no-such-program".into()], Path::new("/")).is_err());
        assert!(from_command(&[], Path::new("/")).is_err());
    }

    #[test]
    fn a_file_is_a_value() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "hunter22\r\n").unwrap();
        assert_eq!(from_file(file.path()).as_deref(), Ok("hunter22"));
        assert!(from_file(Path::new("/no/such")).unwrap_err().starts_with("/no/such cannot be read"));
    }
}
