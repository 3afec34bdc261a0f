//! Questions in SQL: waits until the tables show what is known, hands the question to the desk, and says what is wrong with it.

use protocol::api::{
    self, Kolom, KolomSoort, Lang, ROWS_DEFAULT, Tabel, TabelPage, TabelRegel, Voorbeeldvraag, VoorbeeldvraagPage,
    Werk, WerkStatus, WorkerLine, Zoekantwoord, ZoekvraagAsked,
};
use protocol::id::{RecordId, Snapshot, Week};
use serde_json::Value;

use super::backend::{Answers, TRIES, view_failed};
use super::dataset;
use crate::driver::PATIENCE;
use crate::http::{Failure, Questions, Thing};
use crate::stop::Stop;
use crate::view::sql::{Answer, Asked, BYTES_MAX, DeskError, Fault, Found, Parameters, ROWS_MAX};
use crate::view::tables::{Column, ColumnKind, Index, QUESTIONS, TABLES, Words};

/// Bytes of the words that records are looked for by.
const SEARCH_BYTES_MAX: usize = 1_000;

/// What the desk is doing.
pub(super) fn line(answers: &Answers) -> WorkerLine {
    let running = answers.desk.running() as u64;
    let status = if running == 0 {
        WerkStatus::Rust
    } else {
        WerkStatus::Bezig
    };
    WorkerLine {
        wachtrij: running,
        ..WorkerLine::new(Werk::Zoekvragen, status)
    }
}

impl Questions for Answers {
    fn ask_sql(&self, asked: &ZoekvraagAsked, stop: &Stop, lang: Lang) -> Result<(Zoekantwoord, Vec<u8>), Failure> {
        let words = words(asked, lang)?;
        let mut asked = Asked {
            sql: asked.sql.clone(),
            parameters: parameters(&asked.parameters, lang)?,
            rows: asked.rijen.unwrap_or(ROWS_DEFAULT).min(ROWS_MAX),
            bytes: BYTES_MAX,
            ms: u64::from(self.config.sql_seconds) * 1_000,
            found: None,
        };
        for _ in 0..TRIES {
            self.wait_shown()?;
            if self.readers.wait_for_tables(PATIENCE) > 0 {
                break;
            }
            asked.found = words.map(|words| found(self, words)).transpose()?;
            let answer = self.desk.ask(&asked, stop).map_err(not_answered)?;
            let answer = answer.map_err(|fault| wrong(&fault, lang))?;
            if let (Some(peilweek), Some(snapshot)) = (answer.shown.peilweek, answer.shown.snapshot) {
                return Ok(whole(answer, peilweek, snapshot));
            }
        }
        Err(self.behind())
    }

    fn asked_most(&self, lang: Lang) -> VoorbeeldvraagPage {
        let numbered = (1_u32..).zip(&QUESTIONS);
        let vragen = numbered.map(|(nr, question)| Voorbeeldvraag {
            nr,
            vraag: said(&question.about, lang),
            sql: question.sql.to_owned(),
        });
        VoorbeeldvraagPage {
            vragen: vragen.collect(),
        }
    }

    fn tables(&self, lang: Lang) -> TabelPage {
        let mut tabellen: Vec<TabelRegel> = Vec::new();
        for table in TABLES {
            tabellen.push(TabelRegel {
                naam: table.name.to_owned(),
                over: said(&table.about, lang),
                kolommen: u32::try_from(table.columns.len()).unwrap_or(u32::MAX),
            });
        }
        tabellen.sort_by(|one, other| one.naam.cmp(&other.naam));
        TabelPage { tabellen }
    }

    fn dataset(&self) -> Result<Value, Failure> {
        dataset::describe(self)
    }

    fn table(&self, name: &str, lang: Lang) -> Result<Tabel, Failure> {
        for table in TABLES {
            if table.name.eq_ignore_ascii_case(name) {
                return Ok(Tabel {
                    naam: table.name.to_owned(),
                    over: said(&table.about, lang),
                    sleutel: table.key.iter().map(|key| (*key).to_owned()).collect(),
                    kolommen: table.columns.iter().map(|column| described(column, lang)).collect(),
                    indexen: table.indexes().map(index).collect(),
                });
            }
        }
        Err(Failure::Unknown {
            what: Thing::Table,
            id: name.chars().take(64).collect(),
        })
    }
}

