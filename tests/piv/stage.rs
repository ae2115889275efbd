//! What each test starts from: a card in a reader, and a host that speaks to it.

use std::path::Path;
use std::time::Duration;

use tuf_ceremony::document::Document;
use tuf_ceremony::draft::Draft;
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::signable::Signable;
use tuf_conclave::pin::Pin;
use tuf_conclave::token::{
    Deadlines, Driver, Entry, Host, Impatient, LoginFacts, SignScheme, SlotFacts, TokenFault, TokenKey,
};
use virtual_piv::{Algorithm, Card, Firmware, PinPolicy, Station, TouchPolicy};

pub const PIN: &str = "482616";
pub const WRONG_PIN: &str = "482617";
pub const SERIAL: u32 = 12_345_678;

/// A card, the reader that it is in, and a host.
pub struct Desk {
    pub card: Card,
    pub station: Station,
    pub host: Host,
}

impl Desk {
    /// A card that has this key in its slot 9c.
    pub fn with_key(firmware: Firmware, algorithm: Algorithm, pin: PinPolicy, touch: TouchPolicy) -> Self {
        let card = card(firmware);
        card.generate(0x9c, algorithm, pin, touch);
        Self::with(card)
    }

    /// A card with a P-256 key that wants its PIN once and no touch.
    pub fn plain() -> Self {
        Self::with_key(Firmware::V5_7_1, Algorithm::P256, PinPolicy::Once, TouchPolicy::Never)
    }

    pub fn with(card: Card) -> Self {
        let station = Station::start(std::slice::from_ref(&card)).unwrap();
        let host = host(&station, Deadlines::default());
        Self { card, station, host }
    }

    /// The only card, as it is listed now.
    pub fn slot(&mut self) -> SlotFacts {
        let mut slots = self.host.list().unwrap();
        assert_eq!(slots.len(), 1, "{slots:?}");
        slots.remove(0)
    }

    pub fn login(&mut self, text: &str) -> Result<LoginFacts, TokenFault> {
        let slot = self.slot();
        self.host.login(&slot, Entry::Pin(pin(text)), &mut Impatient)
    }

    /// Opens the card, and gives its keys.
    pub fn opened_keys(&mut self) -> Vec<TokenKey> {
        self.login(PIN).unwrap().keys
    }

    /// Opens the card, and gives the key in 9c.
    pub fn opened(&mut self) -> TokenKey {
        self.opened_keys().into_iter().find(|key| key.id == [0x9c]).unwrap()
    }

    pub fn sign(&mut self, key: &TokenKey, again: Option<&str>) -> Result<Vec<u8>, TokenFault> {
        let again = again.map(|text| Entry::Pin(pin(text)));
        let scheme = SignScheme::of(&key.kind).unwrap();
        self.host.sign(key, scheme, &Signable::of(&draft()), again, &mut Impatient)
    }
}

/// A card with [`PIN`].
pub fn card(firmware: Firmware) -> Card {
    let card = Card::new(firmware, SERIAL);
    card.set_pin(PIN);
    // Long enough for a machine that is busy, short enough for a test that waits for it.
    card.wait_for_touch(Duration::from_millis(300));
    card
}

pub fn host(station: &Station, deadlines: Deadlines) -> Host {
    Host::spawn(program(), &driver(station), deadlines).unwrap()
}

pub fn driver(station: &Station) -> Driver {
    Driver::piv().with_environment(&station.environment())
}

pub fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_conclave"))
}

pub fn pin(text: &str) -> Pin {
    let mut pin = Pin::new().unwrap();
    for byte in text.bytes() {
        pin.push(byte).unwrap();
    }
    pin
}

/// A short draft, which a card takes whole.
pub fn draft() -> Draft {
    of_text("{\"signatures\":[],\"signed\":{\"_type\":\"snapshot\",\"meta\":{},\"version\":1}}".to_owned())
}

/// One that is longer by so many bytes.
pub fn long_draft(filler: usize) -> Draft {
    let x = "a".repeat(filler);
    of_text(format!(
        "{{\"signatures\":[],\"signed\":{{\"_type\":\"snapshot\",\"meta\":{{}},\"version\":1,\"x\":\"{x}\"}}}}"
    ))
}

fn of_text(text: String) -> Draft {
    Draft::of(Metadata::of(Document::read(text.into_bytes()).unwrap().into()).unwrap(), None).unwrap()
}

/// Whether the engine takes it for a signature over [`draft`] by this key.
pub fn verifies(key: &TokenKey, raw: &[u8]) -> bool {
    let Ok(signature) = SignScheme::of(&key.kind).unwrap().as_in_metadata(raw.to_vec()) else { return false };
    key.public_key().unwrap().verify(&Signable::of(&draft()).message(), &signature).is_ok()
}
