"""Text from outside, as it can be kept."""


def storable(text: str) -> str:
    """Return *text* without characters that no database keeps: NUL, and halves of UTF-16 pairs."""
    return text.replace("\0", "").encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
