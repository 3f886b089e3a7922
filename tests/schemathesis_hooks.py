"""Loaded by schemathesis (`cargo xtask fuzz-api`)."""

import re

import schemathesis

# HTTP itself forbids control characters in headers: the server's parser ends such a request before there is one to answer.
# The setting `exclude-header-characters` says the same, but is lost for operations that have settings of their own.
CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


@schemathesis.hook
def before_call(context, case, **kwargs):
    for name, value in list((case.headers or {}).items()):
        if isinstance(value, str):
            case.headers[name] = CONTROLS.sub("", value)
