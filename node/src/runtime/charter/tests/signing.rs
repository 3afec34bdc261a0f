//! What a root key signs: what must go with an edition, and what is refused before it is said.

mod ballots;

use protocol::api::{HandvestLogs, StemmingStand, WijzigingSoort};
use protocol::charter::{Body, Day, Ended, Ending, Merge, NodeProof, Roster, Rotation, Set, Statement};
use protocol::id::{Gemeente, NodeKey, RootKey};

use super::super::super::founding::signing_key;
use super::super::super::world::{Founded, account, core, gemeente, home, import, root, write};
use super::super::super::{Home, RunError, armor, card, export, invite, join, log_heights};
use super::super::*;
use crate::driver::CoreError;
use crate::scratch::Scratch;

/// Members on paper: their keys, and the charter as it grows.
struct Room {
    founded: Founded,
    strange: Scratch,
    said: Vec<Statement>,
}

impl Room {
    fn new(name: &str, count: u16) -> Self {
        let founded = Founded::new(name, count);
        let said = armor::read_charter(&founded.charter).unwrap();
        Self {
            founded,
            strange: Scratch::new(&format!("{name}-strange")),
            said,
        }
    }

    fn home(&self, at: usize) -> &Home {
        &self.founded.homes[at]
    }

    fn text(&self) -> String {
        armor::write_charter(&self.said)
    }

    fn roster(&self) -> Roster {
        let federation = self.said.iter().find_map(Statement::founding).unwrap().federation();
        let mut set = Set::new(federation);
        set.extend(self.said.clone());
        Roster::of(&set)
    }

    fn node(&self, at: usize) -> NodeKey {
        NodeKey(signing_key(self.home(at), "node").unwrap().verifying_key().to_bytes())
    }

    fn logs(&self, of: usize) -> HandvestLogs {
        log_heights(self.home(of), gemeente(of as u16)).unwrap()
    }

    /// What a member says with its root key.
    fn say(&mut self, at: usize, key: &str, body: Body) {
        let key = signing_key(self.home(at), key).unwrap();
        let federation = self.roster().federation();
        self.said.push(Statement::sign(federation, body, &key));
    }

    /// A proposal of a member, which everybody hears of.
    fn propose(&mut self, at: usize, asked: &Asked) -> Result<Signed, SignError> {
        let touched = asked.touches()?;
        let logs: Vec<HandvestLogs> = (0..self.founded.homes.len())
            .filter(|of| touched.contains(&gemeente(*of as u16)))
            .map(|of| self.logs(of))
            .collect();
        let key = root().root(self.home(at)).unwrap();
        let signed = propose_edition(&self.text(), &logs, asked, &key)?;
        Ok(self.hear(signed))
    }

    fn endorse(&mut self, at: usize, begin: Option<&str>) -> Result<Signed, SignError> {
        let signed = endorse_edition(&self.text(), begin, &root().root(self.home(at)).unwrap())?;
        Ok(self.hear(signed))
    }

    fn suspend(&mut self, at: usize, of: usize) -> Result<Signed, SignError> {
        let key = root().root(self.home(at)).unwrap();
        let signed = suspend(&self.text(), gemeente(of as u16), &self.logs(of), &key)?;
        Ok(self.hear(signed))
    }

    fn leave(&mut self, at: usize, now: bool) -> Result<Signed, SignError> {
        let signed = leave(&self.text(), &self.logs(at), now, &root().root(self.home(at)).unwrap())?;
        Ok(self.hear(signed))
    }

    fn hear(&mut self, signed: Signed) -> Signed {
        self.said.extend(armor::read_charter(&signed.charter).unwrap());
        signed
    }

    /// The card of a gemeente that is no member, with a node of its own.
    fn stranger(&self, at: u16) -> (Home, String) {
        let home = home(self.strange.path().join(at.to_string()), at);
        let text = card(&home, &root()).unwrap();
        (home, text)
    }
}

