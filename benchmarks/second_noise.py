"""A second, differently written noise model, for final figures only.

The linkage was designed while reading errors of `goodoffices.synth`; figures on that generator flatter it. This one
shares with it only who the persons are (stock of names and places, brothers, namesakes). It was written without sight
of how records are linked, and is never to be tuned against. What differs:

- Errors cluster: lists are written in batches by clerks of unequal care; a clerk's habits hold for his batch.
- Ways a list comes to be: *typed* (keyboard neighbours), *scanned* (OCR confusions), *heard* (a guard writes down what
  he hears: devoiced ends, а for unstressed о, short patronymics, diminutives), *pasted* through a spreadsheet (day and
  month by the American reading, the other date system, lost leading zeros, cells cut off or shifted).
- Ages instead of birth dates; surname and initials in one cell; patronymic within the given name; names cut at a width.
- Latin by eight other manners, some not letter by letter: established English forms of given names, French, Italian,
  Czech, machine-readable, GOST 7.79 B, a typist without diacritics, a hard-of-hearing drawl.

Run: python benchmarks/second_noise.py [--persons N] [--seeds 11,12]: scores stock Splink on it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
from dataclasses import dataclass

import numpy as np
import polars as pl

from goodoffices.domain.tables import RECORDS
from goodoffices.synth.given import given_names
from goodoffices.synth.people import TwoLists
from goodoffices.synth.places import places
from goodoffices.synth.population import RANKS, Kin, Population, draw
from goodoffices.synth.surnames import surnames

ON = dt.date(2025, 9, 1)
EPOCH = dt.date(1970, 1, 1)
WAYS = ("typed", "scanned", "heard", "pasted")
NAMES = ("surname", "given_name", "patronymic", "birth_place")
ROW_OF_KEYS = {
    "cyrillic": ("йцукенгшщзхї", "фывапролджэ", "ячсмитьбю", "фівапролджє"),
    "latin": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
}
SEEN_AS = {
    "cyrillic": "и/н н/и п/л л/п ш/щ щ/ш ц/ч е/с с/е о/а а/о б/6 з/3 о/0 ь/б г/т т/г ы/ьі ю/ло м/н в/б й/и ё/е ї/і і/ї",
    "latin": "rn/m m/rn l/1 i/l o/0 u/ii v/y y/v h/b b/h c/e e/c n/h t/f vv/w cl/d s/5 z/2",
}
DIMINUTIVES = {
    "олександр александр": "саша", "сергій сергей": "серёжа", "володимир владимир": "вова",
    "олексій алексей": "лёша",
    "микола николай": "коля", "дмитро дмитрий": "дима", "віктор виктор": "витя", "василь василий": "вася",
    "євген євгеній евгений": "женя", "михайло михаил": "миша", "юрій юрий": "юра", "роман": "рома",
    "анатолій анатолий": "толя",
    "станіслав станислав": "стас", "павло павел": "паша", "костянтин константин": "костя", "олена елена": "лена",
    "тетяна татьяна": "таня", "наталія наталья": "наташа", "катерина екатерина": "катя", "марія мария": "маша",
}  # fmt: skip
SHORT = {name: short for names, short in DIMINUTIVES.items() for name in names.split()}
ENGLISH = {
    "александр": "Alexander", "алексей": "Alexei", "андрей": "Andrew", "дмитрий": "Dmitri", "евгений": "Eugene",
    "иван": "Ivan", "максим": "Maxim", "михаил": "Michael", "николай": "Nicholas", "павел": "Paul", "пётр": "Peter",
    "сергей": "Sergei", "юрий": "Yuri", "василий": "Vassily", "виктор": "Victor", "григорий": "Gregory",
    "антон": "Anthony", "екатерина": "Catherine", "елена": "Helen", "наталья": "Natalie", "юлия": "Julia",
    "мария": "Mary",
}  # fmt: skip


def letters_of(text: str) -> dict[str, str]:
    """Read `г=g ь=`: Latin for each Cyrillic letter."""
    return {pair[0]: pair[2:] for pair in text.split()}


BASE = letters_of(
    "а=a б=b в=v г=g ґ=g д=d е=e є=ye ж=zh з=z и=i і=i ї=yi й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f "
    "х=kh ц=ts ч=ch ш=sh щ=shch ь= ы=y э=e ё=e ъ= ю=yu я=ya '="
)
# language the manner starts from (own: that of the person's papers), letters that differ, patterns after
MANNERS = {
    "english": ("ru", "", ((r"iy\b", "y"), (r"ks", "x"))),
    "french": (
        "ru",
        "ж=j у=ou х=kh ц=ts ч=tch ш=ch щ=chtch ю=iou я=ia",
        ((r"in\b", "ine"), (r"(?<=[aeiou])s(?=[aeiou])", "ss")),
    ),
    "italian": ("own", "ж=z к=c х=h ч=c ш=sc щ=sc й=i ю=iu я=ia є=ie", ((r"c(?=[ei])", "ch"),)),
    "czech": ("uk", "в=v г=h и=y ж=z х=ch ц=c ч=c ш=s щ=sc й=j ю=ju я=ja є=je ї=ji", ()),
    "machine": ("uk", "г=h и=y й=i ї=i є=ie ж=zh щ=shch ю=iu я=ia", ()),
    "gost": ("own", "й=j х=x ц=cz щ=shh ы=y ё=yo э=e є=ye", ()),
    "drawl": ("own", "п=b г=gh е=i о=u э=i ё=yu", ((r"v", "f"), (r"(.)\1", r"\1"))),
    "typist": ("uk", "г=h и=y ю=u я=a х=h ц=c ч=c ш=s щ=sc ж=z й=i є=e ї=i", ()),
}
MANNER_SHARES = (0.2, 0.09, 0.07, 0.08, 0.3, 0.12, 0.05, 0.09)


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who writes a batch: his way, his carelessness (0 to 1), his Latin manner."""

    way: str
    careless: float
    manner: str


