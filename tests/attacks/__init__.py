"""Attacks: what a hostile member, a thief of a key, an outsider or a hostile author tried, and must not get again."""
