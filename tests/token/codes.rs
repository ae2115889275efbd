//! Every return value of PKCS#11 at every call that this program makes, in each thing that it asks of a module. What each must
//! lead to stands in [`table`]; here is how it is asked and looked at: a typed outcome in words, no PIN that was not asked for,
//! no end of the module's process, and the same process signs afterwards.

mod bench;
mod table;

use std::time::Duration;

use tuf_conclave::token::{Call, Deadlines, Ending, Spent, TokenFault, meaning};

use bench::{Bench, Came};
use table::{Flow, Outcome, PLACES, Place, codes, cost, kind};

/// All codes at all places of `flow`.
fn each(flow: Flow) {
    let mut bench = Bench::new();
    let mut wrong = Vec::new();
    let known: Vec<&str> = PLACES.iter().filter(|place| place.flow == flow).map(|place| place.call).collect();
    for place in PLACES.iter().filter(|place| place.flow == flow) {
        for code in codes() {
            bench.signs();
            let nth = if place.nth == 0 { String::new() } else { format!("nth={}", place.nth) };
            let rule = format!("{}\n{} {nth} rv={code:#x}", place.with, place.call);
            let came = bench.under(&rule, flow);
            let log = bench.faulty.log();
            let mut complain =
                |what: String| wrong.push(format!("{flow:?} {} {nth} {code:#x}: {what}", place.call));
            if !log.iter().any(|call| call == place.call) {
                complain(format!("the call was not made: {log:?}"));
            }
            let pins = log.iter().filter(|call| *call == "C_Login").count();
            let expected = place.but.iter().find(|(codes, _)| codes.contains(&code));
            let expected = expected.map_or(place.usually, |(_, outcome)| *outcome);
            if pins != place.pins && !(expected == Outcome::Either && pins <= 1) {
                complain(format!("{pins} PINs were sent"));
            }
            if let Some(unknown) = log.iter().find(|call| !known.contains(&call.as_str())) {
                complain(format!("{unknown} was called, which no place is for"));
            }
            if let Err(what) = judge(&came, expected, code, place) {
                complain(what);
            }
        }
    }
    bench.signs();
    assert!(
        wrong.is_empty(),
        "{} wrong, the first of them:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
}

/// Whether what came is what was to come.
fn judge(came: &Came, expected: Outcome, code: u64, place: &Place) -> Result<(), String> {
    let asked = matches!(place.flow, Flow::Sign | Flow::SignWithPin);
    match (expected, came) {
        (Outcome::Fine, Came::Done(troubles)) if troubles.is_empty() => Ok(()),
        (Outcome::Either, Came::Done(_)) => Ok(()),
        (Outcome::Either, Came::Fault(fault)) if fault.tries_spent() == Spent::No => Ok(()),
        (Outcome::Told, Came::Done(troubles)) => match troubles.as_slice() {
            [told] => in_words(told, code, kind(code, Call::List)),
            other => Err(format!("told {other:?}")),
        },
        (Outcome::Fault(during), Came::Fault(fault)) => {
            is(fault, kind(code, during), cost(code, during))?;
            // A key that wants its PIN, or finds the data too long, says that it did not sign.
            let open =
                during == Call::Sign && !matches!(kind(code, during), "NotLoggedIn" | "TooLongForToken");
            if fault.may_have_signed() != (asked && open) {
                return Err(format!("whether it signed is told as {}: {fault}", fault.may_have_signed()));
            }
            if (during == Call::Generate) != fault.may_have_made_a_key() {
                return Err(format!(
                    "whether it made a key is told as {}: {fault}",
                    fault.may_have_made_a_key()
                ));
            }
            in_words(&fault.to_string(), code, kind(code, during))
        }
        (Outcome::Named(name, spent), Came::Fault(fault)) => {
            is(fault, name, spent)?;
            if name == "ModuleRefused" { in_words(&fault.to_string(), code, "Other") } else { Ok(()) }
        }
        (expected, came) => Err(format!("{came:?} instead of {expected:?}")),
    }
}

fn is(fault: &TokenFault, name: &str, spent: Spent) -> Result<(), String> {
    let told = format!("{fault:?}");
    let told = told.split([' ', '(']).next().unwrap();
    if told != name || fault.tries_spent() != spent {
        return Err(format!("{told}, {:?} instead of {name}, {spent:?}: {fault}", fault.tries_spent()));
    }
    Ok(())
}

/// Whether a sentence tells the code, in words where no fault of its own has them.
fn in_words(told: &str, code: u64, kind: &str) -> Result<(), String> {
    let meaning = meaning(code);
    let said = match kind {
        "TokenRemoved" => told.contains("removed"),
        "TokenBusy" => told.contains("in use by something else") && told.contains(meaning.name),
        "NotLoggedIn" => told.contains("asks for the PIN again"),
        "TooLongForToken" => told.contains("the token takes less"),
        _ => {
            told.contains(meaning.name)
                && told.contains(&format!("({code:#x})"))
                && told.contains(meaning.words)
        }
    };
    if said { Ok(()) } else { Err(format!("the sentence does not tell it: {told}")) }
}

macro_rules! each_code_in {
    ($($name:ident: $flow:ident;)*) => { $(
        #[test]
        fn $name() {
            each(Flow::$flow);
        }
    )* };
}

each_code_in! {
    each_code_while_a_module_is_loaded_refuses_it_in_words: Load;
    each_code_in_a_list_is_told_and_hides_no_other_token: List;
    each_code_at_a_login_tells_what_it_cost_and_sends_no_second_pin: Login;
    each_code_at_a_signature_tells_whether_there_may_be_one: Sign;
    each_code_at_a_signature_with_its_own_pin_sends_it_once_at_most: SignWithPin;
    each_code_where_evidence_is_read_hides_no_other_evidence: Evidence;
    each_code_where_a_key_is_made_tells_whether_there_may_be_one: Generate;
    each_code_at_the_end_is_of_no_use_any_more: Close;
}

/// What a question is called, when its process ends in the middle of it.
fn during(flow: Flow) -> Call {
    match flow {
        Flow::Load => Call::Load,
        Flow::List | Flow::Evidence => Call::List,
        Flow::Login => Call::Login,
        Flow::Sign => Call::Sign,
        Flow::SignWithPin => Call::SignWithPin,
        Flow::Generate => Call::Generate,
        Flow::Close => Call::Close,
    }
}

/// The module fails so at every call of every flow, each in a process of its own; all flows at once, because they wait.
fn at_each_call(fails: &'static str, deadlines: Deadlines, expected: fn(&TokenFault, Call) -> bool) {
    let flows: Vec<_> = Flow::ALL
        .into_iter()
        .map(|flow| {
            std::thread::spawn(move || {
                let mut bench = Bench::new();
                bench.deadlines = deadlines;
                for place in PLACES.iter().filter(|place| place.flow == flow) {
                    bench.signs();
                    let nth = place.nth.max(1);
                    let rule = format!("{}\n{} nth={nth} {fails}", place.with, place.call);
                    let Came::Fault(fault) = bench.under(&rule, flow) else {
                        panic!("{place:?}: nothing came")
                    };
                    let call = during(flow);
                    assert!(expected(&fault, call), "{place:?}: {fault}");
                    // Whoever sent a PIN and heard nothing does not know; nobody sends another.
                    let carries = matches!(flow, Flow::Login | Flow::SignWithPin);
                    assert_eq!(
                        fault.tries_spent(),
                        if carries { Spent::Unknown } else { Spent::No },
                        "{place:?}"
                    );
                    assert_eq!(fault.may_have_signed(), matches!(flow, Flow::Sign | Flow::SignWithPin));
                    assert!(bench.faulty.calls("C_Login") <= usize::from(carries), "{place:?}");
                    bench.forget_host();
                }
                bench.signs();
            })
        })
        .collect();
    for flow in flows {
        flow.join().unwrap();
    }
}

#[test]
fn a_crash_in_each_call_is_told_and_a_new_process_signs() {
    let crashed = |fault: &TokenFault, call| {
        *fault == TokenFault::ModuleCrashed { during: call, ending: Ending::Signal(6) }
    };
    at_each_call("abort", Deadlines::default(), crashed);
}

#[test]
fn a_hang_in_each_call_ends_at_its_deadline_and_a_new_process_signs() {
    // What hangs is late however long it is waited for.
    let moment = Duration::from_millis(200);
    let deadlines = Deadlines { list: moment, login: moment, keypad: moment, sign: moment, generate: moment };
    at_each_call("hang=600000", deadlines, |fault, call| match fault {
        TokenFault::UnknownOutcome { during, .. } => *during == call && call.leaves_a_trace(),
        TokenFault::ModuleHung { during, .. } => *during == call && !call.leaves_a_trace(),
        _ => false,
    });
}

#[test]
fn no_call_is_made_that_the_table_does_not_know() {
    let mut bench = Bench::new();
    for flow in Flow::ALL {
        for call in bench.calls_of(flow) {
            assert!(PLACES.iter().any(|place| place.flow == flow && place.call == call), "{flow:?}: {call}");
        }
    }
    // And the table knows none that is not made, or stands behind another fault.
    for place in PLACES.iter().filter(|place| place.with.is_empty()) {
        assert!(bench.calls_of(place.flow).iter().any(|call| call == place.call), "{place:?}");
    }
}
