"""Run the Demo ERP: `python -m emulators.erps.demo --port 0 --database FILE`.

`DEMO_ERP_TOKEN` in its environment is the bearer token of `/api/`; without it, `demo-token`.
"""

import os
from contextlib import closing
from pathlib import Path

from emulators import serving
from emulators.erps.demo.app import create_app
from emulators.erps.demo.store import Store


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = serving.parser("emulators.erps.demo", "The Demo ERP, an invented billing system.")
    parser.add_argument(
        "--database", type=Path, required=True, help="SQLite file; made, folder included, and seeded when missing"
    )
    arguments = parser.parse_args()
    listener = serving.listen(parser, arguments)
    arguments.database.parent.mkdir(parents=True, exist_ok=True)
    with closing(Store(arguments.database)) as store:
        serving.serve(create_app(store, os.environ.get("DEMO_ERP_TOKEN", "demo-token")), listener)


if __name__ == "__main__":
    main()
