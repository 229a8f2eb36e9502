"""Writes the checksums of a release and the manifest of the plugin for Flux's catalog: `plugin.py OUT VERSION REPOSITORY`."""

import hashlib
import pathlib
import re
import sys

DESCRIPTION = "Compiles the cloud identities of Flux controllers to kustomizations"


def main(out, version, repository):
    out = pathlib.Path(out)
    archives = sorted(path for path in out.glob(f"flux-identity_{version}_*") if path.name.endswith((".tar.gz", ".zip", ".cdx.json")))
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in archives}
    lines = [f"{digest}  {name}\n" for name, digest in sums.items()]
    (out / f"flux-identity_{version}_checksums.txt").write_text("".join(lines))
    manifest = [
        "apiVersion: cli.fluxcd.io/v1beta1",
        "kind: Plugin",
        "name: identity",
        f"description: {DESCRIPTION}",
        f"homepage: {repository}",
        f"source: {repository}",
        "bin: flux-identity",
        "versions:",
        f"  - version: {version}",
        "    platforms:",
    ]
    for name, digest in sums.items():
        platform = re.fullmatch(r"flux-identity_[^_]+_([a-z]+)_([a-z0-9]+)\.(?:tar\.gz|zip)", name)
        if platform:
            manifest += [
                f"      - os: {platform[1]}",
                f"        arch: {platform[2]}",
                f"        url: {repository}/releases/download/v{version}/{name}",
                f"        checksum: sha256:{digest}",
            ]
    (out / "identity.yaml").write_text("\n".join(manifest) + "\n")


main(*sys.argv[1:])
