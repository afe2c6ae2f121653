-- description = "Changes of MRR and of paying customers by day; their sum up to a day is the stock on that day. One row per day, segment, plan, region and channel with a change."
-- columns.date = "Day on which the change takes effect"
-- columns.mrr_change = "MRR that begins minus MRR that ends"
-- columns.customers_change = "Customers that begin minus customers that end"
with states as (
    select
        states.*,
        case when states.is_customer then 1 else 0 end as customers
    from intermediate.customer_states as states
),

-- a state adds its MRR on its first day and takes it back on the next one's
changes as (
    select
        states.valid_from as date,
        states.segment,
        states.plan,
        states.region,
        states.channel,
        states.mrr,
        states.customers
    from states
    union all
    select
        states.valid_to as date,
        states.segment,
        states.plan,
        states.region,
        states.channel,
        -states.mrr as mrr,
        -states.customers as customers
    from states
    where states.valid_to < date '9999-12-31'
)

select
    changes.date,
    changes.segment,
    changes.plan,
    changes.region,
    changes.channel,
    sum(changes.mrr) as mrr_change,
    cast(sum(changes.customers) as bigint) as customers_change
from changes
group by
    changes.date,
    changes.segment,
    changes.plan,
    changes.region,
    changes.channel
having sum(changes.mrr) <> 0 or sum(changes.customers) <> 0
