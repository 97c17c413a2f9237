"""Workbooks as their reader sees them: every sheet of a file as a grid of text, and what of it is hidden.

Belongs here: file formats of spreadsheets, number formats, merged and hidden cells. Does not belong here: headers,
tables and contracts (readers). Nothing here imports the rest of the project: program.py is a process of its own and
must start fast.
"""
