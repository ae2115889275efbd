//! The guided ceremony with a PIV card beside a software token: a card as it came from the maker is prepared and makes its key in
//! front of everybody, and a key that was made at home gets its card without being made again.

use std::path::{Path, PathBuf};
use std::process::Command;

use conclave_softhsm::{Curve, TokenDir};
use p256::pkcs8::{EncodePublicKey as _, LineEnding};
use sha2::Digest as _;
use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy};

use crate::player::{Answer, Player, Rules, choice, conclave, enter, line};
use crate::room::{NEXT, agreeing, events, today, told};

const ANNAS_PIN: &str = "482616";
const ANNAS_PUK: &str = "90817263";
const BELAS_PIN: &str = "bela-pin-22";

/// The question below the tokens that are in.
const WHICH_TOKEN: &str = "Which token is it?";

/// A machine with a reader for cards and a module, and a plan that waits for Anna's key and Bela's.
struct Bench {
    folder: tempfile::TempDir,
    tokens: TokenDir,
    card: Card,
    station: Station,
}

impl Bench {
    /// Anna's card is as the maker sends it.
    fn new() -> Bench {
        let card = Card::new(Firmware::V5_7_1, 11_111_111);
        let station = Station::start(std::slice::from_ref(&card)).unwrap();
        let tokens = TokenDir::new().unwrap();
        tokens.add_token("bela", "so-pin-1", BELAS_PIN).unwrap();
        let folder = tempfile::Builder::new().prefix("conclave-card-").tempdir().unwrap();
        let bench = Bench { folder, tokens, card, station };
        bench.write_profile();
        // A rehearsal, because a software token is refused for a real root.
        write_plan(bench.folder.path(), true);
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write_profile(&self) {
        let module = self.tokens.module_path();
        let sha256 = hex::encode(sha2::Sha256::digest(std::fs::read(module).unwrap()));
        let (name, socket) = self.station.environment().remove(0);
        let text = format!(
            "format = 1\ndrivers = [\"piv\", \"softhsm\"]\n\n[piv]\nenvironment = {{ {} = {socket:?} }}\n\n\
             [module.softhsm]\npath = {module:?}\nsha256 = \"{sha256}\"\nenvironment = {{ SOFTHSM2_CONF = {:?} }}\n",
            name.to_str().unwrap(),
            self.tokens.conf_path(),
        );
        std::fs::write(self.path("room.toml"), text).unwrap();
    }

    fn begins(&self) -> Player {
        let words = ["run", "--plain", "--profile", "room.toml", "--new", "first.plan.toml", "a"];
        conclave(&words, self.folder.path(), &[])
    }

    /// Everything that is asked on the way, but for what a test asks itself.
    fn rules(&self) -> Rules {
        Rules::default()
            .always("Today (as 2027-03-05)", line(today()))
            .always("[Enter for more]", enter())
            .always("[Enter when it is in]", enter())
            .each(
                "Is this what was reviewed and agreed? What is reviewed is what runs.",
                [choice("Yes: open")],
            )
            .always("Who sits at this keyboard and speaks for the record?", choice("(olga)"))
            .always(
                "Who else is here? Names are written down as what people say of themselves.",
                choice("Nobody else"),
            )
            .always("To make the key, type", Answer::Phrase)
            .always("To let the key sign this card, type", Answer::Phrase)
            .always("If every word agrees, type", Answer::Phrase)
            .always("PIN of token \"YubiKey PIV #11111111\"*", Answer::Pin(ANNAS_PIN.to_owned()))
            .always("PIN of token \"bela\"*", Answer::Pin(BELAS_PIN.to_owned()))
            .always("Has everybody said what belongs into the record?", choice("Yes: close"))
            .and(agreeing(self.path("a")))
    }

    /// Preparing the card with secrets of Anna's own.
    fn prepares(&self) -> Rules {
        Rules::default()
            .each("Prepare the card?", [choice("Prepare it now")])
            .each("To do it, type", [Answer::Phrase])
            .each("New PIN, 6 to 8 characters", [Answer::Pin(ANNAS_PIN.to_owned())])
            .each("New PUK, 8 characters", [Answer::Pin(ANNAS_PUK.to_owned())])
            .each("The same again", [ANNAS_PIN, ANNAS_PUK].map(|secret| Answer::Pin(secret.to_owned())))
    }

    #[track_caller]
    fn proved(&self, head: &str) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_conclave"));
        let done = command.args(["replay", "--head", head, "a"]).current_dir(self.folder.path());
        let done = done.output().unwrap();
        let said = String::from_utf8(done.stdout).unwrap();
        assert!(done.status.success() && said.contains("PROVED"), "{said}");
    }
}

