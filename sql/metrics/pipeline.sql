-- description = "Open pipeline as of a window's end, and what was won and lost within the window. One row per slice and a total row."
-- by = ["segment", "channel", "owner", "stage", "region"]
-- open_deals = { label = "Open deals", unit = "count", window = "stock", definition = "Deals open at the window's end, at the as-of date at the latest; before it as the ledger knows them." }
-- open_pipeline = { label = "Open pipeline", unit = "money", better = "higher", window = "stock", definition = "Known amounts of open deals." }
-- weighted_pipeline = { label = "Weighted pipeline", unit = "money", better = "higher", window = "stock", definition = "Amount times probability of open deals that carry both." }
-- average_deal = { label = "Average deal", unit = "money", better = "higher", numerator = "open_pipeline", denominator = "priced_open_deals", window = "stock", definition = "Mean known amount of open deals." }
-- win_rate = { label = "Win rate", unit = "ratio", better = "higher", benchmark = "win_rate_targets", numerator = "decided_won_deals", denominator = "decided_deals", window = "flow", definition = "Won deals divided by won and lost deals, by close date. What counts as lost follows the policy win_rate." }
-- win_rate_by_amount = { label = "Win rate by amount", unit = "ratio", better = "higher", numerator = "decided_won_amount", denominator = "decided_amount", window = "flow", definition = "Won amount divided by won and lost amount, by close date. Lost deals whose amount is 0 or empty are left out and counted." }
-- won_deals = { label = "Won deals", unit = "count", better = "higher", window = "flow", definition = "Deals won in the window, by close date." }
-- lost_deals = { label = "Lost deals", unit = "count", better = "lower", window = "flow", definition = "Deals lost in the window, by close date." }
-- won_amount = { label = "Won amount", unit = "money", better = "higher", window = "flow", definition = "Known amounts of deals won in the window." }
-- sales_cycle_median_days = { label = "Sales cycle, median", unit = "days", better = "lower", benchmark = "sales_cycle_by_segment", window = "flow", definition = "Days from creation to close that half of the won deals stayed within." }
-- sales_cycle_p75_days = { label = "Sales cycle, three quarters", unit = "days", better = "lower", window = "flow", definition = "Days from creation to close that three quarters of the won deals stayed within." }
-- velocity_per_day = { label = "Velocity", unit = "money_per_day", better = "higher", numerator = "velocity_amount", denominator = "mean_cycle_days", window = "flow", definition = "Open deals times win rate times mean won amount, divided by the mean days to win. Slices do not add up to the total." }
-- stuck_deals = { label = "Stuck deals", unit = "count", better = "lower", window = "stock", definition = "Open deals past their expected close, longer in their stage than nine of ten won deals of the segment (where the deal history knows), or longer and larger than the policies stuck_days and stuck_amount allow." }
-- stuck_amount = { label = "Stuck amount", unit = "money", better = "lower", window = "stock", definition = "Known amounts of stuck deals." }
-- priced_open_deals = { label = "Open deals with an amount", unit = "count", role = "part", window = "stock", definition = "Open deals whose amount is known." }
-- closed_deals = { label = "Closed deals", unit = "count", role = "part", window = "flow", definition = "Deals won or lost in the window." }
-- decided_deals = { label = "Decided deals", unit = "count", role = "part", window = "flow", definition = "Closed deals that count in the win rate." }
-- decided_won_deals = { label = "Decided won deals", unit = "count", role = "part", window = "flow", definition = "Won deals that count in the win rate." }
-- decided_amount = { label = "Decided amount", unit = "money", role = "part", window = "flow", definition = "Amounts of won and lost deals that count in the win rate by amount." }
-- decided_won_amount = { label = "Decided won amount", unit = "money", role = "part", window = "flow", definition = "Amounts of won deals that count in the win rate by amount." }
-- win_rate_low = { label = "Win rate, lower bound", unit = "ratio", role = "part", window = "flow", definition = "Lower end of the 95 % Wilson interval of the win rate." }
-- win_rate_high = { label = "Win rate, upper bound", unit = "ratio", role = "part", window = "flow", definition = "Upper end of the 95 % Wilson interval of the win rate." }
-- mean_won_amount = { label = "Mean won amount", unit = "money", role = "part", window = "flow", definition = "Mean known amount of deals won in the window." }
-- mean_cycle_days = { label = "Mean sales cycle", unit = "days", role = "part", window = "flow", definition = "Mean days from creation to close of deals won in the window." }
-- velocity_amount = { label = "Velocity amount", unit = "money", role = "part", window = "flow", definition = "Open deals times win rate times mean won amount." }
-- closed_after_as_of_deals = { label = "Closed after the as-of date", unit = "count", role = "part", window = "flow", definition = "Closed deals in the window whose close date lies after the as-of date: they count, flagged." }

