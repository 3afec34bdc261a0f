//! The description of an export: Data Package 2 (datapackage.org), from the same catalogue as the tables.
//!
//! A key that another table always has is a foreign key. A record may name another that is not here, or was taken back:
//! such a column says where it would be found (`refersTo`), and breaks nothing when it is not.

use protocol::api::{Momentopname, Uitvoervorm};
use protocol::export::{WITHDRAWN, WITHDRAWN_COLUMNS, WITHDRAWN_SINCE};
use serde_json::{Map, Value, json};

use super::super::tables::{Column, ColumnKind, TABLES, Table, Words, all_words};
use super::Suppressed;
use super::archive::Written;
use super::paper::{RIGHTS, citation_of, title};

const PROFILE: &str = "https://datapackage.org/profiles/2.0/datapackage.json";
const TABLE_PROFILE: &str = "https://datapackage.org/profiles/2.0/tableschema.json";
/// For who belongs to the federation only.
const ACCESS: &str = "http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC";

/// Path, name and meaning of what was withdrawn.
type Withdrawal = (&'static str, &'static str, Words);

const WITHDRAWN_THEN: Withdrawal = (
    WITHDRAWN,
    "ingetrokken",
    Words {
        nl: "Wat is ingetrokken: nergens anders in deze map",
        en: "What was withdrawn: nowhere else in this folder",
    },
);
const WITHDRAWN_LATER: Withdrawal = (
    WITHDRAWN_SINCE,
    "ingetrokken-sindsdien",
    Words {
        nl: "Wat na dit snapshot is ingetrokken: ook dat staat nergens anders in deze map",
        en: "What was withdrawn after this snapshot: that too is nowhere else in this folder",
    },
);

/// The whole description. `counts` has the rows of each table of the catalogue, in its order.
pub(super) fn describe(
    told: &Momentopname,
    form: Uitvoervorm,
    counts: &[u64],
    suppressed: Suppressed,
    files: &[Written],
) -> Value {
    let tables = TABLES.iter().zip(counts);
    let mut resources: Vec<Value> = tables
        .filter_map(|(table, count)| {
            let path = format!("{}.{}", table.name, form.ending());
            let file = files.iter().find(|file| file.path == path)?;
            Some(resource(table, *count, form, file))
        })
        .collect();
    for (path, name, about) in [WITHDRAWN_THEN, WITHDRAWN_LATER] {
        let withdrawn = files.iter().find(|file| file.path == path);
        resources.extend(withdrawn.map(|file| withdrawn_resource(name, &about, file)));
    }
    let title = title(told);
    json!({
        "$schema": PROFILE,
        "name": format!("leerkring-{}", &told.snapshot.to_string()[..16]),
        "id": format!("urn:leerkring:snapshot:{}", told.snapshot),
        "version": told.peilweek.to_string(),
        "title": title.nl,
        "titleEn": title.en,
        "rights": RIGHTS.nl,
        "rightsEn": RIGHTS.en,
        "accessRights": ACCESS,
        "citation": citation_of(told),
        "snapshot": told.snapshot,
        "referenceWeek": told.peilweek,
        "federation": told.federatie,
        "edition": told.editie,
        "versions": told.versies,
        "suppressed": {"hidden": suppressed.hidden, "unreadable": suppressed.unreadable},
        "resources": resources,
    })
}

fn resource(table: &Table, count: u64, form: Uitvoervorm, file: &Written) -> Value {
    let mut described = described(table.name, &table.about, file, form);
    described.insert("rows".to_owned(), count.into());
    let fields: Vec<Value> = table.columns.iter().map(|column| field(table, column, form)).collect();
    let mut schema = json!({
        "$schema": TABLE_PROFILE,
        "fields": fields,
        "fieldsMatch": "exact",
        "primaryKey": table.key,
        "missingValues": [""],
    });
    let foreign: Vec<Value> = table
        .columns
        .iter()
        .filter_map(|column| foreign_key(table, column))
        .collect();
    if !foreign.is_empty() {
        schema["foreignKeys"] = foreign.into();
    }
    described.insert("schema".to_owned(), schema);
    described.into()
}

