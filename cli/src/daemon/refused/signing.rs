//! Why a root key signed nothing.

use node::runtime::SignError;
use protocol::api::{NOT_FOUNDED, NOT_FOUNDED_NEXT};

use super::founding::{of_armor, of_root, of_statement};
use super::{of_secret, told};
use crate::command_error::CommandError;
use crate::exit::Exit;

const SEE_SHOW: (&str, &str) = ("zie leerkring charter show", "see leerkring charter show");
const CATCH_UP: (&str, &str) = (
    "laat de node bijlezen (leerkring status) en probeer het opnieuw",
    "let the node catch up (leerkring status) and try again",
);

pub(in crate::daemon) fn of_sign(error: SignError) -> CommandError {
    match error {
        SignError::Armor(error) => of_armor(error),
        SignError::Root(error) => of_root(error),
        SignError::Secret(error) => of_secret(error),
        SignError::Edition(ref why) => {
            let (nl, en) = of_statement(why);
            let what = (
                format!("dit wordt geen editie: {nl}"),
                format!("this makes no edition: {en}"),
            );
            told(
                Exit::Input,
                what,
                ("pas aan wat u voorstelt", "change what you propose"),
                error,
            )
        }
        SignError::NotFounded => not_founded(error),
        SignError::NotRoot
        | SignError::Reads { .. }
        | SignError::Gone { .. }
        | SignError::LeftAlready { .. }
        | SignError::NextRoot { .. }
        | SignError::Undecided { .. } => of_standing(error),
        SignError::NothingAsked
        | SignError::NoMember { .. }
        | SignError::MemberAlready { .. }
        | SignError::NoMore { .. }
        | SignError::HeightsMissing { .. }
        | SignError::NotOnHold { .. } => of_asked(error),
        SignError::EndedNode { .. } | SignError::ReplacedRoot { .. } => of_card(error),
        SignError::Itself | SignError::AskedAlready | SignError::TooFew { .. } => of_suspension(error),
        SignError::Withdrawn { .. } | SignError::NoSay { .. } | SignError::TooManyWithdrawals => of_withdrawal(error),
        SignError::NothingOpen
        | SignError::NoSuchEdition { .. }
        | SignError::Decided { .. }
        | SignError::Several { .. } => of_pick(error),
        error => of_vote(error),
    }
}

/// A step that only members take, of a node that belongs to nothing yet.
pub(super) fn not_founded(error: impl std::error::Error + Send + Sync + 'static) -> CommandError {
    CommandError::new(Exit::Conflict, NOT_FOUNDED)
        .hinting(NOT_FOUNDED_NEXT)
        .caused_by(error)
}

/// Who signs, and what it is in the federation.
fn of_standing(error: SignError) -> CommandError {
    let (nl, en, hint) = match &error {
        SignError::Reads { gemeente } => (
            format!("{gemeente} leest mee en stemt niet"),
            format!("{gemeente} reads along and does not vote"),
            ("laat een stemmend lid dit doen", "let a voting member do this"),
        ),
        SignError::Gone { gemeente } => (
            format!("{gemeente} is geen lid meer: er is een editie zonder, en er is verder niets nodig"),
            format!("{gemeente} is no member any more: there is an edition without it, and nothing more is needed"),
            SEE_SHOW,
        ),
        SignError::LeftAlready { gemeente } => (
            format!("{gemeente} heeft de federatie al verlaten"),
            format!("{gemeente} has left the federation already"),
            SEE_SHOW,
        ),
        SignError::NextRoot { gemeente } => (
            format!(
                "dit is de volgende wortelsleutel van {gemeente}, en die is nog niet in de plaats van de wortelsleutel gekomen"
            ),
            format!("this is the next root key of {gemeente}, which has not taken the place of the root key yet"),
            (
                "is dit de verkeerde stick? noem met --root-key de wortelsleutel; is die weg of gestolen, geef dan eerst leerkring keys rotate",
                "is this the wrong stick? name the root key with --root-key; if that is gone or stolen, first give leerkring keys rotate",
            ),
        ),
        SignError::Undecided { gemeente, voted, last } => undecided(&gemeente.to_string(), *voted, *last),
        _ => (
            "deze wortelsleutel spreekt voor geen lid van de editie die van kracht is".to_owned(),
            "this root key speaks for no member of the edition in force".to_owned(),
            (
                "is de sleutel vervangen? noem het bestand van de nieuwe met --root-key; zie leerkring charter show",
                "was the key replaced? name the file of the new one with --root-key; see leerkring charter show",
            ),
        ),
    };
    told(Exit::Conflict, (nl, en), hint, error)
}