def neighbour(letter: str, keys: str, rng: np.random.Generator) -> str:
    """Give a key beside this one."""
    for row in ROW_OF_KEYS[keys]:
        at = row.find(letter)
        if at >= 0:
            return row[min(max(at + int(rng.choice([-1, 1])), 0), len(row) - 1)]
    return letter


def typed(word: str, keys: str, rng: np.random.Generator) -> str:
    """Hit a neighbouring key, instead of one, or together with it."""
    at = int(rng.integers(len(word)))
    wrong = neighbour(word[at], keys, rng)
    return word[:at] + (wrong if rng.random() < 0.6 else word[at] + wrong) + word[at + 1 :]


def scanned(word: str, keys: str, rng: np.random.Generator) -> str:
    """Take one or two shapes for others."""
    for _ in range(1 + int(rng.random() < 0.3)):
        fitting = [pair.split("/") for pair in SEEN_AS[keys].split() if pair.split("/")[0] in word]
        if fitting:
            shape, other = fitting[int(rng.integers(len(fitting)))]
            word = word.replace(shape, other, 1)
    return word


HEARD = {
    "cyrillic": "в$=ф г$=х д$=т б$=п е(?=[кнлт])=и нн=н сс=с зс=с тс[ьк]=ц г=х щ=ш и=ы й$= ь= о(?=..+[аеиоуіыєюя])=а",
    "latin": "v$=f kh=h g=h y$=i shch=sh zh=j ts=s o(?=..+[aeiou])=a",
}


def heard(word: str, keys: str, rng: np.random.Generator) -> str:
    """Write what the ear takes for it."""
    fitting = [rule for rule in HEARD[keys].split() if re.search(rule.rpartition("=")[0], word)]
    if fitting:
        pattern, _, other = fitting[int(rng.integers(len(fitting)))].rpartition("=")
        word = re.sub(pattern, other, word, count=1)
    return word


def pasted(word: str, _keys: str, rng: np.random.Generator) -> str:
    """Lose the end of a cell, or keep a stray mark."""
    if rng.random() < 0.5 and len(word) > 5:
        return word[: int(rng.integers(4, len(word)))]
    return word + str(rng.choice([".", " -", "*", " "]))


SPOIL = {"typed": typed, "scanned": scanned, "heard": heard, "pasted": pasted}


def latin(word: str, manner: str) -> str:
    """Write a lower-case Cyrillic word in Latin letters by the manner."""
    letters = BASE | letters_of(MANNERS[manner][1])
    text = "".join(letters.get(letter, letter) for letter in word)
    for pattern, other in MANNERS[manner][2]:
        text = re.sub(pattern, other, text)
    return text


def clerks(rows: int, rng: np.random.Generator) -> list[Clerk]:
    """Give the clerk of each row; batches of 20 to 300 rows."""
    found: list[Clerk] = []
    while len(found) < rows:
        clerk = Clerk(
            str(rng.choice(WAYS, p=(0.4, 0.15, 0.2, 0.25))),
            float(rng.beta(1.1, 6.0)),
            str(rng.choice(list(MANNERS), p=MANNER_SHARES)),
        )
        found += [clerk] * int(rng.integers(20, 300))
    return found[:rows]


def told_date(day: dt.date, rng: np.random.Generator) -> str:
    """Write what is left of a date told aloud: often an age, so only a year, and that may be one off."""
    if rng.random() < 0.6:
        age = ON.year - day.year - ((ON.month, ON.day) < (day.month, day.day))
        return str(ON.year - age - int(rng.integers(0, 2)))
    return day.replace(day=min(28, max(1, day.day + int(rng.integers(-3, 4))))).isoformat()


