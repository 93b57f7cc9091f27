"""Writes rows as an Apache Parquet file (https://parquet.apache.org/docs/file-format/): one row group, plain encoding, not
compressed, no value may be absent. Enough for tables of figures, with the standard library alone; anything that reads
Parquet reads it.
"""

import struct
from collections.abc import Iterable, Sequence
from typing import Any

MAGIC = b"PAR1"
# Thrift's compact protocol: the numbers of its types.
I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12
# Parquet's numbers: physical types, and what else is named here.
INT64, DOUBLE, BYTE_ARRAY = 2, 5, 6
PLAIN, RLE, REQUIRED, UTF8, UNCOMPRESSED, DATA_PAGE = 0, 3, 0, 0, 0, 0
Field = tuple[int, int, Any]


def written(columns: dict[str, type], rows: Sequence[Sequence[Any]]) -> bytes:
    """The file. `columns` are names with `str`, `int` or `float`, in the order of the values of each row."""
    data, chunks = MAGIC, []
    for place, (name, kind) in enumerate(columns.items()):
        values = b"".join(_value(kind, row[place]) for row in rows)
        page = _page_header(len(values), len(rows)) + values
        chunks.append(_chunk(name, kind, len(rows), len(data), len(page)))
        data += page
    footer = _footer(columns, len(rows), chunks, len(data) - len(MAGIC))
    return data + footer + struct.pack("<I", len(footer)) + MAGIC


def _value(kind: type, value: Any) -> bytes:
    if kind is str:
        text = value.encode()
        return struct.pack("<I", len(text)) + text
    return struct.pack("<d" if kind is float else "<q", value)


def _physical(kind: type) -> int:
    return {str: BYTE_ARRAY, int: INT64, float: DOUBLE}[kind]


def _page_header(size: int, count: int) -> bytes:
    page = _struct([(1, I32, count), (2, I32, PLAIN), (3, I32, RLE), (4, I32, RLE)])
    return _struct([(1, I32, DATA_PAGE), (2, I32, size), (3, I32, size), (5, STRUCT, page)])


def _chunk(name: str, kind: type, count: int, offset: int, size: int) -> bytes:
    about = _struct([
        (1, I32, _physical(kind)), (2, LIST, (I32, [_zigzag(PLAIN)])), (3, LIST, (BINARY, [_binary(name.encode())])),
        (4, I32, UNCOMPRESSED), (5, I64, count), (6, I64, size), (7, I64, size), (9, I64, offset),
    ])
    return _struct([(2, I64, offset), (3, STRUCT, about)])


def _footer(columns: dict[str, type], count: int, chunks: list[bytes], size: int) -> bytes:
    group = _struct([(1, LIST, (STRUCT, chunks)), (2, I64, size), (3, I64, count)])
    schema = [_struct([(4, BINARY, b"schema"), (5, I32, len(columns))])]
    schema += [_element(name, kind) for name, kind in columns.items()]
    return _struct([
        (1, I32, 1), (2, LIST, (STRUCT, schema)), (3, I64, count), (4, LIST, (STRUCT, [group])),
        (6, BINARY, b"memoria, a practice system"),
    ])


def _element(name: str, kind: type) -> bytes:
    fields: list[Field] = [(1, I32, _physical(kind)), (3, I32, REQUIRED), (4, BINARY, name.encode())]
    return _struct(fields + ([(6, I32, UTF8)] if kind is str else []))


def _struct(fields: Iterable[Field]) -> bytes:
    """A structure in the compact protocol; fields come in the order of their numbers, at most 15 apart."""
    data, last = b"", 0
    for number, kind, value in fields:
        data += bytes([(number - last) << 4 | kind]) + _encoded(kind, value)
        last = number
    return data + b"\0"


def _encoded(kind: int, value: Any) -> bytes:
    if kind in (I32, I64):
        return _zigzag(value)
    if kind == BINARY:
        return _binary(value)
    return _list(*value) if kind == LIST else value


def _list(kind: int, items: list[bytes]) -> bytes:
    size = len(items)
    head = bytes([size << 4 | kind]) if size < 15 else bytes([0xF0 | kind]) + _varint(size)
    return head + b"".join(items)


def _binary(data: bytes) -> bytes:
    return _varint(len(data)) + data


def _zigzag(number: int) -> bytes:
    return _varint(number * 2 if number >= 0 else -number * 2 - 1)


def _varint(number: int) -> bytes:
    data = b""
    while number > 0x7F:
        data += bytes([number & 0x7F | 0x80])
        number >>= 7
    return data + bytes([number])