type Told = (String, String, (&'static str, &'static str));

fn undecided(gemeente: &str, voted: bool, last: bool) -> Told {
    match (last, voted) {
        (true, _) => (
            format!("{gemeente} is het laatste lid dat stemt: vertrekt het, dan kan niemand nog iets besluiten"),
            format!("{gemeente} is the last member that votes: once it leaves, nobody can decide anything any more"),
            ("wilt u dat, geef dan --now", "if that is what you want, give --now"),
        ),
        (false, true) => (
            format!("over de editie zonder {gemeente} is nog niet besloten; uw stem telt al"),
            format!("the edition without {gemeente} is not decided yet; your vote counts already"),
            (
                "wacht tot de anderen getekend hebben: dan bent u vanzelf geen lid meer; of ga toch met --now",
                "wait until the others have signed: then you are no member any more by itself; or go with --now",
            ),
        ),
        (false, false) => (
            format!("er is nog geen editie zonder {gemeente}: wie nu gaat blijft meetellen in elke stemming"),
            format!("there is no edition without {gemeente} yet: who goes now goes on counting in every vote"),
            (
                "stem eerst voor zo'n editie (leerkring charter propose --remove CODE, of endorse), of ga toch met --now",
                "first vote for such an edition (leerkring charter propose --remove CODE, or endorse), or go with --now",
            ),
        ),
    }
}

/// What was asked of the next edition.
fn of_asked(error: SignError) -> CommandError {
    let (exit, nl, en, hint) = match &error {
        SignError::NothingAsked => (
            Exit::Usage,
            "dit verandert niets".to_owned(),
            "this changes nothing".to_owned(),
            (
                "zeg wat er moet veranderen; een schorsing heft u op met --lift CODE; zie leerkring charter propose --help",
                "say what is to change; a suspension ends with --lift CODE; see leerkring charter propose --help",
            ),
        ),
        SignError::MemberAlready { gemeente } => (
            Exit::Conflict,
            format!("{gemeente} is al lid"),
            format!("{gemeente} is a member already"),
            (
                "is het een nieuwe kaart van dat lid, geef haar dan met --renew",
                "if it is a new card of that member, give it with --renew",
            ),
        ),
        SignError::NoMore { gemeente } => (
            Exit::Conflict,
            format!("{gemeente} is opgegaan in een andere gemeente"),
            format!("{gemeente} became part of another gemeente"),
            SEE_SHOW,
        ),
        SignError::NotOnHold { gemeente } => (
            Exit::Conflict,
            format!("{gemeente} is niet geschorst"),
            format!("{gemeente} is not on hold"),
            SEE_SHOW,
        ),
        SignError::NoMember { gemeente } => (
            Exit::Conflict,
            format!("{gemeente} is geen lid"),
            format!("{gemeente} is no member"),
            (
                "zie leerkring charter show; wie erbij moet komen geeft een kaart (--add KAART)",
                "see leerkring charter show; who is to join gives a card (--add CARD)",
            ),
        ),
        SignError::HeightsMissing { gemeente } => (
            Exit::Conflict,
            format!("een node van {gemeente} zou ophouden, en hier is niet bekend waar"),
            format!("a node of {gemeente} would end, and it is not known here where"),
            CATCH_UP,
        ),
        other => (Exit::Internal, other.to_string(), other.to_string(), SEE_SHOW),
    };
    told(exit, (nl, en), hint, error)
}

/// What is wrong with a card of somebody else.
fn of_card(error: SignError) -> CommandError {
    let (exit, nl, en, hint) = match &error {
        SignError::EndedNode { gemeente, node } => (
            Exit::Conflict,
            format!("op de kaart van {gemeente} staat node {node}, en die is voorgoed beëindigd"),
            format!("the card of {gemeente} has node {node}, which has ended for good"),
            (
                "laat die gemeente een nieuwe node maken en daarvan een kaart",
                "let that gemeente make a new node and a card of that",
            ),
        ),
        SignError::ReplacedRoot { gemeente } => (
            Exit::Input,
            format!("deze kaart van {gemeente} noemt de wortelsleutel die zij verving"),
            format!("this card of {gemeente} names the root key that it replaced"),
            (
                "vraag de kaart die zij na leerkring keys rotate maakte (leerkring charter card)",
                "ask for the card that it made after leerkring keys rotate (leerkring charter card)",
            ),
        ),
        other => (Exit::Internal, other.to_string(), other.to_string(), SEE_SHOW),
    };
    told(exit, (nl, en), hint, error)
}

