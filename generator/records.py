"""What the store keeps of a document and of what became of it, as bytes; each record carries a checksum."""

from __future__ import annotations

import datetime as dt
import json
import zlib
from array import array
from base64 import b64decode, b64encode
from dataclasses import dataclass, fields
from hashlib import blake2b
from typing import Any

from generator.boilerplate import Sample
from generator.models import Article, Body, KeptBody, LeftOut, Published, Removal, Traces

#: All of Unicode, as UTF-8, but two bytes a Chinese character: an eighth less in the end, and sooner compressed. What it
#: cannot hold, half a surrogate pair, is written as JSON does.
_CODE = "gb18030"


class DamagedStoreError(Exception):
    """The store cannot be used as it is; nothing is lost by making it anew."""


#: path, look, digest, made_by, key, facts
Row = tuple[str, str, str, str, str, bytes]


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of a document, whatever the other documents say."""

    path: str
    look: str  # size and times of the file
    digest: str  # of its bytes
    made_by: str  # the rules that had a part in it
    key: str  # of all that its cleaning depends on, but for what repeats elsewhere
    mirrors: tuple[str, ...]
    publisher: str
    looked_for: tuple[tuple[str, bool], ...]  # pictures of the content folder, and whether they were there
    sample: Sample | None


@dataclass(frozen=True, slots=True)
class Result:
    """A cleaned document, packed by the process that cleaned it."""

    key: str
    record: bytes
    body: bytes


def pack(key: str, result: Article | LeftOut) -> Result:
    """Make of a result what the store keeps."""
    if isinstance(result, LeftOut):
        return Result(key, record_of([result.path, result.reason, result.detail]), b"")
    body = _json([result.html, result.text, [[r.step, r.rule, r.text] for r in result.removals]])
    row = [_plain(getattr(result, name)) for name in _FIELDS]
    traces = result.traces
    face = _digest(_json([value for index, value in enumerate(row) if index not in _NOT_SHOWN]))
    extra = [getattr(traces, name) for name in _TRACES]
    extra[_SHINGLES] = b64encode(traces.shingles.tobytes()).decode()
    record = _json([*row, extra, face, _digest(body, face.encode(), result.sha256.encode())])
    return Result(key, _sealed(zlib.compress(record, 1)), _sealed(zlib.compress(body, 6)))


#: The fields that a record holds in this order; then the traces, the face and the stamp.
_LATER = ("traces", "body", "copies", "by_hand", "face", "stamp")
_FIELDS = [f.name for f in fields(Article) if f.init and f.name not in _LATER]
_TIMES = [_FIELDS.index(name) for name in ("published", "updated", "mirrored")]
_NOT_SHOWN = {_FIELDS.index("sha256")}
_TUPLES = [_FIELDS.index(name) for name in ("credits", "tags", "mirrors", "picture_files")]
_TERMS = _FIELDS.index("terms")
_TRACES = [f.name for f in fields(Traces)]
_SHINGLES = _TRACES.index("shingles")


def unpacked(record: bytes, body: KeptBody) -> Article | LeftOut:
    """What was packed, with a body that may lie elsewhere; raises DamagedStoreError."""
    row = value_of(record)
    if len(row) == 3:
        return LeftOut(*row)
    *values, extra, face, stamp = row
    for index in _TIMES:
        values[index] = _time(values[index])
    for index in _TUPLES:
        values[index] = tuple(values[index])
    values[_TERMS] = tuple(tuple(pair) for pair in values[_TERMS])
    given: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in zip(_TRACES, extra, strict=True)
    }
    given["shingles"] = array("I", b64decode(given["shingles"]))
    traces = Traces(**given)
    return Article(**dict(zip(_FIELDS, values, strict=True)), traces=traces, body=body, face=face, stamp=stamp)


def body_of(data: bytes) -> Body:
    """The body of a `Result`; raises DamagedStoreError."""
    html, text, removals = value_of(data)
    return Body(html, text, tuple(Removal(*removal) for removal in removals))


def row_of(known: Known) -> Row:
    """What is remembered of a document, as a row of a table."""
    one = known.sample
    counted = [one.mirror, one.publisher, len(one.lines), one.digest] if one else None
    head = _json([known.mirrors, known.publisher, known.looked_for, counted])
    tail = b"" if one is None else array("Q", [*one.lines, *one.links]).tobytes()
    facts = _sealed(len(head).to_bytes(4, "big") + head + tail)
    return known.path, known.look, known.digest, known.made_by, known.key, facts


def known_of(row: Row) -> Known:
    """What a row says of a document; raises DamagedStoreError."""
    path, look, digest, made_by, key, facts = row
    data = _opened(facts)
    size = int.from_bytes(data[:4], "big") + 4
    mirrors, publisher, looked_for, counted = json.loads(data[4:size].decode(_CODE))
    sample = None
    if counted:
        numbers = array("Q")
        numbers.frombytes(data[size:])
        mirror, by, lines, whole = counted
        sample = Sample(mirror, by, numbers[:lines], numbers[lines:], whole)
    looked = tuple((name, there) for name, there in looked_for)
    return Known(path, look, digest, made_by, key, tuple(mirrors), publisher, looked, sample)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


def _time(text: str | None) -> Published | None:
    if text is None:
        return None
    return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(_CODE, "backslashreplace")


def _digest(*parts: bytes) -> str:
    return blake2b(b"".join(parts), digest_size=8).hexdigest()


def _sealed(data: bytes) -> bytes:
    return blake2b(data, digest_size=8).digest() + data


def _opened(data: bytes) -> bytes:
    if blake2b(data[8:], digest_size=8).digest() != data[:8]:
        raise DamagedStoreError("a record is damaged")
    return data[8:]


def record_of(value: Any) -> bytes:
    """Anything that JSON can say, as a record."""
    return _sealed(zlib.compress(_json(value), 1))


def value_of(record: bytes) -> Any:
    """What a record says; raises DamagedStoreError."""
    try:
        return json.loads(zlib.decompress(_opened(record)).decode(_CODE))
    except (zlib.error, ValueError) as error:  # also what cannot be decoded
        raise DamagedStoreError(str(error)) from None
