"""One judgement on one answer."""

from pydantic import BaseModel, ConfigDict


class Score(BaseModel):
    """Passed or not, and why not in few words. A scorer with nothing to judge gives none."""

    model_config = ConfigDict(frozen=True)

    scorer: str
    passed: bool
    detail: str = ""
