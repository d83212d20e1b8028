"""What is written to experts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiangbang.outbox.templates import Text, Variable, declare

_EDITION = Variable("edition", _("name of the edition"), "第二届“杭州数字工匠”认定")
_NAME = Variable("name", _("name of the expert"), "林教授")
_LINK = Variable("link", _("link that opens once"), "https://jiangbang.example/invitation/…", secret=True)

INVITED = declare(
    "review.invited",
    purpose=_("Invitation to an expert"),
    variables=(_EDITION, _NAME, _LINK, Variable("until", _("the link's last moment"), "2024-08-16 18:00")),
    zh=Text(
        "{edition}：邀请您担任评审专家",
        "{name}，您好：\n\n经推荐，您已列入“{edition}”评审专家库。请打开下面的链接，核对个人信息，并确认是否同意参加评审：\n\n"
        "{link}\n\n链接只能打开一次，有效期至 {until}。请勿转发。\n",
    ),
    en=Text(
        "{edition}: would you review?",
        "Dear {name},\n\nyou were recommended as an expert for “{edition}”. Please open this link, look through what is kept of you, "
        "and say whether you agree to review:\n\n{link}\n\nIt opens once, until {until}. Please do not pass it on.\n",
    ),
)

DRAWN = declare(
    "review.drawn",
    purpose=_("To an expert who was drawn"),
    variables=(
        _EDITION,
        _NAME,
        Variable("panel", _("name of the panel"), "专业评审组"),
        Variable("link", _("address of the expert's pages"), "https://jiangbang.example/review/mine/"),
    ),
    zh=Text(
        "{edition}：您已被抽取为评审专家，请确认",
        "{name}，您好：\n\n经现场抽取，您入选“{edition}”{panel}。请打开下面的页面确认是否参加；不能参加的，请注明原因，由备选专家递补：\n\n"
        "{link}\n\n首次登录请使用邀请邮件中的链接。抽取结果请勿对外透露。\n",
    ),
    en=Text(
        "{edition}: you were drawn; please confirm",
        "Dear {name},\n\nyou were drawn for {panel} of “{edition}”. Please say on this page whether you take the seat; if not, give the "
        "reason, and an alternate takes it:\n\n{link}\n\nFor the first time please use the link of your invitation. Please keep "
        "the result of the draw to yourself.\n",
    ),
)

_COUNT = Variable("count", _("how many dossiers"), "12")
_PAGE = Variable("link", _("address of the expert's cards"), "https://jiangbang.example/review/mine/cards/")

CARDS = declare(
    "review.cards",
    purpose=_("To an expert: dossiers wait"),
    variables=(_EDITION, _NAME, _COUNT, _PAGE),
    zh=Text(
        "{edition}：请评审 {count} 份材料",
        "{name}，您好：\n\n“{edition}”已分配给您 {count} 份材料，请打开下面的页面评分。手机、电脑均可，断网时分数保存在本机，"
        "联网后自动上传；"
        "全部评完后请签名锁定：\n\n{link}\n\n如认出候选人，请在页面上申报回避。\n",
    ),
    en=Text(
        "{edition}: {count} dossiers to judge",
        "Dear {name},\n\n{count} dossiers of “{edition}” wait for your scores on this page. A telephone will do; without a network your "
        "scores stay on the device and are sent later. Please sign when you are done:\n\n{link}\n\nShould you recognise somebody, "
        "please recuse yourself on the page.\n",
    ),
)

REMINDER = declare(
    "review.reminder",
    purpose=_("Reminder to an expert: cards are not signed"),
    variables=(_EDITION, _NAME, _COUNT, _PAGE),
    zh=Text(
        "{edition}：还有 {count} 份材料未签名",
        "{name}，您好：\n\n“{edition}”还有 {count} 份材料尚未评完或未签名，请尽快完成：\n\n{link}\n",
    ),
    en=Text(
        "{edition}: {count} cards are not signed",
        "Dear {name},\n\n{count} dossiers of “{edition}” still wait for your scores or your signature:\n\n{link}\n",
    ),
)

ANSWER_REMINDER = declare(
    "review.answer_reminder",
    purpose=_("Reminder to an expert: the seat is not confirmed"),
    variables=(
        _EDITION,
        _NAME,
        Variable("link", _("address of the expert's pages"), "https://jiangbang.example/review/mine/"),
    ),
    zh=Text(
        "{edition}：请确认是否参加评审",
        "{name}，您好：\n\n您已被抽取为“{edition}”评审专家，至今未确认是否参加。请打开下面的页面确认；不能参加的，请注明原因，"
        "由备选专家递补：\n\n{link}\n",
    ),
    en=Text(
        "{edition}: please confirm your seat",
        "Dear {name},\n\nyou were drawn as an expert of “{edition}” and have not said yet whether you take the seat. Please do so on this "
        "page; if you cannot, give the reason, and an alternate takes it:\n\n{link}\n",
    ),
)

DECLARATION_REMINDER = declare(
    "review.declaration_reminder",
    purpose=_("Reminder to an expert: relations are not declared"),
    variables=(
        _EDITION,
        _NAME,
        Variable("link", _("address of the expert's pages"), "https://jiangbang.example/review/mine/"),
    ),
    zh=Text(
        "{edition}：请申报回避事项",
        "{name}，您好：\n\n您已确认参加“{edition}”评审，尚未申报回避事项；申报后方可打开评审材料。请打开下面的页面申报：\n\n{link}\n",
    ),
    en=Text(
        "{edition}: please declare your relations",
        "Dear {name},\n\nyou sit on the panel of “{edition}” and have not declared your relations yet; before that no file opens. Please "
        "do so on this page:\n\n{link}\n",
    ),
)

DISCUSSION = declare(
    "review.discussion",
    purpose=_("To an expert: dossiers are talked over"),
    variables=(_EDITION, _NAME, _COUNT, _PAGE),
    zh=Text(
        "{edition}：{count} 份材料评分差距较大，请复议",
        "{name}，您好：\n\n您评审的“{edition}”{count} 份材料，专家评分差距较大。请打开下面的页面，阅看其他专家的分数和评语（不署名），"
        "可发表意见，然后维持或修改分数并重新签名：\n\n{link}\n\n复议后的分数计入排序，首次分数留存备查。\n",
    ),
    en=Text(
        "{edition}: {count} dossiers are talked over",
        "Dear {name},\n\nthe cards of {count} dossiers of “{edition}” that you judged lie far apart. On this page you read what the others "
        "gave and why, without names; say something if you like, then let your points stand or change them, and sign again:\n\n{link}"
        "\n\nThe second points count; the first ones are kept.\n",
    ),
)
