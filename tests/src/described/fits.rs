//! Whether a value is of the form that a schema says: types, names, and the bounds that our description uses.

use serde_json::Value;

use super::Description;

/// What does not fit, with its place.
///
/// # Errors
/// In one sentence.
pub fn check(all: &Description, value: &Value, schema: &Value, place: &str) -> Result<(), String> {
    let schema = all.whole(schema);
    if let Some(either) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let mut wrong = Vec::new();
        for schema in either {
            match check(all, value, schema, place) {
                Ok(()) => return Ok(()),
                Err(why) => wrong.push(why),
            }
        }
        return Err(format!("{place} fits nothing: {}", wrong.join("; ")));
    }
    kind(value, schema, place)?;
    bounds(value, schema, place)?;
    if let (Some(object), Some(known)) = (value.as_object(), schema["properties"].as_object()) {
        for (name, value) in object {
            let place = format!("{place}.{name}");
            match known.get(name) {
                Some(schema) => check(all, value, schema, &place)?,
                None if schema["additionalProperties"] == true => {}
                None => return Err(format!("{place} is not described")),
            }
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            let name = name.as_str().unwrap_or_default();
            if !object.contains_key(name) {
                return Err(format!("{place}.{name} is missing"));
            }
        }
    }
    if let Some(items) = value.as_array().filter(|_| schema["items"].is_object()) {
        for (number, value) in items.iter().enumerate() {
            check(all, value, &schema["items"], &format!("{place}[{number}]"))?;
        }
    }
    Ok(())
}

fn kind(value: &Value, schema: &Value, place: &str) -> Result<(), String> {
    let said = &schema["type"];
    let is = |name: &str| match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    let fits = match said {
        Value::String(name) => is(name),
        Value::Array(names) => names.iter().filter_map(Value::as_str).any(is),
        _ => true,
    };
    fits.then_some(()).ok_or_else(|| format!("{place} is not {said}"))
}

fn bounds(value: &Value, schema: &Value, place: &str) -> Result<(), String> {
    let number = |name: &str| schema[name].as_f64();
    let found = value.as_f64();
    let below = found.zip(number("minimum")).is_some_and(|(found, min)| found < min);
    let above = found.zip(number("maximum")).is_some_and(|(found, max)| found > max);
    let chars = value.as_str().map(|text| text.chars().count() as f64);
    let short = chars.zip(number("minLength")).is_some_and(|(found, min)| found < min);
    let long = chars.zip(number("maxLength")).is_some_and(|(found, max)| found > max);
    if below || above || short || long {
        return Err(format!("{place} is beyond its bounds"));
    }
    let among = schema["enum"]
        .as_array()
        .is_none_or(|words| words.contains(value) || value.is_null());
    let same = schema["const"].is_null() || schema["const"] == *value;
    (among && same)
        .then_some(())
        .ok_or_else(|| format!("{place} is none of its words"))
}
