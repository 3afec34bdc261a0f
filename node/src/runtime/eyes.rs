//! Who may approve what: a person who read exactly this and, where the configuration asks for four eyes, another person
//! than the one who shared it.
//!
//! **Invariant:** where nobody can say who shared a concept, nobody approves it under four eyes; and nobody approves without saying
//! who they are.

use protocol::api::{ACCOUNT_NOBODY, Lang};
use protocol::gate::{Account, Approval, ApproveError, Policy};
use protocol::id::Content;

use super::policy::screen;
use crate::driver::week_now;
use crate::vault::{Concept, Decision};

/// Whoever looks, and what the gemeente asks of them.
pub(super) struct Eyes<'a> {
    pub(super) by: &'a Account,
    pub(super) policy: &'a Policy,
    /// Whether another person than the one who shared it has to approve.
    pub(super) four: bool,
}

/// Why somebody may not approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The gate does not take it.
    Gate(ApproveError),
    /// It is their own.
    Own,
    /// Nobody knows whose it is.
    Nobodys,
    /// Nobody knows who approves.
    Nameless,
}

/// The account, when it is somebody's: all who do not say who they are share one.
pub(super) fn somebody(account: &str) -> Option<&str> {
    Some(account).filter(|account| *account != ACCOUNT_NOBODY)
}

impl Eyes<'_> {
    /// A person's decision about exactly what was shown, which must be what would leave now.
    pub(super) fn decide(&self, concept: &Concept, shown: Content) -> Result<Decision, Refusal> {
        let screened = screen(concept, self.policy).map_err(|_| Refusal::Gate(ApproveError::Blocked))?;
        if screened.content() != shown {
            return Err(Refusal::Gate(ApproveError::Changed));
        }
        let approval = Approval::kept(self.by.clone(), shown);
        screened.approve(approval).map_err(Refusal::Gate)?;
        match concept.typed_by.as_deref().and_then(somebody) {
            _ if self.four && somebody(self.by.as_str()).is_none() => return Err(Refusal::Nameless),
            None if self.four => return Err(Refusal::Nobodys),
            Some(typed) if self.four && typed == self.by.as_str() => return Err(Refusal::Own),
            _ => {}
        }
        Ok(Decision {
            by: self.by.as_str().to_owned(),
            week: week_now(),
            content: Some(shown.0),
        })
    }
}

impl Refusal {
    /// Why, and what to do about it.
    pub(super) fn message(self, lang: Lang) -> &'static str {
        match self {
            Self::Gate(ApproveError::Blocked) => lang.pick(
                "de poort houdt dit tegen: verander de tekst en deel het opnieuw",
                "the gate holds this back: change the text and share it again",
            ),
            Self::Gate(ApproveError::MustBeRead) => lang.pick("niemand heeft dit gelezen", "nobody has read this"),
            Self::Gate(ApproveError::Changed) => lang.pick(
                "dit is veranderd sinds het bekeken is",
                "this changed since it was reviewed",
            ),
            Self::Own => lang.pick(
                "u hebt dit zelf gedeeld, en deze gemeente vraagt vier ogen: laat een collega het bekijken en goedkeuren",
                "you shared this yourself, and this gemeente asks for four eyes: have a colleague review and approve it",
            ),
            Self::Nameless => lang.pick(
                "deze gemeente vraagt vier ogen, en de vraag zegt niet wie goedkeurt: stuur de header Leerkring-Account mee",
                "this gemeente asks for four eyes, and the request does not say who approves: send the header Leerkring-Account",
            ),
            Self::Nobodys => lang.pick(
                "niet bekend is wie dit deelde, en deze gemeente vraagt vier ogen: deel het opnieuw",
                "nobody knows who shared this, and this gemeente asks for four eyes: share it again",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;
    use crate::secret::Secret;
    use crate::vault::Vault;
    use crate::vault::intake::{self, Format, Taken};

    /// A concept that these handed in, one after the other, each just so.
    fn handed_in(by: &[Option<&str>]) -> Concept {
        let json = r#"{"id":"s-1","soort":"signaal","aard":"knelpunt","thema":["wonen"],"laag":"beleid","tekst":"Het loket wacht."}"#;
        let with = protocol::record::Intake {
            gemeente: "GM9901".parse().unwrap(),
            week: "2025-W10".parse().unwrap(),
            kind: None,
        };
        let taken = intake::read(json.as_bytes(), Format::Json, &with)
            .unwrap()
            .remove(0)
            .unwrap();
        let dir = Scratch::new("eyes");
        let mut vault = Vault::open(dir.path(), &Secret::new([6; 32])).unwrap();
        for by in by {
            let by = by.map(str::to_owned);
            vault.add(&Taken { by, ..taken.clone() }).unwrap();
        }
        vault.get("s-1").unwrap()
    }

    fn decide(concept: &Concept, by: &str, four: bool) -> Result<Decision, Refusal> {
        let (by, policy) = (Account::new(by).unwrap(), Policy::default());
        let content = screen(concept, &policy).unwrap().content();
        let eyes = Eyes {
            by: &by,
            policy: &policy,
            four,
        };
        eyes.decide(concept, content)
    }

    #[test]
    fn nobody_approves_their_own_under_four_eyes() {
        // Handing the same in again makes nobody else its author.
        let concept = handed_in(&[Some("j.de.vries"), Some("s.smit")]);
        assert_eq!(decide(&concept, "j.de.vries", true), Err(Refusal::Own));
        assert_eq!(decide(&concept, "s.smit", true).unwrap().by, "s.smit");
        assert_eq!(decide(&concept, "j.de.vries", false).unwrap().by, "j.de.vries");
    }

    #[test]
    fn who_does_not_say_who_they_are_is_nobody_under_four_eyes() {
        let concept = handed_in(&[Some("j.de.vries")]);
        assert_eq!(decide(&concept, ACCOUNT_NOBODY, true), Err(Refusal::Nameless));
        assert!(decide(&concept, ACCOUNT_NOBODY, false).is_ok());
        // What came in so may be of whoever approves.
        let concept = handed_in(&[Some(ACCOUNT_NOBODY)]);
        assert_eq!(decide(&concept, "s.smit", true), Err(Refusal::Nobodys));
    }

    #[test]
    fn what_nobody_shared_is_approved_by_nobody_under_four_eyes() {
        let concept = handed_in(&[None]);
        assert_eq!(decide(&concept, "s.smit", true), Err(Refusal::Nobodys));
        assert!(decide(&concept, "s.smit", false).is_ok());
        let concept = handed_in(&[None, Some("j.de.vries"), Some("s.smit")]);
        assert_eq!(decide(&concept, "j.de.vries", true), Err(Refusal::Own));
        assert_eq!(decide(&concept, "s.smit", true).unwrap().by, "s.smit");
    }
}
