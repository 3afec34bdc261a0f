//! What the configuration says of the gate: read once at the start, so that a wrong setting is told then and not at the first record.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use protocol::gate::{self, CasePattern, CasePatterns, Coarse, Draft, Headcount, History, Policy, Screened};
use protocol::record;

use super::{Config, ConfigError};
use crate::vault::intake::Taken;
use crate::vault::{Concept, Vault, VaultError};

/// Records that a new one is compared with; more of them only make a combination less rare.
const SHARED_MAX: usize = 100_000;

impl Config {
    /// The policy of the gate. `path` and `text` are of the configuration it was read from, to say where it is wrong.
    pub(super) fn read_policy(&self, path: &Path, text: &str) -> Result<Policy, ConfigError> {
        let headcount = self.headcount.as_ref().map(Headcount::new).transpose();
        Ok(Policy {
            headcount: headcount.map_err(|source| ConfigError::Headcount {
                path: path.to_path_buf(),
                line: line_of(text, "[headcount]"),
                source,
            })?,
            case_numbers: self.case_numbers(path, text)?,
            ..Policy::default()
        })
    }

    fn case_numbers(&self, path: &Path, text: &str) -> Result<CasePatterns, ConfigError> {
        let written = || self.zaaknummers.iter().map(String::as_str);
        CasePatterns::new(written()).map_err(|source| {
            let wrong = written().find(|pattern| CasePattern::new(pattern).is_err());
            // Written over several lines, each stands on its own.
            let quoted = wrong.and_then(|wrong| line_with(text, &format!("\"{wrong}\"")));
            ConfigError::CaseNumber {
                path: path.to_path_buf(),
                line: quoted.unwrap_or_else(|| line_of(text, "zaaknummers")),
                source,
            }
        })
    }

    /// The policy of the gate.
    pub(super) fn policy(&self) -> Result<Policy, ConfigError> {
        self.read_policy(Path::new(""), "")
    }
}

/// The gate's look at a record, under the policy of this gemeente.
///
/// # Errors
/// What this version finds wrong with what was typed.
pub(super) fn screen(concept: &Concept, policy: &Policy) -> Result<Screened, Vec<record::Finding>> {
    let input = concept.input()?;
    let otherwise = concept.was_frozen_otherwise(&input);
    let draft = Draft::new(input, concept.known.clone());
    Ok(gate::screen(draft.coarser(concept.coarse).refrozen(otherwise), policy))
}

/// What was shared from here before, brought up to date when the first record of an intake asks for it.
pub(super) struct Before<'a> {
    history: &'a Mutex<History>,
    fresh: bool,
}

impl<'a> Before<'a> {
    pub(super) fn new(history: &'a Mutex<History>) -> Self {
        Self { history, fresh: false }
    }

    /// How much less exact a record has to leave, by all that was shared from here before. It is decided once, when the record
    /// is taken in, so that what a person reads is what leaves.
    pub(super) fn coarse(&mut self, taken: &Taken, policy: &Policy, vault: &Vault) -> Result<Coarse, VaultError> {
        let draft = Draft::new(taken.input.clone(), taken.known.clone().unwrap_or_default());
        if !gate::screen(draft, policy).combines() {
            return Ok(Coarse::AsTyped);
        }
        // Every step of keeping leaves it whole.
        let mut history = self.history.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.fresh {
            refresh(&mut history, vault, policy)?;
            self.fresh = true;
        }
        Ok(history.coarse(&taken.input, policy))
    }
}

/// Opens what was shared since the last time, and says how many those are: what is known of the others is kept.
fn refresh(history: &mut History, vault: &Vault, policy: &Policy) -> Result<usize, VaultError> {
    let shared: BTreeMap<&str, u64> = vault.shared(SHARED_MAX).collect();
    history.retain(|id| shared.contains_key(id));
    let mut opened = 0;
    for (id, stamp) in shared {
        if history.has(id, stamp) {
            continue;
        }
        let concept = vault.get(id)?;
        opened += 1;
        // What this version can no longer read says nothing here.
        if let Ok(input) = concept.input() {
            history.keep(id, stamp, &input, concept.coarse, policy);
        }
    }
    Ok(opened)
}

/// The line, from 1, that begins so; the first when none does.
fn line_of(text: &str, begin: &str) -> usize {
    let at = text.lines().position(|line| line.trim_start().starts_with(begin));
    at.map_or(1, |at| at + 1)
}

