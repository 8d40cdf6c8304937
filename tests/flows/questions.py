"""Questions that several tests ask."""

MENU = """
id: menu
card: ask_question
text: Como posso ajudar?
answer: choice
save_as: wish
options:
  - {label: Segunda via, value: segunda_via, synonyms: [boleto], go: copy}
  - {label: Cancelar, value: cancel, if: "may_cancel"}
  - {label: "Falar com {{ company.name }}"}
timeout: 30m
"""
INVOICES = """
id: which
card: ask_question
text: Qual?
answer: choice
save_as: invoice
options_from:
  each: invoices
  label: "Vence {{ item.due | date }} · {{ item.amount | money }}"
  synonyms: ["{{ item.number }}"]
timeout: 30m
"""
