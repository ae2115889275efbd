#!/usr/bin/env python3
"""Writes the vectors of docs/spec/holder-log.md beside itself, without the engine: the same bytes every time."""
import hashlib, json, pathlib

def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()

def line(before, **changes):
    entry = {"ceremony": None, "clock": "2027-03-05T09:00:00Z", "key": sha("key"), "n": before.count("\n") + 1,
             "over": None, "payload": sha("payload"), "prev": sha(before), "role": "root", "title": None, "version": 2}
    entry.update(changes)
    entry = {k: v for k, v in entry.items() if v != "left out"}
    return json.dumps(entry, sort_keys=True, separators=(",", ":")) + "\n"

def log(*lines):
    text = ""
    for changes in lines:
        text += line(text, **changes)
    return text

two = log({}, {"role": "targets", "version": 7, "ceremony": sha("ceremony"), "title": "R\u00e9newal"})
over = log({}, {"payload": sha("another"), "over": sha("payload")})
vectors = [
    ("empty", "", "a log without lines", ""),
    ("two", two, "two signatures, one of a ceremony", ""),
    ("passed-over", over, "another payload, chosen with open eyes", ""),
    ("torn", two[:-1], "the last newline is missing", "line 2 has no end"),
    ("no-json", "x\n", "a line that is no JSON", "line 1 is no line of a holder's log"),
    ("unknown-member", line("", note=""), "a member that no format knows", "unknown field `note`"),
    ("member-missing", line("", over="left out"), "a member is missing", "not spelled"),
    ("name-twice", line("").replace('"n":1', '"n":1,"n":1'), "one name twice", "duplicate field"),
    ("spaced", line("").replace(":1", ": 1"), "a space", "line 1 is not spelled"),
    ("raw-letter", line("", title="\u00e9").replace("\\u00e9", "\u00e9"), "a letter that is not escaped", "line 1 is not spelled"),
    ("number", line("", n=2), "another number", "line 1 says that it is line 2"),
    ("changed", two.replace('"version":2', '"version":3'), "a line changed", "line 2 was written behind other lines"),
    ("cut", "".join(two.splitlines(True)[1:]), "the first line cut out", "line 1 says that it is line 2"),
    ("clock", line("", clock="2027-03-05 09:00"), "a clock in another spelling", "line 1 has a clock"),
    ("role-empty", line("", role=""), "no role", "line 1 names a role"),
    ("role-long", line("", role="r" * 201), "a role past the cap", "line 1 names a role"),
    ("not-passed-over", log({}, {"payload": sha("another")}), "two payloads, and the second does not say so", "with the digest " + sha("payload") + " before"),
    ("over-nothing", log({"over": sha("payload")}), "passes over what is not there", "line 1 passes over"),
]
here = pathlib.Path(__file__).parent
for name, text, _, _ in vectors:
    (here / f"{name}.log.jsonl").write_text(text)
index = [{"file": f"{n}.log.jsonl", "refusal": r, "what": w} for n, _, w, r in vectors]
(here / "vectors.json").write_text(json.dumps({"count": len(index), "vectors": index}, indent=1, sort_keys=True) + "\n")
