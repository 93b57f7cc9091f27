"""The Parquet writer: the frame of the file, and what the command says. Its content is read by DuckDB in `tests/components`."""

import struct
import unittest

from support import PracticeTest

from memoria import parquet


class WriterTest(unittest.TestCase):
    """The bytes."""

    def test_the_file_is_framed_by_its_mark_and_the_footers_length(self):
        data = parquet.written({"name": str, "count": int, "share": float}, [["ü", -1, 0.5], ["b", 2**40, 1.0]])
        self.assertEqual((data[:4], data[-4:]), (b"PAR1", b"PAR1"))
        footer = struct.unpack("<I", data[-8:-4])[0]
        self.assertLess(footer, len(data) - 12)
        self.assertEqual(data[-8 - footer], 0x15, "the footer begins with the version")
        self.assertIn(struct.pack("<qq", -1, 2**40), data)
        self.assertIn(b"\x02\0\0\0\xc3\xbc\x01\0\0\0b", data)

    def test_numbers_are_varints(self):
        self.assertEqual([parquet._varint(number) for number in (0, 127, 128, 300)], [b"\0", b"\x7f", b"\x80\x01", b"\xac\x02"])
        self.assertEqual([parquet._zigzag(number) for number in (0, -1, 1, -64)], [b"\0", b"\x01", b"\x02", b"\x7f"])


class CommandTest(PracticeTest):
    """`memoria analytics parquet`."""

    def test_what_is_no_summary_is_refused_and_leaves_no_file(self):
        for number, text in enumerate(["{}", '{"build": 1, "providers": [{"provider": "a"}]}', "nonsense"]):
            with open(self.path("summary.json"), "w", encoding="utf-8") as file:
                file.write(text)
            done = self.memoria("analytics", "parquet", "summary.json", f"lake/{number}.parquet", expect=1)
            self.assertRegex(done.stderr, "summary")

    def test_a_figure_of_the_wrong_kind_is_refused(self):
        figures = dict.fromkeys(["share", "p50_ms", "p95_ms", "p99_ms", "cost", "quality"], 1.0)
        for wrong in ({"queries": "many"}, {"provider": 7}):
            entry = {"provider": "lexical", "queries": 3, **figures, **wrong}
            with self.assertRaises((struct.error, AttributeError)):
                parquet.written({"provider": str, "queries": int}, [[entry["provider"], entry["queries"]]])


if __name__ == "__main__":
    unittest.main()
