"""Prints one line per check and remembers whether all were good."""

import json

DETAILS = 5


class Checks:
    def __init__(self):
        self.wrong = 0

    def that(self, good, text, *details):
        if good:
            print(f"  ok     {text}")
            return
        self.wrong += 1
        print(f"  WRONG  {text}")
        for detail in details[:DETAILS]:
            print(f"         {detail}")
        if len(details) > DETAILS:
            print(f"         … and {len(details) - DETAILS} more")

    def equal(self, got, wanted, text):
        self.that(got == wanted, f"{text}: {brief(got)}" if got == wanted else text, f"wanted {brief(wanted)}", f"got    {brief(got)}")


def brief(value, limit=300):
    text = json.dumps(value, default=str, sort_keys=True)
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"
