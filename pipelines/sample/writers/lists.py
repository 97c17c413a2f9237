"""Delivered tables of publications: which columns each kind of list has, and how a cell is written.

Every function takes publications (see `records.publications`) and returns text columns in the order of the list.
Encodings and files are in `encodings` and `workbooks`.
"""

import polars as pl

GAZETTE_SYMBOL = "(2006.01)I"


def _day(column: str, form: str = "%Y.%m.%d") -> pl.Expr:
    return pl.col(column).dt.strftime(form)


def _symbols(separator: str = ";") -> pl.Expr:
    """IPC with version and level as printed; Locarno with its edition."""
    printed = pl.col("ipc").str.replace_all(";", GAZETTE_SYMBOL + separator).add(GAZETTE_SYMBOL)
    return pl.when(pl.col("patent_type") == "design").then(pl.concat_str("ipc", pl.lit(" (12)"))).otherwise(printed)


def _main_symbol() -> pl.Expr:
    main = pl.col("ipc").str.extract(r"^([^;]+)")
    return pl.when(pl.col("patent_type") == "design").then(main).otherwise(main.add(GAZETTE_SYMBOL))


def gazette(rows: pl.DataFrame) -> pl.DataFrame:
    """The list of the public gazette pages: English headers, postcode glued to the address, no dot in the number."""
    return rows.select(
        (pl.int_range(pl.len()) + 1).cast(pl.String).alias("item"),
        pl.col("title").alias("name"),
        pl.concat_str("publication_no", "publication_kind").alias("authorization_notice_id"),
        _day("publication_date").alias("authorized_announcement_date"),
        pl.col("application_no").str.replace(".", "", literal=True).alias("filing_id"),
        _day("filing_date").alias("filing_date"),
        pl.col("applicants").alias("patentee"),
        pl.concat_str("inventors", pl.lit(";")).alias("designer"),
        pl.col("address"),
        _symbols().alias("Int.Cl."),
    )


def spoiled(rows: pl.DataFrame) -> pl.DataFrame:
    """The same after a spreadsheet took the numbers for quantities: `2.0192E+12`; only those ending in X survive."""
    number = pl.col("filing_id")
    mantissa = pl.concat_str(
        number.str.slice(0, 1), pl.lit("."), number.str.slice(1, 4).str.strip_chars_end("0"), pl.lit("E+12")
    )
    return gazette(rows).with_columns(
        pl.when(number.str.ends_with("X")).then(number).otherwise(mantissa).alias("filing_id")
    )


def official(rows: pl.DataFrame) -> pl.DataFrame:
    """The core of the official header, with full-width brackets."""
    return rows.select(
        (pl.int_range(pl.len()) + 1).cast(pl.String).alias("序号"),
        pl.col("application_no").alias("申请号"),
        pl.concat_str("publication_no", "publication_kind").alias("公开（公告）号"),
        _day("publication_date", "%Y-%m-%d").alias("公开（公告）日"),
        _day("filing_date", "%Y-%m-%d").alias("申请日"),
        pl.col("title").alias("名称"),
        _main_symbol().alias("主分类号"),
        _symbols("; ").alias("分类号"),
        pl.col("applicants").alias("申请（专利权）人"),
        pl.col("inventors").alias("发明（设计）人"),
        pl.col("address").alias("地址"),
        pl.col("agency").alias("专利代理机构"),
    )


def cnipr(rows: pl.DataFrame) -> pl.DataFrame:
    """The classic export with its 25 columns; `CN` before the numbers, `0` and `无` where nothing is."""
    number = pl.concat_str(pl.lit("CN"), "application_no")
    nothing = pl.lit(None, dtype=pl.String)
    return rows.select(
        number.alias("申请号"),
        pl.concat_str("publication_no", "publication_kind").alias("公开（公告）号"),
        _day("publication_date").alias("公开（公告）日"),
        _day("filing_date").alias("申请日"),
        number.alias("专利号"),
        pl.col("title").alias("名称"),
        _main_symbol().alias("主分类号"),
        _symbols().alias("分类号"),
        pl.col("parent_application_no").fill_null("无").alias("分案原申请号"),
        nothing.alias("优先权"),
        pl.col("applicants").alias("申请（专利权）人"),
        pl.col("inventors").alias("发明（设计）人"),
        pl.col("address").alias("地址"),
        pl.when(pl.col("publication_kind") != "A").then(_day("publication_date")).alias("颁证日"),
        nothing.alias("国际申请"),
        nothing.alias("国际公布"),
        nothing.alias("进入国家日期"),
        pl.col("agency").fill_null("暂无").alias("专利代理机构"),
        pl.lit("无").alias("代理人"),
        pl.concat_str(pl.lit("本样例公开了"), "title", pl.lit("，仅供测试。")).alias("摘要"),
        pl.concat_str("title", pl.lit("，其特征在于仅供测试。")).alias("主权项"),
        nothing.alias("参考文献"),
        nothing.alias("审查员"),
        pl.lit("合成").alias("光盘号"),
        pl.lit("0").alias("PCT公开"),
    )


def combined(rows: pl.DataFrame) -> pl.DataFrame:
    """The yearly export that shows publication and grant of one invention side by side; it has no classification.

    Takes grants that also carry `first_publication_no` and `first_publication_date`.
    """
    return rows.select(
        pl.col("title").alias("专利名称"),
        pl.col("applicants").alias("申请人"),
        pl.col("address").alias("申请人地址"),
        pl.lit("淄博市").alias("申请人城市"),
        pl.col("county").alias("申请人区县"),
        pl.col("application_no").alias("申请号"),
        _day("filing_date", "%Y-%m-%d").alias("申请日"),
        _day("filing_date", "%Y").alias("申请年份"),
        pl.concat_str("first_publication_no", pl.lit("A")).alias("公开公告号"),
        _day("first_publication_date", "%Y-%m-%d").alias("公开公告日"),
        pl.concat_str("publication_no", "publication_kind").alias("授权公告号"),
        _day("publication_date", "%Y-%m-%d").alias("授权公告日"),
    )


def search_system(rows: pl.DataFrame) -> pl.DataFrame:
    """The result list of the search system: a legal status with its date, but no publication number.

    Takes publications that also carry `legal_status` and `legal_status_date`.
    """
    kinds = {"invention": "发明授权", "utility_model": "实用新型", "design": "外观设计"}
    return rows.select(
        pl.when(pl.col("publication_kind") == "A")
        .then(pl.lit("发明申请"))
        .otherwise(pl.col("patent_type").replace_strict(kinds, return_dtype=pl.String))
        .alias("专利类型"),
        pl.col("title").alias("专利名称"),
        pl.col("legal_status").alias("法律状态"),
        _day("legal_status_date", "%Y%m%d").alias("法律状态最后修改日期"),
        _day("publication_date").alias("申请公布日/授权公告日"),
        pl.concat_str(pl.lit("CN"), "application_no").alias("申请号"),
        _day("filing_date").alias("申请日"),
        pl.col("applicants").str.replace_all("; ", " ; ", literal=True).alias("申请人/专利权人"),
        pl.col("inventors").alias("发明人"),
    )
