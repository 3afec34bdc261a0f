//! Cards, charters, invitations and requests that went wrong on their way are refused, or say what was signed.

use ed25519_dalek::SigningKey;
use protocol::charter::{Body, Card, Edition, Endorsement, Invitation, Member, NodeRequest, Place, Role, Statement};
use protocol::entropy::Seeded;
use protocol::id::{FederationId, NodeKey, RootKey};

use super::{
    read_card, read_charter, read_invitation, read_request, write_card, write_charter, write_invitation, write_request,
};
use crate::mutant::mutate;

fn member(number: u8) -> (Member, SigningKey) {
    let (root, node) = (
        SigningKey::from_bytes(&[number; 32]),
        SigningKey::from_bytes(&[number + 100; 32]),
    );
    let member = Member {
        gemeente: format!("GM990{number}").parse().unwrap(),
        name: format!("Gemeente {number}"),
        root: RootKey(root.verifying_key().to_bytes()),
        next_root: [number; 32],
        role: Role::Voting,
        nodes: vec![NodeKey(node.verifying_key().to_bytes())],
        mailbox: "leerkring@example.org".to_owned(),
        addresses: Vec::new(),
    };
    (member, root)
}

/// The text, changed; nothing when it is no text any more.
fn mutant(text: &str, rng: &mut Seeded) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    mutate(&mut bytes, rng);
    String::from_utf8(bytes).ok()
}

#[test]
fn a_hundred_thousand_mutated_cards_say_nothing_else() {
    let (member, root) = member(1);
    let bytes = Card::sign(&member, &root);
    let text = write_card(&bytes);
    let mut rng = Seeded::new(1);
    let (mut read, mut refused) = (0, 0);
    for round in 0..100_000 {
        match mutant(&text, &mut rng).map(|text| read_card(&text)) {
            Some(Ok(card)) => {
                assert!(card.member == member, "round {round}");
                assert_eq!(write_card(&Card::sign(&card.member, &root)), text, "round {round}");
                read += 1;
            }
            Some(Err(_)) | None => refused += 1,
        }
    }
    assert!(read > 0 && refused > 50_000, "{read} read, {refused} refused");
}

#[test]
fn a_hundred_thousand_mutated_charters_say_nothing_else() {
    let (member, root) = member(2);
    let edition = Edition::founding([3; 16], vec![member]);
    let vote = Endorsement {
        edition: edition.hash(),
        number: 0,
        ballot: 0,
    };
    let federation = edition.federation();
    let statements = [Body::Edition(edition), Body::Endorse(vote)].map(|body| Statement::sign(federation, body, &root));
    let text = write_charter(&statements);
    let mut rng = Seeded::new(2);
    let (mut read, mut refused) = (0, 0);
    for round in 0..100_000 {
        match mutant(&text, &mut rng).map(|text| read_charter(&text)) {
            Some(Ok(found)) => {
                let known = |one: &Statement| statements.iter().any(|other| one.bytes() == other.bytes());
                assert!(found.iter().all(known), "round {round}");
                assert!(
                    text.contains(write_charter(&found).lines().nth(1).unwrap_or("-")),
                    "round {round}"
                );
                read += 1;
            }
            Some(Err(_)) | None => refused += 1,
        }
    }
    assert!(read > 0 && refused > 50_000, "{read} read, {refused} refused");
}

#[test]
fn a_hundred_thousand_mutated_invitations_say_nothing_else() {
    let (member, node) = (member(3).0, SigningKey::from_bytes(&[103; 32]));
    let place = |node: NodeKey| Place {
        gemeente: member.gemeente,
        node,
        addresses: vec!["/dns4/node.example.org/tcp/4001".to_owned()],
    };
    let invitation = Invitation {
        federation: FederationId([4; 32]),
        number: 5,
        edition: [6; 32],
        places: vec![place(member.nodes[0]), place(NodeKey([7; 32]))],
    };
    let text = write_invitation(&invitation.sign(&node));
    let mut rng = Seeded::new(3);
    let (mut read, mut refused) = (0, 0);
    for round in 0..100_000 {
        match mutant(&text, &mut rng).map(|text| read_invitation(&text)) {
            Some(Ok(found)) => {
                assert!(found == invitation, "round {round}");
                read += 1;
            }
            Some(Err(_)) | None => refused += 1,
        }
    }
    assert!(read > 0 && refused > 50_000, "{read} read, {refused} refused");
}

#[test]
fn a_hundred_thousand_mutated_requests_ask_nothing_else() {
    let (member, node) = (member(4).0, SigningKey::from_bytes(&[104; 32]));
    let request = NodeRequest::sign(FederationId([4; 32]), member.root, member.gemeente, &node);
    let text = write_request(&request.encode());
    let mut rng = Seeded::new(4);
    let (mut read, mut refused) = (0, 0);
    for round in 0..100_000 {
        match mutant(&text, &mut rng).map(|text| read_request(&text)) {
            Some(Ok(mut found)) => {
                // The root key is under the node's signature, and has one gemeente.
                found.proof.gemeente = request.proof.gemeente;
                assert!(found == request, "round {round}");
                read += 1;
            }
            Some(Err(_)) | None => refused += 1,
        }
    }
    assert!(read > 0 && refused > 50_000, "{read} read, {refused} refused");
}
