//! The tokens for people: a table to find one's own in, each token by itself, and where the keys are that are looked for. A screen that
//! is too narrow, a reader who wants lines alone, and a single token get no table: everything in it is said below as well.

use super::{Key, Token, Tokens, Wanted, Wrong};
use crate::operator::clean::{bare, quoted};
use crate::operator::screen::{Screen, ScreenFault};
use crate::operator::wording::{self, tokens as said};
use crate::report::NAME;
use crate::report::columns::{id, sentence};
use crate::report::names::Named;
use crate::token::{KeyKind, Seen, SignScheme, TokenUri};

/// Characters of a cell: a token, a serial, a module, its keys or their holders, its PIN. With the marks before them a row has
/// 80 columns.
const CELLS: [usize; 5] = [16, 16, 9, 12, 13];

/// What the table has room for where there is one module alone, which then needs no column.
const WITHOUT_MODULE: [usize; 5] = [20, 16, 0, 19, 13];

/// Everything.
///
/// # Errors
/// As [`Screen::line`].
pub fn page(screen: &mut Screen<'_>, tokens: &Tokens<'_>, tabled: bool) -> Result<(), ScreenFault> {
    let several = tokens.all.len() > 1;
    if several && tabled {
        table(screen, tokens)?;
    }
    for (token, number) in tokens.all.iter().zip(1..) {
        tell(screen, token, several.then_some(number))?;
        screen.blank()?;
    }
    if let Some(wanted) = &tokens.known.wanted {
        keys(screen, tokens, wanted, tabled)?;
    }
    let look_at: Vec<usize> =
        tokens.all.iter().zip(1..).filter(|(token, _)| token.matters()).map(|(_, number)| number).collect();
    for unset in &tokens.unset {
        let variables = unset.variables.join(", ");
        sentence(screen, 0, &format!("{} {}", said::LOOK, said::unset(&bare(&unset.driver), &variables)))?;
        sentence(screen, 4, &format!("{}: {}", said::NOW, said::set(unset.variables[0])))?;
    }
    if !tokens.all.is_empty() {
        let is_whole = tokens.unset.is_empty();
        sentence(screen, 0, &said::end(tokens.all.len(), &look_at, tokens.missing(), is_whole))?;
    }
    let silent: Vec<String> = tokens.listing.silent.iter().map(|silent| bare(&silent.driver)).collect();
    if silent.is_empty() { Ok(()) } else { sentence(screen, 0, &said::show_nothing(&silent.join(", "))) }
}

fn table(screen: &mut Screen<'_>, tokens: &Tokens<'_>) -> Result<(), ScreenFault> {
    let modules = tokens.listing.asked.len() + tokens.listing.silent.len() > 1;
    let widths = if modules { CELLS } else { WITHOUT_MODULE };
    let mut head = said::COLUMNS.to_vec();
    if tokens.known.wanted.is_some() {
        head[4] = said::COLUMN_OF;
    }
    let mut rows: Vec<Vec<String>> =
        tokens.all.iter().zip(1..).map(|(token, number)| row(token, number, tokens, widths)).collect();
    if !modules {
        head.remove(3);
        rows.iter_mut().for_each(|row| drop(row.remove(3)));
    }
    screen.heading(said::HEADING)?;
    screen.table(&head, &rows)?;
    screen.blank()
}

fn row(token: &Token<'_>, number: usize, tokens: &Tokens<'_>, widths: [usize; 5]) -> Vec<String> {
    let slot = token.slot();
    let name = match &slot.token {
        None => said::CELL_UNTOLD.to_owned(),
        Some(told) if !told.initialized => said::CELL_NO_TOKEN.to_owned(),
        Some(told) => cut(&quoted(&told.label, NAME), widths[0]),
    };
    let serial = slot.token.as_ref().map(|told| told.serial.as_str()).filter(|serial| !serial.is_empty());
    let serial = serial.map_or_else(|| said::NOTHING.to_owned(), |told| cut(&bare(told), widths[1]));
    let module = cut(&bare(&token.seen[0].driver), widths[2]);
    let keys = if slot.token.as_ref().is_some_and(|told| !told.initialized) {
        said::NOTHING.to_owned()
    } else if tokens.known.wanted.is_some() {
        cut(&token.holders(), widths[3])
    } else {
        cut(&token.kinds(), widths[3])
    };
    let pin = token.pin().short(slot.token.as_ref().is_some_and(|told| told.keypad));
    let mark = if token.matters() { said::LOOK } else { " " };
    vec![format!("{number:>2} {mark}"), name, serial, module, keys, pin]
}

