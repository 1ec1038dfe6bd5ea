//! The JSON Schemas of `show.toml` and `episode.toml`, for editors, from the table of keys.

use serde_json::{Map, Value, json};

use super::keys::{EPISODE, Key, Need, SHOW, Shape};

/// The JSON Schema of `show.toml`.
pub fn show() -> Value {
    document("show.toml", "A show: what it is called, where it lives, how it is published.", SHOW)
}

/// The JSON Schema of `episode.toml`.
pub fn episode() -> Value {
    document("episode.toml", "What an episode's publisher overrules.", EPISODE)
}

fn document(title: &str, about: &str, keys: &[Key]) -> Value {
    let mut schema = object(keys);
    schema.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
    schema.insert("title".into(), title.into());
    schema.insert("description".into(), about.into());
    Value::Object(schema)
}

fn object(keys: &[Key]) -> Map<String, Value> {
    let mut properties = Map::new();
    for key in keys {
        let mut property = shape(key.shape);
        property.insert("description".into(), key.about.into());
        properties.insert(key.name.into(), Value::Object(property));
    }
    let required: Vec<&str> = keys.iter().filter(|k| k.need == Need::Required).map(|k| k.name).collect();
    let mut schema = of_type("object");
    schema.insert("properties".into(), Value::Object(properties));
    schema.insert("additionalProperties".into(), false.into());
    if !required.is_empty() {
        schema.insert("required".into(), json!(required));
    }
    schema
}

fn shape(shape_of_key: Shape) -> Map<String, Value> {
    let with = |name: &str, key: &str, value: Value| {
        let mut schema = of_type(name);
        schema.insert(key.into(), value);
        schema
    };
    match shape_of_key {
        Shape::Text | Shape::Zone | Shape::Clock | Shape::Date => of_type("string"),
        Shape::Filled | Shape::File => with("string", "minLength", 1.into()),
        Shape::Flag => of_type("boolean"),
        Shape::Whole => with("integer", "minimum", 1.into()),
        Shape::Number => of_type("number"),
        Shape::Instant => either([of_type("string"), with("number", "minimum", 0.into())]),
        Shape::Url | Shape::BaseUrl => with("string", "pattern", "^https?://".into()),
        Shape::Step(numbers) => with("integer", "enum", json!(numbers)),
        Shape::Choice(words) => with("string", "enum", json!(words)),
        Shape::List(item) => with("array", "items", Value::Object(shape(*item))),
        Shape::OneOrMore(item, most) => {
            let mut list = with("array", "items", Value::Object(shape(*item)));
            if most <= 2 {
                list.insert("maxItems".into(), most.into());
            }
            either([shape(*item), list])
        }
        Shape::Table(keys) => object(keys),
        Shape::TextOrTable(text, keys) => either([shape(*text), object(keys)]),
        Shape::Words => with("object", "additionalProperties", json!({ "type": "string" })),
    }
}

fn of_type(name: &str) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("type".into(), name.into());
    schema
}

fn either(shapes: [Map<String, Value>; 2]) -> Map<String, Value> {
    let mut schema = Map::new();
    schema.insert("anyOf".into(), Value::Array(shapes.into_iter().map(Value::Object).collect()));
    schema
}
