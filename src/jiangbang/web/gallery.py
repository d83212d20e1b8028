"""What the gallery shows: made-up values that put every component into its states."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import QueryDict

from jiangbang.kernel.deadlines import Deadline
from jiangbang.web.due import Due

NOW = datetime(2023, 3, 20, 1, 0, tzinfo=UTC)


def examples() -> dict[str, Any]:
    """The gallery's context; times are fixed so that its picture is the same every day."""
    return {
        "now": NOW,
        "soon": NOW + timedelta(days=3, hours=8),
        "past": NOW - timedelta(hours=2),
        "day": date(2023, 3, 31),
        "stages": _stages(),
        "choices": [
            {"value": "accepted", "label": "已受理", "count": 128},
            {"value": "waiting", "label": "待补正", "count": 9},
            {"value": "superseded", "label": "已被替换", "count": None},
        ],
        "due": _due(NOW, extended=False),
        "due_extended": _due(NOW + timedelta(days=11), extended=True),
        "query": QueryDict("state=waiting&q=%E9%98%BF%E9%87%8C"),
        "tabs": [
            {"label": "推荐表", "href": "?leaf=form", "current": True, "count": None},
            {"label": "审核记录", "href": "?leaf=verdicts", "current": False, "count": 7},
        ],
        "steps": [{"label": "材料包", "href": "#"}],
        "columns": ["日期", "材料包"],
        "bars": [["3月14日", 1], ["3月15日", 0], ["3月16日", 4], ["3月17日", 7], ["3月18日", 2], ["3月20日", 11]],
        "figure": _figure(),
        "marks": [{"at": "3月18日", "label": "截止"}],
        "receipt_rows": [
            {"label": "报送单位", "value": "滨江区总工会", "kind": "text"},
            {"label": "收到时间", "value": "2023年3月20日 09:00:12", "kind": "time"},
            {
                "label": "文件指纹",
                "value": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                "kind": "hash",
            },
        ],
    }


def _figure() -> dict[str, Any]:
    rows = [
        {
            "label": "D017",
            "rank": 58,
            "low": 52,
            "high": 63,
            "inside": True,
            "y": 18,
            "x": 40.0,
            "start": 10.0,
            "width": 55.0,
        },
        {
            "label": "D042",
            "rank": 59,
            "low": 53,
            "high": 66,
            "inside": True,
            "y": 42,
            "x": 46.0,
            "start": 14.0,
            "width": 66.0,
        },
        {
            "label": "D008",
            "rank": 60,
            "low": 55,
            "high": 70,
            "inside": False,
            "y": 66,
            "x": 52.0,
            "start": 26.0,
            "width": 74.0,
        },
    ]
    return {"rows": rows, "cut": 59, "cut_x": 49.0, "height": 84, "total": 463}


def _stages() -> list[dict[str, Any]]:
    return [
        {"label": "推荐", "opens": date(2022, 12, 20), "closes": date(2023, 3, 18), "state": "done"},
        {"label": "初审", "opens": date(2023, 3, 19), "closes": date(2023, 3, 31), "state": "now"},
        {"label": "专业评审", "opens": date(2023, 4, 8), "closes": date(2023, 4, 16), "state": "later"},
    ]


def _due(now: datetime, *, extended: bool) -> Due:
    """A deadline on a clock that stands, so that the picture is the same every day."""
    zone = ZoneInfo("Asia/Shanghai")
    announced = datetime(2023, 3, 31, 23, 59, 59, tzinfo=zone)
    at = announced + timedelta(days=2) if extended else announced
    return Due(Deadline(announced, at, timedelta(0), zone.key), now.astimezone(zone), True, at, announced)
