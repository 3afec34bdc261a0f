//! Why a node neither listens nor answers.

use node::http::{HttpError, TokenError};
use node::net::NetError;
use protocol::api::Message;

use super::{no_random, told};
use crate::command_error::{CommandError, system_words};
use crate::exit::Exit;

pub(super) fn of_net(error: NetError) -> CommandError {
    let (exit, nl, en) = match &error {
        NetError::AddressInUse { address } => (
            Exit::Conflict,
            format!("de poort is in gebruik: op {address} luistert al een ander programma"),
            format!("the port is in use: another program listens on {address}"),
        ),
        NetError::Address { text } => (
            Exit::Input,
            format!("{text:?} is geen adres om op te luisteren, zoals /ip4/0.0.0.0/tcp/4001"),
            format!("{text:?} is not an address to listen on, such as /ip4/0.0.0.0/tcp/4001"),
        ),
        NetError::Listen { address, source } => {
            let words = system_words(source);
            (
                Exit::Input,
                format!("op {address} kan de node niet luisteren: {}", words.nl),
                format!("the node cannot listen on {address}: {}", words.en),
            )
        }
        NetError::Entropy => return no_random(error),
        error => (
            Exit::Internal,
            format!("het netwerk start niet ({error})"),
            format!("the network does not start ({error})"),
        ),
    };
    let hint = match &error {
        NetError::AddressInUse { .. } => (
            "kies een andere poort bij listen in leerkring.toml, of stop wat er luistert",
            "choose another port at listen in leerkring.toml, or stop what listens there",
        ),
        _ => (
            "verbeter listen in leerkring.toml, in de map van de node",
            "mend listen in leerkring.toml, in the folder of the node",
        ),
    };
    told(exit, (nl, en), hint, error)
}

pub(super) fn of_http(error: HttpError) -> CommandError {
    let (exit, nl, en) = match &error {
        HttpError::InUse { address } => (
            Exit::Conflict,
            format!("de poort van de API is in gebruik: op {address} luistert al een ander programma"),
            format!("the port of the API is in use: another program listens on {address}"),
        ),
        HttpError::NotLoopback { address } => (
            Exit::Input,
            format!(
                "{address} is ook voor anderen bereikbaar; de API staat alleen op deze machine open, of achter een proxy"
            ),
            format!("{address} can be reached by others; the API is open on this machine only, or behind a proxy"),
        ),
        HttpError::Proxy { name, .. } => {
            return CommandError::new(
                Exit::Input,
                Message::with(
                    format!("de proxy {name:?} heeft geen adres"),
                    format!("the proxy {name:?} has no address"),
                ),
            )
            .hinting(Message::new(
                "geef bij proxy in leerkring.toml de naam of het IP-adres van de machine waar de proxy draait",
                "give at proxy in leerkring.toml the name or IP address of the machine on which the proxy runs",
            ))
            .caused_by(error);
        }
        HttpError::Bind { address, source } => {
            let words = system_words(source);
            (
                Exit::Input,
                format!("op {address} kan de API niet luisteren: {}", words.nl),
                format!("the API cannot listen on {address}: {}", words.en),
            )
        }
        HttpError::Stopped(source) => {
            let words = system_words(source);
            (
                Exit::Internal,
                format!("de API stopte: {}", words.nl),
                format!("the API stopped: {}", words.en),
            )
        }
    };
    let hint = (
        "kies een ander adres bij api in leerkring.toml, zoals 127.0.0.1:0",
        "choose another address at api in leerkring.toml, such as 127.0.0.1:0",
    );
    told(exit, (nl, en), hint, error)
}

pub(super) fn of_token(error: TokenError) -> CommandError {
    match error {
        TokenError::Io { path, source } => CommandError::of_file(&path, source),
        TokenError::Random => no_random(error),
        TokenError::Form { path } => {
            let path = path.display();
            CommandError::new(
                Exit::Input,
                Message::with(
                    format!("{path} is beschadigd, of van een nieuwere versie"),
                    format!("{path} is damaged, or of a newer version"),
                ),
            )
            .hinting(Message::new(
                "zet het weg en maak de tokens opnieuw met leerkring token new",
                "put it aside and make the tokens anew with leerkring token new",
            ))
        }
    }
}
