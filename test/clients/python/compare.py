"""Compares what a session sent with what the official client reads back.

    compare.py first OUT         the session in the folder OUT, all of it; keeps what was read in OUT/snapshot.json
    compare.py again OUT         the same session was sent once more: nothing may have changed
    compare.py later OUT LATER   a second session with the same run id (in LATER) came on top

Server, token and account come in CLIENTS_URL, CLIENTS_TOKEN, CLIENTS_EMAIL and CLIENTS_PROJECT. Exits with 1 when
something differs.
"""

import json
import math
import os
import sys
from collections import Counter
from pathlib import Path

from checks import Checks
from ibutsu_client.exceptions import ApiException
from read_back import Reader, snapshot
from sent import instant, load, result_as_read, result_as_stored, summary_of

# How the tests in session/ end, by their design.
DESIGN = {"passed": 49, "failed": 10, "error": 5, "skipped": 4, "xfailed": 4, "xpassed": 2}
LARGEST_FILE = 5 * 1024 * 1024
VIEWED_TYPES = {"screenshot.png": "image/png", "traceback.log": "text/plain", "step-0.log": "text/plain"}


def compare_first(checks, reader, out):
    sent, outcomes = load(out)
    project_id = check_surroundings(checks, reader)
    run_id, count = sent["run"]["id"], len(sent["results"])
    checks.equal(dict(Counter(outcomes.values())), DESIGN, f"pytest ran {len(outcomes)} tests, by outcome")
    checks.that(
        {result["metadata"]["node_id"]: result["result"] for result in sent["results"]} == outcomes,
        f"the plugin sent {count} results with the outcomes that pytest reported",
    )
    got = snapshot(reader, run_id, count)
    (Path(out) / "snapshot.json").write_text(json.dumps(got))
    check_run(checks, sent, got, project_id)
    check_results(checks, sent, got, project_id)
    check_lists(checks, reader, sent, run_id)
    check_files(checks, sent["artifacts"], got["artifacts"], copies={1})
    check_sizes(checks, reader, next(iter(got["results"])))


def check_surroundings(checks, reader):
    """Health, account, token and project; returns the project's id."""
    checks.equal(reader.health.get_health().status, "OK", "health")
    checks.equal(reader.health.get_database_health().status, "OK", "health of the database")
    checks.that(reader.health.get_health_info().frontend, "health info names a frontend")
    user = reader.user.get_current_user()
    checks.equal(user.email, os.environ["CLIENTS_EMAIL"], "the token's account")
    tokens = reader.user.get_token_list().tokens
    checks.equal([token.token == reader.token for token in tokens], [True], "tokens of the account, the one in use")
    checks.equal(reader.user.get_token(id=str(tokens[0].id)).name, tokens[0].name, "the token by its id")
    name = os.environ["CLIENTS_PROJECT"]
    projects = reader.projects.get_project_list(filter=[f"name={name}"]).projects
    checks.equal([project.name for project in projects], [name], "projects of that name")
    checks.equal(str(reader.projects.get_project(id=str(projects[0].id)).owner_id), str(user.id), "the project's owner")
    return str(projects[0].id)


def check_run(checks, sent, got, project_id):
    run, wanted = got["run"], sent["run"]
    statuses = [result["result"] for result in sent["results"]]
    durations = math.fsum(result["duration"] for result in sent["results"])
    checks.equal(run["summary"], summary_of(statuses, wanted["summary"]["collected"]), "summary of the run")
    checks.that(
        math.isclose(run["duration"], durations, rel_tol=1e-9) and run["duration"] > 0,
        f"duration of the run is the sum of its results: {run['duration']:.6f} s",
        f"wanted {durations}",
    )
    checks.equal(run["metadata"], wanted["metadata"], "metadata of the run")
    checks.equal(
        [run["project_id"], run["component"], run["env"], run["source"]],
        [project_id, wanted["metadata"]["component"], wanted["metadata"]["env"], wanted["source"]],
        "project, component, env and source of the run",
    )
    checks.equal(instant(run["start_time"]), instant(wanted["start_time"]), "start of the run")


def check_results(checks, sent, got, project_id):
    wanted = {result["id"]: flat(result_as_stored(result, project_id)) for result in sent["results"]}
    read = {result_id: flat(result_as_read(result)) for result_id, result in got["results"].items()}
    differences = [
        f"{result['test_id'][:60]}: {key}: wanted {value!r:.120}, got {read.get(result_id, {}).get(key)!r:.120}"
        for result_id, result in wanted.items()
        for key, value in {**dict.fromkeys(read.get(result_id, {})), **result}.items()
        if read.get(result_id, {}).get(key) != value
    ]
    values = sum(len(result) for result in wanted.values())
    checks.that(
        not differences and read.keys() == wanted.keys(),
        f"{len(read)} of {len(wanted)} results read back, {values} values equal to those sent",
        *differences,
    )
    idle = [result["test_id"] for result in read.values() if not result["duration"] > 0]
    checks.that(not idle, f"{len(read)} durations above 0", *idle)


def flat(result):
    """The keys of the metadata beside the others, so that a difference names one of them."""
    metadata = {f"metadata.{key}": value for key, value in result["metadata"].items()}
    return {**{key: value for key, value in result.items() if key != "metadata"}, **metadata}


