-- description = "Days in stage and expected value that the deals file supplies are those its dates and amounts give."
-- class = "warning"
-- tested = "select count(*) from staging.pipeline_deals where supplied_days_in_stage is not null or supplied_expected_value is not null"
-- remedy = "Nothing here uses them: both are recomputed. A constant gap in days tells on which day the file was exported."

select
    deals.deal_id,
    'days_in_stage' as figure,
    cast(input.supplied_days_in_stage as double) as supplied,
    cast(deals.days_in_stage as double) as recomputed,
    input.supplied_days_in_stage - deals.days_in_stage as gap,
    deals._file,
    deals._line
from marts.deals
inner join staging.pipeline_deals as input
    on deals.deal_id = input.deal_id
-- what a closed deal's days count differs from system to system
where deals.is_open and input.supplied_days_in_stage <> deals.days_in_stage
union all
select
    deals.deal_id,
    'expected_value' as figure,
    cast(input.supplied_expected_value as double) as supplied,
    cast(deals.weighted_amount as double) as recomputed,
    cast(input.supplied_expected_value - deals.weighted_amount as double)
        as gap,
    deals._file,
    deals._line
from marts.deals
inner join staging.pipeline_deals as input
    on deals.deal_id = input.deal_id
where
    abs(input.supplied_expected_value - deals.weighted_amount)
    > greatest(0.01 * abs(cast(deals.weighted_amount as double)), 0.011)
