from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsadesk.codec import canonical
from dsadesk.codec.events import decode_event, encode_event
from dsadesk.domain.events import RemarkMade, RequestSubmitted, UnknownBody
from dsadesk.errors import ContentsError
from tests.support.events import Table, submitted


def wire(**changes: object) -> bytes:
    event = Table().asks(submitted())
    return canonical.encode(canonical.decode_loose(encode_event(event)) | changes)


def test_an_event_comes_back_as_it_went() -> None:
    event = Table().asks(submitted())
    again = decode_event(encode_event(event))
    assert again == event
    assert encode_event(again) == encode_event(event)


def test_a_type_from_the_future_is_kept_whole() -> None:
    again = decode_event(wire(type="SharingBlessed", body={"by": "a druid"}))
    assert again.body == UnknownBody(content={"by": "a druid"})
    assert decode_event(encode_event(again)) == again


def test_a_newer_schema_of_a_known_type_is_kept_whole() -> None:
    assert isinstance(decode_event(wire(schema=2)).body, UnknownBody)


def test_unknown_fields_are_named_wherever_they_stand() -> None:
    body = canonical.decode_loose(wire())["body"]
    body["new"] = 1
    body["requester"]["logo"] = "x"
    again = decode_event(wire(body=body, extra=True))
    assert isinstance(again.body, RequestSubmitted)
    assert again.unknown_fields == ("extra", "body.new", "body.requester.logo")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"v": 2}, "event-version"),
        ({"id": "x"}, "event-id"),
        ({"seq": 0}, "event-chain"),
        ({"seq": 2}, "event-chain"),
        ({"prev": "0" * 64}, "event-chain"),
        ({"at": "2026-13-01T00:00:00Z"}, "time"),
        ({"at": "today"}, "time"),
        ({"at": "2026-03-02T09:00:00Z".replace("2", "\u0662")}, "time"),
        ({"type": "Remark Made"}, "event-fields"),
        ({"type": "\u202edaeR"}, "event-fields"),
        ({"type": "A" * 65}, "event-fields"),
        ({"schema": 0}, "event-fields"),
        ({"after": ["x"]}, "event-id"),
        ({"by": "Priya"}, "event-fields"),
        ({"body": {}}, "event-body"),
        ({"type": "RemarkMade", "body": {"text": 1}}, "event-body"),
        ({"body": "text"}, "event-fields"),
    ],
)
def test_a_malformed_event_is_refused_by_name(changes: dict[str, object], code: str) -> None:
    with pytest.raises(ContentsError) as caught:
        decode_event(wire(**changes))
    assert caught.value.code == code


@given(st.dictionaries(st.sampled_from(["v", "id", "seq", "prev", "after", "body", "type", "at", "by"]), st.one_of(
    st.integers(-5, 5), st.text(max_size=5), st.lists(st.text(max_size=3), max_size=2), st.dictionaries(st.text(max_size=3), st.booleans(), max_size=2)
)))  # fmt: skip
def test_only_typed_errors_come_out(changes: dict[str, object]) -> None:
    try:
        data = wire(**changes)
    except canonical.CanonicalError:
        return
    try:
        decode_event(data)
    except ContentsError:
        return


ANSWERS = ["text", 1, True, ["a", "b"], [], [{"a": "b"}, {}]]
SAMPLE = {"n": 1, "name": "a.csv", "media": "text/csv", "size": 1, "sha256": "0" * 64, "object": "1" * 64}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_of_each_shape_is_taken(answer: object) -> None:
    body = canonical.decode_loose(wire())["body"] | {"answers": {"purpose.aim": answer}}
    assert decode_event(wire(body=body)).body.answers == {"purpose.aim": answer}  # type: ignore[attr-defined]
    asked = {"asked": "0" * 36, "text": "Yes.", "answer": answer}
    assert decode_event(wire(type="QuestionAnswered", body=asked)).body.answer == answer  # type: ignore[attr-defined]


@pytest.mark.parametrize("answer", [{"a": "b"}, [["a"]], [1], ["a", {"b": "c"}], [{"a": 1}], [{"a": ["b"]}]])
def test_an_answer_of_no_shape_is_refused(answer: object) -> None:
    body = canonical.decode_loose(wire())["body"] | {"answers": {"purpose.aim": answer}}
    for hostile in (wire(body=body), wire(type="QuestionAnswered", body={"asked": "x", "text": "x", "answer": answer})):
        with pytest.raises(ContentsError, match="event-body"):
            decode_event(hostile)


@pytest.mark.parametrize(
    "samples",
    [
        [SAMPLE] * 2,
        [SAMPLE | {"n": n} for n in range(1, 102)],
        [SAMPLE | {"n": 0}],
        [SAMPLE | {"size": -1}],
        [SAMPLE | {"object": "x"}],
        [SAMPLE | {"sha256": "A" * 64}],
    ],
)
def test_samples_that_cannot_be_meant_are_refused(samples: list[object]) -> None:
    body = canonical.decode_loose(wire())["body"] | {"samples": samples}
    with pytest.raises(ContentsError, match="event-body"):
        decode_event(wire(body=body))


def test_a_remark_is_a_remark() -> None:
    assert decode_event(wire(type="RemarkMade", body={"text": "Bore da ŵ"})).body == RemarkMade(text="Bore da ŵ")
