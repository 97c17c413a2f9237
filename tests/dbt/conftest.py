"""A tiny city in bronze, built once: every patent in it is there for one rule."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.paths import Warehouse
from tests.conftest import Once
from tests.dbt.world import Row, World

AS_OF = date(2023, 6, 30)
KNOWN_AT = date(2023, 6, 30)

ZHANGDIAN = {"address": "山东省淄博市张店区人民西路1号", "division_code": "370303", "address_rest": "人民西路1号"}
LINZI = {"address": "山东省淄博市临淄区一诺路1号", "division_code": "370305", "address_rest": "一诺路1号"}
HIGH_TECH_ZONE = {"address": "山东省淄博市高新区柳泉路", "division_code": "370300", "address_rest": "高新区柳泉路"}
NOWHERE_IN_ZIBO = {"address": "山东省淄博市", "division_code": "370300", "address_rest": None}
BEIJING = {"address": "北京市海淀区中关村", "division_code": "110108", "address_rest": "中关村"}


def grant(number: str, announced: date, where: Row, **more: object) -> dict[str, object]:
    """The grant publication of an invention filed on 2010-03-01."""
    return {
        "application_no": number,
        "application_no_quality": "ok",
        "publication_no": f"CN1{number[4:12]}",
        "publication_kind": "B",
        "publication_date": announced,
        "patent_type": "invention",
        "title": "一种方法",
        "filing_date": date(2010, 3, 1),
        "applicant": "某某有限公司",
        "applicant_kind": "organisation",
        "applicant_count": 1,
        "main_ipc": "A47B1/00",
        "ipc": "A47B1/00",
        **where,
        **more,
    }


def event(number: str, code: str, noticed: date, effective: date | None = None, after: Row | None = None) -> Row:
    """A gazette record, with the address it moves the patent to."""
    moved = {f"{name}_after": value for name, value in (after or {}).items()}
    return {
        "application_no": number,
        "event_code": code,
        "event_date": noticed,
        "effective_date": effective,
        **moved,
    }


def deliver_city(world: World, *, with_events: bool = True) -> None:
    """Everything the tests of this folder ask about."""
    old, new = date(2013, 5, 1), date(2021, 5, 1)
    world.deliver(
        "patents",
        date(2022, 1, 10),
        [
            grant("201010000001.1", old, ZHANGDIAN),
            grant("201010000002.2", old, ZHANGDIAN),
            grant("201010000003.3", new, ZHANGDIAN),
            grant("201010000004.4", old, HIGH_TECH_ZONE),
            grant("201010000005.5", old, NOWHERE_IN_ZIBO),
            grant("201010000006.6", old, BEIJING),
            grant("201010000007.7", old, ZHANGDIAN),
            grant("201010000008.8", old, ZHANGDIAN),
            grant("201010000009.9", old, ZHANGDIAN, ipc="A47B1/00;G06F40/30"),
            grant("201210000010.X", new, LINZI, filing_date=date(2012, 6, 30)),
            grant("201010000011.1", old, LINZI, title="withdrawn later"),
            # The application of patent 1, and the same publication once more with a number a spreadsheet has spoiled.
            grant("201010000001.1", old, LINZI, publication_kind="A", publication_date=date(2011, 9, 1)),
            grant("201010000002.2", old, ZHANGDIAN, application_no=None, application_no_quality="spoiled",
                  publication_no="CN100000002", publication_kind="A", publication_date=date(2011, 9, 1)),
        ],
        quarantined=[{"reason": "key_missing", "field": "publication_no", "raw": "{}"}],
    )  # fmt: skip
    world.deliver("patents", date(2022, 2, 10), [grant("201010000011.1", old, LINZI, is_withdrawn=True)])
    if with_events:
        world.deliver(
            "patent_events",
            date(2022, 1, 11),
            [
                event("201010000002.2", "TR01", date(2019, 7, 1), date(2019, 6, 1), LINZI),
                event("201010000003.3", "TR01", date(2022, 1, 5), date(2022, 1, 1), LINZI),
                event("201010000008.8", "CF01", date(2018, 5, 1), date(2017, 3, 1)),
                event("201010000008.8", "RR01", date(2019, 5, 1)),
            ],
        )
        late = [
            event("201010000007.7", "IW01", date(2023, 6, 1)),
            event("201010000001.1", "CF01", date(2021, 9, 1), date(2020, 3, 1)),
        ]
        world.deliver("patent_events", date(2023, 6, 30), late)
    world.deliver("patents", date(2023, 6, 30), [grant("201010000012.2", date(2023, 6, 1), ZHANGDIAN)])
    census = {"reference_date": date(2020, 11, 1), "vintage": "census", "published_on": date(2021, 5, 20)}
    world.deliver(
        "population",
        date(2021, 6, 1),
        [
            {"region_code": "370300", "kind": "resident", "persons": 4_704_138, **census},
            {"region_code": "370300", "kind": "registered", "persons": 4_307_800, **census, "reference_date": date(2022, 12, 31)},
            {"region_code": "370303", "kind": "resident", "persons": 1_000_000, **census},
        ],
    )  # fmt: skip
    world.deliver(
        "official_figures",
        date(2023, 1, 10),
        [
            {
                "indicator_id": "royalties_trade", "region_code": "100000", "period_type": "year",
                "period_start": date(2022, 1, 1), "period_end": date(2022, 12, 31), "value": 3872.5, "unit": "亿元",
                "decimals": 1, "published_on": date(2023, 1, 1), "document": "公报",
            }
        ],
    )  # fmt: skip


@pytest.fixture(scope="session")
def city(once: Once) -> World:
    """The tiny city, delivered and built with all data tests passing; tests only look at it."""

    def make(folder: Path) -> None:
        World.built(folder, deliver_city, as_of=AS_OF, known_at=KNOWN_AT)

    return World(Warehouse(once("tiny_city", make)))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A warehouse of the test's own."""
    return World.fresh(tmp_path / "world")
