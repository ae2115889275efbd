//! The network: a module opens its sockets from inside its own process, and gets none unless it is to have them.

use tuf_ceremony::digest::Digest;
use tuf_ceremony::profile::Profile;
use tuf_conclave::token::{Deadlines, Driver, Host, TokenFault};

use crate::stage::{Faulty, program};

/// What became of each socket that the module tried, as its log tells.
fn tried(faulty: &Faulty, network: bool) -> Vec<String> {
    let driver = Driver { network, ..faulty.driver() };
    let mut host = Host::spawn(program(), &driver, Deadlines::default()).unwrap();
    host.list().unwrap();
    let log = std::fs::read_to_string(faulty.dir.path().join("log")).unwrap();
    log.lines().filter_map(|line| line.strip_prefix("socket ")).map(str::to_owned).collect()
}

#[test]
fn a_module_opens_no_socket_but_to_this_machine() {
    let faulty = Faulty::new("C_GetSlotList nth=1 sockets");
    let open = tried(&faulty, true);
    for kind in ["inet allowed", "inet6 allowed", "netlink allowed", "unix allowed"] {
        assert!(open.contains(&kind.to_owned()), "without the fence it can: {open:?}");
    }
    let faulty = Faulty::new("C_GetSlotList nth=1 sockets");
    // 13 is EACCES.
    let expected = [
        "inet refused 13",
        "inet6 refused 13",
        "netlink refused 13",
        "packet refused 13",
        "unix allowed",
        "ring refused 13",
    ];
    assert_eq!(tried(&faulty, false), expected);
}

#[test]
fn a_module_has_a_network_only_where_the_profile_and_the_role_allow_it() {
    let faulty = Faulty::new("");
    let text = |network: bool| {
        let sha256 = Digest::of(&std::fs::read(faulty.driver().module).unwrap());
        let path = faulty.driver().module;
        format!(
            "format = 1\ndrivers = [\"hsm\"]\n[module.hsm]\npath = \"{}\"\nsha256 = \"{sha256}\"\nnetwork = {network}\n",
            path.display()
        )
    };
    for (profile, role, expected) in
        [(true, true, true), (true, false, false), (false, true, false), (false, false, false)]
    {
        let profile = Profile::read(text(profile).as_bytes()).unwrap();
        let drivers = Driver::of_profile(&profile, role);
        assert_eq!(drivers.iter().map(|driver| driver.network).collect::<Vec<_>>(), [expected]);
    }
}

#[test]
fn a_module_is_loaded_only_if_it_is_the_file_that_is_pinned() {
    let faulty = Faulty::new("");
    let copy = faulty.dir.path().join("module.so");
    std::fs::copy(faulty.driver().module, &copy).unwrap();
    let pinned = Digest::of(&std::fs::read(&copy).unwrap());
    let driver = Driver { module: copy.clone(), sha256: Some(pinned), ..faulty.driver() };
    let spawn = || Host::spawn(program(), &driver, Deadlines::default());
    spawn().unwrap().close().unwrap();
    assert_eq!(faulty.calls("C_Initialize"), 1, "the log does see it");
    let mut bytes = std::fs::read(&copy).unwrap();
    bytes.push(0);
    std::fs::write(&copy, &bytes).unwrap();
    std::fs::remove_file(faulty.dir.path().join("log")).unwrap();
    let fault = spawn().err().unwrap();
    let expected = TokenFault::ModuleAltered {
        module: copy.display().to_string(),
        pinned: pinned.to_string(),
        found: Digest::of(&bytes).to_string(),
    };
    assert_eq!(fault, expected);
    assert_eq!(faulty.calls("C_Initialize"), 0, "its code never ran");
    std::fs::remove_file(&copy).unwrap();
    let missing = spawn().err().unwrap();
    assert_eq!(missing, TokenFault::ModuleMissing { module: copy.display().to_string() });
}
