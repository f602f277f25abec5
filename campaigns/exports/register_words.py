"""The words of sheets of registers; programs and people look for these."""

YES, NO = "是", "否"
FILE = "%(register)s %(day)s.xlsx"
