//! What a root key signs: an edition with its vote, a vote, a suspension, a departure.
//!
//! Each is tried on the statements at hand before it leaves: what the set would not keep is not handed out.

use ed25519_dalek::SigningKey;
use protocol::api::{HandvestLogs, HandvestStand, Vindplaats, Wijziging};
use protocol::charter::{
    Body, Course, Departure, Edition, Ended, Ending, Proposal, Role, Roster, Set, Statement, Suspension, Vote,
    WITHDRAWALS_MAX, Withdrawal, next_root, suspenders,
};
use protocol::id::{EditionHash, Gemeente, RootKey};

use super::super::armor::{self, ArmorError};
use super::changes::changes;
use super::edition::{self, Asked};
use super::told;
use super::vote::{Voter, begins, picked};
use super::{SignError, stand_of};
use crate::secret::random_bytes;

/// What was signed, to be handed to a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// The new statements, as a charter file.
    pub charter: String,
    /// Who signed.
    pub by: Gemeente,
    /// Whether the root key is one that the next one took the place of: whoever stole it can sign the same.
    pub replaced: bool,
    /// The edition that was voted for, with what it changes and in which ballot.
    pub voted: Option<Voted>,
    /// The charter with what was signed.
    pub stand: HandvestStand,
}

/// What was voted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voted {
    /// The edition.
    pub edition: EditionHash,
    /// Its number.
    pub number: u64,
    /// The ballot.
    pub ballot: u32,
    /// What it changes.
    pub changes: Vec<Wijziging>,
}

/// The statements in a charter file, and what follows from them.
struct Held {
    set: Set,
    roster: Roster,
}

impl Held {
    fn read(charter: &str) -> Result<Self, SignError> {
        let statements = match armor::read_charter(charter) {
            // A node that belongs nowhere yet holds no statement.
            Err(ArmorError::Empty) => return Err(SignError::NotFounded),
            read => read?,
        };
        let founding = statements.iter().find_map(Statement::founding);
        let mut set = Set::new(founding.ok_or(SignError::NotFounded)?.federation());
        set.extend(statements);
        let roster = Roster::of(&set);
        match roster.is_active() {
            true => Ok(Self { set, roster }),
            false => Err(SignError::NotFounded),
        }
    }

    fn voter(&self, key: &SigningKey) -> Result<Voter<'_>, SignError> {
        let voter = Voter::of(&self.set, self.roster.course(), key)?;
        self.refuse_next(voter.gemeente, key)?;
        Ok(voter)
    }

    /// The key that is to follow the root key speaks for the member too, as the charter has it. A person who signs with it before
    /// it took that place has the wrong stick: the one that is to stay where it is safe.
    fn refuse_next(&self, gemeente: Gemeente, key: &SigningKey) -> Result<(), SignError> {
        let key = RootKey(key.verifying_key().to_bytes());
        let member = self.roster.member(gemeente);
        match member.is_some_and(|member| member.root != key && member.next_root == next_root(key)) {
            true => Err(SignError::NextRoot { gemeente }),
            false => Ok(()),
        }
    }

    /// Hands out what was signed, if the set keeps it.
    fn hand_out(mut self, new: Vec<Statement>, by: Gemeente, voted: Option<Voted>) -> Result<Signed, SignError> {
        let author = new.first().map(Statement::author);
        let root = self.roster.member(by).map(|member| member.root.0);
        let replaced = root.is_some() && author != root;
        let readable = new.iter().all(|statement| Statement::read(statement.bytes()).is_ok());
        let charter = armor::write_charter(&new);
        let (_, refused) = self.set.extend(new);
        if !readable || !refused.is_empty() {
            return Err(SignError::NotKept);
        }
        let stand = stand_of(&self.set, &Roster::of(&self.set));
        Ok(Signed {
            charter,
            by,
            replaced,
            voted,
            stand,
        })
    }

    fn voted(&self, previous: &Edition, next: &Edition, ballot: u32) -> Voted {
        Voted {
            edition: EditionHash(next.hash()),
            number: next.number,
            ballot,
            changes: changes(&self.roster, previous, next),
        }
    }

    /// That the edition of which the hash begins like this is decided, when no proposal begins so: the last vote decides, and
    /// somebody else may have given it while this one was looking.
    fn decided(&self, begin: &str) -> Option<SignError> {
        let course = self.roster.course()?;
        let open = |proposal: &Proposal| proposal.known && begins(&proposal.edition, begin);
        if begin.is_empty() || course.proposals.iter().any(open) {
            return None;
        }
        let hashes = self.set.iter().filter_map(Statement::edition_hash);
        let mut decided = hashes.filter(|hash| begins(hash, begin));
        decided.find_map(|hash| {
            Some(SignError::Decided {
                number: self.roster.decided(&hash)?,
                current: course.number,
            })
        })
    }

    /// Whether a key is a root key of a voting member of an edition that was decided for and lists this gemeente.
    fn has_say(&self, author: &[u8; 32], owner: Gemeente) -> bool {
        let editions = self.set.iter().filter_map(|statement| match statement.body() {
            Body::Edition(edition) => Some(edition),
            _ => None,
        });
        let mut lists = editions.filter(|edition| edition.member(owner).is_some());
        lists.any(|edition| {
            let member = edition.member_of(author);
            member.is_some_and(|member| member.role == Role::Voting) && self.roster.decided(&edition.hash()).is_some()
        })
    }

    /// The proposal that is open and changes just what this one does: a number drawn for each is all that differs.
    fn twin(&self, course: &Course, next: &Edition) -> Option<EditionHash> {
        if !matches!(course.vote, Vote::Quiet | Vote::Open) {
            return None;
        }
        let mut all = course.proposals.iter().map(|proposal| proposal.edition);
        let twin = all.find(|hash| {
            let other = told::edition(&self.set, *hash).cloned();
            let same = |other: Edition| {
                Edition {
                    nonce: next.nonce,
                    ..other
                } == *next
            };
            other.is_some_and(same)
        });
        twin.map(EditionHash)
    }

    /// Where every node of a gemeente that speaks, or is on hold, stands.
    fn endings(&self, gemeente: Gemeente, logs: &HandvestLogs) -> Result<Vec<Ending>, SignError> {
        let nodes = self.roster.nodes().filter(|(_, of)| *of == gemeente);
        let mut endings = Vec::new();
        for (node, _) in nodes {
            let known = logs.nodes.iter().find(|known| known.node == node).map(edition::ending);
            endings.extend(match self.roster.ended(node) {
                None => Some(known.ok_or(SignError::HeightsMissing { gemeente })?),
                Some(Ended::OnHold) => self.roster.ending(node),
                Some(_) => None,
            });
        }
        Ok(endings)
    }
}

