-- description = "Customers as the billing export states them today, cleaned. One row per customer."
-- columns.segment = "Customer segment; 'unknown' when the file leaves it empty"
-- columns.region = "Sales region (geo); 'unknown' when the file leaves it empty or lacks the column"
-- columns.plan = "Subscription plan; 'unknown' when the file leaves it empty"
-- columns.is_flagged_churned = "The file says that the customer has churned"
-- columns.supplied_mrr = "Monthly recurring revenue as the customer file states it"
-- columns.supplied_new_mrr = "New MRR as the customer file states it"
-- columns.supplied_expansion_mrr = "Expansion MRR as the customer file states it"
-- columns.supplied_contraction_mrr = "Contraction MRR as the customer file states it"
-- columns.supplied_arpa = "Average revenue per account as the customer file states it: checked, never used"
-- columns.supplied_nrr = "Net revenue retention as the customer file states it: checked, never used"
with source as (
    select * from raw.revenue_customers
),

renamed as (
    select
        source.customer_id,
        source.account,
        coalesce(source.segment, 'unknown') as segment,
        coalesce(source.geo, 'unknown') as region,
        coalesce(source.plan, 'unknown') as plan,
        source.start_date,
        coalesce(source.churned_flag, false) as is_flagged_churned,
        source.churn_date,
        source.churn_reason,
        source.mrr as supplied_mrr,
        source.new_mrr as supplied_new_mrr,
        source.expansion_mrr as supplied_expansion_mrr,
        source.contraction_mrr as supplied_contraction_mrr,
        source.arpa as supplied_arpa,
        source.nrr as supplied_nrr,
        source._file,
        source._line,
        source._load_id
    from source
)

select * from renamed
