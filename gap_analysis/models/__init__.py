"""The needs survey, evidence about areas, and what is built from them (Part V)."""

from gap_analysis.models.evidence import Evidence
from gap_analysis.models.survey import AreaAnswer, Question, QuestionAnswer, Response, Survey

__all__ = ["AreaAnswer", "Evidence", "Question", "QuestionAnswer", "Response", "Survey"]
