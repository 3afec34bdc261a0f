//! Full text: what has the words that were asked, and what resembles a draft.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::{Expected, QueryFault, code, number, only, parsed, value};
use crate::id::{Gemeente, Week};

/// Most records of one answer.
pub const FOUND_MAX: u32 = 200;
/// Records of one answer when no number is asked.
pub const FOUND_DEFAULT: u32 = 20;
/// Characters of the words that are asked.
pub const WORDS_CHARS_MAX: usize = 400;

/// Where in a text something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plek {
    /// First character, counted from 0.
    pub start: u32,
    /// First character after it.
    pub einde: u32,
}

/// Why a record resembles a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overeenkomst {
    /// Themes of both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub thema: Vec<String>,
    /// Rules of both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regeling: Vec<String>,
    /// The sort of knelpunt of both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub soort_knelpunt: Vec<String>,
    /// Words of the record that the draft has too, or that name the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub woorden: Vec<String>,
}

/// A record that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Treffer {
    /// Its id; of a record that was never shared the local one.
    pub id: String,
    /// Whether it is of this gemeente and never left.
    pub lokaal: bool,
    /// The kind of record.
    pub soort: String,
    /// The gemeente that owns it.
    pub gemeente: Gemeente,
    /// The week it is about.
    pub week: Week,
    /// The state it is in.
    pub staat: String,
    /// The team that recorded it, which only its own gemeente knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// What it is about.
    pub thema: Vec<String>,
    /// A piece of the text that fits best.
    pub tekst: String,
    /// Where in that text the words stand, in characters.
    pub gevonden: Vec<Plek>,
    /// Why it was found.
    pub waarom: Overeenkomst,
}

/// The answer to `GET /v1/zoeken`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gevonden {
    /// The week the states hold for.
    pub peilweek: Week,
    /// How many records fit.
    pub totaal: u64,
    /// Whether these have every word that was asked; otherwise they have the most of them that any record has.
    pub alle_woorden: bool,
    /// Records that were not searched yet, because the index is still being made.
    pub nog_te_lezen: u64,
    /// The best, best first.
    pub treffers: Vec<Treffer>,
    /// How many of all that fit have each code, by field.
    pub facetten: BTreeMap<String, BTreeMap<String, u64>>,
}

/// The answer to `GET /v1/records/{id}/verwanten`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verwanten {
    /// The week the states hold for.
    pub peilweek: Week,
    /// The records that resemble it most, best first.
    pub treffers: Vec<Treffer>,
}

/// How many records that resemble one are asked, and for which week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct VerwantenQuery {
    /// The week the question is asked for; the current week when absent.
    pub peilweek: Option<Week>,
    /// Most records of the answer.
    pub aantal: u32,
}

impl VerwantenQuery {
    /// Reads the question.
    ///
    /// # Errors
    /// [`QueryFault`] for a key it does not take and for a value that does not fit its key.
    pub fn read(pairs: &[(String, String)]) -> Result<Self, QueryFault> {
        only(pairs, &["peilweek", "aantal"])?;
        Ok(Self {
            peilweek: parsed(pairs, "peilweek", Expected::Week)?,
            aantal: number(pairs, "aantal", FOUND_DEFAULT, FOUND_MAX)?,
        })
    }

    /// The question as it goes into a URL.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let week = self.peilweek.map(|week| ("peilweek", week.to_string()));
        let most = (self.aantal > 0).then(|| ("aantal", self.aantal.to_string()));
        week.into_iter().chain(most).collect()
    }
}

/// What is searched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchQuery {
    /// The words.
    pub words: String,
    /// Only this kind.
    pub soort: Option<String>,
    /// Only records with this theme.
    pub thema: Option<String>,
    /// Only records about this rule.
    pub regeling: Option<String>,
    /// Only what this laag recorded.
    pub laag: Option<String>,
    /// Only records this gemeente owns or contributes to.
    pub gemeente: Option<Gemeente>,
    /// Only about this week or a later one.
    pub since: Option<Week>,
    /// Only about this week or an earlier one.
    pub until: Option<Week>,
    /// The week the question is asked for; the current week when absent.
    pub peilweek: Option<Week>,
    /// Most records of the answer.
    pub aantal: u32,
}

impl SearchQuery {
    /// The keys of the question.
    pub const KEYS: &'static [&'static str] = &[
        "q", "soort", "thema", "regeling", "laag", "gemeente", "vanaf", "tot", "peilweek", "aantal",
    ];

    /// Reads the question.
    ///
    /// # Errors
    /// [`QueryFault`] for a key it does not take and for a value that does not fit its key.
    pub fn read(pairs: &[(String, String)]) -> Result<Self, QueryFault> {
        only(pairs, Self::KEYS)?;
        let words = value(pairs, "q")?.unwrap_or_default().trim();
        if words.is_empty() || words.chars().count() > WORDS_CHARS_MAX {
            return Err(QueryFault::Value {
                key: "q",
                value: words.chars().take(64).collect(),
                expected: Expected::Words,
            });
        }
        Ok(Self {
            words: words.to_owned(),
            soort: code(pairs, "soort")?,
            thema: code(pairs, "thema")?,
            regeling: code(pairs, "regeling")?,
            laag: code(pairs, "laag")?,
            gemeente: parsed(pairs, "gemeente", Expected::Gemeente)?,
            since: parsed(pairs, "vanaf", Expected::Week)?,
            until: parsed(pairs, "tot", Expected::Week)?,
            peilweek: parsed(pairs, "peilweek", Expected::Week)?,
            aantal: number(pairs, "aantal", FOUND_DEFAULT, FOUND_MAX)?,
        })
    }

    /// The question as it goes into a URL.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let week = |week: Option<Week>| week.map(|week| week.to_string());
        let all = [
            ("q", Some(self.words.clone())),
            ("soort", self.soort.clone()),
            ("thema", self.thema.clone()),
            ("regeling", self.regeling.clone()),
            ("laag", self.laag.clone()),
            ("gemeente", self.gemeente.map(|code| code.to_string())),
            ("vanaf", week(self.since)),
            ("tot", week(self.until)),
            ("peilweek", week(self.peilweek)),
            ("aantal", (self.aantal > 0).then(|| self.aantal.to_string())),
        ];
        all.into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(query: &[(&str, &str)]) -> Vec<(String, String)> {
        let pairs = query
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        pairs.collect()
    }

    #[test]
    fn what_is_asked_comes_back_as_it_was() {
        let asked = [
            ("q", "geen briefadres"),
            ("soort", "duiding"),
            ("gemeente", "GM0014"),
            ("vanaf", "2026-W01"),
            ("aantal", "5"),
        ];
        let query = SearchQuery::read(&pairs(&asked)).expect("it fits");
        let again: Vec<_> = query.pairs().iter().map(|(key, value)| (*key, value.clone())).collect();
        assert_eq!(again, asked.map(|(key, value)| (key, value.to_owned())));
    }

    #[test]
    fn without_words_or_with_another_key_it_is_no_question() {
        let long = "a".repeat(WORDS_CHARS_MAX + 1);
        for wrong in [
            &[][..],
            &[("q", "  ")],
            &[("q", &long)],
            &[("q", "a"), ("q", "b")],
            &[("q", "a"), ("zin", "1")],
            &[("q", "a"), ("aantal", "201")],
            &[("q", "a"), ("vanaf", "2026")],
        ] {
            assert!(SearchQuery::read(&pairs(wrong)).is_err(), "{wrong:?}");
        }
    }
}
