"""Sends a session once more, with the plugin's own sender and the plugin's own objects: resend.py OUT."""

import os
import pickle
import sys
from pathlib import Path
from types import SimpleNamespace

from pytest_ibutsu.sender import IbutsuSender, send_data_to_ibutsu


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
    good = str(posted.id) == run.id and summary["server_uploaded"]
    print(f"  {'ok   ' if good else 'WRONG'}  the run and {len(results)} results sent again", *summary["errors"])
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
