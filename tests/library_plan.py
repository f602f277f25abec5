"""The plan of a library as WPS leaves it after three people wrote in it: five pages, one duty uncovered.

Its duties are those of the demo (读者服务, 文献采编, 阅览管理, 数字资源, 馆舍安全); nothing in it serves 数字资源.
"""

from tests.word_files import cell, numbering, paragraph, run, table, text_box, word_file

GOALS = (
    "　　围绕学院“顾客满意度≥85﹪”的质量目标，以服务教学、服务师生为宗旨，理顺借阅流程，规范文献采购和编"
    "目，改善阅览环境，使读者满意度"
    "达到90％以上，投诉当日回复率达到100％，图书差错率控制在1％以内。",
    "　　通过本次活动，使全馆职工牢固树立质量意识和服务意识，做到人人有职责、事事有标准、件件有记录，为"
    "迎接2010年人才培养工作水平评估打好"
    "基础。",
)
FOCUS = (
    "1、延长开馆时间，方便师生借阅。新校区教学区与图书馆相距较远，课间往返不便，要从师生的作息出发安排开馆。",
    "2、提高新书上架速度。从到馆到上架不超过十个工作日，教学急需的不超过三天。",
    "3、整治阅览秩序。占座、喧哗、带食物入馆是师生反映最多的三个问题，要有办法、有记录、有回音。",
    "4、确保馆舍安全。冬季用电、防火为重中之重，每日闭馆前逐层检查。",
)
MANAGEMENT = (
    "（一）坚持每周一下午例会制度，通报上周情况，布置本周任务，会议有记录。",
    "（二）实行岗位责任制，每个岗位制定一页纸的岗位手册，写清做什么、做到什么程度、出了问题找谁。",
    "（三）考勤、值班与津贴挂钩，迟到早退一次扣10元，旷工一天扣50元并在例会上说明。",
    "（四）开展“每人读一本书、讲一堂课”活动，每月一次，由各室轮流主讲，提高业务素质。",
)
ROWS = (
    (
        *("读者服务", "延长开馆时间，周一至周日8:00至22:00开馆，午间不闭馆，安排两班轮值，值班表上墙公布。"),
        *("每周开馆不少于98小时，按时开馆率100％。", "师生随到随借，读者满意度90％以上。"),
        *("按时开馆率达标者每月奖50元，迟开一次扣20元。", "主动与学生工作处、团委商定自习时间，及时公布。"),
        *("柳馆员", "11月15日前"),
    ),
    (
        *("读者服务", "设立咨询台和意见箱，读者咨询当面答复，不能当面答复的登记后两天内回复。"),
        *("咨询登记率100％，两日内回复率不低于98％。", "投诉明显减少。"),
        *("受到书面表扬一次奖30元，有效投诉一次扣30元。", "每月向各系部发一次借阅情况通报。"),
        *("柳馆员", "每月25日"),
    ),
    (
        *("文献采编", "开学前向各系部征集教学用书需求，按教学需要采购图书，到馆图书及时验收、编目、上架。"),
        *("到馆至上架不超过10个工作日，编目差错率低于1％。", "教学用书保障率达到95％。"),
        *("差错率达标奖采编人员每人100元，超期一批扣50元。", "主动联系教务处、各系教研室，需求书目双方签字确认。"),
        *("秦采编", "2009年11月底前"),
    ),
    (
        *("阅览管理", "阅览室实行分区管理，专人巡视，维护阅览秩序；对占座、喧哗者先劝导后登记。"),
        *("每小时巡视一次，巡视记录完整。", "阅览秩序良好，座位利用率提高两成。"),
        *("巡视记录缺一次扣10元，全月完整奖30元。", "每月向学生工作处反馈学生在馆表现，配合做好教育。"),
        *("各阅览室", "每周一"),
    ),
    (
        *("馆舍安全", "落实防火防盗措施，每日闭馆前逐层检查电源、门窗，每月检查一次消防器材并签字。"),
        *("检查记录齐全，器材完好率100％，安全事故为零。", "师生安全感增强。"),
        *("全年无事故奖全馆每人200元，漏检一次扣50元。", "配合保卫处、总务处开展一次消防演练。"),
        *("褚副馆长", "12月中旬"),
    ),
)
SUPPORT = (
    "（一）加强领导。成立图书馆活动领导小组，馆长任组长，各室负责人为成员，每两周检查一次进度。",
    "（二）广泛宣传。利用馆内宣传栏、图书馆网页和读者座谈会宣传活动内容，收集师生意见，做到件件有回音。",
    "（三）认真总结。12月下旬各室写出小结，交办公室汇总，形成图书馆活动总结，并推荐一至两篇经验材料。",
)
BASIS = (
    "　　近年来，我馆馆藏和读者人数都有较大增长，但新校区启用后也暴露出开馆时间与课表不合、新书上架慢、"
    "阅览秩序反映多等问题。开展“质量管理"
    "季”活动，正是对照差距、改进工作的好机会。全馆职工经过两次集中学习和讨论，共提出合理化建议十一条，已"
    "采纳的写进了下面的条目。",
    "　　本方案的制定坚持三条原则：一是从岗位职责出发，不提空口号；二是标准能检查，检查有记录；三是主动"
    "服务，协调配合，凡涉及其他部门的工作"
    "，先沟通、后实施。",
)
HEADINGS = (
    *("序号", "项目", "实施举措", "工作标准", "预期效果"),
    *("奖惩办法", "主动服务、协调、配合", "责任人", "完成时间"),
)


