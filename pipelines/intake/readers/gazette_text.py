"""Legal notices as `标签:值` lines: the grammar of the gazette, of PRSInformation and of the CNIPR record.

Only the meaning of labels and titles belongs here (domain D.3); values stay as delivered text. Names of
persons that no indicator needs (inventors, agents, recipients) are not read.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path

from pipelines.intake.readers.base import Notes, RawTable, UnreadableFile, table

COLUMNS = (
    "application_no",
    "publication_no",
    "patent_type",
    "event_code",
    "event_title",
    "event_date",
    "effective_date",
    "contract_no",
    "decision_no",
    "decision_date",
    "licence_kind",
    "party_before",
    "party_after",
    "address_before",
    "address_after",
    "pledgor",
    "pledgee",
    "licensor",
    "licensee",
    "filing_date",
    "grant_date",
)
"""Fields of the patent_events contract, the columns of every reader of legal events."""

LABELS = {
    "专利号": "application_no",
    "申请号": "application_no",
    "专利申请号": "application_no",
    "专利类型": "patent_type",
    "专利种类": "patent_type",
    "公开号": "publication_no",
    "公开公告号": "publication_no",
    "公告号": "publication_no",
    "公开(公告)号": "publication_no",
    "授权公告号": "publication_no",
    "法律状态": "event_title",
    "事务名称": "event_title",
    "事件名称": "event_title",
    "法律状态代码": "event_code",
    "事务代码": "event_code",
    "公告日": "event_date",
    "公告日期": "event_date",
    "法律状态日": "event_date",
    "法律状态公告日": "event_date",
    "事务公告日": "event_date",
    "登记生效日": "effective_date",
    "登记生效日期": "effective_date",
    "登记日": "effective_date",
    "生效日": "effective_date",
    "变更日": "effective_date",
    "备案日": "effective_date",
    "备案日期": "effective_date",
    "合同备案日": "effective_date",
    "解除日": "effective_date",
    "登记解除日": "effective_date",
    "注销日": "effective_date",
    "终止日": "effective_date",
    "终止日期": "effective_date",
    "期满终止日期": "effective_date",
    "放弃生效日": "effective_date",
    "登记号": "contract_no",
    "质押登记号": "contract_no",
    "合同登记号": "contract_no",
    "合同备案号": "contract_no",
    "备案号": "contract_no",
    "决定号": "decision_no",
    "无效宣告决定号": "decision_no",
    "决定日": "decision_date",
    "无效宣告决定日": "decision_date",
    "许可种类": "licence_kind",
    "出质人": "pledgor",
    "质权人": "pledgee",
    "让与人": "licensor",
    "许可人": "licensor",
    "受让人": "licensee",
    "被许可人": "licensee",
    "申请日": "filing_date",
    "授权公告日": "grant_date",
    "IPC(主分类)": "main_ipc",
    "主分类号": "main_ipc",
}
PERSONAL = re.compile("发明人|设计人|代理人|代理师|联系人|收件人|经办人|审查员|电话|手机|邮箱|身份证|证件号")
"""Labels whose values are names or contacts of natural persons; `代理机构` is an organisation."""

LINE = re.compile(r"\s*([^:：。，；！？]{1,24}?)\s*[:：]\s*(.*?)\s*")
CHANGE = re.compile("变更(前|后)(.*)")
CHANGED_PARTY = re.compile("共同.*|主?(专利权人|专利申请人|申请人|权利人|姓名|名称)(的?(姓名|名称|姓名或者?名称))?")
NUMBERS = re.compile("[、,，;；]")
SEVERAL = re.compile(rf"\s+(?=(?:变更事项|变更[前后][^\s:：]{{0,10}}|{'|'.join(map(re.escape, LABELS))})\s*[:：])")
"""Blanks between two labels on one line."""


@dataclass
class Notice:
    """One parsed notice."""

    title: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    """By contract field; labels without a field keep the label as key."""
    changed: list[str] = field(default_factory=list)
    """What the notice says was changed, e.g. 专利权人, 地址, 发明人."""

    def put(self, name: str, value: str, label: str) -> str | None:
        """Set a field; a second, different value goes to the column `other_<field>` with its label.

        Returns the key that ends with `value`, for lines that continue it.
        """
        if not value:
            return None
        if self.fields.setdefault(name, value) == value:
            return name
        return self.append(f"other_{name}", f"{label}:{value}")

    def append(self, name: str, value: str) -> str | None:
        """Add one of several values of a field, in order, separated by `;`."""
        if not value:
            return None
        held = self.fields.get(name)
        self.fields[name] = f"{held};{value}" if held else value
        return name


def parse_notice(text: str, notes: Notes) -> Notice:
    """One notice: a title line (if any) and label lines, in any order and mix of full and half width.

    A line without a label continues the value above it. Personal labels are left out and counted in `notes`.
    """
    notice = Notice()
    matter = ""  # what the coming bare 变更前 / 变更后 lines speak of
    last: str | None = None  # the field that a line without a label continues
    for line in _lines(text):
        parsed = _label(line)
        if parsed is None:
            if last is not None:
                notice.fields[last] += line.strip()
            elif not notice.title or (is_title(line) and not is_title(notice.title)):
                notice.title = line.strip()
            else:
                notes.add("line left out: neither title nor label, and no value above it to continue")
            continue
        label, value = parsed
        if label == "变更事项":
            matter, last = value, None
            notice.changed.append(value)
        elif change := CHANGE.fullmatch(label):
            side, subject = change.groups()
            if not subject and (nested := _label(value)):  # 变更前:专利权人:甲公司
                subject, value = nested
            if subject in ("", "权利人"):
                subject = matter or subject
            matter = subject
            notice.changed.append(subject)
            last = _put_change(notice, side, subject, value, notes)
        elif PERSONAL.search(label):
            last = None
            notes.add(f"label left out, names or contacts of persons: {label}")
        elif LABELS.get(label) == "application_no":  # one registration may name several patents
            last = notice.append("application_no", value)
        else:
            last = notice.put(LABELS.get(label, label), value, label)
    return notice


def _put_change(notice: Notice, side: str, subject: str, value: str, notes: Notes) -> str | None:
    """File one side of a change under the field of its subject; returns the key as `Notice.put` does."""
    suffix = "before" if side == "前" else "after"
    label = f"变更{side}{subject}"
    if PERSONAL.search(subject):
        notes.add(f"change left out, names or contacts of persons: {subject}")
        return None
    if subject.endswith("地址") and not subject.startswith("共同"):
        return notice.put(f"address_{suffix}", value, label)
    if CHANGED_PARTY.fullmatch(subject) and "地址" not in subject:
        return notice.append(f"party_{suffix}", value)
    if suffix == "after" and subject in LABELS:
        return notice.put(LABELS[subject], value, label)
    return notice.put(label, value, label)


def _lines(text: str) -> Iterator[str]:
    """The lines of a text, each with one label at most; blank ones are kept, they separate notices."""
    for line in text.splitlines():
        yield from SEVERAL.split(line.strip())


def _label(line: str) -> tuple[str, str] | None:
    """Label (width-folded, without blanks) and value (as delivered) of a line, or None for a line without."""
    match = LINE.fullmatch(line)
    if match is None:
        return None
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", match[1])), match[2]


def event_code(notice: Notice) -> str:
    """Event code of a notice that carries none, from its title; "" when the title does not decide it.

    Some gazette headings stand for several codes; there the content of the notice decides.
    """
    codes = _titles().get(_folded(notice.title), ())
    if len(codes) == 1:
        return codes[0]
    changed = " ".join(notice.changed)
    got = notice.fields.get
    if "CP01" in codes:
        name = got("party_before") != got("party_after")
        address = got("address_before") != got("address_after")
        return {(True, True): "CP03", (True, False): "CP01", (False, True): "CP02"}.get((name, address), "")
    if "TR01" in codes:
        return "TR01" if "专利权人" in changed else "TA01" if "申请人" in changed else ""
    if "CB01" in codes:
        if "发明人" in changed or "设计人" in changed:
            return "CB03"
        return "CB02" if "申请人" in changed else "CB01"
    return ""


def contradicts(code: str, title: str) -> bool:
    """Whether a delivered event code is not one its title stands for; an unknown title contradicts nothing."""
    codes = _titles().get(_folded(title))
    return bool(code) and codes is not None and code not in codes


def is_title(line: str) -> bool:
    """Whether the line is a known heading of legal notices."""
    return _folded(line) in _titles()


@cache
def _titles() -> dict[str, tuple[str, ...]]:
    """Event codes by folded title, from event_titles.csv beside this module."""
    codes: dict[str, tuple[str, ...]] = {}
    with Path(__file__).with_name("event_titles.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            title = _folded(row["title"])
            codes[title] = (*codes.get(title, ()), row["event_code"])
    return codes


def _folded(title: str) -> str:
    """A title without width differences, blanks and frame."""
    return re.sub(r"[\s【】\[\]《》.。]", "", unicodedata.normalize("NFKC", title))


def looks_like_gazette_text(text: str) -> bool:
    """Whether plain text is legal notices: two known titles or labels among its first 50 lines."""
    known = 0
    for line in islice(_lines(text), 50):
        parsed = _label(line)
        known += is_title(line) if parsed is None else parsed[0] in LABELS or bool(CHANGE.match(parsed[0]))
    return known >= 2


def read_gazette_text(text: str, source: str, encoding: str | None = None) -> RawTable:
    """Gazette text as legal events: one row per notice and patent.

    Notices are separated by blank lines, by a title line, or by their first label coming again. A title holds
    for the notices below it until the next one, and so does a date of announcement that stands alone.
    Raises UnreadableFile when there is no notice, or under another source than patent_events.
    """
    if source != "patent_events":
        raise UnreadableFile(
            f"the text holds legal notices (标签:值 lines), not {source}; deliver it under patent_events"
        )
    notes = Notes()
    result = table(_rows(text, notes), COLUMNS, reader="text/gazette", encoding=encoding, notes=notes)
    if result.frame.is_empty():
        raise UnreadableFile(
            "the text holds no legal notice (lines such as 专利号:… below a title); deliver tables as CSV"
        )
    return result


def _rows(text: str, notes: Notes) -> Iterator[dict[str, str]]:
    title, announced = "", ""
    for block in _blocks(_lines(text)):
        notice = parse_notice("\n".join(block), notes)
        title = notice.title = notice.fields.pop("event_title", "") or notice.title or title
        if not notice.fields.keys() - {"event_date"}:
            announced = notice.fields.get("event_date", announced)
            if notice.title and not is_title(notice.title):
                notes.add("heading set aside", notice.title)
            continue
        row = {"event_date": announced, "event_title": notice.title} | notice.fields
        row.setdefault("event_code", event_code(notice))
        for number in NUMBERS.split(notice.fields.get("application_no", "")):
            yield row | {"application_no": number}


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """The lines of each notice."""
    block: list[str] = []
    labels: list[str] = []
    for line in lines:
        parsed = _label(line)
        again = parsed is not None and len(set(labels)) > 1 and parsed[0] == labels[0]
        if not line.strip() or again or (parsed is None and labels and is_title(line)):
            if block:
                yield block
            block, labels = [], []
        if line.strip():
            block.append(line)
        if parsed is not None:
            labels.append(parsed[0])
    if block:
        yield block