fn removing(of: usize) -> Asked {
    Asked {
        remove: vec![gemeente(of as u16)],
        ..Asked::default()
    }
}

fn adding(card: String) -> Asked {
    Asked {
        add: vec![card],
        ..Asked::default()
    }
}

#[test]
fn who_joins_is_decided_by_vote_and_may_take_the_charter_in() {
    let mut room = Room::new("sign-add", 3);
    let (newcomer, text) = room.stranger(7);
    let proposed = room.propose(0, &adding(text)).unwrap();
    let voted = proposed.voted.unwrap();
    assert_eq!((voted.number, voted.ballot), (1, 0));
    assert_eq!(voted.changes[0].soort, WijzigingSoort::Komt);
    assert_eq!(proposed.stand.stemming.unwrap().voorstellen[0].nodig, 2);
    assert!(matches!(room.endorse(0, None), Err(SignError::Voted)));
    assert!(matches!(
        room.endorse(1, Some("zz")),
        Err(SignError::NoSuchEdition { .. })
    ));
    room.endorse(1, None).unwrap();
    let decided = room.endorse(2, Some(&voted.edition.to_string()[..8])).unwrap();
    assert_eq!(decided.stand.hash, Some(voted.edition));
    assert_eq!(decided.stand.leden.len(), 4);
    let late = room.endorse(2, Some(&voted.edition.to_string()[..8]));
    assert!(
        matches!(late, Err(SignError::Decided { number: 1, current: 1 })),
        "{late:?}"
    );
    // Anybody can vote a stranger in: whoever joins says so too, by an invitation.
    let unasked = import(&newcomer, &room.text());
    assert!(
        matches!(unasked, Err(RunError::Core(CoreError::Unsigned))),
        "{unasked:?}"
    );
    join(&newcomer, &invite(&room.founded.homes[0]).unwrap().0, &account()).unwrap();
    assert!(import(&newcomer, &room.text()).unwrap().federation.is_some());
    assert!(matches!(room.endorse(1, None), Err(SignError::NothingOpen)));
}

#[test]
fn what_was_decided_is_told_also_when_another_edition_followed_and_to_who_went_with_it() {
    let mut room = Room::new("sign-decided", 3);
    let first = room.propose(0, &removing(2)).unwrap().voted.unwrap().edition;
    room.endorse(1, None).unwrap();
    room.endorse(2, None).unwrap();
    let begin = &first.to_string()[..8];
    let gone = room.endorse(2, Some(begin));
    assert!(
        matches!(gone, Err(SignError::Decided { number: 1, current: 1 })),
        "{gone:?}"
    );
    room.propose(0, &removing(1)).unwrap();
    room.endorse(1, None).unwrap();
    let late = room.endorse(0, Some(begin));
    assert!(
        matches!(late, Err(SignError::Decided { number: 1, current: 2 })),
        "{late:?}"
    );
}

fn stand_of_room(room: &Room) -> StemmingStand {
    let mut set = Set::new(room.roster().federation());
    set.extend(room.said.clone());
    stand_of(&set, &room.roster()).stemming.unwrap().stand
}

#[test]
fn who_goes_ends_where_its_logs_are_held() {
    let mut room = Room::new("sign-remove", 3);
    let (mut running, _batches) = core(room.home(1));
    write(&mut running, 1, 2);
    drop(running);
    assert!(matches!(
        room.propose(0, &Asked::default()),
        Err(SignError::NothingAsked)
    ));
    let stranger = gemeente(9);
    let unknown = Asked {
        remove: vec![stranger],
        ..Asked::default()
    };
    assert!(matches!(room.propose(0, &unknown), Err(SignError::NoMember { gemeente }) if gemeente == stranger));
    room.propose(0, &removing(1)).unwrap();
    let changed = room.endorse(1, None).unwrap().voted.unwrap().changes;
    assert_eq!(
        changed.iter().map(|change| change.soort).collect::<Vec<_>>(),
        [WijzigingSoort::Gaat]
    );
    room.endorse(2, None).unwrap();
    let (roster, node, log) = (room.roster(), room.node(1), room.logs(1).nodes[0].logs[0]);
    assert_eq!((roster.ended(node), log.positie), (Some(Ended::ByEdition), 3));
    assert_eq!(roster.cut(node, log.log), Some(3));
    assert!(matches!(room.leave(1, true), Err(SignError::Gone { .. })));
    // Its old node would stay dumb.
    let (old, back) = (room.node(1), card(room.home(1), &root()).unwrap());
    let refused = room.propose(0, &adding(back));
    assert!(
        matches!(refused, Err(SignError::EndedNode { node, .. }) if node == old),
        "{refused:?}"
    );
}

