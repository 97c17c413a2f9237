"""A release id is made of what was known on the run's days, and of nothing that came later."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from pipelines import fingerprint
from pipelines.errors import ConfigError
from pipelines.fingerprint import release_id, run_parameters
from pipelines.intake.run import ingest
from pipelines.plans import shipped_plan_files
from pipelines.plans.reading import CATALOGUE_FILE
from pipelines.settings import Settings
from tests.support import deliver

PLAN = Path(__file__).parents[1] / "fixtures" / "plans" / "jianglan_14fyp.yaml"
PATENTS = (
    "申请号,名称,公开（公告）号,公开（公告）日,申请日,申请（专利权）人,地址\n"
    "201210424464.6,合成样例一,CN102889891B,2014.05.07,2012.10.30,江澜合成样例有限公司,云泽省江澜市澜中区样例路1号\n"
)
POPULATION = "区划代码,区划名称,时点,口径,常住人口(人),来源批次\n990100,江澜市,2020-11-01,常住人口,{},合成普查\n"


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan file of the test's own."""
    return Path(shutil.copy(PLAN, tmp_path / "plan.yaml"))


@pytest.fixture
def settings(tmp_path: Path, plan: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A run on what was delivered in January 2022, known then."""
    for name in ("IPW_AS_OF", "IPW_TARGETS_KNOWN_AT", "IPW_POPULATION_KNOWN_AT", "IPW_LANDING", "IPW_THREADS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IPW_WAREHOUSE", str(tmp_path / "warehouse"))
    monkeypatch.setenv("IPW_PLANS", str(plan))
    monkeypatch.setenv("IPW_KNOWN_AT", "2022-01-31")
    made = Settings.from_environment()
    deliver(made.landing, "patents", "2022-01-10", "合成.csv", PATENTS)
    deliver(made.landing, "population", "2022-01-10", "合成.csv", POPULATION.format(100000))
    load(made)
    return made


def load(settings: Settings) -> None:
    for source in ("patents", "population"):
        assert not ingest(settings.warehouse, source, planned_regions=frozenset({"990100"})).rejected


def known(monkeypatch: pytest.MonkeyPatch, **dates: str) -> str:
    """The id of a run with these knowledge dates."""
    for name, day in dates.items():
        monkeypatch.setenv(f"IPW_{name.upper()}", day)
    return release_id(run_parameters(Settings.from_environment()))


def amend(plan: Path, **decision: object) -> None:
    """Add a version to the plan's first target."""
    content = yaml.safe_load(plan.read_text(encoding="utf-8"))
    versions = content["targets"][0]["versions"]
    versions.append(versions[0] | {"version": 2} | decision)
    plan.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def test_a_later_delivery_leaves_an_earlier_release_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    january = known(monkeypatch)
    deliver(settings.landing, "patents", "2022-02-10", "合成二.csv", PATENTS.replace("样例路1号", "样例路2号"))
    deliver(settings.landing, "population", "2022-02-10", "合成二.csv", POPULATION.format(120000))
    load(settings)
    assert known(monkeypatch) == january
    assert len({january, known(monkeypatch, known_at="2022-02-28"), known(monkeypatch, known_at="2022-02-27")}) == 3


def test_population_and_targets_have_dates_of_their_own(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(settings.landing, "population", "2022-02-10", "合成二.csv", POPULATION.format(120000))
    load(settings)
    with_new = known(monkeypatch, known_at="2022-02-28")
    parameters = run_parameters(Settings.from_environment())
    assert (parameters.targets_known_at, parameters.population_known_at) == (date(2022, 2, 28),) * 2
    without = known(monkeypatch, population_known_at="2022-01-31")
    assert with_new != without
    deliver(settings.landing, "population", "2022-02-11", "合成三.csv", POPULATION.format(130000))
    load(settings)
    assert known(monkeypatch) == without


def test_an_amendment_written_into_the_plan_leaves_earlier_releases_alone(
    settings: Settings, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    january, march = known(monkeypatch), known(monkeypatch, known_at="2022-03-31")
    amend(plan, valid_from=date(2022, 2, 1), decided_on=date(2022, 3, 15), decided_by="合成修订")
    assert known(monkeypatch, known_at="2022-01-31") == january
    assert known(monkeypatch, known_at="2022-03-31") != march
    assert known(monkeypatch, targets_known_at="2022-03-14") != march  # another date asked for is another release
    parameters = run_parameters(Settings.from_environment())
    as_known = [
        target.versions for target in fingerprint.plans_as_known(Settings.from_environment(), parameters)[0].targets
    ]
    assert all(len(versions) == 1 for versions in as_known)


def test_a_plan_is_the_same_wherever_its_file_lies(
    settings: Settings, plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shipped,) = (file for file in shipped_plan_files() if file.stem == "zibo_14fyp")
    copied = shutil.copy(shipped, plan.with_name("aa.yaml"))
    ids = [known(monkeypatch, plans=named) for named in (f"zibo_14fyp,{plan}", f"{plan},{copied}", f"{copied},{plan}")]
    rules = run_parameters(Settings.from_environment()).rules_fingerprint
    assert len(set(ids)) == 1
    monkeypatch.setenv("IPW_PLANS", f"zibo_14fyp,{plan}")
    assert run_parameters(Settings.from_environment()).rules_fingerprint == rules


def test_shipped_plans_are_no_code_but_the_catalogue_is(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[Path] = []
    monkeypatch.setattr(fingerprint, "_digest", lambda files, root: str(hashed.extend(files)))
    fingerprint.code_version.__wrapped__()
    assert CATALOGUE_FILE in hashed and Path(fingerprint.__file__) in hashed
    assert not shipped_plan_files() & set(hashed)


def test_a_day_before_every_delivery_has_no_release(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match=r"no delivery up to 2022-01-09 was loaded from .*landing; put files in"):
        known(monkeypatch, known_at="2022-01-09")


def test_a_number_of_threads_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IPW_THREADS", "4")
    assert Settings.from_environment().threads == 4
    for wrong in ("0", "many", "-1", "1.5"):
        monkeypatch.setenv("IPW_THREADS", wrong)
        with pytest.raises(ConfigError, match=f"IPW_THREADS={wrong} is not a number of threads; write 1 or more"):
            Settings.from_environment()
