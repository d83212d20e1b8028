"""Made-up experts, as lists bring them."""

from __future__ import annotations

from jiangbang.accounts.acts import create_account
from jiangbang.accounts.models import Role, User
from jiangbang.programme.models import Edition
from jiangbang.review.access import rules_of
from jiangbang.review.importing import ExpertRow, read_experts
from jiangbang.review.models import PoolEntry

HEAD = "姓名\t工作单位\t职称\t评审领域\t研究方向\t代表成果\t所在地区\t推荐单位\t手机\t邮箱\t可评数量\t本人同意"
CLASSES = ("01", "03", "04", "05")
REGIONS = ("浙江杭州", "上海", "江苏南京")


def line(number: int, **changes: str) -> str:
    """One line of a list; every expert has an employer of his own."""
    values = {
        "name": f"林{'一二三四五六七八九十'[number % 10]}{'甲乙丙丁'[number // 10 % 4]}",
        "employer": f"第{number}研究院",
        "title": "教授",
        "classes": CLASSES[number % 4],
        "specialties": "工业软件",
        "works": "",
        "region": REGIONS[number % 3],
        "recommender": "市总工会",
        "mobile": f"138{number:08d}",
        "email": f"expert{number}@example.cn",
        "capacity": "30",
        "consent": "否",
    }
    return "\t".join({**values, **changes}.values())


def a_list(edition: Edition, count: int, **changes: str) -> tuple[ExpertRow, ...]:
    """The rows of a list of so many experts, all in order."""
    text = "\n".join([HEAD, *(line(number, **changes) for number in range(count))])
    read = read_experts(text, edition.spec, rules_of(edition))
    assert read.ready
    return read.rows


def account_of(entry: PoolEntry) -> User:
    """An account that holds the expert's role for this expert."""
    return create_account(
        f"x{entry.expert.number}",
        role=Role.EXPERT,
        password=None,
        edition=entry.edition.key,
        scope=str(entry.expert_id),
    )
