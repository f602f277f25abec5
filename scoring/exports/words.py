"""The fixed names of sheets and columns, and the other words of the workbook. Programs and people look for these."""

RANKING = "排名%s"
LEDGER = "扣分明细"
RULEBOOK = "考核标准"
CHECK = "核对"

RANK, DEPARTMENT, TOTAL = "名次", "部门", "总分"
BLOCK, CODE, QUANTITY, PRICE, AMOUNT = "板块", "细则", "数量", "单价", "扣分"
CATEGORY, GROUP, COUNTS = "考核项目", "互斥组", "计入"
LEDGER_COLUMNS = (
    DEPARTMENT,
    BLOCK,
    CODE,
    QUANTITY,
    PRICE,
    AMOUNT,
    "日期",
    "对象",
    "事由",
    "记录人",
    "确认人",
    CATEGORY,
    GROUP,
    COUNTS,
)
RULEBOOK_COLUMNS = ("编号", BLOCK, CATEGORY, "条款", "内容", "分值", "单位")
COMMON = "共同"  # the block of a rule that both blocks share
TEAM = "考核小组"  # the author where nobody is to be named

# the check sheet
RECOMPUTED_CHARGE = "%s复算扣分"
RECOMPUTED_SCORE = "%s复算得分"
LISTED_SCORE = "%s表列得分"
RECOMPUTED_TOTAL, LISTED_TOTAL = "复算总分", "表列总分"
RECOMPUTED_RANK, LISTED_RANK = "复算名次", "表列名次"
AMOUNTS, PRODUCTS, COUNTED = "扣分合计", "数量×单价合计", "计入合计"
VERDICT = "结论"
DECIDED_TOTAL, DECIDED_PLACE = "裁定时总分", "裁定次序"  # only where a tie was decided
FULL = "满分"
BENCHMARK = "%s板块满分基准"
SAME, DIFFERENT = "一致", "不一致"

FILE = "%(season)s排名 %(day)s.%(suffix)s"
