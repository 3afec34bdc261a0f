//! The charter in the words of the API: members, vote, suspensions, mergers and what is proven.

use protocol::api::{
    DubbeleStem, Einde, HandvestStand, Herindeling, IntrekkingGevraagd, LINES_MAX, Lid, LidNode, Schorsing,
    StatementLine, Stemming, StemmingStand, Voorstel, Vork,
};
use protocol::charter::{
    Asked as AskedBack, Body, Course, Edition, Ended, Hold, Merge, Proposal, Role, Roster, Set, Standing, Statement,
    Vote,
};
use protocol::id::{DocumentId, EditionHash, Gemeente};
use protocol::record::Kind;

use super::changes::changes;

/// All that a set of statements says of who belongs.
pub(in crate::runtime) fn stand_of(set: &Set, roster: &Roster) -> HandvestStand {
    let missing = match roster.standing() {
        Standing::Proposed { missing } => missing.clone(),
        Standing::Absent | Standing::Active { .. } => Vec::new(),
    };
    let forks = roster.forks().take(LINES_MAX);
    let doubles = roster.double_votes().take(LINES_MAX);
    HandvestStand {
        federatie: (!set.is_empty()).then(|| set.federation()),
        editie: match roster.standing() {
            Standing::Active { edition } => Some(*edition),
            Standing::Absent | Standing::Proposed { .. } => None,
        },
        hash: roster.course().map(|course| EditionHash(course.edition)),
        uitnodiging: None,
        leden: members(roster, &missing),
        stemming: roster.course().map(|course| vote(set, roster, course)),
        schorsingen: roster.suspensions().iter().map(suspension).collect(),
        intrekkingen: roster.erasures().asked().take(LINES_MAX).map(asked).collect(),
        herindelingen: roster.merges().map(merger).collect(),
        vorken: forks
            .map(|fork| Vork {
                log: fork.log,
                node: fork.node,
                gemeente: roster.gemeente_of(fork.node),
                positie: fork.seq,
            })
            .collect(),
        dubbele_stemmen: doubles
            .map(|(editie, gemeente)| DubbeleStem { editie, gemeente })
            .collect(),
        opgeheven: roster.is_dissolved(),
        statements: set.iter().take(LINES_MAX).map(line).collect(),
        totaal: set.len() as u64,
    }
}

fn members(roster: &Roster, missing: &[Gemeente]) -> Vec<Lid> {
    let held = |gemeente| {
        let mut holds = roster.suspensions().iter();
        holds.any(|hold| hold.gemeente == gemeente && hold.in_force)
    };
    let members = roster.members().iter();
    members
        .map(|member| Lid {
            gemeente: member.gemeente,
            naam: member.name.clone(),
            wortel: member.root,
            stemt: member.role == Role::Voting,
            getekend: !missing.contains(&member.gemeente),
            vertrokken: roster.left().any(|left| left == member.gemeente),
            geschorst: held(member.gemeente),
            nodes: nodes(roster, member.gemeente),
        })
        .collect()
}

fn nodes(roster: &Roster, gemeente: Gemeente) -> Vec<LidNode> {
    let nodes = roster.nodes().filter(|(_, of)| *of == gemeente);
    nodes
        .map(|(node, _)| LidNode {
            node,
            adressen: roster.addresses().get(&node).cloned().unwrap_or_default(),
            einde: roster.ended(node).map(end),
        })
        .collect()
}

fn end(ended: Ended) -> Einde {
    match ended {
        Ended::ByEdition => Einde::Editie,
        Ended::ByMember => Einde::Lid,
        Ended::Left => Einde::Vertrek,
        Ended::OnHold => Einde::Schorsing,
    }
}

