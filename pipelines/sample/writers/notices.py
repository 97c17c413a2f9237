"""Legal events as delivered: the flat list, and the notice text of `标签:值` lines that gazette, XML and JSON share.

Every function takes events as from `records.events`. Which labels a notice has is in domain D.3.
"""

from typing import Any
from xml.sax.saxutils import escape

import polars as pl

from pipelines.sample.writers.documents import office_number

Row = dict[str, Any]
BANK = "合成样例银行股份有限公司淄博分行"
_MOVES = ("TR01", "CP02", "CP03")


def _named(events: pl.DataFrame) -> pl.DataFrame:
    """Who is who in each event."""
    code = pl.col("event_code")
    before, after = pl.col("before_applicant"), pl.col("after_applicant")
    moves = code.is_in(_MOVES)
    return events.with_columns(
        pl.when(moves).then(before).alias("party_before"),
        # a change of address leaves the name
        pl.when(code == "CP02").then(before).when(moves).then(after).alias("party_after"),
        pl.when(moves).then("before_address").alias("address_before"),
        pl.when(moves).then("after_address").alias("address_after"),
        pl.when(code.is_in(["PE01", "PC01"])).then(before).alias("pledgor"),
        pl.when(code.is_in(["PE01", "PC01"])).then(pl.lit(BANK)).alias("pledgee"),
        pl.when(code == "EE01").then(before).alias("licensor"),
        pl.when(code == "EE01").then(after).alias("licensee"),
    )


_CHINESE = {
    "application_no": "申请号",
    "grant_no": "公开（公告）号",
    "event_code": "法律状态代码",
    "event_title": "法律状态",
    "event_date": "法律状态公告日",
    "effective_date": "生效日",
    "contract_no": "登记号",
    "decision_no": "决定号",
    "decision_date": "决定日",
    "licence_kind": "许可种类",
    "party_before": "变更前权利人",
    "party_after": "变更后权利人",
    "address_before": "变更前地址",
    "address_after": "变更后地址",
    "pledgor": "出质人",
    "pledgee": "质权人",
    "licensor": "让与人",
    "licensee": "受让人",
    "filing_date": "申请日",
    "granted": "授权公告日",
}
_ENGLISH = {"grant_no": "publication_no", "granted": "grant_date"}


def flat(events: pl.DataFrame) -> pl.DataFrame:
    """The office's flat list: one row per event, Chinese headers, dates as 2013-05-07."""
    named = _named(events)
    return named.select(pl.col(name).cast(pl.String).alias(header) for name, header in _CHINESE.items())


def flat_english(events: pl.DataFrame) -> pl.DataFrame:
    """The same with English headers and dates as 20130507."""
    named = _named(events).with_columns(pl.selectors.date().dt.strftime("%Y%m%d"))
    return named.select(pl.col(name).cast(pl.String).alias(_ENGLISH.get(name, name)) for name in _CHINESE)


def notice_rows(events: pl.DataFrame) -> list[Row]:
    """Events as dictionaries with the parties named."""
    return _named(events).to_dicts()


def notice(row: Row, *, wide: bool = False) -> str:
    """The lines of one notice below its title; `wide` prints full-width colons."""

    def day(name: str) -> str:
        return row[name].strftime("%Y%m%d") if row[name] else ""

    number = row["application_no"]
    spaced = f"ZL {number[:4]} {number[4]} {number[5:]}" if len(number) == 14 else f"ZL{number}"
    code = row["event_code"]
    lines = {"专利号": spaced, "申请日": day("filing_date"), "授权公告日": day("granted")}
    if code == "CF01":
        lines["终止日"] = day("effective_date")
    elif code == "AV01":
        lines["放弃生效日"] = day("effective_date")
    elif code in ("IW01", "IP01"):
        lines |= {"无效宣告决定号": row["decision_no"], "无效宣告决定日": day("decision_date")}
        if code == "IP01":
            lines["审查结论"] = "在权利要求1的基础上继续维持有效"
    elif code == "RR01":
        lines |= {"原决定": "未缴年费专利权终止", "原决定公告日": day("original_date")}
    elif code in _MOVES:
        if code == "TR01":
            lines["登记生效日"] = day("effective_date")
        lines |= {
            "变更前专利权人": row["party_before"],
            "变更后专利权人": row["party_after"],
            "变更前地址": row["address_before"],
            "变更后地址": row["address_after"],
        }
    elif code in ("PE01", "PC01"):
        label = "登记生效日" if code == "PE01" else "解除日"
        lines |= {
            "登记号": row["contract_no"],
            label: day("effective_date"),
            "出质人": row["pledgor"],
            "质权人": row["pledgee"],
        }
    elif code == "EE01":
        lines |= {
            "合同备案号": row["contract_no"],
            "让与人": row["licensor"],
            "受让人": row["licensee"],
            "许可种类": row["licence_kind"],
            "备案日": day("effective_date"),
        }
    colon = "：" if wide else ":"
    return "\n".join(f"{label}{colon}{value}" for label, value in lines.items() if value)


