-- description = "On every day of every win curve the shares won, lost and still open are each between none and all, and add up to all. One row per cohort and day on which they do not."
-- class = "error"
-- tested = "select count(*) from reports.win_curve()"
-- remedy = "See the cohort in reports.win_curve and its deals in marts.deal_states."

with curves as (
    select 'all' as dimension, * from reports.win_curve()
    union all
    select 'segment', * from reports.win_curve("by" := 'segment')
    union all
    select 'quarter', * from reports.win_curve("by" := 'quarter')
)

select
    curves.dimension,
    curves.cohort,
    curves.day,
    curves.won_share,
    curves.lost_share,
    curves.still_open,
    curves.won_share + curves.lost_share + curves.still_open - 1 as gap
from curves
where
    not coalesce(
        abs(curves.won_share + curves.lost_share + curves.still_open - 1) < 1e-9
        and least(curves.won_share, curves.lost_share, curves.still_open)
        > -1e-9,
        false
    )
