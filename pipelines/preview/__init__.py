"""The mirror: what intake makes of one file before it is delivered, by the same reading, and a copy to send back.

Belongs here: putting together what the reading says of a file, and the differences to what a spreadsheet program shows.
Does not belong here: reading, conforming or judging (intake), and how it is printed (cli).
"""
