"""Steers schemathesis where the spec alone cannot, and notes every answer. main.ts says what the environment holds."""

import itertools
import json
import os
import uuid

import schemathesis

with open(os.environ["FUZZ_WORLD"], encoding="utf-8") as file:
    WORLD = json.load(file)

# The account that all requests speak for, its token and its project: without them nothing else would be reached.
KEPT = {uuid.UUID(id) for id in WORLD["kept"]}

RUN = WORLD["ids"]["run"][0]
TASKS = [
    ("runs.update_run", {"run_id": RUN}),
    ("runs.sync_aborted_runs", {}),
    ("results.add_result_start_time", {"run_id": RUN}),
    ("db.prune_old_files", {"months": 100}),
    ("db.seed_users", {"projects": {"web-shop": ["noor@example.com"]}}),
    ("query.query_task", {"tablename": "runs", "page_size": 2}),
]

WIDGETS = list(WORLD["widgets"].items())

# Ids in bodies that have to be those of something.
OTHERS = {
    "group_id": WORLD["ids"]["group"],
    "owner_id": WORLD["ids"]["user"],
    "user_id": WORLD["ids"]["user"],
    "default_dashboard_id": WORLD["ids"]["dashboard"],
}
TIME = "2030-03-02T21:04:11.25+00:00"

# A file belongs to one of them.
OWNERS = ("resultId", "result_id", "runId", "run_id")

JUNIT = (
    b'<testsuites><testsuite name="cart" tests="2" failures="1" time="1.5">'
    b'<testcase classname="tests.cart" name="total" time="1"/>'
    b'<testcase classname="tests.cart" name="tax" time="0.5"><failure message="1 is not 2"/></testcase>'
    b"</testsuite></testsuites>"
)

answers = open(os.environ["FUZZ_ANSWERS"], "a", buffering=1, encoding="utf-8")
numbers = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    number = next(numbers)
    # Each from an address of its own: the limit on attempts would answer nearly every login with 429.
    case.headers["X-Forwarded-For"] = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    destroys = case.method == "DELETE" or (case.method, case.path) == ("PUT", "/admin/user/{id}")
    if destroys and is_kept(case.path_parameters.get("id")):
        case.path_parameters["id"] = str(uuid.UUID(int=number))
    if isinstance(case.body, dict) and case.body.get("name") == "web-shop":
        # A second project of that name would make the name useless to everybody else.
        case.body = {**case.body, "name": f"web-shop-{number}"}
    if case.meta.phase.name.value == "stateful":
        # A sequence goes on where a step succeeds. Steps must not depend on what ran before, or it ends as flaky.
        make_sensible(case, number)
        if case.method == "POST" and isinstance(case.body, dict):
            case.body = {name: value for name, value in case.body.items() if name != "id"}
    elif number % 2 == 0:
        make_sensible(case, number)


def make_sensible(case, number):
    """Some operations refuse nearly everything that fits the spec: what they want cannot be said in a schema."""
    if case.path == "/widget/{id}":
        # The spec has the parameters of all types together; each type refuses those that it does not know.
        type, known = WIDGETS[number // 2 % len(WIDGETS)]
        case.path_parameters["id"] = type
        case.query = {name: value for name, value in case.query.items() if name in known}
        if type == "compare-runs-view":
            case.query["additional_filters"] = ["env=qa", "env=stage"]
    if not isinstance(case.body, dict):
        return
    body = {name: value for name, value in case.body.items() if name not in OTHERS or value in OTHERS[name]}
    case.body = body | {name: TIME for name in ("start_time", "created", "expires") if isinstance(body.get(name), str)}
    if "email" in case.body and case.path in ("/admin/user", "/admin/user/{id}", "/login/register"):
        case.body = {**case.body, "email": f"user-{number}@example.com"}
    if case.path == "/admin/run-task":
        task, params = TASKS[number // 2 % len(TASKS)]
        case.body = {**case.body, "token": WORLD["token"], "task": task, "params": params}
    if case.path == "/import" and "importFile" in case.body:
        case.body = {**case.body, "importFile": JUNIT, "project": "web-shop"}
    if case.path == "/artifact" and "file" in case.body:
        others = {name: value for name, value in case.body.items() if name not in OWNERS}
        case.body = {**others, "resultId": WORLD["ids"]["result"][0]}


def is_kept(id):
    try:
        return uuid.UUID(str(id)) in KEPT
    except ValueError:
        return False


@schemathesis.hook
def after_call(context, case, response):
    phase = case.meta.phase.name.value if case.meta else "other"
    operation = case.operation.definition.raw["operationId"]
    answers.write(json.dumps([operation, phase, response.status_code]) + "\n")
