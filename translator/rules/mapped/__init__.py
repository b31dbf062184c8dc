"""What the rules of mapped classes share: Python types of columns, names in class bodies, arguments of `Column()`.

No rule itself.
"""
