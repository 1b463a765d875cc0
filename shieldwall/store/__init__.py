"""The store: tables and their SQL on two engines; numbers, stamps, tree, indexes and deliveries of the logs.

Reading happens inside `snapshot()`, with a `Scope`; writing happens in a turn of `writing()`. Only `exchange` and
`members` come here for what the logs hold; who serves or operates a node comes for the node itself.
"""

from __future__ import annotations

from shieldwall.store.collections import Collection, collection_by_id, collection_by_uuid
from shieldwall.store.connector import one, run, run_many, snapshot
from shieldwall.store.deliveries import deliveries_of, flush_deliveries, record_deliveries
from shieldwall.store.entries import (
    SIGNER,
    Draft,
    Entry,
    Kind,
    Placed,
    entries_at,
    entries_of,
    header_of,
    opened,
    tile_reader,
)  # fmt: skip
from shieldwall.store.keys import id_key, value_key, word_key
from shieldwall.store.layout import READERS, SIDE, WRITER
from shieldwall.store.node import Node, node, open_node
from shieldwall.store.positions import bounds, collection_of, number_of, position
from shieldwall.store.scope import Readable, Scope, audience_of, scope_of
from shieldwall.store.turn import NodeFacts, Turn, node_facts, require_keys, writing

__all__ = [
    "READERS", "SIDE", "SIGNER", "WRITER", "Collection", "Draft", "Entry", "Kind", "Node", "NodeFacts", "Placed",
    "Readable", "Scope", "Turn", "audience_of", "bounds", "collection_by_id", "collection_by_uuid", "collection_of",
    "deliveries_of", "entries_at", "entries_of", "flush_deliveries", "header_of", "id_key", "node", "node_facts",
    "number_of", "one", "open_node", "opened", "position", "record_deliveries", "require_keys", "run", "run_many",
    "scope_of", "snapshot", "tile_reader", "value_key", "word_key", "writing",
]  # fmt: skip
