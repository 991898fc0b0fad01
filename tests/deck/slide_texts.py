"""Markdown texts and how many slides Marp makes of each."""

BREAKS = [
    ("a\n\n***\n\nb\n\n___\n\nc\n\n- - -\n\nd", 4),
    ("Titre\n---\n\na", 1),
    ("```\n\n---\n\n```\n\n    ---\n", 1),
    ("- a\n\n  ---\n\n> ---\n", 1),
    ("<!--\n\n---\n\n-->\n\n<style>\na {}\n\n---\n</style>\n", 1),
    ("---\na: b\n----\n\nc\n\n---\n", 2),
    ("---\na: b\n", 1),
    ("\n---\na: b\n\n---\n", 3),
    ("---\nheadingDivider: 2\n---\n<!-- note -->\n# a\n\n## b\n\n### c\n\n---\n\n## d\n\n---\n<!-- x -->\n# e\n", 6),
    ("---\nheadingDivider: [2, 3]\n---\n# a\n\n## b\n\n### c\n", 3),
    ("# a\n\n# b\n\n<!-- headingDivider: 1 -->\n\n# c\n", 3),
    ("# a\n\n<!-- headingDivider: 1 -->\n\n# b\n\n<!-- headingDivider: false -->\n", 1),
    ("# a\n\n<!-- Une note.\nheadingDivider: 1 -->\n\n# b\n", 1),
    ("# a\n\n<!-- Une note :\nheadingDivider: 1 -->\n\n# b\n", 2),
    ("| a | b |\n| --- | --- |\n| c | d |\n", 1),
    ("", 1),
]  # fmt: skip
