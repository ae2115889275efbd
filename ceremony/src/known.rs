//! Known answers: what this build computes, held against what was recorded once. It promises to notice a build or a machine that
//! computes something else. It does not prove that what was recorded is right; the vectors of the tests do that.

use crate::canonical;
use crate::digest::Digest;
use crate::document::Document;
use crate::key::{PublicKey, Scheme};
use crate::words::{bytes_of, words_of};

/// What the recorded signatures are made over.
pub const MESSAGE: &[u8] = b"conclave: known answer";

/// A computation and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer<'a> {
    /// What goes in.
    pub of: &'a str,
    /// What comes out.
    pub is: &'a str,
}

/// Everything that is recorded. [`Recorded::ours`] is what stands in this build; tests break copies of it.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'a> {
    /// A line for each scheme: its name, a public key, a signature over [`MESSAGE`]; lines that begin with `#` are none.
    pub signatures: &'a str,
    /// SHA-256 (FIPS 180-4, the example of one block).
    pub sha256: Answer<'a>,
    /// The canonical form of a document.
    pub canonical: Answer<'a>,
    /// Bytes in hex, and their PGP words.
    pub words: Answer<'a>,
}

/// One computation, and what was wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was computed.
    pub what: String,
    /// What came out otherwise than recorded; none where all is well.
    pub wrong: Option<&'static str>,
}

impl Recorded<'static> {
    /// What this build has.
    #[must_use]
    pub fn ours() -> Recorded<'static> {
        Recorded {
            signatures: include_str!("known/signatures.txt"),
            sha256: Answer {
                of: "abc",
                is: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            },
            canonical: Answer {
                of: "{ \"b\": [1, true, null],\n \"a\": \"\\u00e9\\n\\\"\\\\\" }",
                is: "{\"a\":\"\u{e9}\n\\\"\\\\\",\"b\":[1,true,null]}",
            },
            words: Answer { of: "e58294f2", is: "topmost Istanbul Pluto vagabond" },
        }
    }
}

impl Recorded<'_> {
    /// Computes everything again.
    #[must_use]
    pub fn check(&self) -> Vec<Check> {
        let schemes = Scheme::ALL.into_iter().map(|scheme| Check {
            what: scheme.name().to_owned(),
            wrong: signature(self.signatures, scheme).err(),
        });
        let others = [
            ("sha256", (Digest::of(self.sha256.of.as_bytes()).to_string() == self.sha256.is).then_some(())),
            ("canonical form", canonical_form(self.canonical)),
            ("pgp words", spoken(self.words)),
        ];
        let other = |(what, right): (&str, Option<()>)| Check {
            what: what.to_owned(),
            wrong: right.is_none().then_some("it gives another answer than the recorded one"),
        };
        schemes.chain(others.into_iter().map(other)).collect()
    }
}

/// The recorded signature holds; with one bit flipped, or over one byte more, it does not.
fn signature(recorded: &str, scheme: Scheme) -> Result<(), &'static str> {
    let fields = |line: &str| {
        let mut fields = line.split(' ');
        let [Some(name), Some(key), Some(sig), None] =
            std::array::from_fn(|_| fields.next().map(str::to_owned))
        else {
            return None;
        };
        (name == scheme.name()).then_some((key, sig))
    };
    let (key, sig) = recorded.lines().find_map(fields).ok_or("nothing is recorded for it")?;
    let read = |text: &str| hex::decode(text).map_err(|_| "what is recorded for it cannot be read");
    let key =
        PublicKey::from_spki_der(&read(&key)?, scheme).map_err(|_| "it takes the recorded key for none")?;
    let mut sig = read(&sig)?;
    key.verify(&MESSAGE, &sig).map_err(|_| "it refuses the recorded signature")?;
    let longer = [MESSAGE, b"!"].concat();
    if key.verify(&longer, &sig).is_ok() {
        return Err("it accepts the recorded signature over another message");
    }
    let middle = sig.len() / 2;
    sig[middle] ^= 1;
    match key.verify(&MESSAGE, &sig) {
        Err(_) => Ok(()),
        Ok(()) => Err("it accepts a signature of which a bit is flipped"),
    }
}

fn canonical_form(answer: Answer<'_>) -> Option<()> {
    let document = Document::read(answer.of.as_bytes().to_vec()).ok()?;
    let bytes = canonical::bytes(document.root());
    let digest = canonical::digest(document.root()).0;
    (bytes == answer.is.as_bytes() && digest == Digest::of(answer.is.as_bytes())).then_some(())
}

fn spoken(answer: Answer<'_>) -> Option<()> {
    let bytes = hex::decode(answer.of).ok()?;
    (words_of(&bytes).join(" ") == answer.is && bytes_of(answer.is).ok()? == bytes).then_some(())
}
