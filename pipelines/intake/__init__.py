"""Intake: delivered files in, conformed bronze rows and quarantine out. Nothing is calculated here."""
