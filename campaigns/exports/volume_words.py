"""What a compiled volume's file is called."""

FILE = "%(season)s方案汇编 %(day)s.pdf"
