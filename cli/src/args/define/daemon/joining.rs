//! The commands of coming into a federation that exists, and of letting others in.

use clap::Command;
use protocol::api::Lang;

use super::super::{option, positional};
use super::path;
use crate::args::help::{Text, explained};

pub(super) fn join(lang: Lang) -> Command {
    let text = Text {
        name: "join",
        usage: ("UITNODIGING [OPTIES]", "INVITATION [OPTIONS]"),
        about: (
            "Kom in een federatie die er al is",
            "Come into a federation that exists",
        ),
        more: (
            "Toont wat de uitnodiging zegt en haar vingerafdruk. Bel wie haar schreef, op een nummer dat u al had, en laat de \
             vingerafdruk voorlezen; pas als u zegt dat zij klopt wordt er iets bewaard. De node zoekt daarna de nodes uit de \
             uitnodiging op, tot zij is toegelaten. Zij komt binnen zodra de leden een editie besluiten waar deze gemeente in \
             staat, of zodra haar gemeente de sleutel van deze node tekende (leerkring keys). Tot dan kan zij nog een andere \
             uitnodiging aannemen.",
            "Shows what the invitation says and its fingerprint. Call whoever wrote it, at a number that you had already, and let \
             them read the fingerprint out; only when you say that it is right is anything kept. The node then looks up the \
             nodes of the invitation, until it is let in. It comes in once the members decide for an edition with this gemeente \
             in it, or once its gemeente has signed the key of this node (leerkring keys). Until then it can still take another \
             invitation.",
        ),
        examples: &[
            "leerkring join kring.uitnodiging --node ./westmeer",
            "leerkring join kring.uitnodiging --fingerprint '3f9a 01c2 77e1 90ab 12cd 5e6f 0a1b 2c3d' --node ./westmeer",
        ],
    };
    let help = ("De uitnodiging", "The invitation");
    let file = path(positional(lang, "file", ("UITNODIGING", "INVITATION"), help)).required(true);
    let help = (
        "De vingerafdruk zoals die is voorgelezen",
        "The fingerprint as it was read out",
    );
    let print = option(lang, "fingerprint", ("GROEPEN", "GROUPS"), help);
    explained(lang, &text, [file, print])
}

pub(super) fn pending(lang: Lang) -> Command {
    let text = Text {
        name: "pending",
        usage: ("[OPTIES]", "[OPTIONS]"),
        about: (
            "Toon wie aanklopte en niet werd binnengelaten",
            "Show who knocked and was not let in",
        ),
        more: (
            "Van elke sleutel die verbinding zocht zonder erbij te horen: hoe vaak, wanneer het laatst, vanwaar, of zij ooit \
             voor een gemeente sprak, en wat te doen. De lijst begint bij elke start van de node opnieuw en is kort: wie \
             het langst niet kwam valt eraf.",
            "Of each key that wanted to connect without belonging: how often, when last, from where, whether it ever spoke \
             for a gemeente, and what to do. The list begins anew at each start of the node and is short: whoever did not \
             come for longest drops off.",
        ),
        examples: &["leerkring pending --node ./zuiderwaard", "leerkring pending --json"],
    };
    explained(lang, &text, [])
}
