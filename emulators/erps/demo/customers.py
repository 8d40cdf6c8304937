"""The invented customers of the Demo ERP and what they owe, the same in every new database.

Due dates are days counted from the day of seeding, so that the demo never ages. Tests and README cite this
table. All addresses end in the reserved `.example`; the phone numbers are made up.

| document           | customer | name                                          | situation                                  |
|--------------------|----------|-----------------------------------------------|--------------------------------------------|
| 529.982.247-25     | C-1001   | Ana Souza                                     | exactly 1 open, R$ 99,90, due in 10 days   |
| 123.456.789-09     | C-1002   | Bruno Carvalho Lima                           | 2 open, one of them overdue                |
| 987.654.321-00     | C-1003   | Carla Menezes                                 | none open, all 3 paid                      |
| 11.444.777/0001-61 | C-1004   | Padaria Pão Quente Ltda                       | company, numeric CNPJ; 1 open, R$ 1.234,56 |
| 12.ABC.345/01DE-35 | C-1005   | Nova Era Tecnologia Ltda                      | company, alphanumeric CNPJ; 1 open         |
| 012.345.678-90     | C-1006   | Diego Ferreira Rocha                          | 5 open, 3 overdue; blocked; CPF begins 0   |
| 390.533.447-05     | C-1007   | José Antônio da Conceição Guimarães Magalhães | long, accented name; 1 open; network cut   |
| 246.813.579-28     | C-1008   | Elisa Prado                                   | new: no invoice at all                     |
| 135.792.468-28     | C-1009   | Fernanda Dias                                 | 1 open, overdue; blocked                   |
| 111.444.777-35     | C-1010   | Gustavo Andrade Pinto                         | two registrations of one person: 1 open    |
| 111.444.777-35     | C-1011   | Gustavo Andrade Pinto                         | ... and on the second none open            |
| 222.333.444-05     | C-1012   | Helena Martins                                | 1 open, due today; network cut             |

What else the register holds, to prove by (a company has no birth date; Elisa has neither e-mail nor CEP there):

| customer | born       | CEP       |     | customer | born       | CEP       |
|----------|------------|-----------|-----|----------|------------|-----------|
| C-1001   | 12/03/1985 | 88501-000 |     | C-1007   | 19/06/1958 | 88520-000 |
| C-1002   | 30/11/1978 | 88502-100 |     | C-1008   | 07/02/2001 | -         |
| C-1003   | 05/07/1992 | 88503-200 |     | C-1009   | 23/09/1990 | 88505-400 |
| C-1004   | -          | 88501-300 |     | C-1010   | 14/10/1969 | 88506-500 |
| C-1005   | -          | 88509-900 |     | C-1011   | 14/10/1969 | 88540-000 |
| C-1006   | 28/01/1980 | 88504-300 |     | C-1012   | 16/04/1973 | 88520-100 |

Blocked means status `blocked_financial`. Unknown but valid: 333.444.555-08. Invalid: 529.982.247-24.
"""  # noqa: E501 a table is as wide as its cells

from dataclasses import dataclass
from datetime import date, timedelta

from emulators.erps.demo.records import Customer, Holder, Invoice

WITHOUT_EMAIL = 1008
"""Elisa Prado."""


@dataclass(frozen=True)
class Bill:
    """An invoice of the seed; it is due `days` after the day of seeding, before it when negative."""

    number: int
    days: int
    cents: int
    paid: bool = False


def seed(today: date) -> tuple[list[Customer], list[Invoice]]:
    """Return all customers and invoices, with due dates around `today`."""
    customers = [customer for customer, _ in _SEED]
    invoices = [
        Invoice(
            id=f"F-{bill.number}",
            number=str(bill.number),
            customer=customer.id,
            plan=customer.plan,
            cents=bill.cents,
            due=today + timedelta(days=bill.days),
            paid=bill.paid,
        )
        for customer, bills in _SEED
        for bill in bills
    ]
    return customers, invoices


