"""The reasons that readers give, in English. `{}` stands for what the reader fills in (a size, a count, a part's name).

Readers state a reason once, in Chinese; a finding looks its English up here. `tests/papers/test_reasons.py` finds reasons in the
readers' code that have no English.
"""

from __future__ import annotations

import re
from functools import cache

_ENGLISH = {
    # archives
    "共{}个文件，最多{}个": "it holds {} files; at most {} are taken",
    "解压后共{}，最多{}": "it unpacks to {}; at most {} is taken",
    "解压后是压缩包的{}倍，疑为压缩炸弹": "it unpacks to {} times its size and looks like a zip bomb",
    "文件有{}，最多{}": "the file has {}; at most {} is taken",
    "解压后是原来的{}倍，疑为压缩炸弹": "it unpacks to {} times its size and looks like a zip bomb",
    "这是分卷压缩包的一部分，请合成一个压缩包": "it is one part of a split archive; join the parts into one",
    "本机缺少读取这种压缩包的组件，请改用 zip 格式": "this machine lacks the reader for this kind of archive; use zip",
    "压缩数据已损坏，或是少见的压缩方法": "the packed data is damaged, or packed by an uncommon method",
    "压缩数据不完整": "the packed data is incomplete",
    "压缩数据已损坏": "the packed data is damaged",
    "文件超过{}个": "it holds more than {} files",
    "解压后的总大小超过限制": "it unpacks to more than the limit",
    "实际大小超过压缩包目录所写的大小": "it is larger than the archive's directory says",
    "7z 文件解压后超过{} MB": "the 7z file unpacks to more than {} MB",
    "压缩包不完整（zip64 目录损坏）": "the archive is incomplete (its zip64 directory is damaged)",
    "压缩包不完整（缺少目录）": "the archive is incomplete (it has no directory)",
    "目录有{}字节，文件过多": "its directory has {} bytes: too many files",
    "压缩包目录的位置不对，可能已损坏": "the archive's directory is not where it should be; it may be damaged",
    "压缩包目录应有{}个文件，只读到{}个，可能已损坏": "its directory announces {} files, {} could be read; it may be damaged",
    "压缩方法{}不常用，请用系统自带的压缩功能重新打包": "packing method {} is uncommon; pack again with the system's own zip",
    "校验和不符，文件在压缩或传送中损坏": "its checksum is wrong: it was damaged in packing or on the way",
    "压缩包内的文件互相重叠，疑为压缩炸弹": "files of the archive overlap; it looks like a zip bomb",
    "压缩包已损坏，此文件的内容缺失": "the archive is damaged, this file's content is missing",
    "压缩包是空的": "the archive is empty",
    "压缩包里的压缩包里还有压缩包，请只压缩一层": "there is an archive in an archive in the archive; pack one level only",
    "连同里层压缩包，文件数或总大小超过限制": "with the archives inside it, it has too many files or is too large",
    "同一材料包中损坏的文件过多，未再读取": "too many files of this packet are damaged; the rest was not read",
    "文件总大小超过{} MB": "the files have more than {} MB in all",
    "文件超过{} MB": "the file has more than {} MB",
    # any file
    "文件是空的": "the file is empty",
    "不是压缩包，也不是 Word 或 Excel 文件，可能已损坏": "it is neither an archive nor a Word or Excel file; it may be damaged",
    "内容不是压缩包，可能已损坏": "its content is no archive; it may be damaged",
    "内容不是 Word 或 Excel 文件，可能已损坏": "its content is no Word or Excel file; it may be damaged",
    "内容不是这种表": "its content is not this kind of paper",
    "读取程序没有料到这样的内容（{}），请同时告知运维人员": "the reader did not expect such content ({}); tell the operator too",
    "读取超时": "reading took too long",
    "读取所需内存超过限制": "reading would take more memory than allowed",
    "文件已损坏，读取程序异常退出": "the file is damaged and ended its reader",
    "读取程序的回答不合约定": "the reader did not answer as agreed",
    "文件已损坏": "the file is damaged",
    # lists
    "既不是表格，也不是 CSV 文本": "it is neither a workbook nor CSV",
    "CSV 中有读不出的行": "a line of the CSV cannot be read",
    # old formats
    "这是 Microsoft Works 的文档，不是 WPS 文字的文档": "this is a Microsoft Works document, not one of WPS Writer",
    "读取这种旧格式需要 LibreOffice，本机没有安装": "this old format needs LibreOffice, which is not installed here",
    "旧格式转换失败，文件可能已损坏": "the old format could not be converted; the file may be damaged",
    "旧格式文件的总大小超过限制": "the files in old formats are too large in all",
    "旧版 Word 文档已损坏，或是少见的写法": "the old Word document is damaged or uncommonly written",
    "这是旧版二进制文档，不是 .docx": "this is an old binary document, not a .docx",
    # Word
    "其中没有 Word 正文": "there is no Word text in it",
    "不是 Word 文档": "it is no Word document",
    "文档嵌套过深": "its parts are nested too deeply",
    "文件残缺，后半部分丢失": "the file is cut off: its second part is missing",
    "压缩包目录损坏": "its directory is damaged",
    "内含{}个部件，超过{}个": "it has {} parts; at most {} are taken",
    "部件 {} 解压后过大": "its part {} unpacks to too much",
    "部件 {} 的元素过多": "its part {} has too many elements",
    "部件 {} 带有文档类型声明（DTD）": "its part {} has a document type declaration (DTD)",
    "部件 {} 的 XML 有错": "the XML of its part {} is faulty",
    "部件 {} 的压缩方式不受支持": "its part {} is packed by an unsupported method",
    "部件 {} 校验和不符，文件已损坏": "the checksum of its part {} is wrong: the file is damaged",
    "部件 {} 损坏或残缺": "its part {} is damaged or cut off",
    "部件 {} 残缺": "its part {} is cut off",
    "部件 {} 损坏": "its part {} is damaged",
    # forms and rosters
    "这是一份汇总表": "this is a roster",
    "找不到{}栏目": "the fields {} are not found",
    "一个文件里有两份以上的推荐表，只读了第一份，请一人一份": (
        "there are two or more forms in one file; only the first was read. Give each person a file"
    ),
    "图片已损坏、只是链接，或格式不受支持": "the picture is damaged, only linked, or of an unsupported format",
    "找不到汇总表的表头（姓名、身份证号、单位及职务等栏目应在同一行），请使用附件3的表样": (
        "the roster's header is not found (name, identity number, employer and so on in one row); use the form of annex 3"
    ),
    "不是 Excel 或 WPS 表格文件": "it is no Excel or WPS workbook",
    "表格内容已损坏": "the workbook's content is damaged",
    "文件不完整或已损坏": "the file is incomplete or damaged",
    "表格内有{}个部件": "the workbook has {} parts",
    "表格展开后有{} MB": "the workbook unpacks to {} MB",
    "文件内有重名的部件": "two of its parts have the same name",
    "文件内含有不允许的 XML 声明": "it has an XML declaration that is not allowed",
    "表格一直延伸到单元格{}，请删去表格以外的内容": "the sheet goes on to cell {}; delete what is outside of the table",
    # values
    "应为“男”或“女”": "write 男 or 女",
    "应写成“1988.05”或“1988年5月”": "write it as 1988.05 or 1988年5月",
    "应为整数年数，如“11”": "write whole years, such as 11",
    "应为18位身份证号": "an identity number has 18 characters",
    "应为11位手机号码": "a mobile number has 11 digits",
    "15位旧号码已停用，应为18位": "numbers of 15 digits are out of use; give the one of 18",
    "第7至14位不是真实日期": "characters 7 to 14 are no real date",
    "行业代码不在本届的分类表中": "this code is not in the edition's list of classes",
    "格式不符": "it is not in the expected form",
    "写法不规范": "it is not written as expected",
    "Excel 已把身份证号当作数值，第15位以后的数字已丢失。请把该列设为“文本”格式，按证件重新填写": (
        "Excel took the identity number for a figure and lost the digits after the 15th. "
        "Set the column to text and enter it anew from the card"
    ),
}


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile("(.*?)".join(re.escape(part) for part in chinese.split("{}")), re.DOTALL), english)
        for chinese, english in _ENGLISH.items()
        if "{}" in chinese
    )


def english_reason(reason: str) -> str:
    """A reader's reason in English; an unknown one is given back as it is."""
    if (exact := _ENGLISH.get(reason)) is not None:
        return exact
    for pattern, english in _patterns():
        if found := pattern.fullmatch(reason):
            return english.format(*found.groups())
    return reason
