//! `token`: who else may use the API of a node, and for what.

use protocol::api::{self, Message, NieuwToken, PAGE_MAX, Scope, TokenAsked, TokenPage, TokenRegel, path};

use crate::args::Token;
use crate::client::{Client, parse, path_of};
use crate::exit::Exit;
use crate::output::{Output, Stop, plain};

/// Does what was asked with tokens.
///
/// # Errors
/// [`Stop`] when the node does not.
pub fn token(client: &Client, asked: Token, output: &mut Output<'_>) -> Result<Exit, Stop> {
    match asked {
        Token::New { name, scopes } => new(client, name, scopes, output),
        Token::List => list(client, output),
        Token::Revoke { name } => revoke(client, &name, output),
    }
}

/// What opens is the whole of standard output, so that it can go into a file.
fn new(client: &Client, naam: String, scopes: Vec<Scope>, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let asked = serde_json::to_vec(&TokenAsked { naam, scopes }).expect("names are plain text");
    let text = client.post(path::TOKENS, api::MEDIA_JSON, &asked)?;
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    let made: NieuwToken = parse(&text)?;
    output.line(&plain(&made.token))?;
    let (naam, scopes) = (plain(&made.naam), told(&made.scopes));
    output.say_beside(&Message::with(
        format!(
            "token voor {naam}: {scopes}. Bewaar het nu: de node kent alleen een hash\n\
             gebruik het met --node http://… --token-file BESTAND, of als Authorization: Bearer"
        ),
        format!(
            "token for {naam}: {scopes}. Keep it now: the node knows only a hash\n\
             use it with --node http://… --token-file FILE, or as Authorization: Bearer"
        ),
    ));
    Ok(Exit::Ok)
}

fn list(client: &Client, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let query = [("aantal", PAGE_MAX.to_string())];
    let page: TokenPage = client.read(path::TOKENS, &query)?;
    if page.tokens.is_empty() && !output.json {
        output.say(&Message::new(
            "er zijn geen tokens; maak er een met leerkring token new",
            "there are no tokens; make one with leerkring token new",
        ))?;
    }
    for line in &page.tokens {
        if output.json {
            output.line(&serde_json::to_string(line).expect("names are plain text"))?;
        } else {
            output.line(&format!("{}  {}", plain(&line.naam), told(&line.scopes)))?;
        }
    }
    Ok(Exit::Ok)
}

fn revoke(client: &Client, name: &str, output: &mut Output<'_>) -> Result<Exit, Stop> {
    let text = client.post(&path_of(path::TOKEN_INTREKKING, name), api::MEDIA_JSON, b"{}")?;
    if output.json {
        output.line(&text)?;
        return Ok(Exit::Ok);
    }
    let ended: TokenRegel = parse(&text)?;
    let name = plain(&ended.naam);
    output.say(&Message::with(
        format!("ingetrokken: het token van {name} opent niets meer"),
        format!("ended: the token of {name} opens nothing any more"),
    ))?;
    Ok(Exit::Ok)
}

fn told(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.name()).collect::<Vec<_>>().join(", ")
}
