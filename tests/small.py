"""A small city of two patents, whose run takes seconds: what is delivered to it."""

from pathlib import Path

from tests.support import deliver

HEADER = "申请号,名称,公开（公告）号,公开（公告）日,申请日,申请（专利权）人,地址,分类号\n"
GOOD_ROWS = (
    "201210424464.6,合成样例一,CN102889891A,2013.01.30,2012.10.30,淄博合成样例有限公司,255000 山东省淄博市张店区样例路1号,C04B35/00\n"
    "201210424464.6,合成样例一,CN102889891B,2014.05.07,2012.10.30,淄博合成样例有限公司,255000 山东省淄博市张店区样例路1号,C04B35/00\n"
    "201310699744.2,合成样例二,CN103699744A,2014.04.02,2013.12.18,淄博合成样例有限公司,255400 山东省淄博市临淄区样例路2号,C08L1/00\n"
)
POPULATION = (
    "区划代码,区划名称,时点,口径,常住人口(人),来源批次\n370300,淄博市,2020-11-01,常住人口,4704138,第七次人口普查\n"
)


def deliver_to(landing: Path) -> None:
    """Put its deliveries of January 2021 into a landing folder."""
    deliver(landing, "patents", "2021-01-10", "合成公报.csv", HEADER + GOOD_ROWS)
    deliver(landing, "population", "2021-01-10", "合成人口.csv", POPULATION)
    (landing / "SYNTHETIC.md").write_text("synthetic\n")