fn whole(answer: Answer, peilweek: Week, snapshot: Snapshot) -> (Zoekantwoord, Vec<u8>) {
    let head = Zoekantwoord {
        peilweek,
        snapshot,
        kolommen: answer.columns,
        aantal: answer.count,
        afgekapt: answer.cut,
        rijen: Vec::new(),
    };
    (head, answer.rows)
}

fn described(column: &Column, lang: Lang) -> Kolom {
    let name = |name: Option<&'static str>| name.map(str::to_owned);
    Kolom {
        naam: column.name.to_owned(),
        soort: match column.kind {
            ColumnKind::Text => KolomSoort::Tekst,
            ColumnKind::Integer => KolomSoort::Geheel,
            ColumnKind::Real => KolomSoort::Getal,
            ColumnKind::Boolean => KolomSoort::JaNee,
        },
        over: said(&column.about, lang),
        eenheid: name(column.unit),
        codes: name(column.codes),
        verwijst: name(column.refers),
    }
}

fn index(index: &Index) -> api::Index {
    api::Index {
        naam: index.name.to_owned(),
        kolommen: index.columns.iter().map(|column| (*column).to_owned()).collect(),
        gevuld: index.filled.map(str::to_owned),
    }
}

fn said(words: &Words, lang: Lang) -> String {
    lang.pick(words.nl, words.en).to_owned()
}

/// The words that records are to be looked for by.
fn words(asked: &ZoekvraagAsked, lang: Lang) -> Result<Option<&str>, Failure> {
    let words = asked.zoeken.as_deref();
    let told = |(nl, en): (&str, &str)| {
        Failure::Input(api::Fault {
            pad: "zoeken".to_owned(),
            melding: lang.pick(nl, en).to_owned(),
            ..api::Fault::default()
        })
    };
    match words {
        Some(words) if words.trim().is_empty() => Err(told((
            "zoeken heeft minstens een woord nodig",
            "zoeken needs a word at least",
        ))),
        Some(words) if words.len() > SEARCH_BYTES_MAX => Err(told((
            "zoeken heeft hoogstens 1000 bytes",
            "zoeken has 1000 bytes at most",
        ))),
        words => Ok(words),
    }
}

/// What full text finds, once all that is shown can be found.
fn found(answers: &Answers, words: &str) -> Result<Vec<Found>, Failure> {
    let (hits, unread) = answers.readers.hits(words).map_err(view_failed)?;
    if unread > 0 {
        return Err(answers.behind());
    }
    let found = hits.into_iter().map(|hit| Found {
        id: RecordId(hit.key).to_string(),
        score: hit.score,
    });
    Ok(found.collect())
}

fn parameters(given: &Value, lang: Lang) -> Result<Parameters, Failure> {
    match given {
        Value::Null => Ok(Parameters::default()),
        Value::Array(values) => Ok(Parameters::Listed(values.clone())),
        Value::Object(values) => Ok(Parameters::Named(values.clone().into_iter().collect())),
        _ => Err(Failure::Input(api::Fault {
            pad: "parameters".to_owned(),
            melding: lang.pick(
                "parameters is een lijst waarden, of een object met een waarde per naam".to_owned(),
                "parameters is a list of values, or an object with a value per name".to_owned(),
            ),
            ..api::Fault::default()
        })),
    }
}

/// What is wrong with a question, for whoever asked it.
fn wrong(fault: &Fault, lang: Lang) -> Failure {
    if let Fault::View { text, .. } = fault {
        return Failure::internal(format!("the view failed: {text}"));
    }
    if fault.kind() != api::ProblemKind::Invoer {
        return Failure::Told {
            kind: fault.kind(),
            message: fault.message(),
            hint: fault.hint(),
        };
    }
    let place = fault.place();
    Failure::Input(api::Fault {
        pad: "sql".to_owned(),
        regelnummer: place.map(|place| place.line),
        kolom: place.map(|place| place.column),
        melding: fault.message().text(lang).to_owned(),
        hint: fault.hint().map(|hint| hint.text(lang).to_owned()),
        toegestaan: fault.near().to_vec(),
    })
}

fn not_answered(error: DeskError) -> Failure {
    match error {
        // Nobody hears this.
        DeskError::Stopped => Failure::Busy,
        error => Failure::internal(error),
    }
}
