"""The words by which plans and summaries name columns, labels and headings; one table: a new synonym is one word."""

from __future__ import annotations

import re

from qualityseason.text import squeeze

COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("序号", "编号", "项次", "条目编号"),
    "title": (
        *(
            "实施条目",
            "条目名称",
            "条目",
            "工作项目",
            "活动项目",
            "项目名称",
            "项目",
            "工作内容",
            "主要内容",
            "具体内容",
        ),
        *(
            "活动内容",
            "实施内容",
            "主要工作",
            "工作任务",
            "重点任务",
            "主要任务",
            "任务",
            "工作事项",
            "事项",
            "工作要点",
        ),
        *("重点工作", "内容", "名称"),
    ),
    "measure": (
        *(
            "实施举措",
            "工作举措",
            "具体举措",
            "主要举措",
            "举措",
            "实施措施",
            "工作措施",
            "具体措施",
            "主要措施",
            "措施",
        ),
        *("落实措施", "实施步骤", "实施办法", "具体做法", "主要做法", "做法", "方法步骤", "实施途径"),
    ),
    "standard": (
        *(
            "工作标准",
            "质量标准",
            "执行标准",
            "量化标准",
            "实施标准",
            "标准要求",
            "标准",
            "工作要求",
            "具体要求",
            "执行要求",
        ),
        *("质量要求", "要求"),
    ),
    "outcome": (
        *(
            "预期效果",
            "预期成效",
            "预期目标",
            "工作目标",
            "工作效果",
            "工作成效",
            "实施效果",
            "达到效果",
            "目标效果",
            "效果目标",
        ),
        *("目标", "效果", "成效", "成果"),
    ),
    "incentive": (
        *("奖惩办法", "奖惩措施", "考核奖惩", "奖惩", "奖罚办法", "奖罚", "考核办法", "考核措施", "考核方式", "考核"),
    ),
    "service": (
        *(
            "主动服务协调配合",
            "服务协调配合",
            "主动服务、协调、配合",
            "服务、协调、配合",
            "服务与配合",
            "主动服务",
            "服务措施",
        ),
        *("服务配合", "协调配合", "服务举措", "服务", "协调", "配合"),
    ),
    "responsible": (
        *(
            "责任人",
            "责任部门",
            "责任单位",
            "责任科室",
            "负责人",
            "主要负责人",
            "牵头人",
            "承办人",
            "落实人",
            "责任主体",
        ),
    ),
    "due": (
        *(
            "完成时间",
            "时间安排",
            "完成时限",
            "完成期限",
            "实施时间",
            "时间节点",
            "进度安排",
            "时间要求",
            "时限",
            "期限",
            "时间",
        ),
    ),
    "quality_document": ("质量体系文件", "对照体系文件", "对应体系文件", "体系文件", "对照文件", "依据文件"),
    "duties": ("对应岗位职责", "对应职责", "履行职责", "岗位职责", "职责编号", "职责"),
    "cooperating": ("配合部门", "协作部门", "协办部门", "协同部门", "配合单位", "协助部门", "相关部门"),
}
LABELS = {
    name: tuple(word for word in words if word not in ("内容", "名称", "协调", "配合", "服务", "目标任务"))
    for name, words in COLUMNS.items()
    if name not in ("number", "title")
}
ALIKE = (
    ("目标", "目的"),
    ("主题", "口号"),
    ("重点", "中心任务"),
    ("内部管理", "自身建设", "内部建设", "自身管理", "队伍建设", "内务管理"),
    ("纵向",),
    ("横向",),
    ("专项治理", "主题活动", "活动载体", "依托"),
    ("成效", "成绩", "成果", "收效"),
    ("存在的问题", "存在问题", "主要问题", "不足", "薄弱环节"),
    ("原因剖析", "原因分析", "剖析"),
    ("问题处理", "问题的处理", "处理情况", "处理结果", "整改情况", "整改落实"),
    ("改进举措", "改进措施", "整改措施", "下一步", "努力方向", "今后打算", "今后工作"),
)  # words that mean one and the same part
ITEM_HEADINGS = (
    *(
        "措施",
        "举措",
        "实施条目",
        "工作任务",
        "工作内容",
        "活动内容",
        "履行岗位职责",
        "岗位职责履行",
        "履职",
        "工作安排",
    ),
    *("具体安排", "实施内容", "实施项目"),
)
NOT_ITEMS = ("保障", "组织", "领导", "考核办法")
FILLERS = re.compile(r"^(?:近期|总体|主要|具体|本部门|我部门|本处|我处|本馆|我馆|本系|我系|的|工作|活动)+")
PREFACE, SIGNATURE, UNTITLED = "前言", "落款", "其他内容"
TITLE_WORDS = ("方案", "计划", "安排", "措施", "意见", "总结", "材料", "体会", "汇报")
COMMA, COLON, BLANK = "，", "：", "　"
MAXIMUM_HEADING = 16  # characters of a column's heading
MAXIMUM_WRITTEN = 120  # with its brackets and blanks

