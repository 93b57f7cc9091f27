//! argv, environment, terminal, exit code; everything else is the library's.

fn main() -> std::process::ExitCode {
    bowline::cli::main()
}
