//! argv, environment, terminal, exit code; everything else is the library's.

/// A plan is many small pieces, made on a thread of its own; there this allocator takes half the time of the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    bowline::cli::main()
}
