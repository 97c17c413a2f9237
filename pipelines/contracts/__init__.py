"""What a delivery may look like, one declaration (YAML) per source; everything else is generated from it.

Belongs here: fields, headers, units, sentinels, keys and limits, and the schemas, dbt source and dictionary made
from them. Does not belong here: reading files (intake), parsing a notation (codes), counting anything (SQL).
"""
