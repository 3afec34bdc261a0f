//! Whose account types: what a node writes into its audit log.
//!
//! The account is that of the operating system, by what the kernel says of this process and not by a variable that anybody
//! can set. It goes to the node that is asked and nowhere else.

use std::fs;
use std::os::unix::fs::MetadataExt;

/// Where Linux shows the account of a process.
const MYSELF: &str = "/proc/self";
/// Accounts and their numbers.
const ACCOUNTS: &str = "/etc/passwd";
/// Longest name that is passed on.
const NAME_CHARS_MAX: usize = 64;

/// The name of the account, or its number when it has none that can be sent.
pub fn name() -> String {
    let Ok(myself) = fs::metadata(MYSELF) else {
        return "cli".to_owned();
    };
    name_of(myself.uid())
}

/// The name of the account with this number, or the number when it has none that can be sent.
pub fn name_of(uid: u32) -> String {
    let accounts = fs::read_to_string(ACCOUNTS).unwrap_or_default();
    named(&accounts, uid)
}

fn named(accounts: &str, uid: u32) -> String {
    let number = uid.to_string();
    let of = |line: &str| -> Option<String> {
        let mut parts = line.split(':');
        let (name, found) = (parts.next()?, parts.nth(1)?);
        (found == number).then(|| name.to_owned())
    };
    let name = accounts.lines().find_map(of);
    let sendable = |name: &String| {
        !name.is_empty() && name.len() <= NAME_CHARS_MAX && name.bytes().all(|byte| byte.is_ascii_graphic())
    };
    name.filter(sendable).unwrap_or_else(|| format!("uid-{number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_its_name_or_else_its_number() {
        let accounts =
            "root:x:0:0:root:/root:/bin/bash\nj.de.vries:x:1001:100::/home/j:/bin/sh\nde heer:x:7:7::/:/\nkapot\n";
        assert_eq!(named(accounts, 0), "root");
        assert_eq!(named(accounts, 1001), "j.de.vries");
        assert_eq!(named(accounts, 100), "uid-100");
        assert_eq!(named(accounts, 7), "uid-7");
        assert_eq!(named("", 5), "uid-5");
    }

    #[test]
    fn this_process_has_an_account() {
        assert!(!name().is_empty());
    }
}