#[test]
fn what_a_member_ended_and_a_root_key_that_took_its_place_go_on_in_the_next_edition() {
    let mut room = Room::new("sign-renew", 2);
    let (node, federation) = (room.node(0), room.roster().federation());
    let further = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let key = |name: &str| RootKey(signing_key(room.home(0), name).unwrap().verifying_key().to_bytes());
    let (old, next) = (key("root"), key("next-root"));
    let proof = NodeProof::sign(federation, old, gemeente(0), &further);
    let further = proof.node;
    room.say(0, "root", Body::NodeKey(proof));
    let ending = Ending { node, cuts: Vec::new() };
    room.say(0, "root", Body::NodeKeyEnd(ending.clone()));
    let rotation = Rotation {
        gemeente: gemeente(0),
        old,
        nodes: vec![further],
        endings: vec![ending],
    };
    room.say(0, "next-root", Body::Rotate(rotation));
    assert_eq!(room.roster().ended(node), Some(Ended::ByMember));
    // The new card: the root key that took its place, another next one, and a node of its own.
    let home = room.home(0).clone();
    std::fs::copy(home.key("next-root"), home.key("root")).unwrap();
    for name in ["next-root", "node"] {
        std::fs::remove_file(home.key(name)).unwrap();
        crate::secret::Secret::load_or_create(&home.key(name)).unwrap();
    }
    // As in a folder of its own.
    std::fs::remove_file(home.node_public()).unwrap();
    let asked = Asked {
        renew: vec![card(&home, &root()).unwrap()],
        ..Asked::default()
    };
    room.propose(1, &asked).unwrap();
    let changed = room.endorse(0, None).unwrap().voted.unwrap().changes;
    for soort in [
        WijzigingSoort::Wortelsleutel,
        WijzigingSoort::VolgendeSleutel,
        WijzigingSoort::NodesErbij,
    ] {
        assert!(changed.iter().any(|change| change.soort == soort), "{changed:?}");
    }
    let roster = room.roster();
    assert_eq!(roster.member(gemeente(0)).unwrap().root, next);
    assert_eq!(roster.ended(node), Some(Ended::ByEdition), "for good now");
    assert!(roster.may_connect(further) && roster.may_connect(room.node(0)));
}

#[test]
fn who_reads_along_from_now_on_needs_new_nodes_and_keeps_what_it_shared() {
    let mut room = Room::new("sign-reading", 2);
    let (mut running, _batches) = core(room.home(1));
    write(&mut running, 1, 1);
    drop(running);
    let asked = Asked {
        reading: vec![gemeente(1)],
        ..Asked::default()
    };
    room.propose(0, &asked).unwrap();
    room.endorse(1, None).unwrap();
    let (roster, node, log) = (room.roster(), room.node(1), room.logs(1).nodes[0].logs[0].log);
    assert_eq!(
        (roster.ended(node), roster.cut(node, log)),
        (Some(Ended::ByEdition), Some(2))
    );
    assert!(matches!(room.endorse(1, None), Err(SignError::Reads { .. })));
}

