"""The board pack: the page's numbers as a document to print and a workbook to keep."""

from dashboard.report.pack import Pack, board_pack

__all__ = ["Pack", "board_pack"]
