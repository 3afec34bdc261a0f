//! What the merged tables are, for a catalogue of data: DCAT-AP-NL 3.0.0 as JSON-LD.
//!
//! The profile is <https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/>; codes are of the EU vocabularies that it names, a gemeente has
//! the identifier of TOOI. Whoever the data belong to is the federation; whoever gives them out is one of its gemeenten.
//!
//! **Law:** nothing here opens the data: access is non-public and the licence closed, until the participants agree otherwise.

use protocol::api::{Momentopname, Uitvoervorm};
use protocol::id::{FederationId, Gemeente, Snapshot, Week};
use protocol::{export, gemeenten};
use serde_json::{Value, json};

/// The media type of a description.
pub const MEDIA: &str = "application/ld+json";

/// Where the EU keeps its code lists.
const EU: &str = "http://publications.europa.eu/resource/authority";
/// What may be done with the data: nothing without the agreement of the participants.
const CLOSED: &str = "http://standaarden.overheid.nl/owms/terms/geslotenlicentie";
const MEDIA_TYPES: &str = "http://www.iana.org/assignments/media-types";
/// How `datapackage.json` of an export describes the columns.
const TABULAR: &str = "https://datapackage.org/";

/// The state of the tables that is described.
#[derive(Debug, Clone, Copy)]
pub struct Dataset {
    /// Whose it is.
    pub federation: FederationId,
    /// The edition of the charter in force.
    pub edition: u64,
    /// What is in it.
    pub snapshot: Snapshot,
    /// The week whose states it shows.
    pub peilweek: Week,
}

/// The node that gives the tables out.
#[derive(Debug, Clone)]
pub struct Source {
    /// The gemeente it speaks for.
    pub gemeente: Gemeente,
    /// Its name.
    pub name: String,
    /// The functional mailbox for questions; empty when there is none.
    pub mailbox: String,
    /// Where its API is, without a path: `http://127.0.0.1:8743`.
    pub api: String,
}

/// Where the tables are.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// A node gives them out, in any form.
    Node(&'a Source),
    /// The description lies beside them, in the folder of an export.
    Folder(Uitvoervorm),
}

impl From<&Momentopname> for Dataset {
    fn from(told: &Momentopname) -> Self {
        Self {
            federation: told.federatie,
            edition: told.editie.nummer,
            snapshot: told.snapshot,
            peilweek: told.peilweek,
        }
    }
}

impl Dataset {
    /// The description, as a catalogue of one dataset. That of a folder is the same on every node.
    #[must_use]
    pub fn describe(&self, place: Place<'_>) -> Value {
        let federation = self.federation();
        let (publisher, contact) = match place {
            Place::Node(source) => (source.agent(), source.contact()),
            Place::Folder(_) => (self.owner(), self.contact()),
        };
        let mut catalog = json!({
            "@context": context(),
            "@id": format!("{federation}/catalogus"),
            "@type": "dcat:Catalog",
            "dct:title": both("Catalogus van een leerkring", "Catalogue of a leerkring"),
            "dct:description": both(
                "Wat gemeenten in een leerkring van elkaar leren in het sociaal domein.",
                "What gemeenten in a leerkring learn from each other in the sociaal domein.",
            ),
            "dct:creator": self.owner(),
            "dct:publisher": publisher,
            "dct:language": language(),
            "dct:license": closed(),
            "dcat:contactPoint": contact,
            "dcat:dataset": self.dataset(place, &publisher, &contact),
        });
        if let (Place::Node(source), Some(fields)) = (place, catalog.as_object_mut()) {
            fields.insert("dcat:service".to_owned(), self.service(source, &publisher, &contact));
        }
        catalog
    }