fn of_suspension(error: SignError) -> CommandError {
    let (nl, en, hint) = match &error {
        SignError::Itself => (
            "een lid schorst zichzelf niet".to_owned(),
            "a member does not put itself on hold".to_owned(),
            (
                "beëindig een gestolen nodesleutel zelf, met de wortelsleutel",
                "end a stolen node key yourself, with the root key",
            ),
        ),
        SignError::TooFew { needed } => (
            format!("er zijn te weinig andere leden: een schorsing vraagt er {needed}"),
            format!("there are too few other members: to put one on hold takes {needed}"),
            (
                "stel een editie zonder dat lid voor (leerkring charter propose --remove CODE)",
                "propose an edition without that member (leerkring charter propose --remove CODE)",
            ),
        ),
        _ => (
            "deze gemeente heeft hier al om gevraagd".to_owned(),
            "this gemeente has asked for this already".to_owned(),
            (
                "zie leerkring charter show: hoeveel er nog nodig zijn",
                "see leerkring charter show: how many more it takes",
            ),
        ),
    };
    told(Exit::Conflict, (nl, en), hint, error)
}

/// Why nothing is asked to be taken back.
fn of_withdrawal(error: SignError) -> CommandError {
    let (nl, en, hint) = match &error {
        SignError::Withdrawn { .. } => (
            "dit document is al ingetrokken".to_owned(),
            "this document is withdrawn already".to_owned(),
            (
                "leerkring receipts toont wie het wissen bevestigde",
                "leerkring receipts shows who confirmed the erasure",
            ),
        ),
        SignError::NoSay { gemeente, owner } => (
            format!("{gemeente} stemde in geen editie samen met {owner}, en beslist hier niet over mee"),
            format!("{gemeente} voted in no edition beside {owner}, and has no say about this"),
            SEE_SHOW,
        ),
        _ => (
            "met deze wortelsleutel is zoveel ingetrokken als met een sleutel kan".to_owned(),
            "with this root key as much was withdrawn as one key can".to_owned(),
            (
                "laat een ander lid erom vragen, of vervang de sleutel (leerkring keys rotate)",
                "let another member ask for it, or replace the key (leerkring keys rotate)",
            ),
        ),
    };
    told(Exit::Conflict, (nl, en), hint, error)
}

/// Which proposal is meant.
fn of_pick(error: SignError) -> CommandError {
    let (nl, en, hint) = match &error {
        SignError::NothingOpen => (
            "er ligt geen voorstel om te tekenen".to_owned(),
            "there is no proposal to sign".to_owned(),
            (
                "is het net gedaan, dan is het nog onderweg; zie leerkring charter show",
                "if it was just made, it is still on its way; see leerkring charter show",
            ),
        ),
        SignError::NoSuchEdition { begin } => (
            format!("geen voorstel begint met {begin:?}"),
            format!("no proposal begins with {begin:?}"),
            SEE_SHOW,
        ),
        SignError::Decided { number, current } if number == current => (
            format!("hierover is al besloten: editie {number} is van kracht"),
            format!("this is decided already: edition {number} is in force"),
            (
                "u hoeft niets meer te tekenen; leerkring charter show toont de editie",
                "there is nothing left to sign; leerkring charter show shows the edition",
            ),
        ),
        SignError::Decided { number, current } => (
            format!("hierover is al besloten: het werd editie {number}, en nu is editie {current} van kracht"),
            format!("this is decided already: it became edition {number}, and edition {current} is in force now"),
            (
                "u hoeft niets meer te tekenen; leerkring charter show toont de editie",
                "there is nothing left to sign; leerkring charter show shows the edition",
            ),
        ),
        SignError::Several { editions } => {
            let all: Vec<String> = editions.iter().map(ToString::to_string).collect();
            let all = all.join(", ");
            (
                format!("er is meer dan een voorstel: {all}"),
                format!("there is more than one proposal: {all}"),
                (
                    "spreek er een af en noem het begin ervan: --edition HASH",
                    "agree on one and give the begin of it: --edition HASH",
                ),
            )
        }
        other => (other.to_string(), other.to_string(), SEE_SHOW),
    };
    told(Exit::Conflict, (nl, en), hint, error)
}

