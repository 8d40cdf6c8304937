"""The tax number of a person."""

from domain.message import Inbound
from flows.answers.base import Answer, Understood, answers
from flows.parts.question import Question
from flows.understanding.documents import CPF, document_of


@answers.register
class Cpf(Answer):
    """A CPF with right check digits, with or without dots, alone or within a sentence.

    The value is compact: `52998224725`. Numbers of one repeated digit are refused.
    """

    also = "cpf_cnpj"
    sensitive = True
    in_sentences = True

    def understand(self, message: Inbound, question: Question) -> Understood:  # noqa: ARG002 - the contract's
        """Return the number, compact."""
        return Understood(value=document_of(message, CPF))
