//! The executable. It is only the entry: what it does stands in the library, where tests can reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().collect();
    // Options may stand before its name, and to another command it costs a millisecond.
    if args.iter().any(|arg| arg == "node") {
        cli::daemon::before_node(&args);
    }
    let exit = cli::output::with_real_world(|world| cli::run(&args, world));
    ExitCode::from(exit.code())
}
