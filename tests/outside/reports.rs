//! Reports as other programs read them: SARIF against its schema, JUnit through two parsers.

use serde_json::Value;

use crate::programs::{Workshop, ours};

/// Recordings and an article with findings of all severities, under names that have to be escaped.
fn workshop() -> Workshop {
    let shop = Workshop::new();
    shop.make("silent.wav", "sox -n -r 44100 -c 1 silent.wav trim 0 4");
    let silent = shop.make("silent.mp3", "lame --quiet -b 64 silent.wav silent.mp3");
    shop.write("a 50%: \"b\", Ünï.mp3", &silent);
    shop.write("cut.mp3", &silent[..silent.len() / 2]);
    shop.write("bare.md", b"No title & no <heading>.\n");
    shop
}

/// The findings of the workshop in one run: as JSON, and in the two other forms beside it.
fn findings(shop: &Workshop, paths: &[&str]) -> Vec<Value> {
    let mut arguments = vec!["check", "--format", "json", "--report", "sarif=out.sarif", "--report", "junit=out.xml"];
    arguments.extend(paths);
    let printed: Value = serde_json::from_slice(&ours(&shop.path(""), &arguments)).expect("JSON");
    printed["findings"].as_array().expect("a list").clone()
}

const ALL: [&str; 3] = ["a 50%: \"b\", Ünï.mp3", "cut.mp3", "bare.md"];

#[test]
fn sarif_holds_to_its_schema() {
    let schema = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/target/outside/node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
    );
    let script = "
import json, sys, jsonschema
validator = jsonschema.Draft7Validator(json.load(open(sys.argv[1])), format_checker=jsonschema.FormatChecker())
document = json.load(open(sys.argv[2]))
for error in validator.iter_errors(document):
    print(list(error.absolute_path), error.message)
broken = json.load(open(sys.argv[2]))
broken['runs'][0]['columnKind'] = 'bytes'
assert list(validator.iter_errors(broken)), 'the validator accepts everything'
";
    let shop = workshop();
    shop.write("validate.py", script.as_bytes());
    for paths in [&ALL[..], &["silent.wav"]] {
        let found = findings(&shop, paths);
        let said = shop.run(&format!("python3 validate.py {schema} out.sarif"));
        assert_eq!(String::from_utf8_lossy(&said), "", "{paths:?}");
        let document: Value = serde_json::from_slice(&shop.read("out.sarif")).expect("JSON");
        let results = document["runs"][0]["results"].as_array().expect("a list");
        let same = |result: &Value, finding: &Value| result["ruleId"] == finding["rule"];
        assert!(found.len() == results.len() && found.iter().zip(results).all(|(f, r)| same(r, f)), "{results:#?}");
    }
}

#[test]
fn junit_is_read_by_two_parsers() {
    let script = "
import sys, junitparser, xunitparser
report = junitparser.JUnitXml.fromfile('out.xml')
cases = [case for suite in report for case in suite]
suite, result = xunitparser.parse(open('out.xml'))
failed = [case for case in cases if any(isinstance(r, junitparser.Failure) for r in case.result)]
names = sorted(case.name for case in cases)
assert names == sorted(case.methodname for case in suite), names
assert len(result.failures) == len(failed), (result.failures, failed)
assert all(case.is_passed or case in failed for case in cases)
print(len(cases), len(failed), report.tests, report.failures)
print('\\n'.join(sorted({case.classname for case in cases})))
";
    let shop = workshop();
    shop.write("read.py", script.as_bytes());
    let found = findings(&shop, &ALL);
    let errors = found.iter().filter(|f| f["effective"] == "error").count();
    assert!(errors > 0 && errors < found.len(), "{found:#?}");
    let said = String::from_utf8(shop.run("python3 read.py")).expect("text");
    let (all, paths) = said.split_once('\n').expect("two parts");
    assert_eq!(all, format!("{0} {errors} {0} {errors}", found.len()));
    let mut expected = ALL;
    expected.sort_unstable();
    assert_eq!(paths.trim_end().lines().collect::<Vec<_>>(), expected);
}
