"""Which relationships with `lazy="dynamic"` may become write-only: those whose every use is in sight and has such a form.

No rule itself: rules ask what was chosen.
"""