create or replace macro metrics.pipeline(since := cast(null as date), until := cast(null as date), segments := null, channels := null, regions := null, "by" := null, owners := null) as table
-- An open deal stands on the as-of date and a closed one on its close date, so one
-- window finds the stock and the flows, and each deal belongs to one period. Where a
-- period ends before the as-of date, its stock is what the ledger knows of its last day.
with stock_days as (
    select least(periods.period_end, until) - 1 as day
    from intermediate.periods
    where
        periods.grain = "by"
        and (since is null or periods.period_end > since)
        and (until is null or periods.period_start < until)
    union
    select until - 1 as day
),

past_stocks as (
    select
        stock_days.day as event_date,
        (stock_days.day is not distinct from (until - 1)) as is_at_end,
        states.segment,
        states.channel,
        states.owner,
        states.stage,
        states.region,
        1 as open_deals,
        case when states.amount is null then 0 else 1 end as priced_open_deals,
        states.amount as open_amount,
        case when states.amount is null then 1 else 0 end
            as open_pipeline_unknown_rows,
        cast(
            cast(states.amount as double) * states.probability
            as decimal(18, 6)
        ) as weighted_amount,
        case when weighted_amount is null then 1 else 0 end
            as weighted_pipeline_unknown_rows,
        -- since when a deal stood in its stage is told for today only
        1 as stuck_deals_unknown_rows,
        1 as stuck_amount_unknown_rows
    from stock_days
    inner join intermediate.coverage
        on stock_days.day < coverage.as_of
    inner join intermediate.deal_coverage as ledger
        on stock_days.day >= ledger.first_date
    inner join marts.deal_states as states
        on stock_days.day >= states.valid_from
        and stock_days.day < states.valid_to
    where states.status = 'open'
),

found as (
    select * from marts.deal_facts as facts
    where
        (since is null or facts.event_date >= since)
        and (until is null or facts.event_date < until)
    union all by name
    select * from marts.undated_deal_facts
    where since is not null or until is not null
    union all by name
    select * from past_stocks
),

kept as (
    select found.*
    from found
    cross join intermediate.coverage
    where
        (segments is null or list_contains(segments, found.segment))
        and (channels is null or list_contains(channels, found.channel))
        and (owners is null or list_contains(owners, found.owner))
        and (
            regions is null
            or not coverage.has_deal_regions
            or list_contains(regions, found.region)
        )
    union all by name
    -- every covered day: a period in which nothing closed is known to hold 0
    select periods.date as event_date
    from intermediate.periods
    inner join intermediate.coverage
        on periods.date between coverage.deals_first_date and coverage.as_of
    where
        periods.grain = "by"
        and (since is null or periods.date >= since)
        and (until is null or periods.date < until)
),

sliced as (
    select
        kept.*,
        coalesce(kept.is_at_end, true) as counts_in_total,
        periods.period_start,
        periods.period_end,
        case "by"
            when 'segment' then kept.segment
            when 'channel' then kept.channel
            when 'owner' then kept.owner
            when 'stage' then kept.stage
            when 'region' then kept.region
            else coalesce(cast(periods.period_start as varchar), 'unknown')
        end as slice
    from kept
    left join intermediate.periods
        on kept.event_date = periods.date and periods.grain = "by"
),

added as (
    select
        sliced.slice,
        grouping(sliced.slice) = 1 as is_total,
        case
            when is_total then since
            else coalesce(max(sliced.period_start), since)
        end as window_start,
        case
            when is_total then until
            else coalesce(max(sliced.period_end), until)
        end as window_end,
        -- a stock is added over the members of one day, never over days: the total
        -- takes the last day's, a period its own
        cast(coalesce(case
            when is_total
                then sum(columns([
                    'open_deals', 'priced_open_deals', 'open_pipeline_unknown_rows',
                    'weighted_pipeline_unknown_rows', 'stuck_deals_unknown_rows',
                    'stuck_amount_unknown_rows'
                ])) filter (where sliced.counts_in_total)
            else sum(columns([
                'open_deals', 'priced_open_deals', 'open_pipeline_unknown_rows',
                'weighted_pipeline_unknown_rows', 'stuck_deals_unknown_rows',
                'stuck_amount_unknown_rows'
            ]))
        end, 0) as bigint),
        case
            when is_total
                then sum(columns(['open_amount', 'weighted_amount']))
                    filter (where sliced.counts_in_total)
            else sum(columns(['open_amount', 'weighted_amount']))
        end,
        cast(coalesce(sum(columns([
            'stuck_deals', 'won_deals', 'won_deals_unknown_rows',
            'lost_deals', 'lost_deals_unknown_rows',
            'won_amount_unknown_rows', 'sales_cycle_unknown_rows',
            'decided_deals', 'decided_won_deals', 'win_rate_unknown_rows',
            'win_rate_by_amount_unknown_rows', 'closed_after_as_of_deals'
        ])), 0) as bigint),
        sum(columns([
            'stuck_amount', 'won_amount', 'decided_amount', 'decided_won_amount'
        ])),
        sum(sliced.won_amount) / nullif(sum(sliced.priced_won_deals), 0)
            as mean_won_amount,
        avg(sliced.won_cycle_days) as mean_cycle_days,
        quantile_cont(sliced.won_cycle_days, [0.5, 0.75]) as cycle_days
    from sliced
    group by grouping sets ((sliced.slice), ())
),