/// A plan for a first root whose two keys are to be made, and the key of a machine.
pub fn write_plan(folder: &Path, rehearsal: bool) {
    let online = p256::ecdsa::SigningKey::from_slice(&[7; 32]).unwrap();
    let online = online.verifying_key().to_public_key_pem(LineEnding::LF).unwrap();
    std::fs::write(folder.join("online.pem"), &online).unwrap();
    let year: u32 = today()[..4].parse().unwrap();
    let text = format!(
        r#"format = 1
rehearsal = {rehearsal}
title = "A card and a token"
kind = "first-root"

[window]
opens = "{year}-01-01"
closes = "{next}-12-31"

[people]
anna = {{ name = "Anna Berg", part = "keyholder" }}
bela = {{ name = "Bela Costa", part = "keyholder" }}
olga = {{ name = "Olga Fries", part = "officer" }}

[keys]
anna = {{ holders = ["anna"], card = "to be made" }}
bela = {{ holders = ["bela"], card = "to be made" }}
online = {{ public = {{ file = "online.pem", sha256 = "{}", scheme = "ecdsa-sha2-nistp256" }} }}

[root]
version = 1
expires = "{later}-12-31T00:00:00Z"
consistent-snapshot = true

[root.roles]
root = {{ keys = ["anna", "bela"], threshold = 2 }}
targets = {{ keys = ["anna", "bela"], threshold = 2 }}
snapshot = {{ keys = ["online"], threshold = 1 }}
timestamp = {{ keys = ["online"], threshold = 1 }}
"#,
        hex::encode(sha2::Sha256::digest(&online)),
        next = year + 1,
        later = year + 3,
    );
    std::fs::write(folder.join("first.plan.toml"), text).unwrap();
}

#[test]
fn a_card_as_it_came_is_prepared_before_a_key_that_is_on_it_gets_its_card() {
    let bench = Bench::new();
    bench.card.generate(0x9c, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never);
    let mut player = bench.begins();
    let mut rules = Rules::default()
        .each(NEXT, ["Make the key anna", "Stop here for now"].map(choice))
        .each(WHICH_TOKEN, [choice("YubiKey PIV")])
        .each("This token holds keys already. What is the plan's key?", [choice("\"9c\"")])
        .each("PIN of token \"YubiKey PIV #11111111\"*", [Answer::Pin(ANNAS_PIN.to_owned())])
        .and(bench.prepares())
        .and(bench.rules());
    assert_eq!((player.play(&mut rules), rules.left().is_empty()), (3, true), "{}", player.pty.text());
    let made = events(&bench.path("a"));
    assert_eq!(made[2..4], ["TokenPrepared", "CardCompared"], "{}", player.pty.text());
    assert!(bench.card.has_pin(ANNAS_PIN), "the PIN that it came with opened nothing");
}

#[test]
fn a_new_card_is_prepared_and_makes_its_key_and_one_from_home_gets_its_card() {
    let bench = Bench::new();
    bench.tokens.generate("bela", BELAS_PIN, "from home", &[0x0b], Curve::Ed25519).unwrap();
    let mut player = bench.begins();
    let to_do = [
        "Make the key anna",
        "Make the key bela",
        "Anna Berg",
        "Bela Costa",
        "Write the final files",
        "Close the ceremony",
        "That is all",
    ];
    let mut rules = Rules::default()
        .each(NEXT, to_do.map(choice))
        .each(WHICH_TOKEN, [choice("YubiKey PIV"), choice("\"bela\"")])
        .each("Which kind of key?", [choice("P-256")])
        // At her signature she types the one that every card comes with, which goes to no card, and then her own.
        .each(
            "PIN of token \"YubiKey PIV #11111111\"*",
            [ANNAS_PIN, ANNAS_PIN, "123456"].map(|pin| Answer::Pin(pin.to_owned())),
        )
        .each("What do you want to do?", [choice("Type it again")])
        .each("This token holds keys already. What is the plan's key?", [choice("\"from home\"")])
        .and(bench.prepares())
        .and(bench.rules());
    player.finish(&mut rules);
    let said = player.pty.text();
    // What a card makes is said as it is there.
    assert!(said.contains("RSA, 2048 bits") && !said.contains("RSA, 3072 bits"), "{said}");
    assert!(said.contains("so it was not sent. No PIN try was used."), "{said}");
    assert_eq!(said.matches("TOUCH the token now").count(), 2, "card and signature: {said}");
    for secret in [ANNAS_PIN, ANNAS_PUK, BELAS_PIN] {
        assert!(!said.contains(secret), "{said}");
    }
    let folder = bench.path("a");
    let wanted = [
        ["Opened", "PersonPresent", "TokenPrepared", "KeyGenerated"],
        ["CardCompared", "CardCompared", "Sealed", "PersonPresent"],
    ];
    assert_eq!(events(&folder)[..8], wanted.concat(), "{said}");
    let prepared = &told(&folder, "TokenPrepared")[0];
    assert_eq!((&prepared["key"], &prepared["token"]), (&"anna".into(), &"piv:serial=11111111".into()));
    assert_eq!(told(&folder, "KeyGenerated")[0]["token"], "piv:serial=11111111;slot=9c");
    assert_eq!(told(&folder, "SignatureAdmitted").len(), 2);
    assert_eq!(events(&folder).last().unwrap(), "Closed");
    assert!(bench.card.has_pin(ANNAS_PIN) && bench.card.has_puk(ANNAS_PUK));
    assert!(!bench.card.has_factory_management());
    assert_eq!(bench.card.policies(0x9c), Some((PinPolicy::Always, TouchPolicy::Always)));
    assert_eq!((bench.card.pin_tries(), bench.card.calls("SIGN")), (3, 2));
    bench.proved(&player.head());
}
