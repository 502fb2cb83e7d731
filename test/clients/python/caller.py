"""Calls the methods of the official client, each in its three styles, and knows which of them nobody called."""

import inspect
import json

import ibutsu_client.api
from ibutsu_client.exceptions import ApiException
from pydantic import BaseModel

# The generated client has each operation three times: as a value, with status and headers, and as the bare answer.
STYLES = {"value": "", "status": "_with_http_info", "bare": "_without_preload_content"}


def public_methods():
    """`{(class, method)}` of every API class, all styles."""
    classes = [value for name, value in vars(ibutsu_client.api).items() if inspect.isclass(value) and name.endswith("Api")]
    return {
        (owner.__name__, name)
        for owner in classes
        for name, _ in inspect.getmembers(owner, inspect.isfunction)
        if not name.startswith("_")
    }


class Caller:
    """`call(api, method, wanted, status, **arguments)` for one style; `calls` and `faults` are shared by all styles."""

    def __init__(self, style, calls, faults):
        self.style = style
        self.calls = calls
        self.faults = faults

    def __call__(self, api, method, wanted=None, status=200, **arguments):
        """The answer as plain values. One of another status than wanted, or without the wanted values, is a fault."""
        name = f"{method}{STYLES[self.style]}"
        key = (type(api).__name__, name)
        self.calls.add(key)
        got_status, got = self._send(getattr(api, name), status, arguments)
        if got_status != status:
            self._fault(key, f"status {got_status} instead of {status}: {str(got)[:300]}")
        elif wanted is not None:
            for difference in differences(got, wanted):
                self._fault(key, difference)
        return got

    def _send(self, function, status, arguments):
        try:
            answer = function(**arguments)
        except ApiException as error:
            return error.status, parse(error.body)
        if self.style == "status":
            return answer.status_code, plain(answer.data)
        if self.style == "bare":
            return answer.status, parse(answer.data, answer.headers.get("content-type"))
        # A value says no more than that it was a success.
        return (status if status < 300 else 200), plain(answer)

    def _fault(self, key, text):
        self.faults.setdefault(key, []).append(text)


def plain(value):
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, bytearray):
        return bytes(value)
    return value


def parse(body, content_type="application/json"):
    try:
        return json.loads(body) if "json" in (content_type or "") else body
    except (TypeError, ValueError):
        return body


def differences(got, wanted, path="answer"):
    """What of `wanted` is not in `got`: objects may hold more, all else is equal; a function says yes or no."""
    if callable(wanted):
        return [] if wanted(got) else [f"{path}: got {got!r:.200}"]
    if isinstance(wanted, dict):
        if not isinstance(got, dict):
            return [f"{path}: wanted an object, got {got!r:.200}"]
        return [text for key, value in wanted.items() for text in differences(got.get(key), value, f"{path}.{key}")]
    return [] if got == wanted else [f"{path}: wanted {wanted!r:.200}, got {got!r:.200}"]