covered as (
    select
        added.*,
        least(added.window_end, until) as stock_end,
        -- a stock is known on the as-of date and on days of the ledger, flows
        -- since the first deal
        coalesce(added.window_start <= coverage.as_of, true)
        and (
            coalesce(stock_end > coverage.as_of, true)
            or coalesce(stock_end > ledger.first_date, false)
        ) as has_stock,
        coverage.deals_first_date is not null
        and coalesce(added.window_start <= coverage.as_of, true)
        and coalesce(added.window_end > coverage.deals_first_date, true)
            as has_flows,
        coalesce(
            added.window_start < greatest(since, coverage.deals_first_date)
            or added.window_end > least(until, coverage.deals_last_date + 1)
            -- a window without one bound is not whole where no deal is known
            or since > coverage.deals_last_date
            or until <= coverage.deals_first_date,
            false
        ) as is_partial,
        case
            when regions is null or coverage.has_deal_regions then []
            else ['regions']
        end as filters_not_applied,
        case when has_stock then added.open_deals end as known_open_deals,
        case when has_flows then 0 end as known_none,
        added.decided_won_deals / nullif(added.decided_deals, 0) as win_rate,
        known_open_deals * win_rate * added.mean_won_amount as velocity_amount,
        -- half the width of the Wilson interval, before its common divisor
        1.959964 * sqrt(added.decided_won_deals * (1 - win_rate) + 0.960365)
            as wilson_spread
    from added
    cross join intermediate.coverage
    cross join intermediate.deal_coverage as ledger
)

select
    covered.slice,
    covered.is_total,
    covered.is_partial,
    covered.filters_not_applied,
    covered.known_open_deals as open_deals,
    covered.open_amount as open_pipeline,
    covered.open_pipeline_unknown_rows,
    covered.weighted_amount as weighted_pipeline,
    covered.weighted_pipeline_unknown_rows,
    covered.open_amount / nullif(covered.priced_open_deals, 0)
        as average_deal,
    covered.win_rate,
    covered.win_rate_unknown_rows,
    covered.decided_won_amount / nullif(covered.decided_amount, 0)
        as win_rate_by_amount,
    covered.win_rate_by_amount_unknown_rows,
    -- none found is known to be none only where the deals file can speak
    coalesce(nullif(covered.won_deals, 0), covered.known_none) as won_deals,
    covered.won_deals_unknown_rows,
    coalesce(nullif(covered.lost_deals, 0), covered.known_none) as lost_deals,
    covered.lost_deals_unknown_rows,
    covered.won_amount,
    covered.won_amount_unknown_rows,
    covered.cycle_days[1] as sales_cycle_median_days,
    covered.sales_cycle_unknown_rows as sales_cycle_median_days_unknown_rows,
    covered.cycle_days[2] as sales_cycle_p75_days,
    covered.sales_cycle_unknown_rows as sales_cycle_p75_days_unknown_rows,
    covered.velocity_amount / nullif(covered.mean_cycle_days, 0)
        as velocity_per_day,
    -- nothing known of any open deal is not the same as none stuck
    case
        when covered.known_open_deals = 0 then 0
        when covered.known_open_deals > covered.stuck_deals_unknown_rows
            then covered.stuck_deals
    end as stuck_deals,
    covered.stuck_deals_unknown_rows,
    covered.stuck_amount,
    covered.stuck_amount_unknown_rows,
    case when covered.has_stock then covered.priced_open_deals end
        as priced_open_deals,
    covered.won_deals + covered.lost_deals as closed_deals,
    covered.decided_deals,
    covered.decided_won_deals,
    covered.decided_amount,
    covered.decided_won_amount,
    (covered.decided_won_deals + 1.920729 - covered.wilson_spread)
    / (covered.decided_deals + 3.841459) as win_rate_low,
    (covered.decided_won_deals + 1.920729 + covered.wilson_spread)
    / (covered.decided_deals + 3.841459) as win_rate_high,
    covered.mean_won_amount,
    covered.mean_cycle_days,
    covered.velocity_amount,
    covered.closed_after_as_of_deals
from covered
where
    case
        when "by" is null then covered.is_total
        when
            "by" in (
                'segment', 'channel', 'owner', 'stage', 'region',
                'week', 'month', 'quarter', 'year'
            ) then true
        else error(
            'metrics.pipeline: by := ' || "by" || ' is not one of segment,'
            || ' channel, owner, stage, region, week, month, quarter, year'
        )
    end
order by covered.is_total, covered.slice
