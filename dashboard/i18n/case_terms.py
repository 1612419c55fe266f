"""The words of cases: phases, sources, orders, people, measures, fields. Stages' names come from their definition."""

from __future__ import annotations

from dashboard.i18n.marks import N_

PHASE_WORDS = {
    "intake": N_("Intake"),
    "verification": N_("Verification"),
    "investigation": N_("Investigation"),
    "assessment": N_("Assessment"),
    "determination": N_("Determination"),
    "disposal": N_("Disposal"),
    "aftercare": N_("Aftercare"),
    "closed": N_("Closed"),
    "archived": N_("Archived"),
    "merged": N_("Merged"),
}
SOURCE_WORDS = {
    "warning": N_("Warning"),
    "tip": N_("Tip"),
    "inspection": N_("Inspection finding"),
    "order": N_("Order from above"),
    "manual": N_("Entered by hand"),
}
ORDER_WORDS = {
    "assign_down": N_("Assignment down"),
    "report_up": N_("Report up"),
    "transfer": N_("Transfer"),
    "assist": N_("Request to assist"),
    "return": N_("Return"),
    "supervise": N_("Supervision order"),
    "escalation": N_("Escalation"),
}
ORDER_STATE_WORDS = {
    "pending": N_("Waiting for an answer"),
    "accepted": N_("Accepted"),
    "refused": N_("Refused"),
    "withdrawn": N_("Withdrawn"),
    "answered": N_("Answered"),
    "done": N_("In effect"),
}
SEAT_WORDS = {
    "origin": N_("Place of origin"),
    "handler": N_("Former handler"),
    "assistant": N_("Assisting"),
    "invited": N_("Asked"),
}
TASK_STATE_WORDS = {"open": N_("To do"), "done": N_("Done"), "dropped": N_("Dropped")}
ATTACHMENT_WORDS = {
    "inspection_record": N_("Inspection record"),
    "interview_record": N_("Interview record"),
    "bank_statement": N_("Bank statement"),
    "contract": N_("Contract"),
    "advertisement": N_("Advertisement"),
    "photo": N_("Photograph"),
    "assessment_report": N_("Assessment report"),
    "determination_letter": N_("Letter of determination"),
    "rectification_order": N_("Rectification order"),
    "penalty_decision": N_("Penalty decision"),
    "transfer_letter": N_("Letter of transfer"),
    "repayment_plan": N_("Repayment plan"),
    "other": N_("Other file"),
}
EVIDENCE_WORDS = {
    "document": N_("Document"),
    "electronic": N_("Electronic data"),
    "statement": N_("Statement"),
    "physical": N_("Physical object"),
    "audiovisual": N_("Sound or picture"),
    "record": N_("Record of inspection"),
}
PEOPLE_WORDS = {
    "organiser": N_("Organiser"),
    "responsible": N_("Person responsible"),
    "assister": N_("Assister"),
    "employee": N_("Employee"),
    "investor": N_("Investor"),
    "other": N_("Other person"),
}
MEASURE_WORDS = {
    "warning_talk": N_("Warning talk"),
    "rectification_order": N_("Order to rectify"),
    "penalty": N_("Administrative penalty"),
    "police_transfer": N_("Transfer to the police"),
}
PENALISED_WORDS = {
    "organiser": N_("Organiser"),
    "responsible": N_("Responsible person of the organiser"),
    "assister": N_("Assister"),
    "institution": N_("Bank or payment firm"),
    "institution_person": N_("Responsible person of a bank or payment firm"),
}
OUTCOME_WORDS = {
    "confirmed": N_("Confirmed"),
    "rectified": N_("Rectified"),
    "transferred": N_("Transferred to the police"),
    "unfounded": N_("Unfounded"),
    "false_positive": N_("False positive"),
}
CLOCK_WORDS = {
    "running": N_("In time"),
    "near": N_("Due soon"),
    "overdue": N_("Overdue"),
    "stopped": N_("Suspended"),
    "none": N_("No deadline"),
}
FIELD_WORDS = {
    "stage": N_("Stage"),
    "handler_code": N_("Handling department"),
    "owner_id": N_("Person in charge"),
    "risk_type": N_("Risk type"),
    "due_on": N_("Due"),
    "suspended_on": N_("Suspended since"),
    "outcome": N_("Outcome"),
    "merged_into": N_("Merged into"),
    "escalated_to": N_("Escalated to"),
    "state": N_("State"),
    "title": N_("Title"),
    "checklist": N_("Checklist"),
    "region_code": N_("Place"),
    "amount": N_("Sum involved"),
    "illegal_income": N_("Illegal income"),
    "people": N_("People involved"),
    "places": N_("Places involved"),
    "basis": N_("Basis"),
    "role": N_("Part played"),
    "name": N_("Name"),
    "note": N_("Note"),
    "holder": N_("Keeper"),
    "answer": N_("Answer"),
    "owed": N_("Owed"),
    "repaid": N_("Repaid"),
    "people_owed": N_("People owed"),
    "people_repaid": N_("People repaid"),
}
"""Columns by which two versions of a row may differ: for the difference that a late form is shown."""
