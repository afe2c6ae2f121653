-- description = "Every target names a metric of the catalogue, and an owner and segment that deals have."
-- class = "warning"
-- tested = "staging.targets"
-- needs = "targets"
-- remedy = "Name the metric as in meta.metrics, and owner and segment as the deals file does."

with owners as (
    select distinct deals.owner
    from marts.deals
),

metrics as (
    select distinct catalogue.metric
    from meta.metrics as catalogue
)

select
    targets.metric,
    targets.period_start,
    targets.segment,
    targets.owner,
    targets._file,
    targets._line
from staging.targets
left join metrics
    on targets.metric = metrics.metric
left join owners
    on targets.owner = owners.owner
left join meta.members as segments
    on targets.segment = segments.member and segments.kind = 'segment'
where
    metrics.metric is null
    or (targets.owner <> 'all' and owners.owner is null)
    or (targets.segment <> 'all' and segments.member is null)
