"""What the case's timeline says of each verb that the audit log knows; placeholders are filled from the entry."""

from __future__ import annotations

from dashboard.i18n.marks import N_

EVENT_WORDS = {
    "case:opened": N_("Case opened"),
    "case:stepped": N_("Step: %(step)s"),
    "case:suspended": N_("Clock suspended"),
    "case:resumed": N_("Clock resumed"),
    "case:merged": N_("Merged into %(into)s"),
    "case:took_in": N_("Took in %(took_in)s"),
    "case:split": N_("Part split off as %(into)s"),
    "case:owner_set": N_("Person in charge set"),
    "case:source_added": N_("Source joined: %(source)s"),
    "case:handed_over": N_("Hand-over package taken"),
    "order:assign_down": N_("Assigned down to %(to)s"),
    "order:report_up": N_("Reported up to %(to)s"),
    "order:transfer": N_("Transferred to %(to)s"),
    "order:return": N_("Returned to %(to)s"),
    "order:assist": N_("%(to)s asked to assist"),
    "order:supervise": N_("Supervision order to %(to)s"),
    "order:escalation": N_("Escalated to %(to)s"),
    "order:assist_ended": N_("Assistance of %(region)s ended"),
    "order:answered": N_("%(order)s answered"),
    "order:withdrawn": N_("%(order)s withdrawn"),
    "task:added": N_("Task set"),
    "task:changed": N_("Task changed"),
    "task:ended": N_("Task ended"),
    "comment:added": N_("Comment"),
    "attachment:added": N_("Attached: %(attachment)s"),
    "attachment:removed": N_("Attachment taken out: %(attachment)s"),
    "evidence:added": N_("Evidence listed: %(evidence)s"),
    "evidence:moved": N_("Evidence changed hands"),
    "person:added": N_("Person added to the file"),
    "person:changed": N_("Person's entry mended"),
    "person:removed": N_("Person taken out of the file"),
    "determination:written": N_("Determination written"),
    "measure:taken": N_("Measure taken"),
    "measure:withdrawn": N_("Measure withdrawn"),
    "repayment:reported": N_("Repayment reported"),
}
EVENT_KINDS = {
    "all": ((), N_("All")),
    "steps": (("case:",), N_("Steps and clock")),
    "orders": (("order:",), N_("Between departments")),
    "work": (("task:", "attachment:", "evidence:"), N_("Tasks and evidence")),
    "comments": (("comment:",), N_("Comments")),
    "findings": (("person:", "determination:", "measure:", "repayment:"), N_("Findings and measures")),
}
"""What the timeline can be narrowed to: how its verbs begin, and what it is called."""