def pasted_date(day: dt.date, rng: np.random.Generator) -> str:
    """Write what a spreadsheet leaves: month first, the other date system (1,462 days), or the month alone."""
    kind = rng.random()
    if kind < 0.6 and day.day <= 12:
        return dt.date(day.year, day.day, day.month).isoformat()
    if kind < 0.75:
        return (day + dt.timedelta(days=1462)).isoformat()
    return f"{day.year}-{day.month:02d}"


def miswritten_date(day: dt.date, way: str, rng: np.random.Generator) -> str:
    """Write one digit wrong, so that a date remains."""
    text = day.isoformat()
    at = int(rng.choice([3, 6, 8, 9]))
    for _ in range(9):
        beside = (int(text[at]) + int(rng.choice([-1, 1]))) % 10
        digit = str(rng.choice(list("38068"))) if way == "scanned" else str(beside)
        try:
            return dt.date.fromisoformat(text[:at] + digit + text[at + 1 :]).isoformat()
        except ValueError:
            continue
    return text


def birth_date(day: dt.date, clerk: Clerk, rng: np.random.Generator) -> str | None:
    """Write a birth date as the clerk would."""
    if rng.random() < 0.02 + 0.15 * clerk.careless:
        return None
    if rng.random() >= 0.03 + 0.45 * clerk.careless:
        return day.isoformat()
    if clerk.way == "heard":
        return told_date(day, rng)
    return pasted_date(day, rng) if clerk.way == "pasted" else miswritten_date(day, clerk.way, rng)


def called(words: dict[str, str], language: str, rng: np.random.Generator) -> dict[str, str]:
    """Give the names as people call one another: diminutives, short patronymics."""
    words = dict(words)
    if words["given_name"] in SHORT and rng.random() < 0.12:
        words["given_name"] = SHORT[words["given_name"]]
    if rng.random() < 0.3:
        ends = (("(йо|о)вич$", "ич"),) if language == "uk" else (("(ее|е)вич$", "еич"), ("ович$", "ыч"))
        for pattern, end in ends:
            words["patronymic"] = re.sub(pattern, end, words["patronymic"])
    return words


def shifted(fields: dict[str, str | None], clerk: Clerk, rng: np.random.Generator) -> dict[str, str | None]:
    """Put names into other cells than their own: initials beside the surname, two names in one cell, a column off."""
    if rng.random() < 0.01 + 0.1 * clerk.careless:
        initials = "".join(f"{str(fields[name])[:1].upper()}." for name in ("given_name", "patronymic"))
        return fields | {"surname": f"{fields['surname']} {initials}", "given_name": None, "patronymic": None}
    if rng.random() < 0.06 * clerk.careless:
        return fields | {"given_name": f"{fields['given_name']} {fields['patronymic']}", "patronymic": None}
    if clerk.way == "pasted" and rng.random() < 0.04 * clerk.careless:
        return fields | {
            "surname": fields["given_name"],
            "given_name": fields["patronymic"],
            "patronymic": fields["surname"],
        }
    return fields


def name_fields(words: dict[str, str], language: str, clerk: Clerk, rng: np.random.Generator) -> dict[str, str | None]:
    """Write the names and the place of one record."""
    keys = "latin" if language == "latin" else "cyrillic"
    slip = 0.02 + 0.22 * clerk.careless
    as_said = clerk.way == "heard" and keys == "cyrillic"
    fields: dict[str, str | None] = dict(called(words, language, rng) if as_said else words)
    for name in NAMES:
        if fields[name] and rng.random() < slip:
            fields[name] = SPOIL[clerk.way](str(fields[name]), keys, rng)
    fields = shifted(fields, clerk, rng)
    if rng.random() < (0.25 if keys == "latin" else 0.05) + 0.2 * clerk.careless:
        fields["patronymic"] = None
    if rng.random() < 0.25 + 0.3 * clerk.careless:
        fields["birth_place"] = None
    width = 11 if clerk.way == "pasted" and clerk.careless > 0.25 else 40
    upper = clerk.careless > 0.3
    return {
        name: word and (word[:width].upper() if upper else word[:1].upper() + word[1:width])
        for name, word in fields.items()
    }


def clean_words(persons: Population, row: int, language: str, rng: np.random.Generator) -> dict[str, str]:
    """Give one person's names and place in the language, lower case, without mistakes."""
    sex = "f" if persons.female[row] else "m"
    stock, names = surnames(), given_names()
    own = persons.papers_ru[row] == (language == "ru")
    forms = stock.translated if not own and rng.random() < 0.1 else stock.written
    married = persons.maiden[row] >= 0 and rng.random() < 0.1
    place = persons.place[row]
    former = places().former[language][place]
    spellings = {
        "given_name": names.written[language][persons.given[row]],
        "patronymic": names.patronymics[f"{language} {sex}"][persons.father[row]],
    }
    words = {name: str(forms[0 if rng.random() < 0.8 else -1]) for name, forms in spellings.items()}
    words["surname"] = str(forms[f"{language} {sex}"][persons.maiden[row] if married else persons.surname[row]])
    words["birth_place"] = str(former if former and rng.random() < 0.4 else places().written[language][place])
    return words


