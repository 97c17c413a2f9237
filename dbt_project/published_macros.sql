-- Run once in the published file, beside the tables: the contributions behind one year's value (or its part so far).
-- A stock: all up to the end; a flow: those inside the year; a ratio: those of its numerator. Statutory view; a zone, which
-- only the management view has, in that one. Parameters are named unlike any column, which
-- DuckDB would otherwise take them for; tables are unqualified, because a file's name is its catalog's name.
create or replace macro evidence(of_indicator, in_region, at_year_end) as table
select
  c.record_type,
  c.record_id,
  c.region_code,
  c.effective_date,
  c.delta,
  c.amount,
  c.source_path,
  c.source_row,
  c.source_file_sha256,
  c.delivered_on
from dim_indicator as i
left join dim_indicator as n on i.numerator_id = n.indicator_id
inner join fct_contribution as c on coalesce(n.indicator_id, i.indicator_id) = c.indicator_id
inner join dim_region as r on c.region_code = r.region_code and c.region_view = r.region_view
where
  i.indicator_id = of_indicator
  and (r.region_code = in_region or r.city_code = in_region)
  and c.region_view = (select max(d.region_view) from dim_region as d where d.region_code = in_region)
  and c.effective_date <= cast(at_year_end as date)
  and (
    coalesce(n.kind, i.kind) = 'stock'
    or extract(year from c.effective_date) = extract(year from cast(at_year_end as date))
  );