fn of_vote(error: SignError) -> CommandError {
    let (nl, en, hint) = match &error {
        SignError::Voted => (
            "deze gemeente heeft hier al voor getekend".to_owned(),
            "this gemeente has signed this already".to_owned(),
            (
                "zie leerkring charter show: wie nog niet?",
                "see leerkring charter show: who has not?",
            ),
        ),
        SignError::Proposed { edition } => (
            format!("dit voorstel ligt er al: {edition}"),
            format!("this is proposed already: {edition}"),
            (
                "leerkring charter show toont wie het tekende; wie dat nog niet deed doet het met leerkring charter endorse",
                "leerkring charter show tells who signed it; who has not does so with leerkring charter endorse",
            ),
        ),
        SignError::Twice { voted } => (
            format!(
                "deze gemeente tekende in deze ronde al een ander voorstel, {voted}: een tweede stem zou een dubbele stem zijn, en die kan iedereen bewijzen"
            ),
            format!(
                "this gemeente signed another proposal in this ballot, {voted}: a second vote would be a double vote, which anybody can prove"
            ),
            (
                "wil niemand dat meer, dan stemmen de anderen ertegen met leerkring charter propose --against; daarna is er een volgende ronde",
                "if nobody wants that any more, the others vote against it with leerkring charter propose --against; then there is a next ballot",
            ),
        ),
        SignError::Hopeless { other } => {
            let other = other.map_or_else(String::new, |other| format!(" ({other})"));
            (
                format!("dit haalt het niet meer: te veel leden tekenden al een ander voorstel{other}"),
                format!("this cannot be decided any more: too many members signed another proposal{other}"),
                (
                    "teken dat voorstel (leerkring charter endorse), of stem ertegen met leerkring charter propose --against",
                    "sign that proposal (leerkring charter endorse), or vote against it with leerkring charter propose --against",
                ),
            )
        }
        SignError::TooManyVotes => (
            "deze gemeente heeft in zoveel rondes gestemd als bewaard kan blijven".to_owned(),
            "this gemeente has voted in as many ballots as can be kept".to_owned(),
            (
                "laat de anderen tekenen in een ronde waarin deze gemeente al stemde; zie leerkring charter show",
                "let the others sign in a ballot in which this gemeente voted; see leerkring charter show",
            ),
        ),
        _ => (
            "het handvest zou dit niet bewaren: het is te groot, of verdrongen door wat er is".to_owned(),
            "the charter would not keep this: it is too large, or crowded out by what there is".to_owned(),
            (
                "stel minder tegelijk voor, of teken wat er ligt; zie leerkring charter show",
                "propose less at a time, or sign what there is; see leerkring charter show",
            ),
        ),
    };
    told(Exit::Conflict, (nl, en), hint, error)
}

#[cfg(test)]
mod tests {
    use protocol::id::{EditionHash, Gemeente, NodeKey};

    use super::*;

    /// Those that no command of a test can bring about in few steps; the others are in the agreed texts.
    #[test]
    fn what_is_rarely_refused_is_told_in_dutch_and_english_with_what_to_do() {
        let gemeente = Gemeente::new(9901).expect("a code of four digits");
        let rare = [
            SignError::TooManyVotes,
            SignError::NotKept,
            SignError::TooManyWithdrawals,
            SignError::NoSay {
                gemeente,
                owner: gemeente,
            },
            SignError::HeightsMissing { gemeente },
            SignError::EndedNode {
                gemeente,
                node: NodeKey([1; 32]),
            },
            SignError::Hopeless {
                other: Some(EditionHash([2; 32])),
            },
            SignError::Undecided {
                gemeente,
                voted: true,
                last: false,
            },
        ];
        for error in rare {
            let english = error.to_string();
            let told = of_sign(error);
            assert_eq!(told.exit, Exit::Conflict, "{english}");
            assert!(told.hint.is_some(), "{english}");
            assert_ne!(told.message.nl, told.message.en, "{english}");
        }
    }
}
