-- description = "What each metric would be under the choices that a policy leaves. One row per policy, choice and metric."
-- columns.policy = "Name of the policy in revops.toml"
-- columns.decides = "What the policy decides"
-- columns.choice = "A value that the policy could have"
-- columns.is_in_force = "The value that every other number here follows"
-- columns.period_start = "First day of the period, where the policy cuts time into periods; empty: all of the data"
-- columns.period_end = "First day after the period"
-- columns.difference = "Value less the value in force"
-- columns.reason = "Why there is no value"

with answered as (
    select
        policies.description as decides,
        answers.*,
        answers.choice = policies.value as is_in_force,
        max(answers.value) filter (answers.choice = policies.value) over (
            partition by answers.policy, answers.domain, answers.metric
        ) as value_in_force
    from meta.policy_values as answers
    inner join meta.policy as policies
        on answers.policy = policies.key
)

select
    answered.policy,
    answered.decides,
    answered.choice,
    answered.is_in_force,
    answered.domain,
    answered.metric,
    catalogue.label,
    catalogue.unit,
    answered.period_start,
    answered.period_end,
    answered.value,
    answered.value - answered.value_in_force as difference,
    case
        when answered.value is not null then null
        when
            answered.choice = 'won_over_decided'
            and not coverage.has_loss_reasons
            then 'pipeline_deals.csv has no loss_reason'
        when answered.domain = 'finance' and not accounts.is_present
            then 'needs finance.csv'
        when
            answered.domain in ('revenue', 'finance')
            and build.mrr_source = 'one_snapshot'
            then 'from one snapshot, what customers paid before is unknown'
        when catalogue.time_window = 'last_12_months'
            then 'nobody paid 12 months before the last complete month'
        when
            answered.policy in ('fiscal_year_start_month', 'week_start')
            and answered.period_start is null
            then 'no period is complete yet'
        else 'nothing to work it out from'
    end as reason
from answered
inner join meta.metrics as catalogue
    on
        answered.domain = catalogue.domain
        and answered.metric = catalogue.metric
cross join intermediate.coverage
cross join meta.build
left join meta.loads as accounts
    on accounts.dataset = 'finance'
order by
    answered.policy, answered.domain, catalogue.position,
    answered.is_in_force desc, answered.choice
