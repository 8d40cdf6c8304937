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

GREETING: Final = frozenset({"oi", "ola", "bom", "boa", "dia", "tarde", "noite", "ah", "entao", "opa", "eh"})
"""Words of a greeting; normalised."""

ONLY_ALONE: Final = frozenset({"no", "e", "ta"})
"""Words that say yes or no alone, and nothing of the kind within a sentence; normalised."""

UNSURE: Final = (
    *("mas", "porém", "só que", "talvez", "depende", "quem sabe", "sei lá", "não sei", "acho", "se", "ou", "exceto"),
    *("menos", "quando", "antes", "não lembro", "não entendi", "não tenho certeza", "como assim", "por enquanto"),
)
"""Words with which a yes or a no may mean anything: `sim, mas só amanhã`, `não sei`."""

DENIALS: Final = ("não", "n", "nem", "nunca", "jamais", "nada", "nenhum", "nenhuma")
"""Words that a yes has not after it: `sim, não funcionou`."""

YES_WORDS: Final = frozenset({"sim", "s", "ss", "claro", "ok", "certeza", "confirmo", "confirmado", "positivo"})
"""Words that say yes beside the name of an act: `sim, pode cancelar`; normalised."""

REVOCATIONS: Final = frozenset(
    {*("nao", "n", "naum", "nem", "nunca", "jamais", "deixa", "esquece", "esqueca", "desiste")}
    | {*("desisto", "desisti", "desistir", "desistindo", "desistencia", "voltei", "mudei")}
)
"""Words that take an act back: `não cancela`, `quero desistir do cancelamento`; normalised."""

AROUND_AN_ACT: Final = frozenset(
    {*("isso", "isto", "esse", "essa", "este", "esta", "ele", "ela", "meu", "minha", "logo", "agora", "ja", "la")}
    | {*("plano", "contrato", "conta", "servico", "boleto", "acordo", "proposta", "agora", "hoje", "entao", "so")}
)
"""Words that change nothing around an act which may be taken back: `fecha logo isso`; normalised."""

NEGATIONS: Final = ("não", "naum", "nem", "nunca", "jamais", "nada")
"""Words that negate a clause: `200 não consigo`."""

TURNS: Final = ("mas", "só", "so", "acho", "então", "entao", "porém", "porem")
"""Words with which another clause begins: `não sei acho que 2`."""

LAUGHTER: Final = "k{2,}|(?:rs)+|(?:h[aeiu]){2,}h?|(?:hua|ua){2,}"
"""Laughter without content: `kkk`, `rsrs`, `hahaha`; a pattern."""

SHORTHAND: Final = {
    r"n[ãa]o [ée] *\?|n[ée] *\??": ",",
    r"(?:n|ñ)(?= +[^\W\d_])": "não",
    r"num(?= +(?:é|eh|sei|tenho|foi)\b)": "não",
    r"hj": "hoje",
    r"(?:amnh|amh|amn)[ãa]?": "amanhã",
    r"msm": "mesmo",
    r"(?:eu )?(?:acho|creio)(?: eu)?(?: que)?": ",",
}
"""Abbreviations that people type on phones: a pattern, and the words to read in its place."""

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

SMALL_NUMBER_WORDS: Final = {
    **NUMBER_WORDS,
    "nenhum": 0,
    "nenhuma": 0,
    "onze": 11,
    "doze": 12,
    "treze": 13,
    "quatorze": 14,
    "catorze": 14,
    "quinze": 15,
    "dezesseis": 16,
    "dezessete": 17,
    "dezoito": 18,
    "dezenove": 19,
    "vinte": 20,
    "trinta": 30,
    "quarenta": 40,
    "cinquenta": 50,
    "sessenta": 60,
    "setenta": 70,
    "oitenta": 80,
    "noventa": 90,
    "cem": 100,
    "cento": 100,
    "duzentos": 200,
    "duzentas": 200,
    "trezentos": 300,
    "trezentas": 300,
    "quatrocentos": 400,
    "quatrocentas": 400,
    "quinhentos": 500,
    "quinhentas": 500,
    "seiscentos": 600,
    "seiscentas": 600,
    "setecentos": 700,
    "setecentas": 700,
    "oitocentos": 800,
    "oitocentas": 800,
    "novecentos": 900,
    "novecentas": 900,
}
"""The words that a number is put together of; normalised."""

LARGE_NUMBER_WORDS: Final = {"k": 1_000, "mil": 1_000, "milhao": 1_000_000, "milhoes": 1_000_000}
"""Words that multiply the number before them."""

