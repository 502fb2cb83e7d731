"""Files of every kind, attached the way the plugin offers it."""

import base64
import os
import random
from pathlib import Path

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)
# The plugin leaves out what has 5 MiB; one byte less is the largest file that it sends.
LARGEST = 5 * 1024 * 1024 - 1


def test_screenshot(attach):
    attach("screenshot.png", PNG)


def test_several_files(attach):
    for number in range(5):
        attach(f"step-{number}.log", f"step {number}\n".encode() * (number + 1))


def test_names_in_any_language(attach):
    attach("Протокол – ünï 日本.log", "Größe: 5 €\n".encode())
    attach('quote " and; semicolon.txt', b"quoted\n")


def test_largest_file(attach):
    attach("largest.bin", random.Random(1).randbytes(LARGEST))


def test_file_by_path(attach):
    path = Path(os.environ["CLIENTS_OUT"]) / "attached-by-path.txt"
    path.write_text("read when it is sent\n")
    attach("by-path.txt", str(path))


def test_bytes_of_every_value(attach):
    attach("all-bytes.bin", bytes(range(256)) + b"\r\n--boundary--\r\n")


def test_page(attach):
    attach("page.html", b"<!doctype html><script>alert(1)</script>")


def test_failure_with_screenshot(attach):
    attach("failure.png", PNG + b"\0")
    assert False, "see the screenshot"
