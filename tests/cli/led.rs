//! TEST ONLY: somebody who is led through `conclave sign --guided`, and answers each question that she expects.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::words::words_of;

use crate::chairs::Chairs;
use crate::holder::{PIN, Talk};
use crate::scene::Scene;

/// What the screen asks to be typed before the first PIN.
pub const PRACTICE: &str = "yz QWAZ 0123456789 -_/";

/// The question behind the pages.
pub const THAT_WAS_IT: &str = "That was the draft. What do you want to do?";
/// The question on her source.
pub const SOURCE: &str = "Where do you have the digest from?";

/// Her conversation.
pub struct Led {
    pub talk: Talk,
}

impl Led {
    pub fn sits(chairs: &Chairs, name: &str, words: &str) -> Led {
        Led { talk: chairs.sits(name, &format!("--guided {words}")) }
    }

    /// Waits for a question with choices and takes one, by its words.
    pub fn takes(&mut self, question: &str, choice: &str) {
        self.talk.until(question);
        let listed = self.talk.until("Number (1 to ");
        let number = listed.lines().find_map(|line| line.trim().strip_suffix(choice)).unwrap_or_else(|| {
            panic!("{choice:?} is not offered: {listed}");
        });
        self.talk.until("): ");
        self.talk.line(number.trim());
    }

    /// Waits for a question and answers it.
    pub fn answers(&mut self, question: &str, answer: &str) {
        self.talk.until(&format!("{question}: "));
        self.talk.line(answer);
    }

    /// Acknowledges so many items, and says what stood above each question.
    pub fn acknowledges(&mut self, items: usize) -> Vec<String> {
        let mut told = Vec::new();
        for number in 1..=items {
            self.talk.until(&format!("{number} of {items}"));
            told.push(self.talk.until("Type yes or no: "));
            self.talk.line("yes");
        }
        told
    }

    /// Types these two lines of her paper.
    pub fn compares(&mut self, one: &str, other: &str) {
        self.takes(SOURCE, "I have it on my own paper or phone");
        self.answers("For example: olga, by phone, today", "olga, by phone");
        self.answers("Line 1 of 2", one);
        self.answers("Line 2 of 2", other);
        self.talk.until("Both lines fit.");
    }

    /// Consents to a draft with so many items, with two lines of its digest.
    pub fn agrees(&mut self, items: usize, draft: Digest) {
        self.acknowledges(items);
        self.takes(THAT_WAS_IT, "Go on");
        self.compares(&words(draft, 2), &group(draft, 7));
        let phrase = self.talk.phrase();
        self.talk.line(&phrase);
    }

    /// The practice line and the PIN.
    pub fn opens_her_token(&mut self) {
        self.answers("Practice line", PRACTICE);
        self.pin();
    }

    pub fn pin(&mut self) {
        self.talk.until("PIN of token ");
        self.talk.until(": ");
        self.talk.line(PIN);
    }

    /// The exit code and the whole screen.
    pub fn end(self) -> (i32, String) {
        self.talk.end()
    }
}

/// The payload of a draft.
pub fn payload(scene: &Scene, folder: &str, draft: usize) -> Digest {
    scene.status(folder)["drafts"][draft]["payload"].as_str().unwrap().parse().unwrap()
}

/// A line of four words, counted from 1.
pub fn words(digest: Digest, line: usize) -> String {
    words_of(digest.as_bytes())[4 * (line - 1)..4 * line].join(" ")
}

/// A group of eight hex digits, counted from 1.
pub fn group(digest: Digest, number: usize) -> String {
    digest.to_string()[8 * (number - 1)..8 * number].to_owned()
}

/// What of a digest stands in a text: a hex group, or all words of one line, wherever it is broken.
pub fn traces(digest: Digest, text: &str) -> Vec<String> {
    let words_only: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let lines = (1..=8).flat_map(|line| [group(digest, line), words(digest, line)]);
    lines.filter(|line| words_only.contains(line)).collect()
}
