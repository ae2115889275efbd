//! Ways out of the room: interfaces that are up, addresses, routes, radios that are not blocked. A machine with a network is worth
//! knowing and no hard stop (DESIGN 19): what speaks to a token has none in any case, but whoever came in by it may see and change
//! what this machine shows.

use super::Line;
use crate::files::kernel::Kernel;
use crate::operator::clean::bare;
use crate::operator::wording::doctor as said;

/// The part that tells of interfaces, addresses and routes.
pub const NETWORK: &str = "network";

/// Most bytes of one of the kernel's tables.
const TABLE: usize = 1 << 20;

/// The machine's own interface, which leads nowhere.
const LOOPBACK: &str = "lo";

/// `IFF_UP` of Linux.
const IS_UP: u32 = 1;

/// `RTF_UP` and `RTF_REJECT` of Linux.
const ROUTE_IS_UP: u32 = 1;
const ROUTE_REFUSES: u32 = 0x200;

/// What is on.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ways {
    up: Vec<String>,
    down: Vec<String>,
    addresses: Vec<String>,
    leads_out: bool,
}

/// Whether this machine has a network.
#[must_use]
pub fn network(kernel: &Kernel) -> Vec<Line> {
    vec![cables(kernel), radios(kernel)]
}

fn cables(kernel: &Kernel) -> Line {
    // Of this process's own network, where `/sys` may show another.
    let Some(table) = kernel.says("proc/net/dev", TABLE) else {
        return Line::finding(NETWORK, said::NETWORK_UNTOLD, said::LOOK_AT_CABLES);
    };
    let names = |names: &[String]| {
        let shown: Vec<String> = names.iter().map(|name| bare(name)).collect();
        shown.join(", ")
    };
    let ways = Ways::of(kernel, &table);
    match (ways.up.is_empty() && ways.addresses.is_empty() && !ways.leads_out, ways.down.is_empty()) {
        (true, true) => Line::ok(NETWORK, said::NO_INTERFACES),
        (true, false) => Line::ok(NETWORK, said::interfaces_are_down(&names(&ways.down))),
        (false, _) => {
            let says = said::is_networked(&names(&ways.up), &ways.addresses.join(", "), ways.leads_out);
            Line::finding(NETWORK, says, said::TAKE_IT_OFF_THE_NETWORK)
        }
    }
}

impl Ways {
    fn of(kernel: &Kernel, table: &str) -> Ways {
        let mut ways = Ways::default();
        let names = table.lines().filter_map(|line| line.split_once(':')).map(|(name, _)| name.trim());
        for name in names.filter(|name| *name != LOOPBACK) {
            let told = |what: &str| kernel.says(&format!("sys/class/net/{name}/{what}"), 64);
            let flags =
                told("flags").and_then(|text| u32::from_str_radix(text.trim_start_matches("0x"), 16).ok());
            // One that is switched on and has no cable leads nowhere yet, and does as soon as somebody plugs one in.
            // One of which nothing is told may be on.
            let is_down = flags
                .map_or(told("operstate").is_some_and(|state| state != "up"), |flags| flags & IS_UP == 0);
            let is_up = !is_down;
            if is_up { ways.up.push(name.to_owned()) } else { ways.down.push(name.to_owned()) }
        }
        let read = |path: &str| kernel.says(path, TABLE).unwrap_or_default();
        ways.addresses = own_v4(&read("proc/net/fib_trie"));
        ways.addresses.extend(own_v6(&read("proc/net/if_inet6")));
        ways.leads_out = leads_out_v4(&read("proc/net/route")) || leads_out_v6(&read("proc/net/ipv6_route"));
        ways
    }
}

/// Addresses that the kernel keeps as its own hosts, each once; the loopback's left out.
fn own_v4(trie: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut leaf = "";
    for line in trie.lines().map(str::trim) {
        if let Some(address) = line.strip_prefix("|-- ") {
            leaf = address;
        } else if line.contains("host LOCAL") && !leaf.starts_with("127.") {
            let address = bare(leaf);
            if !found.contains(&address) {
                found.push(address);
            }
        }
    }
    found
}

fn own_v6(table: &str) -> Vec<String> {
    let address = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let ([hex, .., _, name], true) = (fields.as_slice(), fields.len() == 6) else { return None };
        let address = u128::from_str_radix(hex, 16).ok().filter(|_| *name != LOOPBACK)?;
        let groups = address.to_be_bytes();
        let groups = groups.chunks(2).map(|two| format!("{:x}", u16::from_be_bytes([two[0], two[1]])));
        Some(groups.collect::<Vec<_>>().join(":"))
    };
    table.lines().filter_map(address).collect()
}

fn leads_out_v4(table: &str) -> bool {
    let leads = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let flags = fields.get(3).and_then(|flags| u32::from_str_radix(flags, 16).ok()).unwrap_or(0);
        fields.get(1) == Some(&"00000000") && flags & ROUTE_IS_UP != 0 && flags & ROUTE_REFUSES == 0
    };
    table.lines().skip(1).any(leads)
}

