-- description = "Rows of the input files behind restated values, with file and line before and now, the newest build first. One row per build and row that was added, removed or changed."
-- columns.is_of_this_build = "Read otherwise by this very build; otherwise by one before it"

select
    changed.build_now = build.load_id as is_of_this_build,
    changed.dataset,
    changed.change,
    changed.row_key,
    changed.what_changed,
    changed.affects_from,
    changed.file_before,
    changed.line_before,
    changed.file_now,
    changed.line_now,
    changed.domains,
    changed.rows_in_all,
    changed.build_before,
    changed.build_now
from meta.restated_rows as changed
cross join meta.build
order by
    changed.build_now desc,
    changed.affects_from,
    changed.dataset,
    changed.row_key
