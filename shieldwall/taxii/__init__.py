"""The TAXII 2.1 door: requests become calls of the exchange, stored bytes become envelopes.

`routes` is what the node's URLs are made of. docs/taxii-conformance.md goes through the standard clause by clause.
"""
