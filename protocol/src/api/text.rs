//! Messages for people, in the language they ask for.

use std::borrow::Cow;

/// The language of a message. Dutch unless somebody asks otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Dutch.
    #[default]
    Nl,
    /// English.
    En,
}

impl Lang {
    /// The language of a code such as `en` or `nl-NL`.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        let primary = code.trim().split(['-', '_']).next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "nl" => Some(Self::Nl),
            "en" => Some(Self::En),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that exists here. Weights are not read: clients
    /// write their preference first.
    #[must_use]
    pub fn of_accept_language(header: &str) -> Self {
        let codes = header.split(',').take(16);
        let mut known = codes.filter_map(|part| Self::of_code(part.split(';').next().unwrap_or_default()));
        known.next().unwrap_or_default()
    }

    /// Of two texts the one in this language.
    #[must_use]
    pub fn pick<T>(self, nl: T, en: T) -> T {
        match self {
            Self::Nl => nl,
            Self::En => en,
        }
    }

    /// The code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.pick("nl", "en")
    }
}

/// One message in every language there is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// In Dutch.
    pub nl: Cow<'static, str>,
    /// In English.
    pub en: Cow<'static, str>,
}

impl Message {
    /// A fixed message.
    #[must_use]
    pub const fn new(nl: &'static str, en: &'static str) -> Self {
        Self {
            nl: Cow::Borrowed(nl),
            en: Cow::Borrowed(en),
        }
    }

    /// A message with facts in it.
    #[must_use]
    pub fn with(nl: String, en: String) -> Self {
        Self {
            nl: Cow::Owned(nl),
            en: Cow::Owned(en),
        }
    }

    /// The message in one language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.nl,
            Lang::En => &self.en,
        }
    }
}
