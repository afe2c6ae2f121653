-- description = "Why a sum moved between two windows: what each slice added or took away. One row per slice."
-- columns.value_before = "The slice's sum before; 0 where it was not there"
-- columns.value_now = "The slice's sum now; 0 where it is not there"
-- columns.contribution = "The sum now less the sum before"
create or replace macro reports.sum_drivers(parts) as table
with given as (
    select
        unnest(
            cast(
                parts as struct(
                    slice varchar, value_before double, value_now double
                )[]
            ),
            recursive := true
        )
)

select
    given.slice,
    coalesce(given.value_before, 0) as value_before,
    coalesce(given.value_now, 0) as value_now,
    coalesce(given.value_now, 0) - coalesce(given.value_before, 0)
        as contribution
from given
order by given.slice
