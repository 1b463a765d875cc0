"""What people do to a value before they write it down, undone.

Reports defang (`hxxp://evil[.]com`, `user[at]evil dot com`) so that nobody clicks; chats and mails add quotes,
brackets, full-width letters and invisible characters. `spelled_out` gives back what was meant, whatever its kind.
"""

from __future__ import annotations

import re
import unicodedata

_OPEN, _CLOSE = r"[\[({<]\s{0,3}", r"\s{0,3}[\])}>]"
_MAX_SPELLED = 1_024  # characters of the longest address or name, decorated and with a display name

# Bounded repetitions only: none of these may take more than linear time on hostile text.
_DEFANGED = (
    (re.compile(rf"{_OPEN}(?:\.|dot|punkt|point|punto){_CLOSE}", re.IGNORECASE), "."),
    (re.compile(rf"{_OPEN}(?:@|at){_CLOSE}", re.IGNORECASE), "@"),
    (re.compile(rf"{_OPEN}(:?//|:){_CLOSE}"), r"\1"),
    (re.compile(rf"{_OPEN}/{_CLOSE}"), "/"),
    (re.compile(r"[\[({]\.([^\s\[\](){}.]{1,63})[\])}]"), r".\1"),  # evil[.com]
    (re.compile(r"[\[({]\.|\.[\])}]|\\\."), "."),  # evil[.com, evil.]com, evil\.com
)
_DOT_WORD = re.compile(r"\s{1,3}dot\s{1,3}", re.IGNORECASE)
_AT_WORD = re.compile(r"\s{1,3}at\s{1,3}", re.IGNORECASE)
_MARKS = re.compile(r"[\[({<\\\s]|\.[\])}]")

_LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff"),  # soft hyphen, zero-width space, word joiner, byte order mark
        **dict.fromkeys("。．｡", "."),
        **dict.fromkeys("ϲ𝛓𝜍𝝇𝞁𝞻", "σ"),  # where NFKC and UTS 46 part ways; names follow UTS 46
        **dict(zip("［］（）｛｝：／＠", "[](){}:/@", strict=True)),
    }
)
_WRAPPERS = dict(zip("([{<“„‘«\"'`", ")]}>”“’»\"'`", strict=True))
HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")  # what word processors make of one
_PUNCTUATION = ".,;!?"


def undefanged(text: str) -> str:
    """`text` without the marks that made it harmless; the same string where there are none."""
    if not text.isascii():
        text = text.translate(_LOOKALIKES)
    if not _MARKS.search(text):
        return text
    for mark, meant in _DEFANGED:
        text = mark.sub(meant, text)
    dotted = _DOT_WORD.sub(".", text)
    # 'meet at noon' is prose; 'user at evil dot com' is an address.
    return text if dotted == text else _AT_WORD.sub("@", dotted)


def is_defanged(text: str) -> bool:
    """Whether somebody made this harmless, and so took it for something that could be clicked."""
    plain = unwrapped(text)
    if not plain.isascii():
        plain = plain.translate(_LOOKALIKES)
    return undefanged(plain) != plain


def unwrapped(text: str) -> str:
    """`text` without surrounding blanks, quotes and brackets."""
    text = text.strip()
    for _ in range(4):
        if len(text) < 2 or _WRAPPERS.get(text[0]) != text[-1]:
            break
        text = text[1:-1].strip()
    return text


def spelled_out(text: str) -> str:
    """What was meant by `text`: undefanged, unwrapped, compatibility characters folded, no closing punctuation.

    Too long to be a value gives ''. Not for URLs, where brackets and closing punctuation can be part of the path.
    """
    if len(text) > _MAX_SPELLED:
        return ""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text.translate(_LOOKALIKES)).translate(_LOOKALIKES)
    return unwrapped(unwrapped(undefanged(unwrapped(text))).rstrip(_PUNCTUATION))
