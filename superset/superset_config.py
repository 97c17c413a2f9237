"""Settings of the optional Superset: Chinese first, everything it keeps in one folder, nothing fetched from a network.

`make superset` names the folder (IPW_SUPERSET_HOME) and makes the secret in it; see docs/bi/superset.md for a server.
"""

import os
from pathlib import Path

HOME = Path(os.environ["IPW_SUPERSET_HOME"])

SECRET_KEY = (HOME / "secret").read_text(encoding="utf-8").strip()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME / 'superset.db'}"
DATA_DIR = str(HOME)

BABEL_DEFAULT_LOCALE = "zh"
LANGUAGES = {"zh": {"flag": "cn", "name": "中文"}, "en": {"flag": "us", "name": "English"}}
D3_FORMAT = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["¥", ""]}

# A figure may be asked for again until the next release is published.
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
FILTER_STATE_CACHE_CONFIG = {"CACHE_TYPE": "SupersetMetastoreCache"}
EXPLORE_FORM_DATA_CACHE_CONFIG = {"CACHE_TYPE": "SupersetMetastoreCache"}

TALISMAN_ENABLED = False
WTF_CSRF_ENABLED = True
