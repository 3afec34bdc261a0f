//! What an edition changes in the one before it, for whoever has to decide on it.

use std::collections::BTreeSet;

use protocol::api::{Wijziging, WijzigingSoort};
use protocol::charter::{Edition, Member, Role, Roster};
use protocol::id::{Gemeente, NodeKey};

/// Every change, in the order in which a person asks: who goes, who comes, who may do what, which keys.
pub(super) fn changes(roster: &Roster, previous: &Edition, next: &Edition) -> Vec<Wijziging> {
    let gone = previous
        .members
        .iter()
        .filter(|member| next.member(member.gemeente).is_none());
    let gone = gone.map(|member| goes(next, member));
    let come = next
        .members
        .iter()
        .filter(|member| previous.member(member.gemeente).is_none());
    let come = come.map(comes);
    let pairs = next
        .members
        .iter()
        .filter_map(|member| Some((previous.member(member.gemeente)?, member)));
    let others = pairs.flat_map(|(before, after)| between(before, after));
    let held = next.suspended.iter().map(|held| {
        let name = next.member(held.gemeente).map_or("", |member| member.name.as_str());
        of(WijzigingSoort::BlijftGeschorst, held.gemeente, name)
    });
    let mut all: Vec<Wijziging> = gone.chain(come).chain(others).collect();
    all.extend(ends(roster, next));
    all.extend(held);
    all.extend(lapses(roster, next));
    all
}

/// Members that are on hold now and that nothing holds under the next edition. One that goes is told as going.
fn lapses(roster: &Roster, next: &Edition) -> Vec<Wijziging> {
    let holds = roster.suspensions().iter().filter(|hold| hold.in_force);
    let free = holds.filter(|hold| next.suspended.iter().all(|held| held.gemeente != hold.gemeente));
    let free: BTreeSet<Gemeente> = free.map(|hold| hold.gemeente).collect();
    let members = next.members.iter().filter(|member| free.contains(&member.gemeente));
    members
        .map(|member| of(WijzigingSoort::SchorsingVervalt, member.gemeente, &member.name))
        .collect()
}

fn of(soort: WijzigingSoort, gemeente: Gemeente, naam: &str) -> Wijziging {
    Wijziging {
        soort,
        gemeente,
        naam: naam.to_owned(),
        wortel: None,
        vingerafdruk: None,
        nodes: Vec::new(),
        naar: None,
        datum: None,
        wordt: None,
    }
}

fn goes(next: &Edition, member: &Member) -> Wijziging {
    let merge = next.merges.iter().find(|merge| merge.from == member.gemeente);
    let soort = if merge.is_some() {
        WijzigingSoort::Herindeling
    } else {
        WijzigingSoort::Gaat
    };
    Wijziging {
        naar: merge.map(|merge| merge.to),
        datum: merge.map(|merge| merge.date.to_string()),
        ..of(soort, member.gemeente, &member.name)
    }
}

fn comes(member: &Member) -> Wijziging {
    let soort = match member.role {
        Role::Voting => WijzigingSoort::Komt,
        Role::Reading => WijzigingSoort::KomtMeelezen,
    };
    Wijziging {
        wortel: Some(member.root),
        vingerafdruk: Some(member.card_fingerprint()),
        nodes: member.nodes.clone(),
        ..of(soort, member.gemeente, &member.name)
    }
}

/// What changes for a member that stays.
fn between(before: &Member, after: &Member) -> Vec<Wijziging> {
    let say = |soort| of(soort, after.gemeente, &after.name);
    let mut found = Vec::new();
    if before.role != after.role {
        found.push(say(match after.role {
            Role::Voting => WijzigingSoort::GaatStemmen,
            Role::Reading => WijzigingSoort::GaatMeelezen,
        }));
    }
    if before.root != after.root {
        found.push(Wijziging {
            wortel: Some(after.root),
            ..say(WijzigingSoort::Wortelsleutel)
        });
    }
    if before.next_root != after.next_root {
        found.push(say(WijzigingSoort::VolgendeSleutel));
    }
    let texts = [
        (WijzigingSoort::Naam, &before.name, &after.name),
        (WijzigingSoort::Postbus, &before.mailbox, &after.mailbox),
    ];
    for (soort, was, is) in texts {
        found.extend((was != is).then(|| Wijziging {
            wordt: Some(is.clone()),
            ..say(soort)
        }));
    }
    if before.addresses != after.addresses {
        found.push(Wijziging {
            wordt: Some(after.addresses.join(" ")),
            ..say(WijzigingSoort::Adressen)
        });
    }
    let new: Vec<NodeKey> = after
        .nodes
        .iter()
        .filter(|node| !before.nodes.contains(node))
        .copied()
        .collect();
    if !new.is_empty() {
        found.push(Wijziging {
            nodes: new,
            ..say(WijzigingSoort::NodesErbij)
        });
    }
    // It came with a new card: the first change of keys says which.
    if let Some(first) = found.iter_mut().find(|change| is_of_keys(change.soort)) {
        first.vingerafdruk = Some(after.card_fingerprint());
    }
    found
}

fn is_of_keys(soort: WijzigingSoort) -> bool {
    use WijzigingSoort as W;
    matches!(soort, W::Wortelsleutel | W::VolgendeSleutel | W::NodesErbij)
}

/// Nodes that end although their member stays. Those of a member that goes are told with it.
fn ends(roster: &Roster, next: &Edition) -> Vec<Wijziging> {
    let members = next.members.iter();
    let ending = members.map(|member| {
        let nodes = next.endings.iter().map(|ending| ending.node);
        let own = nodes.filter(|node| roster.gemeente_of(*node) == Some(member.gemeente));
        (member, own.collect::<Vec<NodeKey>>())
    });
    let ending = ending.filter(|(_, nodes)| !nodes.is_empty());
    ending
        .map(|(member, nodes)| Wijziging {
            nodes,
            ..of(WijzigingSoort::NodesEindigen, member.gemeente, &member.name)
        })
        .collect()
}
