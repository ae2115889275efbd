//! `docs/spec/bundle.md` says what is so: its example is the bundle of a real draft, and its layout is Python's.

use std::path::Path;
use std::process::Command;

use tuf_ceremony::dialect::Foreign;
use tuf_ceremony::digest::Digest;
use tuf_ceremony::document::Document;
use tuf_ceremony::gather::{Gathered, gather};

use super::mint;

fn read(path: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The draft of the corpus that two of three have to sign and one has.
fn bundle() -> String {
    let text = read("tests/corpus/partial/first-3of5-ed25519-2sigs/draft.json");
    let sha256 = Digest::of(&text);
    let file = Gathered { foreign: Foreign::of(Document::read(text).unwrap()).unwrap(), sha256 };
    mint::written(&gather(&[file], None, None, None).unwrap().0)
}

/// Long lines as the page prints them: their beginning and an ellipsis.
fn shortened(text: &str) -> String {
    let line = |line: &str| match line.char_indices().nth(100) {
        Some((at, _)) if line.len() > 200 => format!("{}…\"\n", &line[..at]),
        _ => format!("{line}\n"),
    };
    text.lines().map(line).collect()
}

#[test]
fn the_example_of_the_page_is_the_bundle_of_the_draft_that_it_names() {
    let page = String::from_utf8(read("docs/spec/bundle.md")).unwrap();
    let example = page.split("```json\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(example, shortened(&bundle()));
}

#[test]
fn a_bundle_has_the_bytes_that_the_layout_rule_of_the_page_gives() {
    let script = "import json,sys; o=json.load(sys.stdin); print(json.dumps(o, indent=1, sort_keys=True))";
    let page = String::from_utf8(read("docs/spec/bundle.md")).unwrap();
    assert!(page.contains("json.dumps(o, indent=1, sort_keys=True)"));
    // The DEL, a quote, a letter beyond ASCII and one beyond the first plane, in a document's text.
    let odd = mint::targets(1, &["a\u{7f}\"é\u{1f511}"]).replace("\\u{7f}", "\u{7f}");
    let key = mint::Key::ed25519("o");
    let root = mint::metadata(&mint::root(1, &[&key], 1, &key));
    let part = mint::signed(mint::part(mint::metadata(&odd), Some(root), None), &[&key]);
    for text in [bundle(), mint::written(&tuf_ceremony::bundle::Bundle::of(part))] {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let file = folder.join(format!("{}.json", Digest::of(text.as_bytes())));
        std::fs::write(&file, &text).unwrap();
        let input = std::fs::File::open(&file).unwrap();
        let out =
            Command::new("python3").args(["-c", script]).stdin(input).output().expect("python3 is there");
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        assert_eq!(String::from_utf8(out.stdout).unwrap(), text);
    }
}
