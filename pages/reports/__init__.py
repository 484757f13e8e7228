"""Requests for a report: asking, who has not answered, and the answer by the link of a mail."""
