"""Finding an enterprise of the whole register by what somebody types; the index is written by `etl.publish.search`.

What is asked is tried in order of how surely it is meant: the code, the name, the representative, pinyin; and only when
none of them finds anything, a name or code with one character wrong, missing, too many, or changed with its neighbour.
"""

from __future__ import annotations

import itertools
import re
import threading
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import tantivy

from dashboard.access.scope import NATION, Scope
from dashboard.errors import NotFound
from dashboard.queries.nearly import nearly_in
from etl.publish.search import BEGINNINGS, FOLDER, LEGAL_FORM, essence
from etl.publish.sounds import initials, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dashboard.queries.population import Population

LONGEST = 60  # characters that are looked at; no name that people type is longer
SHORTEST = 2
CODE = re.compile(r"[0-9A-Z]{6,19}")
CODE_LENGTH = 18
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CANDIDATES = 120  # that are looked at closely, for a list of a few
RAREST = 8  # pairs that are looked up: the rarest of a long name tell it apart, and the common ones cost most
COMMON = 0.2  # share of all enterprises from which a pair tells nothing beside a rarer one
Why = Literal["code", "name", "representative", "pinyin", "nearly"]


@dataclass(frozen=True)
class Found:
    """One enterprise; `hits` are [start, end) in its name, `smoke_index` is None when it is not in operation."""

    uscc: str
    name: str
    region_code: str
    representative: str
    grade: str
    smoke_index: float | None
    why: Why
    hits: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Asked:
    """What was typed, cleaned: `words` in small letters without legal forms, `code` in capitals ('': it is none)."""

    words: tuple[str, ...]
    code: str

    @property
    def core(self) -> str:
        """The words as one."""
        return "".join(self.words)


def asked_for(text: object) -> Asked | None:
    """Return what `text` asks for, None when that is too little: fewer than two characters that tell anything.

    Full-width letters count as plain ones; quotes, wildcards, operators and pictures are no characters of a name.
    """
    if not isinstance(text, str):
        return None
    plain = unicodedata.normalize("NFKC", text[: 4 * LONGEST])[:LONGEST]
    words = tuple(word for part in plain.split() if (word := essence(part)))
    whole = re.sub(r"\s", "", plain).upper()
    code = whole if CODE.fullmatch(whole) and any(character.isdigit() for character in whole) else ""
    return Asked(words, code) if code or len("".join(words)) >= SHORTEST else None


def enterprises_like(population: Population, scope: Scope, text: str, most: int) -> list[Found]:
    """Return at most `most` enterprises inside the scope that `text` may mean, the surest first, then by index.

    Never raises for odd text; NotFound when the generation has no index.
    """
    asked = asked_for(text)
    if asked is None:
        return []
    shelf = _opened(population)
    found: dict[str, Found] = {}
    for way in (_by_code, _by_name, _by_representative, _by_pinyin):
        for one in way(shelf, scope, asked, most):
            found.setdefault(one.uscc, one)
        if len(found) >= most:
            return list(found.values())[:most]
    if not found:
        found = {one.uscc: one for one in _nearly(shelf, scope, asked, most)}
    return list(found.values())[:most]


@dataclass(frozen=True)
class Shelf:
    """One generation's index, opened: asking it is safe from many threads."""

    schema: tantivy.Schema
    searcher: tantivy.Searcher

    def term(self, field: str, value: str) -> tantivy.Query:
        """Return the query for one term."""
        return tantivy.Query.term_query(self.schema, field, value, "basic")

    def all_of(self, scope: Scope, *queries: tantivy.Query) -> tantivy.Query:
        """Return the query for what matches all of `queries` inside the scope."""
        inside = (
            [] if scope.prefix == NATION else [tantivy.Query.const_score_query(self.term("region", scope.prefix), 0.0)]
        )
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in (*inside, *queries)])

    def highest(self, query: tantivy.Query, most: int) -> list[dict[str, Any]]:
        """Return the stored fields of the matches with the highest index."""
        hits = self.searcher.search(query, limit=most, count=False, order_by_field="rank").hits
        return [self._read(address) for _, address in hits]

    def closest(self, query: tantivy.Query, most: int) -> list[dict[str, Any]]:
        """Return the stored fields of the matches that share most, the rare weighing more."""
        return [self._read(address) for _, address in self.searcher.search(query, limit=most, count=False).hits]

    def rarest(self, field: str, terms: set[str]) -> list[str]:
        """Return the terms that are worth looking up, the rarest first; the common only where there is none rarer."""
        counted = sorted((self.searcher.doc_freq(field, term), term) for term in terms)
        telling = [term for count, term in counted if count <= COMMON * self.searcher.num_docs]
        return (telling or [term for _, term in counted[:1]])[:RAREST]

    def _read(self, address: tantivy.DocAddress) -> dict[str, Any]:
        stored = self.searcher.doc(address).to_dict()
        return {
            name: bytes(value[0]).decode() if isinstance(value[0], bytes | bytearray | list) else value[0]
            for name, value in stored.items()
        }


def _by_code(shelf: Shelf, scope: Scope, asked: Asked, most: int) -> list[Found]:
    code = asked.code
    if not code or len(code) > CODE_LENGTH:
        return []
    if len(code) == CODE_LENGTH:
        query = shelf.term("uscc", code)
    elif len(code) in BEGINNINGS:
        query = shelf.term("code", code)
    else:  # filed under beginnings of even length: all that continue it by one
        field = "uscc" if len(code) == CODE_LENGTH - 1 else "code"
        query = tantivy.Query.term_set_query(shelf.schema, field, [code + letter for letter in LETTERS])
    return [_found(row, "code") for row in shelf.highest(shelf.all_of(scope, query), most)]


