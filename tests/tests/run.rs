//! `tests/run` counts right, fails when anything fails, and says what is missing. It is tried with a cargo of our own that only
//! prints, in a place where nothing else is installed.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tests::harness::{Command, Ran, Scratch};

/// The programs of a bare machine that `tests/run` may use.
const BARE: [&str; 12] = [
    "bash", "cat", "cp", "dirname", "env", "id", "mktemp", "printf", "rm", "sed", "sort", "tee",
];

/// Where the ruleset of the API lies on that machine.
const RULES: &str = "linter.yaml";

/// A machine whose programs are small scripts of ours. **Invariant:** nothing of the real machine is linked to, so that replacing
/// a program here cannot replace it there.
struct Machine {
    programs: Scratch,
}

impl Machine {
    /// A machine with a C compiler and a cargo whose every command succeeds.
    fn new(test: &str) -> Self {
        let machine = Machine {
            programs: Scratch::new("machine"),
        };
        for name in BARE {
            machine.program(name, &format!("exec {} \"$@\"", installed(name).display()));
        }
        machine.program("cc", "cat >/dev/null");
        machine.program("npx", "exit 0");
        machine.programs.write(RULES, "");
        machine.program(
            "cargo",
            &format!("case \"$1 $2\" in test*) {test} ;; *) exit 0 ;; esac"),
        );
        machine
    }

    fn program(&self, name: &str, script: &str) {
        let path = self
            .programs
            .write(name, format!("#!{}\n{script}\n", installed("sh").display()));
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("a scratch file can be made executable");
    }

