"""What a session did and sent, in the form in which it must come back."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

# PostgreSQL cannot store these; the server puts U+FFFD in their place (deviation D35).
UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def load(out):
    """`(sent, outcomes)` of a session folder; every text as it can be stored."""
    folder = Path(out)
    return clean(json.loads((folder / "sent.json").read_text())), json.loads((folder / "outcomes.json").read_text())


def clean(value):
    if isinstance(value, str):
        return UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    return value


def stored_metadata(metadata):
    """User properties move up; what the metadata has already stays."""
    rest = dict(metadata)
    if not rest.get("user_properties"):
        return rest
    return {**rest.pop("user_properties"), **rest}


def instant(text):
    """A time with or without zone as an instant; None stays None."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def result_as_stored(result, project_id):
    metadata = stored_metadata(result["metadata"])
    return {
        "id": result["id"],
        "test_id": result["test_id"],
        "result": result["result"],
        "start_time": instant(result["start_time"]),
        "duration": result["duration"],
        "params": result["params"],
        "metadata": metadata,
        "run_id": result["run_id"],
        "project_id": project_id,
        "source": result["source"],
        "component": metadata.get("component"),
        "env": metadata.get("env"),
    }


def result_as_read(result):
    return {**result, "start_time": instant(result["start_time"])}


COUNTED = {"error": "errors", "failed": "failures", "skipped": "skips", "xfailed": "xfailures", "xpassed": "xpasses"}


def summary_of(statuses, collected):
    """The ten keys that a recount gives, from the status of every result."""
    counts = {key: statuses.count(status) for status, key in COUNTED.items()}
    passes = len(statuses) - sum(counts.values())
    return {
        **counts,
        "tests": len(statuses),
        "collected": collected,
        "passes": passes,
        "pass_percent": passes * 100 // len(statuses),
        "not_run": max(collected - len(statuses), 0),
    }
