"""Who is paid: the invented internet provider, and how its slips are numbered.

Nothing here can receive money: the Pix key lies under the reserved domain `.example` (RFC 2606), agency and
account are invented.
"""

from decimal import Decimal

from emulators.erps.demo.boleto import Boleto, free_field, make_boleto
from emulators.erps.demo.pix import make_pix
from emulators.erps.demo.records import Invoice

NAME = "Rede Serrana Telecom Ltda"
DOCUMENT = "11222333000181"
ADDRESS = "Rua dos Pinheiros, 100 - Centro - Lages - SC"
CITY = "Lages"
BANK_NAME = "Banco Fictício"
BANK_CODE = "237-2"
AGENCY = "0278"
WALLET = "09"
ACCOUNT = "0043905"
PIX_KEY = "cobranca@redeserrana.example"


def boleto_for(invoice: Invoice) -> Boleto:
    """Return the bar code and digitable line that pay `invoice`; its number is the bank's "our number"."""
    field = free_field(agency=AGENCY, wallet=WALLET, our_number=invoice.number, account=ACCOUNT)
    return make_boleto(cents=invoice.cents, due=invoice.due, free_field=field)


def pix_for(invoice: Invoice) -> str:
    """Return the Pix code that pays `invoice`; its number is the transaction's."""
    return make_pix(
        key=PIX_KEY,
        amount=Decimal(invoice.cents).scaleb(-2),
        name=NAME,
        city=CITY,
        transaction=f"FATURA{invoice.number}",
    )
