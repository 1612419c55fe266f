"""The register's search index: one document for each enterprise, in operation or not, beside a generation's files.

What is typed finds an enterprise by pairs of adjacent characters (`pair`), by pairs with one character between
(`skip`: what keeps a name findable when one character is wrong, missing, or has changed places), by three initials in a
row (`initial`), by pairs of syllables (`sound`), by beginnings of its credit code (`code`), and by its representative.
`dashboard.queries.search` asks; the names of the fields are the whole of what the two share.
"""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING, Any

import tantivy

from dashboard.access.scope import is_region_code
from etl.publish.files import sync
from etl.publish.sounds import initials, reading, syllables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ibis.backends.duckdb import Backend

FOLDER = "search"
BEGINNINGS = (6, 8, 10, 12, 14, 16)  # characters of a credit code under which it is filed
LEVELS = (2, 4, 6, 9, 12)  # digits of the region codes that a scope may name
LEGAL_FORM = re.compile(r"(?:股份有限公司|有限责任公司|集团有限公司|有限公司|(?:有限合伙|普通合伙)|合伙企业|公司)")
"""What so many names end with that it tells nothing; it is left out of the index, and of what is asked."""
BATCH = 20_000  # rows that pass from DuckDB to the index at a time
HEAP = 256_000_000  # bytes of the writer before it writes a segment


def schema() -> tantivy.Schema:
    """Return the fields of a document; whatever only finds is not stored, whatever is shown is not analysed."""
    build = tantivy.SchemaBuilder()
    for name, tokenizer in (
        ("pair", "two"),
        ("skip", "two"),
        ("initial", "three"),
        ("sound", "whitespace"),
        ("person", "two"),
        ("person_initial", "raw"),
        ("code", "raw"),
        ("region", "raw"),
    ):
        build.add_text_field(name, stored=False, tokenizer_name=tokenizer, index_option="basic")
    build.add_text_field("uscc", stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("name", "region_code", "representative", "grade"):
        build.add_bytes_field(name, stored=True)
    build.add_integer_field("rank", stored=True, fast=True)  # hundredths of the index, plus one; 0: not in operation
    return build.build()


def register_tokenizers(index: tantivy.Index) -> None:
    """Give an index the two cutters that its fields name."""
    for name, length in (("two", 2), ("three", 3)):
        cutter = tantivy.Tokenizer.ngram(min_gram=length, max_gram=length, prefix_only=False)
        index.register_tokenizer(name, tantivy.TextAnalyzerBuilder(cutter).build())


def essence(name: str) -> str:
    """Return what tells a name from others: without its legal form, spaces and punctuation, letters in small."""
    return "".join(character for character in LEGAL_FORM.sub("", name).lower() if character.isalnum())


def write_search(con: Backend, folder: Path, *, threads: int = 2) -> int:
    """Write the index of `dim_enterprise` with the grades of `dim_score` to `folder`/search and sync it.

    Both tables are streamed in batches; memory is bounded by the writer's HEAP. The highest index comes first, so that
    equals are found in the order in which they are shown. Returns the number of documents.
    """
    place = folder / FOLDER
    place.mkdir(parents=True)
    index = tantivy.Index(schema(), str(place), reuse=False)
    register_tokenizers(index)
    writer = index.writer(heap_size=HEAP, num_threads=threads)
    written = 0
    for written, row in enumerate(_rows(con), 1):  # noqa: B007 - how many there were is told
        writer.add_document(document(*row))
    writer.commit()
    writer.wait_merging_threads()
    for path in (*place.iterdir(), place):
        sync(path)
    return written


def _rows(con: Backend) -> Iterator[tuple[Any, ...]]:
    """Yield code, name, region, representative, grade and rank of each enterprise, the highest index first."""
    stream = con.con.sql(
        """
        select e.uscc, e.name, coalesce(e.region_code, ''), coalesce(e.legal_representative, ''),
               coalesce(s.grade, ''), coalesce(cast(s.smoke_index * 100 as bigint) + 1, 0) as rank
        from dim_enterprise e left join dim_score s using (uscc)
        order by rank desc, e.uscc
        """
    ).to_arrow_reader(BATCH)
    for batch in stream:
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def document(uscc: str, name: str, region: str, representative: str, grade: str, rank: int) -> tantivy.Document:
    """Return what one enterprise is found by and shown as."""
    core, person = essence(name), essence(representative)
    sounds = syllables(core)
    return tantivy.Document(
        uscc=uscc,
        name=name.encode(),
        region_code=region.encode(),
        representative=representative.encode(),
        grade=grade.encode(),
        rank=rank,
        pair=core,
        skip=[core[::2], core[1::2]],
        initial=initials(core),
        sound=" ".join(map("".join, itertools.pairwise(sounds))),
        person=person,
        person_initial="".join((reading(character) or "-")[0] for character in person),
        code=[uscc[:length] for length in BEGINNINGS],
        region=[region[:length] for length in LEVELS if len(region) >= length] if is_region_code(region) else [],
    )
