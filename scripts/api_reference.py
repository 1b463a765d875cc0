"""Writes docs/reference/api.md from the table of the API's routes (`--check` only compares)."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "api.md"


def main() -> int:
    """0 where the page is current or was written."""
    sys.path.insert(0, str(ROOT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "shieldwall.settings"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SHIELDWALL_DATA"] = folder
        import django

        django.setup()
        from shieldwall.api.reference import reference

        text = reference()
    if "--check" in sys.argv:
        return int(text != PAGE.read_text(encoding="utf-8"))
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
