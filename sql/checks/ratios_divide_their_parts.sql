-- description = "A ratio of a total is its numerator divided by its denominator, never a mean of the slices' ratios."
-- class = "error"
-- tested = "select count(*) from meta.metrics where role = 'kpi' and numerator is not null"
-- remedy = "Divide the sums in the metric's line in sql/metrics, or name the right numerator and denominator in its header."

with figures as (
    select
        metric_values.domain,
        metric_values.slice,
        metric_values.is_total,
        metric_values.metric,
        metric_values.value
    from reports.metric_values("by" := 'segment') as metric_values
),

parts as (
    select
        ratios.domain,
        ratios.slice,
        ratios.metric,
        ratios.value,
        numerators.value / nullif(denominators.value, 0) as expected_value
    from meta.metrics as catalogue
    inner join figures as ratios
        on
            catalogue.domain = ratios.domain
            and catalogue.metric = ratios.metric
    inner join figures as numerators
        on
            catalogue.domain = numerators.domain
            and catalogue.numerator = numerators.metric
            and ratios.slice is not distinct from numerators.slice
            and ratios.is_total = numerators.is_total
    inner join figures as denominators
        on
            catalogue.domain = denominators.domain
            and catalogue.denominator = denominators.metric
            and ratios.slice is not distinct from denominators.slice
            and ratios.is_total = denominators.is_total
)

select
    parts.domain,
    parts.slice,
    parts.metric,
    parts.value,
    parts.expected_value,
    parts.value - parts.expected_value as gap
from parts
where
    parts.value is distinct from parts.expected_value
    and coalesce(
        abs(parts.value - parts.expected_value)
        > 1e-9 * greatest(abs(parts.value), abs(parts.expected_value)),
        true
    )
