"""The Portuguese that code must know: words around an answer, numbers, months, small words in names."""

from typing import Final

POLITE: Final = frozenset(
    {
        *(
            "a",
            "o",
            "as",
            "os",
            "um",
            "uma",
            "de",
            "da",
            "do",
            "com",
            "por",
            "pra",
            "pro",
            "para",
            "na",
            "no",
            "e",
            "eh",
        ),
        *(
            "oi",
            "ola",
            "bom",
            "boa",
            "dia",
            "tarde",
            "noite",
            "favor",
            "gentileza",
            "pfv",
            "pf",
            "obrigado",
            "obrigada",
        ),
        *(
            "eu",
            "me",
            "mim",
            "vc",
            "voce",
            "senhor",
            "senhora",
            "entao",
            "ai",
            "ah",
            "ta",
            "era",
            "mesmo",
            "muito",
            "tudo",
        ),
        *("quero", "queria", "querer", "gostaria", "preciso", "prefiro", "escolho", "pode", "ser", "fazer", "vou"),
    }
)
"""Words that change nothing at the edges of an answer: `eu quero a segunda via, por favor`; normalised."""

NUMBER_WORDS: Final = {
    "zero": 0,
    "um": 1,
    "uma": 1,
    "dois": 2,
    "duas": 2,
    "tres": 3,
    "quatro": 4,
    "cinco": 5,
    "seis": 6,
    "sete": 7,
    "oito": 8,
    "nove": 9,
    "dez": 10,
}

AROUND_A_SCORE: Final = frozenset({"nota", "minha", "dou", "e", "de", "estrela", "estrelas", "ponto", "pontos"})
"""Words that change nothing around a score: `minha nota é 9`, `9 de 10`, `5 estrelas`; normalised."""

OPTION_WORDS: Final = ("opcao", "op", "numero", "num", "nr", "no", "n", "item", "alternativa")
"""What people write before a number that chooses."""

PARTICLES: Final = frozenset({"da", "das", "de", "do", "dos", "e"})
"""Words that stay small within a name."""

MONTHS: Final = (
    *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)

YES: Final = "sim"
NO: Final = "não"
