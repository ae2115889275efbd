//! Which files an event binds: every [`Stored`] in it. What is [`External`](super::External) is kept
//! elsewhere and not asked for.

use super::{Event, Stored};

impl Event {
    /// The files of the folder that it binds.
    #[must_use]
    pub fn stored(&self) -> Vec<&Stored> {
        match self {
            Event::Opened(opened) => {
                let origin =
                    opened.origin.iter().flat_map(|origin| [Some(&origin.bundle), origin.trust.as_ref()]);
                let mut files = vec![&opened.plan];
                files.extend(opened.cards.values());
                files.extend(&opened.delta);
                files.extend(&opened.inputs);
                files.extend(origin.flatten());
                files
            }
            Event::Sealed(sealed) => sealed.drafts.iter().map(|draft| &draft.file).collect(),
            Event::CardCompared(compared) => vec![&compared.card],
            Event::Consented(consented) => vec![&consented.shown],
            Event::Declined(declined) => vec![&declined.shown],
            Event::BundleImported(imported) => vec![&imported.file],
            Event::Replanned(replanned) => {
                let mut files = vec![&replanned.plan];
                files.extend(replanned.cards.values());
                files.extend(&replanned.delta);
                files.extend(&replanned.inputs);
                files
            }
            Event::Finalized(finalized) => vec![&finalized.file],
            Event::SetAside(aside) => aside.files.iter().collect(),
            Event::DateStated(_)
            | Event::PersonPresent(_)
            | Event::PersonLeft(_)
            | Event::TokenPrepared(_)
            | Event::KeyGenerated(_)
            | Event::TokenSeen(_)
            | Event::ExceptionGranted(_)
            | Event::SigningBegun(_)
            | Event::SignatureAdmitted(_)
            | Event::SigningFailed(_)
            | Event::TokenLocked(_)
            | Event::IncidentNoted(_)
            | Event::Remarked(_)
            | Event::BreakBegan(_)
            | Event::BreakEnded(_)
            | Event::MachineChanged(_)
            | Event::BundleExported(_)
            | Event::Aborted(_)
            | Event::Closed(_)
            | Event::Countersigned(_)
            | Event::Addendum(_)
            | Event::DevicesChanged(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::digest::Digest;

    /// Every way in which an event may bind a file, as the lines spell it: a new one that is not counted here is noticed.
    const EVERY: [&str; 8] = [
        r#"{"Opened":{"cards":{"k":@},"ceremony":#,"date":"d","delta":@,"devices":1,"format":1,"generation":0,"inputs":[@,@],"nonce":#,"one_device":null,"origin":{"bundle":@,"chains":[],"trust":@},"plan":@,"profile":{"kept":"here","sha256":#},"rehearsal":false,"rules":1,"salt":#,"spec_version":"1.0.34","tool":"t"}}"#,
        r#"{"Sealed":{"drafts":[{"authorities":[#],"file":@,"letter":"A","payload":#,"payload_bytes":1,"role":"root","version":1}],"findings":[]}}"#,
        r#"{"CardCompared":{"card":@,"key":"k"}}"#,
        r#"{"Consented":{"draft":#,"earlier":null,"person":"p","reference":null,"shown":@}}"#,
        r#"{"Declined":{"draft":#,"person":"p","reason":"r","shown":@}}"#,
        r#"{"BundleImported":{"chains":[],"equivocations":[],"file":@,"form":"bundle","signatures":[]}}"#,
        r#"{"Replanned":{"by":"p","cards":{"k":@},"delta":@,"generation":1,"inputs":[@],"plan":@,"reason":"r"}}"#,
        r#"{"SetAside":{"files":[@,@]}}"#,
    ];

    #[test]
    fn every_file_in_an_event_is_bound() {
        let hash = format!("\"{}\"", Digest::of(b"abc"));
        for template in EVERY {
            let expected = template.matches('@').count();
            let mut text = template.replace('#', &hash);
            for n in 0..expected {
                let stored = format!(r#"{{"bytes":3,"path":"plan/{n}","sha256":{hash}}}"#);
                text = text.replacen('@', &stored, 1);
            }
            let event: Event = serde_json::from_str(&text).unwrap();
            let mut paths: Vec<&str> = event.stored().iter().map(|file| file.path.as_str()).collect();
            paths.sort_unstable();
            let all: Vec<String> = (0..expected).map(|n| format!("plan/{n}")).collect();
            assert_eq!(paths, all, "{template}");
        }
    }
}
