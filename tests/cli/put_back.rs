//! A module's token that is gone between consent and signature, or whose sessions are lost: she puts it back in and goes on where she
//! was. No try is lost and nothing is signed twice; where a signature may exist, that is said and the same command goes on.

use crate::chairs::{Chairs, events};
use crate::holder::{Holder, PIN, Talk, fault};
use crate::scene::tallies;

/// All that a module says once its token is out.
pub const GONE: &str = "C_GetSlotList size=0x0\nC_GetTokenInfo rv=0xe0\nC_OpenSession rv=0xe0\nC_Login rv=0xe0\nC_FindObjectsInit rv=0xb3\nC_SignInit rv=0xb3\nC_Sign rv=0x32";

/// Another token is in its place.
const ANOTHER: &str = "C_GetTokenInfo text=serial:3739";

fn calls(chairs: &Chairs, function: &str) -> usize {
    let log = std::fs::read_to_string(chairs.tokens.path().join("log")).unwrap();
    log.lines().filter(|line| *line == function).count()
}

struct Seated {
    chairs: Chairs,
    talk: Talk,
}

impl Seated {
    /// Anna, as she is asked for her PIN.
    fn at_the_pin() -> Seated {
        let chairs = Chairs::rehearsal().failing("# none");
        let mut talk = chairs.sits("anna", "a");
        talk.consent();
        Seated { chairs, talk }
    }

    fn module_says(&self, rules: &str) {
        std::fs::write(self.chairs.tokens.path().join("rules"), rules).unwrap();
    }

    /// Waits for the question whether it is back.
    fn misses_it(&mut self) {
        self.talk.until("Put the same token back in");
        self.talk.until("Your answer: ");
    }

    fn puts_it_back(&mut self) {
        self.module_says("# back");
        self.talk.line("back in");
        self.talk.until("PIN of token ");
        self.talk.until(": ");
        self.talk.line(PIN);
    }

    fn second_draft(&mut self) -> String {
        self.talk.phrase()
    }

    /// Both drafts have one signature of hers each, and no attempt failed.
    fn signed_both(self, logins: usize) -> String {
        let Seated { chairs, talk } = self;
        let (code, said) = talk.end();
        assert_eq!(code, 0, "{said}");
        assert_eq!((calls(&chairs, "C_Login"), calls(&chairs, "C_Sign")), (logins, 2));
        let a = chairs.scene.path("a");
        assert_eq!((events(&a, "SignatureAdmitted").len(), events(&a, "SigningFailed").len()), (2, 0));
        let all: Vec<_> = tallies(&chairs.scene.status("a")).into_iter().map(|(_, sides)| sides).collect();
        assert_eq!(all, [[(1, 2)], [(1, 2)]]);
        assert!(chairs.tokens_said().iter().all(|(_, tries)| tries.contains("no failed try")), "{said}");
        assert!(!said.contains(PIN), "{said}");
        chairs.scene.replays("a");
        said
    }
}

#[test]
fn a_token_taken_out_before_the_pin_is_sent_is_put_back_and_no_try_is_lost() {
    let mut her = Seated::at_the_pin();
    her.module_says(GONE);
    her.talk.line(PIN);
    her.misses_it();
    for wrong in ["back again please", ""] {
        her.talk.line(wrong);
        her.talk.until("That is not the phrase.");
        her.misses_it();
    }
    // Too early, and then another token in its place.
    for rules in [GONE, ANOTHER] {
        her.module_says(rules);
        her.talk.line("back in");
        her.talk.until("is not there with its keys yet");
        her.misses_it();
    }
    her.puts_it_back();
    let phrase = her.second_draft();
    her.talk.line(&phrase);
    let said = her.signed_both(1);
    assert!(said.contains("The token is gone, or the connection to it was lost."), "{said}");
}

#[test]
fn a_token_taken_out_after_the_pin_is_put_back_and_asks_for_it_again() {
    for rules in [GONE, "C_FindObjectsInit rv=0xb0", "C_FindObjectsInit rv=0x32"] {
        let mut her = Seated::at_the_pin();
        her.talk.line(PIN);
        let phrase = her.second_draft();
        her.module_says(rules);
        her.talk.line(&phrase);
        her.misses_it();
        her.puts_it_back();
        her.signed_both(2);
    }
}

