"""Reads a run with all that belongs to it through the official client."""

import hashlib
import os
import time

from ibutsu_client.api.artifact_api import ArtifactApi
from ibutsu_client.api.health_api import HealthApi
from ibutsu_client.api.project_api import ProjectApi
from ibutsu_client.api.result_api import ResultApi
from ibutsu_client.api.run_api import RunApi
from ibutsu_client.api.user_api import UserApi
from ibutsu_client.api_client import ApiClient
from ibutsu_client.configuration import Configuration

PATIENCE_SECONDS = 10


class Reader:
    def __init__(self, url=os.environ.get("CLIENTS_URL"), token=os.environ.get("CLIENTS_TOKEN")):
        client = ApiClient(Configuration(host=f"{url}/api", access_token=token))
        self.token = token
        self.artifacts = ArtifactApi(client)
        self.health = HealthApi(client)
        self.projects = ProjectApi(client)
        self.results = ResultApi(client)
        self.runs = RunApi(client)
        self.user = UserApi(client)

    def settled_run(self, run_id, tests):
        """The run, once its summary has been counted from so many results, and the seconds that this took."""
        begun = time.monotonic()
        while True:
            run = self.runs.get_run(id=run_id)
            waited = time.monotonic() - begun
            counted = "pass_percent" in run.summary and run.summary.get("tests") == tests
            if counted or waited > PATIENCE_SECONDS:
                return run.model_dump(mode="json"), waited
            time.sleep(0.05)

    def pages(self, run_id, page_size, *filters):
        """The lists of results of a run, page by page until the last one."""
        pages = []
        while not pages or len(pages) < pages[0].pagination.total_pages:
            page = self.results.get_result_list(
                filter=[f"run_id={run_id}", *filters], page=len(pages) + 1, page_size=page_size
            )
            pages.append(page)
        return pages

    def files(self, owner, of_run):
        """What is attached to a run or a result, with digests of the downloaded and of the viewed bytes."""
        asked = {"run_id": owner} if of_run else {"result_id": owner}
        return [self.file(artifact, owner) for artifact in self.artifacts.get_artifact_list(**asked, page_size=100).artifacts]

    def file(self, artifact, owner):
        downloaded = bytes(self.artifacts.download_artifact(id=artifact.id))
        viewed = self.artifacts.view_artifact_with_http_info(id=artifact.id)
        return {
            "owner": owner,
            "filename": artifact.filename,
            "size": len(downloaded),
            "sha256": hashlib.sha256(downloaded).hexdigest(),
            "viewed_sha256": hashlib.sha256(bytes(viewed.data)).hexdigest(),
            "type": dict(viewed.headers).get("content-type", dict(viewed.headers).get("Content-Type", "")),
        }


def snapshot(reader, run_id, tests):
    """A run, its results by id and its files as plain values that can be compared and kept as JSON."""
    run, _ = reader.settled_run(run_id, tests)
    found = [result for page in reader.pages(run_id, 500) for result in page.results]
    results = {str(result.id): result.model_dump(mode="json") for result in found}
    owners = [(run_id, True), *((result_id, False) for result_id in results)]
    files = [file for owner, of_run in owners for file in reader.files(owner, of_run)]
    return {"run": run, "results": results, "artifacts": files}
