//! The daemon: `leerkring node` under its own name, for whoever starts it as a service.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args: Vec<_> = std::env::args_os().collect();
    cli::daemon::before_node(&args);
    args.insert(1.min(args.len()), "node".into());
    let exit = cli::output::with_real_world(|world| cli::run(&args, world));
    ExitCode::from(exit.code())
}
