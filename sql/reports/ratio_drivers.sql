-- description = "Why a ratio of two sums moved between two windows: for each slice what its weight (mix) and its own ratio (rate) did; the contributions add up to the change with nothing left. One row per slice."
-- columns.weight_before = "The slice's share of the denominators before"
-- columns.weight_now = "The slice's share of the denominators now"
-- columns.ratio_before = "The slice's own ratio before; empty without a denominator"
-- columns.ratio_now = "The slice's own ratio now; empty without a denominator"
-- columns.mix = "What the change of weights did: (w1 - w0) * ((r0 + r1) / 2 - (R0 + R1) / 2)"
-- columns.rate = "What the change of the slice's own ratio did: (r1 - r0) * (w0 + w1) / 2"
-- columns.unmatched = "What a numerator without any denominator did, such as spend that brought no lead"
-- columns.contribution = "mix + rate + unmatched"
create or replace macro reports.ratio_drivers(parts) as table
with given as (
    select
        unnest(
            cast(
                parts as struct(
                    slice varchar,
                    numerator_before double, denominator_before double,
                    numerator_now double, denominator_now double
                )[]
            ),
            recursive := true
        )
),

-- what is not there adds nothing, as it adds nothing to the total
known as (
    select
        given.slice,
        coalesce(given.numerator_before, 0) as numerator_before,
        coalesce(given.denominator_before, 0) as denominator_before,
        coalesce(given.numerator_now, 0) as numerator_now,
        coalesce(given.denominator_now, 0) as denominator_now,
        nullif(sum(coalesce(given.denominator_before, 0)) over (), 0)
            as all_before,
        nullif(sum(coalesce(given.denominator_now, 0)) over (), 0) as all_now
    from given
),

shares as (
    select
        known.*,
        known.denominator_before / known.all_before as weight_before,
        known.denominator_now / known.all_now as weight_now,
        known.numerator_before / nullif(known.denominator_before, 0)
            as ratio_before,
        known.numerator_now / nullif(known.denominator_now, 0) as ratio_now,
        (
            sum(known.numerator_before) over () / known.all_before
            + sum(known.numerator_now) over () / known.all_now
        ) / 2 as middle
    from known
),

-- a slice without a denominator in one window has no ratio there that could
-- have moved: its own of the other window stands for it, and all is mix
compared as (
    select
        shares.*,
        coalesce(shares.ratio_before, shares.ratio_now, 0) as r0,
        coalesce(shares.ratio_now, shares.ratio_before, 0) as r1,
        case when shares.denominator_before = 0
            then shares.numerator_before / shares.all_before else 0 end as u0,
        case when shares.denominator_now = 0
            then shares.numerator_now / shares.all_now else 0 end as u1
    from shares
)

select
    compared.slice,
    compared.numerator_before,
    compared.denominator_before,
    compared.numerator_now,
    compared.denominator_now,
    compared.weight_before,
    compared.weight_now,
    compared.ratio_before,
    compared.ratio_now,
    (compared.weight_now - compared.weight_before)
    * ((compared.r0 + compared.r1) / 2 - compared.middle) as mix,
    (compared.r1 - compared.r0)
    * (compared.weight_before + compared.weight_now) / 2 as rate,
    compared.u1 - compared.u0 as unmatched,
    mix + rate + unmatched as contribution
from compared
order by compared.slice
