"""The `[warnings]` table of the model file: when a grade is left, when it is warned of again, by when answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Days = Annotated[int, Field(ge=1, le=250)]


class WorkingDays(BaseModel):
    """Within how many Chinese working days a warning of each grade wants an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    red: Days = 5
    orange: Days = 10
    yellow: Days = 20


class WarningRules(BaseModel):
    """What a model file without the table says: no hysteresis, no cool-down, the working days above."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    margin: Annotated[float, Field(ge=0, le=20)] = 0.0  # points below a threshold at which its grade is left
    cool_down_weeks: Annotated[int, Field(ge=0, le=52)] = 0  # how long a grade, once warned of, is not warned of again
    working_days: WorkingDays = WorkingDays()
