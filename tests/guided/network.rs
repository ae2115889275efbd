//! A machine on a network: a real ceremony asks for the reason once and writes it down, practice only tells.

use std::path::Path;

use crate::cards::write_plan;
use crate::player::{Player, Rules, choice, enter, line};
use crate::pty::Pty;
use crate::room::{NEXT, events, going_on, today, told};

/// A way out, and another one; their links get no addresses of their own, which would be others each time.
const OUTSIDE: &str = "ip link add inside type veth peer outside; ip link set inside addrgenmode none
     ip link set inside up; ip address add 192.0.2.9/24 dev inside; ip route add default via 192.0.2.1";
const ELSEWHERE: &str =
    "ip link add other type veth peer outside; ip link set other addrgenmode none; ip link set other up";
const NOWHERE: &str = "ip link set lo up";

const WHAT_OF_IT: &str = "What of the network?";
const WHY: &str = "Why is the network needed, or harmless here";
const BEGIN: [&str; 6] = ["--one-device", "a test", "--new", "first.plan.toml", "--", "a"];
const PRACTISE: [&str; 4] = ["--new", "first.plan.toml", "--", "a"];
const GO_ON: [&str; 4] = ["--one-device", "a test", "--", "a"];

/// `conclave run` in a network of its own, in which a shell does this first.
fn run(folder: &Path, first: &str, words: &[&str]) -> Player {
    let mut arguments = vec!["--mount", "--net"];
    if !rustix::process::geteuid().is_root() {
        arguments.push("--map-root-user");
    }
    let script = format!("set -e; mount -t sysfs sysfs /sys; {first}\nexec \"$0\" run --plain \"$@\"");
    arguments.extend(["sh", "-c", &script, env!("CARGO_BIN_EXE_conclave")]);
    arguments.extend(words);
    let arguments: Vec<String> = arguments.into_iter().map(str::to_owned).collect();
    Player::at(Pty::start(Path::new("unshare"), &arguments, folder, &[]))
}

/// What is asked on the way to the board, where somebody stops; not of the network.
fn to_the_board() -> Rules {
    Rules::default()
        .always("Today (as 2027-03-05)", line(today()))
        .always("[Enter for more]", enter())
        .always("Is this what was reviewed and agreed? What is reviewed is what runs.", choice("Yes: open"))
        .always("Who sits at this keyboard and speaks for the record?", choice("(olga)"))
        .always(
            "Who else is here? Names are written down as what people say of themselves.",
            choice("Nobody else"),
        )
        .always(NEXT, choice("Stop here for now"))
        .and(going_on())
}

/// Plays until somebody stops at the board; gives what stood on the screen.
fn stops(mut player: Player, more: Rules, paper: &mut Vec<String>) -> String {
    player = player.with_paper(paper);
    let mut rules = more.and(to_the_board());
    assert_eq!(player.play(&mut rules), 3, "{}", player.pty.text());
    assert!(rules.left().is_empty(), "{:?}\n{}", rules.left(), player.pty.text());
    paper.clone_from(&player.paper);
    player.pty.text()
}

fn says(folder: &Path, verb: &str) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_conclave"));
    let done = command.args([verb, "a"]).current_dir(folder).output().unwrap();
    String::from_utf8(done.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_real_ceremony_on_a_network_needs_a_reason_which_is_written_down_once() {
    let folder = tempfile::Builder::new().prefix("conclave-net-").tempdir().unwrap();
    let folder = folder.path();
    write_plan(folder, false);
    let mut paper = Vec::new();
    let unplug = Rules::default().each(WHAT_OF_IT, [choice("Stop, and take it off")]);
    let said = stops(run(folder, OUTSIDE, &BEGIN), unplug, &mut paper);
    assert!(said.contains("192.0.2.9") && said.contains("Pull the cable"), "{said}");
    assert!(!folder.join("a").exists(), "nothing was opened");

    let because = |why: &str| Rules::default().each(WHAT_OF_IT, [choice("Go on")]).each(WHY, [line(why)]);
    let said = stops(run(folder, OUTSIDE, &BEGIN), because("The HSM is reached by it."), &mut paper);
    assert!(said.contains("This machine has, or may have, a way out to a network"), "{said}");
    assert!(said.contains("  noted        1 remark (the whole status has the words)"), "{said}");
    let lines = folder.join("a");
    assert_eq!(events(&lines), ["Opened", "Remarked", "PersonPresent"]);
    let remark = told(&lines, "Remarked").remove(0);
    let text = remark["text"].as_str().unwrap();
    assert_eq!(remark["by"], "olga");
    assert!(text.starts_with("Went on with a network: This machine has a network (on: inside;"), "{text}");
    assert!(text.ends_with("Reason: The HSM is reached by it."), "{text}");
    for verb in ["status", "replay"] {
        let said = says(folder, verb);
        assert!(said.contains("Line 2, remark by olga: \"Went on with a network:"), "{verb}: {said}");
        assert!(said.contains(" | "), "broken between words: {said}");
    }
    // The same network, no network, and then another one.
    stops(run(folder, OUTSIDE, &GO_ON), Rules::default(), &mut paper);
    stops(run(folder, NOWHERE, &GO_ON), Rules::default(), &mut paper);
    assert_eq!(told(&lines, "Remarked").len(), 1);
    stops(run(folder, ELSEWHERE, &GO_ON), because("A printer hangs on it."), &mut paper);
    assert_eq!(told(&lines, "Remarked").len(), 2);
}

#[test]
fn practice_on_a_network_is_told_and_not_asked() {
    let folder = tempfile::Builder::new().prefix("conclave-net-").tempdir().unwrap();
    write_plan(folder.path(), true);
    let said = stops(run(folder.path(), OUTSIDE, &PRACTISE), Rules::default(), &mut Vec::new());
    assert!(said.contains("192.0.2.9"), "{said}");
    assert!(!events(&folder.path().join("a")).contains(&"Remarked".to_owned()));
}
