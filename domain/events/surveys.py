"""Events of surveys."""

from typing import Literal

from domain.events.base import EventData


class SurveyAsked(EventData):
    """A survey was asked for."""

    kind: Literal["survey_asked"] = "survey_asked"
    survey: str
    """`nps`, `csat` or `ces`."""
    lowest: int
    """The lowest score."""
    highest: int
    """The highest score."""


class SurveyAnswered(EventData):
    """The contact gave a score."""

    kind: Literal["survey_answered"] = "survey_answered"
    survey: str
    """`nps`, `csat` or `ces`."""
    score: int
    """The score."""


class SurveyCommented(EventData):
    """The contact said why it gave the score."""

    kind: Literal["survey_commented"] = "survey_commented"
    survey: str
    """`nps`, `csat` or `ces`."""
    comment: str
    """The contact's comment."""


class SurveyLeft(EventData):
    """A keyword led away from the survey, which may be asked again."""

    kind: Literal["survey_left"] = "survey_left"
    survey: str
    """`nps`, `csat` or `ces`."""


class SurveyUnanswered(EventData):
    """The survey ended without a score."""

    kind: Literal["survey_unanswered"] = "survey_unanswered"
    survey: str
    """`nps`, `csat` or `ces`."""
    reason: str
    """`silence`, `declined`, `not_understood` or `undelivered`."""
