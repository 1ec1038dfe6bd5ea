//! The files for CI systems beside the schemas of their hosts.

use std::fs;
use std::path::Path;

use crate::programs::Workshop;

#[test]
fn the_action_the_recipes_and_the_hooks_hold_to_their_schemas() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shop = Workshop::new();
    for name in ["action.yml", ".pre-commit-hooks.yaml"] {
        shop.write(name, &fs::read(root.join(name)).expect("read"));
    }
    let page = fs::read_to_string(root.join("docs/ci.md")).expect("read");
    let names = ["workflow.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml"];
    let blocks: Vec<&str> =
        page.split("```yaml\n").skip(1).map(|part| part.split("```").next().expect("a block")).collect();
    assert_eq!(blocks.len(), names.len());
    for (name, block) in names.iter().zip(blocks) {
        shop.write(name, block.as_bytes());
    }
    shop.run("check-jsonschema --builtin-schema vendor.github-actions action.yml");
    shop.run("check-jsonschema --builtin-schema vendor.github-workflows workflow.yml");
    shop.run("check-jsonschema --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci .gitlab-ci.yml");
    shop.run("pre-commit validate-manifest .pre-commit-hooks.yaml");
    shop.run("pre-commit validate-config .pre-commit-config.yaml");
}