#[test]
fn a_member_is_put_on_hold_by_others_and_stays_so_when_that_is_carried() {
    let mut room = Room::new("sign-suspend", 3);
    assert!(matches!(room.suspend(0, 0), Err(SignError::Itself)));
    let held = |room: &Room| room.roster().ended(room.node(2)) == Some(Ended::OnHold);
    let asked = room.suspend(0, 2).unwrap();
    assert_eq!((asked.stand.schorsingen[0].nodig, held(&room)), (1, false));
    assert!(matches!(room.suspend(0, 2), Err(SignError::AskedAlready)));
    let carry = Asked {
        carry: vec![gemeente(2)],
        ..Asked::default()
    };
    assert!(matches!(room.propose(0, &carry), Err(SignError::NotOnHold { .. })));
    room.suspend(1, 2).unwrap();
    assert!(held(&room));
    // Who is on hold still votes, here for its own.
    let edition = room.propose(0, &carry).unwrap().voted.unwrap();
    assert_eq!(edition.changes[0].soort, WijzigingSoort::BlijftGeschorst);
    room.endorse(1, None).unwrap();
    room.endorse(2, None).unwrap();
    assert!(held(&room) && room.roster().suspensions()[0].carried);
    let (_, text) = room.stranger(7);
    let told = room.propose(0, &adding(text)).unwrap().voted.unwrap().changes;
    let told: Vec<_> = told.iter().map(|change| (change.soort, change.gemeente)).collect();
    assert!(
        told.contains(&(WijzigingSoort::SchorsingVervalt, gemeente(2))),
        "{told:?}"
    );
    room.endorse(1, None).unwrap();
    room.endorse(2, None).unwrap();
    assert!(!held(&room), "it lapsed");
    let mut two = Room::new("sign-suspend-two", 2);
    assert!(matches!(two.suspend(0, 1), Err(SignError::TooFew { needed: 2 })));
}

#[test]
fn a_suspension_is_lifted_by_an_edition_that_changes_nothing_else() {
    let mut room = Room::new("sign-lift", 3);
    let lift = Asked {
        lift: vec![gemeente(2)],
        ..Asked::default()
    };
    assert!(matches!(room.propose(0, &lift), Err(SignError::NotOnHold { .. })));
    room.suspend(0, 2).unwrap();
    room.suspend(1, 2).unwrap();
    let (key, node) = (root().root(room.home(0)).unwrap(), room.node(2));
    let drafted = draft(&room.text(), &[], &lift).unwrap();
    let changes = room.propose(0, &lift).unwrap().voted.unwrap().changes;
    assert_eq!(drafted, changes);
    assert_eq!(
        changes
            .iter()
            .map(|change| (change.soort, change.gemeente))
            .collect::<Vec<_>>(),
        [(WijzigingSoort::SchorsingVervalt, gemeente(2))]
    );
    assert!(matches!(
        propose_edition(&room.text(), &[], &lift, &key),
        Err(SignError::Proposed { .. })
    ));
    room.endorse(1, None).unwrap();
    room.endorse(2, None).unwrap();
    assert_eq!(room.roster().ended(node), None);
}

#[test]
fn a_key_that_is_to_follow_signs_nothing_and_a_card_of_before_it_did_is_refused() {
    let mut room = Room::new("sign-next", 2);
    let (old, text) = (card(room.home(0), &root()).unwrap(), room.stranger(7).1);
    let next = signing_key(room.home(0), "next-root").unwrap();
    let is_next = |refused: Result<Signed, SignError>| {
        assert!(
            matches!(refused, Err(SignError::NextRoot { gemeente: of }) if of == gemeente(0)),
            "{refused:?}"
        );
    };
    let propose = |room: &Room| propose_edition(&room.text(), &[], &adding(text.clone()), &next);
    is_next(propose(&room));
    is_next(suspend(&room.text(), gemeente(1), &room.logs(1), &next));
    is_next(leave(&room.text(), &room.logs(0), true, &next));
    let key = |name: &str| RootKey(signing_key(room.home(0), name).unwrap().verifying_key().to_bytes());
    let rotation = Rotation {
        gemeente: gemeente(0),
        old: key("root"),
        nodes: vec![room.node(0)],
        endings: Vec::new(),
    };
    room.say(0, "next-root", Body::Rotate(rotation));
    assert_eq!(propose(&room).unwrap().by, gemeente(0), "it took its place");
    let asked = Asked {
        renew: vec![old],
        ..Asked::default()
    };
    let refused = room.propose(1, &asked);
    assert!(
        matches!(refused, Err(SignError::ReplacedRoot { gemeente: of }) if of == gemeente(0)),
        "{refused:?}"
    );
}

