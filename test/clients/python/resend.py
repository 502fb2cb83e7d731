"""Sends a session once more, with the plugin's own sender and the plugin's own objects: resend.py OUT."""

import os
import pickle
import sys
from pathlib import Path
from types import SimpleNamespace

from checks import Checks
from pytest_ibutsu.sender import IbutsuSender, send_data_to_ibutsu
from read_back import Reader

# The server promises the summary within 2 s of the last write; half a second is ours for asking.
RECOUNT_SECONDS = 2.5


def main(out):
    run, results = pickle.loads((Path(out) / "session.pickle").read_bytes())
    summary = {"errors": []}
    plugin = SimpleNamespace(
        ibutsu_server=os.environ["CLIENTS_URL"],
        ibutsu_token=os.environ["CLIENTS_TOKEN"],
        run=run,
        results=results,
        summary_info=summary,
    )
    # A client that lost the answer posts the run again, too.
    posted = IbutsuSender.from_ibutsu_plugin(plugin).run_api.add_run(run=run.to_dict())
    send_data_to_ibutsu(plugin)
    _, waited = Reader().settled_run(run.id, len(results))
    checks = Checks()
    checks.equal(str(posted.id), run.id, "the run posted again is answered with the stored one")
    checks.that(summary["server_uploaded"], f"the run and {len(results)} results sent again", *summary["errors"])
    checks.that(waited <= RECOUNT_SECONDS, f"its summary was counted {waited:.2f} s after the last write")
    return 1 if checks.wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
