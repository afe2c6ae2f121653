"""Names that read alike to the eye and differ to the machine."""

import unicodedata

_LOOKALIKE = str.maketrans(
    "аеорсухіјѕһԁвкмнтАВЕКМНОРСТУХІЈЅαοερτυνικβηζχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdbkmhtABEKMHOPCTYXIJSaoeptuvikbnzxABEZHIKMNOPTYX",
)


def fold(name: str) -> str:
    """The name as a tired eye sees it: case, spaces, underscores and look-alikes made one.

    >>> fold("Deal\\u00a0ID") == fold("deal_id")
    True
    """
    latin = unicodedata.normalize("NFKC", name).translate(_LOOKALIKE)
    return "".join(char for char in latin.casefold() if char.isalnum())


def describe_foreign_characters(name: str) -> str:
    """The characters of a name beyond plain ASCII, spelt out; empty when there is none.

    >>> describe_foreign_characters("\\u0430mount")
    "U+0430 CYRILLIC SMALL LETTER A (character 1)"
    """
    return ", ".join(
        f"U+{ord(char):04X} {unicodedata.name(char, 'control character')} (character {place})"
        for place, char in enumerate(name, start=1)
        if not " " <= char <= "~"
    )