fn leads_out_v6(table: &str) -> bool {
    let leads = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let flags = fields.get(8).and_then(|flags| u32::from_str_radix(flags, 16).ok()).unwrap_or(0);
        fields.get(1) == Some(&"00")
            && fields.get(9).is_some_and(|name| *name != LOOPBACK)
            && flags & ROUTE_IS_UP != 0
            && flags & ROUTE_REFUSES == 0
    };
    table.lines().any(leads)
}

fn radios(kernel: &Kernel) -> Line {
    let mut on = Vec::new();
    let mut count = 0;
    for name in kernel.names("sys/class/rfkill") {
        let told =
            |what: &str| kernel.says(&format!("sys/class/rfkill/{name}/{what}"), 64).unwrap_or_default();
        count += 1;
        // 1 is blocked, in either way; what is not told is taken for on.
        if told("soft") != "1" && told("hard") != "1" {
            on.push(said::radio(&bare(&told("type")), &bare(&told("name"))));
        }
    }
    match (on.is_empty(), count) {
        (true, 0) => Line::ok("radio", said::NO_RADIOS),
        (true, count) => Line::ok("radio", said::radios_are_blocked(count)),
        (false, _) => Line::finding("radio", said::radios_are_on(&on.join(", ")), said::BLOCK_THE_RADIOS),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::doctor::Standing;

    const HEAD: &str = "Inter-|   Receive\n face |bytes\n    lo: 0 0\n";

    fn machine(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        root
    }

    fn told(root: &Path) -> Vec<Line> {
        network(&Kernel::under(root))
    }

    #[test]
    fn a_machine_without_a_way_out_is_well() {
        let alone = machine(&[("proc/net/dev", HEAD)]);
        assert!(told(alone.path()).iter().all(|line| line.standing == Standing::Ok));
        let down = machine(&[
            ("proc/net/dev", &format!("{HEAD}  eth0: 0 0\n")),
            ("sys/class/net/eth0/flags", "0x1002\n"),
            ("proc/net/if_inet6", "00000000000000000000000000000001 01 80 10 80       lo\n"),
        ]);
        let line = &told(down.path())[0];
        assert_eq!(line.standing, Standing::Ok);
        assert!(line.says.contains("eth0"), "{}", line.says);
    }

    #[test]
    fn an_interface_that_is_up_an_address_or_a_route_is_worth_knowing() {
        let dev = format!("{HEAD}  eth0: 0 0\n");
        let flags = ("sys/class/net/eth0/flags", "0x1003\n");
        let up = machine(&[("proc/net/dev", &dev), flags]);
        let line = &told(up.path())[0];
        assert_eq!((line.standing, line.says.contains("default route")), (Standing::Finding, false));
        // One of which nothing is told may be on.
        let untold = machine(&[("proc/net/dev", &dev)]);
        assert_eq!(told(untold.path())[0].standing, Standing::Finding);
        let whole = machine(&[
            ("proc/net/dev", &dev),
            flags,
            (
                "proc/net/fib_trie",
                "Local:\n  +-- 0.0.0.0/0 3 0 5\n        |-- 127.0.0.1\n           /32 host LOCAL\n        |-- 192.0.2.2\n           /32 host LOCAL\n        |-- 192.0.2.255\n           /32 link BROADCAST\n",
            ),
            ("proc/net/if_inet6", "fe8000000000000000fc00fffe000001 04 40 20 80     eth0\n"),
            (
                "proc/net/route",
                "Iface Destination Gateway Flags\neth0 00000000 010200C0 0003 0 0 0 00000000\n",
            ),
        ]);
        let says = &told(whole.path())[0].says;
        for words in ["eth0", "192.0.2.2", "fe80:0:0:0:fc:ff:fe00:1", "default route"] {
            assert!(says.contains(words), "{words} in {says}");
        }
        assert!(!says.contains("127.0.0.1") && !says.contains(".255"), "{says}");
    }

    #[test]
    fn a_route_that_refuses_leads_nowhere() {
        let refuses = "0000 00 0000 00 0000 ffffffff 00000001 00000000 00200200       lo\n";
        assert!(!leads_out_v6(refuses));
        assert!(leads_out_v6("0000 00 0000 00 fe80 00000400 00000001 00000000 00000003     eth0\n"));
        assert!(!leads_out_v4("head\neth0 00000000 0 0201 0\n"));
    }

    #[test]
    fn radios_are_well_only_when_each_is_blocked() {
        let radio = |soft: &str, hard: &str| {
            machine(&[
                ("proc/net/dev", HEAD),
                ("sys/class/rfkill/rfkill0/type", "bluetooth\n"),
                ("sys/class/rfkill/rfkill0/name", "hci0\n"),
                ("sys/class/rfkill/rfkill0/soft", soft),
                ("sys/class/rfkill/rfkill0/hard", hard),
            ])
        };
        for (soft, hard, standing) in
            [("1", "0", Standing::Ok), ("0", "1", Standing::Ok), ("0", "0", Standing::Finding)]
        {
            let line = told(radio(soft, hard).path()).remove(1);
            assert_eq!(line.standing, standing);
            assert_eq!(line.says.contains("hci0"), standing == Standing::Finding, "{}", line.says);
        }
    }
}
