//! The binary as people and scripts meet it: every verb end to end, on real files, real tokens and a real terminal.
//!
//! What the engine decides is proven in `ceremony/tests`; here it is only asked whether the public door says the same.
//! Nothing skips: a missing vector, token module or peer fails and says what to install.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "the whole target is tests; a test stops at the first surprise"
)]

#[path = "cli/bad_arrival.rs"]
mod bad_arrival;
#[path = "cli/bad_bundle.rs"]
mod bad_bundle;
#[path = "cli/bad_folder.rs"]
mod bad_folder;
#[path = "cli/bad_input.rs"]
mod bad_input;
#[path = "cli/bad_metadata.rs"]
mod bad_metadata;
#[path = "cli/bad_plan.rs"]
mod bad_plan;
#[path = "cli/ceremony_bundle.rs"]
mod ceremony_bundle;
#[path = "cli/chairs.rs"]
mod chairs;
#[path = "cli/choices.rs"]
mod choices;
#[path = "cli/collect.rs"]
mod collect;
#[path = "cli/countersign.rs"]
mod countersign;
#[path = "cli/custodians.rs"]
mod custodians;
#[path = "cli/doctor.rs"]
mod doctor;
#[path = "cli/events.rs"]
mod events;
#[path = "cli/flow_chain.rs"]
mod flow_chain;
#[path = "cli/flow_decline.rs"]
mod flow_decline;
#[path = "cli/flow_devices.rs"]
mod flow_devices;
#[path = "cli/flow_first.rs"]
mod flow_first;
#[path = "cli/flow_kill.rs"]
mod flow_kill;
#[cfg(feature = "piv")]
#[path = "cli/flow_mixed.rs"]
mod flow_mixed;
#[path = "cli/flow_planted.rs"]
mod flow_planted;
#[path = "cli/flow_replan.rs"]
mod flow_replan;
#[path = "cli/flow_tokens.rs"]
mod flow_tokens;
#[path = "cli/flow_trouble.rs"]
mod flow_trouble;
#[path = "cli/grant.rs"]
mod grant;
#[path = "cli/guided_page.rs"]
mod guided_page;
#[path = "cli/guided_root.rs"]
mod guided_root;
#[path = "cli/guided_token.rs"]
mod guided_token;
#[path = "cli/guided_visit.rs"]
mod guided_visit;
#[path = "cli/guides.rs"]
mod guides;
#[path = "cli/help.rs"]
mod help;
#[path = "cli/holder.rs"]
mod holder;
#[path = "cli/hostile.rs"]
mod hostile;
#[path = "cli/hostile_ceremony.rs"]
mod hostile_ceremony;
#[path = "cli/key_file.rs"]
mod key_file;
#[path = "cli/key_make.rs"]
mod key_make;
#[path = "cli/key_phase.rs"]
mod key_phase;
#[path = "cli/key_ready.rs"]
mod key_ready;
#[path = "cli/key_refused.rs"]
mod key_refused;
#[path = "cli/keyroom.rs"]
mod keyroom;
#[path = "cli/led.rs"]
mod led;
#[path = "cli/lock_out.rs"]
mod lock_out;
#[path = "cli/manner.rs"]
mod manner;
#[path = "cli/memory.rs"]
mod memory;
#[path = "../ceremony/tests/mint/mint.rs"]
mod mint;
#[path = "cli/modules.rs"]
mod modules;
#[path = "cli/online.rs"]
mod online;
#[path = "cli/peers.rs"]
mod peers;
#[path = "cli/play.rs"]
mod play;
#[path = "cli/post_quantum.rs"]
mod post_quantum;
#[path = "cli/practice.rs"]
mod practice;
#[path = "cli/profile.rs"]
mod profile;
#[path = "cli/put_back.rs"]
mod put_back;
#[path = "cli/refusal.rs"]
mod refusal;
#[path = "cli/rehearsal.rs"]
mod rehearsal;
#[path = "cli/room.rs"]
mod room;
#[path = "cli/run_begins.rs"]
mod run_begins;
#[path = "cli/scene.rs"]
mod scene;
#[path = "cli/show.rs"]
mod show;
#[path = "cli/show_ceremony.rs"]
mod show_ceremony;
#[path = "cli/show_record.rs"]
mod show_record;
#[path = "cli/sign.rs"]
mod sign;
#[path = "cli/sign_bundle.rs"]
mod sign_bundle;
#[path = "cli/sign_corpus.rs"]
mod sign_corpus;
#[path = "cli/sign_crimes.rs"]
mod sign_crimes;
#[path = "cli/sign_faulty.rs"]
mod sign_faulty;
#[path = "cli/sign_folder.rs"]
mod sign_folder;
#[path = "cli/sign_stopped.rs"]
mod sign_stopped;
#[path = "cli/spoken.rs"]
mod spoken;
#[path = "cli/stage.rs"]
mod stage;
#[path = "cli/tokens.rs"]
mod tokens;
#[path = "cli/tokens_whose.rs"]
mod tokens_whose;
#[path = "cli/unread_token.rs"]
mod unread_token;
#[path = "cli/unshown.rs"]
mod unshown;
#[path = "cli/unshown_elsewhere.rs"]
mod unshown_elsewhere;
#[path = "cli/verify.rs"]
mod verify;
#[path = "cli/verify_signature.rs"]
mod verify_signature;