AROUND_A_NUMBER: Final = frozenset(
    {*("sao", "somos", "tenho", "tem", "ha", "cerca", "uns", "umas", "mais", "menos", "acho", "que", "so", "apenas")}
    | {*("pessoa", "pessoas", "vez", "vezes", "x", "ano", "anos", "mes", "meses", "dia", "dias", "unidade", "unidades")}
    | {"numero", "n", "total"}
)
"""Words that change nothing around a number in words: `acho que são vinte e duas pessoas`; normalised."""

AFTER_A_NUMBER: Final = frozenset({"duzia", "duzias", "dezena", "dezenas", "centena", "centenas", "par", "pares"})
"""Words that make a multiple of the number before them."""

HALF: Final = frozenset({"meio", "meia"})
"""Words after a number and `e` that add a half: `três e meia`."""

CURRENCY: Final = frozenset({"r", "rs", "reais", "real", "brl", "conto", "contos", "pila", "pilas"})
FOREIGN_CURRENCY: Final = frozenset(
    {*("dolar", "dolares", "euro", "euros", "libra", "libras", "peso", "pesos", "guarani", "guaranis")}
    | {*("usd", "eur", "gbp", "€", "£", "¥")}
)
"""Names and signs of other currencies; normalised."""
CENTS: Final = frozenset({"centavo", "centavos"})
"""Names of the currency; normalised."""

AROUND_AN_AMOUNT: Final = CURRENCY | CENTS | AROUND_A_NUMBER | {"valor", "pago", "pagar", "posso", "consigo", "ate"}
"""Words that change nothing around an amount in words: `posso pagar até duzentos reais`; normalised."""

NO_AMOUNT: Final = frozenset(
    {*("%", "x", "vez", "vezes", "parcela", "parcelas", "h", "hora", "horas")}
    | {*("dia", "dias", "mes", "meses", "ano", "anos")}
)
"""Words after a number that count something else than money: `3x`, `10%`, `2 parcelas`."""

AROUND_A_SCORE: Final = frozenset({"nota", "minha", "dou", "e", "de", "estrela", "estrelas", "ponto", "pontos"})
"""Words that change nothing around a score: `minha nota é 9`, `9 de 10`, `5 estrelas`; normalised."""

OPTION_WORDS: Final = ("opcao", "op", "numero", "num", "nr", "no", "n", "item", "alternativa")
"""Words before a number that chooses an option."""

OPTION_NOUNS: Final = frozenset({"opcao", "op", "numero", "num", "item", "alternativa"})
"""Words for an option, before a number or after an ordinal: `opção dois`, `última opção`."""

SEVERAL: Final = frozenset({"os", "as", "um", "uma"})
"""Words beside a number that say how many, not which: `os 2`, `um e 2`; `às 2` is a time; normalised."""

COUNTING: Final = frozenset({"uma", "duas"})
"""Numbers in words that say how many: `a opção dois` is called so, and `duas` are two of them."""

DAYTIMES: Final = {"dia": "bom", "tarde": "boa", "noite": "boa"}
"""Words that make a day or a time of a number beside them (`dia 2`, `2 da tarde`), unless this one greets with them."""

_MASCULINE: Final = (
    *("primeiro", "segundo", "terceiro", "quarto", "quinto"),
    *("sexto", "setimo", "oitavo", "nono", "decimo"),
)
ORDINALS: Final = {
    word: place for place, name in enumerate(_MASCULINE, 1) for word in (name, f"{name.removesuffix('o')}a")
} | {"ultimo": -1, "ultima": -1}
"""Ordinals; normalised."""

PARTICLES: Final = frozenset({"da", "das", "de", "do", "dos", "e"})
"""Words that stay small within a name."""

MONTHS: Final = (
    *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)

WEEKDAYS: Final = ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo")

AROUND_A_DATE: Final = frozenset(
    {*("proximo", "proxima", "que", "vem", "feira", "agora", "nesta", "neste", "essa", "esta", "esse", "este", "dia")}
    | {*("data", "ate", "sem", "falta", "acho", "so", "la", "manha", "cedo", "mes")}
)
"""Words that change nothing around a date: `pode ser na próxima sexta`; normalised."""

AROUND_A_TIME: Final = frozenset(
    {*("as", "pelas", "la", "volta", "das", "umas", "horario", "hora", "horas", "h", "hs", "acho", "que", "so", "sao")}
    | {*("ponto", "em", "cedo")}
)
"""Words that change nothing around a time: `pode ser lá pelas nove`; normalised."""

YES: Final = "sim"
NO: Final = "não"