def gazette_text(events: pl.DataFrame) -> bytes:
    """Notices below their titles, one block each, in UTF-8; every other one with full-width colons."""
    blocks = []
    for n, row in enumerate(notice_rows(events)):
        wide = bool(n % 2)
        announced = f"公告日{'：' if wide else ':'}{row['event_date']:%Y%m%d}"
        blocks.append(f"{row['event_title']}\n{notice(row, wide=wide)}\n{announced}\n")
    return "\n".join(blocks).encode()


def prs_xml(rows: list[Row]) -> bytes:
    """A file of business:PRSRecord elements."""
    records = "".join(_prs_record(row) for row in rows)
    return f"""<?xml version="1.0" encoding="utf-8"?>
<business:PRS xmlns:base="http://www.sipo.gov.cn/XMLSchema/base" \
xmlns:business="http://www.sipo.gov.cn/XMLSchema/business">
{records}</business:PRS>
""".encode()


def _prs_record(row: Row) -> str:
    number, office = row["application_no"], ""
    if len(number) == 14:
        office = (
            '<business:ApplicationReference dataFormat="standard"><base:DocumentID>'
            "<base:WIPOST3Code>CN</base:WIPOST3Code>"
            f"<base:DocNumber>{office_number(number, row['patent_type'])}</base:DocNumber></base:DocumentID>"
            "</business:ApplicationReference>"
        )
    return f"""<business:PRSRecord status="C">
<business:ApplicationReference dataFormat="original"><base:DocumentID><base:WIPOST3Code>CN</base:WIPOST3Code>\
<base:DocNumber>{number}</base:DocNumber><base:Date>{row["filing_date"]:%Y%m%d}</base:Date></base:DocumentID>\
</business:ApplicationReference>{office}
<business:PRSCode>{row["event_code"]}</business:PRSCode>
<business:PRSValue>{row["event_title"]}</business:PRSValue>
<business:PRSInformation>{escape(row["event_title"] + chr(10) + notice(row))}</business:PRSInformation>
<business:PRSPublicationDate><base:Date>{row["event_date"]:%Y%m%d}</base:Date></business:PRSPublicationDate>
</business:PRSRecord>
"""


def interface_record(rows: list[Row]) -> Row:
    """One patent of the CNIPR interface with its legal events; of the other keys only what names it."""
    first = rows[0]
    return {
        "appNumber": [f"CN{first['application_no']}", "", "", ""],
        "pubNumber": [f"{first['grant_no']}{first['grant_kind']}", "", "", ""],
        "grantDate": first["granted"].strftime("%Y.%m.%d"),
        "appDate": first["filing_date"].strftime("%Y.%m.%d"),
        "countryCode": "CN",
        "legalList": legal_list(rows),
    }


def legal_list(rows: list[Row]) -> list[dict[str, str]]:
    """The legal events of one patent as the CNIPR interface lists them, newest first, from grant on."""
    granted = {
        "codeExpl": "授权",
        "strLegalCode": "GR01",
        "prsDate": rows[0]["granted"].strftime("%Y.%m.%d"),
        "newInfo": "0",
        "prsCode": "授权",
    }
    newest_first = sorted(rows, key=lambda row: (row["event_date"], row["event_code"]), reverse=True)
    listed = [
        {
            "codeExpl": f"{row['event_title']}\n{notice(row)}",
            "strLegalCode": row["event_code"],
            "prsDate": row["event_date"].strftime("%Y.%m.%d"),
            "newInfo": "1" if n == 0 else "0",
            "prsCode": row["event_title"],
        }
        for n, row in enumerate(newest_first)
    ]
    return [*listed, granted]
