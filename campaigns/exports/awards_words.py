"""The fixed names of the award list's sheets and columns, and what its files are called."""

AWARDS, TABLE, BALLOTS, NOTES = "获奖名单", "评分汇总", "评委打分", "说明"

PRIZE, RANK, DEPARTMENT, BLOCK, PLAN = "等次", "名次", "部门", "板块", "方案名称"
MEAN, SPREAD, JUDGES = "得分", "分差", "评委数"
JUDGE, JUDGE_MEAN, COMMENT, COUNTS = "评委", "平均", "评语", "计入"
YES, NO_INTEREST = "是", "否（回避）"

FILE = "%(season)s方案评比获奖名单 %(day)s.%(suffix)s"
