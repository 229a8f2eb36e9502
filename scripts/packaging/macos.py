"""Reads a program of macOS, which only macOS runs: `macos.py PROGRAM PROCESSOR VERSION`.

It must be for that processor and begin on that version of macOS or an earlier one, need no library but those of the system,
and be signed: macOS ends a program for arm64 whose signature does not have the digest of each page.
"""

import hashlib
import struct
import sys

PROCESSORS = {"amd64": 0x01000007, "arm64": 0x0100000C}
EXECUTABLE, RELOCATED = 2, 0x200000
DYLIBS = (0xC, 0x80000018, 0x8000001F)
RPATH, SIGNATURE, OLD_VERSION, VERSION = 0x8000001C, 0x1D, 0x24, 0x32
SYSTEM = ("/usr/lib/", "/System/Library/")


def expect(right, message):
    if not right:
        sys.exit(f"error: {message}")


def commands(program):
    """The load commands: the number of each, and its bytes."""
    count, at = struct.unpack_from("<I", program, 16)[0], 32
    for _ in range(count):
        number, size = struct.unpack_from("<II", program, at)
        yield number, program[at : at + size]
        at += size


def signed_pages(program, signature):
    """How many pages the signature has, all with the right digest."""
    offset, size = struct.unpack_from("<II", signature, 8)
    expect(offset + size == len(program), "the signature is not the end of the program")
    blobs = program[offset : offset + size]
    magic, _, count = struct.unpack_from(">III", blobs)
    expect(magic == 0xFADE0CC0, "the signature is damaged")
    starts = [struct.unpack_from(">II", blobs, 12 + 8 * index)[1] for index in range(count)]
    directory = next((blobs[start:] for start in starts if struct.unpack_from(">I", blobs, start)[0] == 0xFADE0C02), None)
    expect(directory, "the signature has no digests")
    digests, _, _, pages, end = struct.unpack_from(">IIIII", directory, 16)
    length, kind, _, log = struct.unpack_from(">BBBB", directory, 36)
    expect((kind, length) == (2, 32), "the digests of the signature are not SHA-256")
    expect(end == offset, "the signature is not for all that comes before it")
    expect(pages == -(-end // (1 << log)), "the signature leaves out pages")
    for page in range(pages):
        content = program[page << log : min((page + 1) << log, end)]
        digest = directory[digests + page * length :][:length]
        expect(hashlib.sha256(content).digest() == digest, f"the signature has another digest of page {page}")
    return pages


def main(path, processor, newest):
    with open(path, "rb") as file:
        program = file.read()
    magic, cpu, _, kind, _, _, flags = struct.unpack_from("<IIIIIII", program)
    expect((magic, cpu) == (0xFEEDFACF, PROCESSORS[processor]), f"{path} is not for macOS on {processor}")
    expect(kind == EXECUTABLE and flags & RELOCATED, f"{path} is not a program that can be loaded anywhere")
    libraries, version, pages = [], None, 0
    for number, command in commands(program):
        if number in DYLIBS:
            start = struct.unpack_from("<I", command, 8)[0]
            libraries.append(command[start:].split(b"\0")[0].decode())
        elif number in (VERSION, OLD_VERSION):
            packed = struct.unpack_from("<I", command, 12 if number == VERSION else 8)[0]
            version = (packed >> 16, packed >> 8 & 0xFF)
        elif number == SIGNATURE:
            pages = signed_pages(program, command)
        expect(number != RPATH, "it looks for libraries in directories of its own")
    expect(version, "it does not say which version of macOS it needs")
    written = ".".join(map(str, version))
    expect(version <= tuple(map(int, newest.split("."))), f"it needs macOS {written}, not {newest}")
    foreign = [library for library in libraries if not library.startswith(SYSTEM)]
    expect(libraries and not foreign, f"it needs {', '.join(foreign) or 'no library'}")
    expect(pages or processor == "amd64", "it is not signed")
    print(f"{processor}: macOS {written}, {', '.join(libraries)}, {pages} signed pages")


main(*sys.argv[1:])
