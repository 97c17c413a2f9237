"""What `ipw run` decides before it does any work."""

from pathlib import Path

from tests.support import ipw


def test_a_landing_that_was_named_is_never_filled_with_the_sample(tmp_path: Path) -> None:
    for folder in ("mistyped", "empty"):
        landing = tmp_path / folder
        if folder == "empty":
            landing.mkdir()
        refused = ipw(tmp_path / "warehouse", "run", "--landing", str(landing))
        assert refused.returncode == 2
        assert f"no deliveries in {landing}" in refused.stderr and "ipw sample" in refused.stderr
        assert not landing.exists() or not list(landing.iterdir())
