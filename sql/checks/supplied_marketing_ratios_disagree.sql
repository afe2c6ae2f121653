-- description = "Ratios that the marketing file supplies are those its own counts give, within 1 % or their rounding."
-- class = "warning"
-- tested = "select count(*) from staging.marketing_channels where coalesce(supplied_cac, supplied_cpl, supplied_ctr) is not null"
-- remedy = "Nothing here uses them; ask the source how it divides before quoting them elsewhere."

with ratios as (
    select
        marketing._file,
        marketing._line,
        'CAC' as ratio,
        marketing.supplied_cac as supplied,
        cast(marketing.spend as double) / nullif(marketing.closed_won, 0)
            as recomputed,
        0.005 as rounding
    from staging.marketing_channels as marketing
    union all
    select
        marketing._file,
        marketing._line,
        'CPL' as ratio,
        marketing.supplied_cpl,
        cast(marketing.spend as double) / nullif(marketing.leads, 0),
        0.005
    from staging.marketing_channels as marketing
    union all
    select
        marketing._file,
        marketing._line,
        'CTR' as ratio,
        marketing.supplied_ctr,
        cast(marketing.clicks as double) / nullif(marketing.impressions, 0),
        0.00005
    from staging.marketing_channels as marketing
)

select
    ratios._file,
    ratios._line,
    ratios.ratio,
    ratios.supplied,
    ratios.recomputed,
    ratios.supplied - ratios.recomputed as gap
from ratios
where
    abs(ratios.supplied - ratios.recomputed)
    > greatest(0.01 * abs(ratios.recomputed), ratios.rounding + 1e-9)
