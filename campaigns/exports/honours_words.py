"""The fixed names of the sheets and columns of honours, and what the files are called."""

from campaigns.enums import NominationState

CHOSEN, NOMINATIONS, NOTES = "先进个人名单", "推荐情况", "说明"

HONOUR, NAME, NUMBER, DEPARTMENT, STATE, REASONS = "荣誉", "姓名", "工号", "部门", "状态", "事迹"
STATES = {
    NominationState.NOMINATED: "已推荐",
    NominationState.SHORTLISTED: "入围",
    NominationState.CHOSEN: "表彰",
    NominationState.PASSED_OVER: "未入选",
    NominationState.WITHDRAWN: "已撤回",
}

FILE = "%(season)s%(what)s %(day)s.%(suffix)s"