def _customer(number: int, name: str, document: str, plan: str, *, blocked: bool = False) -> Customer:
    return Customer(
        id=f"C-{number}",
        name=name,
        document=document,
        phone=f"+554999999{number}",
        email=f"cliente{number}@correio.example" if number != WITHOUT_EMAIL else "",
        plan=plan,
        status="blocked_financial" if blocked else "active",
    )


_SEED: list[tuple[Customer, tuple[Bill, ...]]] = [
    (
        _customer(1001, "Ana Souza", "52998224725", "Fibra 500 Mega"),
        (Bill(4801, -51, 9990, paid=True), Bill(4901, -20, 9990, paid=True), Bill(5001, 10, 9990)),
    ),
    (
        _customer(1002, "Bruno Carvalho Lima", "12345678909", "Fibra 700 Mega"),
        (Bill(4802, -38, 12990, paid=True), Bill(4902, -8, 12990), Bill(5002, 22, 12990)),
    ),
    (
        _customer(1003, "Carla Menezes", "98765432100", "Fibra 300 Mega"),
        (
            Bill(4803, -65, 7990, paid=True),
            Bill(4903, -35, 7990, paid=True),
            Bill(5003, -5, 7990, paid=True),
        ),
    ),
    (
        _customer(1004, "Padaria Pão Quente Ltda", "11444777000161", "Link Dedicado 1 Giga"),
        (Bill(4904, -16, 123456, paid=True), Bill(5004, 14, 123456)),
    ),
    (
        _customer(1005, "Nova Era Tecnologia Ltda", "12ABC34501DE35", "Fibra Empresarial 800 Mega"),
        (Bill(5005, 7, 34990),),
    ),
    (
        _customer(1006, "Diego Ferreira Rocha", "01234567890", "Fibra 500 Mega", blocked=True),
        (
            Bill(4706, -82, 9990),
            Bill(4806, -52, 9990),
            Bill(4906, -22, 9990),
            Bill(5006, 8, 9990),
            Bill(5106, 38, 9990),
        ),
    ),
    (
        _customer(1007, "José Antônio da Conceição Guimarães Magalhães", "39053344705", "Fibra 1 Giga + TV"),
        (Bill(4907, -27, 18990, paid=True), Bill(5007, 3, 18990)),
    ),
    (_customer(1008, "Elisa Prado", "24681357928", "Fibra 300 Mega"), ()),
    (
        _customer(1009, "Fernanda Dias", "13579246828", "Fibra 700 Mega", blocked=True),
        (Bill(4809, -45, 12990, paid=True), Bill(4909, -15, 12990)),
    ),
    (_customer(1010, "Gustavo Andrade Pinto", "11144477735", "Fibra 500 Mega"), (Bill(5010, 12, 9990),)),
    (
        _customer(1011, "Gustavo Andrade Pinto", "11144477735", "Rural 50 Mega"),
        (Bill(5011, -4, 6990, paid=True),),
    ),
    (_customer(1012, "Helena Martins", "22233344405", "Fibra 300 Mega"), (Bill(5012, 0, 7990),)),
]

HOLDERS: dict[str, Holder] = {
    customer: Holder(birth_date, cep)
    for customer, birth_date, cep in (
        ("C-1001", "1985-03-12", "88501000"),
        ("C-1002", "1978-11-30", "88502100"),
        ("C-1003", "1992-07-05", "88503200"),
        ("C-1004", "", "88501300"),
        ("C-1005", "", "88509900"),
        ("C-1006", "1980-01-28", "88504300"),
        ("C-1007", "1958-06-19", "88520000"),
        ("C-1008", "2001-02-07", ""),
        ("C-1009", "1990-09-23", "88505400"),
        ("C-1010", "1969-10-14", "88506500"),
        ("C-1011", "1969-10-14", "88540000"),
        ("C-1012", "1973-04-16", "88520100"),
    )
}
"""What the register holds of each customer beside the contract."""
