"""The JSON API under /api/v1: one table of routes; URLs, OpenAPI document and reference are made from it.

    table       every route: method, path, parameters, body, answer, scope, handler
    routes      the URLs that Django serves
    openapi     the same as an OpenAPI 3.1 document
    reference   the same as a page for people

A handler is a plain function: it is given the viewer and what was asked, already parsed, and gives a Reply.
"""
