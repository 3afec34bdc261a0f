//! The same record with its links named otherwise: a local record links to ids of the vault, and what it became in the
//! network has another.

use super::{Fields, Merged, Reference, Row, Told, Value};

impl Merged {
    /// The same with every link as `named` names it.
    #[must_use]
    pub fn relinked(&self, named: &dyn Fn(&Reference) -> Reference) -> Self {
        let told = |told: &Told| match told {
            Told::One(value) => Told::One(relinked(value, named)),
            Told::Each(each) => {
                let each = each.iter();
                Told::Each(each.map(|(who, value)| (*who, relinked(value, named))).collect())
            }
        };
        let fields = self.fields.iter().map(|(name, one)| (name.clone(), told(one)));
        Self {
            fields: fields.collect(),
            ..self.clone()
        }
    }
}

/// The same fields with every link as `named` names it.
#[must_use]
pub fn relink(fields: &Fields, named: &dyn Fn(&Reference) -> Reference) -> Fields {
    let fields = fields.iter();
    fields
        .map(|(name, value)| (name.clone(), relinked(value, named)))
        .collect()
}

fn relinked(value: &Value, named: &dyn Fn(&Reference) -> Reference) -> Value {
    let row = |row: &Row| relink(row, named);
    match value {
        Value::Link(link) => Value::Link(named(link)),
        Value::Links(links) => Value::Links(links.iter().map(named).collect()),
        Value::Row(columns) => Value::Row(row(columns)),
        Value::Rows(rows) => Value::Rows(rows.iter().map(|(nr, columns)| (*nr, row(columns))).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn every_link_is_named_anew_also_in_rows() {
        let local = |id: &str| Reference::Local(id.to_owned());
        let fields = |to: &str| {
            let link = Value::Link(local(to));
            let row = Row::from([("leidt_tot".to_owned(), link.clone())]);
            Fields::from([
                ("knelpunt".to_owned(), link),
                ("op".to_owned(), Value::Links([local(to)].into())),
                ("een".to_owned(), Value::Row(row.clone())),
                ("afspraken".to_owned(), Value::Rows(BTreeMap::from([(2, row)]))),
                ("tekst".to_owned(), Value::Text("k-1".to_owned())),
            ])
        };
        let named = |link: &Reference| {
            if *link == local("k-1") {
                local("k-2")
            } else {
                link.clone()
            }
        };
        assert_eq!(relink(&fields("k-1"), &named), fields("k-2"));
    }
}
