"""What kind of request a ticket is."""

from enum import StrEnum


class Category(StrEnum):
    """The seven kinds the regulations name, and one for what fits none."""

    CONSULT = "咨询"
    HELP = "求助"
    COMPLAINT = "投诉"
    REPORT = "举报"
    SUGGEST = "建议"
    PRAISE = "表扬"
    CRITICISM = "批评"
    OTHER = "其他"
