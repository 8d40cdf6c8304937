"""A Brazilian tax number: CPF (people) or CNPJ (companies)."""

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers
from flows.parts.question import Question
from flows.understanding.documents import CNPJ, CPF, document_of


@answers.register
class CpfCnpj(Answer):
    """A CPF or CNPJ with right check digits, with or without dots, alone or within a sentence.

    The value is compact: `52998224725`, `12ABC34501DE35`. Numbers of one repeated digit are refused.
    """

    sensitive = True
    in_sentences = True

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the number, compact."""
        return Understood(value=document_of(message, CPF, CNPJ))
