-- description = "Ad spend and period counts as supplied, renamed and labelled. One row per day, channel, campaign, segment and region."
-- columns.region = "Region (geo); 'unknown' where the file leaves it empty"
-- columns.campaign = "Campaign; 'unknown' where the file leaves it empty"
-- columns.mqls = "Marketing qualified leads counted on the day"
-- columns.sqls = "Sales qualified leads counted on the day"
-- columns.supplied_cac = "The file's own CAC: compared, never used"
-- columns.supplied_cpl = "The file's own cost per lead: compared, never used"
-- columns.supplied_ctr = "The file's own click-through rate: compared, never used"
-- columns.supplied_cvr_stagewise = "The file's own stage conversion: no single rule is known for it"
-- columns.supplied_roi = "The file's own ROI, in the file's own scale (often percent)"

with source as (
    select * from raw.marketing_channels
),

renamed as (
    select
        source.date,
        coalesce(source.channel, 'unknown') as channel,
        coalesce(source.campaign, 'unknown') as campaign,
        coalesce(source.segment, 'unknown') as segment,
        coalesce(source.geo, 'unknown') as region,
        source.spend,
        source.impressions,
        source.clicks,
        source.leads,
        source."MQLs" as mqls,
        source."SQLs" as sqls,
        source.opportunities,
        source.closed_won,
        source."CAC" as supplied_cac,
        source."CPL" as supplied_cpl,
        source."CTR" as supplied_ctr,
        source."CVR_stagewise" as supplied_cvr_stagewise,
        source."ROI" as supplied_roi,
        source._file,
        source._line,
        source._load_id,
        source._flags
    from source
)

select * from renamed
