"""What the files of compiled volumes are called."""

FILE = "%(season)s方案汇编 %(day)s.pdf"
SUMMARIES_FILE = "%(season)s总结材料汇编 %(day)s.pdf"
