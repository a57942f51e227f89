"""A slow twin of the parser and the views, by characters and recursion; shares no code with the engine.

A wording is a list of text and lists of (wording, [(code, mark)]) pairs.
"""


def parse(text):
    wording, rest = _wording(text, 0)
    assert rest == len(text), f"stray bracket at {rest}"
    return wording


def _wording(text, at):
    out, buffer = [], ""
    while at < len(text) and text[at] != "]":
        if text[at] == "\\":
            buffer += text[at + 1]
            at += 2
        elif text[at] == "[":
            if buffer:
                out.append(buffer)
                buffer = ""
            inner, at = _wording(text, at + 1)
            assert text[at : at + 2] == "]{"
            stop = text.index("}", at)
            names = text[at + 2 : stop].split(",")
            choice = (inner, [(n.rstrip("!?"), n[len(n.rstrip("!?")) :]) for n in names])
            if out and isinstance(out[-1], list):
                out[-1].append(choice)
            else:
                out.append([choice])
            at = stop + 1
        else:
            buffer += text[at]
            at += 1
    return ([*out, buffer] if buffer else out), at


def words_for(wording, viewer):
    """Every word that the negotiating view may show a viewer, as a multiset in order."""
    out = []
    for node in wording:
        if isinstance(node, str):
            out += node.split()
        else:
            for inner, holders in node:
                if any(mark != "?" or code == viewer for code, mark in holders):
                    out += words_for(inner, viewer)
    return out


def signed(wording, party):
    """The words that a party would sign, with … where it holds nothing."""
    out = []
    for node in wording:
        if isinstance(node, str):
            out += node.split()
            continue
        own = [inner for inner, holders in node if any(code == party and mark != "!" for code, mark in holders)]
        out += signed(own[0], party) if own else ["[…]"]
    return out
