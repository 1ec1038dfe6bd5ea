//! The program: exit status 0, 1 or 2, and nothing else.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(listen_now::cli::run(std::env::args_os()).code())
}
