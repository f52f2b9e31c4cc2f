"""Mends misspelt steering words: `descennding`, `whcih`. Names are the linker's business."""

from dataclasses import replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from planner.language.lexicon import load_lexicon
from planner.language.tokenizer import Token, tokenize
from planner.linking.mention import Mention

_SHORTEST = 5
_ONE_SLIP = 1
_LONG = 8


def respelt(tokens: list[Token], mentions: list[Mention]) -> list[Token] | None:
    """Returns the tokens with slips in unknown words mended; None where there are none."""
    unknown = {m.start for m in mentions if m.kind == "unknown" and m.end == m.start + 1}
    mended = [_mended(t) if n in unknown else t for n, t in enumerate(tokens)]
    return mended if mended != tokens else None


def _mended(token: Token) -> Token:
    if (
        token.kind != "word"
        or len(token.lower) < _SHORTEST
        or (token.is_capitalised and token.begin)
    ):
        return token
    found = process.extractOne(
        token.lower, load_lexicon().steering, scorer=OSA.distance, score_cutoff=_ONE_SLIP
    )
    if found is None or not _is_slip(token.lower, found[0]):
        return token
    plain = tokenize(found[0])[0]
    return replace(plain, begin=token.begin, finish=token.finish)


def _is_slip(word: str, meant: str) -> bool:
    """Letters that changed places, or one wrong in a long word; `drone` is no slip of `done`."""
    return sorted(word) == sorted(meant) or min(len(word), len(meant)) >= _LONG
