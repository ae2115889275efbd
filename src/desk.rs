//! The desk: where a bundle, the person and a token meet. It finds the draft's key on the token by public key, shows
//! what is to be signed, takes typed consent, carries the PIN across, and admits a signature only after the engine
//! has verified it over the sealed draft. The operator and the token never see each other.

mod agree;
mod ask;
mod attempt;
pub mod attention;
mod away;
pub mod cards;
pub mod closing;
mod fault;
mod guided;
pub mod in_file;
pub mod keys;
pub mod online;
mod page;
pub mod pin_source;
mod remember;
mod seat;
pub mod signer;
pub mod table;
mod touch;
pub mod unshown;

pub use agree::declined;
pub use fault::DeskFault;
pub use guided::{Manner, knows_by_paper};
pub use seat::{Seat, SignedDraft, Wish};

use tuf_ceremony::bundle::{Admission, Bundle, Part, Source};
use tuf_ceremony::digest::Digest;
use tuf_ceremony::key::{Fingerprint, Scheme, SignatureProblem};
use tuf_ceremony::metadata::Metadata;
use tuf_ceremony::receive::reseal::reseal;
use tuf_ceremony::receive::walk::walk;
use tuf_ceremony::signable::Signable;

use crate::memory::Memory;
use crate::operator::clean::{identifier, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::{Operator, wording};
use crate::report;
use crate::token::TokenKey;

use ask::OpenToken;
use attention::Attention;
use signer::{HeldKey, TokenSigner};

/// A draft that a key on the token may sign.
struct Offer {
    payload: Digest,
    key: Fingerprint,
    scheme: Scheme,
    held: HeldKey,
}

/// What was signed.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The draft's role.
    pub role: String,
    /// Its version.
    pub version: u64,
    /// Its payload digest.
    pub payload: Digest,
    /// The key that signed.
    pub key: Fingerprint,
    /// The signature, in hex as metadata carries it.
    pub sig: String,
}

/// Checks that the signer's own copy is the document that judges every draft; of a ceremony, that its drafts are made of its
/// plan and build on her copy, or on a root that follows from it (MODEL 14).
///
/// # Errors
/// When a copy is missing, is another document, or was brought where nothing judges.
pub fn check_trust(bundle: &Bundle, own: Option<&Metadata>) -> Result<(), DeskFault> {
    if bundle.record().is_some() {
        reseal(bundle)?;
        return Ok(walk(own, bundle)?);
    }
    for part in bundle.parts() {
        let (role, version) = (part.draft().role().to_owned(), part.draft().metadata().version());
        if version == 0 {
            return Err(DeskFault::VersionZero { role });
        }
        match (part.trusted(), own) {
            (None, None) => {}
            (None, Some(_)) => return Err(DeskFault::NothingToTrust { role, version }),
            (Some(_), None) => return Err(DeskFault::NoTrust { role, version }),
            (Some(theirs), Some(yours)) if theirs.payload() != yours.payload() => {
                let (theirs, yours) = (theirs.payload(), yours.payload());
                return Err(DeskFault::OtherTrust { role, theirs, yours });
            }
            (Some(_), Some(_)) => {}
        }
    }
    Ok(())
}

/// One visit to the bundle of a foreign document: a draft that a key on the token may sign and has not signed.
pub struct Visit<'v> {
    /// The bundle; signatures are admitted into it.
    pub bundle: &'v mut Bundle,
    /// The signer's own trusted document, which [`check_trust`] has held against the bundle's.
    pub own: Option<&'v Metadata>,
    /// Her own log, if she brought it.
    pub memory: Option<&'v mut Memory>,
}

impl Visit<'_> {
    /// Shows, asks, signs, verifies, admits. Nothing is stored here: the caller stores before it lets go.
    ///
    /// # Errors
    /// Every fault leaves the bundle with the signatures that were admitted before it.
    pub fn sign(
        &mut self,
        signer: &mut dyn TokenSigner,
        with: &mut Attention<'_, '_>,
    ) -> Result<Signed, DeskFault> {
        let Offer { payload, key, scheme, held } = self.offer(signer.keys())?;
        let part = self.bundle.part(payload).expect("an offer names a draft of the bundle");
        signer.takes(key, &Signable::of(part.draft()))?;
        show(with.screen, part, self.own)?;
        your_key(with.screen, part, &held)?;
        unshown::tell(signer, with.screen)?;
        let ceremony = self.bundle.record().map(|record| (record.id(), record.plan().title.clone()));
        let intent = remember::intent(ceremony, part, key);
        let over = self
            .memory
            .as_deref()
            .map_or(Ok(None), |memory| remember::ask(memory, &intent, with.person, with.screen))?;
        consent(part, with.person, with.screen)?;
        let mut token = OpenToken { signer, opened: false, pins: None };
        token.tries(with)?;
        let bytes =
            token.signature(part, (key, scheme), (&intent, over), self.memory.as_deref_mut(), with)?;
        let source = Source::of(&format!("token:{}", held.uri));
        let source = source.or_else(|_| Source::of("token:pkcs11:")).expect("a plain source is one");
        let part = self.bundle.parts_mut().find(|p| p.draft().metadata().payload() == payload);
        let part = part.expect("an offer names a draft of the bundle");
        match part.admit(key, &bytes, source) {
            Ok(Admission::New | Admission::Known) => Ok(Signed {
                role: part.draft().role().to_owned(),
                version: part.draft().metadata().version(),
                payload,
                key,
                sig: hex::encode(bytes),
            }),
            Err(problem) => Err(DeskFault::WrongSignature(problem.unwrap_or(SignatureProblem::Wrong))),
        }
    }

    /// The first draft that waits for a key of this token. The key is found by its public half, never by its label.
    fn offer(&self, held: &[HeldKey]) -> Result<Offer, DeskFault> {
        let mut done = None;
        for part in self.bundle.parts() {
            let listed = |held: &HeldKey| part.authorities().iter().find_map(|a| a.key(held.key));
            let fitting: Vec<(&HeldKey, Scheme)> =
                held.iter().filter_map(|held| Some((held, listed(held)?.scheme()))).collect();
            let waiting: Vec<_> =
                fitting.iter().filter(|(held, _)| part.signatures().by(held.key).is_empty()).collect();
            match (waiting.as_slice(), fitting.first()) {
                ([(held, scheme)], _) => {
                    let payload = part.draft().metadata().payload();
                    return Ok(Offer { payload, key: held.key, scheme: *scheme, held: (*held).clone() });
                }
                ([], Some((held, _))) => done = Some(held.key),
                ([], None) => {}
                (several, _) => {
                    let labels = several.iter().map(|(held, _)| held.label.clone()).collect();
                    return Err(DeskFault::SeveralKeys { labels });
                }
            }
        }
        match done {
            Some(key) => Err(DeskFault::SignedAlready { key }),
            None => Err(self.none(held)),
        }
    }

    fn none(&self, held: &[HeldKey]) -> DeskFault {
        let waiting = self.bundle.parts().flat_map(Part::tallies).flat_map(|tally| tally.waiting);
        let mut wanted: Vec<String> = waiting
            .map(|voice| {
                let claim = voice.owner.map(|owner| quoted(&owner, report::NAME));
                let keyid = report::keys::Ids::of([voice.keyid.as_str()], false).show(&voice.keyid);
                wording::key_wanted(claim.as_deref(), &keyid, &short(&voice.key.to_string()))
            })
            .collect();
        wanted.sort();
        wanted.dedup();
        let present = held.iter().map(HeldKey::told).collect();
        DeskFault::NoneOfTheKeys { wanted, present }
    }
}