#[test]
fn gemeenten_merge_into_a_member_or_one_that_joins_with_the_same_edition() {
    let mut room = Room::new("sign-merge", 3);
    let (_, text) = room.stranger(7);
    let merging = |to: u16, add: Vec<String>| Asked {
        add,
        merges: [1, 2].map(|from| merge(gemeente(from), gemeente(to))).to_vec(),
        ..Asked::default()
    };
    assert!(matches!(
        room.propose(0, &merging(7, vec![])),
        Err(SignError::NoMember { .. })
    ));
    room.propose(0, &merging(7, vec![text])).unwrap();
    room.endorse(1, None).unwrap();
    let decided = room.endorse(2, None).unwrap();
    assert_eq!(decided.stand.herindelingen.len(), 2);
    assert_eq!(decided.stand.herindelingen[0].datum, "2027-01-01");
    let roster = room.roster();
    assert!(roster.may_edit(gemeente(7), gemeente(1)) && roster.ended(room.node(1)).is_some());
    let again = adding(card(room.home(1), &root()).unwrap());
    assert!(matches!(room.propose(0, &again), Err(SignError::NoMore { .. })));
}

fn merge(from: Gemeente, to: Gemeente) -> Merge {
    Merge {
        from,
        to,
        date: Day::new(2027, 1, 1).unwrap(),
    }
}

#[test]
fn who_leaves_votes_first() {
    let mut room = Room::new("sign-leave", 2);
    let refused = room.leave(1, false);
    assert!(
        matches!(
            refused,
            Err(SignError::Undecided {
                voted: false,
                last: false,
                ..
            })
        ),
        "{refused:?}"
    );
    room.propose(1, &removing(1)).unwrap();
    let refused = room.leave(1, false);
    assert!(
        matches!(refused, Err(SignError::Undecided { voted: true, .. })),
        "{refused:?}"
    );
    room.leave(1, true).unwrap();
    assert_eq!(room.roster().ended(room.node(1)), Some(Ended::Left));
    assert!(matches!(room.leave(1, true), Err(SignError::LeftAlready { .. })));
    room.endorse(0, None).unwrap();
    assert!(matches!(room.leave(1, true), Err(SignError::Gone { .. })));
    let refused = room.leave(0, false);
    assert!(
        matches!(refused, Err(SignError::Undecided { last: true, .. })),
        "{refused:?}"
    );
    let dissolved = room.leave(0, true).unwrap();
    assert!(dissolved.stand.opgeheven);
}

#[test]
fn a_key_that_speaks_for_nobody_signs_nothing() {
    let mut room = Room::new("sign-nobody", 1);
    let (newcomer, text) = room.stranger(7);
    let key = root().root(&newcomer).unwrap();
    let charter = export(room.home(0)).unwrap();
    assert!(matches!(
        propose_edition(&charter, &[], &adding(text), &key),
        Err(SignError::NotRoot)
    ));
    assert!(matches!(speaks_for(&charter, &key), Err(SignError::NotRoot)));
    let (_, own) = (0, card(room.home(0), &root()).unwrap());
    assert!(matches!(
        room.propose(0, &adding(own)),
        Err(SignError::MemberAlready { .. })
    ));
    let unfounded = "leerkring-handvest-1\n";
    assert!(matches!(
        endorse_edition(unfounded, None, &key),
        Err(SignError::NotFounded)
    ));
}
