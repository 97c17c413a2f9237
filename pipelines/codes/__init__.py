"""Identifiers and notations, one implementation each: application and publication numbers, credit codes, divisions,
classification symbols, amounts, dates, text and names.

Belongs here: what a printed value means, whatever file it came from. Everything takes a column and gives an
expression, so that a contract applies it to a whole delivery at once; scalar helpers wrap the same expression.
Does not belong here: which columns exist, sentinels and permitted ranges (contracts), and what is then counted (SQL).

The parsers return a struct: the normal form, and a `problem` that is null or one of the reason codes. They never
guess, fill or drop: an unreadable value comes back as null with its problem.
"""