impl Token<'_> {
    /// Whether somebody should look before it is used.
    fn matters(&self) -> bool {
        self.wrong.iter().any(Wrong::matters)
    }

    /// The kinds of its keys, in a few words.
    fn kinds(&self) -> String {
        let mut kinds: Vec<(String, usize)> = Vec::new();
        for key in &self.keys {
            let kind = key.fingerprint.map_or_else(|| said::CELL_OTHER.to_owned(), |_| short(key));
            match kinds.iter_mut().find(|(known, _)| *known == kind) {
                Some((_, count)) => *count += 1,
                None => kinds.push((kind, 1)),
            }
        }
        let kinds = kinds.into_iter().map(|(kind, count)| match count {
            1 => kind,
            more => format!("{more}x {kind}"),
        });
        let kinds: Vec<String> = kinds.collect();
        if kinds.is_empty() { said::CELL_NO_KEYS.to_owned() } else { kinds.join(", ") }
    }

    /// Whose it is, by its keys.
    fn holders(&self) -> String {
        let mut names: Vec<String> = Vec::new();
        for named in self.keys.iter().filter_map(|key| key.named.as_ref()) {
            let name = named.quoted();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        match (names.is_empty(), self.keys.is_empty()) {
            (false, _) => names.join(", "),
            (true, true) => said::CELL_NO_KEYS.to_owned(),
            (true, false) => said::CELL_NOBODY.to_owned(),
        }
    }
}

/// The kind of a key without what goes without saying.
fn short(key: &Key<'_>) -> String {
    let kind = key.on_token.kind.to_string();
    kind.strip_prefix("ECDSA ").unwrap_or(&kind).to_owned()
}

fn tell(screen: &mut Screen<'_>, token: &Token<'_>, number: Option<usize>) -> Result<(), ScreenFault> {
    let slot = token.slot();
    let is_empty = slot.token.as_ref().is_some_and(|told| !told.initialized);
    let name = slot.name();
    let heading = match (is_empty, &slot.token) {
        (true, _) => wording::empty_slot(slot.slot),
        (false, None) => wording::unreadable_token(slot.slot),
        (false, Some(_)) => wording::token_named(&quoted(&name.label, NAME), &bare(&name.serial)),
    };
    screen.heading(&number.map_or_else(|| heading.clone(), |number| said::numbered(number, &heading)))?;
    if let Some(told) = slot.token.as_ref().filter(|_| !is_empty) {
        let version = |text: &Option<String>| text.as_deref().map(bare);
        let (hardware, firmware) = (version(&told.hardware_version), version(&told.firmware));
        let (maker, model) = (quoted(&told.manufacturer, 40), quoted(&told.model, 40));
        sentence(screen, 2, &said::made_by(&maker, &model, hardware.as_deref(), firmware.as_deref()))?;
    }
    let module = |at: usize| bare(&token.seen[at].driver);
    sentence(screen, 2, &said::through(&module(0), slot.slot))?;
    if token.seen.len() > 1 {
        let others: Vec<String> = (1..token.seen.len()).map(module).collect();
        sentence(screen, 2, &said::also_through(&others.join(", ")))?;
    }
    if is_empty {
        return wrong(screen, token);
    }
    if slot.token.is_some() && slot.is_software() {
        sentence(screen, 2, said::IS_SOFTWARE)?;
    }
    sentence(screen, 2, &wording::tries(&token.pin_in_words()))?;
    wrong(screen, token)?;
    if token.keys.is_empty() {
        return screen.line(&wording::named_by(&TokenUri::in_short(slot, None, false).to_string()));
    }
    token.keys.iter().try_for_each(|key| tell_key(screen, token, key))
}

fn wrong(screen: &mut Screen<'_>, token: &Token<'_>) -> Result<(), ScreenFault> {
    for wrong in &token.wrong {
        let (_, says, now) = wrong.told();
        let mark = if wrong.matters() { said::LOOK.to_owned() } else { format!("{}:", said::NOTE) };
        sentence(screen, 2, &format!("{mark} {says}"))?;
        sentence(screen, 4, &format!("{}: {now}", said::NOW))?;
    }
    Ok(())
}