#[test]
fn whoever_does_not_put_it_back_has_lost_nothing_and_goes_on_with_the_same_command() {
    let mut her = Seated::at_the_pin();
    her.module_says(GONE);
    her.talk.line(PIN);
    her.misses_it();
    // The third word that is not the phrase is as good as a no.
    for wrong in ["put back", "back"] {
        her.talk.line(wrong);
        her.talk.until("That is not the phrase.");
        her.misses_it();
    }
    her.talk.line("inside");
    let Seated { chairs, talk } = her;
    let (code, said) = talk.end();
    let told = fault(&said);
    assert_eq!((code, told.error.contains("No PIN try was used")), (4, true), "{told:?}");
    assert!(told.says("the token was removed") && told.now.contains("Insert the token again"), "{told:?}");
    assert_eq!(events(&chairs.scene.path("a"), "SigningFailed")[0]["outcome"], "not-signed");
    std::fs::write(chairs.tokens.path().join("rules"), "# back").unwrap();
    chairs.signs_both("anna", "a");
    chairs.signs_both("bela", "a");
    chairs.scene.run("finalize a").good();
    chairs.scene.replays("a");
}

/// The module answers these only once it was given what is to be signed, or begins to: nobody goes on as if nothing was.
#[test]
fn a_session_that_is_lost_while_it_signs_leaves_open_whether_it_did_and_the_same_command_goes_on() {
    for rules in ["C_Sign rv=0xb3", "C_Sign rv=0xb0", "C_Sign rv=0xe0"] {
        let mut her = Seated::at_the_pin();
        her.module_says(rules);
        her.talk.line(PIN);
        let Seated { chairs, talk } = her;
        let (code, said) = talk.end();
        let told = fault(&said);
        assert_eq!((code, told.error.contains("No PIN try was used")), (4, true), "{rules}: {told:?}");
        assert!(told.signed.starts_with("Whether the token signed is not known"), "{rules}: {told:?}");
        assert_eq!(events(&chairs.scene.path("a"), "SigningFailed")[0]["outcome"], "unknown");
        let status = chairs.scene.run("status a").good().out();
        assert!(status.contains("anna"), "the doubt is told with her name: {status}");
        std::fs::write(chairs.tokens.path().join("rules"), "# back").unwrap();
        chairs.signs_both("anna", "a");
        chairs.scene.replays("a");
    }
}

/// The login is lost with all sessions: the PIN is asked for once more, never sent in silence.
#[test]
fn a_login_that_is_lost_is_made_again_with_a_pin_that_is_asked_for() {
    for rules in ["C_SignInit nth=1 rv=0x101", "C_Sign nth=1 rv=0x101"] {
        let mut her = Seated::at_the_pin();
        her.module_says(rules);
        her.talk.line(PIN);
        her.talk.until("PIN of token ");
        her.talk.until(": ");
        assert_eq!(calls(&her.chairs, "C_Login"), 1, "{rules}");
        her.talk.line(PIN);
        let phrase = her.second_draft();
        her.talk.line(&phrase);
        let (code, said) = her.talk.end();
        assert_eq!(code, 0, "{rules}: {said}");
        assert_eq!(events(&her.chairs.scene.path("a"), "SignatureAdmitted").len(), 2);
    }
}

#[test]
fn a_foreign_document_is_signed_in_the_same_way_after_the_token_was_put_back() {
    let holder = Holder::of("first-3of5-ed25519-0sigs", &["k1"]).failing("# none");
    let says = |rules: &str| std::fs::write(holder.tokens.path().join("rules"), rules).unwrap();
    let mut talk = holder.sign("pkcs11:token=alice", &["--log", "my.log.jsonl"]);
    talk.consent();
    says(GONE);
    talk.line(PIN);
    talk.until("Put the same token back in");
    talk.until("Your answer: ");
    says("# back");
    talk.line("back in");
    talk.until("PIN of token ");
    talk.until(": ");
    talk.line(PIN);
    let (code, said) = talk.end();
    assert_eq!(code, 0, "{said}");
    assert_eq!((holder.counted(), holder.calls("C_Sign")), (vec![holder.keyid("k1")], 1));
}