def record(persons: Population, row: int, script: str, clerk: Clerk, rng: np.random.Generator) -> dict[str, str | None]:
    """Write one record."""
    papers = "ru" if persons.papers_ru[row] else "uk"
    source = MANNERS[clerk.manner][0] if script == "latin" else script
    words = clean_words(persons, row, papers if source == "own" else source, rng)
    if script == "latin":
        given = words["given_name"]
        words = {name: latin(word, clerk.manner) for name, word in words.items()}
        if clerk.manner == "english":
            words["given_name"] = ENGLISH.get(given, words["given_name"]).lower()
    fields = name_fields(words, script, clerk, rng)
    number = persons.number[row] if rng.random() < 0.35 * (1 - clerk.careless) else None
    unit = f"{(int(persons.unit[row]) * 11 + 5) % 900:04d}" if rng.random() < 0.6 * (1 - clerk.careless) else None
    if clerk.way == "pasted" and rng.random() < 0.3:
        unit, number = unit and unit.lstrip("0"), number and number.replace("-", "")
    if unit and rng.random() < 0.06:
        unit = f"{int(rng.integers(900)):04d}"
    if number and rng.random() < 0.1 * clerk.careless + 0.02:
        number = scanned(number.lower(), "cyrillic", rng).upper()
    rank = RANKS[persons.rank[row]] if rng.random() < 0.8 else None
    date = birth_date(EPOCH + dt.timedelta(days=int(persons.born[row])), clerk, rng)
    return fields | {
        "sex": "f" if persons.female[row] else "m",
        "birth_date": date,
        "service_number": number,
        "unit": unit,
        "rank": rank,
    }


def one_list(persons: Population, who: np.ndarray, script: str, letter: str, rng: np.random.Generator) -> pl.DataFrame:
    """Write one side's list."""
    rows = [
        record(persons, int(row), script, clerk, rng) for row, clerk in zip(who, clerks(who.size, rng), strict=True)
    ]
    frame = pl.DataFrame(rows, schema_overrides={name: pl.String() for name in rows[0]}, infer_schema_length=None)
    return RECORDS.check(frame.with_columns(ref=pl.format(letter + "{}", pl.int_range(10_001, 10_001 + pl.len()))))


def side_lists(
    persons: int, *, seed: int, left: str = "uk", right: str = "ru", overlap: float = 0.6, duplicates: float = 0.03
) -> TwoLists:
    """Invent two sides' lists with the second noise; as `goodoffices.synth.people.side_lists`."""
    rng = np.random.default_rng([seed, 2])
    distinct = round(persons / (1 + duplicates))
    shared = round(distinct * overlap)
    everyone = draw(2 * distinct - shared, rng=rng, on=ON, kin=Kin(0.015, 0.003, 0.008, women=0.08, papers_ru=0.3))
    order = rng.permutation(len(everyone))
    frames, owners = [], []
    for people, script, letter in ((order[:distinct], left, "L"), (order[distinct - shared :], right, "R")):
        again = rng.choice(people, size=persons - people.size, replace=False)
        who = rng.permutation(np.concatenate([people, again]))
        frames.append(one_list(everyone, who, script, letter, rng))
        owners.append(pl.DataFrame({"person": who, "ref": frames[-1]["ref"]}))
    truth = owners[0].rename({"ref": "left_ref"}).join(owners[1].rename({"ref": "right_ref"}), on="person")
    return TwoLists(frames[0], frames[1], truth.select("left_ref", "right_ref").sort("left_ref", "right_ref"))


def main() -> None:
    """Score stock Splink on the second noise."""
    import stock_splink

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--seeds", default="11")
    options = parser.parse_args()
    if not stock_splink.is_there("splink"):
        return
    for seed in options.seeds.split(","):
        for left, right in (("uk", "ru"), ("uk", "latin"), ("ru", "latin")):
            lists = side_lists(options.persons, seed=int(seed), left=left, right=right)
            run = stock_splink.link(lists.left, lists.right)
            at, top = stock_splink.score(run.pairs, lists.truth, 0.99), stock_splink.best(run.pairs, lists.truth)
            print(
                f"second noise, seed {seed} {left:>5} {right:<5} stock Splink F1 at .99 {at.f1:.4f} "
                f"(P {at.precision:.4f} R {at.recall:.4f}), best {top.f1:.4f}, {run.seconds:.1f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
