-- description = "Why amount = volume x rate x price moved between two windows, as leads x conversion x ASP: each factor's share after Shapley, the mean over all orders in which the factors could have changed; the shares add up to the change with nothing left. One row per slice."
-- columns.rate_before = "Cases divided by volume before; where there was no volume, the rate now"
-- columns.price_before = "Amount divided by cases before; where there were no cases, the price now"
-- columns.rate_now = "Cases divided by volume now; where there is no volume, the rate before"
-- columns.price_now = "Amount divided by cases now; where there are no cases, the price before"
-- columns.by_volume = "What more or less volume did"
-- columns.by_rate = "What a higher or lower share of cases did"
-- columns.by_price = "What more or less per case did"
-- columns.contribution = "by_volume + by_rate + by_price"
create or replace macro reports.chain_drivers(parts) as table
with given as (
    select
        unnest(
            cast(
                parts as struct(
                    slice varchar,
                    volume_before double, cases_before double,
                    amount_before double, volume_now double,
                    cases_now double, amount_now double
                )[]
            ),
            recursive := true
        )
),

-- a factor that a window cannot show has not moved: nothing of it was sold
factors as (
    select
        given.*,
        given.cases_before / nullif(given.volume_before, 0) as rate_0,
        given.cases_now / nullif(given.volume_now, 0) as rate_1,
        given.amount_before / nullif(given.cases_before, 0) as price_0,
        given.amount_now / nullif(given.cases_now, 0) as price_1
    from given
),

filled as (
    select
        factors.*,
        factors.volume_before as v0,
        factors.volume_now as v1,
        coalesce(factors.rate_0, factors.rate_1, 0) as r0,
        coalesce(factors.rate_1, factors.rate_0, 0) as r1,
        coalesce(factors.price_0, factors.price_1, 0) as p0,
        coalesce(factors.price_1, factors.price_0, 0) as p1
    from factors
)

select
    filled.slice,
    filled.volume_before,
    filled.volume_now,
    filled.r0 as rate_before,
    filled.r1 as rate_now,
    filled.p0 as price_before,
    filled.p1 as price_now,
    filled.amount_before,
    filled.amount_now,
    (filled.v1 - filled.v0) * (
        2 * filled.r0 * filled.p0 + filled.r0 * filled.p1
        + filled.r1 * filled.p0 + 2 * filled.r1 * filled.p1
    ) / 6 as by_volume,
    (filled.r1 - filled.r0) * (
        2 * filled.v0 * filled.p0 + filled.v0 * filled.p1
        + filled.v1 * filled.p0 + 2 * filled.v1 * filled.p1
    ) / 6 as by_rate,
    (filled.p1 - filled.p0) * (
        2 * filled.v0 * filled.r0 + filled.v0 * filled.r1
        + filled.v1 * filled.r0 + 2 * filled.v1 * filled.r1
    ) / 6 as by_price,
    by_volume + by_rate + by_price as contribution
from filled
order by filled.slice
