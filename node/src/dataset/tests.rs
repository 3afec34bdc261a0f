//! That a description has what the profile asks, on a node and in a folder.

use protocol::id::{FederationId, Gemeente, Snapshot, Week};
use serde_json::Value;

use super::{Dataset, Place, Source};
use protocol::api::Uitvoervorm;

/// What DCAT-AP-NL 3.0.0 makes mandatory, with what DCAT-AP 3.0.0 does: `shapes/300` of the profile.
const MANDATORY: &[(&str, &[&str])] = &[
    (
        "dcat:Catalog",
        &[
            "dct:title",
            "dct:description",
            "dct:publisher",
            "dcat:contactPoint",
            "dcat:dataset",
        ],
    ),
    (
        "dcat:Dataset",
        &[
            "dct:title",
            "dct:description",
            "dct:identifier",
            "dct:accessRights",
            "dct:creator",
            "dct:publisher",
            "dcat:contactPoint",
            "dcat:theme",
        ],
    ),
    ("dcat:Distribution", &["dcat:accessURL", "dct:license"]),
    (
        "dcat:DataService",
        &[
            "dct:title",
            "dct:description",
            "dct:identifier",
            "dct:accessRights",
            "dct:publisher",
            "dct:license",
            "dcat:contactPoint",
            "dcat:endpointURL",
            "dcat:endpointDescription",
            "dcat:theme",
        ],
    ),
];

fn dataset() -> Dataset {
    Dataset {
        federation: FederationId([1; 32]),
        edition: 3,
        snapshot: Snapshot([2; 32]),
        peilweek: Week::new(2026, 53).unwrap(),
    }
}

fn source(gemeente: u16) -> Source {
    Source {
        gemeente: Gemeente::new(gemeente).unwrap(),
        name: "Utrecht".to_owned(),
        mailbox: "leerkring@example.nl".to_owned(),
        api: "http://127.0.0.1:8743".to_owned(),
    }
}

/// Every object of a description that says what it is.
fn objects(value: &Value) -> Vec<&Value> {
    let inner: Vec<&Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => return Vec::new(),
    };
    let own = value.get("@type").map(|_| value);
    own.into_iter().chain(inner.into_iter().flat_map(objects)).collect()
}

fn of_type<'a>(described: &'a Value, name: &str) -> Vec<&'a Value> {
    let all = objects(described);
    all.into_iter().filter(|object| object["@type"] == name).collect()
}

#[test]
fn everything_mandatory_is_there() {
    let source = source(344);
    for place in [Place::Node(&source), Place::Folder(Uitvoervorm::Parquet)] {
        let described = dataset().describe(place);
        let in_folder = matches!(place, Place::Folder(_));
        for (name, properties) in MANDATORY {
            let found = of_type(&described, name);
            assert_eq!(found.is_empty(), in_folder && *name == "dcat:DataService", "{name}");
            for (object, property) in found
                .iter()
                .flat_map(|object| properties.iter().map(move |one| (object, one)))
            {
                let value = &object[property];
                assert!(
                    !value.is_null() && *value != Value::Array(Vec::new()),
                    "{name} {property}"
                );
            }
        }
    }
}

#[test]
fn a_folder_is_described_alike_on_every_node_and_opens_nothing() {
    let described = dataset().describe(Place::Folder(Uitvoervorm::Csv));
    let text = described.to_string();
    assert!(!text.contains("127.0.0.1") && !text.contains("Utrecht"), "{text}");
    let forms = of_type(&described, "dcat:Distribution");
    assert_eq!(forms.len(), 1, "what is not in the folder is not there");
    for object in forms {
        assert_eq!(object["dcat:accessURL"]["@id"], "./");
        assert!(
            object["dct:license"]["@id"]
                .as_str()
                .unwrap()
                .ends_with("/geslotenlicentie")
        );
    }
    let access = &of_type(&described, "dcat:Dataset")[0]["dct:accessRights"]["@id"];
    assert!(access.as_str().unwrap().ends_with("/NON_PUBLIC"));
}

#[test]
fn a_gemeente_goes_by_its_public_identifier_and_one_of_the_practice_does_not() {
    let publisher = |gemeente| dataset().describe(Place::Node(&source(gemeente)))["dct:publisher"]["@id"].clone();
    assert_eq!(publisher(344), "https://identifier.overheid.nl/tooi/id/gemeente/gm0344");
    assert_eq!(publisher(9901), "urn:leerkring:gemeente:GM9901");
}

#[test]
fn who_has_no_mailbox_gives_none() {
    let contact = |mailbox: &str| {
        let source = Source {
            mailbox: mailbox.to_owned(),
            ..source(344)
        };
        dataset().describe(Place::Node(&source))["dcat:contactPoint"]["vcard:hasEmail"]["@id"].clone()
    };
    assert_eq!(contact("leerkring@example.nl"), "mailto:leerkring@example.nl");
    assert_eq!(contact(""), Value::Null);
}
