-- description = "What the rules say of this build, over all data: the finding, the number it rests on, and the SQL that gives it. One row per question asked, the most pressing first."

select
    insights.category,
    insights.severity,
    insights.status,
    insights.headline,
    insights.why,
    insights.actions,
    insights.confidence,
    insights.metric,
    insights.label,
    insights.value,
    insights.unit,
    insights.baseline,
    insights.baseline_label,
    insights.n,
    insights.interval_low,
    insights.interval_high,
    insights.p_value,
    insights.adjusted_p,
    insights.effect,
    insights.effect_low,
    insights.effect_high,
    insights.effect_is_relative,
    insights.impact_per_month,
    insights.drivers,
    insights.evidence,
    insights.rule,
    insights.scope,
    insights.sql
from meta.insights
order by insights.position
