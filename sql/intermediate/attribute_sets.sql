-- description = "Where customers have stood, numbered: the same few texts would stand in millions of customer months. One row per combination of segment, plan, region and channel."
-- columns.attribute_set = "Number of the combination, in alphabetical order; another build may number otherwise"
select
    distinct_sets.segment,
    distinct_sets.plan,
    distinct_sets.region,
    distinct_sets.channel,
    cast(
        row_number() over (
            order by
                distinct_sets.segment,
                distinct_sets.plan,
                distinct_sets.region,
                distinct_sets.channel
        ) as integer
    ) as attribute_set
from (
    select distinct
        states.segment,
        states.plan,
        states.region,
        states.channel
    from intermediate.customer_states as states
) as distinct_sets
