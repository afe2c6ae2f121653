-- description = "The policies that decide who counts as a customer and what counts as kept. One row."
-- columns.trials_are_customers = "A running period at MRR 0 makes a customer"
-- columns.joined_and_left_count = "A customer who joins and leaves between two month ends counts as lost"
-- columns.reactivated_count_as_kept = "A customer who left and came back within the 12 months counts in NRR and GRR"
select
    bool_or(
        policy.key = 'trials_are_customers' and policy.value = 'true'
    ) as trials_are_customers,
    bool_or(
        policy.key = 'logos_joined_and_left_count' and policy.value = 'true'
    ) as joined_and_left_count,
    bool_or(
        policy.key = 'nrr_includes_reactivated' and policy.value = 'true'
    ) as reactivated_count_as_kept
from meta.policy as policy
