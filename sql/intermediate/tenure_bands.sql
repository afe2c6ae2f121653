-- description = "Bands of how long a customer has been one. One row per band."
-- columns.tenure_band = "How long a customer had been one, in whole months"
-- columns.from_months = "Fewest months of the band"
-- columns.to_months = "Most months of the band"
select
    bands.tenure_band,
    bands.from_months,
    bands.to_months
from (
    values
    ('up to 3 months', 0, 3),
    ('4 to 12 months', 4, 12),
    ('13 to 24 months', 13, 24),
    ('over 24 months', 25, 9999)
) as bands (tenure_band, from_months, to_months)
