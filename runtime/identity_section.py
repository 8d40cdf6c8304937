"""The table `[identity]` of `prosa.toml`."""

from runtime.sections import Section


class IdentitySection(Section):
    """How codes reach customers who have to prove who they are, beside e-mails by `[mail]`."""

    account: str = ""
    """Account that sends them to the customer's telephone number where there is no e-mail; empty: none."""
    template: str = ""
    """Template that it sends, a table of `[templates]` whose only place is the code; empty: free text."""
