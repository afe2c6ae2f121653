"""The smallest data folder that builds: four required files, a dozen rows, round numbers."""

from pathlib import Path

# 450 spent on 30 leads: a cost per lead of 15
MARKETING = """\
date,channel,campaign,segment,geo,spend,impressions,clicks,leads,MQLs,SQLs,opportunities,closed_won,CAC,CPL,CTR,CVR_stagewise,ROI
2026-03-02,LinkedIn,Spring,SMB,EMEA,100.00,10000,100,10,5,3,2,1,100,10,0.01,0.1,
2026-03-09,LinkedIn,Spring,MM,EMEA,200.00,10000,100,10,5,3,2,1,200,20,0.01,0.1,
2026-03-16,Email,News,SMB,AMER,50.00,5000,100,5,2,1,1,0,,10,0.02,0.05,
2026-03-30,Email,News,ENT,AMER,100.00,5000,100,5,2,1,1,1,100,20,0.02,0.05,
"""

# one open deal of 10,000 (weighted 5,000), two won of 6,000 and 4,000, one lost
DEALS = """\
deal_id,account,segment,owner,stage,amount,created_at,expected_close,last_stage_change,days_in_stage,probability,expected_value,status,source_channel
D1,Alder,SMB,Ana,Negotiation,10000,2026-02-20,2026-04-30,2026-03-10,21,0.5,5000,Open,LinkedIn
D2,Birch,MM,Ana,Closed_Won,6000,2026-02-01,2026-03-15,2026-03-11,20,1,6000,Closed_Won,LinkedIn
D3,Cedar,SMB,Ben,Closed_Won,4000,2026-03-01,2026-03-31,2026-03-21,10,1,4000,Closed_Won,Email
D4,Dogwood,ENT,Ben,Closed_Lost,9000,2026-03-05,2026-04-15,2026-03-25,6,0,0,Closed_Lost,Email
"""

# two customers pay 100 and 300 a month; one has left
CUSTOMERS = """\
customer_id,account,segment,plan,start_date,mrr,new_mrr,expansion_mrr,contraction_mrr,churned_flag,churn_date,churn_reason,arpa,nrr
C1,Birch,MM,Growth,2026-03-12,300,300,0,0,false,,,300,1
C2,Cedar,SMB,Starter,2026-03-22,100,100,0,0,false,,,100,1
C3,Elm,SMB,Starter,2026-02-15,0,0,0,0,true,2026-03-20,Price,0,0
"""

BENCHMARKS = """\
benchmark_id,metric_type,category,subcategory,target_value,min_value,max_value,unit,description
B1,channel_cpl_range,LinkedIn,SMB,12,8,16,USD,Ad spend per lead
B2,win_rate_targets,SMB,SMB,0.25,0.2,0.3,ratio,Won of won and lost
"""

FILES = {
    "marketing_channels": MARKETING,
    "pipeline_deals": DEALS,
    "revenue_customers": CUSTOMERS,
    "benchmarks": BENCHMARKS,
}


def tiny_data(folder: Path, **overrides: str | None) -> Path:
    """Write the files below `folder`/data and return that folder.

    `overrides` gives a dataset another text; None leaves its file out; the name of
    an optional dataset adds it.
    """
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    for dataset, text in {**FILES, **overrides}.items():
        path = data / f"{dataset}.csv"
        if text is None:
            path.unlink(missing_ok=True)
        else:
            path.write_text(text, encoding="utf-8")
    return data
