-- One row where this release is compared with one before; none otherwise. Which two these are is not said here, so that
-- what is the same in both need not be compared anew for each release.
select true as has_previous_release from {{ ref('release_comparison') }}
