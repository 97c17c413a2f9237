"""Values that cannot be, seen from their neighbours and from earlier deliveries; and what lets a true one through."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contracts.registry import contract, contracts
from pipelines.errors import ConfigError
from pipelines.intake import fields
from pipelines.intake.bronze import delivered_files, quarantined_rows, rejected_files
from pipelines.intake.conform import Conformed, conform
from pipelines.intake.fields import Context
from pipelines.intake.readers.base import ROW
from pipelines.intake.run import ingest
from pipelines.paths import Warehouse
from tests.unit.intake.conftest import Deliver, Land

FAULTY = "15_pledges__one_amount_in_yuan.csv"
HEADER = "质押登记号,权利类型,权利号,质押登记日,出质人,质押金额(万元)"
DAY = "pledges/2024-06-30/list.csv"
ACCEPT = """
source: pledges
file: list.csv
action: accept_value
field: amount_yuan
key: {registration_no: Y6}
reason: a syndicated loan, checked against the contract
accepted_by: 样例局
"""
WHERE = "corrections/2024-06-30/accepted.yaml"


def pledges(*amounts: object, day: str = "2021-03-05", header: str = HEADER, prefix: str = "Y") -> str:
    rows = [f"{prefix}{n},商标,{n}00,{day},淄博样例陶瓷有限公司,{a}" for n, a in enumerate(amounts)]
    return "\n".join([header, *rows]) + "\n"


def amounts(warehouse: Warehouse) -> list[float]:
    """The amounts in bronze, in 万元, by file and row."""
    rows = pl.read_parquet(warehouse.bronze / "pledges" / "*.parquet").sort("source_path", "source_row")
    return [float(amount) / 10_000 for amount in rows["amount_yuan"]]


USUAL = (500, 300, 800, 1000, 200, 650, 400)


def test_one_amount_in_yuan_is_named_with_its_factor(land: Land, faulty: Callable[[str], bytes]) -> None:
    landed = land("pledges", faulty(FAULTY), FAULTY)
    assert landed.bronze["registration_no"].to_list() == ["Y0", "Y1", "Y2", "Y3", "Y5", "Y6", "Y7"]
    assert set(landed.bronze["amount_yuan"]) == {5_000_000}
    assert landed.reasons() == [(6, "value_implausible", "amount_yuan")]
    assert landed.aside["value"].item() == "5000000 (10,000 times the typical 5,000,000 元)"
    assert json.loads(landed.ledger["rejects_by_reason"]) == {"value_implausible": 1}


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("3000000", "3000000 (6,000 times the typical 5,000,000 元)"),  # yuan, beyond the maximum as well
        ("0.05", "0.05 (1/10,000 of the typical 5,000,000 元)"),  # 亿元
        ("500亿元", "500亿元 (10,000 times the typical 5,000,000 元)"),  # 万元 under 亿元, in the cell
    ],
)
def test_a_value_in_another_unit_is_set_aside(land: Land, amount: str, said: str) -> None:
    landed = land("pledges", pledges(*USUAL, amount))
    assert landed.reasons() == [(9, "value_implausible", "amount_yuan")] and landed.aside["value"].item() == said
    assert landed.bronze.height == len(USUAL)


def test_what_comes_every_year_is_not_flagged(land: Land) -> None:
    """From 10 万 to 5 亿, zero and blank included."""
    landed = land("pledges", pledges(10, 15, 30, 100, 500, 800, 1000, 3000, 10_000, 50_000, 0, ""))
    assert landed.bronze.height == 12 and landed.aside.is_empty() and landed.ledger["message"] is None


def test_a_large_value_near_the_rest_is_reported_by_its_row(land: Land) -> None:
    landed = land("pledges", pledges(*USUAL, 300_000))
    assert landed.bronze.height == 8 and landed.aside.is_empty()
    assert landed.ledger["message"] == (
        "kept with value_unusual in amount_yuan: 1; row 9: amount_yuan 300000 (10,000 元 to 1,000,000,000 元 is usual)"
    )


def test_few_values_are_judged_by_the_contract_alone(land: Land) -> None:
    landed = land("pledges", pledges(500, 300_000, 5_000_000))
    assert landed.reasons() == [(4, "number_out_of_range", "amount_yuan")]
    assert "row 3: amount_yuan 300000" in landed.ledger["message"]


def test_a_package_of_many_rights_counts_once(land: Land) -> None:
    """A wrong amount on 20 rows of one registration is no reason to doubt the others."""
    rows = [f"Z1,商标,{n},2021-03-05,淄博样例陶瓷有限公司,5000000" for n in range(20)]
    landed = land("pledges", pledges(*USUAL) + "\n".join(rows))
    assert landed.bronze["registration_no"].str.starts_with("Y").all() and landed.bronze.height == len(USUAL)
    assert set(landed.aside["reason"]) == {"value_implausible"} and landed.aside.height == 20


def test_half_of_a_file_in_yuan(land: Land) -> None:
    landed = land("pledges", pledges(*USUAL, *(amount * 10_000 for amount in USUAL)))
    assert landed.bronze["amount_yuan"].to_list() == [amount * 10_000 for amount in USUAL]
    assert set(landed.aside["reason"]) == {"value_implausible"}


def test_a_file_in_another_unit_is_refused_by_earlier_deliveries(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("pledges/2024-01-31/first.csv", pledges(*USUAL))
    deliver(DAY, pledges(*(amount * 10_000 for amount in (90, 60, 80, 50, 70)), day="2024-05-05", prefix="Z"))
    (rejected,) = ingest(warehouse, "pledges").rejected
    assert rejected.message == (
        "pledges/2024-06-30/list.csv: amount_yuan is 1,400 times the typical 5,000,000 元 of earlier deliveries (5 "
        "values, row 2 has 900000); see whether the header names the right unit, or accept it in "
        "landing/corrections (action: accept_value)"
    )
    assert amounts(warehouse) == list(USUAL)
    deliver(WHERE, ACCEPT.replace("key: {registration_no: Y6}\n", ""))
    assert ingest(warehouse, "pledges").rejected == () and len(amounts(warehouse)) == 12
    assert rejected_files(warehouse).is_empty()


def test_the_wrong_header_is_found_from_either_side(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("pledges/2024-01-31/first.csv", pledges(*USUAL))
    deliver(DAY, pledges(*USUAL, header=HEADER.replace("万元", "元")))
    (rejected,) = ingest(warehouse, "pledges").rejected
    assert "amount_yuan is 1/10,000 of the typical 5,000,000 元 of earlier deliveries" in rejected.message


def test_a_file_of_one_row_is_held_against_earlier_deliveries(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver("pledges/2024-01-31/first.csv", pledges(*USUAL))
    deliver(DAY, pledges(600_000))
    (rejected,) = ingest(warehouse, "pledges").rejected
    assert "row 2: amount_yuan 600000 is 1,200 times the typical 5,000,000 元 of earlier deliveries" in rejected.message


def test_history_is_what_has_an_earlier_date(warehouse: Warehouse, deliver: Deliver, tmp_path: Path) -> None:
    """All at once or day by day the same lands, to the byte; files of one day do not judge each other."""
    days = [
        {"pledges/2024-01-31/a.csv": pledges(*USUAL)},
        {
            "pledges/2024-02-29/b.csv": pledges("700000,-", header=HEADER + ",备注"),
            "pledges/2024-02-29/c.csv": pledges(*USUAL, prefix="C"),
        },
        {"pledges/2024-03-31/d.csv": pledges(*(f"{a}0000,-" for a in USUAL), header=HEADER + ",经办")},
        {"pledges/2024-04-30/e.csv": pledges(900, 100, prefix="E")},
    ]
    other = Warehouse(tmp_path / "other")
    for day in days:
        for path, content in day.items():
            deliver(path, content)
            shutil.copytree(warehouse.landing, other.landing, dirs_exist_ok=True)
        ingest(other, "pledges")
    refused = {rejected.source_path for rejected in ingest(warehouse, "pledges").rejected}
    assert refused == {"pledges/2024-02-29/b.csv", "pledges/2024-03-31/d.csv"}
    for one in ("bronze", "quarantine"):
        files = {file.relative_to(warehouse.root): file for file in (warehouse.root / one).rglob("*.parquet")}
        assert {path: (other.root / path).read_bytes() for path in files} == {
            path: file.read_bytes() for path, file in files.items()
        }


@pytest.mark.parametrize("factor", [1_000, 0.001])
def test_a_first_file_is_held_against_the_ordinary_sizes(warehouse: Warehouse, deliver: Deliver, factor: float) -> None:
    deliver(DAY, pledges(*(amount * factor for amount in USUAL)))
    (rejected,) = ingest(warehouse, "pledges").rejected
    assert f"amount_yuan is typically {5_000_000 * factor:,.0f} 元 (7 values, row 2 has" in rejected.message
    assert "10,000 元 to 1,000,000,000 元 is usual; see whether the header names the right unit" in rejected.message


def test_an_acceptance_lets_a_value_through(warehouse: Warehouse, deliver: Deliver) -> None:
    """Beyond the maximum as well; the ledger has who, why and where it was said."""
    deliver(WHERE, ACCEPT.replace("Y6", "Y7"))
    deliver(DAY, pledges(*USUAL, 5_000_000))
    assert ingest(warehouse, "pledges").rejected == () and quarantined_rows(warehouse).is_empty()
    assert amounts(warehouse) == [*USUAL, 5_000_000]
    (entry,) = json.loads(delivered_files(warehouse)["corrections_applied"].item())
    assert (entry["action"], entry["rows"], entry["accepted_by"], entry["declared_in"]) == (
        "accept_value", 1, "样例局", WHERE,
    )  # fmt: skip
    assert entry["reason"] == "a syndicated loan, checked against the contract"


def test_an_acceptance_of_one_row_accepts_no_other(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver(WHERE, ACCEPT.replace("Y6", "Y7"))
    deliver(DAY, pledges(*USUAL, 5_000_000, 5_000_000, -1))
    ingest(warehouse, "pledges")
    aside = quarantined_rows(warehouse).sort("source_row")
    assert aside.select("source_row", "reason").rows() == [(10, "value_implausible"), (11, "number_out_of_range")]


def test_a_correction_mends_the_value(warehouse: Warehouse, deliver: Deliver) -> None:
    mend = ACCEPT.replace("accept_value", "set_value").replace("Y6", "Y7").replace("accepted_by", "reported_to")
    deliver(WHERE, mend + "expected: '5000000'\nuse: '500'\n")
    deliver(DAY, pledges(*USUAL, 5_000_000))
    assert ingest(warehouse, "pledges").rejected == () and amounts(warehouse) == [*USUAL, 500]


def test_an_acceptance_as_a_table(warehouse: Warehouse, deliver: Deliver) -> None:
    table = (
        "来源,文件,动作,字段,主键,错误值,理由,确认人\n"
        "知识产权质押,list.csv,采信,质押金额,登记号=Y7,5000000,银团贷款,样例局\n"
    )
    deliver("corrections/2024-06-30/accepted.csv", table)
    deliver(DAY, pledges(*USUAL, 5_000_000))
    assert ingest(warehouse, "pledges").rejected == () and quarantined_rows(warehouse).is_empty()


def test_an_acceptance_of_what_is_not_there_refuses_the_file(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver(WHERE, ACCEPT.replace("Y6", "Y9"))
    deliver(DAY, pledges(*USUAL))
    (rejected,) = ingest(warehouse, "pledges").rejected
    assert "no row with registration_no Y9 has amount_yuan" in rejected.message


def test_an_acceptance_that_comes_too_late_says_what_to_do(warehouse: Warehouse, deliver: Deliver) -> None:
    deliver(DAY, pledges(*USUAL, 5_000_000))
    ingest(warehouse, "pledges")
    deliver(WHERE, ACCEPT.replace("Y6", "Y7"))
    with pytest.raises(ConfigError, match="deliver these rows in a file of their own, and name that file"):
        ingest(warehouse, "pledges")
    deliver(WHERE, ACCEPT.replace("Y6", "Y7").replace("list.csv", "row.csv"))
    lines = pledges(*USUAL, 5_000_000).splitlines()
    deliver("pledges/2024-07-31/row.csv", "\n".join([lines[0], lines[-1]]))
    assert ingest(warehouse, "pledges").rejected == () and amounts(warehouse)[-1] == 5_000_000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("accepted_by: 样例局\n", ""), "accept_value needs a field and accepted_by"),
        (("field: amount_yuan\n", ""), "accept_value needs a field and accepted_by"),
    ],
)
def test_an_acceptance_says_who_answers_for_it(
    warehouse: Warehouse, deliver: Deliver, change: tuple[str, str], said: str
) -> None:
    deliver(WHERE, ACCEPT.replace(*change))
    with pytest.raises(ConfigError, match=said):
        ingest(warehouse, "pledges")


def test_a_persons_number_in_a_number_column_is_in_no_message(land: Land) -> None:
    landed = land("pledges", pledges(*USUAL, "13800000000"))
    assert landed.aside["value"].item().startswith("*** (") and "13800000000" not in landed.written


def test_counts_are_judged_as_amounts_are(land: Land) -> None:
    rows = [f"培训{n},培训,2021-03-05,{people}" for n, people in enumerate([50, 30, 120, 80, 2000, 5, 40, 600_000])]
    landed = land("activities", "活动名称,活动类型,举办日期,参加人数\n" + "\n".join(rows))
    assert landed.reasons() == [(9, "value_implausible", "participants")]
    assert landed.bronze["participants"].to_list() == [50, 30, 120, 80, 2000, 5, 40]


def test_a_date_decades_from_the_rest_is_reported(land: Land) -> None:
    text = pledges(*USUAL).replace("Y3,商标,300,2021-03-05", "Y3,商标,300,1999-03-05")
    landed = land("pledges", text)
    assert landed.bronze.height == len(USUAL)
    assert landed.ledger["message"] == (
        "kept with value_unusual in registration_date: 1; row 5: registration_date 1999-03-05 (more than 20 years from "
        "2021-03-05, the middle of the file's dates)"
    )


def test_a_ledger_of_decades_is_not_reported(land: Land) -> None:
    header, *rows = pledges(*USUAL).splitlines()
    years = [row.replace("2021", str(1998 + 4 * n)) for n, row in enumerate(rows)]
    assert land("pledges", "\n".join([header, *years])).ledger["message"] is None


@pytest.mark.parametrize("day", [date(2024, 1, 31), pl.Series([date(2024, 1, 31)] * 3)])
def test_a_year_mistyped_into_the_future_is_out_of_range(day: date | pl.Series) -> None:
    """A plan period may end after the delivery, not in another century."""
    text = pl.Series(["2025-12-31", "2034-01-31", "2205-12-31"])
    declared = contract("official_figures")
    found = fields.read(declared.field("period_end"), text, Context(day, declared.earliest_date))
    assert found.problem.to_list() == [None, None, "date_out_of_range"]


def test_a_span_longer_than_any_is_reported(land: Land) -> None:
    text = "质押登记号,权利类型,权利号,质押登记日,解除日期\nY1,商标,1,1996-01-01,2026-01-02\nY2,商标,2,1996-01-01,2026-01-01\n"
    landed = land("pledges", text, day="2026-06-30")
    assert landed.bronze.height == 2
    assert landed.ledger["message"] == (
        "kept with value_unusual in released_on: 1; row 2: released_on 2026-01-02 (more than 30 years after "
        "registration_date 1996-01-01)"
    )


def test_every_amount_has_its_limits() -> None:
    for one in contracts().values():
        for field in one.fields:
            if field.type == "amount":
                assert field.maximum and field.outlier, f"{one.source}.{field.name}"
                assert field.outlier.ordinary[1] < field.maximum


def conformed(*files: list[float]) -> list[list[tuple[int, str]]]:
    """Rejected (row, reason) of each file, conformed together."""
    frames = [
        pl.DataFrame(
            {
                ROW: range(2, len(file) + 2),
                "质押登记号": [f"Y{n}" for n in range(len(file))],
                "权利类型": ["商标"] * len(file),
                "权利号": [str(n) for n in range(len(file))],
                "质押登记日": ["2021-03-05"] * len(file),
                "质押金额(元)": [f"{amount:.2f}" for amount in file],
            },
            schema_overrides={ROW: pl.Int64},
        )
        for file in files
    ]
    found: Conformed = conform(frames, contract("pledges"), date(2024, 6, 30))
    rejects = found.rejects.select("__file", "source_row", "reason").rows()
    return [[(row, reason) for file, row, reason in rejects if file == n] for n in range(len(files))]


REAL = st.lists(st.floats(100_000, 500_000_000), min_size=5, max_size=40)


@settings(max_examples=30, deadline=None)
@given(REAL, st.data())
def test_real_amounts_stay_and_one_ten_thousandfold_goes(real: list[float], data: st.DataObject) -> None:
    """Whatever the real amounts, none is set aside; what is conformed beside a file changes nothing."""
    n = data.draw(st.integers(0, len(real) - 1))
    wrong = [amount * 10_000 if n == m else amount for m, amount in enumerate(real)]
    alone, (together, other) = conformed(wrong), conformed(wrong, real)
    assert other == [] and alone == [together]
    assert {row for row, _ in together} <= {n + 2}
    middle = sorted(real)[len(real) // 2]
    if real[n] * 10_000 > max(10_000_000_000, 1_000_000 * middle):
        assert [row for row, _ in together] == [n + 2]