    fn dataset(&self, place: Place<'_>, publisher: &Value, contact: &Value) -> Value {
        let (snapshot, peilweek, edition) = (self.snapshot, self.peilweek, self.edition);
        let (page, forms) = match place {
            Place::Node(source) => (format!("{}/tabellen", source.root()), Uitvoervorm::ALL.to_vec()),
            Place::Folder(form) => (export::README.to_owned(), vec![form]),
        };
        let forms = forms.into_iter().map(|form| self.distribution(form, place));
        json!({
            "@id": format!("{}/dataset", self.federation()),
            "@type": "dcat:Dataset",
            "dct:identifier": format!("{}:{snapshot}", self.federation()),
            "dct:title": both("Leerkring: wat gemeenten van elkaar leren", "Leerkring: what gemeenten learn from each other"),
            "dct:description": both(
                &format!(
                    "Alle tabellen van de federatie {} met de stand van week {peilweek}, editie {edition}, snapshot {snapshot}. \
                     Geanonimiseerd bedoeld; behandel als persoonsgegevens tot uw DPIA anders oordeelt.",
                    self.federation
                ),
                &format!(
                    "All tables of the federation {} as of week {peilweek}, edition {edition}, snapshot {snapshot}. \
                     Meant to be anonymised; treat as personal data until your DPIA says otherwise.",
                    self.federation
                ),
            ),
            "dct:accessRights": non_public(),
            "dct:accrualPeriodicity": { "@id": format!("{EU}/frequency/CONT"), "@type": "dct:Frequency" },
            "dct:conformsTo": tabular(),
            "dct:creator": self.owner(),
            "dct:language": language(),
            "dct:publisher": publisher,
            "dct:spatial": { "@id": format!("{EU}/country/NLD"), "@type": "dct:Location" },
            "dcat:contactPoint": contact,
            "dcat:distribution": forms.collect::<Vec<_>>(),
            "dcat:keyword": [
                dutch("sociaal domein"), dutch("gemeenten"), dutch("lerend vermogen"), dutch("knelpunten"),
            ],
            "dcat:landingPage": { "@id": page, "@type": "foaf:Document" },
            "dcat:theme": theme(),
            "dcat:version": snapshot.to_string(),
            "foaf:page": { "@id": page, "@type": "foaf:Document" },
        })
    }

    fn distribution(&self, form: Uitvoervorm, place: Place<'_>) -> Value {
        let name = form.name();
        let (file_type, media) = types_of(form);
        let url = match place {
            Place::Node(source) => format!("{}/uitvoer?vorm={name}", source.root()),
            Place::Folder(_) => "./".to_owned(),
        };
        let mut distribution = json!({
            "@id": format!("{}/snapshot/{}/{name}", self.federation(), self.snapshot),
            "@type": "dcat:Distribution",
            "dct:title": both(&format!("De tabellen als {name}"), &format!("The tables as {name}")),
            "dct:description": both(
                "Een bestand per tabel, met datapackage.json dat elke kolom beschrijft.",
                "A file per table, with datapackage.json that describes every column.",
            ),
            "dct:conformsTo": tabular(),
            "dct:format": { "@id": format!("{EU}/file-type/{file_type}"), "@type": "dct:MediaTypeOrExtent" },
            "dct:language": language(),
            "dct:license": closed(),
            "dct:rights": rights(),
            "dcat:accessURL": { "@id": url, "@type": "rdfs:Resource" },
            "dcat:downloadURL": { "@id": url, "@type": "rdfs:Resource" },
            "dcat:mediaType": { "@id": format!("{MEDIA_TYPES}/{media}"), "@type": "dct:MediaType" },
        });
        if let (Place::Node(source), Some(fields)) = (place, distribution.as_object_mut()) {
            fields.insert("dcat:accessService".to_owned(), json!({ "@id": source.service() }));
            let zip = json!({ "@id": format!("{MEDIA_TYPES}/application/zip"), "@type": "dct:MediaType" });
            fields.insert("dcat:packageFormat".to_owned(), zip);
        }
        distribution
    }

    fn service(&self, source: &Source, publisher: &Value, contact: &Value) -> Value {
        let root = source.root();
        json!({
            "@id": source.service(),
            "@type": "dcat:DataService",
            "dct:identifier": source.service(),
            "dct:title": both("De API van een node", "The API of a node"),
            "dct:description": both(
                "Vragen in SQL, zoeken en uitvoer, alleen lezen, met een token.",
                "Questions in SQL, search and exports, read-only, with a token.",
            ),
            "dct:accessRights": non_public(),
            "dct:creator": self.owner(),
            "dct:language": language(),
            "dct:license": closed(),
            "dct:publisher": publisher,
            "dct:rights": rights(),
            "dcat:contactPoint": contact,
            "dcat:endpointDescription": { "@id": format!("{root}/openapi.json"), "@type": "rdfs:Resource" },
            "dcat:endpointURL": { "@id": root, "@type": "rdfs:Resource" },
            "dcat:keyword": [dutch("sociaal domein")],
            "dcat:servesDataset": { "@id": format!("{}/dataset", self.federation()) },
            "dcat:theme": theme(),
        })
    }

