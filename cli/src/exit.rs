//! How a command ends: one number per kind of ending, the same for every command.

use protocol::api::{Lang, ProblemKind};

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// It did what was asked.
    Ok = 0,
    /// It looked, and what it found is not right: a check failed or the gate holds something back.
    Refused = 1,
    /// It was not clear what was asked.
    Usage = 2,
    /// What was given to work on is wrong.
    Input = 3,
    /// The node does not answer.
    Unreachable = 4,
    /// This user may not do this.
    Permission = 5,
    /// It does not go together with how things stand.
    Conflict = 6,
    /// The software itself failed.
    Internal = 70,
}

impl Exit {
    /// Every ending.
    pub const ALL: [Self; 8] = [
        Self::Ok,
        Self::Refused,
        Self::Usage,
        Self::Input,
        Self::Unreachable,
        Self::Permission,
        Self::Conflict,
        Self::Internal,
    ];

    /// The number.
    #[must_use]
    pub fn code(self) -> u8 {
        self as u8
    }

    /// What the number says to a person.
    #[must_use]
    pub fn meaning(self, lang: Lang) -> &'static str {
        let (nl, en) = match self {
            Self::Ok => ("gelukt", "done"),
            Self::Refused => (
                "een controle klopt niet, of de poort houdt iets tegen",
                "a check failed, or the gate holds something back",
            ),
            Self::Usage => ("de opdracht zelf klopt niet", "the command itself is wrong"),
            Self::Input => ("de invoer klopt niet", "the input is wrong"),
            Self::Unreachable => ("de node antwoordt niet", "the node does not answer"),
            Self::Permission => ("geen toegang", "no permission"),
            Self::Conflict => (
                "gaat nu niet samen, of is al in gebruik",
                "not as things stand, or in use already",
            ),
            Self::Internal => ("fout in leerkring zelf", "fault in leerkring itself"),
        };
        match lang {
            Lang::Nl => nl,
            Lang::En => en,
        }
    }

    /// The ending that belongs to a problem of the API.
    #[must_use]
    pub fn of_problem(kind: Option<ProblemKind>) -> Self {
        use ProblemKind as P;
        match kind {
            Some(P::Invoer | P::NietUniek | P::NietGevonden | P::TeGroot | P::Mediatype) => Self::Input,
            Some(P::Toegang | P::NietBevoegd) => Self::Permission,
            Some(P::Conflict | P::Achterhaald | P::Voorwaarde | P::Vervallen) => Self::Conflict,
            Some(P::Geweigerd) => Self::Refused,
            Some(P::Bezet | P::TeLaat) => Self::Unreachable,
            Some(P::Intern | P::Methode | P::Storing) | None => Self::Internal,
        }
    }
}
