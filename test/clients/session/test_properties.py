"""Properties that a test records; the server moves them up into the metadata of the result."""

import time


def test_numbers(record_property):
    record_property("beyond_double", 2**53 + 1)
    record_property("huge", 12345678901234567890)
    record_property("fraction", 0.1)
    record_property("negative", -1)


def test_texts(record_property):
    record_property("requirement", "RHEL-1234, „Anforderung“")
    record_property("nul", "a\0b")
    record_property("empty", "")


def test_structures(record_property):
    record_property("hosts", ["alpha", "βήτα"])
    record_property("limits", {"cpu": 2, "memory": None, "deep": {"er": True}})


def test_named_like_metadata(record_property):
    record_property("node_id", "must not replace the node id")
    record_property("fspath", "must not replace the path")


def test_takes_its_time():
    time.sleep(0.3)
