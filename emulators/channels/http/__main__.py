"""Run the provider: `python -m emulators.channels.http --port 0 --secret SECRET --database FILE`."""

from contextlib import closing
from pathlib import Path

from emulators import serving
from emulators.channels.http.app import create_app
from emulators.channels.http.store import Store
from emulators.connections import cut


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = serving.parser("emulators.channels.http", "A message provider.")
    parser.add_argument("--database", type=Path, help="SQLite file, made when missing; without it, in memory")
    parser.add_argument("--secret", default="", help="what requests are signed with; without it, nobody asks")
    parser.add_argument("--idempotent", action="store_true", help="a repeated webhook-id takes nothing more")
    arguments = parser.parse_args()
    listener = serving.listen(parser, arguments)
    with closing(Store(arguments.database)) as store:
        serving.serve(create_app(store, cut, secret=arguments.secret, idempotent=arguments.idempotent), listener)


if __name__ == "__main__":
    main()
