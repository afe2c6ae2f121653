-- description = "The buckets of the pipeline waterfall in reading order. One row per bucket."
-- columns.label = "Name of the bucket for people"
select
    buckets.position,
    buckets.bucket,
    buckets.label
from (
    values
    (1, 'opening', 'Opening'),
    (2, 'created', 'Created'),
    (3, 'pulled_in', 'Pulled in'),
    (4, 'transferred_in', 'Transferred in'),
    (5, 'reopened', 'Reopened'),
    (6, 'increase', 'Increase'),
    (7, 'decrease', 'Decrease'),
    (8, 'won', 'Won'),
    (9, 'lost', 'Lost'),
    (10, 'pushed_out', 'Pushed out'),
    (11, 'pulled_earlier', 'Pulled earlier'),
    (12, 'transferred_out', 'Transferred out'),
    (13, 'removed', 'Removed'),
    (14, 'closing', 'Closing')
) as buckets (position, bucket, label)
order by buckets.position
