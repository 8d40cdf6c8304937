"""The card `send_location`."""

from typing import Annotated, ClassVar, Self

from pydantic import ValidationError, model_validator

from domain.errors import FlowError
from domain.fields import Holds, Template
from domain.message import Content, Location
from flows.cards.base import DONE, Card, Family, Symbol, cards
from flows.conversation import Conversation
from flows.expressions.values import kind

Degrees = Annotated[float | str, Holds("value")]


@cards.register
class SendLocation(Card):
    """Send a place on the map: a shop, the technician's position, a place that the contact shared before.

    Channels that have maps show it there; the others get name, address and a link to a map.
    """

    family: ClassVar[Family] = "interaction"
    symbol: ClassVar[Symbol] = Symbol(
        icon="map-pin", colour="#2563eb", names={"pt-BR": "Localização", "en": "Location"}
    )
    example: ClassVar[str] = """
id: our_shop
card: send_location
latitude: -27.100420
longitude: -52.615230
name: "{{ company.name }}"
address: "Rua das Flores, 120, Chapecó"
"""
    speaks: ClassVar[bool] = True

    latitude: Degrees
    """Degrees north, WGS 84: a number, or `"{{ place.latitude }}"`; south of the equator with a minus."""
    longitude: Degrees
    """Degrees east, likewise; west of Greenwich with a minus."""
    name: Template = ""
    """What the place is called."""
    address: Template = ""
    """Where it is, as people write it."""

    @model_validator(mode="after")
    def _is_on_this_earth(self) -> Self:
        for key, value, most in (("latitude", self.latitude, 90), ("longitude", self.longitude, 180)):
            if isinstance(value, float) and not -most <= value <= most:
                raise ValueError(f"{key!r} is from -{most} to {most}, found {value:g}")
        return self

    async def play(self, conversation: Conversation) -> str:
        """Send the place; FlowError when latitude and longitude name none."""
        degrees = {key: conversation.fill(value) for key, value in self.values().items()}
        name, address = conversation.render(self.name).strip(), conversation.render(self.address).strip()
        try:
            place = Location.model_validate({**degrees, "name": name, "address": address})
        except ValidationError:
            found = " and ".join(kind(value) for value in degrees.values())
            raise FlowError(f"expected degrees, -90 to 90 north and -180 to 180 east, found {found}") from None
        conversation.say(Content(location=place))
        return DONE

    def summary(self) -> str:
        """Return the place's name, else its address, else its degrees."""
        return self.name or self.address or f"{self.latitude}, {self.longitude}"
