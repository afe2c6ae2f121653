-- description = "No subscription period begins after the as-of date. One row per period that does; it counts from its start on."
-- class = "warning"
-- tested = "staging.subscriptions"
-- needs = "subscriptions"
-- remedy = "Signed but not started periods are no MRR yet; if the as-of date is too early, give --as-of."
select
    subscriptions.subscription_id,
    subscriptions.customer_id,
    subscriptions.start_date,
    subscriptions.mrr as gap,
    subscriptions._file,
    subscriptions._line
from staging.subscriptions as subscriptions
cross join meta.build as build
where subscriptions.start_date > build.as_of
