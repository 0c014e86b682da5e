"""Make the two word lists of ``analyser/cues`` from SCOWL and WordNet.

``english_words.txt.gz``: one line a SCOWL size (10, 20, 35, 50), then the proper names; folded, each word once.
``word_kin.txt.gz``: a word, the words derived from the same root, and its near synonyms, tab-separated; only where the
stemmer does not bring them together anyway.

``python -m analyser.training.word_lists --scowl /usr/share/dict/scowl --wordnet WORDNET/dict --out analyser/cues``
"""

from __future__ import annotations

import argparse
import gzip
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SIZES = (10, 20, 35, 40, 50)
DIALECTS = ("english", "british", "british_z", "american")
POSSESSIVE = re.compile(r"['’]s$")
POS = {"noun": "n", "verb": "v", "adj": "a"}
DERIVATIONS = ("+", "\\")  # WordNet's pointers to derivationally related forms and to what an adjective pertains to
MAX_SENSES = 3  # senses whose synonyms count: the commonest ones
COMMON_SIZE = 35  # synonyms are kept among words up to this size

SynsetKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Synset:
    words: tuple[str, ...]
    pointers: tuple[tuple[str, SynsetKey, int, int], ...]


def plain(word: str) -> str:
    """Lower-case letters only, without a possessive ending."""
    word = unicodedata.normalize("NFKD", POSSESSIVE.sub("", word))
    return re.sub(r"[^a-z]", "", "".join(c for c in word if not unicodedata.combining(c)).casefold())


def read_scowl(folder: Path) -> tuple[dict[str, int], set[str]]:
    """Words with the smallest SCOWL size they are in (40 counts as 50), and proper names that are no words."""
    sizes: dict[str, int] = {}
    names: set[str] = set()
    for size in SIZES:
        for dialect in DIALECTS:
            for kind in ("words", "contractions", "upper", "proper-names"):
                path = folder / f"{dialect}-{kind}.{size}"
                for word in path.read_text(encoding="latin-1").split() if path.exists() else ():
                    key = plain(word)
                    if kind in ("upper", "proper-names"):
                        names |= {key} if len(key) > 2 else set()
                    elif key and not ("'" in word and kind == "words"):
                        sizes.setdefault(key, 50 if size == 40 else size)
    return sizes, names - set(sizes)


def read_wordnet(folder: Path) -> tuple[dict[SynsetKey, Synset], dict[tuple[str, str], list[SynsetKey]]]:
    """Synsets by part of speech and offset, and the senses of each lemma, commonest first."""
    synsets: dict[SynsetKey, Synset] = {}
    senses: dict[tuple[str, str], list[SynsetKey]] = {}
    for name, pos in POS.items():
        for fields in _lines(folder / f"data.{name}"):
            n_words = int(fields[3], 16)
            words = tuple(re.sub(r"\(.*\)", "", fields[4 + 2 * i]).lower() for i in range(n_words))
            at = 4 + 2 * n_words
            pointers = []
            for i in range(int(fields[at])):
                symbol, offset, target, ends = fields[at + 1 + 4 * i : at + 5 + 4 * i]
                key = ("a" if target == "s" else target, offset)
                pointers.append((symbol, key, int(ends[:2], 16), int(ends[2:], 16)))
            synsets[pos, fields[0]] = Synset(words, tuple(pointers))
        for fields in _lines(folder / f"index.{name}"):
            senses[fields[0], pos] = [(pos, offset) for offset in fields[6 + int(fields[3]) :]]
    return synsets, senses


def _lines(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="latin-1").splitlines():
        if not line.startswith("  "):
            yield line.partition("|")[0].split()


def find_kin(
    synsets: dict[SynsetKey, Synset],
    senses: dict[tuple[str, str], list[SynsetKey]],
    sizes: dict[str, int],
    names: set[str],
) -> dict[str, tuple[list[str], list[str]]]:
    """For each word, derived words and near synonyms that do not share its stem."""
    import snowballstemmer

    stem = snowballstemmer.stemmer("english").stemWord
    derived: dict[str, set[str]] = defaultdict(set)
    near: dict[str, set[str]] = defaultdict(set)

    def is_known(word: str, size: int = 50) -> bool:
        return word.isalpha() and (sizes.get(word, 99) <= size or word in names)

    for (lemma, pos), keys in senses.items():
        if not is_known(lemma):
            continue
        for rank, key in enumerate(keys):
            synset = synsets[key]
            place = synset.words.index(lemma) + 1 if lemma in synset.words else 0
            for symbol, target, source_word, target_word in synset.pointers:
                if symbol in DERIVATIONS and source_word in (0, place) and target in synsets:
                    word = synsets[target].words[max(target_word, 1) - 1]
                    if is_known(word) and word != lemma:
                        derived[lemma].add(word)
                        derived[word].add(lemma)
            if pos in "nv" and rank < MAX_SENSES and sizes.get(lemma, 99) <= COMMON_SIZE:
                near[lemma] |= {w for w in synset.words if w != lemma and is_known(w, COMMON_SIZE)}
    found = {}
    for word in sorted(derived.keys() | near.keys()):
        pair = (
            sorted(w for w in derived[word] if stem(w) != stem(word)),
            sorted(w for w in near[word] - derived[word] if stem(w) != stem(word)),
        )
        if pair[0] or pair[1]:
            found[word] = pair
    return found


def write(path: Path, text: str) -> None:
    """Write compressed text, the same bytes each time."""
    with path.open("wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as packed:
        packed.write(text.encode("utf8"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scowl", type=Path, required=True)
    parser.add_argument("--wordnet", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    sizes, names = read_scowl(args.scowl)
    lines = [" ".join([str(s), *sorted(w for w, t in sizes.items() if t == s)]) for s in (10, 20, 35, 50)]
    write(args.out / "english_words.txt.gz", "\n".join([*lines, " ".join(["name", *sorted(names)])]) + "\n")
    kin = find_kin(*read_wordnet(args.wordnet), sizes, names)
    write(args.out / "word_kin.txt.gz", "".join(f"{w}\t{' '.join(d)}\t{' '.join(n)}\n" for w, (d, n) in kin.items()))


if __name__ == "__main__":
    main()
