"""Intake: delivered files in, conformed bronze rows and quarantine out. Nothing is computed from the rows here."""
