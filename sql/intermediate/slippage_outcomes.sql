-- description = "What can become of a deal due in a period, and what came beside. One row per outcome."
-- columns.is_in_cohort = "Open when the period began and due in it: these outcomes add up to the whole"

select
    outcomes.position,
    outcomes.outcome,
    outcomes.label,
    outcomes.position <= 6 as is_in_cohort
from (
    values
    (1, 'won', 'Won'),
    (2, 'lost', 'Lost'),
    (3, 'slipped', 'Slipped'),
    (4, 'pulled_earlier', 'Pulled earlier'),
    (5, 'removed', 'Removed'),
    (6, 'still_due', 'Open and still due'),
    (7, 'pulled_in', 'Pulled in'),
    (8, 'created', 'Created')
) as outcomes (position, outcome, label)
