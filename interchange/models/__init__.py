"""What is stored of files that come in: imported spreadsheets."""

from interchange.models.spreadsheet import ColumnMemory, ImportRow, SpreadsheetImport

__all__ = ["ColumnMemory", "ImportRow", "SpreadsheetImport"]