/// What the next edition would change, without signing anything.
///
/// # Errors
/// [`SignError`].
pub fn draft(charter: &str, logs: &[HandvestLogs], asked: &Asked) -> Result<Vec<Wijziging>, SignError> {
    let held = Held::read(charter)?;
    let course = held.roster.course().ok_or(SignError::NotFounded)?;
    let previous = told::edition(&held.set, course.edition).ok_or(SignError::NotFounded)?;
    let next = edition::successor((&held.set, &held.roster), previous, logs, asked, [0; 16])?;
    Ok(changes(&held.roster, previous, &next))
}

/// The next edition with what is asked for, signed, and the vote for it.
///
/// # Errors
/// [`SignError`]: also when it could not be decided, or would be a second vote in a ballot.
pub fn propose_edition(
    charter: &str,
    logs: &[HandvestLogs],
    asked: &Asked,
    key: &SigningKey,
) -> Result<Signed, SignError> {
    let held = Held::read(charter)?;
    let voter = held.voter(key)?;
    let previous = voter.previous;
    if asked.against && voter.course.proposals.is_empty() {
        return Err(SignError::NothingOpen);
    }
    let next = edition::successor((&held.set, &held.roster), previous, logs, asked, random_bytes()?)?;
    if let Some(twin) = held.twin(voter.course, &next) {
        return Err(SignError::Proposed { edition: twin });
    }
    let ballot = voter.ballot(next.hash(), asked.against)?;
    let (by, voted) = (voter.gemeente, held.voted(previous, &next, ballot));
    let vote = voter.sign(&held.set, next.hash(), ballot, key);
    let proposal = Statement::sign(held.set.federation(), Body::Edition(next), key);
    held.hand_out(vec![proposal, vote], by, Some(voted))
}

/// A vote for a proposal that is open: the one whose hash begins like this, or the only one.
///
/// # Errors
/// [`SignError`]: also when it could not be decided, or would be a second vote in a ballot.
pub fn endorse_edition(charter: &str, begin: Option<&str>, key: &SigningKey) -> Result<Signed, SignError> {
    let held = Held::read(charter)?;
    // Before it is asked who votes: who went with the edition that was decided has no vote any more.
    if let Some(decided) = begin.and_then(|begin| held.decided(begin)) {
        return Err(decided);
    }
    let voter = held.voter(key)?;
    let hash = picked(&voter, begin)?;
    let next = told::edition(&held.set, hash).ok_or(SignError::NothingOpen)?;
    // Where several are open a person names one: that is meant.
    let ballot = voter.ballot(hash, begin.is_some())?;
    let (by, voted) = (voter.gemeente, held.voted(voter.previous, next, ballot));
    let vote = voter.sign(&held.set, hash, ballot, key);
    held.hand_out(vec![vote], by, Some(voted))
}

