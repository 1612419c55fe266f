"""What officers of the demo write into the forms of steps."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from dashboard.vocabulary import PROVEN

if TYPE_CHECKING:
    from datetime import date

    from dashboard.demonstration.histories import Life
    from dashboard.workflow.definition import Step


def answers(life: Life, step: Step, day: date) -> list[tuple[str, str]]:
    """Return an answer to every question of a step, by question, as somebody would have typed it."""
    proven = life.outcome in PROVEN
    texts = {
        "facts": "该公司以投资理财名义向社会不特定对象吸收资金，承诺还本付息。" if proven else "未发现吸收资金行为。",
        "opinion": "建议依规认定。" if proven else "建议不予认定。",
        "plan": "先行清退，再依规处罚。",
        "summary": "处置完毕，集资参与人已清退。" if proven else "经核查不属实，予以结案。",
    }
    given = []
    for code in step.questions:
        question = life.workflow.question(code)
        if question.kind == "date":
            given.append((code, (day - timedelta(days=life.dice.randint(0, 5))).isoformat()))
        elif question.kind == "choice":
            given.append((code, question.choices[0 if proven else -1].code))
        elif question.kind == "text":
            given.append((code, texts.get(code, "情况属实，详见材料。" if proven else "情况不属实，详见材料。")))
        else:
            given.append((code, str(round(life.seed.amount))))
    return given
