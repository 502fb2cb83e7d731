"""Calls every method of every API class of the official client, and compares what comes back.

Server and accounts come in CLIENTS_URL, CLIENTS_ADMIN, CLIENTS_ADMIN_PASSWORD; CLIENTS_FRONTEND is the address that the
server takes for the web pages (they are played here), CLIENTS_LOG its log, where the links of mails stand. A method that
the client has and nothing here calls is a fault.
"""

import os
import re
import sys
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit
from uuid import uuid4

import ibutsu_client.api as apis
from caller import STYLES, Caller, public_methods
from checks import Checks
from ibutsu_client import models
from ibutsu_client.api_client import ApiClient
from ibutsu_client.configuration import Configuration

URL = os.environ["CLIENTS_URL"]
ADMIN = os.environ["CLIENTS_ADMIN"]
FRONTEND = os.environ["CLIENTS_FRONTEND"]
PATIENCE_SECONDS = 20
JUNIT = b'<testsuite name="s" tests="1"><testcase classname="a.b" name="imported" time="1.5"/></testsuite>'
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(64)


def api(name, token=None):
    return getattr(apis, name)(ApiClient(Configuration(host=f"{URL}/api", access_token=token)))


def until(ask, accept):
    """The first answer that is accepted, or the last one."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = ask()
        if accept(answer) or time.monotonic() > end:
            return answer
        time.sleep(0.05)


class WebPages:
    """Stands in for the frontend and remembers what a browser was sent to."""

    def __init__(self):
        self.visited = visited = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                visited.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args):
                pass

        address = urlsplit(FRONTEND)
        self.server = HTTPServer((address.hostname, address.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def mailed_code(email):
    """The newest code that the server wrote to its log for an address."""
    log = Path(os.environ["CLIENTS_LOG"])

    def find():
        lines = [line for line in log.read_text().splitlines() if email in line]
        return re.findall(r"/(?:activate|reset-password)/([\w-]+)", lines[-1]) if lines else []

    codes = until(find, bool)
    return codes[-1]


def check_health(call, it):
    call(it.health, "get_health", {"status": "OK", "message": "Service is running"})
    call(it.health, "get_database_health", {"status": "OK"})
    call(it.health, "get_health_info", {"frontend": FRONTEND, "backend": URL, "api_ui": f"{URL}/api/ui/"})


def check_login(call, it):
    login = api("LoginApi")
    email, password = f"new-{it.tag}@example.com", "first-password"
    account = {"email": email, "password": password}
    call(login, "support", {"user": True, "keycloak": False, "github": False})
    call(login, "config", {"scope": "user", "redirect_uri": f"{URL}/login/auth/github"}, provider="github")
    call(login, "auth", "Bad Request", 400, provider="github")
    call(login, "register", status=201, account_registration=models.AccountRegistration(**account))
    code = mailed_code(email)
    call(login, "login", status=401, credentials=models.Credentials(**account))
    for outcome in ("st=success", "st=error"):
        call(login, "activate", status=200, activation_code=code)
        it.checks.that(outcome in it.pages.visited[-1], f"activation leads to {outcome}", it.pages.visited[-1])
    is_token = lambda token: token.count(".") == 2
    call(login, "login", {"name": None, "token": is_token}, credentials=models.Credentials(**account))
    call(login, "recover", status=201, account_recovery=models.AccountRecovery(email=email))
    reset = models.AccountReset(activation_code=until(lambda: mailed_code(email), lambda new: new != code), password="second")
    call(login, "reset_password", status=201, account_reset=reset)
    call(login, "login", status=401, credentials=models.Credentials(**account))
    call(login, "login", {"token": is_token}, credentials=models.Credentials(email=email, password="second"))


def check_user(call, it):
    call(it.user, "get_current_user", {"email": ADMIN, "is_superadmin": True, "is_active": True})
    # The client has no way to name what to change, so all that it can send is refused.
    call(it.user, "update_current_user", status=400)
    wish = models.CreateToken(name=f"token-{it.tag}", expires="2031-02-03T04:05:06+00:00")
    shown = {"name": wish.name, "expires": "2031-02-03T04:05:06Z"}
    made = call(it.user, "add_token", shown, 201, create_token=wish)
    listed = lambda tokens: any(token["id"] == made["id"] and token["token"] == made["token"] for token in tokens)
    call(it.user, "get_token_list", {"tokens": listed, "pagination": {"page": 1, "pageSize": 100}}, page=1, page_size=100)
    call(it.user, "get_token", {**shown, "token": made["token"]}, id=made["id"])
    call(it.user, "delete_token", id=made["id"])
    call(it.user, "get_token", "Token not found", 404, id=made["id"])


def check_group(call, it):
    wish = models.Group(id=uuid4(), name=f"group-{it.tag}")
    call(it.group, "add_group", {"id": str(wish.id), "name": wish.name}, 201, group=wish)
    call(it.group, "get_group", {"name": wish.name}, id=wish.id)
    listed = lambda groups: str(wish.id) in [group["id"] for group in groups]
    call(it.group, "get_group_list", {"groups": listed}, page=1, page_size=500)
    call(it.group, "update_group", {"name": "renamed"}, id=wish.id, group=models.Group(name="renamed"))
    call(it.group, "get_group", {"name": "renamed"}, id=wish.id)


def check_project(call, it):
    wish = models.Project(id=uuid4(), name=f"made-{it.tag}", title="Made")
    shown = {"id": str(wish.id), "name": wish.name, "title": "Made", "owner_id": it.me}
    call(it.project, "add_project", shown, 201, project=wish)
    call(it.project, "get_project", shown, id=str(wish.id))
    only = lambda projects: [project["id"] for project in projects] == [str(wish.id)]
    call(it.project, "get_project_list", {"projects": only}, filter=[f"name={wish.name}"], owner_id=it.me, page=1, page_size=5)
    change = models.Project(title="Changed")
    call(it.project, "update_project", {**shown, "title": "Changed"}, id=wish.id, project=change)
    call(it.project, "get_project", {**shown, "title": "Changed"}, id=str(wish.id))
    fields = lambda names: {"test_id", "data.deep.key"} <= set(names)
    call(it.project, "get_filter_params", fields, id=it.project_id)


def check_admin_user(call, it):
    wish = models.User(email=f"member-{it.tag}@example.com", name="Member", is_active=True, is_superadmin=False)
    shown = {"email": wish.email, "name": "Member", "is_active": True, "is_superadmin": False}
    made = call(it.admin_user, "admin_add_user", shown, 201, user=wish)
    call(it.admin_user, "admin_get_user", {**shown, "id": made["id"]}, id=made["id"])
    only = lambda users: [user["id"] for user in users] == [made["id"]]
    call(it.admin_user, "admin_get_user_list", {"users": only}, filter=[f"email={wish.email}"], page=1, page_size=5)
    change = models.User(email=wish.email, name="Renamed")
    call(it.admin_user, "admin_update_user", {**shown, "name": "Renamed"}, id=made["id"], user=change)
    call(it.admin_user, "admin_get_user", {**shown, "name": "Renamed"}, id=made["id"])
    call(it.admin_user, "admin_delete_user", id=made["id"])
    call(it.admin_user, "admin_get_user", status=404, id=made["id"])


def check_admin_project(call, it):
    wish = models.Project(id=uuid4(), name=f"admin-{it.tag}", title="Admin")
    shown = {"id": str(wish.id), "name": wish.name, "title": "Admin", "owner_id": it.me}
    call(it.admin_project, "admin_add_project", shown, 201, project=wish)
    call(it.admin_project, "admin_get_project", shown, id=wish.id)
    only = lambda projects: [project["id"] for project in projects] == [str(wish.id)]
    call(it.admin_project, "admin_get_project_list", {"projects": only}, filter=[f"name={wish.name}"], page=1, page_size=5)
    change = models.Project(title="Changed")
    call(it.admin_project, "admin_update_project", {**shown, "title": "Changed"}, id=wish.id, project=change)
    call(it.admin_project, "admin_delete_project", id=wish.id)
    call(it.admin_project, "admin_get_project", status=404, id=wish.id)


def check_run(call, it):
    metadata = {"project": it.project_id, "marked": it.tag, "deep": {"a": 1}}
    wish = models.Run(id=uuid4(), source="py", start_time="2026-03-02T21:04:11.250000", duration=2.5, metadata=metadata)
    shown = {"id": str(wish.id), "source": "py", "start_time": "2026-03-02T21:04:11.250000Z", "project_id": it.project_id}
    call(it.run, "add_run", {**shown, "duration": 2.5, "metadata": metadata}, 201, run=wish)
    call(it.run, "get_run", {**shown, "metadata": metadata}, id=wish.id)
    mark = [f"metadata.marked={it.tag}"]
    only = lambda runs: [run["id"] for run in runs] == [str(wish.id)]
    call(it.run, "get_run_list", {"runs": only}, filter=mark, estimate=False, page=1, page_size=5)
    change = models.Run(component="cart", metadata={"deep": {"b": 2}})
    merged = {**metadata, "deep": {"a": 1, "b": 2}}
    call(it.run, "update_run", {**shown, "component": "cart", "metadata": merged}, id=wish.id, run=change)
    bulk = lambda runs: [run["metadata"] for run in runs] == [{**merged, "bulk": "yes"}]
    extra = models.UpdateRun(metadata={"bulk": "yes"})
    call(it.run, "bulk_update", {"runs": bulk, "pagination": {"totalItems": 1}}, filter=mark, page_size=5, update_run=extra)


def check_result(call, it):
    metadata = {"project": it.project_id, "run": it.run_id, "marked": it.tag, "deep": {"key": 1}}
    wish = models.Result(
        id=uuid4(), test_id="test_py", result="failed", start_time="2026-03-02T21:04:12", duration=1, source="py",
        params={"n": "1"}, metadata=metadata,
    )
    shown = {
        "id": str(wish.id), "test_id": "test_py", "result": "failed", "start_time": "2026-03-02T21:04:12Z",
        "duration": 1.0, "source": "py", "params": {"n": "1"}, "project_id": it.project_id, "run_id": it.run_id,
    }
    call(it.result, "add_result", {**shown, "metadata": metadata}, 201, result=wish)
    call(it.result, "get_result", {**shown, "metadata": metadata}, id=wish.id)
    only = lambda results: [result["id"] for result in results] == [str(wish.id)]
    asked = {"filter": [f"run_id={it.run_id}", f"metadata.marked={it.tag}"], "estimate": False, "page": 1, "page_size": 5}
    call(it.result, "get_result_list", {"results": only, "pagination": {"totalItems": 1}}, **asked)
    change = models.Result(result="passed", metadata={"classification": "product"})
    merged = {**metadata, "classification": "product"}
    call(it.result, "update_result", {**shown, "result": "passed", "metadata": merged}, id=wish.id, result=change)
    call(it.result, "get_result", {**shown, "result": "passed", "metadata": merged}, id=wish.id)


def check_artifact(call, it):
    shown = {"filename": "shot.png", "result_id": it.result_id, "additional_metadata": {"page": 3}}
    sent = {"filename": "shot.png", "file": PNG, "result_id": it.result_id, "additional_metadata": {"page": 3}}
    made = call(it.artifact, "upload_artifact", shown, 201, **sent)
    call(it.artifact, "get_artifact", {**shown, "id": made["id"]}, id=made["id"])
    listed = lambda artifacts: made["id"] in [artifact["id"] for artifact in artifacts]
    call(it.artifact, "get_artifact_list", {"artifacts": listed}, result_id=it.result_id, page=1, page_size=50)
    call(it.artifact, "download_artifact", lambda content: content == PNG, id=made["id"])
    call(it.artifact, "view_artifact", lambda content: content == PNG, id=made["id"])
    call(it.artifact, "delete_artifact", id=made["id"])
    call(it.artifact, "get_artifact", "Not Found", 404, id=made["id"])


def check_import(call, it):
    sent = {"import_file": ("results.xml", JUNIT), "project": it.project_id, "metadata": {"marked": f"i-{it.tag}"}, "source": "py"}
    made = call(it.imports, "add_import", {"filename": "results.xml", "status": "pending"}, 201, **sent)
    ended = lambda answer: answer["status"] in ("done", "error")
    until(lambda: call(it.imports, "get_import", {"id": made["id"], "filename": "results.xml"}, id=made["id"]), ended)
    call(it.imports, "get_import", {"status": "done"}, id=made["id"])
    found = it.run.get_run_list(filter=[f"metadata.marked=i-{it.tag}"]).runs
    it.checks.equal([run.summary["tests"] for run in found], [1], f"tests of the imported run ({call.style})")


def check_task(call, it):
    asked = urllib.request.Request(f"{URL}/api/run?pageSize=501", headers={"Authorization": f"Bearer {it.token}"})
    with urllib.request.urlopen(asked) as answer:
        it.checks.equal(answer.status, 201, "a page of 501 runs is collected by a task")
        task_id = re.search(r'"task_id": ?"([^"]+)"', answer.read().decode()).group(1)
    quiet = Caller(call.style, call.calls, {})
    until(lambda: quiet(it.task, "get_task", id=task_id), lambda found: isinstance(found, dict) and "runs" in found)
    ids = lambda runs: it.run_id in [run["id"] for run in runs]
    call(it.task, "get_task", {"runs": ids, "pagination": {"page": 1, "pageSize": 501}}, id=task_id)


def check_dashboard(call, it):
    wish = models.Dashboard(id=uuid4(), title="Board", description="First", project_id=it.project_id)
    shown = {"id": str(wish.id), "title": "Board", "description": "First", "project_id": it.project_id}
    call(it.dashboard, "add_dashboard", shown, 201, dashboard=wish)
    call(it.dashboard, "get_dashboard", shown, id=wish.id)
    listed = lambda dashboards: str(wish.id) in [dashboard["id"] for dashboard in dashboards]
    call(it.dashboard, "get_dashboard_list", {"dashboards": listed}, project_id=it.project_id, page=1, page_size=50)
    change = models.Dashboard(title="Changed")
    call(it.dashboard, "update_dashboard", {**shown, "title": "Changed"}, id=wish.id, dashboard=change)
    call(it.dashboard, "delete_dashboard", id=wish.id)
    call(it.dashboard, "get_dashboard", "Dashboard not found", 404, id=wish.id)


def check_widget_config(call, it):
    params = {"weeks": 4, "group_field": "component"}
    kind = {"type": "widget", "widget": "run-aggregator"}
    wish = models.WidgetConfig(id=uuid4(), project_id=it.project_id, weight=3, title="Runs", params=params, **kind)
    shown = {"id": str(wish.id), "project_id": it.project_id, "weight": 3, "title": "Runs", "params": params, **kind}
    call(it.widget_config, "add_widget_config", shown, 201, widget_config=wish)
    call(it.widget_config, "get_widget_config", shown, id=wish.id)
    listed = lambda widgets: str(wish.id) in [widget["id"] for widget in widgets]
    asked = {"filter": [f"project_id={it.project_id}"], "page": 1, "page_size": 50}
    call(it.widget_config, "get_widget_config_list", {"widgets": listed}, **asked)
    change = models.WidgetConfig(weight=7)
    call(it.widget_config, "update_widget_config", {**shown, "weight": 7}, id=wish.id, widget_config=change)
    call(it.widget_config, "delete_widget_config", id=wish.id)
    call(it.widget_config, "get_widget_config", "Widget config not found", 404, id=wish.id)


def check_widget(call, it):
    named = lambda types: {"run-aggregator", "jenkins-heatmap"} <= {one["id"] for one in types}
    call(it.widget, "get_widget_types", {"types": named}, type="widget")
    # The client takes only UUIDs here, which no widget type is called, so it can only be refused.
    call(it.widget, "get_widget", status=400, id=uuid4(), params={"weeks": "4"})


CHECKS = {name.removeprefix("check_"): check for name, check in list(globals().items()) if name.startswith("check_")}


def prepare(style, pages, checks):
    """A project with a run and a result for one style, and every API with an administrator's token."""
    credentials = models.Credentials(email=ADMIN, password=os.environ["CLIENTS_ADMIN_PASSWORD"])
    token = api("LoginApi").login(credentials=credentials).token
    names = {
        "admin_project": "AdminProjectManagementApi", "admin_user": "AdminUserManagementApi", "artifact": "ArtifactApi",
        "dashboard": "DashboardApi", "group": "GroupApi", "health": "HealthApi", "imports": "ImportApi",
        "project": "ProjectApi", "result": "ResultApi", "run": "RunApi", "task": "TaskApi", "user": "UserApi",
        "widget": "WidgetApi", "widget_config": "WidgetConfigApi",
    }
    it = SimpleNamespace(**{key: api(name, token) for key, name in names.items()})
    it.token, it.tag, it.pages, it.checks = token, f"{style}-{uuid4().hex[:8]}", pages, checks
    it.me = str(it.user.get_current_user().id)
    it.project_id = str(it.project.add_project(project=models.Project(name=f"all-{it.tag}", title="All")).id)
    it.run_id = str(it.run.add_run(run=models.Run(metadata={"project": it.project_id})).id)
    metadata = {"project": it.project_id, "run": it.run_id, "deep": {"key": 1}}
    it.result_id = str(it.result.add_result(result=models.Result(test_id="t", result="passed", metadata=metadata)).id)
    return it


def main():
    checks, calls, faults, pages = Checks(), set(), {}, WebPages()
    for style in STYLES:
        call, it = Caller(style, calls, faults), prepare(style, pages, checks)
        for name, check in CHECKS.items():
            try:
                check(call, it)
            except Exception as error:
                checks.that(False, f"{name} ({style}) to its end", f"{type(error).__name__}: {error}"[:600])
    methods = public_methods()
    suffixes = tuple(suffix for suffix in STYLES.values() if suffix)
    operations = sorted(key for key in methods if not key[1].endswith(suffixes))
    for owner, name in operations:
        keys = [(owner, f"{name}{suffix}") for suffix in STYLES.values()]
        details = [f"{key[1]} was never called" for key in keys if key not in calls]
        details += [f"{key[1]}: {text}" for key in keys for text in faults.get(key, [])]
        checks.that(not details, f"{owner}.{name}", *details)
    strange = methods - {(owner, f"{name}{suffix}") for owner, name in operations for suffix in STYLES.values()}
    checks.that(not strange, f"{len(operations)} operations, {len(methods)} methods, none left out", *sorted(strange))
    return 1 if checks.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