/// Asks to put a member on hold, for as long as the edition in force is.
///
/// # Errors
/// [`SignError`].
pub fn suspend(charter: &str, gemeente: Gemeente, logs: &HandvestLogs, key: &SigningKey) -> Result<Signed, SignError> {
    let held = Held::read(charter)?;
    let voter = held.voter(key)?;
    let (by, subject) = (voter.gemeente, voter.previous.member(gemeente));
    let subject = subject.ok_or(SignError::NoMember { gemeente })?;
    let others = voter.course.voters - usize::from(subject.role == Role::Voting);
    let needed = suspenders(voter.course.voters);
    let mut holds = held.roster.suspensions().iter();
    match () {
        () if by == gemeente => return Err(SignError::Itself),
        () if others < needed => return Err(SignError::TooFew { needed }),
        () if holds.any(|hold| hold.gemeente == gemeente && hold.by.contains(&by)) => {
            return Err(SignError::AskedAlready);
        }
        () => {}
    }
    let suspension = Suspension {
        gemeente,
        edition: voter.course.edition,
        endings: held.endings(gemeente, logs)?,
    };
    let statement = Statement::sign(held.set.federation(), Body::Suspend(suspension), key);
    held.hand_out(vec![statement], by, None)
}

/// Asks to take a document back, whoever it is of: it is, once more than two thirds of the voting members of one edition asked.
///
/// # Errors
/// [`SignError`]: also when it would count nowhere.
pub fn withdraw(charter: &str, place: &Vindplaats, key: &SigningKey) -> Result<Signed, SignError> {
    let held = Held::read(charter)?;
    let by = speaks_for(charter, key)?;
    held.refuse_next(by, key)?;
    let withdrawal = Withdrawal {
        number: place.nummer,
        log: place.log,
        seq: place.positie,
        kind: place.soort,
        owner: place.eigenaar,
    };
    let (document, owner) = (withdrawal.document(), withdrawal.owner);
    let erasures = held.roster.erasures();
    let asked = erasures.asked().find(|(asked, _)| *asked == document);
    if erasures.withdrawn(document).is_some() {
        return Err(SignError::Withdrawn { document });
    }
    if asked.is_some_and(|(_, asked)| asked.by.contains(&by)) {
        return Err(SignError::AskedAlready);
    }
    let author = key.verifying_key().to_bytes();
    if !held.has_say(&author, owner) {
        return Err(SignError::NoSay { gemeente: by, owner });
    }
    let own = held.set.iter().filter(|held| held.author() == author);
    let own = own.filter(|held| matches!(held.body(), Body::Withdraw(_)));
    if own.count() >= WITHDRAWALS_MAX {
        return Err(SignError::TooManyWithdrawals);
    }
    let statement = Statement::sign(held.set.federation(), Body::Withdraw(withdrawal), key);
    held.hand_out(vec![statement], by, None)
}

/// The gemeente that this root key speaks for now, or spoke for.
///
/// # Errors
/// [`SignError::NotRoot`] when no edition lists it.
pub fn speaks_for(charter: &str, key: &SigningKey) -> Result<Gemeente, SignError> {
    let held = Held::read(charter)?;
    let author = key.verifying_key().to_bytes();
    let editions = held.set.iter().filter_map(|statement| match statement.body() {
        Body::Edition(edition) => Some(edition),
        _ => None,
    });
    let mut listed = editions.filter_map(|edition| edition.member_of(&author));
    listed.next().map(|member| member.gemeente).ok_or(SignError::NotRoot)
}

/// The departure of the member that this root key speaks for. Unless it goes `now`, it first has to be voted out by
/// itself and the others: its vote goes on counting among theirs.
///
/// # Errors
/// [`SignError`].
pub fn leave(charter: &str, logs: &HandvestLogs, now: bool, key: &SigningKey) -> Result<Signed, SignError> {
    let gemeente = speaks_for(charter, key)?;
    let held = Held::read(charter)?;
    let member = held.roster.member(gemeente).ok_or(SignError::Gone { gemeente })?;
    held.refuse_next(gemeente, key)?;
    if member.root != RootKey(key.verifying_key().to_bytes()) {
        return Err(SignError::NotRoot);
    }
    if held.roster.left().any(|left| left == gemeente) {
        return Err(SignError::LeftAlready { gemeente });
    }
    let course = held.roster.course().ok_or(SignError::NotFounded)?;
    if !now && member.role == Role::Voting {
        let without = |hash| told::edition(&held.set, hash).is_some_and(|next| next.member(gemeente).is_none());
        let mut own = course
            .proposals
            .iter()
            .filter(|proposal| proposal.endorsed.contains(&gemeente));
        return Err(SignError::Undecided {
            gemeente,
            voted: own.any(|proposal| without(proposal.edition)),
            last: course.voters == 1,
        });
    }
    let departure = Departure {
        gemeente,
        endings: held.endings(gemeente, logs)?,
    };
    let statement = Statement::sign(held.set.federation(), Body::Leave(departure), key);
    held.hand_out(vec![statement], gemeente, None)
}