def library_plan() -> bytes:
    """Return the file; headings numbered by Word itself, a table over two pages, a text box, changes no"
    "t yet accepted."""
    deleted = '<w:del w:id="1" w:author="柳"><w:r><w:delText>八小时</w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2" w:author="柳">{run("十四小时，中午不休息。")}</w:ins>'
    blocks = [
        paragraph("郴州职业技术学院图书馆", place="center", bold=True),
        paragraph("“质量管理季”活动实施方案", place="center", bold=True),
        paragraph("（2009年11月）", place="center"),
        paragraph(
            "　　为贯彻落实郴职院党字[2009]32号文件精神，切实提高图书馆管理水平和服务质量，结合我馆实际，制定本方案。"
        ),
        paragraph("指导思想和工作基础", number=(1, 0), bold=True),
        *(paragraph(text) for text in BASIS),
        paragraph("工作目标", number=(1, 0), bold=True),
        *(paragraph(text) for text in GOALS),
        paragraph("工作主题", number=(1, 0), bold=True),
        paragraph("　　书香校园　贴心服务", inside=text_box(paragraph("口号：让每一位读者满意离馆"))),
        paragraph("工作重点", number=(1, 0), bold=True),
        *(paragraph(text) for text in FOCUS),
        paragraph("内部管理", number=(1, 0), bold=True),
        *(paragraph(text) for text in MANAGEMENT),
        paragraph("工作措施", number=(1, 0), bold=True),
        paragraph("　　各室按下表执行，办公室每周检查一次。开馆时间由每天", inside=f"{deleted}{inserted}"),
        _table(ROWS[:3]),
        _table(ROWS[3:]),
        paragraph("保障措施", number=(1, 0), bold=True),
        *(paragraph(text) for text in SUPPORT),
        paragraph(),
        paragraph("图书馆", place="right"),
        paragraph("2009年11月5日", place="right"),
    ]
    return word_file(*blocks, numbers=numbering(("chineseCountingThousand", "%1、"), ("decimal", "%2.")))


def _table(rows) -> str:
    lines, before = [HEADINGS], ""
    for number, row in enumerate(rows, start=1):
        merge = "continue" if row[0] == before else "restart"
        lines.append((str(number), cell("" if merge == "continue" else row[0], merge=merge), *row[1:]))
        before = row[0]
    return table(*lines, widths=(500, 900, 2200, 1500, 1300, 1400, 1500, 700, 900))
