//! How much memory the allocator of the C library holds back.
//!
//! glibc gives up to eight times as many arenas as there are cores, and each keeps what its threads freed: a node with a dozen
//! threads that mostly wait holds some 40 MB that way. Two arenas hold a quarter of that, and cost no processor time that can be
//! measured (`cargo bench -p tests -- forty`). The library reads its setting when a process starts, and to change it later takes
//! code that the compiler cannot check; so the process starts itself anew with the setting, under the same process id.

use std::env;
use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;

/// The setting of glibc; whoever gives one keeps it.
const SETTING: &str = "MALLOC_ARENA_MAX";
/// One for the thread that works, one for those that answer meanwhile.
const ARENAS: &str = "2";

/// Starts this process anew with few arenas, unless it has the setting already. Comes back where that cannot be done, or would
/// change nothing: the process then takes more memory, and works as well. To be called before anything is opened.
pub fn take_few_arenas(args: &[OsString]) {
    if cfg!(all(target_os = "linux", target_env = "gnu")) && env::var_os(SETTING).is_none() {
        start_anew(args);
    }
}

fn start_anew(args: &[OsString]) {
    let Ok(executable) = env::current_exe() else { return };
    let name = args.first().map_or(executable.as_os_str(), OsString::as_os_str);
    let error = std::process::Command::new(&executable)
        .arg0(name)
        .args(args.iter().skip(1))
        .env(SETTING, OsStr::new(ARENAS))
        .exec();
    // Nothing is set up that could write this down, and nothing is lost.
    drop(error);
}
