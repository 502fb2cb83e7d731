"""Keeps what the session did, as pytest itself reports it, and what the plugin is about to send.

Three files go to the folder that CLIENTS_OUT names, written by the process that uploads (with xdist the controller):
outcomes.json (node id to outcome, from pytest's reports), sent.json (run, results and digests of the artifacts) and
session.pickle (the plugin's own objects, for sending the same session once more).
"""

import hashlib
import json
import os
import pickle
from pathlib import Path

import pytest
from pytest_ibutsu.pytest_plugin import ibutsu_result_key

PHASES: dict[str, dict[str, tuple[str, bool]]] = {}


@pytest.fixture
def attach(request):
    """Attaches a file to the result of the running test."""
    return request.node.stash[ibutsu_result_key].attach_artifact


def pytest_runtest_logreport(report):
    PHASES.setdefault(report.nodeid, {})[report.when] = (report.outcome, hasattr(report, "wasxfail"))


@pytest.hookimpl(optionalhook=True)
def pytest_ibutsu_before_shutdown(config, ibutsu):
    ibutsu.run.attach_artifact("session.log", "nightly session, ünïcödé: 日本語\n".encode())
    ibutsu.run.attach_artifact("environment.json", json.dumps({"cores": 2, "browser": "none"}).encode())
    out = Path(os.environ["CLIENTS_OUT"])
    results = list(ibutsu.results.values())
    sent = {
        "run": ibutsu.run.to_dict(),
        "results": [result.to_dict() for result in results],
        "artifacts": [digest(owner.id, name, data) for owner in (ibutsu.run, *results) for name, data in owner._artifacts.items()],
    }
    outcomes = {nodeid: outcome_of(phases) for nodeid, phases in PHASES.items()}
    (out / "outcomes.json").write_text(json.dumps(outcomes))
    (out / "sent.json").write_text(json.dumps(sent))
    (out / "session.pickle").write_bytes(pickle.dumps((ibutsu.run, ibutsu.results)))


def digest(owner, name, data):
    """The plugin takes a text for the path of a file."""
    content = data if isinstance(data, bytes) else Path(data).read_bytes()
    return {"owner": owner, "filename": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def outcome_of(phases):
    """One word for a test, from the outcomes of its phases (`(outcome, was it expected to fail)`)."""
    call = phases.get("call", (None, False))
    if call[0] == "failed":
        return "failed"
    if any(phases.get(when, ("", False))[0] == "failed" for when in ("setup", "teardown")):
        return "error"
    if any(outcome == "skipped" for outcome, _ in phases.values()):
        return "xfailed" if any(outcome == "skipped" and expected for outcome, expected in phases.values()) else "skipped"
    return "xpassed" if call == ("passed", True) else "passed"