fn tell_key(screen: &mut Screen<'_>, token: &Token<'_>, key: &Key<'_>) -> Result<(), ScreenFault> {
    let label = quoted(&key.on_token.label, NAME);
    let whose = key.named.as_ref().map(Named::with_source);
    sentence(screen, 2, &said::key(&key.on_token.kind.to_string(), &label, whose.as_deref()))?;
    if key.on_token.kind == KeyKind::Attestation {
        return id(screen, said::NOTE, said::NOT_FOR_SIGNING);
    }
    if let Some(wanted) = key.wanted {
        id(screen, said::CALLED, &said::called(&bare(&wanted.name)))?;
    }
    if let Some(scheme) = SignScheme::of(&key.on_token.kind).filter(|_| key.fingerprint.is_some()) {
        id(screen, said::SCHEME, scheme.in_metadata().name())?;
    }
    if let Some(print) = key.fingerprint {
        id(screen, said::FINGERPRINT, &print.to_string())?;
    }
    if key.on_token.always_authenticate == Some(true) {
        id(screen, said::PIN, said::PIN_EACH_TIME)?;
    }
    let shows = |seen: &&Seen| seen.slot.keys.iter().any(|shown| std::ptr::eq(shown, key.on_token));
    let seen = token.seen.iter().copied().find(|seen| shows(seen)).unwrap_or(token.seen[0]);
    if !std::ptr::eq(seen, token.seen[0]) {
        id(screen, said::SEEN, &said::only_through(&bare(&seen.driver)))?;
    }
    let same = seen.slot.keys.iter().filter(|other| other.label == key.on_token.label).count();
    let uri = TokenUri::in_short(&seen.slot, Some(key.on_token), same > 1);
    // A card that tells no serial is not opened by any name.
    if uri.fits_slot(&seen.module, &seen.slot) { id(screen, said::NAME_IT, &uri.to_string()) } else { Ok(()) }
}

/// Where the keys are that are looked for.
fn keys(
    screen: &mut Screen<'_>,
    tokens: &Tokens<'_>,
    wanted: &Wanted,
    tabled: bool,
) -> Result<(), ScreenFault> {
    screen.heading(&wanted.heading)?;
    let rows: Vec<Vec<String>> = wanted
        .keys
        .iter()
        .map(|key| {
            let holders: Vec<String> = key.holders.iter().map(|name| quoted(name, NAME)).collect();
            let holders = if holders.is_empty() { said::NOTHING.to_owned() } else { holders.join(", ") };
            vec![cut(&bare(&key.name), 20), cut(&holders, 32), tokens.place(key)]
        })
        .collect();
    if tabled {
        screen.table(&said::KEY_COLUMNS, &rows)?;
    } else {
        rows.iter().try_for_each(|row| sentence(screen, 2, &row.join(", ")))?;
    }
    screen.blank()
}

impl Tokens<'_> {
    /// How many of the keys that are looked for and can sign are on none of the tokens.
    fn missing(&self) -> usize {
        let keys = self.known.wanted.iter().flat_map(|wanted| &wanted.keys);
        keys.filter(|key| self.place(key) == said::NOT_HERE).count()
    }

    /// Where a key is, in words.
    fn place(&self, key: &super::WantedKey) -> String {
        let is_alone = self.all.len() == 1;
        if let Some(at) = self.holding(key) {
            return if is_alone { said::ON_THIS_TOKEN.to_owned() } else { said::on_token(at + 1) };
        }
        let hidden = self.all.iter().position(|token| {
            token.keys.is_empty() && token.seen.iter().any(|seen| key.is_carded_to(&seen.slot))
        });
        match (key.lost, key.fingerprint, hidden) {
            (true, ..) => said::LOST.to_owned(),
            (_, None, _) => said::TO_BE_MADE.to_owned(),
            (_, _, Some(_)) if is_alone => said::HIDDEN_ON_THIS_TOKEN.to_owned(),
            (_, _, Some(at)) => said::hidden_on(at + 1),
            (_, Some(_), None) => said::NOT_HERE.to_owned(),
        }
    }
}

/// At most so many characters, the rest told by dots: the whole of it stands below.
fn cut(clean: &str, most: usize) -> String {
    if clean.chars().count() <= most {
        return clean.to_owned();
    }
    let kept: String = clean.chars().take(most.saturating_sub(3)).collect();
    format!("{}...", kept.trim_end())
}
