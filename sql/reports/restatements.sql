-- description = "Values of closed months that a build changed, the newest build first. One row per build, metric, segment and month."
-- columns.is_of_this_build = "Changed by this very build; otherwise by one before it"
-- columns.difference = "Value now less value before; empty when one of them is not known"

select
    restated.build_now = build.load_id as is_of_this_build,
    restated.domain,
    restated.metric,
    catalogue.label,
    catalogue.unit,
    catalogue.role,
    restated.segment,
    restated.month,
    restated.value_before,
    restated.value_now,
    restated.value_now - restated.value_before as difference,
    restated.build_before,
    restated.build_now,
    restated.as_of_before,
    restated.as_of_now,
    restated.also_changed
from meta.restatements as restated
cross join meta.build
left join meta.metrics as catalogue
    on
        restated.domain = catalogue.domain
        and restated.metric = catalogue.metric
order by
    restated.build_now desc,
    catalogue.role,
    restated.month,
    restated.domain,
    catalogue.position,
    restated.segment nulls first
