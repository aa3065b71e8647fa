"""What is not as it should be in a plan: one function a kind, FINDINGS lists them all."""

from territory.advise.findings.catalogue import FINDINGS, Kind, findings, label_of, questions
from territory.advise.findings.context import Context
from territory.advise.findings.data import Question
from territory.advise.findings.finding import Action, Finding, Severity, Watch
from territory.advise.findings.said import Number, Said

__all__ = [
    "FINDINGS",
    "Action",
    "Context",
    "Finding",
    "Kind",
    "Number",
    "Question",
    "Said",
    "Severity",
    "Watch",
    "findings",
    "label_of",
    "questions",
]