fn vote(set: &Set, roster: &Roster, course: &Course) -> Stemming {
    let previous = edition(set, course.edition);
    let proposals = course.proposals.iter().take(LINES_MAX);
    Stemming {
        stand: match course.vote {
            Vote::Quiet => StemmingStand::Rustig,
            Vote::Open => StemmingStand::Open,
            Vote::Stalled => StemmingStand::Vastgelopen,
            Vote::Doubled { .. } => StemmingStand::Dubbel,
        },
        quorum: course.quorum as u64,
        stemmers: course.voters as u64,
        voorstellen: proposals
            .map(|proposal| proposed((set, roster), course, previous, proposal))
            .collect(),
        zwijgen: course.silent.clone(),
    }
}

fn proposed(
    (set, roster): (&Set, &Roster),
    course: &Course,
    previous: Option<&Edition>,
    proposal: &Proposal,
) -> Voorstel {
    let needed = if proposal.ballot == 0 {
        course.quorum
    } else {
        course.voters
    };
    let voters = previous.into_iter().flat_map(|edition| &edition.members);
    let voters = voters.filter(|member| member.role == Role::Voting);
    // In one ballot each has one vote: who voted for another edition in it cannot vote for this one.
    let elsewhere = |gemeente: &Gemeente| {
        let mut others = course.proposals.iter().filter(|other| other.ballot == proposal.ballot);
        others.any(|other| other.endorsed.contains(gemeente))
    };
    let changed = previous.zip(edition(set, proposal.edition));
    Voorstel {
        editie: EditionHash(proposal.edition),
        bekend: proposal.known,
        ronde: proposal.ballot,
        voor: proposal.endorsed.iter().copied().collect(),
        ontbreekt: voters
            .map(|member| member.gemeente)
            .filter(|gemeente| !elsewhere(gemeente))
            .collect(),
        nodig: needed.saturating_sub(proposal.endorsed.len()) as u64,
        wijzigingen: changed.map_or_else(Vec::new, |(previous, next)| changes(roster, previous, next)),
    }
}

/// The edition with this hash, when its text is here.
pub(super) fn edition(set: &Set, hash: [u8; 32]) -> Option<&Edition> {
    let mut editions = set.iter().filter(|statement| statement.edition_hash() == Some(hash));
    editions.find_map(|statement| match statement.body() {
        Body::Edition(edition) => Some(edition),
        _ => None,
    })
}

fn suspension(hold: &Hold) -> Schorsing {
    let missing = hold.needed.saturating_sub(hold.by.len());
    Schorsing {
        gemeente: hold.gemeente,
        door: hold.by.iter().copied().collect(),
        nodig: if hold.in_force { 0 } else { missing as u64 },
        door_editie: hold.carried,
        van_kracht: hold.in_force,
    }
}

fn asked((document, asked): (DocumentId, &AskedBack)) -> IntrekkingGevraagd {
    IntrekkingGevraagd {
        document,
        eigenaar: asked.withdrawal.owner,
        soort: Kind::from_number(asked.withdrawal.kind).map(|kind| kind.name().to_owned()),
        door: asked.by.iter().copied().collect(),
        nodig: asked.missing as u64,
        ontbreekt: asked.able.iter().copied().collect(),
    }
}

fn merger(merge: &Merge) -> Herindeling {
    Herindeling {
        van: merge.from,
        naar: merge.to,
        datum: merge.date.to_string(),
    }
}

fn line(statement: &Statement) -> StatementLine {
    StatementLine {
        id: statement.id(),
        soort: body_name(statement.body()).to_owned(),
        telt: !matches!(statement.body(), Body::Unknown { .. }),
    }
}

fn body_name(body: &Body) -> &'static str {
    match body {
        Body::Edition(_) => "edition",
        Body::Endorse(_) => "endorsement",
        Body::NodeKey(_) => "node key",
        Body::Address(_) => "address",
        Body::NodeKeyEnd(_) => "end of a node key",
        Body::Rotate(_) => "change of root key",
        Body::Leave(_) => "leave",
        Body::Suspend(_) => "suspension",
        Body::Withdraw(_) => "withdrawal",
        Body::Receipt(_) => "receipt",
        Body::Fork(_) => "fork",
        Body::DoubleVote(_) => "double vote",
        Body::Unknown { .. } => "unknown",
    }
}
