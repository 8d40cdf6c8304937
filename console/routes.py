"""The pages for the company's own people: flows, and the reference of their language."""

from starlette.routing import Route

from console.flow_pages import FlowPages
from console.reference_pages import ReferencePages
from console.site import Site
from journal.database import Database
from runtime import secrets
from runtime.settings import Settings
from web.guesses import Door


def routes(settings: Settings, database: Database) -> list[Route]:
    """Return their routes; `flows.token` is the password. SettingsError when its secret is nowhere."""
    token = secrets.token(settings.flows.token, settings.data / "secrets", "flows.token")
    door, public = Door("flows.token", database), bool(settings.gateway.public_url)
    site = Site(settings.company.name, settings.company.zone, door, token, public=public)
    return [*FlowPages(site, database).routes(), *ReferencePages(site).routes()]
