//! What `init` made, what others will see of it, and what comes next.

use std::net::IpAddr;

use node::runtime::{Config, Release};
use protocol::api::{Lang, Message};
use serde_json::json;

use crate::args::Init;
use crate::gemeenten;
use crate::next;
use crate::output::{Output, Stop};

/// Says it.
pub(super) fn told(asked: &Init, made: &Config, output: &mut Output<'_>) -> Result<(), Stop> {
    let dir = asked.dir.display().to_string();
    let warning = warning(made, &dir);
    if output.json {
        let text = |message: &Message| message.text(output.lang).to_owned();
        let warnings: Vec<String> = warning.iter().map(text).collect();
        let made = json!({
            "gemeente": made.gemeente, "naam": made.name, "dir": dir, "listen": made.listen, "announce": made.announce,
            "api": made.api, "release": made.release, "waarschuwingen": warnings,
        });
        return output.line(&made.to_string());
    }
    let (code, name, listen) = (made.gemeente, &made.name, made.listen.join(" "));
    output.say(&Message::with(
        format!("{code} {name} heeft een node in {dir}, die luistert op {listen}"),
        format!("{code} {name} has a node in {dir}, which listens on {listen}"),
    ))?;
    output.say(&released(made))?;
    let practice = asked.practice || gemeenten::is_practice(&code.to_string());
    if let Some(keys) = beside(asked).filter(|_| !practice) {
        output.say(&keys)?;
    }
    if let Some(warning) = warning {
        let mark = output.lang.pick("LET OP", "MIND");
        output.line(&format!("{mark}: {}", warning.text(output.lang)))?;
    }
    next::say(&step(asked, &dir), output)
}

/// That whoever can do anything on this machine can speak for the gemeente, where the root keys were made on it.
fn beside(asked: &Init) -> Option<Message> {
    let here = asked.second_of.is_none() && (asked.roots.root.is_none() || asked.roots.next.is_none());
    let dir = asked.dir.display();
    here.then(|| {
        Message::with(
            format!(
                "De wortelsleutel en de volgende horen niet op deze machine: zet {dir}/keys/root.key en next-root.key elk op een \
                 eigen stick (of maak ze daar: init --root-key, --next-root-key)"
            ),
            format!(
                "The root key and the next one do not belong on this machine: put {dir}/keys/root.key and next-root.key on a stick \
                 each (or make them there: init --root-key, --next-root-key)"
            ),
        )
    })
}

/// When what is approved leaves here, and why.
fn released(made: &Config) -> Message {
    let code = made.gemeente.to_string();
    match (made.release, gemeenten::is_practice(&code)) {
        (Release::Weekly, _) => Message::new(
            "Wat goedgekeurd is vertrekt samen, één keer per week",
            "What is approved leaves together, once a week",
        ),
        (Release::AtOnce, true) => Message::with(
            format!("Wat goedgekeurd is vertrekt meteen: {code} is een oefengemeente"),
            format!("What is approved leaves at once: {code} is a practice gemeente"),
        ),
        (Release::AtOnce, false) => Message::new(
            "Wat goedgekeurd is vertrekt meteen: dit is een oefening (--practice)",
            "What is approved leaves at once: this is practice (--practice)",
        ),
    }
}

/// What is wrong with the addresses on the card, for other machines.
fn warning(made: &Config, dir: &str) -> Option<Message> {
    let useless: Vec<&str> = made
        .announced()
        .iter()
        .map(String::as_str)
        .filter(|address| host(address).is_some_and(|host| host.is_loopback() || host.is_unspecified()))
        .collect();
    if useless.is_empty() {
        return None;
    }
    let (only_here, addresses) = (
        useless
            .iter()
            .all(|address| host(address).is_some_and(|host| host.is_loopback())),
        useless.join(" "),
    );
    let why = |lang: Lang| match only_here {
        true => lang.pick("alleen deze machine komt daar", "only this machine gets there"),
        false => lang.pick(
            "dat is geen adres waar een ander heen kan",
            "that is no address to which anybody else can go",
        ),
    };
    Some(Message::with(
        format!(
            "op de kaart staat {addresses}, en {}. Zet voor een echte server in {dir}/leerkring.toml listen = \
             [\"/ip4/0.0.0.0/tcp/4001\"] en announce = [\"/dns4/NAAM/tcp/4001\"] met de naam en de poort waar anderen hem \
             vinden (of geef init --listen en --announce), vóór u een kaart maakt",
            why(Lang::Nl)
        ),
        format!(
            "the card says {addresses}, and {}. For a real server set in {dir}/leerkring.toml listen = \
             [\"/ip4/0.0.0.0/tcp/4001\"] and announce = [\"/dns4/NAME/tcp/4001\"] with the name and the port by which others \
             find it (or give init --listen and --announce), before you make a card",
            why(Lang::En)
        ),
    ))
}

/// The host of a multiaddr that names it by number.
fn host(address: &str) -> Option<IpAddr> {
    let mut parts = address.split('/').skip(1);
    match parts.next()? {
        "ip4" | "ip6" => parts.next()?.parse().ok(),
        _ => None,
    }
}

fn step(asked: &Init, dir: &str) -> Message {
    if asked.second_of.is_some() {
        return Message::with(
            format!(
                "leerkring join UITNODIGING --node {dir}, en dan leerkring keys request --node {dir} --out VERZOEK voor wie de \
                 wortelsleutel heeft"
            ),
            format!(
                "leerkring join INVITATION --node {dir}, and then leerkring keys request --node {dir} --out REQUEST for who has \
                 the root key"
            ),
        );
    }
    Message::with(
        format!(
            "sticht samen een federatie, te beginnen met leerkring charter card --node {dir} --out KAART; of kom binnen in een \
             die er is met leerkring join UITNODIGING --node {dir}"
        ),
        format!(
            "found a federation together, beginning with leerkring charter card --node {dir} --out CARD; or come into one that \
             exists with leerkring join INVITATION --node {dir}"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::RootFiles;

    #[test]
    fn whoever_leaves_a_root_key_on_the_machine_is_told() {
        let asked = |next: Option<&str>, second_of: Option<&str>| Init {
            dir: "groningen".into(),
            gemeente: None,
            second_of: second_of.map(Into::into),
            roots: RootFiles {
                root: Some("stick/root.key".into()),
                next: next.map(Into::into),
            },
            name: None,
            mailbox: String::new(),
            listen: Vec::new(),
            announce: Vec::new(),
            api: String::new(),
            practice: false,
        };
        let told = beside(&asked(None, None)).expect("one is left on the machine");
        assert!(told.nl.contains("groningen/keys/root.key"), "{}", told.nl);
        assert!(beside(&asked(Some("kluis/next.key"), None)).is_none());
        assert!(beside(&asked(None, Some("een.kaart"))).is_none());
    }

    #[test]
    fn the_host_of_an_address_is_found_when_it_is_a_number() {
        let useless = |address: &str| host(address).is_some_and(|host| host.is_loopback() || host.is_unspecified());
        assert!(useless("/ip4/127.0.0.1/tcp/4001") && useless("/ip6/::1/tcp/4001"));
        assert!(useless("/ip4/0.0.0.0/udp/4001/quic-v1") && useless("/ip6/::/tcp/4001"));
        assert!(!useless("/ip4/10.1.2.3/tcp/4001") && !useless("/dns4/localhost/tcp/4001"));
    }
}
