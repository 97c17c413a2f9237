"""When a record reaches the landing folder. What a file looks like is the writers' business."""

import numpy as np

from pipelines.sample.patents import year_of

FIRST = np.datetime64("2012-02-15")
LAST = np.datetime64("2026-01-20")


def delivered_on(days: np.ndarray) -> np.ndarray:
    """Delivery date of records published on `days`: yearly to 2014, half-yearly to 2018, then quarterly.

    Everything published before 2012 arrives with the first delivery; the last one is of 2026-01-20.
    """
    years = np.maximum(year_of(days), 2011)
    months = days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    months = np.where(year_of(days) < 2011, 1, months)
    result = np.empty(len(days), dtype="datetime64[D]")
    for year in np.unique(years):
        in_year = years == year
        if year <= 2014:
            result[in_year] = np.datetime64(f"{year + 1}-02-15")
        elif year <= 2018:
            first_half = np.datetime64(f"{year}-07-20"), np.datetime64(f"{year + 1}-01-25")
            result[in_year] = np.where(months[in_year] <= 6, *first_half)
        else:
            dates = [f"{year}-04-15", f"{year}-07-15", f"{year}-10-20", f"{year + 1}-01-20"]
            result[in_year] = np.array(dates, dtype="datetime64[D]")[(months[in_year] - 1) // 3]
    return result


def next_delivery(days: np.ndarray) -> np.ndarray:
    """The delivery after each delivery date, for notices that arrive late; the last one stays the last."""
    later = delivered_on(days)
    return np.minimum(np.where(later > days, later, delivered_on(days + np.timedelta64(1, "D"))), LAST)


def label(delivered: str) -> str:
    """The period a delivery covers, for file names: `2013`, `2016H1`, `2021Q3`."""
    year, month = int(delivered[:4]), int(delivered[5:7])
    if year <= 2015 and month == 2:
        return str(year - 1)
    if year <= 2019 and month in (1, 7) and delivered[8:] in ("20", "25"):
        return f"{year}H1" if month == 7 else f"{year - 1}H2"
    quarter = {4: 1, 7: 2, 10: 3, 1: 4}[month]
    return f"{year if quarter < 4 else year - 1}Q{quarter}"
