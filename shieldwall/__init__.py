"""Shieldwall: an open exchange through which an alliance shares threats, warns, helps and decides.

The rooms and the direction of their dependencies are drawn in `docs/architecture.md`.
"""

__version__ = "0.1.0"
