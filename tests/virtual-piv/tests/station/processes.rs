//! Readers, cards going in and out, other programs, and that nothing stays behind.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use virtual_piv::{Card, Firmware, Station};

use crate::told;

/// GET SERIAL through the reader of this number.
fn serial(station: &Station, number: usize) -> String {
    let reader = station.reader(number);
    let arguments =
        ["--card-driver", "default", "--reader", &reader, "-s", "00A4040005A000000308", "-s", "00F80000"];
    told(station, "opensc-tool", &arguments).0
}

/// Processes that have this text among their arguments.
fn with_argument(text: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(Result::ok);
    let lines = processes.filter_map(|process| std::fs::read(process.path().join("cmdline")).ok());
    lines
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| line.contains(text))
        .collect()
}

fn folder(station: &Station) -> String {
    let environment = station.environment();
    let socket = Path::new(&environment[0].1);
    socket.parent().and_then(Path::parent).unwrap().display().to_string()
}

#[test]
fn two_cards_are_in_two_readers_of_one_station() {
    let cards = [0x0a0b_0c0d, 0x0102_0304].map(|serial| Card::new(Firmware::V5_7_1, serial));
    let station = Station::start(&cards).unwrap();
    assert!(serial(&station, 0).contains("0A 0B 0C 0D"), "{}", serial(&station, 0));
    assert!(serial(&station, 1).contains("01 02 03 04"), "{}", serial(&station, 1));
}

#[test]
fn stations_side_by_side_do_not_see_each_other() {
    let [one, other] =
        [1_u32, 2].map(|serial| Station::start(&[Card::new(Firmware::V5_7_1, serial)]).unwrap());
    assert!(serial(&one, 0).contains("00 00 00 01") && serial(&other, 0).contains("00 00 00 02"));
    drop(one);
    assert!(serial(&other, 0).contains("00 00 00 02"));
}

#[test]
fn a_reader_notices_its_card_going_and_coming() {
    let card = Card::new(Firmware::V5_7_1, 7);
    let station = Station::start(std::slice::from_ref(&card)).unwrap();
    for _ in 0..2 {
        station.remove(0).unwrap();
        assert!(!serial(&station, 0).contains("SW1=0x90"));
        station.insert(0).unwrap();
        assert!(serial(&station, 0).contains("00 00 00 07"));
    }
    card.obey("SERIAL vanish");
    let said = serial(&station, 0);
    assert!(!said.contains("00 00 00 07"), "{said}");
    station.remove(0).unwrap();
    card.obey("");
    station.insert(0).unwrap();
    assert!(serial(&station, 0).contains("00 00 00 07"), "also after it left in the middle of a command");
}

#[test]
fn a_card_that_another_program_holds_is_not_given_to_anybody_else() {
    let station = Station::start(&[Card::new(Firmware::V5_7_1, 7)]).unwrap();
    let held = station.hold(0).unwrap();
    let said = serial(&station, 0);
    assert!(!said.contains("00 00 00 07"), "{said}");
    drop(held);
    assert!(serial(&station, 0).contains("00 00 00 07"));
    station.disturb(0).unwrap();
}

#[test]
fn nothing_is_left_of_a_station_that_is_dropped() {
    let station = Station::start(&[Card::new(Firmware::V5_7_1, 7)]).unwrap();
    let folder = folder(&station);
    assert!(with_argument(&folder).len() >= 3, "unshare, its shell, pcscd and the relay are there");
    drop(station);
    assert_eq!(with_argument(&folder), Vec::<String>::new());
    assert!(!Path::new(&folder).exists());
}

#[test]
fn nothing_is_left_of_a_station_whose_program_is_killed() {
    let program = env!("CARGO_BIN_EXE_virtual-piv");
    let mut serving = Command::new(program)
        .args(["serve", "5.4.3", "99"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(serving.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let socket = line.trim().strip_prefix("export PCSCLITE_CSOCK_NAME=").unwrap();
    let folder = Path::new(socket).parent().and_then(Path::parent).unwrap().to_owned();
    let text = folder.display().to_string();
    assert!(with_argument(&text).len() >= 3);
    serving.kill().unwrap();
    serving.wait().unwrap();
    let until = Instant::now() + Duration::from_secs(120);
    while !with_argument(&text).is_empty() {
        assert!(Instant::now() < until, "still there: {:?}", with_argument(&text));
        std::thread::sleep(Duration::from_millis(5));
    }
    // Only the folder is left by a program that was killed.
    std::fs::remove_dir_all(folder).unwrap();
}