NAME = re.compile(r"[（(【\[].*?[)）】\]]|[\s:：*、，,/]+")
MARKER = re.compile(
    r"^\s*(?:"
    r"(?P<one>第[一二三四五六七八九十\d]{1,3}[章部篇]分?\s*|[一二三四五六七八九十]{1,3}\s*[、．.]\s*)"
    r"|(?P<two>第[一二三四五六七八九十\d]{1,3}节\s*|[（(]\s*[一二三四五六七八九十]{1,3}\s*[)）]\s*[、．.]?\s*)"
    r"|(?P<three>\d{1,2}\s*(?:[、．]|\.(?!\d))\s*)"
    r"|(?P<four>[（(]\s*\d{1,2}\s*[)）]\s*[、．.]?\s*|\d{1,2}\s*[)）]\s*|\d{1,2}\.\d{1,2}(?:\.\d{1,2})*\s*[、．.]?\s*)"
    r"|(?P<five>[①-⑳]\s*|[A-Za-z]\s*[、．.)）]\s*)"
    r")"
)
RANKS = ("one", "two", "three", "four", "five")


def marker_of(text: str) -> tuple[int, str]:
    """Return the rank of the number a line begins with (1 for 一、, 0 for none), and the line without it."""
    found = MARKER.match(text)
    if not found:
        return 0, text.strip()
    rank = next(at for at, name in enumerate(RANKS, start=1) if found[name])
    return rank, text[found.end() :].strip()


def column_of(heading: str) -> str:
    """Return which of our columns a heading means, '' for none."""
    written = squeeze(marker_of(heading)[1])
    if len(written) > MAXIMUM_WRITTEN:  # a text; the pattern of a name goes back over long ones
        return ""
    name = NAME.sub("", written)
    if not name or len(name) > MAXIMUM_HEADING:
        return ""
    return EXACT.get(name) or next((column for word, column in LONGEST_FIRST if len(word) > 1 and word in name), "")


EXACT = {NAME.sub("", squeeze(word)): column for column, words in COLUMNS.items() for word in words}
LONGEST_FIRST = sorted(EXACT.items(), key=lambda found: -len(found[0]))
LABEL_WORDS = {squeeze(word): name for name, words in LABELS.items() for word in words}
LABEL = re.compile(  # begins at a word, never at a blank before it, and gives no blank back: linear in any text
    r"(?:^\s*+|(?<=[。；;，,\s])(?!\s))(?:\d{1,2}\s*+[、．.]|[（(]\d{1,2}[)）]|[①-⑳])?\s*+[【\[]?\s*+"
    r"(?P<label>" + "|".join(sorted(map(re.escape, LABEL_WORDS), key=len, reverse=True)) + r")\s*+"
    r"(?:[】\]]\s*+[：:]?|[：:])\s*+"
)
