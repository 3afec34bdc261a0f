//! The executable. It is only the entry: what it does stands in the library, where tests can reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().collect();
    let exit = cli::output::with_real_world(|world| cli::run(&args, world));
    ExitCode::from(exit.code())
}