/// The line, from 1, in which this stands.
fn line_with(text: &str, what: &str) -> Option<usize> {
    let at = text.lines().position(|line| line.contains(what));
    at.map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use protocol::gate::Known;
    use protocol::id::DocumentId;

    use super::*;
    use crate::runtime::Home;
    use crate::scratch::Scratch;
    use crate::secret::Secret;
    use crate::vault::intake::{self, Format};
    use crate::vault::{Decision, Screening, Shared};

    const REST: &str =
        "gemeente = \"GM9901\"\nname = \"Zuiderwaard\"\nlisten = []\napi = \"127.0.0.1:0\"\nrelease = \"weekly\"\n";

    fn read(more: &str) -> Result<Config, ConfigError> {
        let dir = Scratch::new("policy");
        let home = Home::new(dir.path().to_path_buf());
        std::fs::write(home.config(), format!("{REST}{more}")).unwrap();
        Config::read(&home)
    }

    fn taken(json: &str) -> Taken {
        let with = record::Intake {
            gemeente: "GM9901".parse().unwrap(),
            week: "2025-W10".parse().unwrap(),
            kind: None,
        };
        let mut taken = intake::read(json.as_bytes(), Format::Json, &with).unwrap();
        taken.remove(0).unwrap()
    }

    #[test]
    fn a_headcount_withholds_a_small_laag() {
        let rest = "backoffice = 9\nfinancien_inkoop = 8\nbeleid = 7\nmanagement = 6\nbestuur = 5\npartner = 0\nadviesraad = 5\n";
        let config = read(&format!("four_eyes = true\n[headcount]\nuitvoering = 4\n{rest}")).unwrap();
        assert!(config.four_eyes);
        let policy = config.policy().unwrap();
        let headcount = policy.headcount.unwrap();
        assert!(headcount.withholds("uitvoering") && !headcount.withholds("backoffice"));
        assert!(read("").unwrap().policy().unwrap().headcount.is_none());
    }

    #[test]
    fn what_is_known_of_the_case_is_masked_whenever_it_is_screened() {
        let json = r#"{"id":"s-1","bekenden":["Sanne Zomer"],"soort":"signaal","aard":"knelpunt","thema":["wonen"],"laag":"beleid",
            "tekst":"Het loket zag S. Zomer en daarna zomre."}"#;
        let dir = Scratch::new("known");
        let key = Secret::new([6; 32]);
        let mut vault = Vault::open(dir.path(), &key).unwrap();
        vault.add(&taken(json)).unwrap();
        drop(vault);
        let concept = Vault::open(dir.path(), &key).unwrap().get("s-1").unwrap();
        let left = screen(&concept, &Policy::default()).unwrap().preview("s-1");
        let left = left.to_json("2025-W11".parse().unwrap(), &record::Around::default());
        assert_eq!(left["tekst"], "Het loket zag [naam 1] en daarna [naam 2].");
        assert!(!left.to_string().contains("omer"), "{left}");
    }

    #[test]
    fn what_was_shared_is_opened_once() {
        let dir = Scratch::new("history");
        let mut vault = Vault::open(dir.path(), &Secret::new([6; 32])).unwrap();
        let (policy, mut history) = (Policy::default(), History::default());
        let share = |vault: &mut Vault, id: &str, tekst: &str| {
            let json = format!(
                r#"{{"id":"{id}","soort":"signaal","aard":"knelpunt","thema":["wonen"],"laag":"beleid","tekst":"{tekst}"}}"#
            );
            vault.add(&taken(&json)).unwrap();
            let (verdict, findings) = (protocol::api::Verdict::Review, Vec::new());
            vault.screened(id, Screening { verdict, findings }).unwrap();
            let by = Decision {
                by: "s.smit".to_owned(),
                week: "2025-W10".parse().unwrap(),
                content: None,
            };
            vault.approve(id, by).unwrap();
            let document = DocumentId([7; 32]);
            let shared = Shared {
                document,
                record: document.into(),
            };
            vault.mark_shared(id, shared, None, Vec::new()).unwrap();
        };
        for id in ["a", "b", "c", "d"] {
            share(&mut vault, id, "Het loket wacht.");
        }
        assert_eq!(refresh(&mut history, &vault, &policy).unwrap(), 4);
        assert_eq!(refresh(&mut history, &vault, &policy).unwrap(), 0);
        let fifth = taken(r#"{"soort":"signaal","aard":"knelpunt","thema":["wonen"],"laag":"beleid","tekst":"x"}"#);
        assert_eq!(history.coarse(&fifth.input, &policy), Coarse::AsTyped);
        share(&mut vault, "b", "Het loket wacht nog.");
        assert_eq!(refresh(&mut history, &vault, &policy).unwrap(), 1);
        // Taken back, it makes no other less rare.
        vault.withdrawn(&[DocumentId([7; 32])]).unwrap();
        assert_eq!(refresh(&mut history, &vault, &policy).unwrap(), 0);
        assert_eq!(history.coarse(&fifth.input, &policy), Coarse::Laag);
    }

    #[test]
    fn the_case_numbers_of_a_gemeente_are_looked_for() {
        let masked = |more: &str| {
            let policy = read(more).unwrap().policy().unwrap();
            gate::screen_text("zie K123 van het loket", &Known::default(), &policy).masked
        };
        assert_eq!(masked("zaaknummers = [\"K###\"]\n"), "zie [zaaknummer] van het loket");
        assert_eq!(masked(""), "zie K123 van het loket");
    }

    #[test]
    fn a_case_number_that_finds_anything_is_told_with_its_line() {
        for (written, expected) in [
            ("four_eyes = true\nzaaknummers = [\n  \"K###\",\n  \"@@@@\",\n]\n", 9),
            ("zaaknummers = ['@@@@']\n", 6),
            ("zaaknummers = [\"####\", \"####\", \"####\", \"####\", \"####\"]\n", 6),
        ] {
            let wrong = read(written);
            assert!(
                matches!(wrong, Err(ConfigError::CaseNumber { line, .. }) if line == expected),
                "{wrong:?}"
            );
        }
    }

    #[test]
    fn a_headcount_that_leaves_a_laag_out_is_told_with_its_line() {
        let wrong = read("[headcount]\nuitvoering = 4\n");
        assert!(
            matches!(wrong, Err(ConfigError::Headcount { line: 6, .. })),
            "{wrong:?}"
        );
    }
}
