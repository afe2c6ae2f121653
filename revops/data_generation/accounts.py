"""The companies behind the deals: most have several deals, each has one name."""

from __future__ import annotations

import numpy as np

SHARE_OF_NEW_ACCOUNTS = 0.68

FIRST_WORDS = """
Alder Amber Apex Arbor Argent Aspen Atlas Aurora Azure Beacon Birch Blue Boreal Bright Brook
Cairn Canyon Cedar Chalk Cinder Clear Cliff Cobalt Copper Coral Crest Crimson Crown Crystal
Cypress Dawn Delta Drift Dune Eagle Echo Elm Ember Fable Falcon Fern Field Fjord Flint Forge
Fox Frost Gale Garnet Glacier Golden Granite Grove Harbor Hazel Helix Heron High Hollow
Indigo Iron Ivory Jade Juniper Keystone Lantern Laurel Ledge Linden Lotus Lumen Lunar Maple
Marble Meadow Mesa Mint Moss Nimbus North Oak Onyx Opal Orchard Osprey Pearl Pine Prairie
Quartz Raven Ridge River Sable Sage Silver Solar Spruce
"""
SECOND_WORDS = """
Analytics Apparel Aviation Bank Bio Brands Capital Cargo Care Chemicals Clinics Cloud Coffee
Dental Design Digital Dynamics Energy Engines Events Farms Finance Fitness Foods Games Goods
Health Homes Hotels Insurance Labs Legal Logistics Marine Markets Media Metals Mobility
Motors Networks Optics Paper Pharma Power Print Rail Retail Robotics Security Software
Systems Travel Works
"""


def account_names(count: int) -> np.ndarray:
    """`count` distinct company names; beyond the 5,141 word pairs they are numbered."""
    first_words, second_words = np.array(FIRST_WORDS.split()), np.array(SECOND_WORDS.split())
    index = np.arange(count)
    first = index % len(first_words)
    second = (7 * index + index // len(first_words)) % len(second_words)
    names = np.char.add(np.char.add(first_words[first], " "), second_words[second])
    rounds = index // (len(first_words) * len(second_words))
    numbered = np.char.add(np.char.add(names, " "), (rounds + 1).astype(str))
    return np.where(rounds > 0, numbered, names)


def assign_accounts(group: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Give each deal, in order of creation, a new account or an earlier one of its group.

    `group` is a number per deal (segment and region: an account keeps both).
    Returns account numbers in order of first appearance.
    """
    count = len(group)
    is_new = chance.random(count) < SHARE_OF_NEW_ACCOUNTS
    pick = chance.random(count)
    founder = np.empty(count, dtype=np.int64)
    for member in range(int(group.max(initial=-1)) + 1):
        rows = np.flatnonzero(group == member)
        if len(rows) == 0:
            continue
        new = is_new[rows]
        new[0] = True
        founders = rows[new]
        known = np.cumsum(new)
        founder[rows] = np.where(new, rows, founders[(pick[rows] * known).astype(np.int64)])
    return np.unique(founder, return_inverse=True)[1]