def check_lists(checks, reader, sent, run_id):
    count = len(sent["results"])
    pages = reader.pages(run_id, 10)
    found = [result for page in pages for result in page.results]
    wanted_pages = math.ceil(count / 10)
    numbers = [(page.pagination.page, page.pagination.page_size, page.pagination.total_items) for page in pages]
    checks.that(
        numbers == [(n + 1, 10, count) for n in range(wanted_pages)],
        f"{len(pages)} pages of 10, numbered and counted",
        *numbers,
    )
    checks.equal(len({result.id for result in found}), count, "results on these pages, each once")
    starts = [result.start_time for result in found]
    checks.that(starts == sorted(starts, reverse=True), "newest first")
    single = [reader.results.get_result(id=result.id) == result for result in found]
    checks.equal(single.count(True), count, "results by their id, equal to those in the list")
    filtered = {status: totals(reader, run_id, f"result={status}") for status in DESIGN}
    checks.equal(filtered, dict(Counter(result["result"] for result in sent["results"])), "totals filtered by status")
    unicode_id = next(result["test_id"] for result in sent["results"] if "日本語" in result["test_id"])
    checks.equal(totals(reader, run_id, f"test_id={unicode_id}"), 1, f"results filtered by test_id={unicode_id}")
    requirement = "metadata.requirement=RHEL-1234, „Anforderung“"
    checks.equal(totals(reader, run_id, requirement), 1, f"results filtered by {requirement}")
    checks.equal(totals(reader, run_id, "metadata.beyond_double=9007199254740993"), 1, "results filtered by 2^53 + 1")
    runs = reader.runs.get_run_list(filter=[f"id={run_id}"])
    checks.equal([str(run.id) for run in runs.runs], [run_id], "runs of that id in the list")


def totals(reader, run_id, text):
    return reader.pages(run_id, 500, text)[0].pagination.total_items


def check_files(checks, sent, got, copies):
    """`copies` are the allowed numbers of rows per file sent."""
    key = ("owner", "filename", "size", "sha256")
    wanted = {tuple(file[name] for name in key) for file in sent}
    counted = Counter(tuple(file[name] for name in key) for file in got)
    missing = [f"missing: {file}" for file in sorted(wanted - counted.keys())]
    strange = [f"not sent like this: {file}" for file in sorted(counted.keys() - wanted)]
    checks.that(
        not missing and not strange and set(counted.values()) <= copies,
        f"{len(got)} files downloaded for {len(wanted)} sent, {sum(file['size'] for file in got)} bytes, all equal",
        *missing,
        *strange,
        f"rows per file: {sorted(set(counted.values()))}",
    )
    viewed = [file["filename"] for file in got if file["viewed_sha256"] != file["sha256"]]
    checks.that(not viewed, f"{len(got)} files viewed, bytes equal", *viewed)
    types = {file["filename"]: file["type"].split(";")[0] for file in got if file["filename"] in VIEWED_TYPES}
    checks.equal(types, VIEWED_TYPES, "types of viewed files")


def check_sizes(checks, reader, result_id):
    """Exactly 5 MiB is taken, one byte more is not; leaves nothing behind."""
    content = b"\0" * LARGEST_FILE
    stored = reader.artifacts.upload_artifact(filename="limit.bin", file=content, result_id=result_id)
    checks.equal(len(reader.artifacts.download_artifact(id=stored.id)), LARGEST_FILE, "a file of exactly 5 MiB comes back")
    reader.artifacts.delete_artifact(id=stored.id)
    try:
        reader.artifacts.upload_artifact(filename="over.bin", file=content + b"\0", result_id=result_id)
        checks.that(False, "a file of 5 MiB and a byte is refused", "it was stored")
    except ApiException as error:
        checks.that(400 <= error.status < 500, f"a file of 5 MiB and a byte is refused: {error.status}", error)


def compare_again(checks, reader, out):
    sent, _ = load(out)
    before = json.loads((Path(out) / "snapshot.json").read_text())
    after = snapshot(reader, before["run"]["id"], len(before["results"]))
    check_unchanged(checks, before, after)
    checks.equal(after["run"], before["run"], "the run is as before")
    checks.equal(len(after["results"]), len(before["results"]), "number of results as before")
    # Two uploads of a file are two artifacts: the API has no id for them to be recognised by.
    check_files(checks, sent["artifacts"], after["artifacts"], copies={2})


def compare_later(checks, reader, out, later):
    sent, outcomes = load(later)
    before = json.loads((Path(out) / "snapshot.json").read_text())
    after = snapshot(reader, before["run"]["id"], len(sent["results"]))
    checks.equal(outcomes, {"test_later.py::test_later": "passed"}, "the second session ran one test")
    checks.equal(len(sent["results"]), len(before["results"]) + 1, "results sent, those of the archive included")
    check_unchanged(checks, before, after)
    checks.equal(len(after["results"]), len(before["results"]) + 1, "results of the run")
    statuses = [result["result"] for result in sent["results"]]
    checks.equal(after["run"]["summary"], summary_of(statuses, sent["run"]["summary"]["collected"]), "summary of the run")
    checks.equal(instant(after["run"]["start_time"]), instant(before["run"]["start_time"]), "start of the run as before")


def check_unchanged(checks, before, after):
    same = [after["results"].get(result_id) == result for result_id, result in before["results"].items()]
    checks.equal(same.count(True), len(same), "earlier results as before, every value")


def main(command, *folders):
    checks, reader = Checks(), Reader()
    {"first": compare_first, "again": compare_again, "later": compare_later}[command](checks, reader, *folders)
    return 1 if checks.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
