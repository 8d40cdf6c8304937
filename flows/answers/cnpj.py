"""The tax number of a company."""

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers
from flows.parts.question import Question
from flows.understanding.documents import CNPJ, document_of


@answers.register
class Cnpj(Answer):
    """A CNPJ with right check digits, in digits or with letters (as from July 2026), alone or within a sentence.

    The value is compact, in capitals: `11444777000161`, `12ABC34501DE35`.
    """

    also = "cpf_cnpj"
    sensitive = True
    in_sentences = True

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the number, compact."""
        return Understood(value=document_of(message, CNPJ))
