#!/usr/bin/env python3
"""The same four jobs as conclave's, done with python-tuf as its users would.

    python_tuf.py canonical FILE       canonical bytes of the whole file, SHA-256 printed
    python_tuf.py verify ROOT FILE     threshold of the root's keys for FILE's role
    python_tuf.py diff ROOT OLD NEW    verify NEW, then print counts and digest of what differs
    python_tuf.py show ROOT            read a root, verify it by its own keys
"""

import hashlib
import json
import sys

from tuf.api.metadata import Metadata


def canonical(file):
    from securesystemslib.formats import encode_canonical

    text = encode_canonical(Metadata.from_file(file).to_dict())
    print(hashlib.sha256(text.encode()).hexdigest())


def verified(root, file):
    metadata = Metadata.from_file(file)
    authority = Metadata.from_file(root).signed
    authority.verify_delegate(metadata.signed.type, metadata.signed_bytes, metadata.signatures)
    return metadata.signed


def verify(root, file):
    print(json.dumps({"version": verified(root, file).version}))


def diff(root, old, new):
    before, after = Metadata.from_file(old).signed.targets, verified(root, new).targets
    removed = sorted(before.keys() - after.keys())
    added = sorted(after.keys() - before.keys())
    changed = sorted(path for path in before.keys() & after.keys() if before[path] != after[path])
    print(json.dumps({"removed": removed, "changed": changed, "added": added}))


def show(root):
    metadata = Metadata.from_file(root)
    metadata.signed.verify_delegate("root", metadata.signed_bytes, metadata.signatures)
    print(json.dumps({"version": metadata.signed.version, "keys": sorted(metadata.signed.keys)}))


if __name__ == "__main__":
    {"canonical": canonical, "verify": verify, "diff": diff, "show": show}[sys.argv[1]](*sys.argv[2:])
