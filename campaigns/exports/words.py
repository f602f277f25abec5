"""The fixed names of sheets and columns, and the other words of the sheets. Programs and people look for these."""

from campaigns.enums import ObligationState

MATRIX, ROWS = "应办事项", "明细"
BLOCK, DEPARTMENT, TELEPHONE, HEAD, LIAISON = "板块", "部门", "电话", "负责人", "联络员"
MATRIX_COLUMNS = (BLOCK, DEPARTMENT, TELEPHONE, HEAD, LIAISON)
ROW_COLUMNS = (BLOCK, DEPARTMENT, "事项", "截止日期", "延期至", "完成日期", "状态", "逾期天数", "剩余天数")
BETWEEN, BESIDE = "、", "；"
RECORDS = "%s（未办/逾期）"
SUM = "共%(total)d件，未办%(open)d件，逾期%(overdue)d件"

STATES = {
    ObligationState.MET: "按时",
    ObligationState.MET_LATE: "迟交%d天",
    ObligationState.OPEN: "未办，剩%d天",
    ObligationState.OVERDUE: "未办，逾期%d天",
}
DUE = "%s（%s截止）"
FILE = "%(season)s应办事项 %(day)s.xlsx"
