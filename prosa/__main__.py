"""`prosa` and `python -m prosa`: makes sure that our packages are the ones imported, then runs the command line."""

import sys
from pathlib import Path


def main() -> None:
    """Run the command line with Prosa's own packages first: their names (`journal`, `flows`) are generic."""
    root = str(Path(__file__).resolve().parent.parent)
    sys.path[:] = [root, *(path for path in sys.path if path != root)]
    from prosa.commands import app  # noqa: PLC0415 - only now may a package of ours be imported
    from runtime.leaving import leave  # noqa: PLC0415 - as above
    from runtime.private_files import keep_private  # noqa: PLC0415 - as above

    keep_private()
    try:
        app()
    except SystemExit as ended:
        if isinstance(ended.code, str):
            raise
        leave(ended.code or 0)


if __name__ == "__main__":
    main()