    fn remove(&self, name: &str) {
        fs::remove_file(self.programs.join(name)).expect("a scratch file can be removed");
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        let script = root().join("tests/run");
        Command::new(script, self.programs.path())
            .arguments(arguments)
            .env("PATH", self.programs.path())
            .env("LEERKRING_ADR", self.programs.join(RULES))
            .run()
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the room stands in the repository")
        .to_owned()
}

fn installed(name: &str) -> PathBuf {
    let path = env::var_os("PATH").expect("a test has a PATH");
    let found = env::split_paths(&path)
        .map(|directory| directory.join(name))
        .find(|path| path.exists());
    found.unwrap_or_else(|| panic!("{name} is not installed"))
}

fn last_line(ran: &Ran) -> &str {
    ran.stdout.lines().last().unwrap_or_default()
}

const PASSED: &str =
    "echo 'test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured'; echo 'test result: ok. 4 passed; 0 failed;'";

#[test]
fn results_of_all_binaries_are_summed() {
    let ran = Machine::new(PASSED).run(&[]);
    assert_eq!((last_line(&ran), ran.code), ("7 passed, 0 failed", Some(0)), "{ran:#?}");
    assert!(ran.stdout.contains("  - benchmarks: built, not run"), "{ran:#?}");
}

#[test]
fn a_test_that_fails_makes_the_run_fail() {
    let ran = Machine::new("echo 'test result: FAILED. 2 passed; 1 failed; 0 ignored;'; exit 101").run(&[]);
    assert_eq!((last_line(&ran), ran.code), ("2 passed, 1 failed", Some(1)), "{ran:#?}");
}

#[test]
fn a_test_binary_that_dies_without_a_result_counts_as_a_failure() {
    let ran = Machine::new("echo 'test result: ok. 2 passed; 0 failed;'; exit 101").run(&[]);
    assert_eq!((last_line(&ran), ran.code), ("2 passed, 1 failed", Some(1)), "{ran:#?}");
}

#[test]
fn lints_fail_the_run_and_a_failed_build_ends_it() {
    let machine = Machine::new(PASSED);
    machine.program(
        "cargo",
        "case \"$1 $2\" in 'clippy --version') ;; clippy*) exit 101 ;; esac",
    );
    let ran = machine.run(&[]);
    assert_eq!((last_line(&ran), ran.code), ("0 passed, 1 failed", Some(1)), "{ran:#?}");
    assert!(ran.stdout.contains("Failed: cargo clippy"), "{ran:#?}");
    machine.program("cargo", "test \"$1\" != build");
    let ran = machine.run(&[]);
    assert_eq!((last_line(&ran), ran.code), ("0 passed, 1 failed", Some(1)), "{ran:#?}");
    assert!(!ran.stdout.contains("cargo test"), "{ran:#?}");
}

#[test]
fn what_is_left_out_is_said_and_full_leaves_out_only_what_this_machine_cannot_do() {
    let test = "test \"$LEERKRING_FULL\" = 1 || echo 'simulation: half of it' >>\"$LEERKRING_LEFT_OUT\"";
    let machine = Machine::new(test);
    assert!(machine.run(&[]).succeeded().contains("  - simulation: half of it\n"));
    let full = machine.run(&["--full"]).succeeded();
    let left_out: Vec<&str> = full.lines().filter(|line| line.starts_with("  - ")).collect();
    let [python] = left_out[..] else { panic!("{full}") };
    assert!(
        python.ends_with("python3 is not installed") && full.contains("== cargo bench"),
        "{full}"
    );
    machine.program("cargo", "test \"$1 $2\" != 'fmt --version'");
    assert!(
        machine
            .run(&["--full"])
            .succeeded()
            .contains("rustfmt is not installed")
    );
}

#[test]
fn the_design_rules_of_the_api_are_checked_or_it_is_said_why_not() {
    let machine = Machine::new(PASSED);
    machine.program("npx", "case \"$*\" in *lint*openapi.json) exit 1 ;; esac");
    let ran = machine.run(&[]);
    assert_eq!((last_line(&ran), ran.code), ("7 passed, 1 failed", Some(1)), "{ran:#?}");
    assert!(ran.stdout.contains("Failed: API design rules"), "{ran:#?}");
    machine.program("npx", "exit 1");
    let said = "  - API design rules: npx cannot get @stoplight/spectral-cli\n";
    assert!(machine.run(&[]).succeeded().contains(said));
    machine.remove("npx");
    assert!(
        machine
            .run(&[])
            .succeeded()
            .contains("  - API design rules: npx is not")
    );
    machine.remove(RULES);
    assert!(
        machine
            .run(&[])
            .succeeded()
            .contains("  - API design rules: their ruleset")
    );
}

#[test]
fn a_missing_compiler_is_installed_with_apt_or_asked_for() {
    let machine = Machine::new(PASSED);
    machine.remove("cc");
    assert!(machine.run(&[]).failed(2).contains("a C compiler (cc)"));
    let compiler = machine.programs.join("cc");
    let script = format!(
        "case \"$1\" in install) cp {} {} ;; esac",
        machine.programs.join("true").display(),
        compiler.display()
    );
    machine.program("true", "cat >/dev/null");
    machine.program("id", "echo 0");
    machine.program("apt-get", &script);
    let ran = machine.run(&[]);
    assert_eq!((last_line(&ran), ran.code), ("7 passed, 0 failed", Some(0)), "{ran:#?}");
    assert!(ran.stdout.contains("== apt-get install gcc libc6-dev"), "{ran:#?}");
}

#[test]
fn without_root_sudo_is_used_and_its_absence_is_said() {
    let machine = Machine::new(PASSED);
    machine.remove("cc");
    machine.program("apt-get", "exit 1");
    machine.program("id", "echo 1000");
    assert!(
        machine
            .run(&[])
            .failed(2)
            .contains("as root: apt-get install gcc libc6-dev")
    );
    machine.program("sudo", "exit 1");
    assert!(machine.run(&[]).failed(2).contains("apt-get update failed"));
}

#[test]
fn no_cargo_and_a_wrong_option_are_told_apart() {
    let machine = Machine::new(PASSED);
    assert!(machine.run(&["--everything"]).failed(2).contains("tests/run [--full]"));
    machine.remove("cargo");
    assert!(machine.run(&[]).failed(2).contains("cargo is missing"));
}

#[test]
fn continuous_integration_runs_the_same() {
    let ran = Command::new(root().join(".ci/run"), &root())
        .arguments(["--help"])
        .run();
    assert!(ran.succeeded().starts_with("tests/run [--full]"));
}
