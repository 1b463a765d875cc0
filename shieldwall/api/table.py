"""The table of routes: the URLs, the OpenAPI document and the reference are all made from it."""

from __future__ import annotations

from shieldwall.api import answers, collecting, finding, recalling, requests, sessions, submitting
from shieldwall.api.bodies import JSON, Body
from shieldwall.api.parameters import HOLD, MOMENT, TEXT, Parameter, number, uuid_of
from shieldwall.api.route import PREFIX, Route

OBJECT_MEDIA = (
    JSON, "application/stix+json", "application/stix+json;version=2.1", "application/taxii+json",
    "application/taxii+json;version=2.1",
)  # fmt: skip
_MOST_LOOKUP = 16 << 20

_OBJECT = Parameter(name="id", argument="stix_id", place="path", kind=TEXT, sentence="The object's STIX id.")
_SUBMISSION = Parameter(
    name="id", argument="submission", place="path", kind=uuid_of("submission"), sentence="The submission's id."
)
_COLLECTION = Parameter(
    name="id", argument="collection", place="path", kind=uuid_of("collection"), sentence="The collection's id."
)


def _limit(most: int, default: int) -> Parameter:
    return Parameter(
        name="limit", argument="limit", kind=number(1, most), default=default,
        sentence=f"How many at most; {default} where it is not given.",
    )  # fmt: skip


_GIVING = (
    Route(
        method="POST", path="/objects", handler=submitting.submit_objects, scope="submit",
        summary="Give a STIX bundle, a TAXII envelope, a list of objects or one object. Each object is judged by "
        "itself. Answers 202 where it is held, or too large to admit at once; the receipt is then at `Location`.",
        takes=Body(None, OBJECT_MEDIA, None), gives=answers.Receipt, statuses=(200, 202), errors=(404, 409),
        parameters=(
            Parameter(
                name="audience", argument="audience", kind=TEXT, default="",
                sentence="Who is to read it: tokens joined by `&` and `|`. Without one, and without a default of the "
                "key, nothing leaves your organisation.",
            ),
            Parameter(
                name="collection", argument="collection", kind=TEXT, default="",
                sentence="Instead of an audience: the id of the collection to put it into.",
            ),
            Parameter(
                name="default_marking", argument="default_marking", kind=TEXT, default="",
                sentence="The marking of objects that carry none, such as `TLP:GREEN`. Without one they stay home.",
            ),
            Parameter(
                name="hold", argument="hold_us", kind=HOLD, default=0,
                sentence="Release it only after so many seconds, or an ISO 8601 duration of up to 30 days. "
                "Revocations never wait.",
            ),
            Parameter(
                name="Idempotency-Key", argument="idempotency", place="header", kind=TEXT, default="",
                sentence="Up to 200 characters; the same key returns the first receipt.",
            ),
        ),
    ),
    Route(
        method="GET", path="/submissions/{id}", handler=submitting.read_submission, gives=answers.Receipt,
        summary="The receipt of your own submission as it stands.", parameters=(_SUBMISSION,), errors=(404,),
    ),
    Route(
        method="DELETE", path="/submissions/{id}", handler=submitting.take_back_submission, gives=answers.Receipt,
        summary="Take back what is still held, unread by anybody.", parameters=(_SUBMISSION,), scope="submit",
        errors=(404, 409),
    ),
    Route(
        method="POST", path="/submissions/{id}/send", handler=submitting.send_submission, gives=answers.Receipt,
        summary="Release what is held, at once.", parameters=(_SUBMISSION,), scope="submit", errors=(404, 409),
    ),
    Route(
        method="POST", path="/audience", handler=submitting.preview_audience, gives=answers.Audience,
        summary="Who would read something addressed so, before it is sent.",
        takes=Body(requests.AudienceRequest), errors=(403,),
    ),
)  # fmt: skip

_FINDING = (
    Route(
        method="GET", path="/objects/{id}", handler=finding.read_object, gives=answers.ObjectAnswer, scope="read",
        summary="The latest version of an object that you may read, for each of its owners.",
        parameters=(_OBJECT,), errors=(404,),
    ),
    Route(
        method="GET", path="/objects/{id}/versions", handler=finding.read_versions, gives=answers.ObjectAnswer,
        summary="Every version of an object that you may read, in the order in which they were shown.",
        parameters=(_OBJECT,), scope="read", errors=(404,),
    ),
    Route(
        method="GET", path="/objects/{id}/explain", handler=finding.explain_object, scope="read",
        summary="Why you, or `viewer`, may or may not read an object: for its owner, and for the viewer's own member.",
        gives=answers.ExplanationAnswer, errors=(404,),
        parameters=(
            _OBJECT,
            Parameter(
                name="viewer", argument="whom", kind=TEXT, default="",
                sentence="`member:…`, `person:…` or `key:…`; yourself where it is not given.",
            ),
        ),
    ),
    Route(
        method="GET", path="/objects/{id}/sent", handler=recalling.list_recipients, gives=answers.SentAnswer,
        summary="To whom your own object was given so far.", scope="submit", errors=(404,),
        parameters=(
            _OBJECT,
            Parameter(
                name="version", argument="version", kind=TEXT, default=None,
                sentence="One version, by its `modified`; all where it is not given.",
            ),
        ),
    ),
    Route(
        method="GET", path="/search", handler=finding.search_objects, gives=answers.SearchAnswer, scope="read",
        summary="Objects in which most of the words and values of `q` occur, newest first among equals.",
        parameters=(
            Parameter(name="q", argument="query", kind=TEXT, sentence="Words and values, separated by spaces."),
            _limit(100, 20),
        ),
    ),
    Route(
        method="POST", path="/lookup", handler=finding.look_values_up, gives=answers.LookupAnswer, scope="read",
        summary="What is known of up to 100,000 observable values, defanged or not. Nobody else can tell.",
        takes=Body(requests.LookupRequest, most=_MOST_LOOKUP),
    ),
)  # fmt: skip

