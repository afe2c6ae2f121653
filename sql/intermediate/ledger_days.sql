-- description = "Which statements about a day count, as known at each as-of date on which something became known. One row per such date, day and origin that counts."
-- columns.version = "As-of date up to which builds are heard; the newest is what is known now"
-- columns.next_full_day = "The next day of which every deal is listed: a deal without a row by then is gone"

with versions as (
    select distinct history.known_as_of as version
    from meta.history
    where history.subject = 'deals' and history.is_heard
),

newest as (
    select
        versions.version,
        history.as_of,
        history.origin,
        history.known_at,
        history.is_snapshot,
        history.rows
    from versions
    inner join meta.history
        on versions.version >= history.known_as_of
    where history.subject = 'deals' and history.is_heard
    qualify
        row_number() over (
            partition by versions.version, history.origin, history.as_of
            order by history.known_at desc
        ) = 1
),

-- what was said later about a day counts; at once, the day's own export does
rivals as (
    select
        newest.*,
        max(case when newest.origin = 'export' then newest.known_at end)
            over the_day as export_known_at,
        max(
            case
                when
                    newest.origin = 'back-fill'
                    and newest.rows > 0
                    and newest.is_snapshot
                    then newest.known_at
            end
        ) over the_day as full_back_fill_known_at
    from newest
    window the_day as (partition by newest.version, newest.as_of)
),

counting as (
    select
        rivals.version,
        rivals.as_of,
        rivals.origin,
        rivals.known_at,
        rivals.is_snapshot
    from rivals
    where
        case rivals.origin
            when 'export'
                then
                    coalesce(rivals.full_back_fill_known_at, 0)
                    <= rivals.known_at
            else
                rivals.rows > 0
                and rivals.known_at > coalesce(rivals.export_known_at, 0)
        end
)

select
    counting.version,
    counting.as_of,
    counting.origin,
    counting.known_at,
    min(case when counting.is_snapshot then counting.as_of end) over (
        partition by counting.version
        order by counting.as_of, counting.origin desc
        rows between 1 following and unbounded following
    ) as next_full_day
from counting
