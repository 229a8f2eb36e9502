"""Packages the program of a platform: `archive.py OUT VERSION PLATFORM TARGET PROGRAM SHARE`.

SHARE is the directory of the completions and the manual. The same files give the same bytes: in an order of their own, with
the time of the commit (SOURCE_DATE_EPOCH), and owned by nobody. REPOSITORY is the address of the project's repository.
"""

import gzip
import io
import json
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
EPOCH = int(os.environ["SOURCE_DATE_EPOCH"])
LICENCES = ("licen", "copying", "copyright", "notice", "unlicense")


def dependencies(target):
    """The packages that the program of a target is made of, in the order of their names."""
    command = ["cargo", "metadata", "--locked", "--features", "mimalloc", "--format-version", "1", "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    needed, waiting = set(), [metadata["resolve"]["root"]]
    while waiting:
        package = waiting.pop()
        if package not in needed:
            needed.add(package)
            normal = lambda dependency: any(kind["kind"] is None for kind in dependency["dep_kinds"])
            waiting += [dependency["pkg"] for dependency in nodes[package]["deps"] if normal(dependency)]
    needed.remove(metadata["resolve"]["root"])
    packages = [package for package in metadata["packages"] if package["id"] in needed]
    return sorted(packages, key=lambda package: (package["name"], package["version"]))


def licences(target):
    """The licences of all dependencies, each text once."""
    lines = ["The program contains these libraries, and the standard library of Rust (MIT OR Apache-2.0).", ""]
    texts = {}
    for package in dependencies(target):
        lines.append(f"{package['name']} {package['version']}: {package['license']}")
        directory = pathlib.Path(package["manifest_path"]).parent
        # A package that has a library of C has its licence further down.
        for file in sorted(directory.rglob("*")):
            if file.is_file() and file.name.lower().startswith(LICENCES):
                text = file.read_text(encoding="utf-8", errors="replace").strip()
                name = file.relative_to(directory).as_posix()
                texts.setdefault(text, []).append(f"{package['name']} {package['version']}, {name}")
    for text, names in texts.items():
        lines += ["", "-" * 80, *names, "", text]
    return ("\n".join(lines) + "\n").encode()


def readme(version):
    """The README, whose links lead to the repository: its pages are not in the archive."""
    address = f"{os.environ['REPOSITORY']}/blob/v{version}"
    return re.sub(r"\]\((?!https?:|#)", f"]({address}/", (ROOT / "README.md").read_text()).encode()


def write_tar(path, files):
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=EPOCH) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for name, content, mode in files:
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode, entry.mtime = len(content), mode, EPOCH
                archive.addfile(entry, io.BytesIO(content))


def write_zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content, mode in files:
            entry = zipfile.ZipInfo(name, time.gmtime(EPOCH)[:6])
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 3, (0o100000 | mode) << 16
            archive.writestr(entry, content)


def main(out, version, platform, target, program, share):
    program, share = pathlib.Path(program), pathlib.Path(share)
    # The program comes first: who looks for it reads no further.
    files = [(program.name, program.read_bytes(), 0o755)]
    files += [(name, (ROOT / name).read_bytes(), 0o644) for name in ("CHANGELOG.md", "LICENSE")]
    files.append(("README.md", readme(version), 0o644))
    files.append(("THIRD-PARTY-LICENSES", licences(target), 0o644))
    below = sorted(file for file in share.rglob("*") if file.is_file())
    files += [(file.relative_to(share).as_posix(), file.read_bytes(), 0o644) for file in below]
    windows = platform.startswith("windows_")
    path = pathlib.Path(out) / f"flux-identity_{version}_{platform}.{'zip' if windows else 'tar.gz'}"
    (write_zip if windows else write_tar)(path, files)
    print(f"{path.name}: {path.stat().st_size} bytes, program {program.stat().st_size} bytes, {len(files)} files")


main(*sys.argv[1:])
