"""The needs survey, evidence about areas, and what is built from them (Part V)."""

from gap_analysis.models.evidence import Evidence
from gap_analysis.models.proposals import Proposal, ProposalQuerySet
from gap_analysis.models.snapshots import GapCell, GapRow, GapSnapshot, Scenario, SurveySummary
from gap_analysis.models.survey import AreaAnswer, Question, QuestionAnswer, Response, Survey

__all__ = [
    "AreaAnswer", "Evidence", "GapCell", "GapRow", "GapSnapshot", "Proposal", "ProposalQuerySet", "Question",
    "QuestionAnswer", "Response", "Scenario", "Survey", "SurveySummary",
]  # fmt: skip