def _by_name(shelf: Shelf, scope: Scope, asked: Asked, most: int) -> list[Found]:
    """Return names that hold every word; a single character is only looked for in what the others find."""
    terms = shelf.rarest("pair", {pair for word in asked.words for pair in _pairs(word)})
    if not terms:
        return []
    query = shelf.all_of(scope, *(shelf.term("pair", term) for term in terms))
    rows = shelf.highest(query, CANDIDATES)
    return [
        _found(row, "name", hits)
        for row in rows
        if (hits := _spots(row["name"], lambda core: [_span(core, word) for word in asked.words]))
    ][:most]


def _by_representative(shelf: Shelf, scope: Scope, asked: Asked, most: int) -> list[Found]:
    person, letters = asked.core, asked.core
    if letters.isascii():
        query = shelf.term("person_initial", letters)
        return [_found(row, "representative") for row in shelf.highest(shelf.all_of(scope, query), most)]
    query = shelf.all_of(scope, *(shelf.term("person", pair) for pair in _pairs(person)[:RAREST]))
    return [
        _found(row, "representative")
        for row in shelf.highest(query, CANDIDATES)
        if person in essence(row["representative"])
    ][:most]


def _by_pinyin(shelf: Shelf, scope: Scope, asked: Asked, most: int) -> list[Found]:
    """Return names that sound so: three initials or more, or two syllables or more spelled out."""
    letters = asked.core
    if not letters.isascii() or len(letters) <= SHORTEST:
        return []
    runs = shelf.rarest("initial", {letters[at : at + 3] for at in range(len(letters) - 2)})
    rows = shelf.highest(shelf.all_of(scope, *(shelf.term("initial", run) for run in runs)), CANDIDATES)
    found = [
        _found(row, "pinyin", hits)
        for row in rows
        if (hits := _spots(row["name"], lambda core: [_span(initials(core), letters)]))
    ]
    sounds = spelled(letters)
    pairs = shelf.rarest("sound", {one + two for one, two in itertools.pairwise(sounds)})
    if pairs:
        query = shelf.all_of(scope, *(shelf.term("sound", pair) for pair in pairs))
        found += [_found(row, "pinyin") for row in shelf.highest(query, most)]
    return found[:most]


def _nearly(shelf: Shelf, scope: Scope, asked: Asked, most: int) -> list[Found]:
    """Return what is meant if one character is wrong, missing, too many, or has changed places with its neighbour."""
    if len(asked.code) >= CODE_LENGTH - 1:
        query = tantivy.Query.fuzzy_term_query(shelf.schema, "uscc", asked.code, 1, True, False)  # noqa: FBT003 - tantivy's order
        return [_found(row, "code") for row in shelf.highest(shelf.all_of(scope, query), most)]
    core = asked.core
    if len(core) <= SHORTEST:
        return []
    pairs = {*_pairs(core), *_pairs(core[::2]), *_pairs(core[1::2])}
    terms = [shelf.term(field, pair) for field in ("pair", "skip") for pair in shelf.rarest(field, pairs)]
    union = tantivy.Query.boolean_query([(tantivy.Occur.Should, term) for term in terms])
    rows = shelf.closest(shelf.all_of(scope, union) if scope.prefix != NATION else union, CANDIDATES)
    found = [
        _found(row, "nearly", hits)
        for row in rows
        if (hits := _spots(row["name"], lambda known: [nearly_in(core, known)]))
    ]
    return sorted(found, key=lambda one: -(one.smoke_index or 0))[:most]


def _pairs(word: str) -> list[str]:
    return [word[at : at + 2] for at in range(len(word) - 1)]


def _span(core: str, word: str) -> tuple[int, int] | None:
    at = core.find(word)
    return None if at < 0 else (at, at + len(word))


def _spots(name: str, spans_in: Callable[[str], list[tuple[int, int] | None]]) -> tuple[tuple[int, int], ...]:
    """Return where spans of a name's essence stand in the name itself; () unless every one of them is there."""
    spans = spans_in(essence(name))
    if None in spans:
        return ()
    places = list(_places(name))
    return tuple(sorted((places[span[0]], places[span[1] - 1] + 1) for span in spans if span))


def _places(name: str) -> Iterator[int]:
    """Yield the place of each character of a name's essence in the name."""
    forms = [range(*match.span()) for match in LEGAL_FORM.finditer(name)]
    for at, character in enumerate(name):
        if character.isalnum() and not any(at in form for form in forms):
            yield at


def _found(row: dict[str, Any], why: Why, hits: tuple[tuple[int, int], ...] = ()) -> Found:
    rank = int(row["rank"])
    return Found(
        uscc=row["uscc"],
        name=row["name"],
        region_code=row["region_code"],
        representative=row["representative"],
        grade=row["grade"],
        smoke_index=(rank - 1) / 100 if rank else None,
        why=why,
        hits=hits,
    )


_lock = threading.Lock()
_shelves: dict[str, Shelf] = {}
KEPT = 2  # generations: the live one, and the one that a request still in flight began with


def _opened(population: Population) -> Shelf:
    """Return a generation's index, opened once in this process; raise NotFound where there is none."""
    folder = str(population.folder / FOLDER)
    with _lock:
        if folder not in _shelves:
            try:
                index = tantivy.Index.open(folder)
            except (OSError, ValueError) as error:
                raise NotFound(f"generation {population.generation} has no search index") from error
            while len(_shelves) >= KEPT:
                _shelves.pop(next(iter(_shelves)))
            _shelves[folder] = Shelf(index.schema, index.searcher())
        return _shelves[folder]
