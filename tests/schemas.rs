//! The committed JSON Schemas are those of the types. `UPDATE_SCHEMAS=1 cargo test --test schemas` writes them anew.

use std::fs;
use std::path::Path;

use listen_now::report::json;
use listen_now::sources::manifest::schema;
use serde_json::Value;

#[test]
fn the_committed_schemas_are_those_of_the_types() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema");
    let manifests = [("show.toml", schema::show()), ("episode.toml", schema::episode())];
    let documents = json::schemas().into_iter().map(|(name, schema)| (name, schema.to_value()));
    let mut stale = Vec::new();
    for (name, schema) in manifests.into_iter().chain(documents) {
        let file = folder.join(format!("{name}.schema.json"));
        let wanted = serde_json::to_string_pretty(&schema).expect("a schema is JSON") + "\n";
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            fs::create_dir_all(&folder).expect("docs/schema");
            fs::write(&file, &wanted).expect("a schema is written");
        }
        let committed = fs::read_to_string(&file).unwrap_or_default();
        if committed != wanted {
            stale.push(file.display().to_string());
        }
        let parsed: Value = serde_json::from_str(&wanted).expect("JSON");
        assert!(parsed.get("$schema").is_some(), "{name} names its dialect");
    }
    assert!(stale.is_empty(), "not up to date: {stale:?}");
}
