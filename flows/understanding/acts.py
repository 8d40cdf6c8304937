"""What a confirmation asks about, `cancelar`, in the forms in which contacts say it: `cancela`, `o cancelamento`."""

import re
from functools import lru_cache
from typing import Final

from flows.understanding.phrases import normalise
from flows.understanding.portuguese import AROUND_AN_ACT, POLITE, REVOCATIONS, YES_WORDS

ASKS: Final = re.compile("[?？⁇⁉❓❔]")
"""Signs of a question, which is never a yes."""
_WISH: Final = re.compile(r"\b(?:quero|queria|vou|prefiro|pretendo|gostaria de|preferia) (?:me )?(\w+[aei]r)\b")
_ENDINGS: Final = {
    "ar": ("ar", "a", "o", "e", "ando", "ado", "ada", "amento", "acao"),
    "er": ("er", "e", "a", "o", "endo", "ido", "ida", "imento"),
    "ir": ("ir", "e", "a", "o", "indo", "ido", "ida", "icao"),
}
_HARD: Final = {"c": "qu", "g": "gu"}


@lru_cache(maxsize=256)
def forms_of(act: str) -> frozenset[str]:
    """Return the forms of the verb that *act* begins with, normalised: `cancela`, `cancele`, `cancelamento`.

    It is an infinitive; what is none has the one form that it is written in.
    """
    verb = normalise(act).partition(" ")[0]
    stem, endings = verb[:-2], _ENDINGS.get(verb[-2:], ())
    if not stem or not endings:
        return frozenset({verb})
    forms = {stem + ending for ending in endings}
    if verb.endswith("ar"):
        forms.add(stem[:-1] + _HARD.get(stem[-1], stem[-1]) + "e")  # pague, fique
    if verb.endswith("ear"):
        forms |= {stem + ending for ending in ("ia", "io", "ie")}  # bloqueia
    return frozenset(forms)


def names(text: str, act: str) -> bool:
    """Return whether *text* has a form of *act*."""
    return not forms_of(act).isdisjoint(normalise(text).split())


def by_act(text: str, act: str, *, irreversible: bool) -> bool | None:
    """Return whether *text*, which names *act*, says yes or no to it; None when it says something else as well.

    Where nothing can be taken back, `isso` and the like make no yes: what they mean was said before.
    """
    words = normalise(text).split()
    forms = forms_of(act)
    if not REVOCATIONS.isdisjoint(words):
        return None if words[0] in REVOCATIONS and _affirmed_after_a_break(text, forms) else False
    known = {*forms, *normalise(act).split(), *POLITE, *YES_WORDS, *(() if irreversible else AROUND_AN_ACT)}
    return True if known.issuperset(words) and not ASKS.search(text) else None


def wishes_otherwise(text: str, act: str) -> bool:
    """Whether *text* wants to do something else than *act*: `sim, quero ficar` at `cancelar`."""
    forms = forms_of(act)
    return any(found[1] not in forms for found in _WISH.finditer(normalise(text)))


def _affirmed_after_a_break(text: str, forms: frozenset[str]) -> bool:
    """Whether a clause after the first says *forms* without taking it back: `não, quero cancelar`."""
    _, *clauses = re.split(r"[,;.!\n]+", text)
    said = [set(normalise(clause).split()) for clause in clauses]
    return any(not forms.isdisjoint(words) and REVOCATIONS.isdisjoint(words) for words in said)
