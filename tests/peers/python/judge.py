#!/usr/bin/env python3
"""What python-tuf says about metadata files, one JSON line for each.

Every verdict comes from python-tuf's own client code, from the bytes of the
files alone. Nothing here knows conclave, reads its formats, or fixes anything
up before judging. Command lines and outputs: ../README.md.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

from securesystemslib.exceptions import FormatError
from securesystemslib.formats import encode_canonical
from tuf.api.metadata import Metadata, Root, Targets
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.config import EnvelopeType


def sentence(error):
    """An exception and the causes below it, on one line."""
    parts = []
    while error is not None:
        parts.append(f"{type(error).__name__}: {error}".strip().rstrip(":"))
        error = error.__cause__
    return " <- ".join(" ".join(part.split()) for part in parts)


def parse(data):
    """The metadata, or None and the reason python-tuf gives."""
    try:
        return Metadata.from_bytes(data), ""
    except Exception as error:  # noqa: BLE001 - whatever it raises is its verdict
        return None, sentence(error)


def tally(authority, role, candidate):
    """How python-tuf counts: by key id, so one key under two ids counts twice."""
    try:
        result = authority.signed.get_verification_result(
            role, candidate.signed_bytes, candidate.signatures
        )
    except Exception:  # noqa: BLE001 - the reason is in `why`, from the client code
        return None
    return {"valid": len(result.signed), "threshold": result.threshold}


def judge_root(previous, data):
    """One step of a chain as a client takes it; without `previous`, the anchor."""
    candidate, why = parse(data)
    line = {"parsed": candidate is not None, "version": None, "new": None, "old": None}
    if candidate is None:
        return line | {"ok": False, "why": why}
    line["version"] = candidate.signed.version
    if not isinstance(candidate.signed, Root):
        return line | {"ok": False, "why": f"a {candidate.signed.type}, not a root"}
    line["new"] = tally(candidate, Root.type, candidate)
    anchor = data
    if previous is not None:
        anchor = previous
        authority, _ = parse(previous)
        if authority is not None and isinstance(authority.signed, Root):
            line["old"] = tally(authority, Root.type, candidate)
    try:
        client = TrustedMetadataSet(anchor, EnvelopeType.METADATA)
    except Exception as error:  # noqa: BLE001
        which = "" if previous is None else "the root before it: "
        return line | {"ok": False, "why": which + sentence(error)}
    if previous is not None:
        try:
            client.update_root(data)
        except Exception as error:  # noqa: BLE001
            return line | {"ok": False, "why": sentence(error)}
    return line | {"ok": True, "why": ""}


def root_chain(files):
    previous = None
    for file in files:
        data = Path(file).read_bytes()
        yield {"file": file} | judge_root(previous, data)
        previous = data


def delegate(delegator_file, file, role):
    delegator, why = parse(Path(delegator_file).read_bytes())
    if delegator is None:
        yield {"file": file, "parsed": None, "ok": False, "why": f"the delegator: {why}"}
        return
    candidate, why = parse(Path(file).read_bytes())
    line = {"file": file, "parsed": candidate is not None, "version": None, "tally": None}
    if candidate is None:
        yield line | {"ok": False, "why": why}
        return
    line["version"] = candidate.signed.version
    if not isinstance(delegator.signed, (Root, Targets)):
        yield line | {"ok": False, "why": f"a {delegator.signed.type} delegates nothing"}
        return
    line["tally"] = tally(delegator, role, candidate)
    try:
        delegator.signed.verify_delegate(role, candidate.signed_bytes, candidate.signatures)
    except Exception as error:  # noqa: BLE001
        yield line | {"ok": False, "why": sentence(error)}
        return
    # verify_delegate looks at signatures only; the client also checks the type.
    wanted = role if isinstance(delegator.signed, Root) else Targets.type
    if candidate.signed.type != wanted:
        yield line | {"ok": False, "why": f"a {candidate.signed.type}, not a {wanted}"}
        return
    yield line | {"ok": True, "why": ""}


def key_ids(files):
    """Which bytes a key id is the SHA-256 of; python-tuf itself never checks."""

    def digest(value):
        try:
            return hashlib.sha256(encode_canonical(value).encode()).hexdigest()
        except FormatError:  # a number with a fraction has no canonical form
            return None

    for file in files:
        try:
            signed = json.loads(Path(file).read_bytes())["signed"]
            keys = signed.get("keys") or (signed.get("delegations") or {}).get("keys") or {}
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            yield {"file": file, "keyid": None, "ok": False, "why": sentence(error)}
            continue
        for key_id, key in keys.items():
            named = key if isinstance(key, dict) else {}
            three = {name: named[name] for name in ("keytype", "scheme", "keyval") if name in named}
            ids = {"whole": digest(key), "three": digest(three)}
            matched = [name for name, computed in ids.items() if computed == key_id]
            why = "" if matched else "the SHA-256 of neither form"
            line = {"file": file, "keyid": key_id, "matched": matched}
            yield line | {"ok": bool(matched), "why": why} | ids


def signed_digest(files):
    """SHA-256 and length of the canonical bytes that signatures are made over."""
    for file in files:
        metadata, why = parse(Path(file).read_bytes())
        if metadata is None:
            yield {"file": file, "ok": False, "why": why}
            continue
        try:
            payload = metadata.signed_bytes
        except Exception as error:  # noqa: BLE001
            yield {"file": file, "ok": False, "why": sentence(error)}
            continue
        found = {"sha256": hashlib.sha256(payload).hexdigest(), "length": len(payload)}
        yield {"file": file, "ok": True, "why": ""} | found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb in ("root-chain", "key-ids", "signed-digest"):
        verbs.add_parser(verb).add_argument("files", nargs="+", metavar="FILE")
    one = verbs.add_parser("delegate")
    one.add_argument("delegator", metavar="DELEGATOR")
    one.add_argument("file", metavar="FILE")
    one.add_argument("role", metavar="ROLE")
    asked = parser.parse_args()

    if asked.verb == "delegate":
        lines = delegate(asked.delegator, asked.file, asked.role)
    else:
        judges = {"root-chain": root_chain, "key-ids": key_ids, "signed-digest": signed_digest}
        lines = judges[asked.verb](asked.files)
    all_ok = True
    try:
        for line in lines:
            print(json.dumps(line))
            all_ok = all_ok and line["ok"]
    except OSError as error:
        print(f"judge.py: {sentence(error)}", file=sys.stderr)
        return 2
    return 0 if all_ok else 1


if __name__ == "__main__":
    sys.exit(main())
