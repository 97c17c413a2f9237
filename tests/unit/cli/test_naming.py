"""Indicators and regions as a reader names them: by id, code or title; what nothing has is refused with what there is."""

from collections.abc import Iterator

import duckdb
import pytest

from pipelines.cli.naming import indicator_named, nearest, region_code, region_named
from pipelines.errors import ConfigError


@pytest.fixture(scope="module")
def release() -> Iterator[duckdb.DuckDBPyConnection]:
    """Two indicators, and a district in both views."""
    with duckdb.connect() as connection:
        connection.execute(
            "create table dim_indicator as from (values ('inv_valid', '有效发明专利量', 'Valid inventions', 1), "
            "('tm_valid', '有效注册商标量', 'Valid marks', 2)) as v(indicator_id, title_zh, title_en, sort_order)"
        )
        connection.execute(
            "create table dim_region as from (values ('370303', 'statutory', '张店区', 'Zhangdian District', 2), "
            "('370303', 'management', '张店区', 'Zhangdian District', 2), ('370300', 'statutory', '淄博市', 'Zibo', 0)) "
            "as v(region_code, region_view, name_zh, name_en, sort_order)"
        )
        yield connection


@pytest.mark.parametrize("text", ["inv_valid", "有效发明专利量", "Valid inventions"])
def test_an_indicator_goes_by_id_or_title(release: duckdb.DuckDBPyConnection, text: str) -> None:
    assert indicator_named(release, text) == "inv_valid"


def test_an_indicator_that_is_none_is_refused_with_the_nearest(release: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ConfigError, match=r"no indicator inv_walid .*\(did you mean inv_valid\?\)"):
        indicator_named(release, "inv_walid")


@pytest.mark.parametrize("text", ["370303", "张店区", "张店", "Zhangdian District"])
def test_a_region_goes_by_code_or_name(release: duckdb.DuckDBPyConnection, text: str) -> None:
    assert region_named(release, text) == "370303"


def test_a_region_that_is_none_is_refused_with_all_there_are(release: duckdb.DuckDBPyConnection) -> None:
    assert region_code(release, "临淄区") is None
    with pytest.raises(ConfigError, match=r"no region 临淄区 in this release; it has 370300 淄博市, 370303 张店区$"):
        region_named(release, "临淄区")


def test_nothing_is_suggested_where_nothing_is_like_it() -> None:
    assert nearest("xyz", ["patents", "pledges"]) == ""
    assert nearest("patent", ["patents", "pledges"]) == " (did you mean patents?)"