_RECALLING = (
    Route(
        method="POST", path="/withdrawals", handler=recalling.withdraw_object, gives=answers.WithdrawalAnswer,
        summary="Withdraw your own object wherever it lies, and learn who had it. Where its content is wrong rather "
        "than secret, give a version with `revoked: true` instead.",
        takes=Body(requests.WithdrawalRequest), scope="submit", errors=(404,),
    ),
    Route(
        method="GET", path="/withdrawals", handler=recalling.list_withdrawals, gives=answers.WithdrawalsAnswer,
        summary="What was withdrawn of all that you may read, oldest first.", scope="read",
        parameters=(
            Parameter(
                name="since", argument="since", kind=MOMENT, default=0,
                sentence="Only those added after this time.",
            ),
        ),
    ),
)  # fmt: skip

_COLLECTING = (
    Route(
        method="GET", path="/collections", handler=collecting.list_collections, gives=answers.CollectionsAnswer,
        summary="The virtual collection of all you may read, then one for each audience in your scope.",
    ),
    Route(
        method="GET", path="/collections/{id}/objects", handler=collecting.page_objects, gives=answers.PageAnswer,
        summary="The latest objects of a collection, or of the virtual one, in log order.", scope="read",
        errors=(404,),
        parameters=(
            _COLLECTION,
            Parameter(
                name="added_after", argument="added_after", kind=MOMENT, default=None,
                sentence="Only what was added after this time.",
            ),
            Parameter(
                name="next", argument="cursor", kind=TEXT, default=None,
                sentence="The `next` of the page before, with the same other parameters.",
            ),
            _limit(1000, 1000),
        ),
    ),
    Route(
        method="GET", path="/collections/{id}/entries", handler=collecting.walk_entries, gives=answers.EntriesAnswer,
        summary="The log itself, every entry with what its leaf was made of, for whoever verifies it.", scope="read",
        errors=(404,),
        parameters=(
            _COLLECTION,
            Parameter(
                name="after", argument="after", kind=number(0), default=0, sentence="Go on behind this number.",
            ),
            _limit(1000, 1000),
        ),
    ),
    Route(
        method="GET", path="/collections/{id}/checkpoint", handler=collecting.read_checkpoint, scope="read",
        summary="The newest signed checkpoint of a log.", gives=answers.CheckpointAnswer, parameters=(_COLLECTION,),
        errors=(404,),
    ),
    Route(
        method="GET", path="/collections/{id}/entries/{number}/proof", handler=collecting.prove_entry, scope="read",
        summary="An entry, and the proof that it is in the log.", gives=answers.ProofAnswer, errors=(404,),
        parameters=(
            _COLLECTION,
            Parameter(
                name="number", argument="number", place="path", kind=number(1), sentence="The entry's number.",
            ),
            Parameter(
                name="size", argument="size", kind=number(1), default=None,
                sentence="In the tree of this signed size; the newest where it is not given.",
            ),
        ),
    ),
    Route(
        method="GET", path="/collections/{id}/consistency", handler=collecting.prove_consistency, scope="read",
        summary="The proof that a log has only grown.", gives=answers.ConsistencyAnswer, errors=(404,),
        parameters=(
            _COLLECTION,
            Parameter(name="from", argument="old", kind=number(1), sentence="The earlier size."),
            Parameter(name="to", argument="new", kind=number(1), sentence="The later size."),
        ),
    ),
)  # fmt: skip

_BEING = (
    Route(
        method="POST", path="/sessions", handler=sessions.open_session, gives=answers.SessionAnswer, public=True,
        summary="Sign in as a person; good for twelve hours. A session reads what is for this person by name.",
        takes=Body(requests.SessionRequest), errors=(401,),
    ),
    Route(
        method="DELETE", path="/sessions", handler=sessions.close_session, gives=answers.SignedOutAnswer,
        summary="Sign out: end the session whose token is sent.", errors=(403,),
        parameters=(
            Parameter(
                name="Authorization", argument="token", place="credential", kind=TEXT, sentence="The session's token.",
            ),
        ),
    ),
    Route(
        method="GET", path="/me", handler=sessions.read_me, gives=answers.MeAnswer,
        summary="Who you are here, and with which rights.",
    ),
    Route(
        method="GET", path="/health", handler=collecting.read_health, gives=answers.HealthAnswer, public=True,
        summary="Whether this node answers from its log.",
    ),
    Route(
        method="GET", path="/key", handler=collecting.read_key, gives=answers.KeyAnswer, public=True,
        summary="The key line that verifies this node's checkpoints.",
    ),
)  # fmt: skip

ROUTES: tuple[Route, ...] = (*_GIVING, *_FINDING, *_RECALLING, *_COLLECTING, *_BEING)

__all__ = ["OBJECT_MEDIA", "PREFIX", "ROUTES"]
