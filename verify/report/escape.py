"""Text from files and people, made safe to show: nothing hidden, nothing that steers a terminal or an eye.

A name may hold escape sequences that rewrite a terminal, or a right-to-left override that shows `exe.jpg` for
`gpj.exe` (Unicode Technical Report 36, section 2.10; CVE-2021-42574, "Trojan Source"). Such characters are
shown by their number, U+202E, in single angle quotes. HTML escaping is not done here: the templates escape
everything by themselves.
"""

from __future__ import annotations

import json
import re

from verify.report.plain import text as valid

# C0 and C1 controls, bidirectional controls, characters without width or ink, line and paragraph separators,
# tags and non-characters. The joiners U+200C and U+200D stay: Persian, Hindi and emoji are written with them.
_HIDDEN = (
    "\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff"
    "\ufff9-\uffff\U000e0000-\U000e007f"
)
_ANY = re.compile(f"[{_HIDDEN}]")
_NOT_NEWLINE = re.compile(f"(?!\n)[{_HIDDEN}]")


def visible(text: str) -> str:
    """One line: every control, bidirectional and invisible character shown by its number, newlines too."""
    return _ANY.sub(_number, valid(text))


def visible_lines(text: str) -> str:
    """The same with newlines kept, for places where they cannot forge anything."""
    return _NOT_NEWLINE.sub(_number, valid(text.replace("\r\n", "\n")))


def json_escaped(document: str) -> str:
    r"""A JSON document with the same characters written as `\u202e`: the same values, safe to print."""
    return _NOT_NEWLINE.sub(lambda match: json.dumps(match[0])[1:-1], document)


def _number(match: re.Match[str]) -> str:
    return f"\u2039U+{ord(match[0]):04X}\u203a"