fn described(name: &str, about: &Words, file: &Written, form: Uitvoervorm) -> Map<String, Value> {
    let (format, media) = match form {
        Uitvoervorm::Csv | Uitvoervorm::Excel => ("csv", "text/csv"),
        Uitvoervorm::Jsonl => ("jsonl", "application/jsonl"),
        Uitvoervorm::Parquet => ("parquet", "application/vnd.apache.parquet"),
    };
    let mut described = Map::new();
    let mut put = |key: &str, value: Value| described.insert(key.to_owned(), value);
    put("name", name.into());
    put("path", file.path.as_str().into());
    put("type", "table".into());
    put("title", about.nl.into());
    put("titleEn", about.en.into());
    put("format", format.into());
    put("mediatype", media.into());
    put("bytes", file.bytes.into());
    put("hash", format!("sha256:{}", file.sha256).into());
    if form != Uitvoervorm::Parquet {
        put("encoding", "utf-8".into());
    }
    if matches!(form, Uitvoervorm::Csv | Uitvoervorm::Excel) {
        let delimiter = if form == Uitvoervorm::Excel { ";" } else { "," };
        let dialect = json!({"header": true, "delimiter": delimiter, "quoteChar": "\"", "doubleQuote": true,
            "lineTerminator": "\r\n"});
        put("dialect", dialect);
    }
    described
}

fn field(table: &Table, column: &Column, form: Uitvoervorm) -> Value {
    let kind = match column.kind {
        ColumnKind::Text => "string",
        ColumnKind::Integer => "integer",
        ColumnKind::Real => "number",
        ColumnKind::Boolean => "boolean",
    };
    let mut field =
        json!({"name": column.name, "type": kind, "description": column.about.nl, "descriptionEn": column.about.en});
    if table.key.contains(&column.name) {
        field["constraints"] = json!({"required": true});
    }
    if column.kind == ColumnKind::Boolean {
        field["trueValues"] = json!(["true", "1"]);
        field["falseValues"] = json!(["false", "0"]);
    }
    if column.kind == ColumnKind::Real && form == Uitvoervorm::Excel {
        field["decimalChar"] = json!(",");
    }
    if let Some(unit) = column.unit {
        field["unit"] = unit.into();
    }
    if let Some(list) = column.codes {
        let words = all_words().into_iter().filter(|(name, ..)| *name == list);
        let words = words.map(|(_, code, nl, en)| json!({"value": code, "label": nl, "labelEn": en}));
        field["codes"] = list.into();
        field["categories"] = words.collect::<Vec<_>>().into();
    }
    if let Some(other) = column.refers.filter(|_| !is_kept(table, column)) {
        field["refersTo"] = json!({"resource": other, "fields": key_of(other)});
    }
    field
}

/// Whether a row goes with the row that its column refers to.
fn is_kept(table: &Table, column: &Column) -> bool {
    table.key.first() == Some(&column.name)
}

fn foreign_key(table: &Table, column: &Column) -> Option<Value> {
    let other = column.refers.filter(|_| is_kept(table, column))?;
    let reference = json!({"resource": other, "fields": key_of(other)});
    Some(json!({"fields": [column.name], "reference": reference}))
}

fn key_of(table: &str) -> Vec<&'static str> {
    Table::named(table).map(|table| table.key.to_vec()).unwrap_or_default()
}

fn withdrawn_resource(name: &str, about: &Words, file: &Written) -> Value {
    let mut described = described(name, about, file, Uitvoervorm::Csv);
    let fields = WITHDRAWN_COLUMNS.map(|name| json!({"name": name, "type": "string"}));
    let schema = json!({"$schema": TABLE_PROFILE, "fields": fields, "primaryKey": ["document"], "missingValues": [""]});
    described.insert("schema".to_owned(), schema);
    described.into()
}