/// Enough of a fingerprint to find it in a list that shows it whole.
fn short(fingerprint: &str) -> String {
    format!("{}...", &fingerprint[..8])
}

/// The fingerprint of a key that a token shows, if it is of a kind that can stand in metadata.
#[must_use]
pub fn fingerprint(key: &TokenKey) -> Option<Fingerprint> {
    key.fingerprint()
}

/// What it says, danger before the other changes, who has signed, what is odd; the digest last.
fn show(screen: &mut Screen<'_>, part: &Part, own: Option<&Metadata>) -> Result<(), ScreenFault> {
    let role = identifier(part.draft().role(), report::NAME);
    screen.heading(&wording::asked_to_sign(&role, part.draft().metadata().version()))?;
    screen.blank()?;
    report::review(screen, part, own, &report::Names::default())?;
    screen.blank()?;
    screen.heading(wording::COMPARE_THE_DIGEST)?;
    report::digest(screen, part.draft().metadata().payload())?;
    screen.blank()
}

/// Which key of hers it is, and for whom her one signature counts.
fn your_key(screen: &mut Screen<'_>, part: &Part, held: &HeldKey) -> Result<(), ScreenFault> {
    screen.heading(&wording::your_key(&held.kind, held.labelled().as_deref()))?;
    screen.line(&wording::fingerprint_line(&held.key.to_string()))?;
    counts_for(screen, part, held.key)?;
    screen.blank()
}

/// For whom one signature by this key counts.
fn counts_for(screen: &mut Screen<'_>, part: &Part, key: Fingerprint) -> Result<(), ScreenFault> {
    let sides: Vec<bool> = part.authorities().iter().map(|a| a.key(key).is_some()).collect();
    screen.line(match sides.as_slice() {
        [true, true] => wording::COUNTS_FOR_BOTH,
        [true, false] => wording::COUNTS_FOR_NEW,
        [false, true] => wording::COUNTS_FOR_OLD,
        _ => wording::COUNTS_ONCE,
    })
}

/// A key as it is named in a list.
pub(crate) fn in_words(key: &TokenKey) -> String {
    let print = key.fingerprint().map(|print| format!("{}...", &print.to_string()[..8]));
    wording::key_present(&key.kind.to_string(), &quoted(&key.label, report::NAME), print.as_deref())
}

/// Case and spaces do not matter in what is typed.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_lowercase()
}

/// Before the last try stopping comes first.
fn last_try(token: &str, person: &mut dyn Operator, screen: &mut Screen<'_>) -> Result<(), DeskFault> {
    screen.line(&wording::last_try(token))?;
    screen.line(wording::TO_STOP_TYPE)?;
    screen.line(&wording::to_go_on_type())?;
    let typed = person.type_line(wording::ANSWER)?;
    if plain(&typed) == plain(wording::LAST_TRY) { Ok(()) } else { Err(DeskFault::Declined) }
}

/// What is typed to consent.
fn consent_phrase(part: &Part) -> String {
    let metadata = part.draft().metadata();
    let digest = metadata.payload().to_string();
    wording::consent_phrase(part.draft().role(), metadata.version(), &digest[..8])
}

/// Consent is typed and quotes role, version and digest; a bare Enter is none.
fn consent(part: &Part, person: &mut dyn Operator, screen: &mut Screen<'_>) -> Result<(), DeskFault> {
    let phrase = consent_phrase(part);
    for _ in 0..3 {
        screen.together(&[&wording::to_sign_type(&phrase), wording::TO_STOP_TYPE])?;
        let typed = person.type_back(wording::ANSWER, &phrase)?;
        if plain(&typed) == plain(&phrase) {
            return Ok(());
        }
        if ["no", "stop", "decline"].contains(&plain(&typed).as_str()) {
            break;
        }
        screen.line(wording::NOT_THE_PHRASE)?;
    }
    Err(DeskFault::Declined)
}
