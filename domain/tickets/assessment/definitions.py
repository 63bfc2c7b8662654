"""What each figure counts, in words: the texts name figures and define none of them."""

DEFINITIONS: dict[str, str] = {
    "intake": "期内登记的诉求",
    "closing_rate": "期内登记的诉求中，已有结果的",
    "direct_answer_rate": "期内登记的诉求中，当场直接答复的",
    "dispatch_on_time_rate": "派单时限在期内届满的工单中，期满前派出的",
    "sign_on_time_rate": "签收时限在期内届满的派单中，期满前签收（或者申请退回）的",
    "close_on_time_rate": "办理时限（含延期）在期内届满的办理中，期满前报结的",
    "overdue_rate": "办理时限（含延期）在期内届满的办理中，期满未报结的",
    "explained_overrun_rate": "超时的办理中，说明过情况的",
    "return_rate": "期内的派单中，申请退回的",
    "extension_rate": "办理时限（含延期）在期内届满的办理中，批准过延期的",
    "rework_rate": "期内报结的办理，与期内要求重办的次数之比",
    "visit_rate": "期内办结的工单中，已回访的",
    "visit_on_time_rate": "回访时限在期内届满的工单中，期满前回访的",
    "satisfaction_rate": "期内作出的满意度回答（以最后一次为准）中，满意的；豁免工单的负面回答不计",
    "solution_rate": "期内作出的解决与否回答（以最后一次为准）中，已解决的；豁免工单的负面回答不计",
    "false_handling": "期内办结的工单中，视为虚假办理的",
    "supervised": "期内督办过的工单",
    "connection_rate": "期内要求人工服务的来电中，接通人工的",
    "connection_within_15_s_rate": "期内要求人工服务的来电中，15 秒内接通人工的",
}
