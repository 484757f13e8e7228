"""What is stored of files: imported spreadsheets, and the templates of documents."""

from interchange.models.briefing import BriefingTemplate, TemplateKind, language_name
from interchange.models.spreadsheet import ColumnMemory, ImportRow, SpreadsheetImport

__all__ = [
    "BriefingTemplate",
    "ColumnMemory",
    "ImportRow",
    "SpreadsheetImport",
    "TemplateKind",
    "language_name",
]