    fn federation(&self) -> String {
        format!("urn:leerkring:federatie:{}", self.federation)
    }

    /// The gemeenten together.
    fn owner(&self) -> Value {
        json!({ "@id": self.federation(), "@type": "foaf:Agent", "foaf:name": dutch("De deelnemers van de leerkring") })
    }

    /// Who to ask about a folder that anybody may have made: nobody but the participants.
    fn contact(&self) -> Value {
        json!({
            "@id": format!("{}/contact", self.federation()),
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": "De deelnemers van de leerkring",
        })
    }
}

impl Source {
    fn root(&self) -> String {
        format!("{}/v1", self.api)
    }

    fn service(&self) -> String {
        format!("urn:leerkring:node:{}:api", self.gemeente)
    }

    /// The gemeente as TOOI names it. One of the practice has no place there.
    fn agent(&self) -> Value {
        let code = self.gemeente.to_string();
        let id = if gemeenten::all().any(|listed| listed.code == code) {
            format!(
                "https://identifier.overheid.nl/tooi/id/gemeente/{}",
                code.to_lowercase()
            )
        } else {
            format!("urn:leerkring:gemeente:{code}")
        };
        json!({ "@id": id, "@type": "foaf:Agent", "foaf:name": dutch(&format!("Gemeente {}", self.name)) })
    }

    fn contact(&self) -> Value {
        let mut contact = json!({
            "@id": format!("urn:leerkring:gemeente:{}:contact", self.gemeente),
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": format!("Gemeente {}", self.name),
        });
        if let (false, Some(fields)) = (self.mailbox.is_empty(), contact.as_object_mut()) {
            let mailbox = json!({ "@id": format!("mailto:{}", self.mailbox) });
            fields.insert("vcard:hasEmail".to_owned(), mailbox);
        }
        contact
    }
}

/// A form in the EU list of file types, and as a media type.
fn types_of(form: Uitvoervorm) -> (&'static str, &'static str) {
    match form {
        Uitvoervorm::Csv | Uitvoervorm::Excel => ("CSV", "text/csv"),
        Uitvoervorm::Jsonl => ("JSON", "application/json"),
        Uitvoervorm::Parquet => ("PARQUET", "application/vnd.apache.parquet"),
    }
}

fn context() -> Value {
    json!({
        "dcat": "http://www.w3.org/ns/dcat#",
        "dct": "http://purl.org/dc/terms/",
        "foaf": "http://xmlns.com/foaf/0.1/",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "vcard": "http://www.w3.org/2006/vcard/ns#",
    })
}

fn dutch(text: &str) -> Value {
    json!({ "@language": "nl", "@value": text })
}

fn both(nl: &str, en: &str) -> Value {
    json!([dutch(nl), { "@language": "en", "@value": en }])
}

fn language() -> Value {
    json!({ "@id": format!("{EU}/language/NLD"), "@type": "dct:LinguisticSystem" })
}

fn closed() -> Value {
    json!({ "@id": CLOSED, "@type": "dct:LicenseDocument" })
}

fn non_public() -> Value {
    json!({ "@id": format!("{EU}/access-right/NON_PUBLIC"), "@type": "dct:RightsStatement" })
}

fn rights() -> Value {
    json!({
        "@type": "dct:RightsStatement",
        "dct:description": both(
            "Gebruik volgens de overeenkomst van de deelnemers; geen open licentie.",
            "Use by the agreement of the participants; no open licence.",
        ),
    })
}

fn tabular() -> Value {
    json!({ "@id": TABULAR, "@type": "dct:Standard" })
}

fn theme() -> Value {
    json!({
        "@id": format!("{EU}/data-theme/SOCI"),
        "@type": "skos:Concept",
        "skos:prefLabel": both("Bevolking en samenleving", "Population and society"),
    })
}

#[cfg(test)]
mod tests;
