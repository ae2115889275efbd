#!/usr/bin/env python3
"""Writes the benchmark's inputs: a root and targets metadata of any size.

Same arguments, same bytes: keys come from fixed seeds and every digest from its
name. The text is what python-tuf itself writes with indent 1 (its compact text
would be canonical already, and copying would pass for work), put together as
strings because a million TargetFile objects take minutes; the driver checks the
claim on a small file. All keys here are test keys.

    make.py root OUT                 three root keys, all three must and do sign
    make.py targets N OUT            N targets, version 1, signed by one key
    make.py targets N OUT --revised  version 2: of every thousand entries one is
                                     gone, one has new bytes, one is new
"""

import argparse
import datetime
import hashlib
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, Root
from tuf.api.serialization.json import JSONSerializer

EXPIRES = "2040-01-01T00:00:00Z"


def signer(name):
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(name.encode()).digest())
    return CryptoSigner(private)


def path_of(index, added=False):
    """Zero-padded, so that numeric order is the sorted order of the names."""
    return f"dist/{index >> 10:04x}/package-{index:07d}{'.z' if added else ''}.tar.gz"


def entry(path, edition):
    content = f"{path} {edition}".encode()
    sha256, sha512 = hashlib.sha256(content).hexdigest(), hashlib.sha512(content).hexdigest()
    return path, sha256, sha512, int(sha256[:6], 16)


def canonical(path, sha256, sha512, length):
    return f'"{path}":{{"hashes":{{"sha256":"{sha256}","sha512":"{sha512}"}},"length":{length}}}'


def indented(path, sha256, sha512, length):
    return (
        f'   "{path}": {{\n    "hashes": {{\n     "sha256": "{sha256}",\n     "sha512": "{sha512}"\n    }},\n'
        f'    "length": {length}\n   }}'
    )


def entries(count, revised):
    for index in range(count):
        place = index % 1000 if revised else None
        if place != 0:
            yield entry(path_of(index), 2 if place == 1 else 1)
        if place == 2:
            yield entry(path_of(index, added=True), 1)


def write_root(out):
    root = Root(consistent_snapshot=True, expires=datetime.datetime.fromisoformat(EXPIRES))
    holders = [signer(f"bench root {number}") for number in (1, 2, 3)]
    for holder in holders:
        root.add_key(holder.public_key, Root.type)
    root.roles[Root.type].threshold = len(holders)
    for role in ("targets", "snapshot", "timestamp"):
        root.add_key(signer(f"bench {role}").public_key, role)
    metadata = Metadata(root)
    for holder in holders:
        metadata.sign(holder, append=True)
    metadata.to_file(out, JSONSerializer())


def write_targets(count, out, revised):
    version = 2 if revised else 1
    body = ",".join(canonical(*each) for each in entries(count, revised))
    # Plain ASCII without anything to escape: joined without white space, this is the canonical form.
    payload = (
        f'{{"_type":"targets","expires":"{EXPIRES}","spec_version":"1.0.31",'
        f'"targets":{{{body}}},"version":{version}}}'
    )
    signature = signer("bench targets").sign(payload.encode())
    body = ",\n".join(indented(*each) for each in entries(count, revised))
    text = (
        f'{{\n "signatures": [\n  {{\n   "keyid": "{signature.keyid}",\n   "sig": "{signature.signature}"\n  }}\n ],\n'
        f' "signed": {{\n  "_type": "targets",\n  "expires": "{EXPIRES}",\n  "spec_version": "1.0.31",\n'
        f'  "targets": {{\n{body}\n  }},\n  "version": {version}\n }}\n}}'
    )
    with Path(out).open("x") as file:
        file.write(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    kinds = parser.add_subparsers(dest="kind", required=True)
    kinds.add_parser("root").add_argument("out")
    targets = kinds.add_parser("targets")
    targets.add_argument("count", type=int)
    targets.add_argument("out")
    targets.add_argument("--revised", action="store_true")
    asked = parser.parse_args()
    if asked.kind == "root":
        write_root(asked.out)
    elif asked.count % 1000:
        parser.error("N must be a multiple of 1000")
    else:
        write_targets(asked.count, asked.out, asked.revised)


if __name__ == "__main__":
    main()
