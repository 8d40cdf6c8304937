"""The mail server, tried from here: does it answer, by TLS, and take our login; nothing is sent."""

from typing import Final

from domain.errors import EmailError, SettingsError
from runtime import secrets
from runtime.settings import Settings
from runtime.smtp import MailServer
from usecases.doctor import causes
from usecases.doctor.finding import Finding, fine, notice, trouble

_WHY: Final = "people are not told by e-mail; flows go on, and contacts notice nothing"


async def look(settings: Settings) -> list[Finding]:
    """Return the findings; none where nobody gets e-mails."""
    try:
        server = settings.mail_server
    except SettingsError as error:
        why = "workers do not start with it: contacts write and get no answer"
        return [trouble("mail", str(error), why, "mend prosa.toml, then start gateway and workers again")]
    if server is None:
        return []
    try:
        password = secrets.resolve(server.password, settings.data / "secrets").get_secret_value()
    except SettingsError:  # it has a finding of its own
        return [notice("mail", "the mail server cannot be tried from here", "its password is not to be found here")]
    place = f"{server.host}:{server.usual_port}"
    try:
        await MailServer(server, lambda _: password).probe()
    except EmailError as error:
        return [trouble("mail", f"from here, {error} ({place})", _WHY, *causes.of_mail(settings, error.code))]
    login = ", and takes our login" if server.user else ""
    return [fine("mail", f"from here {place} answers{login}")]
